"""Values as a reader of a report sees them: short, on one line, and never in the way of printing."""

import json
from typing import Final

_LONGEST: Final = 80
_LARGEST_DIGITS: Final = 40


def shown(value: object) -> str:
    """Return a JSON value as short JSON text; of arrays and objects only how large they are.

    Half surrogates come out as escapes, so that the text can be written as UTF-8.
    """
    if isinstance(value, dict):
        return f"an object with {counted(len(value), 'key')}"
    if isinstance(value, list):
        return f"an array of {counted(len(value), 'value')}"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**_LARGEST_DIGITS:
        return "an integer of more than 40 digits"
    return json.dumps(value)


def excerpt(text: str, at: int, *, escaped: bool = False) -> str:
    """Return what stands around that position of a text, quoted; `escaped`: whatever is not ASCII as its number."""
    begin = max(0, at - _LONGEST // 4)
    found = text[begin : begin + _LONGEST // 2]
    return json.dumps(found) if escaped else _quoted(found)


def names(found: "list[str]") -> str:
    """Return keys as a short list."""
    first = ", ".join(_quoted(name) for name in found[:3])
    return first if len(found) <= 3 else f"{first} and {len(found) - 3} more"  # noqa: PLR2004 - as many as are shown


def _quoted(text: str) -> str:
    if len(text) > _LONGEST:
        return f"{_quoted(text[: _LONGEST - 20])}... ({len(text)} characters)"
    return json.dumps(text, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def counted(number: int, noun: str) -> str:
    """Return for example ``1 message`` or ``2 messages``."""
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"
