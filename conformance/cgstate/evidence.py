"""The values that pass between the rooms: what was asked of an implementation and what was seen of it.

Everything here is frozen and knows nothing of where it came from: a live run, a proxy and a recording
make the same values. Times are Unix seconds of `cgstate.clock`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cgstate.specification.codes import Action


@dataclass(frozen=True, slots=True)
class Traits:
    """What a source shows. A rule that needs what is missing is not exercised, with the reason."""

    name: str
    complete_from_start: bool = False
    """Every message since the implementation began is here; nothing was lost on the way."""
    has_bytes: bool = False
    """Bodies are here as they were sent, byte for byte."""
    has_arrival: bool = False
    has_request: bool = False
    """The request line and the headers are here as they were sent."""
    has_response: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP request as received, with what it was answered."""

    number: int
    """Position in the order of arrival, from 1; unique within its evidence."""
    body: bytes
    arrival: float | None = None
    """When the request's first byte was read."""
    connection: int = 0
    """Requests of one connection share this number."""
    method: str | None = None
    target: str | None = None
    """The request target exactly as sent: path and query, not decoded."""
    version: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    """As sent, in order, duplicates kept; bytes read as Latin-1."""
    malformed: str | None = None
    """Why this was not a readable HTTP request (one sentence), or None. The body then holds what was read."""
    answer: str | None = None
    """What the receiver did: a status code in decimal, or ``reset``, ``silence``, or None where unknown."""
    stalled: bool = False
    """Whether the receiver held the answer (or others of the time) back: its times show the receiver."""

    def header(self, name: str) -> str | None:
        """Return the first header of that name (any case), or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class GroupConfiguration:
    """A Campaign Group as it is configured; None for a name means: not configured (the tenant's: not set)."""

    campaign_id: int
    group_id: int
    name: str
    group_name: str
    campaign_name: str | None
    campaign_template_name: str | None
    queue_name: str
    tenant_name: str | None
    tenant_ccid: str
    dial_mode: int
    optimize_by: int
    optimize_goal: int
    drain_seconds: float = 0.0
    unknown: frozenset[str] = frozenset()
    """Field names of this class whose value is not known: they are not judged."""

    @property
    def key(self) -> tuple[int, int]:
        """Campaign and group id: what the control API calls the group by."""
        return (self.campaign_id, self.group_id)


@dataclass(frozen=True, slots=True)
class Dialing:
    """What a start or set-dialing-mode request asks for; None: the request leaves it out."""

    dial_mode: int
    optimize_by: int | None = None
    optimize_goal: int | None = None


class Cause(StrEnum):
    """On whose behalf an action happens: the keys of ``actors`` in the control API."""

    CLIENT = "client"
    SCHEDULE = "schedule"
    CONDITION = "condition"


class Reply(StrEnum):
    """What became of a request to the emitter."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    TROUBLE = "trouble"
    """The control API failed on a lawful request: the driver's trouble, not a verdict on reporting."""


@dataclass(frozen=True, slots=True)
class Act:
    """One request made of the emitter under test."""

    number: int
    """Position in the order of asking, from 1; unique within its evidence."""
    key: tuple[int, int]
    action: Action
    asked: float
    answered: float
    reply: Reply
    cause: Cause = Cause.CLIENT
    dialing: Dialing | None = None
    detail: str = ""
    """What the control API said, where it did not accept."""
    case: str = ""
    """The case that asked, in words."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The emitter's three options from one change on; the change is done at some time in [asked, answered]."""

    asked: float
    answered: float
    enabled: bool = False
    uri: str | None = None
    interval: float = 10.0
    """Seconds; 0 or less: no periodic messages."""
    default_interval: bool = False
    """Whether the interval was left to its default."""
    known: bool = True
    """False where the suite cannot set the options and so only hopes that they are so."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time with a rule of its own, for example one in which nothing may come."""

    rule: str
    """What was watched for: ``off``, ``off-again``, ``off-by-default``, ``no-uri``, ``interval-zero``; or what the
    receiver did meanwhile: ``closed`` (refused connections), ``stall`` (held an answer), ``slow`` (answered slowly)."""
    began: float
    ended: float
    keys: frozenset[tuple[int, int]] = frozenset()
    """The groups that were active in it; empty: any."""


@dataclass(frozen=True, slots=True)
class Emitter:
    """What the emitter under test, or its driver, declares of itself."""

    name: str
    """What is judged, for the header and the verdict, for example ``bundled emitter`` or a URI."""
    capabilities: frozenset[str] = frozenset()
    """Of ``options``, ``groups``, ``automatic``, ``drain``."""
    actors: Mapping[str, int] | None = None
    """The code of each `Cause`, or None: the meaning of GSW_CAMPAIGN_GROUP_ACTOR is not judged."""
    dial_modes: frozenset[int] | None = None
    """The modes it has; None: all."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long the suite waits, in seconds, and how near is near enough."""

    deadline: float = 10.0
    """An event that has not come by then is missing."""
    drain_deadline: float = 300.0
    """The same for the end of an unload after a start, on declared groups."""
    quiet: float = 1.0
    """How long a silence is watched."""
    soon: float = 2.0
    """An event later than this after its action warns."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of a run or a recording; the judge needs nothing else."""

    traits: Traits
    exchanges: tuple[Exchange, ...] = ()
    acts: tuple[Act, ...] = ()
    settings: tuple[Setting, ...] = ()
    windows: tuple[Window, ...] = ()
    groups: Mapping[tuple[int, int], GroupConfiguration] = field(default_factory=dict)
    emitter: Emitter | None = None
    bounds: Bounds = Bounds()
    redirects: frozenset[str] = frozenset()
    """Request targets the receiver redirected to: a request there is no notification."""
    ended: float | None = None
    """When the last exchange could have been seen."""
    died: float | None = None
    """When the implementation stopped answering, if it did: what it owed by then is judged without waiting."""
