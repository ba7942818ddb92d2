"""A receiver that takes nothing at all, or nothing any more: one fault, however many messages come to grief by it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cgstate.judge.checks import check
from cgstate.judge.receiver.hostile import is_right
from cgstate.judge.receiver.scene import LIFE_CYCLE, LOAD, SITUATIONS, Scene, is_legal, is_should, own_requirement
from cgstate.judge.receiver.words import answer_of, did, hint_of, may_be_chance, seen
from cgstate.judge.ruling import Ruling, broken
from cgstate.sending import Delivery, Sending, Trouble

_SEVERAL: Final = 3
"""So many messages that have nothing to stumble over have to come to grief at the end to speak of an end."""


@dataclass(frozen=True)
class End:
    """The receiver's end."""

    ruling: Ruling | None
    explained: frozenset[int]
    """Numbers of the parcels whose fate it explains: nothing else is said of them."""


@check(LIFE_CYCLE)
def nothing_taken(scene: Scene) -> Ruling | None:
    """Accuse a receiver that takes no legal message; None where it was never reached, or takes some."""
    reached = [sending for sending in scene.legal if sending.trouble is not Trouble.UNREACHED]
    if scene.taken or not reached:
        return None
    first, ways = reached[0], {did(sending) for sending in reached}
    answers = Counter(str(s.trouble if s.status is None else s.status) for s in reached)
    counted = ", ".join(f"{answer}: {times} times" for answer, times in answers.most_common(3))
    return broken(
        LIFE_CYCLE,
        f"no message is taken: each {ways.pop()}" if len(ways) == 1 else "no message is taken",
        expected="a 2xx",
        seen=f"{seen(first)}; in all, {counted}" if len(reached) > 1 else seen(first),
        exchanges=[s.parcel.number for s in (first, *(s for s in reached if s is not first))][:10],
    )


@check(LIFE_CYCLE, "accepts.after-fault", "accepts.after-dropped", *SITUATIONS)
def end(scene: Scene) -> End:
    """Accuse whatever came before a receiver, which has taken some messages, took nothing any more."""
    last = max(sending.began for sending in scene.taken)
    tail = [sending for sending in scene.legal if sending.began > last]
    innocent = [s for s in tail if s.trouble is Trouble.UNREACHED or not scene.suspects(s)]
    if not tail or (len(innocent) < _SEVERAL and not scene.evidence.died):
        return End(None, frozenset())
    first = tail[0]
    faults = faults_before(scene, first)
    before = faults[0] if faults else None
    explained = {s.parcel.number for s in scene.sendings if s.began >= (before or first).began}
    requirement, cause, shown = _cause(scene, first, before)
    if shown is not before:
        explained -= {s.parcel.number for s in faults}
    many = f" ({len(tail)} messages)" if len(tail) > 1 else ""
    ruling = broken(
        requirement,
        f"{cause}, no message is taken any more: the first {did(first)}",
        expected="a 2xx for every legal message",
        seen=f"{seen(first)}; nothing was taken from then on{many}",
        exchanges=[shown.parcel.number, first.parcel.number] if shown is not first else [first.parcel.number],
    )
    return End(ruling, frozenset(explained))


@check("accepts.kept-alive")
def connections_ended(scene: Scene, explained: frozenset[int]) -> Iterator[End]:
    """Accuse a receiver that takes nothing more over a connection that served others, while it takes from new ones.

    That has to explain all of its kind: whoever loses messages in the middle of a connection too loses some at an end.
    """
    tails = list(_tails(scene))
    at_ends = {sending.parcel.number for _, tail in tails for sending in tail}
    innocent = [s for s in scene.legal if not s.taken and s.parcel.number not in explained and not scene.suspects(s)]
    elsewhere = {answer_of(s) for s in innocent if s.parcel.number not in at_ends}
    by_number = {s.parcel.number: s for s in innocent}
    for served, tail in tails:
        lost = [s for s in tail if s.parcel.number in by_number]
        answers = {answer_of(s) for s in tail if is_legal(s.parcel)}
        if len(lost) < _SEVERAL or len(answers) > 1 or not answers.isdisjoint(elsewhere):
            continue
        ruling = broken(
            "accepts.kept-alive",
            f"over a connection that has served others, no message is taken any more: the first {did(lost[0])}",
            expected="a 2xx, or the connection closed after an answer",
            seen=f"{seen(lost[0])}; {served} went over that connection before",
            exchanges=[lost[0].parcel.number],
        )
        yield End(ruling, frozenset(s.parcel.number for s in tail))


def _tails(scene: Scene) -> Iterator[tuple[int, list[Sending]]]:
    """Return, of each connection, how many went over it until the last that was taken, and those after it."""
    by_connection: defaultdict[int, list[Sending]] = defaultdict(list)
    for sending in scene.sendings:
        by_connection[sending.exchange.connection].append(sending)
    for sendings in by_connection.values():
        served = max((place + 1 for place, s in enumerate(sendings) if s.taken and is_legal(s.parcel)), default=0)
        if 0 < served < len(sendings):
            yield served, sendings[served:]


def faults_before(scene: Scene, lost: Sending) -> tuple[Sending, ...]:
    """Return what came between a legal message and the one before it; the first is what did the harm, if any did."""
    at = scene.places[lost.parcel.number]
    begin = at
    while begin and not is_legal(scene.sendings[begin - 1].parcel):
        begin -= 1
    between = scene.sendings[begin:at]
    for place, sending in enumerate(between):
        rest = between[place:]
        if sending.trouble is not Trouble.UNREACHED and not any(s.taken or s.refused for s in rest):
            bad = next((n for n, s in enumerate(rest) if not is_right(s)), len(rest) - 1)
            return rest[bad:]
    return between[-1:]


def _cause(scene: Scene, first: Sending, before: Sending | None) -> tuple[str, str, Sending]:
    """Return whom the end is laid to, in words, and the message to show."""
    after = after_what(before)
    suspects = sorted(scene.suspects(first)) if first.trouble is not Trouble.UNREACHED else []
    if after is not None and before is not None and (before.status is None or not suspects):
        requirement, words = after
        return requirement, f"after {words}", before
    if suspects:
        words = " or ".join(f"a message {mark.words}" for mark in suspects)
        requirement = suspects[0].requirement
        # That it need not be taken is no leave to die of it.
        return (LIFE_CYCLE if is_should(requirement) else requirement), f"from {words} on", first
    own = own_requirement(first.parcel)
    # Whoever says that there are too many says it of the load.
    of_the_load = own in LOAD and may_be_chance(answer_of(first))
    if hint_of(first) and first.refused and not of_the_load:
        return LIFE_CYCLE, f"from some moment on ({hint_of(first)})", first
    if own in SITUATIONS and not is_should(own) and first.trouble is not Trouble.UNREACHED:
        return own, f"from a message {SITUATIONS[own]} on", first
    return LIFE_CYCLE, "from some moment on", first


def after_what(before: Sending | None) -> tuple[str, str] | None:
    """Return what a message after this one that is lost breaks, and what came before it in words; None: no fault."""
    if before is None:
        return None
    if before.parcel.delivery is Delivery.DROPPED:
        return "accepts.after-dropped", "a connection that was dropped in the middle of a request"
    fault = f" ({before.parcel.fault})" if before.parcel.fault else ""
    return "accepts.after-fault", f"something that is no notification{fault}"
