"""The way of an unload: waiting, in progress, gone."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cgstate.judge.checks import check
from cgstate.judge.message import Message
from cgstate.judge.ruling import Ruling, broken, met
from cgstate.judge.trace import reading
from cgstate.judge.trace.scene import Scene
from cgstate.judge.trace.story import Step, Story
from cgstate.specification.codes import GroupState

MARGIN = 0.5
"""A time this near to the request may be the request's, in seconds."""
_ORDER = (GroupState.WAITING_UNLOAD, GroupState.UNLOAD_IN_PROGRESS, GroupState.NOT_LOADED)


@check("drain.order")
def rule_on_drain(scene: Scene) -> Iterator[Ruling]:
    """On the way of an unload states 1 and 2 come at most once each, in that order, before 0."""
    for story in scene.stories:
        ways: dict[int, tuple[Step, list[Message]]] = {}
        for unload, message in story.drains:
            ways.setdefault(unload.act.number, (unload, []))[1].append(message)
        for step, drained in ways.values():
            final = story.events.get(step.act.number)
            # An end with the time of the request says nothing about when it came; late ones are strays anyhow.
            ends = [final] if final and _has_time_of_its_own(scene, step, final) else []
            said = sorted([*drained, *ends], key=_by_time)
            numbers = [message.exchange.number for message in said]
            if _in_order(said) and not _doubled(scene, story, drained):
                yield met("drain.order", numbers, [step.act.number])
            else:
                yield broken(
                    "drain.order",
                    "the states on the way of an unload come in another order than 1, 2, 0",
                    expected="1 (WaitingUnload) and 2 (UnloadInProgress) at most once each, then 0",
                    seen=", ".join(str(reading.code(message, reading.STATE)) for message in said),
                    exchanges=numbers,
                    acts=[step.act.number],
                )


def _has_time_of_its_own(scene: Scene, step: Step, final: Message) -> bool:
    moment = reading.date_time(final)
    return moment is not None and moment + (scene.offset or 0.0) > step.act.answered + MARGIN


def _by_time(message: Message) -> tuple[float, int, int]:
    return reading.date_time(message) or 0.0, _rank(message), message.exchange.number


def _rank(message: Message) -> int:
    state = reading.code(message, reading.STATE)
    return next((rank for rank, lawful in enumerate(_ORDER) if state == lawful), len(_ORDER))


def _in_order(said: Sequence[Message]) -> bool:
    """Whether GSW_DATE_TIME contradicts the order; several connections may reorder, and ties are unordered."""
    return all(
        _rank(earlier) <= _rank(later)
        for earlier, later in pairwise(said)
        if reading.date_time(earlier) is not None and reading.date_time(later) is not None
    )


def _doubled(scene: Scene, story: Story, drained: Sequence[Message]) -> bool:
    """Whether a state is said twice; periodic messages in states 1 and 2 are tolerated where any can be."""
    if any(story.may_be_periodic(message, scene.timeline) for message in drained):
        return False
    return len({_rank(message) for message in drained}) < len(drained)
