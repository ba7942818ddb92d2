"""``cgstate emit``: real traffic against a real socket, and a clear word where nothing gets through."""

import os
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from cgstate.command.main import main

if TYPE_CHECKING:
    from selftest.drivers.conftest import FakeControl


def _receiver_of(control: "FakeControl") -> str:
    return control.base + "/notifications?from=emit"


def test_a_receiver_sees_traffic_at_once(control: "FakeControl", capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["emit", "--to", _receiver_of(control), "--groups", "2", "--for", "0.5"]) == 0
    messages = [
        body for method, path, body, _ in control.asked if (method, path) == ("POST", "/notifications?from=emit")
    ]
    assert {message["GSW_CAMPAIGN_GROUP_ACTION"] for message in messages} == {7, 8}, "loaded, and unloaded at the end"
    assert len({message["GSW_CAMPAIGN_GROUP_GUID"] for message in messages}) == 2
    assert all(message["GSW_CAMPAIGN_GROUP_GUID"].startswith("cgstate-") for message in messages)
    assert f"{len(messages)} notifications delivered, 0 failed" in capfd.readouterr().out


def test_where_nothing_gets_through_it_says_so_and_exits_6(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert main(["emit", "--to", f"http://u:secret@127.0.0.1:{port}/", "--groups", "1", "--for", "0.2"]) == 6
    said = capfd.readouterr().out
    assert "connection refused" in said
    assert "secret" not in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["--to", "ftp://127.0.0.1/x"],
        ["--to", "127.0.0.1:80"],
        ["--to", "http://127.0.0.1/", "--groups", "0"],
        ["--to", "http://127.0.0.1/", "--for", "-1"],
        ["--to", "http://127.0.0.1/", "--interval", "nan"],
        [],
    ],
)
def test_bad_arguments_are_usage_errors(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["emit", *arguments]) == 4
    assert "cgstate emit: " in capfd.readouterr().err


def test_a_reader_who_leaves_ends_it_without_a_traceback(control: "FakeControl") -> None:
    command = [sys.executable, "-m", "cgstate.command.main", "emit", "--to", _receiver_of(control), "--groups", "3"]
    path = os.pathsep.join(filter(None, sys.path))
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        began = time.monotonic()
        errors = process.stderr.read()
        process.wait(timeout=10)
    assert errors == b""
    assert time.monotonic() - began < 10
    actions = [body["GSW_CAMPAIGN_GROUP_ACTION"] for _, _, body, _ in control.asked if body]
    assert actions.count(7) == actions.count(8) > 0, "what was loaded is unloaded"
