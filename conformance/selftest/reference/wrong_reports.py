"""How an emitter shows that reports too much, too little, too late or to the wrong place, in what it sent."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from cgstate_reference.codes import Action
from selftest.reference.broken_seen import any_of, draining, times_reported, told

if TYPE_CHECKING:
    from selftest.reference.broken_seen import Message, Seen, Wrong

A = Action
LIFE = [(7, 4), (9, 5), (10, 4), (8, 0)]
"""ACTION and STATE of a whole life."""


def periods(seen: Seen, phase: str = "default") -> list[int]:
    """Return the gaps between a group's periodic messages, in whole seconds."""
    return [round(gap) for gap in seen.gaps(phase)]


def lateness(seen: Seen, phase: str) -> float:
    return max(one.arrival - float(one.data["GSW_DATE_TIME"]) for one in seen.of(phase))


def of_group(seen: Seen, name: str, phase: str) -> list[Message]:
    return [one for one in seen.of(phase) if one.data["GSW_CAMPAIGN_GROUP_NAME"] == name]


WRONG: Wrong = {
    "appends-slash": lambda seen: any_of("life", lambda m: m.target == "/states/?key=1%2C2", seen),
    "completes-with-one-message": lambda seen: told(seen, "automatic")[-1] == (10, 4),
    "debounces": lambda seen: told(seen, "modes")[:1] != [(7, 4)],
    "decodes-query": lambda seen: any_of("life", lambda m: m.target == "/states?key=1,2", seen),
    "default-interval-fifteen": lambda seen: set(periods(seen)) == {15},
    "default-interval-sixty": lambda seen: len(of_group(seen, "Paced", "default")) == 4,
    "default-interval-zero": lambda seen: all(one.event for one in seen.of("default")),
    "ends-in-the-drain": lambda seen: (
        draining(seen) == [1, 2] and seen.values("GSW_CAMPAIGN_GROUP_STATE", action=A.UNLOAD).count(0) == 1
    ),
    "interval-for-new-groups": lambda seen: set(periods(seen, "shorter")) == {4},
    "form-content-type": lambda seen: {one.kind for one in seen.of("life")} == {"application/x-www-form-urlencoded"},
    "keeps-last-uri": lambda seen: told(seen, "no uri")[:2] == [(7, 4), (8, 0)],
    "interval-in-minutes": lambda seen: not seen.gaps("interval") and bool(periods(seen)),
    "late-when-unloaded": lambda seen: lateness(seen, "names") > 2,
    "late-when-by-itself": lambda seen: lateness(seen, "automatic") > 2 > lateness(seen, "names"),
    "off-for-new-groups": lambda seen: bool(of_group(seen, "Loaded", "off again")),
    "period-too-short": lambda seen: set(periods(seen)) == {5},
    "first-uri-when-periodic": lambda seen: any_of("samples elsewhere", lambda m: m.target.startswith("/states"), seen),
    "no-samples-after-a-stop": lambda seen: all(one.event for one in of_group(seen, "Down", "down")),
    "one-start-of-a-campaign": lambda seen: times_reported(seen, A.START) < 4,
    "remembers-without-uri": lambda seen: told(seen, "no uri") == [(7, 4), (8, 0)],
    "repeats-unless-200": lambda seen: told(seen, "created") == [(7, 4), (9, 5), (9, 5), (10, 4)],
    "retries-when-throttled": lambda seen: told(seen, "throttled") == [(7, 4), (9, 5), (9, 5), (10, 4)],
    "no-samples-after-a-failure": lambda seen: all(one.event for one in of_group(seen, "Down", "down")),
    "remembers-while-off": lambda seen: told(seen, "off") == [(7, 4)],
    "repeats-waiting-unload": lambda seen: draining(seen) == [1, 1, 2],
    "reports-end-of-drain-twice": lambda seen: told(seen, "life").count((8, 0)) == 3,
    "reports-refused-change": lambda seen: told(seen, "names")[-2:] == [(8, 0), (11, 0)],
    "reports-refused-when-gone": lambda seen: told(seen, "names")[-2:] == [(10, 0), (11, 0)],
    "reports-unload-before-drain": lambda seen: (
        [s for s in told(seen, "life") if s[0] == 8][-4:] == [(8, 0), (8, 1), (8, 2), (8, 0)]
    ),
    "reports-when-configured": lambda seen: told(seen, "names") == [(7, 4), *LIFE, *LIFE],
    "retries-a-second-later": lambda seen: told(seen, "busy") == [(7, 4), (9, 5), (9, 5), (10, 4)],
    "retries-after-reset": lambda seen: told(seen, "reset") == [(7, 4), (9, 5), (9, 5), (10, 4)],
    "retries-with-the-next": lambda seen: told(seen, "failure") == [(7, 4), (9, 5), (9, 5), (10, 4)],
    "says-nothing-of-a-change": lambda seen: not times_reported(seen, A.SET_DIALING_MODE, "modes"),
    "says-nothing-of-a-load": lambda seen: not times_reported(seen, A.LOAD, "names"),
    "says-nothing-of-a-second-load": lambda seen: times_reported(seen, A.LOAD, "names") == 1,
    "says-nothing-of-a-start": lambda seen: not times_reported(seen, A.START, "names"),
    "says-nothing-of-a-second-stop": lambda seen: times_reported(seen, A.STOP, "names") == 1,
    "says-nothing-of-its-own-doing": lambda seen: told(seen, "automatic") == LIFE[:3],
    "says-nothing-of-newer-modes": lambda seen: times_reported(seen, A.START, "modes") == 1,
    "says-nothing-of-seizing": lambda seen: (
        not times_reported(seen, A.SET_DIALING_MODE, "modes") and times_reported(seen, A.SET_DIALING_MODE) == 1
    ),
    "says-only-that-it-stops": lambda seen: told(seen, "three")[-2:] == [(10, 4), (8, 0)],
    "sends-only-the-newest": lambda seen: told(seen, "stall") == [(7, 4), (10, 4)],
    "spares-a-failing-receiver": lambda seen: len(told(seen, "down")) == 3,
    "stops-to-change": lambda seen: ((10, 4), (11, 5)) in pairwise(told(seen, "modes")),
    "tries-until-connected": lambda seen: told(seen, "refused") == LIFE[:3],
    "turns-only-periodic-off": lambda seen: bool(of_group(seen, "Loaded", "off again")),
    "uri-change-for-new-groups": lambda seen: any_of("elsewhere", lambda m: m.target.startswith("/states"), seen),
}
