"""Wrong about the time in GSW_DATE_TIME."""

import time

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.codes import Action
from cgstate_reference.core import Emitter
from cgstate_reference.life_cycle import Event
from cgstate_reference.writer import Writer


@deviation("clock-ahead", primary="date-time.clock", shows="the emitter's clock is off")
class ClockAhead(Emitter):
    """Has a clock that nobody sets: it is 40 seconds ahead."""

    def now(self) -> float:
        """Return a later time."""
        return super().now() + 40


@deviation("clock-behind", primary="date-time.clock", shows="the emitter's clock is off")
class ClockBehind(Emitter):
    """Has a clock that is seven seconds behind."""

    def now(self) -> float:
        """Return an earlier time."""
        return super().now() - 7


@deviation("clock-without-battery", primary="date-time.clock", shows="the emitter's clock is off")
class ClockWithoutBattery(Emitter):
    """Has a clock that begins on the first of January 2000 whenever it is turned on."""

    _before_that = time.time() - 946_684_800

    def now(self) -> float:
        """Return a time of the year 2000."""
        return super().now() - self._before_that


@deviation(
    "local-time-of-india",
    primary="date-time.utc",
    shows="GSW_DATE_TIME is local time",
)
class LocalTimeOfIndia(Writer):
    """Sends the local time of a place five and a half hours east of Greenwich."""

    def date_time(self, event: Event) -> str:
        """Return local time."""
        return f"{event.at + 19_800:.3f}"


@deviation("summer-time", primary="date-time.utc", shows="GSW_DATE_TIME is local time")
class SummerTime(Writer):
    """Takes the time for summer time, which it is not: it is an hour behind."""

    def date_time(self, event: Event) -> str:
        """Return the hour before."""
        return f"{event.at - 3600:.3f}"


@deviation("counts-milliseconds", primary="date-time.utc", shows="GSW_DATE_TIME does not count seconds")
class CountsMilliseconds(Writer):
    """Sends the number of milliseconds, with three decimals."""

    def date_time(self, event: Event) -> str:
        """Return a number a thousand times too large."""
        return f"{event.at * 1000:.3f}"


@deviation("time-of-the-load", primary="date-time.when-it-happened", shows="GSW_DATE_TIME is earlier than the action")
class TimeOfTheLoad(Writer):
    """Sends with a stop when the group was loaded."""

    def __init__(self) -> None:
        """Begin with no group loaded."""
        self._loaded: dict[str, float] = {}

    def date_time(self, event: Event) -> str:
        """Return the time of the load in the event of a stop."""
        if event.action is Action.LOAD:
            self._loaded[event.guid] = event.at
        return f"{self._loaded[event.guid] if event.action is Action.STOP else event.at:.3f}"


@deviation(
    "local-time",
    primary="date-time.utc",
    shows="GSW_DATE_TIME is local time",
    consequences={
        "date-time.clock": "two hours are more than a clock may be off",
        "date-time.when-it-happened": "no action happened then",
    },
)
class LocalTime(Writer):
    """Sends the local time of a place two hours east of Greenwich."""

    def date_time(self, event: Event) -> str:
        """Return local time."""
        return f"{event.at + 7200:.3f}"
