"""How an emitter that is wrong about what it reports, when or where to, shows in what it sent."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from cgstate_reference.codes import Action
from selftest.reference.broken_scene import INTERVAL
from selftest.reference.broken_seen import (
    any_of,
    delay,
    draining,
    guids,
    times_reported,
    when,
)

if TYPE_CHECKING:
    from selftest.reference.broken_seen import Wrong

WRONG: Wrong = {
    "drains-backwards": lambda seen: draining(seen) == [2, 1],
    "forgets-request": lambda seen: 4 not in seen.values("GSW_DIAL_MODE"),
    "new-guid-on-start": lambda seen: any(len(each) > 1 for each in guids(seen).values()),
    "one-guid-for-all-groups": lambda seen: len(set.union(*guids(seen).values())) == 1,
    "periodic-after-unload": lambda seen: any_of(
        "unloaded", lambda m: m.data["GSW_CAMPAIGN_GROUP_STATE"] == 0 and not m.event, seen
    ),
    "reports-refused-request": lambda seen: seen.values("GSW_CAMPAIGN_GROUP_STATE", action=Action.START).count(5) == 6,
    "reports-start-twice": lambda seen: times_reported(seen, Action.START) == 8,
    "running-after-stop": lambda seen: 5 in seen.values("GSW_CAMPAIGN_GROUP_STATE", action=Action.STOP),
    "says-nothing-of-a-stop": lambda seen: not times_reported(seen, Action.STOP),
    "says-nothing-of-an-unload": lambda seen: (
        draining(seen) == [1, 2] and not when("GSW_CAMPAIGN_GROUP_STATE", 0)(seen)
    ),
    "set-dialing-mode-as-start": lambda seen: not times_reported(seen, Action.SET_DIALING_MODE),
    "waits-for-receiver": lambda seen: seen.took["stall"] > 0.2,
    "drops-query": lambda seen: any_of("life", lambda m: m.target == "/states", seen),
    "loses-event-after-failed": lambda seen: not times_reported(seen, Action.STOP, "failure"),
    "puts": lambda seen: any_of("life", lambda m: m.method == "PUT", seen),
    "retries-once": lambda seen: times_reported(seen, Action.START, "failure") == 2,
    "text-plain": lambda seen: any_of("life", lambda m: m.kind == "text/plain", seen),
    "time-of-sending": lambda seen: delay(seen) < 0.15,
    "ignores-interval-change": lambda seen: len(seen.gaps("changed")) < 2,
    "ignores-off": lambda seen: bool(seen.of("off again")),
    "ignores-uri-change": lambda seen: any_of("elsewhere", lambda m: m.target.startswith("/states"), seen),
    "on-by-default": lambda seen: bool(seen.of("off")) and not seen.of("off again"),
    "zero-interval-as-default": lambda seen: any_of("zero", lambda m: not m.event, seen),
    "drifts": lambda seen: median(seen.gaps("interval")) > INTERVAL * 1.25,
    "no-periodic": lambda seen: not seen.gaps("interval"),
    "period-too-long": lambda seen: median(seen.gaps("interval")) > INTERVAL * 1.25,
    "periodic-of-running-only": lambda seen: (
        not any(one.data["GSW_CAMPAIGN_GROUP_NAME"] == "Loaded" and not one.event for one in seen.of("interval"))
    ),
}
