"""How an emitter that is wrong about states, actions, times, dialing or the GUID shows in what it sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from cgstate_reference.codes import Action
from selftest.reference.broken_seen import guids, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from selftest.reference.broken_seen import Seen, Wrong

A = Action
STATE, GUID = "GSW_CAMPAIGN_GROUP_STATE", "GSW_CAMPAIGN_GROUP_GUID"


def states(seen: Seen, action: Action, phase: str = "names") -> set[Any]:
    return set(seen.values(STATE, phase, action))


def off(seconds: float) -> Callable[[Seen], bool]:
    """Whether all times are off by so much; in the scene no message takes any time."""
    return lambda seen: all(
        abs(float(one.data["GSW_DATE_TIME"]) - one.arrival - seconds) < 1 for one in seen.of("names")
    )


def dialing(seen: Seen, phase: str = "modes") -> list[tuple[Any, ...]]:
    """Return mode, method and goal of each message that has a mode."""
    keys = ("GSW_DIAL_MODE", "GSW_OPTIMIZE_BY", "GSW_OPTIMIZE_GOAL")
    return [tuple(one.data.get(key) for key in keys) for one in seen.of(phase) if keys[0] in one.data]


def periodic(seen: Seen, attribute: str, name: str = "Paced", phase: str = "default") -> set[Any]:
    """Return what the periodic messages of a group say."""
    own = [one.data for one in seen.of(phase) if one.data["GSW_CAMPAIGN_GROUP_NAME"] == name and not one.event]
    return {data.get(attribute) for data in own}


def statistics(seen: Seen, name: str) -> set[str]:
    own = (one.data for one in seen.of("default") if one.data["GSW_CAMPAIGN_GROUP_NAME"] == name)
    return {key for data in own for key in data if key.startswith("GSW_STAT_")}


WRONG: Wrong = {
    "active-after-set-dialing-mode": lambda seen: states(seen, A.SET_DIALING_MODE, "modes") == {4},
    "active-after-predictive-start": lambda seen: states(seen, A.START, "modes") == {4, 5},
    "active-after-start": lambda seen: states(seen, A.START) == {4},
    "active-after-unload": lambda seen: states(seen, A.UNLOAD) == {4} and 1 in states(seen, A.UNLOAD, "life"),
    "actor-unknown": lambda seen: 0 in seen.values("GSW_CAMPAIGN_GROUP_ACTOR", "automatic"),
    "clock-ahead": off(40),
    "clock-behind": off(-7),
    "clock-without-battery": lambda seen: {v[:3] for v in seen.values("GSW_DATE_TIME")} == {"946"},
    "condition-as-schedule": lambda seen: 3 not in seen.values("GSW_CAMPAIGN_GROUP_ACTOR", "automatic"),
    "condition-names-what-follows": lambda seen: told(seen, "automatic")[-2:] == [(8, 4), (8, 0)],
    "configured-method": lambda seen: dialing(seen)[1:] == [(5, 1, 1000), (10, 1, 15)],
    "configured-mode-after-stop": lambda seen: (1, None, None) in dialing(seen),
    "counts-milliseconds": lambda seen: all(float(v) > 1e12 for v in seen.values("GSW_DATE_TIME")),
    "end-named-after-last-request": lambda seen: told(seen, "names")[3] == (10, 0),
    "goal-in-percent": lambda seen: dialing(seen)[1] == (5, 3, 100),
    "first-guid-when-periodic": lambda seen: periodic(seen, GUID, phase="shorter") == {seen.values(GUID, "longer")[0]},
    "guid-of-the-agents": lambda seen: guids(seen)["Group2"] == {str(UUID(int=2))},
    "guid-of-the-campaign": lambda seen: set.union(*guids(seen).values()) == {str(UUID(int=1))},
    "guid-of-the-group-before": lambda seen: len(set(seen.values("GSW_CAMPAIGN_GROUP_GUID", "three"))) == 2,
    "inactive-after-stop": lambda seen: states(seen, A.LOAD) == {4} and states(seen, A.STOP) == {3},
    "inactive-when-loaded": lambda seen: states(seen, A.LOAD) == states(seen, A.STOP) == {3},
    "keeps-first-mode": lambda seen: dialing(seen) == [(4, None, None), (5, 3, 1000), (5, 3, 1000)],
    "leaves-out-null-statistics": lambda seen: (
        statistics(seen, "Loaded") == {"GSW_STAT_HIT_RATIO"} and len(statistics(seen, "Paced")) == 4
    ),
    "local-time-of-india": off(19_800),
    "goal-before-change": lambda seen: dialing(seen)[1] == (5, 3, 80),
    "method-before-change": lambda seen: dialing(seen)[1] == (5, 1, 1000),
    "mode-before-change": lambda seen: dialing(seen)[1] == (4, None, None),
    "new-guid-when-turned-on": lambda seen: (
        seen.values(GUID, "on for good") != seen.values(GUID, "on again")[:1]
        and len(set(seen.values(GUID, "on again"))) == 1
    ),
    "new-guid-at-unload": lambda seen: any(len(each) > 1 for each in guids(seen).values()),
    "not-loaded-after-load": lambda seen: states(seen, A.LOAD) == {0},
    "not-loaded-after-stop": lambda seen: states(seen, A.STOP) == {0},
    "periodic-always-running": lambda seen: periodic(seen, STATE, "Loaded") == {5},
    "periodic-mode-of-the-start": lambda seen: periodic(seen, "GSW_DIAL_MODE", phase="changed") == {1},
    "periodic-as-configured": lambda seen: periodic(seen, "GSW_DIAL_MODE") == {2},
    "periodic-of-the-load": lambda seen: periodic(seen, STATE) == {4},
    "running-after-load": lambda seen: states(seen, A.LOAD) == {5},
    "statistics-without-prefix": lambda seen: any("GSW_HIT_RATIO" in one.data for one in seen.of("default")),
    "summer-time": off(-3600),
    "state-when-sent": lambda seen: told(seen, "stall")[1:] == [(9, 4), (10, 4)],
    "time-of-the-load": lambda seen: len(set(seen.values("GSW_DATE_TIME", "names"))) == 6,
    "two-statistics": lambda seen: len(statistics(seen, "Loaded")) == len(statistics(seen, "Paced")) == 2,
    "unload-named-stop": lambda seen: told(seen, "three")[-2:] == [(10, 0), (8, 0)],
    "upper-case-guid-when-periodic": lambda seen: any(
        one.data["GSW_CAMPAIGN_GROUP_GUID"].isupper() for one in seen.of("default")
    ),
}
