import json
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest

from selftest.command.conftest import Cgstate, legal

if TYPE_CHECKING:
    import subprocess

STOPPED = legal(GSW_CAMPAIGN_GROUP_ACTION=10, GSW_DIAL_MODE=1)


class Watching:
    """A running `cgstate watch`."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self.first = self.line()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", self.first)
        assert found is not None, self.first
        self.port = int(found[1])

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().decode().rstrip("\n")

    def post(self, body: str, method: str = "POST") -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, "/any/path", body.encode(), {"Content-Type": "application/json"})
            return connection.getresponse().status
        finally:
            connection.close()

    def end(self, number: int = signal.SIGINT) -> tuple[int, str]:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        assert err == b""
        return self.process.returncode, out.decode()


@contextmanager
def watching(command: Cgstate, *arguments: str) -> Iterator[Watching]:
    process = command.start("watch", *arguments)
    try:
        yield Watching(process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_each_notification_is_a_line_and_ctrl_c_ends_with_the_verdict(cgstate_command: Cgstate) -> None:
    with watching(cgstate_command) as watch:
        assert "campaigngroup-states-uri" in watch.first
        assert watch.post(legal()) == 200
        assert re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3}  Sales@East  Active \(Load\)  ok", watch.line())
        running = legal(GSW_CAMPAIGN_GROUP_STATE=5, GSW_CAMPAIGN_GROUP_ACTION=9, GSW_DIAL_MODE=2)
        watch.post(running)
        assert watch.line().endswith("  Sales@East  Running (Start)  Progress  ok")
        status, out = watch.end()
    assert status == 0
    assert out.splitlines()[-1].startswith("conforms: 0 failed; ")
    assert "note: requests: 2, connections: 2" in out


def test_what_is_wrong_is_said_at_once_and_decides_the_status(cgstate_command: Cgstate) -> None:
    with watching(cgstate_command) as watch:
        watch.post(STOPPED)
        assert watch.line().endswith("Predict  1 failed")
        assert watch.line().startswith("  failed  dial-mode.only-when-running: ")
        status, out = watch.end(signal.SIGTERM)
    assert status == 1
    assert "| cgstate check -" in out


def test_a_hostile_name_is_one_printable_line(cgstate_command: Cgstate) -> None:
    with watching(cgstate_command) as watch:
        watch.post(legal(GSW_CAMPAIGN_GROUP_NAME="\x1b[31m[red]\n\u202ex"))
        assert "  \\x1b[31m[red]\\n\\u202ex  Active (Load)  ok" in watch.line()


def test_unreadable_http_is_told_too(cgstate_command: Cgstate) -> None:
    with watching(cgstate_command) as watch:
        watch.post(legal(), method="PUT")
        assert watch.line().endswith("1 failed")
        assert watch.line().startswith("  failed  http.post: ")
        assert watch.end()[0] == 1


def test_the_answer_is_the_one_asked_for(cgstate_command: Cgstate) -> None:
    with watching(cgstate_command, "--answer", "503") as watch:
        assert watch.post(legal()) == 503


def test_nothing_received_is_incomplete_and_hints_why(cgstate_command: Cgstate) -> None:
    began = time.monotonic()
    done = cgstate_command("watch", "--for", "0.2")
    assert done.status == 5
    assert "nothing was received: is send-campaigngroup-states true" in done.out
    assert done.last.startswith("incomplete: 0 failed; 0 of ")
    assert time.monotonic() - began < 10


def test_reports_are_written_and_lines_make_room_for_json(cgstate_command: Cgstate) -> None:
    done = cgstate_command("watch", "--for", "0.2", "--report-json", "-", "--report-junit", "r.xml")
    assert json.loads(done.out)["exitStatus"] == done.status == 5
    assert "campaigngroup-states-uri" in done.errors[0]
    assert (cgstate_command.folder / "r.xml").exists()


def test_a_port_in_use_is_one_clear_line(cgstate_command: Cgstate) -> None:
    with watching(cgstate_command) as watch:
        done = cgstate_command("watch", "--listen", f"127.0.0.1:{watch.port}", "--for", "0.2")
    assert (done.status, done.out) == (4, "")
    assert done.errors[0].startswith(f"cgstate: cannot listen on 127.0.0.1:{watch.port}: ")
    assert len(done.errors) == 1


def test_watching_waits_without_work(cgstate_command: Cgstate) -> None:
    before = os.times()
    idle = cgstate_command("watch", "--for", "2")
    middle = os.times()
    short = cgstate_command("watch", "--for", "0.1")
    after = os.times()
    assert idle.status == short.status == 5
    long_took = middle.children_user - before.children_user
    short_took = after.children_user - middle.children_user
    assert long_took - short_took < 0.2


@pytest.mark.parametrize("host", ["127.0.0.1:0", "0", ":0"])
def test_loopback_is_where_it_listens_unless_told_otherwise(cgstate_command: Cgstate, host: str) -> None:
    with watching(cgstate_command, "--listen", host) as watch:
        assert watch.post(legal()) == 200
