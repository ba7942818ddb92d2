"""How an emitter shows in what it sent that leaves an attribute out, or sends one of another type or code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selftest.reference.broken_seen import lacking, of_type

if TYPE_CHECKING:
    from selftest.reference.broken_seen import Wrong

_STATE, _ACTION, _ACTOR = "GSW_CAMPAIGN_GROUP_STATE", "GSW_CAMPAIGN_GROUP_ACTION", "GSW_CAMPAIGN_GROUP_ACTOR"
_MODE, _METHOD, _GOAL = "GSW_DIAL_MODE", "GSW_OPTIMIZE_BY", "GSW_OPTIMIZE_GOAL"

WRONG: Wrong = {
    # Left out.
    "leaves-out-action": lambda seen: lacking(_ACTION, seen.periodic),
    "leaves-out-actor": lambda seen: lacking(_ACTOR, seen.said),
    "leaves-out-campaign-group-name": lambda seen: lacking("GSW_CAMPAIGN_GROUP_NAME", seen.said),
    "leaves-out-ccid": lambda seen: lacking("GSW_TENANT_CCID", seen.periodic),
    "leaves-out-group-name": lambda seen: lacking("GSW_GROUP_NAME", seen.said),
    "leaves-out-guid-after-unload": lambda seen: lacking(
        "GSW_CAMPAIGN_GROUP_GUID", [one for one in seen.said if one[_STATE] == 0]
    ),
    "leaves-out-queue-name": lambda seen: lacking("GSW_QUEUE_NAME", [one for one in seen.said if one[_STATE] == 4]),
    "leaves-out-state": lambda seen: lacking(_STATE, seen.periodic),
    "leaves-out-time": lambda seen: lacking("GSW_DATE_TIME", seen.periodic),
    "periodic-without-campaign": lambda seen: lacking("GSW_CAMPAIGN_NAME", seen.periodic),
    "omits-state-zero": lambda seen: lacking(_STATE, [one for one in seen.said if one[_ACTION] == 8]),
    # Left out of a group that runs.
    "changes-without-mode": lambda seen: lacking(_MODE, [one for one in seen.said if one[_ACTION] == 11]),
    "goal-without-method": lambda seen: any(_GOAL in one and _METHOD not in one for one in seen.said),
    "method-without-goal": lambda seen: any(_METHOD in one and _GOAL not in one for one in seen.periodic),
    "mode-in-events-only": lambda seen: lacking(_MODE, [one for one in seen.periodic if one[_STATE] == 5]),
    "mode-ten-not-predictive": lambda seen: any(one.get(_MODE) == 10 and _METHOD not in one for one in seen.said),
    "omits-goal-zero": lambda seen: any(one.get(_METHOD) == 0 and _GOAL not in one for one in seen.said),
    "omits-method-zero": lambda seen: any(one.get(_GOAL) == 0 and _METHOD not in one for one in seen.said),
    # There, where it should not be.
    "goal-of-every-mode": lambda seen: any(one.get(_MODE) == 4 and _GOAL in one for one in seen.said),
    "optimizes-when-stopped": lambda seen: any(one[_STATE] == 4 and _METHOD in one for one in seen.said),
    "null-goal": lambda seen: any(one.get(_GOAL, 0) is None for one in seen.said),
    # Of another type.
    "action-by-name": lambda seen: "CM_ReqLoadCampaign" in of_type(str, _ACTION, seen.said),
    "actor-by-name": lambda seen: "schedule" in of_type(str, _ACTOR, seen.said),
    "dial-mode-as-string": lambda seen: "4" in of_type(str, _MODE, seen.said),
    "dial-mode-by-name": lambda seen: "ProgressAndSeize" in of_type(str, _MODE, seen.said),
    "goal-with-percent-sign": lambda seen: "83 %" in of_type(str, _GOAL, seen.said),
    "guid-in-an-object": lambda seen: bool(of_type(dict, "GSW_CAMPAIGN_GROUP_GUID", seen.said)),
    "goal-as-fraction": lambda seen: 0.83 in of_type(float, _GOAL, seen.said),
    "method-by-name": lambda seen: "BusyFactor" in of_type(str, _METHOD, seen.said),
    "method-as-boolean": lambda seen: True in of_type(bool, _METHOD, seen.said),
    "milliseconds-as-integer": lambda seen: bool(of_type(int, "GSW_DATE_TIME", seen.said)),
    "name-in-two-parts": lambda seen: ["Group2"] in of_type(list, "GSW_CAMPAIGN_GROUP_NAME", seen.said),
    "null-action": lambda seen: None in of_type(type(None), _ACTION, seen.periodic),
    "null-guid-after-unload": lambda seen: bool(of_type(type(None), "GSW_CAMPAIGN_GROUP_GUID", seen.said)),
    "null-queue-name": lambda seen: bool(of_type(type(None), "GSW_QUEUE_NAME", seen.said)),
    "null-template-name": lambda seen: bool(of_type(type(None), "GSW_CAMPAIGN_TEMPLATE_NAME", seen.said)),
    "null-tenant-name": lambda seen: bool(of_type(type(None), "GSW_TENANT_NAME", seen.said)),
    "number-for-ccid": lambda seen: bool(of_type(int, "GSW_TENANT_CCID", seen.said)),
    "number-for-group-name": lambda seen: bool(of_type(int, "GSW_GROUP_NAME", seen.said)),
    "state-by-name": lambda seen: "RUNNING" in of_type(str, _STATE, seen.said),
    "time-as-number": lambda seen: bool(of_type(float, "GSW_DATE_TIME", seen.said)),
    # Of another code.
    "flag-in-dial-mode": lambda seen: 257 in of_type(int, _MODE, seen.said),
    "forced-unload": lambda seen: 29 in of_type(int, _ACTION, seen.said),
    "no-method-as-minus-one": lambda seen: -1 in of_type(int, _METHOD, seen.said),
    "no-request-as-zero": lambda seen: 0 in of_type(int, _ACTION, seen.periodic),
    "nobody-as-minus-one": lambda seen: -1 in of_type(int, _ACTOR, seen.periodic),
    "stopped-as-state-six": lambda seen: 6 in of_type(int, _STATE, seen.said),
}
