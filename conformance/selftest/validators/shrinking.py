"""The least of a message that still shows what it shows: the plainest message with as little odd about it as may be."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from cgstate.specification.schemas import schema

Message = dict[str, Any]

PLAIN: Final[Mapping[str, Any]] = schema()["examples"][0]
"""What every attribute becomes that has no part in it."""


def shrink(message: Message, shows: Callable[[Message], bool]) -> Message:
    """Return a message that still `shows` it, and no longer does with any one step nearer to the plain one.

    `message` shows it, and `shows` gives the same answer every time. Each step is taken whose result shows it: an
    attribute goes or becomes the plain one, a text gets shorter or simpler, a number nearer to zero.
    """
    assert shows(message)
    least = dict(message)
    while (less := next((each for each in _lesser(least) if shows(each)), None)) is not None:
        least = less
    # The plain order: what is written is to be read.
    return {key: least[key] for key in (*PLAIN, *least) if key in least}


def _lesser(message: Message) -> Iterator[Message]:
    """Yield the message one step nearer to the plain one, the longest steps first."""
    for key in [*message]:
        if key not in PLAIN:
            yield {each: value for each, value in message.items() if each != key}
    odd = [key for key in {**PLAIN, **message} if key not in message or not same(message[key], PLAIN.get(key))]
    for key in odd:
        if key in PLAIN:
            yield {**message, key: PLAIN[key]}
    for key in odd:
        if key in message:
            yield from ({**message, key: value} for value in _lesser_values(message[key]))


def same(value: object, other: object) -> bool:
    """Whether they are the same to JSON and as written: true is not 1, and 5.0 is not 5."""
    return type(value) is type(other) and value == other


def _lesser_values(value: object) -> Iterator[object]:
    """Yield values that are less than this one in an order without a circle."""
    if isinstance(value, str):
        yield from _lesser_texts(value)
    elif isinstance(value, (list, dict)) and value:
        yield type(value)()
    elif isinstance(value, int) and not isinstance(value, bool):
        yield from _nearer_to_zero(value)
    elif isinstance(value, float):
        yield from (whole for whole in map(float, _nearer_to_zero(int(value))) if abs(whole) < abs(value))


def _lesser_texts(text: str) -> Iterator[str]:
    """Yield shorter texts, then as long ones of the letters x and 0."""
    parts = [(start, start + size) for size in _halves(len(text)) for start in range(0, len(text), size)]
    for start, end in parts:
        yield text[:start] + text[end:]
    for start, end in parts:
        part = text[start:end]
        if part.strip("0"):
            yield text[:start] + "0" * len(part) + text[end:]
        if part.strip("0x"):
            yield text[:start] + "x" * len(part) + text[end:]


def _nearer_to_zero(value: int) -> Iterator[int]:
    sign, size = -1 if value < 0 else 1, abs(value)
    # Powers of two first: of a number with hundreds of digits the edge is near soon.
    powers = [1 << bits for bits in range(size.bit_length()) if 1 << bits < size]
    yield from (sign * less for less in (*powers, *(size - step for step in _halves(size))))


def _halves(size: int) -> Iterator[int]:
    """Yield the size, its half, the half of that, down to 1."""
    while size:
        yield size
        size //= 2
