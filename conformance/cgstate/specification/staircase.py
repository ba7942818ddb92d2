"""How much of the specification each step of building an emitter, or a receiver, already shows.

Whoever has no emitter yet begins with one message; each step further lets the same judge see more. Computed
from role, layer, needs and facts of the requirements, so it cannot drift from them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cgstate.specification.registry import Level, Requirement, Role, registry

_WATCHED = frozenset({"http"})
_READ = frozenset({"bytes", "json", "schema"})


@dataclass(frozen=True, slots=True)
class Stair:
    """One step."""

    number: int
    what: str
    """What there is to have, for somebody who writes an emitter or a receiver."""
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


def _taken(requirement: Requirement) -> bool:
    """Say whether ``--gentle``, which sends no flood and nothing but what some life may hold, shows it."""
    return _answered(requirement) and not {"fact.not-a-notification", "fact.flood"} & set(requirement.facts)


def _answered(requirement: Requirement) -> bool:
    return requirement.layer in _WATCHED


def _stored(requirement: Requirement) -> bool:
    return requirement.layer == "readback"


_DRIVE, _SEND = "cgstate run --emitter URI", "cgstate run --receiver URI"
STEPS: Mapping[Role, tuple[tuple[str, str, Callable[[Requirement], bool]], ...]] = MappingProxyType(
    {
        Role.EMITTER: (
            ("messages in a file, one or many", "cgstate check FILE", _message),
            ("messages sent by POST", "cgstate watch --listen HOST:PORT", _traffic),
            ("the five POSTs of the control API", f"{_DRIVE} --groups FILE --allow-dialing", _driven),
            ("hook `groups`", _DRIVE, _hook("groups")),
            ("hook `options`", _DRIVE, _hook("groups", "options")),
            ("hook `automatic`", _DRIVE, _hook("groups", "options", "automatic")),
            ("hook `drain`", _DRIVE, _hook("groups", "options", "automatic", "drain")),
            ("`actors` declared", _DRIVE, _hook("groups", "options", "automatic", "drain", "actors")),
        ),
        Role.RECEIVER: (
            ("a URI that takes notifications", f"{_SEND} --gentle", _taken),
            ("the same, where floods and hostile bodies do no harm", _SEND, _answered),
            ("a way to read back what is stored", f"{_SEND} --readback URI", _stored),
        ),
    }
)
"""Under the role that is built, the steps: what there is, what judges it, what that exercises."""


def staircase(role: Role = Role.EMITTER) -> tuple[Stair, ...]:
    """Return the steps of building an emitter, or a receiver, in order.

    Together an emitter's exercise every requirement of messages, traces and emitters, and a receiver's its own.
    """
    of_receivers = role is Role.RECEIVER
    left = [
        requirement
        for requirement in registry().requirements.values()
        if (requirement.role is Role.RECEIVER) == of_receivers and requirement.replaced_by is None
    ]
    stairs = []
    for number, (what, command, exercised) in enumerate(STEPS[role], start=1):
        adds = tuple(requirement for requirement in left if exercised(requirement))
        left = [requirement for requirement in left if requirement not in adds]
        stairs.append(Stair(number, what, command, adds))
    return tuple(stairs)
