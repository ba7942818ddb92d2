"""Values as they were sent beside values as they are stored: the same or not, and if not, what became of them.

Type for type: true is not 1, and 5 is not "5". JSON knows one kind of number, so 1 and 1.0 are the same; but in an
attribute whose type is an integer 5.0 is another way to write 5 than the schema asks for (`body.integer-form`), and a
store that gives it back has altered it. Texts are compared character for character, without any normalisation.
"""

from collections.abc import Hashable, Mapping
from typing import Final

from cgstate.judge.json import INTEGERS

_INTEGERS: Final = frozenset(INTEGERS)
_DEEPEST: Final = 200
MISSING: Final = object()
"""Stands for the value of an attribute that is not there."""


def key_of(message: Mapping[str, object]) -> Hashable:
    """Return what two messages have in common exactly where every attribute is the same."""
    return frozenset((name, value_key(name, value)) for name, value in message.items())


def value_key(name: str, value: object) -> Hashable:
    """Return what two values of that attribute have in common exactly where they are the same."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return (bool, value)
    if isinstance(value, int):
        return (int, value)
    if isinstance(value, float):
        return (float if name in _INTEGERS else int, value)
    return _nested(value, _DEEPEST)


def _nested(value: object, depth: int) -> Hashable:
    if depth == 0:
        return ()
    if isinstance(value, Mapping):
        return (dict, frozenset((key, _nested(inner, depth - 1)) for key, inner in value.items()))
    if isinstance(value, (list, tuple)):
        return (list, *(_nested(inner, depth - 1) for inner in value))
    return value_key("", value)


def became(name: str, sent: object, stored: object) -> str:
    """Return what became of a value, to complete "GSW_X ..."; empty: it is the same."""
    if stored is MISSING:
        return "is lost"
    if value_key(name, sent) == value_key(name, stored):
        return ""
    before, after = _type(name, sent), _type(name, stored)
    return "is altered" if before == after else f"is stored as {after}"


def _type(name: str, value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, (int, float)):
        return "a number with a fraction" if name in _INTEGERS and isinstance(value, float) else "a number"
    return "an object" if isinstance(value, Mapping) else "an array"
