"""Wrong about the statistics of periodic messages."""

from collections.abc import Mapping

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.statistics import Statistics
from cgstate_reference.writer import Attributes, Writer

_MINUS_ONE_UNSIGNED = 2**64 - 1


class _Figures(Writer):
    """A writer that says one statistic in its own way."""

    attribute = ""

    def statistics(self, statistics: Statistics | None) -> Mapping[str, object]:
        """Return the statistics, one of them wrong."""
        attributes: Attributes = dict(super().statistics(statistics))
        if self.attribute in attributes:
            attributes[self.attribute] = self.said(attributes[self.attribute])
        return attributes

    def said(self, value: object) -> object:
        """Return what is said in place of a number, or of null where it is not known."""
        raise NotImplementedError


@deviation(
    "busy-factor-as-text", primary="stat-busy-factor.number", shows="GSW_STAT_BUSY_FACTOR is not a number or null"
)
class BusyFactorAsText(_Figures):
    """Sends the busy factor as text with a percent sign."""

    attribute = "GSW_STAT_BUSY_FACTOR"

    def said(self, value: object) -> object:
        """Return a percentage."""
        return f"{value:.0%}" if isinstance(value, float) else value


@deviation("minus-one-busy-factor", primary="stat-busy-factor.not-negative", shows="GSW_STAT_BUSY_FACTOR is negative")
class MinusOneBusyFactor(_Figures):
    """Sends -1 for a busy factor that is not known."""

    attribute = "GSW_STAT_BUSY_FACTOR"

    def said(self, value: object) -> object:
        """Return -1 for null."""
        return -1 if value is None else value


@deviation(
    "overdial-rate-not-available",
    primary="stat-overdial-rate.number",
    shows="GSW_STAT_OVERDIAL_RATE is not a number or null",
)
class OverdialRateNotAvailable(_Figures):
    """Sends the text n/a for an overdial rate that is not known."""

    attribute = "GSW_STAT_OVERDIAL_RATE"

    def said(self, value: object) -> object:
        """Return text for null."""
        return "n/a" if value is None else value


@deviation(
    "false-overdial-rate", primary="stat-overdial-rate.number", shows="GSW_STAT_OVERDIAL_RATE is not a number or null"
)
class FalseOverdialRate(_Figures):
    """Sends false for an overdial rate that is not known."""

    attribute = "GSW_STAT_OVERDIAL_RATE"

    def said(self, value: object) -> object:
        """Return false for null."""
        return False if value is None else value


@deviation("hit-ratio-by-list", primary="stat-hit-ratio.number", shows="GSW_STAT_HIT_RATIO is not a number or null")
class HitRatioByList(_Figures):
    """Sends an object with the hit ratio of the group and of each calling list."""

    attribute = "GSW_STAT_HIT_RATIO"

    def said(self, value: object) -> object:
        """Return one figure for the group and one for its only list."""
        return {"group": value, "lists": [value]}


@deviation("hit-ratio-below-zero", primary="stat-hit-ratio.not-negative", shows="GSW_STAT_HIT_RATIO is negative")
class HitRatioBelowZero(_Figures):
    """Sends by how much the hit ratio is above one half, which may be less than nothing."""

    attribute = "GSW_STAT_HIT_RATIO"

    def said(self, value: object) -> object:
        """Return the difference."""
        return round(value - 0.5, 4) if isinstance(value, float) else value


@deviation(
    "time-to-complete-as-duration",
    primary="stat-time-to-complete.number",
    shows="GSW_STAT_TIME_TO_COMPLETE is not a number or null",
)
class TimeToCompleteAsDuration(_Figures):
    """Sends the time to complete as a duration of ISO 8601."""

    attribute = "GSW_STAT_TIME_TO_COMPLETE"

    def said(self, value: object) -> object:
        """Return seconds as text."""
        return f"PT{value}S" if isinstance(value, int) else value


@deviation(
    "minus-one-time-to-complete",
    primary="stat-time-to-complete.not-negative",
    shows="GSW_STAT_TIME_TO_COMPLETE is negative",
)
class MinusOneTimeToComplete(_Figures):
    """Sends -1 for a time to complete that is not known."""

    attribute = "GSW_STAT_TIME_TO_COMPLETE"

    def said(self, value: object) -> object:
        """Return -1 for null."""
        return -1 if value is None else value


@deviation("unsigned-minus-one", primary="body.safe-integers", shows="an integer is beyond 2**53 - 1")
class UnsignedMinusOne(_Figures):
    """Sends -1 without its sign, 2**64 - 1, for a time to complete that is not known."""

    attribute = "GSW_STAT_TIME_TO_COMPLETE"

    def said(self, value: object) -> object:
        """Return the largest unsigned integer of 64 bits for null."""
        return _MINUS_ONE_UNSIGNED if value is None else value


@deviation("nan-for-unknown", primary="body.json", shows="the body is not JSON")
class NanForUnknown(_Figures):
    """Writes NaN for a busy factor that is not known."""

    attribute = "GSW_STAT_BUSY_FACTOR"

    def said(self, value: object) -> object:
        """Return NaN for null; Python's encoder writes it without a word."""
        return float("nan") if value is None else value


@deviation("negative-statistics", primary="stat-overdial-rate.not-negative", shows="GSW_STAT_OVERDIAL_RATE is negative")
class NegativeStatistics(_Figures):
    """Sends a negative overdial rate for a group that runs."""

    attribute = "GSW_STAT_OVERDIAL_RATE"

    def said(self, value: object) -> object:
        """Return the rate with the wrong sign."""
        return -value if isinstance(value, float) else value
