"""How an emitter shows in what it sent that is wrong about texts, figures, JSON or HTTP."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

from selftest.reference.broken_seen import Message, any_of, of_type, when

if TYPE_CHECKING:
    from selftest.reference.broken_seen import Seen, Wrong

_HIGH_ALONE = re.compile(rb"\\ud8[0-9a-f]{2}(?!\\ud[c-f])")
_LOW_FIRST = re.compile(rb'"\\ud[c-f]')


def longest(attribute: str, seen: Seen) -> int:
    return max((len(text) for text in of_type(str, attribute, seen.said)), default=0)


def neighbour(attribute: str, value: object, seen: Seen) -> bool:
    """Whether the group that nobody asked for is reported so."""
    others = [one for one in seen.said if one["GSW_QUEUE_NAME"] == "8001@switch"]
    return bool(others) and all(one[attribute] == value for one in others)


def unreadable(message: Message) -> bool:
    try:
        json.loads(message.raw)
    except ValueError:
        return True
    return False


def figures(attribute: str, seen: Seen) -> list[Any]:
    return [one[attribute] for one in seen.periodic]


def doubles(attribute: str, seen: Seen) -> list[Any]:
    return of_type(float, attribute, seen.said)


_BUSY, _OVERDIAL = "GSW_STAT_BUSY_FACTOR", "GSW_STAT_OVERDIAL_RATE"
_HIT, _TIME = "GSW_STAT_HIT_RATIO", "GSW_STAT_TIME_TO_COMPLETE"

WRONG: Wrong = {
    # Texts.
    "cuts-through-a-pair": lambda seen: any_of("varied", lambda m: _LOW_FIRST.search(m.raw), seen),
    "empty-guid": when("GSW_CAMPAIGN_GROUP_GUID", ""),
    "escapes-half-of-a-pair": lambda seen: any_of("varied", lambda m: _HIGH_ALONE.search(m.raw), seen),
    "fills-up-with-blanks": when("GSW_CAMPAIGN_GROUP_NAME", "Group2".ljust(256)),
    "guid-of-two": lambda seen: longest("GSW_CAMPAIGN_GROUP_GUID", seen) == 73,
    "percent-encodes-campaign-name": lambda seen: longest("GSW_CAMPAIGN_NAME", seen) > 255,
    "queues-of-all-switches": lambda seen: longest("GSW_QUEUE_NAME", seen) > 255,
    "sends-whole-buffer": when("GSW_GROUP_NAME", "Agents".ljust(256, "\0")),
    "template-name-with-comment": lambda seen: longest("GSW_CAMPAIGN_TEMPLATE_NAME", seen) > 255,
    # A neighbour.
    "nameless-neighbour": lambda seen: neighbour("GSW_CAMPAIGN_GROUP_NAME", "", seen),
    "neighbour-beyond-hundred": lambda seen: neighbour("GSW_OPTIMIZE_GOAL", 101, seen),
    "neighbour-by-distribution-time": lambda seen: neighbour("GSW_OPTIMIZE_BY", 4, seen),
    "neighbour-with-long-tenant-name": lambda seen: neighbour("GSW_TENANT_NAME", "t" * 256, seen),
    "neighbour-without-campaign-name": lambda seen: neighbour("GSW_CAMPAIGN_NAME", "", seen),
    "neighbour-without-ccid": lambda seen: neighbour("GSW_TENANT_CCID", "", seen),
    "neighbour-without-group-name": lambda seen: neighbour("GSW_GROUP_NAME", "", seen),
    "neighbour-without-patience": lambda seen: neighbour("GSW_OPTIMIZE_GOAL", -1, seen),
    "neighbour-without-template-name": lambda seen: neighbour("GSW_CAMPAIGN_TEMPLATE_NAME", "", seen),
    "neighbour-without-tenant-name": lambda seen: neighbour("GSW_TENANT_NAME", "", seen),
    # Goals and figures.
    "busy-factor-as-text": lambda seen: any(str(value).endswith("%") for value in figures(_BUSY, seen)),
    "false-overdial-rate": lambda seen: any(value is False for value in figures(_OVERDIAL, seen)),
    "hit-ratio-below-zero": lambda seen: any(value < 0 for value in figures(_HIT, seen)),
    "hit-ratio-by-list": lambda seen: any("lists" in value for value in figures(_HIT, seen) if isinstance(value, dict)),
    "minus-one-busy-factor": lambda seen: -1 in figures(_BUSY, seen),
    "minus-one-time-to-complete": lambda seen: -1 in figures(_TIME, seen),
    "nan-for-unknown": lambda seen: any(math.isnan(value) for value in figures(_BUSY, seen) if value is not None),
    "overdial-rate-not-available": lambda seen: "n/a" in figures(_OVERDIAL, seen),
    "periodic-distribution-time": lambda seen: any(
        (one.get("GSW_DIAL_MODE"), one.get("GSW_OPTIMIZE_BY")) == (1, 4) for one in seen.periodic
    ),
    "periodic-goal-in-per-mille": lambda seen: any(one.get("GSW_OPTIMIZE_GOAL") == 800 for one in seen.periodic),
    "time-to-complete-as-duration": lambda seen: any(str(value).startswith("PT") for value in figures(_TIME, seen)),
    "unsigned-minus-one": lambda seen: 2**64 - 1 in figures(_TIME, seen),
    # JSON.
    "adds-64-bit-id": lambda seen: any(one.get("GSW_CAMPAIGN_GROUP_ID", 0) >= 2**63 for one in seen.said),
    "bulk-lines": lambda seen: any_of("life", lambda m: m.raw.startswith(b'{"index":{}}\n{'), seen),
    "comma-at-the-end": lambda seen: any_of("interval", lambda m: m.raw.endswith(b",}"), seen),
    "goal-of-a-division": lambda seen: 83.0 in doubles("GSW_OPTIMIZE_GOAL", seen),
    "integers-as-doubles": lambda seen: 5.0 in doubles("GSW_CAMPAIGN_GROUP_STATE", seen),
    "names-as-they-are": lambda seen: any_of("varied", lambda m: b'say "hello"' in m.raw, seen),
    "nothing-after-unload": lambda seen: any_of("life", lambda m: m.raw == b"", seen),
    "python-literal": lambda seen: any_of("life", lambda m: m.raw.startswith(b"{'"), seen),
    # HTTP.
    "bare-line-feeds": lambda seen: any_of("life", lambda m: b"\r" not in m.head, seen),
    "length-in-characters": lambda seen: any_of("varied", unreadable, seen),
    "no-host": lambda seen: any_of("life", lambda m: b"host:" not in m.head.lower(), seen),
}
