"""Whether validators say the same of a message under both schemas, over as many messages as are asked for.

Message number n of a seed is always the same, whatever was made before it: a disagreement is repeated at once.
"""

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from random import Random
from types import MappingProxyType
from typing import Final

from cgstate.judge.schema import plain
from selftest.validators.mutations import Message, mutated
from selftest.validators.verdicts import (
    JSONSCHEMA,
    JSONSCHEMA_RS,
    SCHEMAS,
    failing_by_jsonschema,
    failing_by_jsonschema_rs,
)

Verdict = tuple[bool, bool]
"""Whether a message passes the schema of mandatory rules, and the recommended one."""
Opinion = Callable[[Message, Message], Verdict | None]
"""What a validator says of a message, and of the plain view that the judge shows to validators; None: nothing."""

_CHUNK: Final = 2_500
_ALONE: Final = 5_000
"""Up to so many messages one process takes."""
_NAMES_EACH: Final = 20
"""Of one message in so many the names of all that fails are compared too: that costs as much again."""


def _by_jsonschema(value: Message) -> Verdict:
    if JSONSCHEMA[1].is_valid(value):
        return True, True  # what includes the other schema passes that too
    return JSONSCHEMA[0].is_valid(value), False


def _by_jsonschema_rs(value: Message) -> Verdict:
    return JSONSCHEMA_RS[0].is_valid(value), JSONSCHEMA_RS[1].is_valid(value)


def _by_jsonschema_as_sent(message: Message, view: Message) -> Verdict | None:
    if all(message[key] == value for key, value in view.items()):
        return None  # the view lacks unknown attributes alone, which no rule is about
    return _by_jsonschema(message)


def _by_jsonschema_rs_as_sent(message: Message, _: Message) -> Verdict | None:
    try:
        return _by_jsonschema_rs(message)
    except UnicodeEncodeError:  # half of a surrogate pair in a key, which Rust cannot hold
        return None


OPINIONS: Final[Mapping[str, Opinion]] = MappingProxyType(
    {
        "jsonschema": lambda _, view: _by_jsonschema(view),
        "jsonschema-rs": lambda _, view: _by_jsonschema_rs(view),
        "jsonschema of the message as it was sent": _by_jsonschema_as_sent,
        "jsonschema-rs of the message as it was sent": _by_jsonschema_rs_as_sent,
    }
)
"""All of them have to be the same. The first one's is that of the judge where anything fails."""


def opinions(message: Message, asked: Mapping[str, Opinion]) -> dict[str, Verdict]:
    """Return what each validator says of the message."""
    view = plain(message)
    said = {name: opinion(message, view) for name, opinion in asked.items()}
    return {name: verdict for name, verdict in said.items() if verdict is not None}


def disagree(message: Message, asked: Mapping[str, Opinion] = OPINIONS) -> bool:
    """Whether two validators differ over the message, or over what of it fails."""
    return len(set(opinions(message, asked).values())) > 1 or not _accuse_alike(plain(message))


def _accuse_alike(view: Message) -> bool:
    """Whether both name the same requirements, under either schema."""
    accused = [
        [{each.requirement for each in by(number, view)} - {None} for number in range(len(SCHEMAS))]
        for by in (failing_by_jsonschema, failing_by_jsonschema_rs)
    ]
    return accused[0] == accused[1]


@dataclass(slots=True)
class Census:
    """What kinds of messages there were."""

    messages: int = 0
    valid: int = 0
    """Passing both schemas."""
    discouraged: int = 0
    """Passing the first alone."""
    broken: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    """Location of each keyword, and for ``required`` the missing attribute, to the messages that fail it."""
    odd: list[int] = field(default_factory=list)
    """Numbers of the messages over which validators disagree."""

    def add(self, other: "Census") -> None:
        """Count what the other one has counted."""
        self.messages += other.messages
        self.valid += other.valid
        self.discouraged += other.discouraged
        self.broken += other.broken
        self.odd += other.odd

    def __str__(self) -> str:
        """Return it as a line."""
        valid, discouraged = (f"{100 * count / self.messages:.0f} %" for count in (self.valid, self.discouraged))
        return (
            f"{self.messages:,} messages, {valid} valid, {discouraged} discouraged; each of {len(self.broken)} rules "
            f"broken by {min(self.broken.values(), default=0):,} or more; {len(self.odd)} disagreements"
        )


def numbered(messages: list[Message], seed: int, number: int) -> Message:
    """Return message `number` of the seed."""
    return mutated(messages, Random(f"{seed}/{number}"))  # noqa: S311 - to be repeated, not to be secret


def compare(
    messages: list[Message], seed: int, numbers: Iterable[int], asked: Mapping[str, Opinion] = OPINIONS
) -> Census:
    """Ask about these messages, and count."""
    census = Census()
    for number in numbers:
        message = numbered(messages, seed, number)
        said = opinions(message, asked)
        passes, recommended = next(iter(said.values()))
        census.messages += 1
        census.valid += recommended
        census.discouraged += passes and not recommended
        view = plain(message)
        census.broken.update({(each.location, each.missing) for each in failing_by_jsonschema_rs(1, view)})
        if len(set(said.values())) > 1 or (number % _NAMES_EACH == 0 and not _accuse_alike(view)):
            census.odd.append(number)
    return census


_drawn: list[Message] = []
"""The pool, in a process that compares."""


def _begin(messages: list[Message]) -> None:
    _drawn.extend(messages)


def _part(seed: int, first: int, last: int) -> Census:
    return compare(_drawn, seed, range(first, last))


def compare_all(messages: list[Message], seed: int, first: int, count: int) -> Census:
    """Ask about `count` messages from number `first` on, with all processors where there are many messages."""
    numbers = range(first, first + count)
    if count <= _ALONE:
        return compare(messages, seed, numbers)
    census = Census()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), context, _begin, (messages,)) as workers:
        starts = numbers[::_CHUNK]
        for part in workers.map(_part, *zip(*((seed, n, min(n + _CHUNK, numbers.stop)) for n in starts), strict=True)):
            census.add(part)
    return census
