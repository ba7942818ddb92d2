"""Awaiting the event of a request: in full, until it is clear that events of its kind do not come."""

from collections.abc import Callable

from cgstate import clock
from cgstate.evidence import Act, Bounds, GroupConfiguration
from cgstate.judge.message import Message
from cgstate.judge.trace.story import Standing, Story, tell
from cgstate.judge.trace.timeline import Timeline
from cgstate.specification.codes import Action
from cgstate.suite.feed import Feed
from cgstate.suite.ledger import Ledger
from cgstate.suite.patience import GRACE, SHORT, Patience


class Events:
    """Finds in the feed what the ledger says was asked for."""

    def __init__(self, feed: Feed, ledger: Ledger, bounds: Bounds) -> None:
        """Await what comes in, within the bounds."""
        self._feed, self._ledger, self._bounds = feed, ledger, bounds
        self._patience = Patience()
        self.slowest = 0.0
        """The longest time that an event took so far, but for ends of unloads that may drain, in seconds."""

    def event(self, act: Act, within: float | None = None) -> Message | None:
        """Await the event of an accepted request for that long; None: for as long as it may take."""
        group, kind = self._ledger.groups[act.key], act.action
        if within is not None:
            return self._await(group, act, within)
        if self._need_not_come(group, act):
            return self._await(group, act, GRACE)
        if self._patience.lost(kind):
            return self._await(group, act, SHORT)
        with self._patience.waiting(kind):
            message = self._await(group, act, self._deadline(group, act), lambda: self._patience.lost(kind))
        if message is None and not self._feed.interrupted:
            self._patience.missed(kind)
            self._feed.look_again()
        return message

    def _await(
        self, group: GroupConfiguration, act: Act, seconds: float, given_up: Callable[[], bool] = lambda: False
    ) -> Message | None:
        def found(messages: tuple[Message, ...]) -> Story | None:
            story = self._story(group, messages)
            return story if act.number in story.events else None

        began = clock.now()
        story = self._feed.await_group(act.key, found, seconds, given_up)
        if story is None:
            return None
        if act.number in story.misfits and not self._patience.wrong(act.action):
            # Something came, but not what was asked for; perhaps the right message follows.
            left = min(GRACE, seconds - (clock.now() - began))
            better = self._feed.await_group(
                act.key, lambda messages: _fitting(self._story(group, messages), act), max(left, 0.0)
            )
            story = better or story
            if act.number in story.misfits:
                self._patience.misfit(act.action)
        message = story.events[act.number]
        if not self._may_drain(act):
            self.slowest = max(self.slowest, (message.exchange.arrival or act.asked) - act.asked)
        return message

    def _need_not_come(self, group: GroupConfiguration, act: Act) -> bool:
        """Whether the request changes nothing that has to be reported: only a change of the dial mode may."""
        step = next(s for s in self._story(group, ()).steps if s.act.number == act.number)
        return step.standing is Standing.TOLERATED and step.certain and act.action is Action.SET_DIALING_MODE

    def _deadline(self, group: GroupConfiguration, act: Act) -> float:
        if self._may_drain(act):
            if "drain_seconds" in group.unknown:
                return max(self._bounds.drain_deadline, self._bounds.deadline)
            return group.drain_seconds + self._bounds.deadline
        return self._bounds.deadline

    def _may_drain(self, act: Act) -> bool:
        acts = self._ledger.acts_of(act.key)
        return act.action is Action.UNLOAD and any(earlier.action is Action.START for earlier in acts)

    def _story(self, group: GroupConfiguration, messages: tuple[Message, ...]) -> Story:
        timeline = Timeline(self._ledger.settings, self._ledger.windows)
        return tell(group, self._ledger.acts_of(group.key), messages, timeline)


def _fitting(story: Story, act: Act) -> Story | None:
    return story if act.number in story.events and act.number not in story.misfits else None
