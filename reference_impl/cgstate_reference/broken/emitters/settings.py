"""Wrong about the three options."""

from dataclasses import replace

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.core import Emitter
from cgstate_reference.group import read_object
from cgstate_reference.notifier import Notifier
from cgstate_reference.options import ENABLED, Options
from cgstate_reference.pacer import Pacer


@deviation(
    "ignores-off",
    primary="option.off",
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
)
class OnByDefault(Emitter):
    """Takes send-campaigngroup-states for true where it is left out."""

    def read_options(self, data: object) -> Options:
        """Read options with another default."""
        return super().read_options({ENABLED: True, **read_object(data, "the body")})


@deviation(
    "ignores-uri-change",
    primary="option.uri-change",
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
)
class ZeroIntervalAsDefault(Emitter):
    """Takes an interval of 0 or less for half a second."""

    def set_options(self, options: Options) -> None:
        """Change the options; there is always an interval."""
        super().set_options(options)
        if options.on and options.interval <= 0:
            self.pacer.set_interval(0.5)
