"""What the emitter says while it runs: lines on standard error."""

import json
import logging
from urllib.parse import urlsplit, urlunsplit

TRACE = 5
"""The level of the lines 81000 and 81001, below DEBUG."""
LEVELS = {"trace": TRACE, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}

STATE_CHANGE = 81000
PERIODIC = 81001

LOG = logging.getLogger("cgstate_reference")


def set_up(level: str) -> None:
    """Log to standard error from `level` (a key of `LEVELS`) on."""
    logging.addLevelName(TRACE, "TRACE")
    logging.basicConfig(format="%(asctime)s.%(msecs)03d %(levelname)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S")
    LOG.setLevel(LEVELS[level])
    # What a peer sends is its own business: the HTTP library need not report each unreadable request.
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)


def shown(name: str) -> str:
    """Return a name in quotes, control characters escaped: any character is allowed in a name."""
    return json.dumps(name)


def redacted(uri: str) -> str:
    """Return a URI without user and password."""
    parts = urlsplit(uri)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
