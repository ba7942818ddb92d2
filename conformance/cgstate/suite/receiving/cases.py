"""The cases of a run against a receiver, in the order in which they are sent.

Legal traffic comes first and its plainest messages before all: a store that learns its types from what comes first
has to learn them from legal messages. What is no notification comes last.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from cgstate.generate import traffic
from cgstate.generate.traffic import Scope
from cgstate.sending import Parcel
from cgstate.specification.registry import Role, registry


@dataclass(frozen=True, slots=True)
class Case:
    """Parcels that are sent together."""

    name: str
    parcels: Callable[[Scope], tuple[Parcel, ...]]
    requirements: frozenset[str]
    """What it is sent for."""
    slow: bool = False
    """Left out by ``--fast``."""
    harsh: bool = False
    """Left out by ``--gentle``."""
    hostile: bool = False
    """Whether something in it is no notification: after it the receiver is asked whether it is alive."""


@cache
def cases() -> tuple[Case, ...]:
    """Return all cases."""

    def case(
        name: str,
        parcels: Callable[[Scope], tuple[Parcel, ...]],
        *requirements: str,
        slow: bool = False,
        harsh: bool = False,
        hostile: bool = False,
    ) -> Case:
        return Case(name, parcels, _ids(requirements), slow, harsh, hostile)

    def hostile(name: str, parcels: Callable[[Scope], tuple[Parcel, ...]], *requirements: str) -> Case:
        more = ("accepts.after-fault", "stored.only-accepted")
        return case(name, parcels, *requirements, *more, harsh=True, hostile=True)

    stored = ("stored.every", "stored.once", "stored.unaltered", "stored.order")
    legal = ("accepts.life-cycle", "answers.promptly", *stored)
    return (
        case(FIRST, traffic.whole_lives, *legal),
        case(
            "combinations of state, action, actor, dial mode and method",
            traffic.combinations,
            "accepts.states",
            "accepts.actions",
            "accepts.dial-modes",
            "accepts.methods",
            *legal,
        ),
        case("actors", traffic.actors, "accepts.actors"),
        case("names", traffic.names, "accepts.names", "accepts.undefined-tenant"),
        case("absent attributes", traffic.absent, "accepts.absent-attributes"),
        case("statistics", traffic.statistics, "accepts.statistics"),
        case("the same JSON written otherwise", traffic.forms, "accepts.forms"),
        case("the same values twice", traffic.repetition, "accepts.repetition", "stored.repetition"),
        case("unknown attributes", traffic.unknown, "accepts.unknown-attributes", "stored.unknown-attributes"),
        case("a connection that is kept", traffic.kept_alive, "accepts.kept-alive"),
        case("connections side by side", traffic.side_by_side, "accepts.connections"),
        case("a connection that is dropped", traffic.dropped, "accepts.after-dropped", "stored.only-accepted"),
        case("a flood of periodic messages", traffic.flood, "accepts.flood", "stored.every", slow=True, harsh=True),
        case("a chunked body", traffic.chunked, "accepts.chunked"),
        case("U+0000 in a name", traffic.nul, "accepts.nul", "stored.nul"),
        case("combinations that no life cycle has", traffic.impossible, "survives.impossible-combinations"),
        hostile(
            "one fault",
            traffic.one_fault,
            "rejects.missing-attribute",
            "rejects.wrong-type",
            "rejects.unknown-code",
            "rejects.contradiction",
            "rejects.malformed-time",
            "rejects.too-long",
            "rejects.negative-statistic",
        ),
        hostile("unreadable bodies", traffic.unreadable, "rejects.unreadable"),
        hostile("other methods", traffic.other_methods, "rejects.other-methods"),
        hostile("a body cut short", traffic.cut_short, "rejects.cut-short"),
        hostile(
            "what may be taken or refused",
            traffic.either,
            "survives.large-body",
            "survives.deep-nesting",
            "survives.duplicate-keys",
            "survives.content-type",
        ),
    )


FIRST = "whole lives"
"""The case that is always sent, and first: every other requirement depends on what it shows."""


def _ids(requirements: tuple[str, ...]) -> frozenset[str]:
    known = {r.id for r in registry().requirements.values() if r.role is Role.RECEIVER}
    unknown = sorted(set(requirements) - known)
    if unknown:
        raise ValueError(f"no requirement of receivers: {unknown[0]}")
    return frozenset(requirements)
