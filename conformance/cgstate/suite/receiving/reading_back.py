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
    """Return what is stored with these GUIDs; after the first reading only those that disagree are read again."""
    until = clock.now() + within
    pause = _FIRST_PAUSE
    stored = source.read(guids)
    while True:
        left = disagreeing(stored) if not stored.trouble else guids
        if not left or clock.now() + pause > until:
            return stored
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)
        again = source.read(left)
        stored = Stored({**stored.messages, **again.messages}, again.ordered, again.trouble)
