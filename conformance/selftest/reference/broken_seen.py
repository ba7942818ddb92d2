"""What an emitter sent in the scene, and how to look at it."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from cgstate_reference.codes import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Message:
    """What came, in which phase of the scene."""

    phase: str
    arrival: float
    method: str
    target: str
    kind: str
    raw: bytes
    head: bytes
    """Its request line and headers."""

    @property
    def data(self) -> dict[str, Any]:
        with contextlib.suppress(ValueError):
            parsed = json.loads(self.raw.decode("utf-8", "replace"))
            if isinstance(parsed, dict):
                return parsed
        return {}

    @property
    def event(self) -> bool:
        return not any(key.startswith("GSW_STAT_") for key in self.data)


@dataclass
class Seen:
    """All that one emitter sent."""

    messages: list[Message] = field(default_factory=list)
    took: dict[str, float] = field(default_factory=dict)
    """Seconds that requests took, by phase."""

    def of(self, phase: str, action: Action | None = None) -> list[Message]:
        return [
            one
            for one in self.messages
            if one.phase == phase and (action is None or one.data.get("GSW_CAMPAIGN_GROUP_ACTION") == action)
        ]

    @property
    def said(self) -> list[dict[str, Any]]:
        """All that is said in objects while the feature is on and everything is answered."""
        found = [one for phase in ("life", "varied", "interval") for one in self.of(phase)]
        return [one.data for one in found if one.data]

    @property
    def periodic(self) -> list[dict[str, Any]]:
        return [one.data for one in self.of("interval") if not one.event]

    def values(self, attribute: str, phase: str = "life", action: Action | None = None) -> list[Any]:
        return [one.data[attribute] for one in self.of(phase, action) if attribute in one.data]

    def gaps(self, phase: str) -> list[float]:
        samples = [one for one in self.of(phase) if not one.event]
        arrivals = [one.arrival for one in samples if one.data["GSW_CAMPAIGN_GROUP_NAME"] == "Paced"]
        return [late - early for early, late in pairwise(arrivals)]


Wrong: TypeAlias = "Mapping[str, Callable[[Seen], bool]]"
"""By the name of a deviation, whether it shows in what an emitter sent."""


def delay(seen: Seen) -> float:
    """Return how long after its time the last event of the stall arrived, in seconds."""
    last = seen.of("stall")[-1]
    return last.arrival - float(last.data["GSW_DATE_TIME"])


def any_of(phase: str, condition: Callable[[Message], object], seen: Seen) -> bool:
    return any(condition(one) for one in seen.of(phase))


def running_dialing(seen: Seen) -> set[tuple[Any, ...]]:
    return {(one.data.get("GSW_DIAL_MODE"), "GSW_OPTIMIZE_BY" in one.data) for one in seen.of("life")}


def guids(seen: Seen) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for one in seen.of("life"):
        names.setdefault(one.data["GSW_CAMPAIGN_GROUP_NAME"], set()).add(one.data["GSW_CAMPAIGN_GROUP_GUID"])
    return names


def times_reported(seen: Seen, action: Action, phase: str = "life") -> int:
    return len([one for one in seen.of(phase, action) if one.event])


def told(seen: Seen, phase: str) -> list[tuple[int, int]]:
    """Return ACTION and STATE of each event, in the order in which they came."""
    keys = ("GSW_CAMPAIGN_GROUP_ACTION", "GSW_CAMPAIGN_GROUP_STATE")
    return [(one.data[keys[0]], one.data[keys[1]]) for one in seen.of(phase) if one.event]


def draining(seen: Seen) -> list[int]:
    return [s for s in seen.values("GSW_CAMPAIGN_GROUP_STATE", action=Action.UNLOAD) if s in {1, 2}]


def duplicated(seen: Seen) -> bool:
    pairs = [json.loads(one.raw, object_pairs_hook=lambda p: p) for one in seen.of("life")]
    return any(max(Counter(key for key, _ in keys).values()) > 1 for keys in pairs)


def not_utf8(one: Message) -> bool:
    try:
        one.raw.decode()
    except UnicodeDecodeError:
        return True
    return False


def when(attribute: str, value: object, phase: str = "life") -> Callable[[Seen], bool]:
    return lambda seen: any(type(v) is type(value) and v == value for v in seen.values(attribute, phase))


def lacking(attribute: str, said: list[dict[str, Any]]) -> bool:
    return any(attribute not in one for one in said)


def of_type(kind: type, attribute: str, said: list[dict[str, Any]]) -> list[Any]:
    """Return what is said of this attribute by values of exactly this type."""
    return [one[attribute] for one in said if attribute in one and type(one[attribute]) is kind]
