"""The judge of receivers: evidence in, rulings out; one accusation for each fault."""

from collections.abc import Iterator, Mapping
from functools import cache

from cgstate.judge.receiver.answers import after_faults, rule_on_answers
from cgstate.judge.receiver.hostile import rule_on_hostile
from cgstate.judge.receiver.liveness import connections_ended, end, nothing_taken
from cgstate.judge.receiver.promptness import rule_on_promptness
from cgstate.judge.receiver.scene import Scene
from cgstate.judge.receiver.stored import rule_on_stored
from cgstate.judge.ruling import Ruling, one_fault_one_accusation
from cgstate.sending import ReceiverEvidence
from cgstate.specification.registry import registry


def judge_receiver(evidence: ReceiverEvidence) -> list[Ruling]:
    """Return all rulings on the evidence; their exchanges are numbers of parcels, the first the one to show."""
    scene = Scene(evidence, _marks())
    return one_fault_one_accusation(_rulings(scene), registry().prerequisites)


def _rulings(scene: Scene) -> Iterator[Ruling]:
    nothing = nothing_taken(scene)
    if nothing is not None:
        yield nothing
    if not scene.taken:
        return
    ended = end(scene)
    if ended.ruling is not None:
        yield ended.ruling
    explained = ended.explained
    for of_connection in connections_ended(scene, explained):
        explained |= of_connection.explained
        if of_connection.ruling is not None:
            yield of_connection.ruling
    yield from rule_on_answers(scene, explained)
    yield from rule_on_hostile(scene, explained | _fatal(scene, explained))
    yield from rule_on_promptness(scene)
    yield from rule_on_stored(scene)


def _fatal(scene: Scene, explained: frozenset[int]) -> frozenset[int]:
    """Return the faults after which a message was lost: what they did is told by that."""
    return frozenset(number for lost in after_faults(scene, explained).values() for number in lost.faults)


@cache
def _marks() -> Mapping[str, str]:
    from cgstate.generate.traffic import MARKS  # noqa: PLC0415 - only runs against receivers need it

    return MARKS
