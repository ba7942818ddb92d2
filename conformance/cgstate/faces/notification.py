"""A notification as one line: for somebody who watches them come."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import IntEnum

from cgstate.evidence import Exchange
from cgstate.faces.text import printable
from cgstate.judge.ruling import Ruling
from cgstate.specification.codes import Action, DialMode, GroupState
from cgstate.specification.registry import Level, Requirement

_LONGEST_NAME = 40


def notification_lines(
    exchange: Exchange,
    value: Mapping[str, object] | None,
    rulings: Sequence[Ruling],
    requirements: Mapping[str, Requirement],
) -> Iterator[str]:
    """Return one printable line that says when, which group, which state, action and mode; then one for each fault.

    `rulings` are those on this exchange. The time is local: it stands beside the clock of whoever watches.
    """
    faults = {ruling.requirement: ruling.fault for ruling in rulings if ruling.fault is not None}
    failed = sum(1 for name in faults if requirements[name].level is Level.MUST)
    verdict = "ok" if not faults else f"{failed} failed" if failed else f"{len(faults)} warned"
    yield "  ".join([_time(exchange.arrival), *_told(value or {}), verdict])
    for name, fault in faults.items():
        word = {Level.MUST: "failed", Level.SHOULD: "warned", Level.MAY: "note"}[requirements[name].level]
        yield printable(f"  {word}  {name}: {fault.sentence} (expected {fault.expected}; seen {fault.seen})")


def _time(arrival: float | None) -> str:
    if arrival is None:
        return "--:--:--.---"
    return datetime.fromtimestamp(arrival).astimezone().strftime("%H:%M:%S.%f")[:-3]


def _told(value: Mapping[str, object]) -> list[str]:
    name = value.get("GSW_CAMPAIGN_GROUP_NAME")
    shown = printable(name) if isinstance(name, str) else "(no group name)"
    told = [shown if len(shown) <= _LONGEST_NAME else f"{shown[: _LONGEST_NAME - 3]}..."]
    state = _code(GroupState, value.get("GSW_CAMPAIGN_GROUP_STATE"))
    action = _code(Action, value.get("GSW_CAMPAIGN_GROUP_ACTION"))
    told.append(f"{state} ({action})")
    if "GSW_DIAL_MODE" in value:
        told.append(_code(DialMode, value["GSW_DIAL_MODE"]))
    return told


def _code(codes: type[IntEnum], value: object) -> str:
    """Return the code's name as the specification writes it, else the value."""
    names = {code.value: code.name for code in codes}
    if isinstance(value, int) and not isinstance(value, bool) and value in names:
        return "".join(part.capitalize() for part in names[value].split("_"))
    if isinstance(value, (dict, list)):
        return "?"
    return "?" if value is None else printable(str(value)[:20])
