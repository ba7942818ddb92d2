"""Wrong about what a periodic message says."""

from dataclasses import replace

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.codes import State
from cgstate_reference.life_cycle import Event, LifeCycle
from cgstate_reference.statistics import Statistics
from cgstate_reference.writer import Attributes, Writer


@deviation(
    "periodic-of-the-load", primary="periodic.state", shows="a periodic message carries another state than the group's"
)
class PeriodicOfTheLoad(LifeCycle):
    """Sends state 4 in periodic messages, whether the group is started or not."""

    def sample(self, at: float) -> Event | None:
        """Return the state after the load."""
        event = super().sample(at)
        return None if event is None else replace(event, state=State.ACTIVE)


@deviation(
    "periodic-always-running",
    primary="periodic.state",
    shows="a periodic message carries another state than the group's",
)
class PeriodicAlwaysRunning(LifeCycle):
    """Sends state 5 in periodic messages, whether the group is started or not."""

    def sample(self, at: float) -> Event | None:
        """Return the state that most groups have."""
        event = super().sample(at)
        return None if event is None else replace(event, state=State.RUNNING)


@deviation(
    "statistics-without-prefix",
    primary="periodic.statistics",
    shows="a periodic message carries no statistics",
)
class StatisticsWithoutPrefix(Writer):
    """Calls the statistics GSW_BUSY_FACTOR and so on, without STAT."""

    def statistics(self, statistics: Statistics | None) -> Attributes:
        """Return the statistics under shorter names."""
        return {name.replace("_STAT_", "_"): value for name, value in (statistics or {}).items()}


@deviation("leaves-out-null-statistics", primary="periodic.all-statistics", shows="a periodic message lacks statistics")
class LeavesOutNullStatistics(Writer):
    """Leaves out the statistics that are null."""

    def statistics(self, statistics: Statistics | None) -> Attributes:
        """Return those that have a value."""
        return {name: value for name, value in (statistics or {}).items() if value is not None}


@deviation("two-statistics", primary="periodic.all-statistics", shows="a periodic message lacks statistics")
class TwoStatistics(Writer):
    """Sends busy factor and overdial rate only, which calling lists do not have."""

    def statistics(self, statistics: Statistics | None) -> Attributes:
        """Return those of the group alone."""
        kept = ("GSW_STAT_BUSY_FACTOR", "GSW_STAT_OVERDIAL_RATE")
        return {name: value for name, value in (statistics or {}).items() if name in kept}


@deviation(
    "no-statistics",
    primary="periodic.statistics",
    shows="a periodic message carries no statistics",
)
class NoStatistics(Writer):
    """Sends periodic messages without statistics."""

    def statistics(self, statistics: Statistics | None) -> Attributes:
        """Return none."""
        del statistics
        return {}
