"""When the periodic message of which group is due."""

import asyncio
import heapq
from collections.abc import Callable
from itertools import count

from cgstate_reference.group import Key

_GOLDEN = 0.6180339887498949


class Pacer:
    """Calls `due` for every group it follows, once each interval.

    Due times are absolute: the next one is the last one plus the interval, whatever the message took, so that
    periods do not drift. Groups that begin at the same moment are spread over half an interval, so that thousands
    of them are not due at once: the first message comes after half an interval at the soonest, a whole at the latest.
    """

    def __init__(self, due: Callable[[Key], object]) -> None:
        """Follow no group yet, at no interval."""
        self.due = due
        self.interval = 0.0
        self._times: dict[Key, float] = {}
        self._heap: list[tuple[float, int, Key]] = []
        self._numbers = count()
        self._begun = count()
        self._timer: asyncio.TimerHandle | None = None

    def set_interval(self, seconds: float) -> None:
        """Change the interval of all groups at once; 0 or less: nothing is due any more."""
        if seconds == self.interval:
            return
        self.interval = seconds
        now = self.now()
        for key in self._times:
            self._times[key] = self.first(now)
        self._rebuild()

    def follow(self, key: Key) -> None:
        """Begin with a group; one that is followed already keeps its times."""
        if key not in self._times:
            self._times[key] = self.first(self.now())
            self._push(key)
            self._arm()

    def leave(self, key: Key) -> None:
        """End with a group."""
        self._times.pop(key, None)

    def close(self) -> None:
        """End with all groups."""
        self._times.clear()
        self._rebuild()

    def now(self) -> float:
        """Return the event loop's time in seconds."""
        return asyncio.get_running_loop().time()

    def first(self, now: float) -> float:
        """Return when the first message of a group is due that begins now."""
        return now + self.interval * (1 - (next(self._begun) * _GOLDEN) % 1 / 2)

    def following(self, due: float, now: float) -> float:
        """Return when the message after the one due at `due` is due; periods that are long gone are left out."""
        missed = max(0, int((now - due) / self.interval))
        return due + self.interval * (missed + 1)

    def _push(self, key: Key) -> None:
        heapq.heappush(self._heap, (self._times[key], next(self._numbers), key))

    def _rebuild(self) -> None:
        self._heap = [(time, next(self._numbers), key) for key, time in self._times.items()]
        heapq.heapify(self._heap)
        self._arm()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._heap and self.interval > 0:
            self._timer = asyncio.get_running_loop().call_at(self._heap[0][0], self._tick)

    def _tick(self) -> None:
        now = self.now()
        while self._heap and self._heap[0][0] <= now:
            time, _, key = heapq.heappop(self._heap)
            if self._times.get(key) == time:
                self._times[key] = self.following(time, now)
                self._push(key)
                self.due(key)
        self._arm()
