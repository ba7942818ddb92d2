"""Reading JSON by RFC 8259, strictly, and noticing on the way what parsers pass over in silence.

Python's parser is strict once NaN and Infinity are refused; its hooks see each object's keys before the last one
wins, and each number as it was written. That one pass costs 6 us for a message, and is all that is needed.
(orjson reads the same in 1.4 us, but sees neither doubled keys nor the difference between 5 and 5.0 in text.)
"""

import json
import re
import sys
from itertools import pairwise
from typing import Final

from cgstate.judge.nesting import is_deep, read_deep

SAFE: Final = 2**53 - 1
_ALWAYS_SAFE_DIGITS: Final = 15
_MOST_DIGITS: Final = 4300
_BEYOND: Final = "1" + "0" * (_MOST_DIGITS - 1)
_ESCAPED_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class Reading:
    """What a text holds; never raises, however the text is nested and however long it is.

    An integer of more than 4,300 digits is held as a power of ten of that many: every rule treats both alike,
    and to convert it may take minutes. A number too large for a float is held as the largest float.
    """

    __slots__ = ("doubled", "error", "lone_surrogates", "position", "text", "unsafe", "value")

    def __init__(self, text: str) -> None:
        """Read the text as one JSON value."""
        self.text = text
        self.value: object = None
        self.error: str | None = None
        """Why it is no JSON, or None."""
        self.position = 0
        """Where in the text the error is."""
        self.doubled: list[str] = []
        """Keys that stand more than once in one object."""
        self.unsafe: list[int] = []
        """Integers beyond 2**53 - 1 either way."""
        self.lone_surrogates: list[str] = []
        """Texts and keys with half of a surrogate pair."""
        try:
            self.value = self._read(text)
        except _NoNumber as found:
            self.error = f"{found} is no JSON value"
            self.position = text.find(str(found))
        except json.JSONDecodeError as error:
            self.error = error.msg
            self.position = error.pos
        if self.error is None and _ESCAPED_SURROGATE.search(text):
            self.lone_surrogates = _with_lone_surrogates(self.value)

    def _read(self, text: str) -> object:
        decoder = json.JSONDecoder(
            object_pairs_hook=self._pairs, parse_int=self._integer, parse_float=_number, parse_constant=_constant
        )
        return read_deep(text, decoder, self._pairs) if is_deep(text) else decoder.decode(text)

    def _pairs(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        if len(made) != len(pairs):
            ordered = sorted(key for key, _ in pairs)
            self.doubled += dict.fromkeys(key for key, after in pairwise(ordered) if key == after)
        return made

    def _integer(self, text: str) -> int:
        if len(text) <= _ALWAYS_SAFE_DIGITS:
            return int(text)
        if len(text) > _MOST_DIGITS:
            text = "-" + _BEYOND if text.startswith("-") else _BEYOND
        value = int(text)
        if not -SAFE <= value <= SAFE:
            self.unsafe.append(value)
        return value


class _NoNumber(Exception):  # noqa: N818 - named for the fact
    """NaN, Infinity or -Infinity."""


def _constant(text: str) -> object:
    raise _NoNumber(text)


def _number(text: str) -> float:
    value = float(text)
    return min(max(value, -sys.float_info.max), sys.float_info.max)


def _with_lone_surrogates(value: object) -> list[str]:
    found: list[str] = []
    rest: list[object] = [value]
    while rest:
        item = rest.pop()
        if isinstance(item, str):
            if _LONE_SURROGATE.search(item):
                found.append(item)
        elif isinstance(item, dict):
            rest.extend(item)
            rest.extend(item.values())
        elif isinstance(item, list):
            rest.extend(item)
    return found
