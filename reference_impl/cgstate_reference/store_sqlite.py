"""Notifications in a file of SQLite. Many that come at once share one commit, and so one wait for the disk.

All of it happens in the event loop, between its turns: while the disk is waited for, nobody could be answered anyway,
and what comes meanwhile goes into the next commit. A thread beside it was tried: handing over costs more than it wins.
"""

import asyncio
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from cgstate_reference.store import StoreTrouble

_AT_ONCE = 1000
"""So many messages are written, whether more are coming or not."""
_TURNS = 3
"""Turns of the event loop that a request takes from its arrival to here: what has come by then shares the commit."""
_LOCKED_FOR = 2.0
"""Seconds to wait for another process that writes to the file."""
_LOG_PAGES = 10_000
"""Pages of the write-ahead log (40 MB) after which it is worked into the file."""
_TABLE = "CREATE TABLE IF NOT EXISTS notification (number INTEGER PRIMARY KEY, guid BLOB NOT NULL, body BLOB NOT NULL)"
_INDEX = "CREATE INDEX IF NOT EXISTS notification_of_group ON notification (guid)"
_INSERT = "INSERT INTO notification (guid, body) VALUES (?, ?)"
_SELECT = "SELECT body FROM notification WHERE guid = ? ORDER BY number"


@dataclass(frozen=True, slots=True)
class _Waiting:
    row: tuple[bytes, bytes]
    done: "asyncio.Future[None]"


class SqliteStore:
    """Writes what came in a turn of the event loop, commits, and only then lets the messages be answered."""

    def __init__(self, path: str | None) -> None:
        """Open or make the file; None: a temporary one that vanishes with the process, however that ends.

        Needs a running event loop; raises `StoreTrouble`.
        """
        self._loop = asyncio.get_running_loop()
        self._file = _opened(path)
        self._waiting: list[_Waiting] = []

    async def keep(self, guid: str, body: bytes) -> None:
        """Return when the message is on the disk; raises `StoreTrouble`."""
        one = _Waiting((_key(guid), body), self._loop.create_future())
        if not self._waiting:
            self._loop.call_soon(self._gather, 1, _TURNS)
        self._waiting.append(one)
        await one.done

    async def kept(self, guid: str) -> list[bytes]:
        """Return the messages of `guid` in the order of keeping; raises `StoreTrouble`."""
        try:
            return [row[0] for row in self._file.execute(_SELECT, [_key(guid)])]
        except sqlite3.Error as fact:
            raise StoreTrouble(f"the store has failed: {fact}") from fact

    async def close(self) -> None:
        """Write what is waiting and close the file."""
        if self._waiting:
            self._commit()
        self._file.close()

    def _gather(self, known: int, turns: int) -> None:
        """Commit when some turns of the event loop have brought no message beside the `known` ones."""
        number = len(self._waiting)
        if number > known:
            turns = _TURNS
        if turns and number < _AT_ONCE:
            self._loop.call_soon(self._gather, number, turns - 1)
        else:
            self._commit()

    def _commit(self) -> None:
        batch, self._waiting = self._waiting, []
        error = None
        try:
            with self._file:
                self._file.execute("BEGIN IMMEDIATE")
                self._file.executemany(_INSERT, [one.row for one in batch])
        except (sqlite3.Error, OverflowError) as fact:
            error = StoreTrouble(f"the store has failed: {fact}")
        for one in batch:
            if one.done.done():  # the connection has ended, and nobody waits any more
                continue
            if error is None:
                one.done.set_result(None)
            else:
                one.done.set_exception(error)


def _opened(path: str | None) -> sqlite3.Connection:
    try:
        if path is not None and not Path(path).absolute().parent.is_dir():
            raise StoreTrouble(f"{path}: there is no such folder")
        # An empty name is a temporary file of SQLite's own, which has no name that could outlive us.
        opened = sqlite3.connect(path or "", isolation_level=None, timeout=_LOCKED_FOR)
        # A commit returns when it is on the disk; the write-ahead log makes that one wait, not several.
        opened.execute("PRAGMA journal_mode = WAL")
        opened.execute("PRAGMA synchronous = FULL")
        opened.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
        opened.execute(_TABLE)
        opened.execute(_INDEX)
        opened.execute("SELECT number, guid, body FROM notification LIMIT 0")
    except (sqlite3.Error, OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise StoreTrouble(f"{path}: {reason}") from error
    return opened


def _key(guid: str) -> bytes:
    # Bytes, for SQLite's text ends at U+0000 in places, and has no half of a surrogate pair.
    return guid.encode("utf-8", "surrogatepass")
