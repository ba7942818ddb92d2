"""Wrong about the three options."""

from dataclasses import replace
from typing import Any

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.codes import Action, State
from cgstate_reference.core import Emitter
from cgstate_reference.group import Key, read_object
from cgstate_reference.life_cycle import Event
from cgstate_reference.notifier import Notification, Notifier
from cgstate_reference.options import ENABLED, INTERVAL, Options
from cgstate_reference.pacer import Pacer
from cgstate_reference.statistics import Statistics


@deviation(
    "ignores-off",
    primary="option.off",
    shows="an event is reported though the feature is off",
    consequences={
        "option.off-again": "it is never off again",
        "option.off-by-default": "a URI alone is enough to be sent to",
        "option.no-uri": "it goes on with the URI it had",
    },
)
class IgnoresOff(Emitter):
    """Goes on sending when the feature is turned off."""

    def set_options(self, options: Options) -> None:
        """Change the options, but stay on."""
        super().set_options(replace(options, enabled=True, uri=options.uri or self.options.uri))
        self.options = replace(self.options, enabled=options.enabled)


@deviation(
    "on-by-default",
    primary="option.off-by-default",
    shows="an event is reported though send-campaigngroup-states is left out",
)
class OnByDefault(Emitter):
    """Takes send-campaigngroup-states for true where it is left out."""

    def read_options(self, data: object) -> Options:
        """Read options with another default."""
        return super().read_options({ENABLED: True, **read_object(data, "the body")})


@deviation(
    "ignores-uri-change",
    primary="option.uri-change",
    shows="messages still go to the earlier URI",
    consequences={"http.configured-uri": "it sends to the URI that was configured first"},
)
class IgnoresUriChange(Notifier):
    """Sends to the first URI it was ever told."""

    _first: str | None = None

    def target(self) -> str | None:
        """Return the first URI."""
        self._first = self._first or super().target()
        return self._first


@deviation(
    "ignores-interval-change",
    primary="option.interval-change",
    shows="at an earlier interval",
    consequences={
        "periodic.interval": "the first interval holds",
        "periodic.default-interval": "the first interval holds",
        "periodic.reported": "the first interval may be longer than the watch",
        "option.interval-zero": "the first interval holds",
    },
)
class IgnoresIntervalChange(Pacer):
    """Keeps to the first interval it was told until it is started anew."""

    def set_interval(self, seconds: float) -> None:
        """Change the interval once."""
        if self.interval <= 0:
            super().set_interval(seconds)


@deviation(
    "zero-interval-as-default",
    primary="option.interval-zero",
    shows="periodic messages come though the interval is zero",
)
class ZeroIntervalAsDefault(Emitter):
    """Takes an interval of 0 or less for half a second."""

    def set_options(self, options: Options) -> None:
        """Change the options; there is always an interval."""
        super().set_options(options)
        if options.on and options.interval <= 0:
            self.pacer.set_interval(0.5)


@deviation(
    "turns-only-periodic-off",
    primary="option.off",
    shows="an event is reported though the feature is off",
    consequences={
        "option.off-again": "events go on when it is turned off again",
        "option.off-by-default": "events go on when the option is left out",
    },
)
class TurnsOnlyPeriodicOff(Emitter):
    """Sends no periodic messages when the feature is turned off, and goes on with events."""

    def set_options(self, options: Options) -> None:
        """Change the options; events go where they went."""
        super().set_options(options)
        self.notifier.set_options(replace(options, enabled=True))


@deviation("keeps-last-uri", primary="option.no-uri", shows="a message comes though no URI is set")
class KeepsLastUri(Emitter):
    """Sends to the last URI it was told when none is set any more."""

    def set_options(self, options: Options) -> None:
        """Change the options, but keep a URI."""
        super().set_options(replace(options, uri=options.uri or self.options.uri))


class _ByGroup(Notifier):
    """Knows whose notification it is about to send."""

    key: Key | None = None

    def report(self, event: Event, statistics: Statistics | None = None) -> None:
        """Put a notification on its way."""
        self.key = event.group.key
        super().report(event, statistics)

    async def deliver(self, notification: Notification) -> None:
        """Send a notification."""
        self.key = notification.event.group.key
        await super().deliver(notification)


@deviation(
    "off-for-new-groups", primary="option.off-again", shows="messages still come after the feature was turned off"
)
class OffForNewGroups(_ByGroup):
    """Goes on reporting the groups that are loaded when the feature is turned off."""

    _loaded: frozenset[Key] = frozenset()

    def report(self, event: Event, statistics: Statistics | None = None) -> None:
        """Put a notification on its way, and keep in mind which groups are loaded while the feature is on."""
        super().report(event, statistics)
        if self.options.on:
            self._loaded -= {event.group.key}
        if self.options.on and event.state is not State.NOT_LOADED:
            self._loaded |= {event.group.key}

    def wanted(self) -> bool:
        """Whether this group's notifications are to be sent."""
        return super().wanted() or (self.key in self._loaded and self.options.uri is not None)


