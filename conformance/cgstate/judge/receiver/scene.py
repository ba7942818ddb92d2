"""The run as the rules look at it: the legal messages, what is special about each, and which were taken."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from cgstate.sending import Delivery, Expect, Parcel, ReceiverEvidence, Sending
from cgstate.specification.registry import Level, registry

LIFE_CYCLE: Final = "accepts.life-cycle"
"""Whom a refusal is laid to that no peculiarity of a message explains."""

SITUATIONS: Final = {
    "accepts.repetition": "whose values were all sent before",
    "accepts.forms": "that is written otherwise",
    "accepts.kept-alive": "over a connection that is kept",
    "accepts.connections": "over one of several connections at once",
    "accepts.flood": "in a flood",
    "accepts.after-dropped": "after a connection that was dropped",
    "accepts.after-fault": "after something that is no notification",
    "accepts.chunked": "in chunked transfer coding",
    "accepts.nul": "with U+0000 in a name",
}
"""What is special about a message that is sent for a requirement, whatever it says."""

LOAD: Final = frozenset({"accepts.flood", "accepts.connections"})
"""The suite's own load is on while these are tried."""

CODES: Final = {
    "GSW_CAMPAIGN_GROUP_STATE": "state",
    "GSW_CAMPAIGN_GROUP_ACTION": "action",
    "GSW_CAMPAIGN_GROUP_ACTOR": "actor",
    "GSW_DIAL_MODE": "dial mode",
    "GSW_OPTIMIZE_BY": "method",
}
"""Attributes whose values tell apart what is otherwise plain."""

RAW: Final = "bytes beyond ASCII"
"""A name may be written in escapes instead: such messages tell a name from its bytes."""


class Mark(NamedTuple):
    """What is special about a message."""

    words: str
    """They complete "a message ..."."""
    requirement: str
    """The requirement that says that it is taken even so."""


@dataclass(frozen=True)
class Scene:
    """The evidence, sorted out."""

    evidence: ReceiverEvidence
    covers: Mapping[str, str]
    """Mark to the requirement that covers it."""

    @cached_property
    def sendings(self) -> tuple[Sending, ...]:
        """All that are judged, in the order in which they began."""
        judged = (sending for sending in self.evidence.sendings if not sending.ignored)
        return tuple(sorted(judged, key=lambda s: (s.began, s.parcel.number)))

    @cached_property
    def legal(self) -> tuple[Sending, ...]:
        """The legal messages, in the order in which they began."""
        return tuple(s for s in self.sendings if is_legal(s.parcel))

    @cached_property
    def taken(self) -> tuple[Sending, ...]:
        """The legal messages that were answered 2xx."""
        return tuple(sending for sending in self.legal if sending.taken)

    @cached_property
    def by_number(self) -> Mapping[int, Sending]:
        """Parcel number to what became of it."""
        return {sending.parcel.number: sending for sending in self.sendings}

    @cached_property
    def exonerated(self) -> frozenset[Mark]:
        """What is special about any message that was taken."""
        return frozenset(mark for sending in self.taken for mark in self.marks(sending.parcel))

    @cached_property
    def places(self) -> Mapping[int, int]:
        """Parcel number to its place in `sendings`."""
        return {sending.parcel.number: place for place, sending in enumerate(self.sendings)}

    @cached_property
    def times(self) -> Counter[Mark]:
        """In how many legal messages each mark stands."""
        return Counter(mark for sending in self.legal for mark in self.marks(sending.parcel))

    @cached_property
    def _marks(self) -> Mapping[int, frozenset[Mark]]:
        return {sending.parcel.number: self._special(sending.parcel) for sending in self.evidence.sendings}

    def _special(self, parcel: Parcel) -> frozenset[Mark]:
        own = own_requirement(parcel)
        found = frozenset(Mark(f"with {mark}", self.covers.get(mark, own)) for mark in parcel.marks)
        if own in SITUATIONS and all(mark.requirement != own for mark in found):
            found |= {Mark(SITUATIONS[own], own)}
        return found

    def marks(self, parcel: Parcel) -> frozenset[Mark]:
        """Return what is special about a message of this run."""
        return self._marks[parcel.number]

    def suspects(self, sending: Sending) -> frozenset[Mark]:
        """Return what about a message can have made the receiver refuse it: what no taken message has.

        Whoever may refuse one of its marks (a SHOULD) may refuse the whole message: only such are suspects then.
        """
        found = self.marks(sending.parcel) - self.exonerated
        return frozenset(mark for mark in found if is_should(mark.requirement)) or found


def is_legal(parcel: Parcel) -> bool:
    """Whether a right receiver takes it."""
    return parcel.expect is Expect.TAKEN and parcel.delivery in {Delivery.WHOLE, Delivery.CHUNKED}


def own_requirement(parcel: Parcel) -> str:
    """Return the requirement that a legal message was sent for; one beside a faulty one is a plain message."""
    return parcel.requirement if parcel.requirement.startswith("accepts.") else LIFE_CYCLE


def is_should(requirement: str) -> bool:
    """Whether it may be left unmet for a reason."""
    known = registry().requirements.get(requirement)
    return known is not None and known.level is not Level.MUST


def codes(parcel: Parcel) -> frozenset[str]:
    """Return the codes in a message in words, for example ``state 4``, and whether it has bytes beyond ASCII."""
    raw = frozenset() if parcel.body.isascii() else frozenset({RAW})
    try:
        message = json.loads(parcel.body)
    except (ValueError, RecursionError):
        return raw
    if not isinstance(message, dict):
        return raw
    return raw | frozenset(
        f"{word} {message[name]}" for name, word in CODES.items() if isinstance(message.get(name), int)
    )
