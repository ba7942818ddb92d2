"""Clocks differ: how far an emitter's is off, and whether it shows local time."""

from collections.abc import Iterable
from statistics import median

ZONE = 900.0
"""Offsets of local time from UTC are multiples of 15 minutes, in seconds."""
NEAR_A_ZONE = 60.0
FARTHEST_ZONE = 14 * 3600 / ZONE
"""No place is further from UTC than 14 hours, in quarters of an hour."""
UNITS = 100
"""Who counts milliseconds or less is further ahead than this many times."""
CLOCK = 5.0
"""A clock that is further off than this many seconds warns."""


def zone_of(difference: float) -> int:
    """Return the non-zero number of quarter hours that the difference in seconds amounts to, else 0."""
    quarters = round(difference / ZONE)
    near = quarters and abs(difference - quarters * ZONE) <= NEAR_A_ZONE
    return quarters if near and abs(quarters) <= FARTHEST_ZONE else 0


def tells_no_clock(moment: float, arrival: float) -> bool:
    """Whether the time is local, or counts no seconds: no clock shows what is a hundred times further from 1970."""
    return bool(zone_of(arrival - moment)) or moment > UNITS * arrival


def behind(differences: Iterable[float]) -> float | None:
    """Return how far a clock is behind, in seconds: the least of the differences arrival minus GSW_DATE_TIME.

    One that lies far below most others is wrong itself: were it taken for the clock, all the others would be
    accused in its place. None where there are no differences.
    """
    usable = list(differences)
    if not usable:
        return None
    lowest = median(usable) - CLOCK
    return min(d for d in usable if d >= lowest)
