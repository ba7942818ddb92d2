"""What the reference receiver has answered is stored, whatever happens to it; what it cannot store is not taken."""

from __future__ import annotations

import contextlib
import http.client
import json
import signal
import socket
import sqlite3
import subprocess
import threading
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from selftest.receiver.conftest import PATIENCE, RECEIVER, Door, environment, make_message

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from selftest.receiver.conftest import Running

    Start = Callable[..., AbstractContextManager[Running]]
    Make = Callable[..., dict[str, Any]]

LANES = 8


class Load:
    """Messages over several connections at once, each after the answer to the one before."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.answered: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self.unanswered: dict[str, dict[str, Any]] = {}
        self.number = 0
        self.enough = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._send, args=(f"lane {lane}",)) for lane in range(LANES)]
        for thread in self._threads:
            thread.start()

    def wait(self) -> None:
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()

    def _send(self, guid: str) -> None:
        door = Door(self.uri)
        with contextlib.suppress(OSError, http.client.HTTPException):
            for number in range(100_000):
                message = make_message(guid, DATE_TIME=f"{number}.000")
                self.unanswered[guid] = message
                if door.post(message)[0] != 204:
                    break
                self.answered[guid].append(message)
                with self._lock:
                    self.number += 1
                    if self.number == 500:
                        self.enough.set()
        door.close()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_no_answered_message_is_lost_when_it_ends_under_load(how: int, start: Start, tmp_path: Path) -> None:
    store = str(tmp_path / "states.sqlite")
    with start("--store", store) as running:
        load = Load(running.uri)
        assert load.enough.wait(PATIENCE)
        running.process.send_signal(how)
        running.process.wait(PATIENCE)
        load.wait()
    with start("--store", store) as again:
        for guid, answered in load.answered.items():
            stored = again.stored(guid)
            assert stored[: len(answered)] == answered
            assert stored[len(answered) :] in ([], [load.unanswered[guid]]), "only the last one's answer may be missing"
    assert len(load.answered) == LANES


def test_what_was_stored_before_is_told_before(start: Start, tmp_path: Path, message: Make) -> None:
    store = str(tmp_path / "states.sqlite")
    sent = [message(DATE_TIME=f"{number}.000") for number in range(3)]
    for number in range(3):
        with start("--store", store) as running:
            assert running.post(sent[number])[0] == 204
            assert running.stored(message()["GSW_CAMPAIGN_GROUP_GUID"]) == sent[: number + 1]
            assert running.end() == (0, "1 notifications taken, 0 refused\n")


def test_without_a_store_nothing_is_left_whatever_its_end(
    start: Start, tmp_path: Path, message: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("SQLITE_TMPDIR", "TMPDIR"):
        monkeypatch.setenv(variable, str(tmp_path))
    with start() as running:
        large = message(LONG="x" * 10_000_000)
        assert running.post(large)[0] == 204
        assert running.stored(large["GSW_CAMPAIGN_GROUP_GUID"]) == [large]
        running.process.kill()
        running.process.wait(PATIENCE)
    assert list(tmp_path.iterdir()) == []


def test_while_the_store_is_locked_it_answers_503_and_then_goes_on(start: Start, tmp_path: Path, message: Make) -> None:
    store = tmp_path / "states.sqlite"
    with start("--store", str(store)) as running:
        assert running.post(message())[0] == 204
        with contextlib.closing(sqlite3.connect(store, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            status, answer = running.post(message(DATE_TIME="1.000"))
            assert (status, json.loads(answer)) == (503, {"error": "the store has failed: database is locked"})
            other.execute("ROLLBACK")
        assert running.post(message(DATE_TIME="2.000"))[0] == 204
        stored = running.stored(message()["GSW_CAMPAIGN_GROUP_GUID"])
        assert [one["GSW_DATE_TIME"] for one in stored] == ["1527516447.250", "2.000"]
        assert running.end() == (0, "2 notifications taken, 1 refused\n")


def test_messages_can_be_read_with_sqlite_while_it_runs(start: Start, tmp_path: Path, message: Make) -> None:
    store = tmp_path / "states.sqlite"
    with start("--store", str(store)) as running:
        assert running.post(message())[0] == 204
        with contextlib.closing(sqlite3.connect(store)) as other:
            ((guid, body),) = other.execute("SELECT guid, body FROM notification")
    assert guid.decode() == message()["GSW_CAMPAIGN_GROUP_GUID"]
    assert json.loads(body) == message()


def _said(store: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*RECEIVER, "--store", store], env=environment(), capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def test_a_store_that_cannot_be_is_one_line_and_status_1(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("This is no database, however long it may be." * 100, encoding="utf-8")
    with contextlib.closing(sqlite3.connect(tmp_path / "other")) as other:
        other.execute("CREATE TABLE notification (something)")
    for store, reason in {
        str(tmp_path / "nowhere" / "states.sqlite"): "there is no such folder",
        str(tmp_path): "unable to open database file",
        str(tmp_path / "text"): "file is not a database",
        str(tmp_path / "other"): "no such column: guid",
        "http://user:secret@127.0.0.1:9200": "looks like http://host:9200/index",
        "http://user:secret@127.0.0.1:9200/index/_doc": "looks like http://host:9200/index",
        "https://:9200/index": "looks like http://host:9200/index",
    }.items():
        result = _said(store)
        assert (result.returncode, result.stdout, result.stderr.count("\n")) == (1, "", 1), result.stderr
        assert reason in result.stderr
        assert "secret" not in result.stderr


def test_an_elasticsearch_that_is_away_is_answered_503(start: Start, message: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with start("--store", f"http://user:secret@127.0.0.1:{port}/states") as running:
        for _ in range(2):
            status, answer = running.post(message())
            reason = json.loads(answer)["error"]
            assert (status, "secret" in reason) == (503, False)
            assert f"127.0.0.1:{port} is away" in reason
        assert running.call("GET", f"{running.path}/guid")[0] == 503
        assert running.post(b"{}")[0] == 400, "what is no notification needs no store"
