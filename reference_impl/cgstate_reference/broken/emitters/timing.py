"""Wrong about when periodic messages are due."""

import asyncio
from collections.abc import Callable

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.codes import ACTIVE_STATES, State
from cgstate_reference.core import Emitter
from cgstate_reference.group import Key
from cgstate_reference.life_cycle import LifeCycle
from cgstate_reference.notifier import Notifier
from cgstate_reference.pacer import Pacer
from cgstate_reference.writer import Writer


class _FromNow(Pacer):
    """Makes a group wait for a whole interval from the moment it is followed."""

    def first(self, now: float) -> float:
        return now + self.interval


@deviation(
    "drifts",
    primary="periodic.no-drift",
    shows="periodic messages drift when the receiver answers slowly",
    consequences={"periodic.interval": "each period is longer by the answer"},
)
class Drifts(Emitter):
    """Counts the interval from the receiver's answer to the last periodic message."""

    def __init__(self, writer: Writer, notifier: Notifier, life_cycle: type[LifeCycle], pacer: type[Pacer]) -> None:
        """Begin with a pacer that knows no due times of its own."""
        del pacer
        super().__init__(writer, notifier, life_cycle, _FromNow)
        self._waiting: set[asyncio.Task[None]] = set()

    def sample(self, key: Key) -> None:
        """Send the periodic message, and follow the group again when it is answered."""
        super().sample(key)
        self.pacer.leave(key)
        task = asyncio.get_running_loop().create_task(self._go_on(key))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def _go_on(self, key: Key) -> None:
        await self.notifier.settled(key)
        life = self.groups.get(key)
        if life is not None and life.state in ACTIVE_STATES:
            self.pacer.follow(key)


@deviation(
    "period-too-long",
    primary="periodic.interval",
    shows="periodic messages come at another interval than the one that is set",
    consequences={
        "periodic.default-interval": "the default interval is twice as long too",
        "periodic.reported": "the first periodic message may come too late to be seen",
        "periodic.no-drift": "each period adds to what is missing",
        "option.interval-change": "the new interval is not kept either",
    },
)
class PeriodTooLong(Pacer):
    """Takes twice as long for each period."""

    def following(self, due: float, now: float) -> float:
        """Return a time too late."""
        return super().following(due, now) + self.interval


@deviation(
    "no-periodic",
    primary="periodic.reported",
    shows="no periodic message comes for a loaded group",
    consequences={
        "periodic.interval": "there is no period",
        "periodic.default-interval": "there is no period",
        "option.interval-change": "there is no period",
    },
)
class NoPeriodic(Emitter):
    """Sends no periodic messages."""

    def sample(self, key: Key) -> None:
        """Send nothing."""


@deviation(
    "periodic-of-running-only",
    primary="periodic.reported",
    shows="no periodic message comes for a loaded group",
    consequences={
        "periodic.interval": "a group that is loaded and not running has no period",
        "periodic.default-interval": "a group that is loaded and not running has no period",
        "option.interval-change": "a group that is loaded and not running has no period",
    },
)
class PeriodicOfRunningOnly(Emitter):
    """Sends no periodic messages of a group that is active but not running."""

    def sample(self, key: Key) -> None:
        """Send the message of a group that was started."""
        life = self.groups.get(key)
        if life is not None and life.started:
            super().sample(key)


@deviation("no-samples-after-a-stop", primary="periodic.reported", shows="no periodic message comes for a loaded group")
class NoSamplesAfterAStop(Emitter):
    """Sends no periodic messages of a group that has been running and does not run."""

    def sample(self, key: Key) -> None:
        """Send the message, unless it was stopped."""
        life = self.groups.get(key)
        if life is not None and not (life.started and life.state is State.ACTIVE):
            super().sample(key)


@deviation(
    "period-too-short",
    primary="periodic.interval",
    shows="periodic messages come at another interval than the one that is set",
)
class PeriodTooShort(Pacer):
    """Takes half as long for each period."""

    def following(self, due: float, now: float) -> float:
        """Return a time too soon."""
        return super().following(due, now) - self.interval / 2


@deviation(
    "interval-for-new-groups",
    primary="option.interval-change",
    shows="come at an earlier interval",
)
class IntervalForNewGroups(Pacer):
    """Keeps for each group the interval that was set when it was loaded."""

    def __init__(self, due: Callable[[Key], object]) -> None:
        """Follow no group yet."""
        super().__init__(due)
        self._intervals: dict[Key, float] = {}

    def set_interval(self, seconds: float) -> None:
        """Change the interval of groups that are loaded from now on; without one, nothing is due."""
        begins = self.interval <= 0 < seconds
        if begins or seconds <= 0:
            super().set_interval(seconds)
        self.interval = seconds
        if begins:
            self._times = {key: self.now() + self._own(key) for key in self._times}
            self._rebuild()

    def follow(self, key: Key) -> None:
        """Begin with a group at the interval of now."""
        if key not in self._times:
            self._intervals[key] = self.interval
        super().follow(key)

    def following(self, due: float, now: float) -> float:
        """Return a time that is one of the group's own intervals later."""
        key = next(key for key, time in self._times.items() if time == due)
        return super().following(due, now) - self.interval + self._own(key)

    def _own(self, key: Key) -> float:
        """Return a group's interval; one that was loaded without any takes that of now."""
        own = self._intervals.get(key, 0)
        return own if own > 0 else self.interval
