"""How an emitter that is wrong about what a notification says shows in what it sent."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cgstate_reference.codes import Action
from selftest.reference.broken_seen import (
    any_of,
    duplicated,
    not_utf8,
    running_dialing,
    when,
)

if TYPE_CHECKING:
    from selftest.reference.broken_seen import Wrong

WRONG: Wrong = {
    "actor-always-client": lambda seen: set(seen.values("GSW_CAMPAIGN_GROUP_ACTOR")) == {1},
    "array-of-one": lambda seen: any_of("life", lambda m: m.raw.startswith(b"[{"), seen),
    "byte-order-mark": lambda seen: any_of("life", lambda m: m.raw.startswith(b"\xef\xbb\xbf{"), seen),
    "duplicate-keys": duplicated,
    "empty-template-name": when("GSW_CAMPAIGN_TEMPLATE_NAME", ""),
    "empty-tenant-name": when("GSW_TENANT_NAME", ""),
    "escapes-twice": when("GSW_CAMPAIGN_NAME", r"Kampagne \u00d6l"),
    "keeps-dial-mode-after-stop": lambda seen: bool(seen.values("GSW_DIAL_MODE", action=Action.STOP)),
    "leaves-out-tenant-name": lambda seen: not seen.values("GSW_TENANT_NAME"),
    "local-time": lambda seen: any_of("life", lambda m: float(m.data["GSW_DATE_TIME"]) - m.arrival > 7000, seen),
    "negative-statistics": lambda seen: any(v and v < 0 for v in seen.values("GSW_STAT_OVERDIAL_RATE", "interval")),
    "newline-after-time": lambda seen: any(v.endswith("\n") for v in seen.values("GSW_DATE_TIME")),
    "no-statistics": lambda seen: len(seen.of("interval", Action.START)) > 2 and not seen.gaps("interval"),
    "null-campaign-name": when("GSW_CAMPAIGN_NAME", None),
    "null-dial-mode": when("GSW_DIAL_MODE", None),
    "optimizes-progressive": lambda seen: (2, True) in running_dialing(seen),
    "rounds-goal": lambda seen: 83 not in seen.values("GSW_OPTIMIZE_GOAL"),
    "state-as-string": when("GSW_CAMPAIGN_GROUP_STATE", "5"),
    "time-in-seconds": lambda seen: any(v.isdigit() for v in seen.values("GSW_DATE_TIME")),
    "truncates-queue-name": when("GSW_QUEUE_NAME", "q" * 64),
    "utf-16": partial(any_of, "life", lambda one: one.raw.startswith(b"\xff\xfe")),
    "windows-1252": partial(any_of, "life", not_utf8),
}
