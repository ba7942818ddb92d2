"""Every kind of legal message, as a table; no Hypothesis."""

from dataclasses import dataclass
from typing import Any

from cgstate.evidence import Dialing, GroupConfiguration
from cgstate.generate.group import GroupChoice
from cgstate.specification.codes import PREDICTIVE, Action, DialMode, GroupState

Message = dict[str, Any]

STATISTICS = ("GSW_STAT_BUSY_FACTOR", "GSW_STAT_OVERDIAL_RATE", "GSW_STAT_HIT_RATIO", "GSW_STAT_TIME_TO_COMPLETE")
"""Attributes of periodic messages, which may stand in any."""

_PREDICTIVE = frozenset(int(mode) for mode in PREDICTIVE)
_OTHERS = frozenset(int(mode) for mode in DialMode) - _PREDICTIVE
_ANY = tuple(Action)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message: a branch of its own, so that none is rare."""

    words: str
    state: GroupState
    actions: tuple[Action, ...]
    modes: frozenset[int] = frozenset()
    """The dial modes it may have; empty: it has none."""
    periodic: bool = False
    """Whether statistics always stand in it."""


KINDS = (
    Kind("loaded", GroupState.ACTIVE, (Action.LOAD,)),
    Kind("started, predictive", GroupState.RUNNING, (Action.START,), _PREDICTIVE),
    Kind("started, not predictive", GroupState.RUNNING, (Action.START,), _OTHERS),
    Kind("mode set, predictive", GroupState.RUNNING, (Action.SET_DIALING_MODE,), _PREDICTIVE),
    Kind("mode set, not predictive", GroupState.RUNNING, (Action.SET_DIALING_MODE,), _OTHERS),
    Kind("stopped", GroupState.ACTIVE, (Action.STOP,)),
    Kind("unloaded", GroupState.NOT_LOADED, (Action.UNLOAD,)),
    Kind("draining", GroupState.WAITING_UNLOAD, (Action.UNLOAD,)),
    Kind("unloading", GroupState.UNLOAD_IN_PROGRESS, (Action.UNLOAD,)),
    Kind("periodic, active", GroupState.ACTIVE, _ANY, periodic=True),
    Kind("periodic, predictive", GroupState.RUNNING, _ANY, _PREDICTIVE, periodic=True),
    Kind("periodic, not predictive", GroupState.RUNNING, _ANY, _OTHERS, periodic=True),
    Kind("loaded or stopped, inactive", GroupState.INACTIVE, (Action.LOAD, Action.STOP)),
    Kind("state unknown", GroupState.UNKNOWN, (Action.LOAD, Action.STOP)),
)
"""Every kind of legal message; the last two are codes that nothing is said about, so a receiver takes them too."""


def dialing_of(dialing: Dialing) -> Message:
    """Return the attributes that say how a running group dials."""
    written: Message = {"GSW_DIAL_MODE": dialing.dial_mode}
    if dialing.optimize_by is not None:
        written["GSW_OPTIMIZE_BY"] = dialing.optimize_by
    if dialing.optimize_goal is not None:
        written["GSW_OPTIMIZE_GOAL"] = dialing.optimize_goal
    return written


def naming_of(group: GroupConfiguration | GroupChoice, guid: str) -> Message:
    """Return the attributes that say which group it is; the optional ones where they are configured."""
    written: Message = {
        "GSW_TENANT_NAME": "undefined" if group.tenant_name is None else group.tenant_name,
        "GSW_TENANT_CCID": group.tenant_ccid,
        "GSW_CAMPAIGN_GROUP_NAME": group.name,
        "GSW_CAMPAIGN_GROUP_GUID": guid,
        "GSW_GROUP_NAME": group.group_name,
    }
    if group.campaign_name is not None:
        written["GSW_CAMPAIGN_NAME"] = group.campaign_name
    if group.campaign_template_name is not None:
        written["GSW_CAMPAIGN_TEMPLATE_NAME"] = group.campaign_template_name
    written["GSW_QUEUE_NAME"] = group.queue_name
    return written
