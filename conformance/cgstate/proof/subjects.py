"""Whom the suite is tried on: the right emitter and receiver, and every one that is wrong on purpose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from cgstate.drivers.process import Program
from cgstate_reference.broken import emitters, receivers
from cgstate_reference.broken.deviation import Deviation


@dataclass(frozen=True, eq=False, slots=True)
class Subject:
    """One implementation, and what the suite has to say of it; equal to none but itself."""

    program: Program
    name: str
    broken: bool = True
    primary: str = ""
    """The requirement that it is made to break; empty where it is right."""
    consequences: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Requirements that may fail with it, each with the reason."""
    shows: str = ""
    """What the failure of its primary requirement has to say, in part; empty: that is not known."""
    sentence: str = ""
    """How it is wrong."""


RIGHT = tuple(Subject(program, f"right-{program}", broken=False) for program in ("emitter", "receiver"))


def broken() -> tuple[Subject, ...]:
    """Return all that are wrong, emitters first, each kind in the order of names."""
    found: tuple[tuple[Program, Mapping[str, Deviation[Any]]], ...] = (
        ("emitter", emitters.deviations()),
        ("receiver", receivers.deviations()),
    )
    return tuple(_subject(program, each) for program, deviations in found for each in deviations.values())


def _subject(program: Program, deviation: Deviation[Any]) -> Subject:
    return Subject(
        program,
        deviation.name,
        primary=deviation.primary,
        consequences=MappingProxyType(dict(deviation.consequences)),
        shows=deviation.shows,
        sentence=deviation.sentence,
    )
