"""The reference receiver as a program, and ``cgstate serve``: what they print, how they end, what bad options get."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from cgstate.command.main import main as cgstate
from cgstate_reference.receiver import main
from selftest.receiver.conftest import PATIENCE, RECEIVER, environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from selftest.receiver.conftest import Running

    Start = Callable[..., AbstractContextManager[Running]]
    Make = Callable[..., dict[str, Any]]

SERVE = (sys.executable, "-m", "cgstate.command.main", "serve")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("command", [RECEIVER, SERVE], ids=["module", "serve"])
def test_it_says_where_and_ends_when_asked_with_a_summary(
    command: tuple[str, ...], number: int, start: Start, message: Make
) -> None:
    with start(command=command) as running:
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+/campaign-group-states", running.uri)
        assert running.read_back == running.uri + "/{guid}"
        assert running.post(message())[0] == 204
        assert running.post(b"")[0] == 400
        assert running.call("GET", running.path)[0] == 405
        assert running.end(number) == (0, "1 notifications taken, 1 refused\n")
        assert running.process.stderr is not None
        assert running.process.stderr.read() == b""


def test_it_ends_with_its_standard_input(start: Start) -> None:
    with start() as running:
        assert running.process.stdin is not None
        running.process.stdin.close()
        assert running.process.wait(PATIENCE) == 0


def test_it_ends_though_somebody_is_still_sending(start: Start) -> None:
    with start() as running:
        port = int(running.uri.split(":")[2].partition("/")[0])
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"POST /campaign-group-states HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{")
            assert running.call("GET", running.path)[0] == 405, "it has taken the connection"
            assert running.end()[0] == 0


def test_serve_stores_where_it_is_told(start: Start, tmp_path: Path, message: Make) -> None:
    store = str(tmp_path / "states.sqlite")
    with start("--store", store, command=SERVE) as running:
        assert running.post(message())[0] == 204
        assert running.end()[0] == 0
    with start("--store", store) as running:
        assert running.stored(message()["GSW_CAMPAIGN_GROUP_GUID"]) == [message()]


@pytest.mark.parametrize(
    "arguments", [["--port", "x"], ["--port", "65536"], ["--broken", "in-no-way"], ["--unheard-of"]]
)
def test_a_bad_option_is_one_line_and_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        sys.exit(main(arguments))
    out, err = capsys.readouterr()
    assert (ended.value.code, out, err.count("\n")) == (2, "", 1), err
    assert arguments[-1] in err or arguments[0] in err


@pytest.mark.parametrize(
    "arguments", [["--port", "x"], ["--store", "/nowhere/at-all/states.sqlite"], ["--broken", "in-no-way"], ["more"]]
)
def test_a_bad_option_of_serve_is_status_4(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert cgstate(["serve", *arguments]) == 4
    out, err = capfd.readouterr()
    assert out == ""
    assert arguments[-1] in err
    assert "Traceback" not in err


def test_a_port_in_use_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for command, status in ((main, 1), (lambda options: cgstate(["serve", *options]), 4)):
            assert command(["--port", port]) == status
            out, err = capsys.readouterr()
            assert (out, err.count("\n")) == ("", 1)
            assert f"cannot listen on 127.0.0.1:{port}: address already in use" in err.lower()


def test_it_never_imports_the_suite() -> None:
    script = (
        "import sys, cgstate_reference.receiver_benchmark, cgstate_reference.store_sqlite, cgstate_reference.bare,"
        "cgstate_reference.store_elasticsearch;"
        "from cgstate_reference.broken.receivers import deviations; deviations();"
        "print([name for name in sys.modules if name.split('.')[0] == 'cgstate'])"
    )
    command = [sys.executable, "-c", script]
    result = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert result.stdout == "[]\n"


def test_the_benchmark_gives_its_figures() -> None:
    command = [sys.executable, "-m", "cgstate_reference.receiver_benchmark", "--exchanges", "80", "--rounds", "1"]
    result = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["receiver", "bare", "time", "processor"]