@deviation("uri-change-for-new-groups", primary="option.uri-change", shows="messages still go to the earlier URI")
class UriChangeForNewGroups(_ByGroup):
    """Sends of a group that is loaded to the URI that was set when it was loaded."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - those of any notifier
        """Begin with no group loaded."""
        super().__init__(*arguments, **named)
        self._targets: dict[Key | None, str | None] = {}

    def report(self, event: Event, statistics: Statistics | None = None) -> None:
        """Put a notification on its way; a load begins with the URI of now."""
        if event.action is Action.LOAD and statistics is None:
            self._targets[event.group.key] = super().target()
        super().report(event, statistics)

    def target(self) -> str | None:
        """Return the URI that was set at this group's load."""
        return self._targets.get(self.key, super().target())


class _AnotherDefault(Emitter):
    """Takes another interval where campaigngroup-states-interval is left out."""

    default: float

    def read_options(self, data: object) -> Options:
        """Read options with another default."""
        return super().read_options({INTERVAL: self.default, **read_object(data, "the body")})


@deviation(
    "default-interval-fifteen",
    primary="periodic.default-interval",
    shows="periodic messages come at another interval than the default",
)
class DefaultIntervalFifteen(_AnotherDefault):
    """Sends a periodic message every 15 seconds where no interval is set."""

    default = 15


@deviation(
    "default-interval-sixty",
    primary="periodic.default-interval",
    shows="no periodic message comes at the default interval",
)
class DefaultIntervalSixty(_AnotherDefault):
    """Sends a periodic message once a minute where no interval is set."""

    default = 60


@deviation(
    "default-interval-zero",
    primary="periodic.default-interval",
    shows="no periodic message comes at the default interval",
)
class DefaultIntervalZero(_AnotherDefault):
    """Sends no periodic message where no interval is set."""

    default = 0


class _Remembers(Notifier):
    """Keeps what happens at times when it cannot be sent, and sends it as soon as it can."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - those of any notifier
        """Begin with nothing kept."""
        super().__init__(*arguments, **named)
        self._kept: list[Event] = []

    def keeps(self) -> bool:
        """Return whether what happens now is kept."""
        raise NotImplementedError

    def set_options(self, options: Options) -> None:
        """Change the options and send what was kept, if it can be sent."""
        super().set_options(options)
        if self.wanted():
            kept, self._kept = self._kept, []
            for event in kept:
                self.report(event)

    def report(self, event: Event, statistics: Statistics | None = None) -> None:
        """Keep it where it is kept."""
        if self.keeps():
            self._kept.append(event)
        else:
            super().report(event, statistics)


@deviation(
    "remembers-while-off",
    primary="option.off",
    shows="though the feature is off",
    consequences={
        "option.off-again": "what a group did while the feature was off comes when it is on again",
        "option.no-uri": "without a URI the feature is off for it as well, and what happened comes when there is one",
    },
)
class RemembersWhileOff(_Remembers):
    """Keeps what happens while the feature is off, and sends it when it is turned on."""

    def keeps(self) -> bool:
        """Return whether the feature is off."""
        return not self.wanted()


@deviation("remembers-without-uri", primary="option.no-uri", shows="a message comes though no URI is set")
class RemembersWithoutUri(_Remembers):
    """Keeps what happens while there is no URI, and sends it when one is set."""

    def keeps(self) -> bool:
        """Return whether only the URI is missing."""
        return self.options.enabled and self.options.uri is None


@deviation(
    "interval-in-minutes",
    primary="periodic.reported",
    shows="no periodic message comes for a loaded group",
    consequences={
        "periodic.interval": "what comes at all comes sixty times too late",
        "option.interval-change": "what comes at all comes sixty times too late",
    },
)
class IntervalInMinutes(Emitter):
    """Takes campaigngroup-states-interval for minutes where it is set, and keeps to ten seconds where it is not."""

    def set_options(self, options: Options) -> None:
        """Change the options; wait sixty times as long."""
        super().set_options(options)
        if options.on and options.interval != Options().interval:
            self.pacer.set_interval(60 * options.interval)


@deviation(
    "first-uri-when-periodic",
    primary="option.uri-change",
    shows="messages still go to the earlier URI",
    consequences={"http.configured-uri": "periodic messages go to the URI that was configured first"},
)
class FirstUriWhenPeriodic(Notifier):
    """Sends periodic messages to the first URI it was ever told."""

    _first: str | None = None
    _periodic = False

    def target(self) -> str | None:
        """Return the first URI for a periodic message."""
        self._first = self._first or super().target()
        return self._first if self._periodic else super().target()

    async def deliver(self, notification: Notification) -> None:
        """Notice what kind of message it is."""
        self._periodic = notification.statistics is not None
        await super().deliver(notification)
