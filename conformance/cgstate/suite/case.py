"""A case: something that is asked of an emitter, and the requirements it is asked for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cgstate.specification.registry import Role, registry
from cgstate.suite.stage import Stage

Play = Callable[[Stage, str], None]
"""Plays the case; the text is its name, which the groups it makes are marked with."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a phase."""

    name: str
    play: Play
    requirements: frozenset[str]
    """What it is played for. Every message that comes is judged by every rule all the same."""
    needs: frozenset[str] = frozenset()
    """Capabilities of the driver without which it cannot be played."""
    slow: bool = False
    """Left out by ``--fast``."""
    thorough: bool = False
    """Many lives, for faults that few of them show: who knows what to look for (`cgstate.proof`) looks there last."""


def case(
    name: str,
    play: Play,
    requirements: Iterable[str],
    *,
    needs: Iterable[str] = (),
    slow: bool = False,
    thorough: bool = False,
) -> Case:
    """Return a case; `requirements` are ids or the beginnings of ids, each of which must exist."""
    found: set[str] = set()
    for wanted in requirements:
        matching = {requirement.id for requirement in registry().by_prefix(wanted)}
        if not matching:
            raise ValueError(f"case {name!r} is played for an unknown requirement {wanted!r}")
        found |= matching
    return Case(name, play, frozenset(found), frozenset(needs), slow, thorough)


def every_message() -> frozenset[str]:
    """Return the requirements that any message shows: form, address, and what any trace shows."""
    return frozenset(
        requirement.id
        for requirement in registry().requirements.values()
        if requirement.role in (Role.MESSAGE, Role.TRACE) or requirement.id.startswith("http.")
    )
