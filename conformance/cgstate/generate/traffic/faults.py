"""Messages with one fault each, of every kind that the schema knows, and the same messages without it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle, islice
from random import Random
from types import MappingProxyType
from typing import Any, Final

from cgstate.generate.faults import BROKEN, Fault
from cgstate.generate.kinds import KINDS, Message
from cgstate.generate.traffic.life import ORDINARY, PREDICT, PROGRESS, Life, encoded
from cgstate.generate.traffic.marks import NAME_ATTRIBUTES
from cgstate.generate.traffic.scope import Scope
from cgstate.sending import Expect, Parcel
from cgstate.specification.codes import Action, GroupState

REJECTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "present": "rejects.missing-attribute",
        "string": "rejects.wrong-type",
        "integer": "rejects.wrong-type",
        "number": "rejects.wrong-type",
        "known-code": "rejects.unknown-code",
        "only-when-running": "rejects.contradiction",
        "only-when-predictive": "rejects.contradiction",
        "form": "rejects.malformed-time",
        "length": "rejects.too-long",
        "not-negative": "rejects.negative-statistic",
    }
)
"""What the id of a broken rule ends in, to the requirement of receivers that is about it."""

_GUID: Final = "GSW_CAMPAIGN_GROUP_GUID"
_NAMES: Final = frozenset({*NAME_ATTRIBUTES, "GSW_TENANT_CCID", _GUID})
_SHOWN: Final = 40
_FEW_KINDS: Final = ("stopped", "started, predictive", "mode set, not predictive")

Chosen = tuple[Fault, int]
"""A fault and which of its values."""


def one_fault(scope: Scope) -> tuple[Parcel, ...]:
    """Return a life, and after its messages the same ones with one fault each; their time is another one.

    So each faulty one would be lawful where it stands, were it right. With `Scope.fast` every kind of fault once, else
    with every value of its table and in every kind of message that it can stand in. With `Scope.names` what would be
    another name than the declared ones is left out.
    """
    group = scope.group()
    if scope.names is None:
        group = replace(group, name=f"{scope.guid_prefix}{group.name}")
    faults = [fault for fault in BROKEN if scope.names is None or not _other_name(fault)]
    chosen = _once(faults, scope.random("one fault")) if scope.fast else _all(faults)
    life = Life(scope, "faults", group=group)
    for kind in _few(life) if scope.fast else _many(life):
        twin = life.parcels[-1]
        for fault, turn in chosen.pop(kind, ()):
            values = values_of(fault, life.message)
            life.parcels.append(faulty(life, fault, values[turn % len(values)], REJECTS[_rule(fault)], twin=twin))
    return tuple(life.parcels)


def faulty(
    life: Life,
    fault: Fault,
    value: Any,  # noqa: ANN401 - any JSON value
    requirement: str,
    *,
    expect: Expect = Expect.REFUSED,
    twin: Parcel | None = None,
) -> Parcel:
    """Return the life's last message with that fault, which is sent for the requirement."""
    number = life.scope.number()
    message = {**life.message, "GSW_DATE_TIME": life.scope.date_time(number), **(fault.first or {})}
    if fault.values:
        message[fault.attribute] = value
    else:
        del message[fault.attribute]
    return Parcel(
        number,
        requirement,
        expect,
        encoded(message),
        "" if fault.attribute == _GUID else life.guid,
        breaks=fault.requirement,
        fault=_in_words(fault, message),
        twin=twin.number if twin is not None else 0,
    )


def values_of(fault: Fault, message: Message) -> tuple[Any, ...]:
    """Return the values of a fault in a message; first the one that hides behind no other fault.

    Who takes a text for a number takes ``"5"`` for a state, but finds that it is no action: the message's own value
    as a text, or its time as a number, shows a lenient receiver in any case. That null is no dial mode shows the least.
    """
    if not fault.values:
        return (None,)
    own = message.get(fault.attribute, 0)
    if _rule(fault) == "integer":
        return (str(own), *fault.values)
    if fault.requirement == "date-time.string":
        return (float(own), *fault.values)
    return (*(value for value in fault.values if value is not None), *([None] if None in fault.values else []))


