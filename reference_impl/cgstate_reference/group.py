"""What a Campaign Group is configured to be, and how that is read from JSON."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cgstate_reference.codes import DIAL_MODES, OPTIMIZATION_METHODS

Key = tuple[int, int]
"""Campaign and group id."""

_LONGEST_NAME = 255
_LARGEST_GOAL = 2**31 - 1


class Unreadable(ValueError):  # noqa: N818 - named for the fact
    """What was sent cannot be read; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Dialing:
    """Dial mode, optimisation method and goal."""

    mode: int
    optimize_by: int
    optimize_goal: int


@dataclass(frozen=True, slots=True)
class DialingRequest:
    """What a request asks of the dialing; None: it leaves that out."""

    mode: int | None = None
    optimize_by: int | None = None
    optimize_goal: int | None = None

    def over(self, dialing: Dialing) -> Dialing:
        """Return `dialing` with what this request asks for; what it leaves out stays."""
        return Dialing(
            dialing.mode if self.mode is None else self.mode,
            dialing.optimize_by if self.optimize_by is None else self.optimize_by,
            dialing.optimize_goal if self.optimize_goal is None else self.optimize_goal,
        )


@dataclass(frozen=True, slots=True)
class GroupConfiguration:
    """A Campaign Group's configuration; None for a name means that it is not configured."""

    campaign_id: int
    group_id: int
    name: str
    group_name: str
    campaign_name: str | None
    campaign_template_name: str | None
    queue_name: str
    tenant_name: str | None
    tenant_ccid: str
    dialing: Dialing
    drain_seconds: float = 0.0
    """How long calls drain when a group that was started is unloaded."""

    @property
    def key(self) -> Key:
        """Campaign and group id."""
        return (self.campaign_id, self.group_id)


def read_configuration(key: Key, data: object) -> GroupConfiguration:
    """Read the body of ``PUT .../conformance/campaign-groups/{campaignId}/{groupId}``; raises `Unreadable`."""
    fields = read_object(data, "the body")
    dialing = read_dialing(fields)
    return GroupConfiguration(
        campaign_id=key[0],
        group_id=key[1],
        name=_name(fields, "name"),
        group_name=_name(fields, "groupName"),
        campaign_name=_optional_name(fields, "campaignName"),
        campaign_template_name=_optional_name(fields, "campaignTemplateName"),
        queue_name=_text(fields.get("queueName", ""), "queueName"),
        tenant_name=_optional_name(fields, "tenantName"),
        tenant_ccid=_named(_string(fields.get("tenantCcid"), "tenantCcid"), "tenantCcid"),
        dialing=dialing.over(Dialing(2, 0, 0)),
        drain_seconds=_seconds(fields, "drainSeconds"),
    )


def read_key(fields: Mapping[str, Any]) -> Key:
    """Read ``campaignId`` and ``groupId``; raises `Unreadable`."""
    return (_id(fields, "campaignId"), _id(fields, "groupId"))


def read_dialing(fields: Mapping[str, Any]) -> DialingRequest:
    """Read ``dialMode``, ``optimizeBy`` and ``optimizeGoal``, each of which may be missing; raises `Unreadable`."""
    return DialingRequest(
        _code(fields, "dialMode", DIAL_MODES),
        _code(fields, "optimizeBy", OPTIMIZATION_METHODS),
        _code(fields, "optimizeGoal", range(_LARGEST_GOAL + 1)),
    )


def read_object(data: object, what: str) -> dict[str, Any]:
    """Return `data`, which must be a JSON object; raises `Unreadable`."""
    if not isinstance(data, dict):
        raise Unreadable(f"{what} must be a JSON object")
    return data


def _id(fields: Mapping[str, Any], key: str) -> int:
    value = _integer(fields, key)
    if value < 1:
        raise Unreadable(f"{key} must be 1 or more")
    return value


def _integer(fields: Mapping[str, Any], key: str) -> int:
    value = fields.get(key)
    if isinstance(value, float) and value.is_integer():
        return int(value)  # JSON does not tell 5.0 from 5
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unreadable(f"{key} must be an integer")
    return value


def _code(fields: Mapping[str, Any], key: str, codes: range) -> int | None:
    if fields.get(key) is None:
        return None
    value = _integer(fields, key)
    if value not in codes:
        raise Unreadable(f"{key} must be one of {codes.start} to {codes.stop - 1}")
    return value


def _seconds(fields: Mapping[str, Any], key: str) -> float:
    value = fields.get(key, 0)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= sys.float_info.max:
        raise Unreadable(f"{key} must be a number of seconds, 0 or more")
    return float(value)


def _optional_name(fields: Mapping[str, Any], key: str) -> str | None:
    return None if fields.get(key) is None else _name(fields, key)


def _name(fields: Mapping[str, Any], key: str) -> str:
    return _named(_text(fields.get(key), key), key)


def _named(text: str, key: str) -> str:
    if not text:
        raise Unreadable(f"{key} must not be empty")
    return text


def _text(value: object, key: str) -> str:
    text = _string(value, key)
    if len(text) > _LONGEST_NAME:
        raise Unreadable(f"{key} must have at most {_LONGEST_NAME} characters")
    return text


def _string(value: object, key: str) -> str:
    if not isinstance(value, str):
        raise Unreadable(f"{key} must be a string")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Unreadable(f"{key} holds half a surrogate pair, which UTF-8 cannot carry") from None
    return value
