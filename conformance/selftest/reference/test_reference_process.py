from __future__ import annotations

import re
import select
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from cgstate_reference.emitter import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from selftest.reference.conftest import Capture, Control

    Start = Callable[..., AbstractContextManager[Control]]

MODULE = [sys.executable, "-m", "cgstate_reference.emitter"]


@pytest.fixture
def ended(emitter_environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*MODULE, *arguments], env=emitter_environment, capture_output=True, text=True, timeout=8, check=False
        )

    return run


def test_it_says_one_line_and_ends_at_sigterm_with_status_0(start: Start) -> None:
    with start("--server-id", "7") as control:
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+/ocs/v3/servers/7", control.base)
        assert control.call("GET", "/conformance")[0] == 200
        control.process.send_signal(signal.SIGTERM)
        assert control.process.wait(5) == 0
        assert control.process.stdout is not None
        assert control.process.stdout.read() == b""


def test_it_ends_at_sigint_even_while_a_receiver_stalls(start: Start, capture: Capture) -> None:
    with start("--enabled", "--uri", capture.uri, "--interval", "3600") as control:
        capture.answer = lambda _: "stall"
        control.group().ask("load-campaign")
        capture.wait(1)
        began = time.monotonic()
        control.process.send_signal(signal.SIGINT)
        assert control.process.wait(5) == 0
        assert time.monotonic() - began < 3


def test_it_ends_with_its_standard_input(start: Start) -> None:
    with start() as control:
        assert control.process.stdin is not None
        control.process.stdin.close()
        assert control.process.wait(5) == 0


def test_it_ends_when_the_process_that_started_it_is_gone(emitter_environment: dict[str, str]) -> None:
    # A shell starts the emitter in the background, passes on what it says, and is killed.
    script = f'"{sys.executable}" -m cgstate_reference.emitter --parent-pid $$ & wait'
    with subprocess.Popen(["sh", "-c", script], env=emitter_environment, stdout=subprocess.PIPE) as shell:  # noqa: S607
        assert shell.stdout is not None
        assert shell.stdout.readline().startswith(b"http://")
        shell.kill()
        # The emitter holds the other end of this pipe: the pipe ends only with the emitter.
        assert select.select([shell.stdout], [], [], 5)[0], "the emitter goes on"
        assert shell.stdout.read() == b""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "x"],
        ["--port", "65536"],
        ["--uri", "somewhere"],
        ["--interval", "nan"],
        ["--server-id", "one"],
        ["--broken", "in-no-way"],
        ["--log-level", "loud"],
        ["--unheard-of"],
    ],
)
def test_a_bad_option_is_one_line_and_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        sys.exit(main(arguments))
    out, err = capsys.readouterr()
    assert (ended.value.code, out, err.count("\n")) == (2, "", 1), err
    assert arguments[-1] in err or arguments[0][2:] in err


def test_the_process_ends_with_the_status_of_the_command_line(
    ended: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    result = ended("--port", "x")
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1), result.stderr


def test_a_port_in_use_is_one_line_and_status_1(ended: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = ended("--port", port)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (1, "", 1), result.stderr
    assert port in result.stderr


def test_the_trace_names_group_and_uri_and_a_failure_is_warned_of(start: Start, capture: Capture) -> None:
    uri = capture.uri.replace("//", "//user:secret@")
    with start("--enabled", "--uri", uri, "--interval", "0.1", "--log-level", "trace", stderr=subprocess.PIPE) as one:
        capture.answer = lambda received: "500" if received.data["GSW_CAMPAIGN_GROUP_ACTION"] == 8 else "200"
        group = one.group(name="Line\nFeed@Group")
        group.ask("load-campaign")
        capture.wait(2)
        group.ask("unload-campaign")
        capture.wait_for(8, 0, group.name)
        assert one.process.stdin is not None
        one.process.stdin.close()
        assert one.process.stderr is not None
        lines = one.process.stderr.read().decode().splitlines()
    assert all(r"Line\nFeed@Group" in line and capture.uri in line and "secret" not in line for line in lines), lines
    assert len([line for line in lines if " TRACE 81000 " in line]) == 2
    assert [line for line in lines if " TRACE 81001 " in line]
    (warning,) = [line for line in lines if " WARNING " in line]
    assert "500" in warning


def test_it_never_imports_the_suite(emitter_environment: dict[str, str]) -> None:
    script = (
        "import sys, cgstate_reference.demo, cgstate_reference.benchmark, cgstate_reference.control,"
        "cgstate_reference.emitter; from cgstate_reference.broken.emitters import deviations; deviations();"
        "print([name for name in sys.modules if name.split('.')[0] == 'cgstate'])"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], env=emitter_environment, capture_output=True, text=True, timeout=8, check=True
    )
    assert result.stdout == "[]\n"
