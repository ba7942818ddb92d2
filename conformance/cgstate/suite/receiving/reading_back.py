"""Reads back what a receiver has stored, again and again until it agrees with what was sent or the time is over."""

import time
from collections.abc import Callable, Collection

from cgstate import clock
from cgstate.sending import Stored
from cgstate.sources.readback import ReadBack

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 1.0
"""Seconds between two readings: a store may show what it has taken a little later."""

Disagreeing = Callable[[Stored], Collection[str]]
"""Returns the GUIDs whose messages are not all there, or not as they were sent."""


def read_until_agreed(source: ReadBack, guids: Collection[str], disagreeing: Disagreeing, within: float) -> Stored:
    """Return what is stored with these GUIDs; after the first reading only those that disagree are read again.

    What disagrees counts only where the last reading began when the time was over: on a busy machine one of all GUIDs
    may take longer than that.
    """
    began = clock.now()
    until = began + within
    pause = _FIRST_PAUSE
    stored = source.read(guids)
    while True:
        left = disagreeing(stored) if not stored.trouble else guids
        if not left or began >= until:
            return stored
        time.sleep(min(pause, max(0.0, until - clock.now())))
        pause = min(2 * pause, _LONGEST_PAUSE)
        began = clock.now()
        again = source.read(left)
        stored = Stored({**stored.messages, **again.messages}, again.ordered, again.trouble)
