"""Point from a misspelt name to the nearest known one."""

import difflib
from collections.abc import Iterable

from cgstate.drivers.text import one_line

_MANY = 20
"""More names than these are no help in one line."""


def nearest(unknown: str, known: Iterable[str]) -> str:
    """Return the unknown name quoted, with the near miss, or else the known names if they are few, in brackets."""
    names = sorted(known)
    shown = repr(one_line(unknown, 60))
    lowered = {name.lower(): name for name in names}
    for match in difflib.get_close_matches(unknown.lower(), lowered, n=1, cutoff=0.6):
        return f"{shown} (did you mean {lowered[match]}?)"
    return f"{shown} (known: {', '.join(names)})" if len(names) <= _MANY else shown
