"""Legal messages are answered with a 2xx: whoever refuses some is told what it is about them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cgstate.judge.checks import check
from cgstate.judge.receiver.liveness import after_what, faults_before
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
    lost = after_faults(scene, explained)
    for (requirement, words), of_it in lost.items():
        for sending in of_it.messages:
            yield broken(
                requirement,
                f"after {words} the next message {did_all(of_it.messages)}",
                expected="a 2xx: the receiver is still there",
                seen=seen(sending),
                exchanges=[sending.parcel.number],
            )
    told = explained | {sending.parcel.number for of_it in lost.values() for sending in of_it.messages}
    for accusation in accuse(scene, [s for s in scene.legal if not s.taken and s.parcel.number not in told]):
        for sending in accusation.sendings:
            yield broken(
                accusation.requirement,
                accusation.sentence,
                expected=accusation.expected,
                seen=seen(sending),
                exchanges=[sending.parcel.number],
            )


@dataclass
class Lost:
    """Legal messages that are lost right after the same fault, and the faults that came before each."""

    messages: list[Sending] = field(default_factory=list)
    faults: set[int] = field(default_factory=set)


def after_faults(scene: Scene, explained: frozenset[int]) -> dict[tuple[str, str], Lost]:
    """Return, by the requirement that is broken and the fault in words, what is lost right after a fault.

    There is nothing about these messages themselves to explain it; and where others are lost in the same way that
    come after no fault, it is not the fault's doing.
    """
    refused = [s for s in scene.legal if not s.taken and s.parcel.number not in explained]
    innocent = [s for s in refused if s.trouble is Trouble.UNREACHED or not scene.suspects(s)]
    after: list[tuple[Sending, tuple[str, str], tuple[Sending, ...]]] = []
    elsewhere: set[Answer] = set()
    for sending in innocent:
        faults = faults_before(scene, sending)
        found = after_what(faults[0]) if faults else None
        if found is None or sending.refused:
            elsewhere.add(answer_of(sending))
        else:
            after.append((sending, found, faults))
    lost: dict[tuple[str, str], Lost] = {}
    for sending, found, faults in after:
        if answer_of(sending) not in elsewhere:
            of_it = lost.setdefault(found, Lost())
            of_it.messages.append(sending)
            of_it.faults.update(fault.parcel.number for fault in faults)
    return lost
