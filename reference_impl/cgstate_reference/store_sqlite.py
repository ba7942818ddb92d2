"""Notifications in a file of SQLite. Many that come at once share one commit, and so one wait for the disk."""

import asyncio
import os
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from cgstate_reference.store import StoreTrouble

_AT_ONCE = 1000
"""At most that many messages in one commit."""
_TABLE = "CREATE TABLE IF NOT EXISTS notification (number INTEGER PRIMARY KEY, guid BLOB NOT NULL, body BLOB NOT NULL)"
_INDEX = "CREATE INDEX IF NOT EXISTS notification_of_group ON notification (guid)"


@dataclass(frozen=True, slots=True)
class _Keep:
    guid: bytes
    body: bytes
    done: "asyncio.Future[None]"


@dataclass(frozen=True, slots=True)
class _Find:
    guid: bytes
    done: "asyncio.Future[list[bytes]]"


class SqliteStore:
    """One thread owns the file, writes what is waiting, commits, and only then lets the messages be answered."""

    def __init__(self, path: str | None) -> None:
        """Open or make the file; None: a temporary one that vanishes with the process, however that ends.

        Needs a running event loop; raises `StoreTrouble`.
        """
        self._loop = asyncio.get_running_loop()
        self._file = _opened(path)
        self._waiting: SimpleQueue[_Keep | _Find | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="store", daemon=True)
        self._thread.start()

    async def keep(self, guid: str, body: bytes) -> None:
        """Return when the message is on the disk; raises `StoreTrouble`."""
        done: asyncio.Future[None] = self._loop.create_future()
        self._waiting.put(_Keep(_key(guid), body, done))
        await done

    async def kept(self, guid: str) -> list[bytes]:
        """Return the messages of `guid` in the order of keeping; raises `StoreTrouble`."""
        done: asyncio.Future[list[bytes]] = self._loop.create_future()
        self._waiting.put(_Find(_key(guid), done))
        return await done

    async def close(self) -> None:
        """Write what is waiting and close the file."""
        self._waiting.put(None)
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        going_on = True
        while going_on:
            batch = [self._waiting.get()]
            try:
                while len(batch) < _AT_ONCE:
                    batch.append(self._waiting.get_nowait())
            except Empty:
                pass
            going_on = None not in batch
            self._keep([one for one in batch if isinstance(one, _Keep)])
            for one in batch:
                if isinstance(one, _Find):
                    self._find(one)
        self._file.close()

    def _keep(self, batch: list[_Keep]) -> None:
        if not batch:
            return
        error = None
        try:
            with self._file:
                self._file.execute("BEGIN IMMEDIATE")
                rows = [(one.guid, one.body) for one in batch]
                self._file.executemany("INSERT INTO notification (guid, body) VALUES (?, ?)", rows)
        except (sqlite3.Error, OverflowError) as fact:
            error = StoreTrouble(f"the store has failed: {fact}")
        self._loop.call_soon_threadsafe(_settle, batch, error)

    def _find(self, asked: _Find) -> None:
        found: list[bytes] = []
        error = None
        try:
            rows = self._file.execute("SELECT body FROM notification WHERE guid = ? ORDER BY number", [asked.guid])
            found = [row[0] for row in rows]
        except sqlite3.Error as fact:
            error = StoreTrouble(f"the store has failed: {fact}")
        self._loop.call_soon_threadsafe(_tell, asked, found, error)


def _settle(batch: list[_Keep], error: StoreTrouble | None) -> None:
    for one in batch:
        if one.done.done():  # the connection has ended, and nobody waits any more
            continue
        if error is None:
            one.done.set_result(None)
        else:
            one.done.set_exception(error)


def _tell(asked: _Find, found: list[bytes], error: StoreTrouble | None) -> None:
    if asked.done.done():
        return
    if error is None:
        asked.done.set_result(found)
    else:
        asked.done.set_exception(error)


def _opened(path: str | None) -> sqlite3.Connection:
    try:
        if path is not None and not Path(path).absolute().parent.is_dir():
            raise StoreTrouble(f"{path}: there is no such folder")
        # An empty name is a temporary file of SQLite's own, which has no name that could outlive us.
        opened = sqlite3.connect(path or "", isolation_level=None, check_same_thread=False)
        # A commit returns when it is on the disk; the write-ahead log makes that one wait, not several.
        opened.execute("PRAGMA journal_mode = WAL")
        opened.execute("PRAGMA synchronous = FULL")
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
