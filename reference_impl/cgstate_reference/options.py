"""The three options of the feature."""

import sys
from dataclasses import dataclass
from urllib.parse import urlsplit

from cgstate_reference.group import Unreadable, read_object

ENABLED = "send-campaigngroup-states"
URI = "campaigngroup-states-uri"
INTERVAL = "campaigngroup-states-interval"

_SHORTEST = 0.01


@dataclass(frozen=True, slots=True)
class Options:
    """The options as they are set; the defaults are the manual's."""

    enabled: bool = False
    uri: str | None = None
    interval: float = 10
    """Seconds between periodic messages; 0 or less: none."""

    @property
    def on(self) -> bool:
        """Whether there is anything to send to."""
        return self.enabled and self.uri is not None

    def as_json(self) -> dict[str, bool | str | float | None]:
        """Return the options under their own names."""
        return {ENABLED: self.enabled, URI: self.uri, INTERVAL: self.interval}


def read_options(data: object) -> Options:
    """Read options under their own names, what is left out as its default; raises `Unreadable`."""
    fields = read_object(data, "the body")
    enabled = fields.get(ENABLED, False)
    if not isinstance(enabled, bool):
        raise Unreadable(f"{ENABLED} must be true or false")
    interval = fields.get(INTERVAL, 10)
    if not isinstance(interval, int | float) or isinstance(interval, bool) or not abs(interval) <= sys.float_info.max:
        raise Unreadable(f"{INTERVAL} must be a number of seconds")
    if 0 < interval < _SHORTEST:
        raise Unreadable(f"{INTERVAL} must be {_SHORTEST} or more, or 0 for no periodic messages")
    uri = fields.get(URI)
    if uri is not None and not isinstance(uri, str):
        raise Unreadable(f"{URI} must be a string")
    return Options(enabled, checked_uri(uri) if uri else None, interval)


def checked_uri(uri: str) -> str:
    """Return `uri` if a notification can be sent there; raises `Unreadable`."""
    try:
        parts = urlsplit(uri)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(not "!" <= character <= "~" for character in uri):
        # Without the URI: there may be a password in it.
        raise Unreadable(f"{URI} must be an absolute http or https URI")
    return uri
