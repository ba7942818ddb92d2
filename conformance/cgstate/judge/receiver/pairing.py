"""Which stored message is which sent one: within a GUID, as bags.

First those that are the same in every attribute that anybody sent, by a hash; then, of the rest, those of the same
GSW_DATE_TIME, which no two messages share (but the same one twice); then those alike in all but that; then whatever is
least unlike. So ten thousand messages take time in proportion, even where each of them was altered. What need not be
there is found only where it is the same, or of the same time.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, auto
from typing import Final

from cgstate.judge.receiver.values import MISSING, became, key_of
from cgstate.sending import Sending

Message = Mapping[str, object]
DATE_TIME: Final = "GSW_DATE_TIME"
_MOST_COMPARED: Final = 40_000
_UNLIKE: Final = 0.5
"""Two messages that differ in a larger part of what was sent are not one and the same."""


class Standing(IntEnum):
    """What is expected of a message in the store; the least is paired first."""

    DUE = auto()
    """A legal one that was taken: it has to be there."""
    OPEN = auto()
    """It may be there or not: nobody knows whether it arrived, or either is right."""
    BARRED = auto()
    """It was refused, cut or dropped: it should not be there."""


@dataclass(frozen=True, eq=False)
class Sent:
    """A message that was sent; equal only to itself."""

    sending: Sending
    message: Message
    standing: Standing
    key: Hashable


@dataclass(frozen=True, eq=False)
class Kept:
    """A message that is stored; `place` is its position in what was read."""

    message: Message
    place: int


Found = list[tuple[Sent, Kept]]


@dataclass
class Pairs:
    """What became of the messages of one GUID."""

    found: Found
    missing: list[Sent]
    strangers: list[Kept]


def paired(sent: Sequence[Sent], stored: Sequence[Message], universe: frozenset[str]) -> Pairs:
    """Pair the messages of one GUID. `universe`: every attribute that was sent, other fields are the store's own."""
    found: Found = []
    ordered = sorted(sent, key=lambda each: (each.standing, each.sending.began, each.sending.parcel.number))
    due = [each for each in ordered if each.standing is Standing.DUE]
    others = [each for each in ordered if each.standing is not Standing.DUE]
    kept = [Kept(message, place) for place, message in enumerate(stored)]

    def own_key(stored: Kept) -> Hashable:
        return key_of(_own(stored.message, universe))

    due, kept = _match(due, kept, lambda each: each.key, own_key, found)
    left, kept = _match([*due, *others], kept, lambda s: _moment(s.message), lambda k: _moment(k.message), found)
    due = [each for each in left if each.standing is Standing.DUE]
    others = [each for each in left if each.standing is not Standing.DUE]
    due, kept = _match(due, kept, lambda s: _but_time(s.message), lambda k: _but_time(_own(k.message, universe)), found)
    # Only now: a fault, say a GSW_DATE_TIME that is missing, may be what a store does to every message.
    others, kept = _match(others, kept, lambda each: each.key, own_key, found)
    due, kept = _nearest(due, kept, found)
    barred = [each for each in others if each.standing is Standing.BARRED]
    open_ = [each for each in others if each.standing is Standing.OPEN]
    # A second copy of what was found is no altered form of something else.
    known = {_moment(each.message) for each, _ in found}
    doubled = [each for each in kept if _moment(each.message) in known]
    open_, kept = _nearest(open_, [each for each in kept if _moment(each.message) not in known], found)
    return Pairs(found, [*due, *open_, *barred], [*doubled, *kept])


def _own(message: Message, universe: frozenset[str]) -> Message:
    return {name: value for name, value in message.items() if name in universe}


def _match(
    left: list[Sent],
    kept: list[Kept],
    of_sent: Callable[[Sent], Hashable],
    of_kept: Callable[[Kept], Hashable],
    found: Found,
) -> tuple[list[Sent], list[Kept]]:
    """Pair those with the same key (None: it has none), those that were sent first with those that were read first."""
    waiting: defaultdict[Hashable, deque[Sent]] = defaultdict(deque)
    for each in left:
        waiting[of_sent(each)].append(each)
    rest, taken = [], set()
    for stored in kept:
        key = of_kept(stored)
        queue = waiting.get(key) if key is not None else None
        if queue:
            sent = queue.popleft()
            taken.add(id(sent))
            found.append((sent, stored))
        else:
            rest.append(stored)
    return [each for each in left if id(each) not in taken], rest


def _moment(message: Message) -> Hashable:
    """Return GSW_DATE_TIME in milliseconds, however it is written now; None where it cannot be read."""
    value = message.get(DATE_TIME)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = datetime.fromisoformat(str(value)).timestamp()
        except (ValueError, OverflowError):
            return None
    except OverflowError:
        return None
    if seconds != seconds or abs(seconds) > 1e15:  # noqa: PLR0124, PLR2004 - NaN; beyond any date
        return None
    # A number without a fraction that large is milliseconds already.
    return round(seconds if seconds > 1e11 else seconds * 1000)  # noqa: PLR2004


def _but_time(message: Message) -> Hashable:
    return key_of({name: value for name, value in message.items() if name != DATE_TIME})


def _nearest(left: list[Sent], kept: list[Kept], found: Found) -> tuple[list[Sent], list[Kept]]:
    """Pair what differs least; of very many that are all unlike, in the order in which they stand."""
    if not left or not kept:
        return left, kept
    if len(left) * len(kept) > _MOST_COMPARED:
        near: Iterable[tuple[int, int, int]] = ((0, n, n) for n in range(min(len(left), len(kept))))
    else:
        near = sorted(
            (differences, s, k)
            for s, each in enumerate(left)
            for k, stored in enumerate(kept)
            if (differences := _differences(each.message, stored.message)) <= _UNLIKE * len(each.message)
        )
    gone, used = set(), set()
    for _, s, k in near:
        if s not in gone and k not in used:
            gone.add(s)
            used.add(k)
            found.append((left[s], kept[k]))
    return (
        [each for n, each in enumerate(left) if n not in gone],
        [stored for n, stored in enumerate(kept) if n not in used],
    )


def _differences(sent: Message, stored: Message) -> int:
    return sum(1 for name, value in sent.items() if became(name, value, stored.get(name, MISSING)))
