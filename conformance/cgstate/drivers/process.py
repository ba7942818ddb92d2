"""The bundled emitter's or receiver's process. Light to import: it comes up while everything else is still imported."""

import atexit
import importlib.util
import os
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Literal, Protocol

from cgstate.drivers.driver import DriverTrouble
from cgstate.drivers.text import one_line

_PACKAGE = "cgstate_reference"
_GRACE = 5.0
_HARMLESS = frozenset({"PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"})

Program = Literal["emitter", "receiver"]
_LINES: Mapping[Program, int] = {"emitter": 1, "receiver": 2}
"""How many lines each prints when it listens: the emitter its control API, the receiver where to send and read back."""


class Started(Protocol):
    """A bundled program that has been started: its first lines, its last words, its end."""

    @property
    def pid(self) -> int:
        """Its process id."""

    def first_lines(self, deadline: float) -> list[str]:
        """Return what it prints when it listens, line by line; `DriverTrouble` where that does not come in time.

        The emitter's is the base URI of its control API, the receiver's are ``listening on URI`` and
        ``read back at URI``.
        """

    def obituary(self) -> str:
        """Return that and how the process has ended, with its last words; empty where it lives."""

    def end(self) -> None:
        """End exactly this process, at once: it holds nothing that anybody needs."""


_ahead: dict[tuple[Program, str | None], Started] = {}


def start_ahead(program: Program, broken: str | None = None) -> None:
    """Start it for whoever asks `started` for the same next; it ends with this process even if nobody does."""
    process = Process(program, _arguments(broken))
    hand_over(program, broken, process)
    atexit.register(process.end)


def hand_over(program: Program, broken: str | None, process: Started) -> None:
    """Give whoever asks `started` for the same next a process that was started otherwise."""
    _ahead[program, broken] = process


def started(program: Program, broken: str | None = None) -> Started:
    """Return the process that was started ahead, or a new one; `DriverTrouble` where it cannot be started."""
    return _ahead.pop((program, broken), None) or Process(program, _arguments(broken))


def _arguments(broken: str | None) -> list[str]:
    return ["--broken", broken] if broken else []


class Process:
    """A bundled program as a process of its own interpreter."""

    def __init__(self, program: Program, arguments: list[str]) -> None:
        """Start `program` with these arguments; `DriverTrouble` where that fails."""
        self._program = program
        environment = _environment(program)
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - closed by end()
        self._first: list[str] = []
        self._listening = threading.Event()
        try:
            # -P: a module in the user's working directory must not stand in for one of ours. A session of its own:
            # Ctrl-C ends the suite, which then still needs the emitter to unload what it loaded.
            self._popen = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-m", f"{_PACKAGE}.{program}", "--exit-with-stdin", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._words,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            self._words.close()
            raise DriverTrouble(f"the bundled {program} cannot be started: {error.strerror}") from error
        self._reader = threading.Thread(target=self._read, args=(self._popen.stdout,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._popen.pid

    def first_lines(self, deadline: float) -> list[str]:
        """Return what it prints when it listens; see `Started`."""
        if not self._listening.wait(deadline):
            self.end()
            raise DriverTrouble(f"the bundled {self._program} did not come up within {deadline:g} s")
        if not all(self._first):
            self._popen.wait(_GRACE)
            obituary = self.obituary() or "its output ended"
            self.end()
            raise DriverTrouble(f"the bundled {self._program} did not come up: {obituary}")
        return self._first

    def obituary(self) -> str:
        """Return that and how the process has ended, with its last words; empty where it lives."""
        status = self._popen.poll()
        if status is None:
            return ""
        return f"the {self._program}'s process has ended with status {status}{self._last_words()}"

    def end(self) -> None:
        """End exactly this process, at once: it holds nothing that anybody needs."""
        if self._popen.poll() is None:
            self._popen.kill()
            self._popen.wait(_GRACE)
        if self._popen.stdin is not None:
            self._popen.stdin.close()
        self._reader.join(_GRACE)
        if self._popen.stdout is not None and not self._reader.is_alive():
            self._popen.stdout.close()
        self._words.close()

    def _read(self, output: IO[bytes]) -> None:
        """Take the first lines; then go on reading, so that it never waits for us."""
        lines = [output.readline(4096) for _ in range(_LINES[self._program])]
        self._first = [line.decode("utf-8", "replace").strip() for line in lines]
        self._listening.set()
        while output.read(65536):
            pass

    def _last_words(self) -> str:
        if self._words.closed:
            return ""
        size = self._words.seek(0, os.SEEK_END)
        self._words.seek(max(0, size - 4096))
        lines = self._words.read().decode("utf-8", "replace").strip().splitlines()
        return f": {one_line(lines[-1])}" if lines else ""


def _environment(program: Program) -> dict[str, str]:
    """Return the environment without what would change Python's behaviour, with the package's home on the path."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON") or key in _HARMLESS}
    kept["PYTHONUTF8"] = "1"
    kept["PYTHONUNBUFFERED"] = "1"
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise DriverTrouble(f"the bundled {program} is not installed: there is no package {_PACKAGE}")
    home = str(Path(found.origin).resolve().parent.parent)
    if home not in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        kept["PYTHONPATH"] = os.pathsep.join(filter(None, [home, kept.get("PYTHONPATH", "")]))
    return kept
