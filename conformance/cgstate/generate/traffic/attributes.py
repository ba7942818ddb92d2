"""Attributes that are absent, unknown ones, and the statistics."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import cycle
from typing import Any

from cgstate.evidence import Dialing
from cgstate.generate.group import GroupChoice
from cgstate.generate.kinds import STATISTICS
from cgstate.generate.traffic.life import ORDINARY, PREDICT, Life
from cgstate.generate.traffic.scope import Scope
from cgstate.sending import Parcel
from cgstate.specification.codes import PREDICTIVE

_TAG = "attributes"
LARGEST = 10**10
"""Of a statistic that any receiver has to take: no limit is documented, and a sensible column has one."""
_METHOD, _GOAL = "GSW_OPTIMIZE_BY", "GSW_OPTIMIZE_GOAL"

UNKNOWN: Mapping[str, Any] = {
    "GSW_CAMPAIGN_GROUP_DBID": 732,
    "GSW_CALL_RESULT_TEXT": "busy, then answered",
    "GSW_IS_SCHEDULED": True,
    "GSW_LISTS": [101, 102],
    "GSW_SITE": {"name": "north", "agents": 25},
    "GSW_NOTE": None,
}
"""Attributes that nobody knows: one type each, so that a store which types its fields can keep them."""


def absent(scope: Scope) -> tuple[Parcel, ...]:
    """Return lives of groups without a campaign or template, and messages without the dialing of a running group.

    With `Scope.names` names are absent only from groups that are declared without.
    """
    life = Life(scope, _TAG, "accepts.absent-attributes")
    for life.group in _unnamed(scope):
        life.load()
        life.unload()
    life.group = scope.group()
    for dialing in _predictive(scope):
        life.load()
        life.start(dialing, without=(_METHOD,))
        life.set(dialing, without=(_GOAL,))
        life.set(None)
        if not scope.fast:
            life.periodic()
            life.set(dialing, without=(_METHOD, _GOAL))
            life.periodic(without=(_METHOD, _GOAL))
        life.unload()
    return tuple(life.parcels)


def unknown(scope: Scope) -> tuple[Parcel, ...]:
    """Return a life whose every message has an attribute that nobody knows, of another type each, never first."""
    life = Life(scope, _TAG, "accepts.unknown-attributes")
    one = cycle({name: value} for name, value in UNKNOWN.items())
    for turn in range(1 if scope.fast else len(UNKNOWN)):
        life.group = scope.group(turn)
        life.load(more=next(one))
        life.periodic(more=next(one))
        life.start(more=next(one))
        life.periodic(more=next(one))
        life.stop(more=next(one))
        life.unload(more=next(one))
        if not scope.fast:
            next(one)  # so that each has its turn in each message
    if not scope.fast:
        life.load(more=UNKNOWN)
        life.unload(more=UNKNOWN)
    return tuple(life.parcels)


def statistics(scope: Scope) -> tuple[Parcel, ...]:
    """Return messages with the four statistics, all of one kind or one of them alone, in events and between them."""
    draw = scope.random("statistics")
    large = draw.choice([LARGEST, 2**32, 2**31])
    kinds: tuple[Any, ...] = (None, 0, large, draw.randint(2, 10_000))
    if not scope.fast:
        kinds = (*kinds, LARGEST, 1e9, 0.000_1, 1e-7, draw.random(), 1.75, 99_999.999)
    alone = [{name: ORDINARY[name]} for name in STATISTICS]
    draw.shuffle(alone)
    life = Life(scope, _TAG, "accepts.statistics")
    life.load(statistics=alone[0])
    life.start(statistics=alone[1])
    for kind in kinds:
        life.periodic(dict.fromkeys(STATISTICS, kind))
        if not scope.fast:
            for name in STATISTICS:
                life.periodic({name: kind})
                life.periodic(ORDINARY | {name: kind})
    life.stop(statistics=alone[2])
    life.periodic(alone[3])
    life.unload(statistics=ORDINARY)
    return tuple(life.parcels)


def _unnamed(scope: Scope) -> Iterator[GroupChoice]:
    if scope.names is not None:
        declared = scope.names.groups()
        yield from (group for group in declared if None in {group.campaign_name, group.campaign_template_name})
        return
    plain = scope.group()
    yield replace(plain, campaign_name=None)
    yield replace(plain, campaign_template_name=None)
    if not scope.fast:
        yield replace(plain, campaign_name=None, campaign_template_name=None)


def _predictive(scope: Scope) -> tuple[Dialing, ...]:
    return (PREDICT,) if scope.fast else tuple(replace(PREDICT, dial_mode=int(mode)) for mode in sorted(PREDICTIVE))
