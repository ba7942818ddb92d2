"""The values of a run against a receiver: what is to be sent, what became of it, what was read back.

Everything here is frozen. A `Parcel` is made up before anything is sent, so that nothing that is sent depends on an
answer; a `Sending` is a parcel and what the receiver did with it; `ReceiverEvidence` is all that the judge needs.
Times are Unix seconds of `cgstate.clock`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cgstate.evidence import Exchange

JSON_HEADERS: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


class Expect(StrEnum):
    """What a right receiver answers."""

    TAKEN = "taken"
    """A legal message: a 2xx."""
    EITHER = "either"
    """Taking it and refusing it are both sensible: a 2xx or a 4xx."""
    REFUSED = "refused"
    """No notification: a 4xx. Never more than a SHOULD."""


class Delivery(StrEnum):
    """How the bytes go out."""

    WHOLE = "whole"
    CHUNKED = "chunked"
    """With ``Transfer-Encoding: chunked`` instead of a Content-Length."""
    CUT = "cut"
    """Content-Length says all, half of the body is sent, then this side of the connection ends in good order."""
    DROPPED = "dropped"
    """Half of the body is sent, then the connection is reset; nothing is awaited."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One request to make of a receiver."""

    number: int
    """Unique in its run, from 1, in the order in which the parcels were made up."""
    requirement: str
    """The requirement of a receiver that it is sent for."""
    expect: Expect
    body: bytes
    guid: str = ""
    """GSW_CAMPAIGN_GROUP_GUID as it stands in the body, by which the message is read back; empty: it has none that
    could be read back."""
    marks: frozenset[str] = frozenset()
    """What is special about a legal message, each in a few words that complete "a message with ...": ``actor 0``,
    ``dial mode 8``, ``an emoji in a name``. Empty for the plainest message of its kind. `MARKS` of
    `cgstate.generate.traffic` maps each to the requirement that covers it."""
    breaks: str = ""
    """Id of the requirement of role message that it breaks; empty: none, or none that has an id."""
    fault: str = ""
    """What is wrong with it, in a few words that complete "a message whose ..." or stand alone; empty: nothing is."""
    twin: int = 0
    """Number of the parcel that is the same message without its fault; 0: there is none."""
    method: str = "POST"
    headers: tuple[tuple[str, str], ...] = JSON_HEADERS
    """Without Host, length, coding and credentials: those are the sender's."""
    delivery: Delivery = Delivery.WHOLE
    lane: int = 0
    """Parcels of one case with the same lane go over one connection, one after another; lanes go side by side."""
    fresh: bool = False
    """Whether it goes over a new connection of its own."""


class Trouble(StrEnum):
    """Why there is no answer."""

    UNREACHED = "unreached"
    """No connection came about: nothing was sent."""
    CLOSED = "closed"
    """The connection ended, or was reset, before an answer."""
    SILENCE = "silence"
    """No whole answer within the time limit."""
    GARBAGE = "garbage"
    """What came is no HTTP answer."""


@dataclass(frozen=True, slots=True)
class Sending:
    """A parcel that was sent, and what the receiver did."""

    parcel: Parcel
    exchange: Exchange
    """The request as it went out, numbered like the parcel, without the credentials; ``answer`` is the status code in
    decimal, or the trouble."""
    began: float
    """When its first byte went out (or, unreached, when the connection was tried)."""
    ended: float
    """When the whole answer was there, or the trouble was known."""
    status: int | None = None
    trouble: Trouble | None = None
    detail: str = ""
    """The trouble in words, one line, redacted."""
    answer: bytes = b""
    """The first 2,000 bytes of the answer's body."""
    reused: bool = False
    """Whether the connection had served an exchange before."""
    ignored: bool = False
    """True where a kept connection turned out to be closed by the other side as this went out, which both sides may
    do at any time: nothing is judged, whether it was stored is unknown, and it was not sent again."""

    @property
    def taken(self) -> bool:
        """Whether the answer was a 2xx."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - the class of success

    @property
    def refused(self) -> bool:
        """Whether the answer was a 4xx."""
        return self.status is not None and 400 <= self.status < 500  # noqa: PLR2004 - the class of client errors

    @property
    def seconds(self) -> float:
        """How long the answer took."""
        return self.ended - self.began


@dataclass(frozen=True, slots=True)
class Stored:
    """What was read back last."""

    messages: Mapping[str, tuple[Mapping[str, object], ...]]
    """GUID to the messages that are stored with it, in the order in which they were read."""
    ordered: bool = False
    """Whether that order is the order of storing."""
    trouble: str = ""
    """Why reading back failed, one line; empty: it did not. Then nothing is judged by it."""


@dataclass(frozen=True, slots=True)
class ReceiverEvidence:
    """All that is known of a run against a receiver."""

    name: str
    """What is judged, for the header and the verdict: ``bundled receiver`` or a URI, redacted."""
    uri: str
    """Where the parcels went, redacted: for the command lines that repeat them."""
    sendings: tuple[Sending, ...] = ()
    """In the order in which they ended."""
    cases: Mapping[int, str] = field(default_factory=dict)
    """Parcel number to the case it belongs to, in words."""
    stored: Stored | None = None
    """None: nothing was read back."""
    answer_within: float = 1.0
    """Seconds within which an answer is prompt."""
    timeout: float = 10.0
    """Seconds after which an answer is not awaited any longer."""
    died: bool = False
    """Whether it had answered, and then did not answer a legal message any more, until the run gave up."""

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The requests as they went out, for whoever shows one."""
        return tuple(sending.exchange for sending in self.sendings)
