"""The registry of requirements as values, read from ``schemas/requirements.json``."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Whose requirement it is."""

    MESSAGE = "message"
    EMITTER = "emitter"
    RECEIVER = "receiver"
    TRACE = "trace"


class Level(StrEnum):
    """How binding it is, in the sense of RFC 2119."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


class Confidence(StrEnum):
    """How we know it."""

    DOCUMENTED = "documented"
    SEEN_IN_CODE = "seen in code"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One rule of the specification, or of what fills its gaps."""

    id: str
    role: Role
    level: Level
    core: bool
    """Whether exit status 0 needs it exercised: the five client requests (emitter) or legal messages alone show it."""
    statement: str
    source: str
    """A clause of the specification, or a row of the facts."""
    confidence: Confidence
    layer: str
    """One of http, bytes, json, schema, trace, readback: the judge's module."""
    since: str
    depends_on: tuple[str, ...]
    verified_by: str
    """In words: what is done to find out."""
    needs: tuple[str, ...] = ()
    """Capabilities of the driver (options, groups, automatic, drain, actors) it cannot be shown without."""
    exception: str = ""
    """Why it is a MUST though not documented; empty for nearly all."""
    replaced_by: str | None = None
