"""The emitter and the receiver in Node as their users start them, and those in Python beside them."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from selftest.receiver.conftest import Door
from selftest.receiver.conftest import started as python_receiver
from selftest.reference.conftest import Capture, Control
from selftest.reference.conftest import started as python_emitter

if TYPE_CHECKING:
    from collections.abc import Iterator

TOP = Path(__file__).resolve().parents[3]
FOLDER = TOP / "reference_impl" / "independent"
PATIENCE = 20.0
OLDEST = 18


@pytest.fixture(scope="session")
def node() -> str:
    """The command; where there is none the test is skipped, or fails if CGSTATE_REQUIRE_NODE is 1."""
    found = shutil.which("node")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout if found else ""
    if found and int(version.removeprefix("v").partition(".")[0]) >= OLDEST:
        return found
    lacking = f"node {version.strip()} is older than {OLDEST}" if found else "node is not on PATH"
    if os.environ.get("CGSTATE_REQUIRE_NODE") == "1":
        pytest.fail(lacking)
    pytest.skip(lacking)


@contextlib.contextmanager
def started(*command: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start a program of the folder; give the URI that it prints, and its process. It ends in good order."""
    with subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            assert select.select([process.stdout], [], [], PATIENCE)[0], "it said nothing"
            yield process.stdout.readline().decode().strip(), process
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            assert (process.wait(PATIENCE), process.stderr.read()) == (0, b"")
        finally:
            process.kill()


@pytest.fixture(scope="module")
def emitters(node: str) -> Iterator[dict[str, Control]]:
    """The two emitters, by language."""
    with python_emitter() as python, started(node, str(FOLDER / "emitter.mjs")) as (base, process):
        yield {"python": python, "node": Control(base, process)}


@pytest.fixture(scope="module")
def receivers(node: str) -> Iterator[dict[str, Door]]:
    """The two receivers, by language."""
    with python_receiver() as python, started(node, str(FOLDER / "receiver.mjs")) as (uri, _):
        door = Door(uri)
        yield {"python": python, "node": door}
        door.close()


@pytest.fixture(scope="module")
def captures() -> Iterator[dict[str, Capture]]:
    """A receiver for each of the two emitters."""
    both = {language: Capture() for language in ("python", "node")}
    for capture in both.values():
        capture.open()
    yield both
    for capture in both.values():
        capture.close()
