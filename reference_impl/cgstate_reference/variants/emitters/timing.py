"""Otherwise in time: slow, jittering, with a clock that is off, in another order."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace

from aiohttp import web

from cgstate_reference.control import ControlApi
from cgstate_reference.core import Emitter
from cgstate_reference.life_cycle import Event, LifeCycle
from cgstate_reference.notifier import Notification, Notifier, Outcome
from cgstate_reference.pacer import Pacer
from cgstate_reference.statistics import Statistics
from cgstate_reference.variants.chance import CHANCE, some_time
from cgstate_reference.variants.emitters import variant
from cgstate_reference.writer import Writer

CLOCK_OFF = 3.0
"""Seconds."""
TICK = 1 / 64
"""Seconds between two times that a coarse clock can show."""
ORDER_LOST = 0.3
"""Seconds within which notifications overtake each other."""
JITTER = 0.2
"""Seconds."""


class SlowControl(ControlApi):
    """Takes 50 to 500 ms for each answer of the control API, before and after it does what is asked."""

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Answer late."""
        whole = some_time()
        before = CHANCE.uniform(0, whole)
        await asyncio.sleep(before)
        response = await super().handle(request)
        await asyncio.sleep(whole - before)
        return response


class SlowNotifier(Notifier):
    """Takes 50 to 500 ms before it sends a notification."""

    async def attempt(self, uri: str, body: bytes) -> str | None:
        """Send late."""
        await asyncio.sleep(some_time())
        return await super().attempt(uri, body)


@variant("slow", SlowNotifier)
class Slow(SlowControl):
    """Takes 50 to 500 ms for each answer of the control API and for each notification."""


@variant("acts-later")
class ActsLater(Emitter):
    """Accepts a request at once and acts on it 50 to 500 ms later, which GSW_DATE_TIME says."""

    _last: asyncio.Task[None] | None = None

    def changed(self, life: LifeCycle, events: Iterable[Event]) -> None:
        """Let what was accepted happen later, one after another."""
        self._last = asyncio.get_running_loop().create_task(self._happen(self._last, life, tuple(events)))

    async def _happen(self, before: asyncio.Task[None] | None, life: LifeCycle, events: Iterable[Event]) -> None:
        await asyncio.sleep(some_time())
        if before is not None:
            await asyncio.wait([before])
        if self.groups.get(life.group.key) is life:
            super().changed(life, [replace(event, at=self.now()) for event in events])


class _JitteringPacer(Pacer):
    """Lets periodic messages be due a little before or after their time."""

    def first(self, now: float) -> float:
        return super().first(now) + CHANCE.uniform(0, JITTER)

    def following(self, due: float, now: float) -> float:
        return super().following(due, now) + CHANCE.uniform(-JITTER, JITTER) * min(1.0, self.interval)


@variant("jitters", _JitteringPacer)
class Jitters(Notifier):
    """Sends each notification up to 300 ms late, and periodic ones up to 200 ms early or late besides."""

    async def attempt(self, uri: str, body: bytes) -> str | None:
        """Send a little late."""
        await asyncio.sleep(CHANCE.uniform(0, 0.3))
        return await super().attempt(uri, body)


@variant("clock-ahead")
class ClockAhead(Emitter):
    """Has a clock that is 3 s ahead."""

    def now(self) -> float:
        """Return a time to come."""
        return super().now() + CLOCK_OFF


@variant("clock-behind")
class ClockBehind(Emitter):
    """Has a clock that is 3 s behind."""

    def now(self) -> float:
        """Return a time gone by."""
        return super().now() - CLOCK_OFF


@variant("coarse-clock")
class CoarseClock(Emitter):
    """Has a clock that ticks 64 times a second, so that several things happen at the same time."""

    def now(self) -> float:
        """Return the time of the last tick."""
        return super().now() // TICK * TICK


class SentAlone(Notifier):
    """Sends each notification by itself, without regard to others of the same group."""

    def __init__(self, writer: Writer, *, told: Callable[[Outcome], object] | None = None) -> None:
        """Begin with nothing on its way."""
        super().__init__(writer, told=told)
        self._alone: set[asyncio.Task[None]] = set()

    def report(self, event: Event, statistics: Statistics | None = None) -> None:
        """Put a notification on its way."""
        uri = self.target()
        if not self.wanted() or uri is None:
            return
        notification = Notification(event, statistics, self.writer.body(event, statistics))
        task = asyncio.get_running_loop().create_task(self.go(notification, uri))
        self._alone.add(task)
        task.add_done_callback(self._alone.discard)

    async def go(self, notification: Notification, uri: str) -> None:
        """Send a notification that was to go to `uri` when it was made."""
        del uri
        await self.deliver(notification)

    async def close(self, grace: float = 0.5) -> None:
        """Give up what is on its way after `grace` seconds."""
        if self._alone:
            await asyncio.wait(self._alone, timeout=grace)
        for task in self._alone:
            task.cancel()
        await super().close(0)


class OutOfOrder(SentAlone):
    """Sends over parallel connections, each notification up to 300 ms late, so that they overtake each other."""

    async def go(self, notification: Notification, uri: str) -> None:
        """Send a little late."""
        await asyncio.sleep(CHANCE.uniform(0, ORDER_LOST))
        await super().go(notification, uri)


variant("out-of-order")(OutOfOrder)
