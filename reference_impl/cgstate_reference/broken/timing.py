"""Wrong about when periodic messages are due."""

from cgstate_reference.broken.deviation import deviation
from cgstate_reference.core import Emitter
from cgstate_reference.group import Key
from cgstate_reference.pacer import Pacer


@deviation("drifts", primary="periodic.no-drift", consequences={"periodic.interval": "each period is 0.2 s longer"})
class Drifts(Pacer):
    """Waits a whole interval after a message is done with, which takes it 0.2 s."""

    def following(self, due: float, now: float) -> float:
        """Return a time that does not know when the last message was due."""
        del due
        return now + 0.2 + self.interval


@deviation(
    "period-too-long",
    primary="periodic.interval",
    consequences={
        "periodic.default-interval": "the default interval is half as long again too",
        "periodic.reported": "the first periodic message may come too late to be seen",
        "periodic.no-drift": "each period adds to what is missing",
        "option.interval-change": "the new interval is not kept either",
    },
)
class PeriodTooLong(Pacer):
    """Takes half as long again for each period."""

    def following(self, due: float, now: float) -> float:
        """Return a time too late."""
        return super().following(due, now) + self.interval / 2


@deviation(
    "no-periodic",
    primary="periodic.reported",
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
