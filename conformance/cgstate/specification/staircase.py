"""How much of the specification each step of building an emitter already shows.

Whoever has nothing yet begins with one message; each step further lets the same judge see more. Computed
from role, layer and needs of the requirements, so it cannot drift from them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cgstate.specification.registry import Level, Requirement, Role, registry

_WATCHED = frozenset({"http"})
_READ = frozenset({"bytes", "json", "schema"})


@dataclass(frozen=True, slots=True)
class Stair:
    """One step."""

    number: int
    what: str
    """What there is to have, for somebody who writes an emitter."""
    command: str
    """What judges it."""
    adds: tuple[Requirement, ...]
    """The requirements that it exercises and no step before it does."""

    def count(self, level: Level) -> int:
        """Return how many requirements of a level it adds."""
        return sum(1 for requirement in self.adds if requirement.level is level)


def _message(requirement: Requirement) -> bool:
    return requirement.role is Role.MESSAGE and requirement.layer in _READ


def _traffic(requirement: Requirement) -> bool:
    return requirement.layer in _WATCHED or requirement.role is Role.TRACE


def _driven(requirement: Requirement) -> bool:
    return requirement.role is Role.EMITTER and not requirement.needs


def _hook(*hooks: str) -> Callable[[Requirement], bool]:
    return lambda requirement: requirement.role is Role.EMITTER and set(requirement.needs) <= set(hooks)


_RUN = "cgstate run --emitter URI"
_STEPS: tuple[tuple[str, str, Callable[[Requirement], bool]], ...] = (
    ("messages in a file, one or many", "cgstate check FILE", _message),
    ("messages sent by POST", "cgstate watch --listen HOST:PORT", _traffic),
    ("the five POSTs of the control API", f"{_RUN} --groups FILE --allow-dialing", _driven),
    ("hook `groups`", _RUN, _hook("groups")),
    ("hook `options`", _RUN, _hook("groups", "options")),
    ("hook `automatic`", _RUN, _hook("groups", "options", "automatic")),
    ("hook `drain`", _RUN, _hook("groups", "options", "automatic", "drain")),
    ("`actors` declared", _RUN, _hook("groups", "options", "automatic", "drain", "actors")),
)


def staircase() -> tuple[Stair, ...]:
    """Return the steps in order; together they exercise every requirement of messages, traces and emitters."""
    left = [r for r in registry().requirements.values() if r.role is not Role.RECEIVER and r.replaced_by is None]
    stairs = []
    for number, (what, command, exercised) in enumerate(_STEPS, start=1):
        adds = tuple(requirement for requirement in left if exercised(requirement))
        left = [requirement for requirement in left if requirement not in adds]
        stairs.append(Stair(number, what, command, adds))
    return tuple(stairs)