def _once(faults: Sequence[Fault], draw: Random) -> dict[str, list[Chosen]]:
    """Choose a message for each fault, and one of its values: of those that show the most, and are ASCII.

    Who stumbles over other characters does so over legal names: that is no other fault.
    """
    chosen: dict[str, list[Chosen]] = {kind: [] for kind in _FEW_KINDS}
    for fault in faults:
        kind = draw.choice([kind.words for kind in fault.kinds if kind.words in chosen])
        telling = _rule(fault) == "integer" or fault.requirement == "date-time.string"
        showing = [turn for turn, value in enumerate(values_of(fault, {})) if value is not None and _is_ascii(value)]
        chosen[kind].append((fault, 0 if telling or not showing else draw.choice(showing)))
    return chosen


def _all(faults: Sequence[Fault]) -> dict[str, list[Chosen]]:
    """Choose every value and every kind of message, though not every one in every other."""
    chosen: dict[str, list[Chosen]] = {kind.words: [] for kind in KINDS}
    for fault in faults:
        times = max(len(fault.values) + 1, len(fault.kinds))
        for turn, kind in enumerate(islice(cycle(fault.kinds), times)):
            chosen[kind.words].append((fault, turn))
    return chosen


def _few(life: Life) -> Iterator[str]:
    """Live, and say after each message which kind it is."""
    life.load()
    yield "loaded"
    life.start(statistics=ORDINARY)
    yield "started, predictive"
    life.set(PROGRESS, statistics=ORDINARY)
    yield "mode set, not predictive"
    life.stop(statistics=ORDINARY)
    yield "stopped"
    life.unload()
    yield "unloaded"


def _many(life: Life) -> Iterator[str]:
    """The same by way of every kind of message."""
    for state, kind in ((GroupState.ACTIVE, "loaded"), (GroupState.INACTIVE, "loaded or stopped, inactive")):
        life.load(state, statistics=ORDINARY)
        yield kind
        if state is GroupState.ACTIVE:
            life.periodic()
            yield "periodic, active"
            for dialing, words in ((PREDICT, "predictive"), (PROGRESS, "not predictive")):
                life.start(dialing, statistics=ORDINARY)
                yield f"started, {words}"
                life.periodic()
                yield f"periodic, {words}"
                life.set(dialing, statistics=ORDINARY)
                yield f"mode set, {words}"
                life.stop(statistics=ORDINARY)
                yield "stopped"
            life.start()
            life.stop(GroupState.UNKNOWN, statistics=ORDINARY)
            yield "state unknown"
        life.say(GroupState.WAITING_UNLOAD, Action.UNLOAD, ORDINARY)
        yield "draining"
        life.say(GroupState.UNLOAD_IN_PROGRESS, Action.UNLOAD, ORDINARY)
        yield "unloading"
        life.unload(statistics=ORDINARY)
        yield "unloaded"


def _other_name(fault: Fault) -> bool:
    """Whether the message would have another name than its group, or be recognised by another one."""
    return fault.attribute == _GUID or (fault.attribute in _NAMES and bool(fault.values))


def _is_ascii(value: object) -> bool:
    return not isinstance(value, str) or value.isascii()


def _rule(fault: Fault) -> str:
    return fault.requirement.rpartition(".")[2]


def _in_words(fault: Fault, message: Message) -> str:
    if not fault.values:
        return f"{fault.attribute} is missing"
    value = message[fault.attribute]
    match _rule(fault):
        case "length":
            return f"{fault.attribute} has {len(value)} characters"
        case "only-when-running":
            return f"{fault.attribute} is sent in state {message['GSW_CAMPAIGN_GROUP_STATE']}"
        case "only-when-predictive":
            mode = message.get("GSW_DIAL_MODE")
            return f"{fault.attribute} is sent " + ("without a dial mode" if mode is None else f"in dial mode {mode}")
    text = json.dumps(value)
    return f"{fault.attribute} is {text if len(text) <= _SHOWN else text[:_SHOWN] + '...'}"
