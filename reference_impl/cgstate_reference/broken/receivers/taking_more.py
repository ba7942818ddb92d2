"""Take what is no notification."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from cgstate_reference.broken.receivers import deviation
from cgstate_reference.checking import (
    DIAL_MODE,
    GUID,
    OPTIMIZATION,
    STATE,
    Checker,
    Message,
    Unreadable,
    Written,
    integer,
)

_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]*)?", re.ASCII)


@deviation("state-as-string", primary="rejects.wrong-type", shows='GSW_CAMPAIGN_GROUP_STATE is "4"')
class StateAsString(Checker):
    """Takes a state that is sent as a string."""

    def check(self, message: Message) -> None:
        """Check it as if the state were the integer that the string says."""
        state = message.get(STATE)
        if type(state) is str and state.removeprefix("-").isdecimal():
            message = {**message, STATE: int(state)}
        super().check(message)


@deviation("float-for-integer", primary="rejects.wrong-type", shows="is 1.5")
class FloatForInteger(Checker):
    """Takes a number with a fraction for an integer."""

    def code(self, name: str, value: object, codes: range | None) -> None:
        """Cut the fraction off."""
        if isinstance(value, Written) and not value.whole:
            value = int(float(value))
        super().code(name, value, codes)


@deviation("true-for-integer", primary="rejects.wrong-type", shows="is true")
class TrueForInteger(Checker):
    """Takes true for 1 and false for 0, in codes."""

    def check(self, message: Message) -> None:
        """Check the codes as Python counts."""
        taken = {key: int(value) for key, value in message.items() if type(value) is bool and key in self.codes}
        super().check({**message, **taken})


@deviation("null-for-text", primary="rejects.wrong-type", shows="is null")
class NullForText(Checker):
    """Takes null for a text."""

    def text(self, name: str, value: object, longest: int | None) -> None:
        """Check it as if null were empty."""
        super().text(name, "" if value is None else value, longest)


@deviation(
    "guid-not-required",
    primary="rejects.missing-attribute",
    shows="what is no notification is taken: GSW_CAMPAIGN_GROUP_GUID is missing",
)
class GuidNotRequired(Checker):
    """Takes a message without GSW_CAMPAIGN_GROUP_GUID."""

    required = tuple(name for name in Checker.required if name != GUID)


@deviation(
    "queue-not-required",
    primary="rejects.missing-attribute",
    shows="what is no notification is taken: GSW_QUEUE_NAME is missing",
)
class QueueNotRequired(Checker):
    """Takes a message without GSW_QUEUE_NAME."""

    required = tuple(name for name in Checker.required if name != "GSW_QUEUE_NAME")


@deviation("state-six-taken", primary="rejects.unknown-code", shows="GSW_CAMPAIGN_GROUP_STATE is 6")
class StateSixTaken(Checker):
    """Takes any state."""

    codes: Mapping[str, range | None] = MappingProxyType({**Checker.codes, STATE: None})


@deviation("any-dial-mode", primary="rejects.unknown-code", shows="GSW_DIAL_MODE is ")
class AnyDialMode(Checker):
    """Takes any dial mode."""

    codes: Mapping[str, range | None] = MappingProxyType({**Checker.codes, DIAL_MODE: None})


@deviation("any-action", primary="rejects.unknown-code", shows="GSW_CAMPAIGN_GROUP_ACTION is ")
class AnyAction(Checker):
    """Takes any action."""

    codes: Mapping[str, range | None] = MappingProxyType({**Checker.codes, "GSW_CAMPAIGN_GROUP_ACTION": None})


@deviation(
    "dial-mode-when-stopped",
    primary="rejects.contradiction",
    shows="what is no notification is taken: GSW_DIAL_MODE is sent in state 4",
)
class DialModeWhenStopped(Checker):
    """Takes a dial mode of a group that does not run."""

    def together(self, message: Message) -> None:
        """Do not look at a dial mode of a group that does not run."""
        if integer(message.get(STATE)) in {-1, 0, 1, 2, 3, 4}:
            message = {key: value for key, value in message.items() if key != DIAL_MODE}
        super().together(message)


@deviation("method-in-any-mode", primary="rejects.contradiction", shows="is sent in dial mode")
class MethodInAnyMode(Checker):
    """Takes an optimisation method and goal in dial modes that are not predictive."""

    def together(self, message: Message) -> None:
        """Do not look at method and goal where there is a dial mode."""
        if DIAL_MODE in message:
            message = {key: value for key, value in message.items() if key not in OPTIMIZATION}
        super().together(message)


@deviation("any-time", primary="rejects.malformed-time", shows='GSW_DATE_TIME is "now"')
class AnyTime(Checker):
    """Takes any text for a time."""

    def time(self, name: str, value: object) -> None:
        """Check that it is a text."""
        self.text(name, value, None)


@deviation("any-length", primary="rejects.too-long", shows="has 256 characters")
class AnyLength(Checker):
    """Takes names of any length."""

    longest = dict.fromkeys(Checker.longest)


@deviation("long-queue-name", primary="rejects.too-long", shows="GSW_QUEUE_NAME has 256 characters")
class LongQueueName(Checker):
    """Takes a queue name of any length."""

    longest: Mapping[str, int | None] = MappingProxyType({**Checker.longest, "GSW_QUEUE_NAME": None})


@deviation("negative-statistic", primary="rejects.negative-statistic", shows="is -0.001")
class NegativeStatistic(Checker):
    """Takes a statistic below 0."""

    def statistic(self, name: str, value: object) -> None:
        """Check it without its sign."""
        if type(value) is int:
            value = abs(value)
        elif isinstance(value, Written):
            value = Written(value.removeprefix("-"))
        super().statistic(name, value)


@deviation("time-to-complete-below-zero", primary="rejects.negative-statistic", shows="GSW_STAT_TIME_TO_COMPLETE is -")
class TimeToCompleteBelowZero(NegativeStatistic):
    """Takes a time to complete that is over already."""

    def statistic(self, name: str, value: object) -> None:
        """Check the others as the right one does."""
        if name == "GSW_STAT_TIME_TO_COMPLETE":
            super().statistic(name, value)
        else:
            Checker.statistic(self, name, value)


@deviation(
    "takes-the-unreadable",
    primary="rejects.unreadable",
    shows="what is no notification is taken: JSON that ends too early",
)
class TakesTheUnreadable(Checker):
    """Takes what is no JSON for a message of nothing."""

    def read(self, body: bytes) -> Message:
        """Return nothing where there is nothing to read."""
        try:
            return super().read(body)
        except Unreadable:
            return {}

    def check(self, message: Message) -> None:
        """Let nothing pass."""
        if message:
            super().check(message)


@deviation(
    "any-decimals",
    primary="rejects.malformed-time",
    shows="what is no notification is taken: GSW_DATE_TIME is",
)
class AnyDecimals(Checker):
    """Takes a time with any number of decimals, or none."""

    def time(self, name: str, value: object) -> None:
        """Read it as a number."""
        if type(value) is not str or not _SECONDS.fullmatch(value):
            super().time(name, value)


@deviation(
    "not-a-number-taken",
    primary="rejects.unreadable",
    shows="what is no notification is taken: JSON with NaN for a statistic",
)
class NotANumberTaken(Checker):
    """Takes NaN for a statistic that is not known, as parsers do that go beyond JSON."""

    def read(self, body: bytes) -> Message:
        """Read it as null."""
        return super().read(body.replace(b": NaN", b": null"))
