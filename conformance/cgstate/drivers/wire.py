"""The control API's JSON: from our values to its fields, and from its declarations to our values."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cgstate.drivers.driver import DriverTrouble, Options
from cgstate.drivers.nearest import nearest
from cgstate.evidence import Cause, Dialing, GroupConfiguration
from cgstate.specification.codes import Action, DialMode

CAPABILITIES = frozenset({"options", "groups", "automatic", "drain"})
"""The test hooks an emitter may have."""

ENABLED = "send-campaigngroup-states"
URI = "campaigngroup-states-uri"
INTERVAL = "campaigngroup-states-interval"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an emitter declares of itself in ``GET {base}/conformance``."""

    capabilities: frozenset[str] = frozenset()
    actors: Mapping[str, int] | None = None
    dial_modes: frozenset[int] | None = None
    acts_by_itself: bool = True
    """False where it is declared that the emitter never acts by schedule or by a condition of the group."""


def data_of(key: tuple[int, int], dialing: Dialing | None = None) -> dict[str, Any]:
    """Return the body of a client request; without `dialing` that of load, stop and unload."""
    data: dict[str, Any] = {"campaignId": key[0], "groupId": key[1]}
    if dialing is None:
        data["requestProperties"] = []
    else:
        data["dialMode"] = dialing.dial_mode
        if dialing.optimize_by is not None:
            data["optimizeBy"] = dialing.optimize_by
        if dialing.optimize_goal is not None:
            data["optimizeGoal"] = dialing.optimize_goal
    return {"data": data}


def automatic_of(key: tuple[int, int], action: Action, cause: Cause) -> dict[str, Any]:
    """Return the body with which the hook ``automatic`` lets the emitter act by itself."""
    return {"data": {"campaignId": key[0], "groupId": key[1]}, "request": action.request, "cause": cause.value}


def configuration_of(group: GroupConfiguration) -> dict[str, Any]:
    """Return the body that creates a group through the hook ``groups``; `drainSeconds` only where it is not 0."""
    body: dict[str, Any] = {
        "name": group.name,
        "groupName": group.group_name,
        "campaignName": group.campaign_name,
        "campaignTemplateName": group.campaign_template_name,
        "queueName": group.queue_name,
        "tenantName": group.tenant_name,
        "tenantCcid": group.tenant_ccid,
        "dialMode": group.dial_mode,
        "optimizeBy": group.optimize_by,
        "optimizeGoal": group.optimize_goal,
    }
    if group.drain_seconds:
        body["drainSeconds"] = group.drain_seconds
    return body


DEFAULT_INTERVAL = 10
"""Of ``campaigngroup-states-interval``, in seconds."""


def options_body(options: Options) -> dict[str, Any]:
    """Return the body that sets all three options: a key that is left out goes back to its default."""
    body = {ENABLED: options.enabled, URI: options.uri, INTERVAL: options.interval}
    return {key: value for key, value in body.items() if value is not None}


def options_from(document: Mapping[str, Any]) -> Options:
    """Read the three options; `DriverTrouble` where one is not what it should be."""
    enabled = document.get(ENABLED, False)
    uri = document.get(URI)
    interval = document.get(INTERVAL, DEFAULT_INTERVAL)
    if not isinstance(enabled, bool):
        raise DriverTrouble(f"the control API's options: {ENABLED} is neither true nor false")
    if uri is not None and not isinstance(uri, str):
        raise DriverTrouble(f"the control API's options: {URI} is neither a string nor null")
    if not isinstance(interval, int | float) or isinstance(interval, bool) or not math.isfinite(interval):
        raise DriverTrouble(f"the control API's options: {INTERVAL} is no number")
    return Options(enabled=enabled, uri=uri or None, interval=interval)


def declaration_from(document: Mapping[str, Any]) -> Declaration:
    """Read what the emitter declares; `DriverTrouble` where it declares something that cannot be.

    Unknown keys are tolerated, missing ones mean: no hooks, meaning of actors unknown, all dial modes.
    """
    return Declaration(
        capabilities=_capabilities(document.get("capabilities", [])),
        actors=_actors(document.get("actors")),
        dial_modes=_dial_modes(document.get("dialModes")),
        acts_by_itself=document.get("automatic") is not False,
    )


def is_integer(value: object) -> bool:
    """Whether it is an integer and no boolean."""
    return isinstance(value, int) and not isinstance(value, bool)


def _capabilities(value: object) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise DriverTrouble("the emitter's declaration: capabilities is no array of strings")
    for unknown in sorted(set(value) - CAPABILITIES):
        raise DriverTrouble(f"the emitter's declaration: unknown capability {nearest(unknown, CAPABILITIES)}")
    return frozenset(value)


def _actors(value: object) -> dict[str, int] | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not all(is_integer(code) and code >= 0 for code in value.values()):
        raise DriverTrouble("the emitter's declaration: actors is no object of integers of 0 or more")
    causes = {cause.value for cause in Cause}
    for unknown in sorted(set(value) - causes):
        raise DriverTrouble(f"the emitter's declaration: unknown actor {nearest(unknown, causes)}")
    return dict(value)


def _dial_modes(value: object) -> frozenset[int] | None:
    if value is None:
        return None
    known = {int(mode) for mode in DialMode}
    if not isinstance(value, list) or not all(is_integer(mode) and mode in known for mode in value):
        raise DriverTrouble("the emitter's declaration: dialModes is no array of dial modes (0 to 11)")
    if not value:
        raise DriverTrouble("the emitter's declaration: dialModes is empty; a group cannot run without a dial mode")
    return frozenset(value)
