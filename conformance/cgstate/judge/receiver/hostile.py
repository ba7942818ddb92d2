"""What a careful receiver does with what is no notification: a 4xx, no 5xx, and never silence.

A rejection counts only where the same message without its fault was taken: a receiver that refuses everything is not
careful.
"""

from collections.abc import Iterator
from typing import Final

from cgstate.judge.checks import check
from cgstate.judge.receiver.scene import Scene, is_legal
from cgstate.judge.receiver.words import answer_of, did, listed, may_be_chance, seen
from cgstate.judge.ruling import Ruling, broken, met
from cgstate.sending import Delivery, Expect, Sending, Trouble

_MAY_END_THE_CONNECTION: Final = frozenset({"rejects.cut-short", "survives.large-body"})
"""The end of the connection is an answer to these."""


@check(
    "rejects.missing-attribute",
    "rejects.wrong-type",
    "rejects.unknown-code",
    "rejects.contradiction",
    "rejects.malformed-time",
    "rejects.too-long",
    "rejects.negative-statistic",
    "rejects.unreadable",
    "rejects.other-methods",
    "rejects.cut-short",
    "survives.impossible-combinations",
    "survives.large-body",
    "survives.deep-nesting",
    "survives.duplicate-keys",
    "survives.content-type",
)
def rule_on_hostile(scene: Scene, explained: frozenset[int]) -> Iterator[Ruling]:
    """Hold each answer against what is expected; faults with the same effect are told in one sentence."""
    bad: dict[tuple[str, str], list[Sending]] = {}
    # What befalls legal messages for no fault of theirs says nothing of faults.
    innocent = (s for s in scene.legal if not s.taken and not scene.suspects(s))
    anyway = {answer_of(s) for s in innocent if may_be_chance(answer_of(s))}
    for sending in scene.sendings:
        parcel = sending.parcel
        if not is_right(sending) and answer_of(sending) in anyway:
            continue
        if is_legal(parcel) or parcel.number in explained or not _counts(scene, sending):
            continue
        if is_right(sending):
            yield met(parcel.requirement, [parcel.number])
        else:
            bad.setdefault((parcel.requirement, did(sending)), []).append(sending)
    for (requirement, effect), sendings in bad.items():
        faults = list(dict.fromkeys(_words(sending) for sending in sendings))
        for sending in sendings:
            either = sending.parcel.expect is Expect.EITHER
            yield broken(
                requirement,
                f"{'a message' if either else 'what is no notification'} {effect}: {listed(faults)}",
                expected=_expected(sending),
                seen=f"{_words(sending)}: {seen(sending)}",
                exchanges=[sending.parcel.number],
            )


def _counts(scene: Scene, sending: Sending) -> bool:
    """Whether it shows anything: it went out, all but what is dropped on purpose, and its twin, if any, was taken."""
    parcel = sending.parcel
    if parcel.delivery is Delivery.DROPPED or sending.trouble is Trouble.UNREACHED:
        return False
    twin = scene.by_number.get(parcel.twin)
    return parcel.twin == 0 or (twin is not None and twin.taken)


def is_right(sending: Sending) -> bool:
    """Whether that is what a careful receiver does with what is no notification."""
    if sending.parcel.delivery is Delivery.DROPPED:
        return True
    if sending.refused or (sending.taken and sending.parcel.expect is Expect.EITHER):
        return True
    return sending.trouble is Trouble.CLOSED and sending.parcel.requirement in _MAY_END_THE_CONNECTION


def _expected(sending: Sending) -> str:
    either = "a 2xx or a 4xx" if sending.parcel.expect is Expect.EITHER else "a 4xx"
    may_end = sending.parcel.requirement in _MAY_END_THE_CONNECTION
    return f"{either}, or the end of the connection" if may_end else either


def _words(sending: Sending) -> str:
    return sending.parcel.fault or "something that is no notification"
