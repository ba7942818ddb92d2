"""A Campaign Group in the hands of a case: requests that wait for their events, and a clean end."""

from collections.abc import Iterator
from contextlib import contextmanager

from cgstate.evidence import Act, Cause, Dialing, GroupConfiguration, Reply
from cgstate.generate.group import GroupChoice
from cgstate.judge.message import Message
from cgstate.specification.codes import Action
from cgstate.suite.stage import CaseEnded, Stage


class Played:
    """One group on the stage."""

    def __init__(self, stage: Stage, group: GroupConfiguration) -> None:
        """Play with the group."""
        self.stage, self.group = stage, group

    def ask(self, action: Action, dialing: Dialing | None = None, cause: Cause = Cause.CLIENT) -> Act:
        """Ask without awaiting the event; `CaseEnded` where a lawful request is not accepted."""
        if cause is Cause.CLIENT and dialing is None and action in (Action.START, Action.SET_DIALING_MODE):
            dialing = self.stage.dialing()
        act = self.stage.act(self.group, action, dialing, cause)
        if act.reply is not Reply.ACCEPTED:
            raise CaseEnded(f"{action.request} was not accepted: {act.detail}")
        return act

    def do(self, action: Action, dialing: Dialing | None = None, cause: Cause = Cause.CLIENT) -> Message | None:
        """Ask and await the event; None where none comes in time."""
        return self.stage.event(self.ask(action, dialing, cause))

    def load(self) -> Message | None:
        """Load the group."""
        return self.do(Action.LOAD)

    def start(self, dialing: Dialing | None = None) -> Message | None:
        """Start dialing."""
        return self.do(Action.START, dialing)

    def stop(self) -> Message | None:
        """Stop dialing."""
        return self.do(Action.STOP)

    def unload(self) -> Message | None:
        """Unload the group."""
        return self.do(Action.UNLOAD)

    def messages(self, count: int, seconds: float) -> bool:
        """Await that many messages more than there are now; False where they do not come in time."""
        before = len(self.stage.feed.of(self.group.key))
        found = self.stage.feed.await_group(
            self.group.key, lambda messages: len(messages) >= before + count or None, seconds
        )
        return bool(found)


@contextmanager
def playing(
    stage: Stage, case: str, choice: GroupChoice | None = None, **relatives: GroupConfiguration | None
) -> Iterator[Played]:
    """Give the case a group, and take it back whatever happens; `relatives` are those of `Groups.configured`."""
    group = stage.group(case, choice, **relatives)
    try:
        yield Played(stage, group)
    except KeyboardInterrupt:
        stage.interrupt()  # nothing is awaited any more; the end of the run unloads the group
        raise
    except BaseException:
        stage.give_back(group)
        raise
    else:
        stage.give_back(group)
