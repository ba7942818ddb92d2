"""The way of an unload: waiting, in progress, gone."""

from collections.abc import Iterator

from cgstate.judge.checks import check
from cgstate.judge.ruling import Ruling, broken, met
from cgstate.judge.trace import reading
from cgstate.judge.trace.scene import Scene
from cgstate.specification.codes import GroupState


@check("drain.order")
def rule_on_drain(scene: Scene) -> Iterator[Ruling]:
    """On the way of an unload states 1 and 2 come at most once each, in that order, before 0."""
    for story in scene.stories:
        for step in story.steps:
            drained = [message for unload, message in story.drains if unload is step]
            if not drained:
                continue
            final = story.events.get(step.act.number)
            said = sorted(
                [*drained, *([final] if final else [])],
                key=lambda m: (reading.date_time(m) or 0.0, m.exchange.number),
            )
            states = [reading.code(message, reading.STATE) for message in said]
            numbers = [message.exchange.number for message in said]
            # Periodic messages in states 1 and 2 are tolerated, so a repetition is only judged where none can be.
            if any(story.may_be_periodic(m, scene.timeline) for m in drained):
                states = list(dict.fromkeys(states))
            lawful = [s for s in (GroupState.WAITING_UNLOAD, GroupState.UNLOAD_IN_PROGRESS) if s in states]
            if states == [*lawful, GroupState.NOT_LOADED] or (final is None and states == lawful):
                yield met("drain.order", numbers, [step.act.number])
            else:
                yield broken(
                    "drain.order",
                    "the states on the way of an unload come in another order than 1, 2, 0",
                    expected="1 (WaitingUnload) and 2 (UnloadInProgress) at most once each, then 0",
                    seen=", ".join(str(state) for state in states),
                    exchanges=numbers,
                    acts=[step.act.number],
                )
