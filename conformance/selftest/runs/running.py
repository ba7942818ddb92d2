"""Runs of the suite as a user starts them: processes of their own, and what they leave."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    import signal
    from collections.abc import Iterator
    from typing import Self

BRIEF = (
    "--cgstate-fast",
    "--cgstate-seed=11",
    "--cgstate-report-json=report.json",
    "--cgstate-report-junit=report.xml",
    "-k",
    "not share and not generated and not several",
)
"""Options of pytest: every phase and every requirement, without the hundreds of enumerated and generated lives."""
CONFORMANCE = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
_COVERAGE = {"COVERAGE_PROCESS_START", "COV_CORE_SOURCE", "COV_CORE_CONFIG", "COV_CORE_DATAFILE"}


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which both packages are found and pytest is nobody's but the test's."""
    path = os.pathsep.join([str(CONFORMANCE), str(CONFORMANCE.parent / "reference_impl")])
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST") and key not in _COVERAGE}
    return {**kept, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", **more}


@dataclass(frozen=True)
class Done:
    """What a finished process left."""

    status: int
    out: str
    err: str
    folder: Path

    @property
    def last(self) -> str:
        return self.out.rstrip().rpartition("\n")[2]

    @property
    def errors(self) -> list[str]:
        return self.err.splitlines()

    @cached_property
    def report(self) -> dict[str, Any]:
        document = json.loads((self.folder / "report.json").read_bytes())
        assert isinstance(document, dict)
        return document

    @cached_property
    def requirements(self) -> dict[str, dict[str, Any]]:
        return {each["id"]: each for each in self.report["requirements"]}

    @cached_property
    def outcomes(self) -> dict[str, str]:
        return {name: each["outcome"] for name, each in self.requirements.items()}

    def having(self, *outcomes: str) -> set[str]:
        """Return the ids of the requirements that came to one of these outcomes."""
        return {name for name, outcome in self.outcomes.items() if outcome in outcomes}

    @property
    def accused(self) -> set[str]:
        """Return what was failed or warned."""
        return self.having("failed", "warned")

    def sentences(self, requirement: str) -> list[str]:
        """Return what the failures of a requirement say."""
        return [failure["sentence"] for failure in self.requirements[requirement]["failures"]]

    @property
    def told(self) -> str:
        """Return why each accused requirement was: for the message of an assertion."""
        lines = [f"exit {self.status}, {self.last}", *self.errors]
        for name in sorted(self.accused):
            lines += [
                f"{name}: {f['sentence']}; expected {f['expected']}; seen {f['seen']} [{f['case']}]"
                for f in self.requirements[name]["failures"]
            ]
        return "\n".join(lines)

    @cached_property
    def junit(self) -> list[tuple[str | None, str | None]]:
        root = ET.parse(self.folder / "report.xml")  # noqa: S314 - our own output
        return [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]

    def assert_no_traceback(self) -> None:
        for text in (self.out, self.err):
            assert "Traceback (most recent call last)" not in text, text
            assert "the suite itself failed" not in text, text


@dataclass
class Running:
    """A process of the suite that goes on."""

    process: subprocess.Popen[bytes]
    folder: Path

    def until(self, text: str) -> str:
        """Read standard output up to the line with that text and return what was read."""
        assert self.process.stdout is not None
        read = b""
        while text.encode() not in read:
            line = self.process.stdout.readline()
            assert line, f"{text!r} never came:\n{read.decode()}"
            read += line
        return read.decode()

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def done(self, patience: float = PATIENCE) -> Done:
        try:
            out, err = self.process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
            raise AssertionError(f"did not end in {patience} s:\n{out.decode()}\n{err.decode()}") from None
        return Done(self.process.returncode, out.decode(), err.decode(), self.folder)


def start(folder: Path, *arguments: str, **more: str) -> Running:
    """Start a Python process in that folder."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment(**more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    return Running(process, folder)


def start_run(folder: Path, *arguments: str) -> Running:
    """Start ``cgstate run`` with both reports."""
    reports = ("--report-json", "report.json", "--report-junit", "report.xml")
    return start(folder, "-m", "cgstate.command.main", "run", *reports, *arguments)


def run(folder: Path, *arguments: str, patience: float = PATIENCE) -> Done:
    """Play ``cgstate run`` to its end."""
    return start_run(folder, *arguments).done(patience)


def start_pytest(folder: Path, *arguments: str, suite: bool = True) -> Running:
    """Start the suite under pytest, as a user of pytest does."""
    chosen = ("--pyargs", "cgstate.suite") if suite else ()
    plugin = () if "cgstate.plugin" in arguments else ("-p", "cgstate.plugin")
    apart = ("-p", "no:cacheprovider", *plugin)
    return start(folder, "-m", "pytest", *apart, *chosen, *arguments, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    assert isinstance(port, int)
    return port


@dataclass
class Reference:
    """The reference emitter as a process that the test owns, and its control API."""

    arguments: tuple[str, ...] = ()
    base: str = ""
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cgstate_reference.emitter", "--exit-with-stdin", *self.arguments],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self.base = self._process.stdout.readline().decode().strip()
        assert self.base, "the reference emitter did not come up"
        return self

    def kill(self) -> None:
        """Let it die on the spot."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        with self._process as process:
            process.terminate()
            process.wait(10)

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        """Ask the control API; return the status and the JSON object of the answer."""
        return ask(self.base, method, path, body)

    def options(self) -> dict[str, Any]:
        return self.ask("GET", "/conformance/options")[1]

    def state(self, campaign: int, group: int) -> int | None:
        status, answer = self.ask("GET", f"/conformance/campaign-groups/{campaign}/{group}")
        return answer["state"] if status == 200 else None


def ask(base: str, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
    """Ask a control API; return the status and the JSON object of the answer."""
    parts = urlsplit(base)
    with contextlib.closing(http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)) as connection:
        content = None if body is None else json.dumps(body)
        connection.request(method, parts.path + path, content, {"Content-Type": "application/json"})
        response = connection.getresponse()
        text = response.read()
    return response.status, json.loads(text) if text else {}


@contextlib.contextmanager
def killed_at_the_end(running: Running) -> Iterator[Running]:
    """End the process whatever happens."""
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
        running.process.wait(10)
        for stream in (running.process.stdout, running.process.stderr):
            if stream is not None:
                stream.close()
