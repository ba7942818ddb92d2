"""A receiver as a function, played with the suite's own traffic: what it answers and what it stores, without a socket.

`play` makes the evidence that a sender would, with times of its own. A receiver is told by what it does with a parcel:
an answer (a status, a trouble, or one of these with the seconds it took). What it stores is changed by `store`.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from cgstate.evidence import Exchange
from cgstate.generate import traffic
from cgstate.generate.traffic import Scope
from cgstate.judge.receiver import judge_receiver
from cgstate.judge.ruling import Ruling
from cgstate.sending import Delivery, Expect, Parcel, ReceiverEvidence, Sending, Stored, Trouble

BEGIN: Final = 1_700_000_000.0
TIMEOUT: Final = 10.0
UNREADABLE: Final = frozenset({"rejects.unreadable", "survives.deep-nesting"})
"""What the store here does not read."""
URI: Final = "http://receiver.test:9/campaign-group-states"

Answer = int | Trouble
Receiver = Callable[[Parcel], Answer]
Message = dict[str, Any]
Store = Callable[[list[Message]], list[Message]]

LEGAL: Final = (
    traffic.whole_lives,
    traffic.combinations,
    traffic.actors,
    traffic.names,
    traffic.absent,
    traffic.statistics,
    traffic.forms,
    traffic.repetition,
    traffic.unknown,
    traffic.kept_alive,
    traffic.side_by_side,
    traffic.dropped,
    traffic.chunked,
    traffic.nul,
    traffic.impossible,
)
HOSTILE: Final = (traffic.one_fault, traffic.unreadable, traffic.other_methods, traffic.cut_short, traffic.either)


def parcels(seed: int = 0, *, fast: bool = True, hostile: bool = True) -> list[Parcel]:
    """Return the traffic of a run in its order, a legal message after each fault."""
    scope = Scope("abc123", seed, fast=fast, now=BEGIN)
    made = [parcel for case in LEGAL for parcel in case(scope)]
    if hostile:
        for case in HOSTILE:
            made += [*case(scope), traffic.probe(scope)]
    return made


def right(parcel: Parcel) -> Answer:
    """Answer as a right and careful receiver does."""
    if parcel.delivery in {Delivery.CUT, Delivery.DROPPED}:
        return Trouble.CLOSED
    return 400 if parcel.expect is Expect.REFUSED else 204


def play(
    sent: Iterable[Parcel], receiver: Receiver = right, seconds: Callable[[Parcel], float] = lambda _: 0.002
) -> ReceiverEvidence:
    """Return the evidence of a run in which the receiver answers so, each message after the other."""
    now, sendings = BEGIN, []
    for parcel in sent:
        answer = receiver(parcel)
        took = TIMEOUT if answer is Trouble.SILENCE else seconds(parcel)
        sendings.append(sending(parcel, answer, now, now + took))
        now += took + 0.001
    return ReceiverEvidence(
        "a receiver", URI, tuple(sendings), dict.fromkeys((s.parcel.number for s in sendings), "case")
    )


def sending(parcel: Parcel, answer: Answer, began: float, ended: float, *, ignored: bool = False) -> Sending:
    """Return what became of a parcel."""
    trouble = answer if isinstance(answer, Trouble) else None
    return Sending(
        parcel,
        Exchange(
            parcel.number, parcel.body, connection=parcel.lane + 1, method=parcel.method, headers=parcel.headers,
            answer=str(answer),
        ),
        began,
        ended,
        status=None if isinstance(answer, Trouble) else answer,
        trouble=trouble,
        ignored=ignored,
    )  # fmt: skip


def kept(
    evidence: ReceiverEvidence, change: Store = lambda messages: messages, *, ordered: bool = True
) -> ReceiverEvidence:
    """Return the evidence with what was read back: what was taken, as `change` (of all messages) left it."""
    taken: list[Message] = [
        {**json.loads(each.parcel.body), "id": f"{each.parcel.number}"}
        for each in evidence.sendings
        if each.taken and each.parcel.guid and each.parcel.requirement not in UNREADABLE
    ]
    by_guid: dict[str, list[Mapping[str, object]]] = {}
    for message in change(taken):
        by_guid.setdefault(str(message["GSW_CAMPAIGN_GROUP_GUID"]), []).append(message)
    stored = Stored({guid: tuple(messages) for guid, messages in by_guid.items()}, ordered=ordered)
    return replace(evidence, stored=stored)


@dataclass(frozen=True)
class Judged:
    """The rulings in the form in which tests ask for them."""

    rulings: list[Ruling]

    @property
    def accused(self) -> dict[str, set[str]]:
        """Requirement to the sentences that accuse it."""
        found: dict[str, set[str]] = {}
        for ruling in self.rulings:
            if ruling.fault is not None:
                found.setdefault(ruling.requirement, set()).add(ruling.fault.sentence)
        return found

    @property
    def met(self) -> set[str]:
        """Requirements that were seen to be met."""
        return {ruling.requirement for ruling in self.rulings if ruling.fault is None}


def judged(evidence: ReceiverEvidence) -> Judged:
    """Judge the evidence."""
    return Judged(judge_receiver(evidence))
