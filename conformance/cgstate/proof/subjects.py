"""Whom the suite is tried on: who is right, who is right otherwise than expected, and who is wrong on purpose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from cgstate.drivers.process import Program
from cgstate_reference.broken import emitters, receivers
from cgstate_reference.broken.deviation import Deviation
from cgstate_reference.variants import emitters as right_emitters
from cgstate_reference.variants import receivers as right_receivers
from cgstate_reference.variants.variant import Variant


class Machine(StrEnum):
    """What is the matter with the machine."""

    SOUND = ""
    BUSY = "busy-machine"
    """Every processor computes something else all the time."""
    BUSY_AND_NICED = "busy-machine-niced-suite"
    """The same, and the suite itself comes last."""


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
    """How it is wrong, or otherwise."""
    variant: bool = False
    """Whether it is right otherwise than expected. Who is right has one chance: nothing is the machine's fault."""
    may_warn: frozenset[str] = frozenset()
    """Requirements about time that a right one may be warned for."""
    leaves: frozenset[str] = frozenset()
    """Requirements that a right one gives nobody occasion to judge."""
    machine: Machine = Machine.SOUND

    @property
    def deviation(self) -> str | None:
        """The name of its deviation; None where it is right."""
        return self.name if self.broken else None

    def arguments(self, seed: int) -> Sequence[str]:
        """Return the arguments with which its program is such a one."""
        if self.broken:
            return ("--broken", self.name)
        if self.variant and self.machine is Machine.SOUND:
            return ("--variant", self.name, "--seed", str(seed))
        return ()


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


def variants() -> tuple[Subject, ...]:
    """Return all that are right otherwise than expected, those last that need the machine for themselves."""
    found: tuple[tuple[Program, Mapping[str, Variant[Any]]], ...] = (
        ("emitter", right_emitters.variants()),
        ("receiver", right_receivers.variants()),
    )
    implementations = [_variant(program, each) for program, table in found for each in table.values()]
    unlucky = [
        Subject(program, machine, broken=False, sentence=_UNLUCKY[machine], variant=True, machine=machine)
        for program, _ in found
        for machine in _UNLUCKY
    ]
    return (*implementations, *unlucky)


_UNLUCKY = {
    Machine.BUSY: "Every processor computes something else meanwhile.",
    Machine.BUSY_AND_NICED: "Every processor computes something else meanwhile, and the suite is niced.",
}


def _variant(program: Program, variant: Variant[Any]) -> Subject:
    return Subject(
        program,
        variant.name,
        broken=False,
        sentence=variant.sentence,
        variant=True,
        may_warn=variant.may_warn,
        leaves=variant.leaves,
    )
