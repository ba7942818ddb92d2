"""Reading JSON that is nested too deep for a parser that calls itself: slower, with a stack of its own.

RFC 8259 sets no limit of depth, so depth is no fault. What lies deeper than `DEEPEST` levels is checked for
its syntax and not kept: None stands for it, and keys that are doubled down there are not noticed.
"""

import json
import re
from collections.abc import Callable
from typing import Final

DEEPEST: Final = 200

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_BRACKET_OR_STRING: Final = re.compile(r'[\[\]{}]|"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
"""A string without an end goes to the end of the text: to look for strings in it again would take quadratic time."""
_OBJECT: Final = ord("{")

# What is deeper than is kept is read in runs, by one match each: only what can be no fault whatever it stands in, so
# that a run ends before the first character that anybody could object to.
_S: Final = r"[ \t\n\r]*+"
_PLAIN: Final = r'"[^"\\\[\]{}\x00-\x1f]*+"'
_KEY: Final = rf"{_PLAIN}{_S}:{_S}"
_SCALAR: Final = rf"(?:-?(?:0|[1-9][0-9]{{0,14}}+)(?![0-9.eE])|true|false|null|{_PLAIN}){_S}"
_OPENINGS: Final = re.compile(
    rf'(?:(?:\[{_S}(?:{_SCALAR},{_S})*+|\{{{_S}{_KEY}(?:{_SCALAR},{_S}{_KEY})*+)(?=[\[{{"0-9tfn-]))++'
)
_FLAT: Final = (
    rf"(?:{_SCALAR}|\[{_S}(?:{_SCALAR}(?:,{_S}{_SCALAR})*+)?+\]{_S}"
    rf"|\{{{_S}(?:{_KEY}{_SCALAR}(?:,{_S}{_KEY}{_SCALAR})*+)?+\}}{_S})"
)
_ITEMS: Final = re.compile(rf"(?:,{_S}{_FLAT})++")
_MEMBERS: Final = re.compile(rf"(?:,{_S}{_KEY}{_FLAT})++")
_CLOSINGS: Final = re.compile(rf"(?:[\]}}]{_S})++")
_ALL_BUT_OPENING: Final = bytes(set(range(256)) - set(b"[{"))
_ALL_BUT_CLOSING: Final = bytes(set(range(256)) - set(b"]}"))
_CLOSED_BY: Final = bytes.maketrans(b"[{", b"]}")


Pairs = Callable[[list[tuple[str, object]]], object]


def is_deep(text: str) -> bool:
    """Whether brackets are nested more than `DEEPEST` levels deep, as far as the text is JSON."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return False
    depth = 0
    for match in _BRACKET_OR_STRING.finditer(text):
        found = match[0]
        if found in "[{":
            depth += 1
            if depth > DEEPEST:
                return True
        elif found in "]}":
            depth -= 1
    return False


def read_deep(text: str, scalars: json.JSONDecoder, pairs: Pairs) -> object:
    """Return the one JSON value of the text; raise `json.JSONDecodeError` where there is not exactly one.

    `scalars` reads texts, numbers and literals; `pairs` makes an object.
    """
    return _DeepReader(text, scalars, pairs).read()


class _DeepReader:
    """One walk through the text, with the open brackets on a stack of bytes and the shallow ones' values beside it."""

    def __init__(self, text: str, scalars: json.JSONDecoder, pairs: Pairs) -> None:
        self._text = text
        self._scalars = scalars
        self._pairs = pairs
        self._at = 0
        self._open = bytearray()
        self._frames: list[list[tuple[str, object]]] = []
        """What the shallow open brackets hold so far; an array's values have no key."""
        self._keys: list[str] = []
        """The keys that the values of the shallow open brackets go under."""
        self._result: object = None
        self._crossed = False
        """Whether brackets ahead close what others opened: an error that is found one by one."""

    def read(self) -> object:
        self._value(self._next())
        while self._open:
            if not self._crossed:
                self._skip_behind_a_value()
            in_object = self._open[-1] == _OBJECT
            mark = self._next()
            if mark == ("}" if in_object else "]"):
                self._close()
            elif mark == ",":
                self._at += 1
                if in_object:
                    self._key(self._next())
                self._value(self._next())
            else:
                raise self._error("Expecting ',' delimiter")
        if self._next():
            raise self._error("Extra data")
        return self._result

    def _next(self) -> str:
        """Skip white space and return the character after it, empty at the end."""
        match = _SPACE.match(self._text, self._at)
        assert match is not None  # white space may be none
        self._at = match.end()
        return self._text[self._at : self._at + 1]

    def _key(self, mark: str) -> None:
        if mark != '"':
            raise self._error("Expecting property name enclosed in double quotes")
        key, self._at = self._scalars.raw_decode(self._text, self._at)
        if self._next() != ":":
            raise self._error("Expecting ':' delimiter")
        self._at += 1
        if len(self._open) <= DEEPEST:
            self._keys[-1] = key

    def _value(self, mark: str) -> None:
        """Read a value, or as much as opens it: down to the first one that opens nothing."""
        while mark in ("{", "["):
            if len(self._open) > DEEPEST:
                mark = self._skip_openings()
                if mark not in ("{", "["):
                    break
            self._at += 1
            self._open.append(ord(mark))
            if len(self._open) <= DEEPEST:
                self._frames.append([])
                self._keys.append("")
            inner = self._next()
            if inner == ("}" if mark == "{" else "]"):
                self._close()
                return
            if mark == "{":
                self._key(inner)
                inner = self._next()
            mark = inner
        value, self._at = self._scalars.raw_decode(self._text, self._at)
        self._add(value)

    def _skip_openings(self) -> str:
        """Read as many opening brackets, and what stands behind them, as is without fault; return what comes then."""
        run = _OPENINGS.match(self._text, self._at)
        if run is not None:
            self._at = run.end()
            self._open += run[0].encode(errors="replace").translate(None, _ALL_BUT_OPENING)
        return self._next()

    def _skip_behind_a_value(self) -> None:
        """Read as many further values and closing brackets as are without fault and not kept."""
        self._next()
        while len(self._open) > DEEPEST + 1:
            further = (_MEMBERS if self._open[-1] == _OBJECT else _ITEMS).match(self._text, self._at)
            self._at = further.end() if further else self._at
            closings = _CLOSINGS.match(self._text, self._at, self._at + len(self._open) - DEEPEST - 1)
            if closings is None:
                return
            closed = closings[0].encode().translate(None, _ALL_BUT_CLOSING)
            if self._open[-len(closed) :][::-1].translate(_CLOSED_BY) != closed:
                self._crossed = True
                return
            self._at = closings.end()
            del self._open[-len(closed) :]

    def _add(self, value: object) -> None:
        if not self._open:
            self._result = value
        elif len(self._open) <= DEEPEST:
            self._frames[-1].append((self._keys[-1], value))

    def _close(self) -> None:
        self._at += 1
        kind = self._open.pop()
        if len(self._open) >= DEEPEST:
            value: object = None
        else:
            frame = self._frames.pop()
            self._keys.pop()
            value = self._pairs(frame) if kind == _OBJECT else [item for _, item in frame]
        self._add(value)

    def _error(self, sentence: str) -> json.JSONDecodeError:
        return json.JSONDecodeError(sentence, self._text, self._at)
