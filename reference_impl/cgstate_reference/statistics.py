"""Statistics of a group that does not really dial: plausible values that move with time."""

import math
from collections.abc import Mapping

from cgstate_reference.codes import State
from cgstate_reference.life_cycle import Event

Statistics = Mapping[str, float | None]


def statistics(event: Event) -> Statistics:
    """Return the four statistics at the event's time.

    Factors and rates are fractions (0.85 is 85 %), the time to complete is in seconds; what a group that does not
    dial cannot have is null.
    """
    running = event.state is State.RUNNING
    phase = float(hash(event.group.key) % 628) / 100
    return {
        "GSW_STAT_BUSY_FACTOR": _wave(event.at, phase, 0.8, 0.15) if running else None,
        "GSW_STAT_OVERDIAL_RATE": _wave(event.at, phase + 1, 0.03, 0.02) if running else None,
        "GSW_STAT_HIT_RATIO": _wave(event.at, phase + 2, 0.35, 0.1),
        "GSW_STAT_TIME_TO_COMPLETE": round(_wave(event.at, phase + 3, 5400, 1800)) if running else None,
    }


def _wave(at: float, phase: float, middle: float, swing: float) -> float:
    return round(middle + swing * math.sin(at / 60 + phase), 4)
