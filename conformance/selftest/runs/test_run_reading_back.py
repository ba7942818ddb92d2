"""What was taken has its time to be stored, however long a reading of all of it takes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from cgstate.sending import Stored
from cgstate.suite.receiving.reading_back import read_until_agreed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

MESSAGE: Mapping[str, object] = {"GSW_DATE_TIME": "1.000"}
WITHIN = 0.2


class _Slow:
    """A store on a busy machine: its first reading takes longer than anybody waits."""

    def __init__(self, *, stores: bool) -> None:
        self.stores = stores
        self.began: list[float] = []

    def existing(self) -> None:
        return None

    def read(self, guids: Collection[str]) -> Stored:
        self.began.append(time.monotonic())
        late = len(self.began) == 1
        if late:
            time.sleep(1.5 * WITHIN)
        return Stored(dict.fromkeys(guids, (MESSAGE,) if self.stores and not late else ()))

    def close(self) -> None:
        pass


def _missing(stored: Stored) -> set[str]:
    return {guid for guid, messages in stored.messages.items() if not messages}


def test_what_a_long_reading_did_not_see_yet_is_read_again() -> None:
    source = _Slow(stores=True)
    assert not _missing(read_until_agreed(source, ["a", "b"], _missing, WITHIN))
    assert len(source.began) == 2


def test_what_is_never_stored_is_missing_when_a_reading_began_after_the_time_was_over() -> None:
    source = _Slow(stores=False)
    began = time.monotonic()
    assert _missing(read_until_agreed(source, ["a", "b"], _missing, WITHIN)) == {"a", "b"}
    assert source.began[-1] - began >= WITHIN


def test_without_any_time_it_is_read_once() -> None:
    source = _Slow(stores=False)
    read_until_agreed(source, ["a"], _missing, 0.0)
    assert len(source.began) == 1
