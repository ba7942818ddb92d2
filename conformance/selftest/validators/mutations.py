"""Messages at the edges of the schemas: a pool of the project's own, each changed a little by a seeded generator.

To draw a message costs Hypothesis a millisecond, to change one takes microseconds.
"""

from collections.abc import Callable, Sequence
from functools import cache
from random import Random
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from cgstate.generate import broken_messages, discouraged_messages, messages
from cgstate.specification.schemas import attributes, recommended_schema, schema

Message = dict[str, Any]
Change = Callable[[Message, Random], None]

_NAMES: Final = tuple(attributes())
_CODES: Final = ("GSW_CAMPAIGN_GROUP_STATE", "GSW_DIAL_MODE", "GSW_OPTIMIZE_BY", "GSW_OPTIMIZE_GOAL")
"""What the conditions of the schemas look at."""

_LETTERS: Final = ("x", "ß", "春", "😀", "\U0010ffff", "\u0301", "\ud83d", "\udc00", "\n", "\0", '"', "\\")
_INTEGERS: Final = (
    *range(-3, 14), 29, 99, 100, 101, 255, 256, 2**31, 2**53 - 1, 2**53, 2**53 + 1, 2**63, 2**64, 10**30, 10**400,
    -(2**53), -(2**63) - 1, -(10**400),
)  # fmt: skip
_FLOATS: Final = (
    0.0, -0.0, 1.0, 4.0, 5.0, 7.0, 12.0, 100.0, 101.0, -1.0, 0.5, 5.5, 100.5, -0.5, -1e-300, 5e-324, 1e-7, 0.85, 1e22,
    1.7e308, float(2**53), float(2**64),
)  # fmt: skip
_NO_SCALARS: Final[tuple[Any, ...]] = (True, False, None, [], {}, [5], ["5"], {"GSW_DIAL_MODE": 5}, [[[]]], {"": None})
_TEXTS: Final = ("", "x", "5", "5.0", "-1", "true", "null", "undefined", "NaN", "\n", " ", "\ud83d\ude00", "0")
_TIMES: Final = (
    "0.000", "1527516447.250", "000.000", "9" * 400 + ".999", "1.250\n", "1527516447.250\r\n", "\n1527516447.250",
    "1527516447.250\n\n", "1527516447.250\0", "1527516447.250\u2028", "1527516447.250\u0085", "1527516447.250 ",
    " 1527516447.250", "1527516447", "1527516447.", ".250", ".", "1527516447.25", "1527516447.2500", "1527516447,250",
    "1527516447.250.000", "-1527516447.250", "+1527516447.250", "1527516447.2a0", "1.٢٥٠", "١٥٢٧.250",
    "\uff11.\uff12\uff15\uff10", "1\uff0e250", "1e9.250", "1_527.250", "1527516447\n.250", "\ud83d1.250", "²³.250", "",
)  # fmt: skip
_KEYS: Final = ("GSW_LATER", "gsw_dial_mode", "GSW_DIAL_MODE ", "", "x-requirement", "$ref", "ключ", "\udc00")


def pool(size: int, seeded: int) -> list[Message]:
    """Draw messages from the project's own strategies: legal ones, and ones with one fault each."""
    drawn: list[Message] = []

    @seed(seeded)
    @settings(
        max_examples=size,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.one_of(
            messages(),
            broken_messages().map(lambda faulty: faulty.message),
            discouraged_messages().map(lambda faulty: faulty.message),
        )
    )
    def take(message: Message) -> None:
        drawn.append(message)

    take()
    return [*drawn, *schema()["examples"]]


def mutated(messages: Sequence[Message], draw: Random) -> Message:
    """Return one of the messages, changed in up to three ways; the pool stays as it is."""
    message = dict(draw.choice(messages))
    for _ in range(draw.choices((0, 1, 2, 3), (2, 10, 5, 3))[0]):
        draw.choices(_CHANGES, _WEIGHTS)[0](message, draw)
    return {key: _as_json_has_it(value) for key, value in message.items()}


def _as_json_has_it(value: object) -> object:
    """Join the halves of a surrogate pair that came to stand side by side: JSON has one character there."""
    if not isinstance(value, str) or value.isascii():
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _edge(message: Message, draw: Random) -> None:
    """Put a value at an edge of what the attribute may be."""
    name = draw.choice((*_NAMES, "GSW_DATE_TIME", "GSW_DATE_TIME", "GSW_DATE_TIME"))  # the one with the most edges
    message[name] = draw.choice(_edges(name))


@cache
def _edges(name: str) -> tuple[Any, ...]:
    if name == "GSW_DATE_TIME":
        return _TIMES
    rules = (schema()["properties"][name], recommended_schema()["properties"].get(name, {}))
    if rules[0]["type"] != "string":
        return (*_INTEGERS, *_FLOATS, *rules[0].get("enum", ()))
    limits = {0, 1, *(of["maxLength"] for of in rules if "maxLength" in of)}
    lengths = {length + more for length in limits for more in (-1, 0, 1) if length + more >= 0}
    return tuple(letter * length for letter in _LETTERS for length in sorted(lengths))


def _anything(message: Message, draw: Random) -> None:
    """Put a value of any type."""
    message[draw.choice(_NAMES)] = draw.choice(draw.choice((_INTEGERS, _FLOATS, _NO_SCALARS, _NO_SCALARS, _TEXTS)))


def _near(message: Message, draw: Random) -> None:
    """Change a value that is there a little."""
    name = draw.choice(list(message)) if message else "GSW_DATE_TIME"
    message[name] = draw.choice(_neighbours(message.get(name), draw))


def _neighbours(value: object, draw: Random) -> Sequence[object]:
    if isinstance(value, bool) or value is None or isinstance(value, (dict, list)):
        return ([value], {"value": value}, 0, 1, str(value))
    if isinstance(value, str):
        at, letter = draw.randint(0, len(value)), draw.choice(_LETTERS)
        inserted = value[:at] + letter + value[at:]
        return (
            f"{value}\n",
            f"{value} ",
            f"\n{value}",
            value[:-1],
            value[::-1],
            inserted,
            value[:at] + letter,
            [value],
        )
    if isinstance(value, int):
        as_float = (float(value), value + 0.5) if abs(value) < 2**53 else ()
        as_text = (str(value),) if abs(value) < 2**64 else ()
        return (value + 1, value - 1, -value, bool(value), [value], *as_float, *as_text)
    assert isinstance(value, float)
    return (-value, int(value), str(value), [value], value + 1.0)


def _remove(message: Message, draw: Random) -> None:
    message.pop(draw.choice(_NAMES), None)


def _null(message: Message, draw: Random) -> None:
    message[draw.choice(_NAMES)] = None


def _unknown(message: Message, draw: Random) -> None:
    message[draw.choice(_KEYS)] = draw.choice(draw.choice((_INTEGERS, _FLOATS, _NO_SCALARS, _TEXTS)))


def _codes(message: Message, draw: Random) -> None:
    """Put another combination of what the conditions look at; a whole number is the same with a fraction of zero."""
    for name in _CODES:
        if draw.random() < 0.8:
            codes = attributes()[name].get("enum", (-1, 0, 1, 80, 100, 101, 600))
            code = draw.choice(codes)
            message[name] = float(code) if draw.random() < 0.1 else code
        else:
            message.pop(name, None)


_CHANGES: Final[tuple[Change, ...]] = (_edge, _near, _anything, _codes, _remove, _null, _unknown)
_WEIGHTS: Final = (7, 4, 3, 4, 3, 1, 2)
