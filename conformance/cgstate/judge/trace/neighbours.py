"""Each item of a sequence with the one after it."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def with_next(items: Sequence[T]) -> Iterator[tuple[T, T | None]]:
    """Yield each item with its successor; the last one with None."""
    for number, item in enumerate(items, 1):
        yield item, items[number] if number < len(items) else None
