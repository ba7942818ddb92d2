"""The registry of requirements as values, read from ``schemas/requirements.json``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

import orjson

from cgstate.specification.data import read


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
    """Whether exit status 0 needs it exercised: the five client requests show it of an emitter, legal messages without
    reading back show it of a receiver."""
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
    """What it cannot be shown without: capabilities of an emitter's driver (options, groups, automatic, drain, actors),
    or a way to read back what a receiver stored (readback)."""
    exception: str = ""
    """Why it is a MUST though not, or not wholly, documented; empty for most."""
    replaced_by: str | None = None
    facts: tuple[str, ...] = ()
    """Ids of the facts that it rests on besides statements of the specification."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What fills a gap of the specification, and how we know it."""

    id: str
    text: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A statement that cannot be tested."""

    id: str
    clause: str
    statement: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A clause that can be read in more than one way."""

    id: str
    clause: str
    question: str
    reading: str
    """The one that the requirements follow."""
    tolerated: tuple[str, ...]
    """What is not held against an implementation though it follows another reading."""
    requirements: tuple[str, ...]
    """Those that it touches."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or a row of the specification in our words, and where it is accounted for."""

    id: str
    clause: str
    text: str
    requirements: tuple[str, ...]
    exclusions: tuple[str, ...]
    ambiguities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Registry:
    """All that ``schemas/requirements.json`` says; mappings are by id, in the order of the file."""

    version: str
    requirements: Mapping[str, Requirement]
    prerequisites: Mapping[str, frozenset[str]]
    """Requirement id to all that it depends on, directly or not."""
    facts: Mapping[str, Fact]
    exclusions: Mapping[str, Exclusion]
    ambiguities: Mapping[str, Ambiguity]
    statements: Mapping[str, Statement]

    def by_prefix(self, prefix: str) -> tuple[Requirement, ...]:
        """Return the requirement of that id, else all whose id begins so, in the order of the file."""
        exact = self.requirements.get(prefix)
        if exact is not None:
            return (exact,)
        return tuple(r for r in self.requirements.values() if r.id.startswith(prefix))

    def touching(self, requirement: str) -> tuple[Ambiguity, ...]:
        """Return the ambiguities that touch a requirement."""
        return tuple(a for a in self.ambiguities.values() if requirement in a.requirements)

    def stated_by(self, requirement: str) -> tuple[Statement, ...]:
        """Return the statements of the specification that a requirement answers for."""
        return tuple(s for s in self.statements.values() if requirement in s.requirements)


@cache
def registry() -> Registry:
    """Return the registry; read once."""
    data: dict[str, Any] = orjson.loads(read("requirements.json"))
    requirements = {entry["id"]: _requirement(entry) for entry in data["requirements"]}
    return Registry(
        version=data["version"],
        requirements=MappingProxyType(requirements),
        prerequisites=MappingProxyType(prerequisites(requirements.values())),
        facts=MappingProxyType(
            {e["id"]: Fact(e["id"], e["text"], Confidence(e["confidence"])) for e in data["facts"]},
        ),
        exclusions=MappingProxyType({e["id"]: Exclusion(**e) for e in data["exclusions"]}),
        ambiguities=MappingProxyType({e["id"]: Ambiguity(**_tuples(e)) for e in data["ambiguities"]}),
        statements=MappingProxyType({e["id"]: Statement(**_tuples(e)) for e in data["statements"]}),
    )


def prerequisites(requirements: Iterable[Requirement]) -> dict[str, frozenset[str]]:
    """Return the transitive closure of `Requirement.depends_on`; raise ValueError where it has a cycle."""
    direct = {requirement.id: requirement.depends_on for requirement in requirements}
    closed: dict[str, frozenset[str]] = {}

    def close(identifier: str, path: tuple[str, ...]) -> frozenset[str]:
        if identifier in path:
            raise ValueError(f"requirements depend on each other: {' -> '.join((*path, identifier))}")
        if identifier not in closed:
            needed = direct[identifier]
            closed[identifier] = frozenset(needed).union(*(close(n, (*path, identifier)) for n in needed))
        return closed[identifier]

    for identifier in direct:
        close(identifier, ())
    return closed


def _requirement(entry: Mapping[str, Any]) -> Requirement:
    return Requirement(
        id=entry["id"],
        role=Role(entry["role"]),
        level=Level(entry["level"]),
        core=entry["core"],
        statement=entry["statement"],
        source=entry["source"],
        confidence=Confidence(entry["confidence"]),
        layer=entry["layer"],
        since=entry["since"],
        depends_on=tuple(entry["dependsOn"]),
        verified_by=entry["verifiedBy"],
        needs=tuple(entry.get("needs", ())),
        exception=entry.get("exception", ""),
        replaced_by=entry.get("replacedBy"),
        facts=tuple(entry.get("facts", ())),
    )


def _tuples(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
