"""Legal messages are answered with a 2xx: whoever refuses some is told what it is about them."""

from collections.abc import Iterator

from cgstate.judge.checks import check
from cgstate.judge.receiver.liveness import after_what
from cgstate.judge.receiver.scene import LIFE_CYCLE, SITUATIONS, Scene, own_requirement
from cgstate.judge.receiver.suspects import accuse
from cgstate.judge.receiver.words import Answer, answer_of, did_all, seen
from cgstate.judge.ruling import Ruling, broken, met
from cgstate.sending import Sending, Trouble


@check(
    LIFE_CYCLE,
    *SITUATIONS,
    "accepts.states",
    "accepts.actions",
    "accepts.actors",
    "accepts.dial-modes",
    "accepts.methods",
    "accepts.names",
    "accepts.undefined-tenant",
    "accepts.absent-attributes",
    "accepts.unknown-attributes",
    "accepts.statistics",
)
def rule_on_answers(scene: Scene, explained: frozenset[int]) -> Iterator[Ruling]:
    """Say what each taken message shows, and accuse for those that were refused. `explained`: told already."""
    for sending in scene.taken:
        number = sending.parcel.number
        shown = {own_requirement(sending.parcel), *(mark.requirement for mark in scene.marks(sending.parcel))}
        yield from (met(requirement, [number]) for requirement in sorted(shown))
    refused = [s for s in scene.legal if not s.taken and s.parcel.number not in explained]
    lost = after_faults(scene, refused)
    for (requirement, words), sendings in lost.items():
        for sending in sendings:
            yield broken(
                requirement,
                f"after {words} the next message {did_all(sendings)}",
                expected="a 2xx: the receiver is still there",
                seen=seen(sending),
                exchanges=[sending.parcel.number],
            )
    told = {sending.parcel.number for sendings in lost.values() for sending in sendings}
    for accusation in accuse(scene, [s for s in refused if s.parcel.number not in told]):
        for sending in accusation.sendings:
            yield broken(
                accusation.requirement,
                accusation.sentence,
                expected=accusation.expected,
                seen=seen(sending),
                exchanges=[sending.parcel.number],
            )


def after_faults(scene: Scene, refused: list[Sending]) -> dict[tuple[str, str], list[Sending]]:
    """Return the messages that are lost right after a fault, with nothing about themselves to explain it.

    Where others are lost in the same way that come after no fault, it is not the fault's doing.
    """
    innocent = [s for s in refused if s.trouble is Trouble.UNREACHED or not scene.suspects(s)]
    place = {sending.parcel.number: at for at, sending in enumerate(scene.sendings)}
    after: dict[int, tuple[str, str]] = {}
    elsewhere: set[Answer] = set()
    for sending in innocent:
        at = place[sending.parcel.number]
        found = after_what(scene.sendings[at - 1]) if at else None
        if found is None or sending.refused:
            elsewhere.add(answer_of(sending))
        else:
            after[sending.parcel.number] = found
    lost: dict[tuple[str, str], list[Sending]] = {}
    for sending in innocent:
        found = after.get(sending.parcel.number)
        if found is not None and answer_of(sending) not in elsewhere:
            lost.setdefault(found, []).append(sending)
    return lost
