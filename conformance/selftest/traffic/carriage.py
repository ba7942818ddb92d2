"""The traffic of a whole run for these tests: every case's parcels, and what their bodies say."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from cgstate.evidence import Exchange, GroupConfiguration, Traits
from cgstate.generate import traffic
from cgstate.generate.traffic import Names, Scope
from cgstate.judge.message import Message, read_message
from cgstate.judge.ruling import one_fault_one_accusation
from cgstate.sending import Delivery, Expect, Parcel
from cgstate.specification.registry import registry

LEGAL_CASES: Mapping[str, Callable[[Scope], tuple[Parcel, ...]]] = MappingProxyType(
    {
        case.__name__: case
        for case in (
            traffic.whole_lives,
            traffic.combinations,
            traffic.actors,
            traffic.names,
            traffic.absent,
            traffic.statistics,
            traffic.forms,
            traffic.repetition,
            traffic.unknown,
            traffic.kept_alive,
            traffic.side_by_side,
            traffic.dropped,
            traffic.chunked,
            traffic.nul,
        )
    }
)
CASES = MappingProxyType(
    {
        **LEGAL_CASES,
        **{
            case.__name__: case
            for case in (
                traffic.impossible,
                traffic.one_fault,
                traffic.unreadable,
                traffic.other_methods,
                traffic.cut_short,
                traffic.either,
            )
        },
    }
)
"""All but the flood, in the order in which a run sends them."""

NOW = 1_795_427_046.5
_TRAITS = Traits("a run", complete_from_start=True, has_bytes=True, has_request=True)
DECLARED = GroupConfiguration(
    1, 2, "Renewals@Agents", "Agents", "Renewals", None, "8001", "Environment", "101", 1, 1, 80
)
OTHER = GroupConfiguration(
    1, 3, "Весна@Agents", "Agents", None, "Outbound", "8002", None, "", 1, 1, 80, unknown=frozenset({"tenant_ccid"})
)


def scope(seed: int = 0, *, fast: bool = True, names: Names | None = None) -> Scope:
    return Scope("abc123", seed, fast=fast, names=names, now=NOW)


def all_of(
    made_with: Scope, cases: Mapping[str, Callable[[Scope], tuple[Parcel, ...]]] = CASES
) -> dict[str, tuple[Parcel, ...]]:
    return {name: case(made_with) for name, case in cases.items()}


def flat(by_case: Mapping[str, tuple[Parcel, ...]]) -> list[Parcel]:
    return [parcel for parcels in by_case.values() for parcel in parcels]


def is_legal(parcel: Parcel) -> bool:
    return parcel.expect is Expect.TAKEN


def says(parcel: Parcel) -> dict[str, Any]:
    value = json.loads(parcel.body)
    assert isinstance(value, dict)
    return value


def read(parcel: Parcel) -> Message:
    exchange = Exchange(
        parcel.number, parcel.body, method=parcel.method, target="/", version="HTTP/1.1", headers=parcel.headers
    )
    return read_message(exchange, _TRAITS)


def broken_by(parcel: Parcel) -> set[str]:
    """What the suite's own judge finds wrong with it, one accusation for each fault."""
    rulings = one_fault_one_accusation(read(parcel).rulings, registry().prerequisites)
    return {ruling.requirement for ruling in rulings if ruling.fault is not None}


def arrives(parcel: Parcel) -> bool:
    return parcel.delivery in {Delivery.WHOLE, Delivery.CHUNKED}
