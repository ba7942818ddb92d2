"""The bundled emitter's process. Light to import: it can be started while everything else is still being imported."""

import atexit
import importlib.util
import os
import subprocess
import sys
import sysconfig
import tempfile
import threading
from pathlib import Path
from typing import IO

from cgstate.drivers.driver import DriverTrouble
from cgstate.drivers.text import one_line

_PACKAGE = "cgstate_reference"
_GRACE = 5.0
_HARMLESS = frozenset({"PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"})

_ahead: "dict[str | None, Process]" = {}


def start_ahead(broken: str | None = None) -> None:
    """Start the emitter for whoever asks `started` for it next; it ends with this process even if nobody does."""
    process = _ahead[broken] = Process(_arguments(broken))
    atexit.register(process.end)


def started(broken: str | None = None) -> "Process":
    """Return the process that was started ahead, or a new one; `DriverTrouble` where it cannot be started."""
    return _ahead.pop(broken, None) or Process(_arguments(broken))


def _arguments(broken: str | None) -> list[str]:
    return ["--broken", broken] if broken else []


class Process:
    """The emitter's process: its first line, its last words, its end."""

    def __init__(self, arguments: list[str]) -> None:
        """Start it with these arguments; `DriverTrouble` where that fails."""
        environment = _environment()
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - closed by end()
        self._first: str | None = None
        self._listening = threading.Event()
        try:
            # -P: a module in the user's working directory must not stand in for one of ours. A session of its own:
            # Ctrl-C ends the suite, which then still needs the emitter to unload what it loaded.
            self._popen = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-m", f"{_PACKAGE}.emitter", "--exit-with-stdin", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._words,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            self._words.close()
            raise DriverTrouble(f"the bundled emitter cannot be started: {error.strerror}") from error
        self._reader = threading.Thread(target=self._read, args=(self._popen.stdout,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._popen.pid

    def first_line(self, deadline: float) -> str:
        """Return the first line of its output; `DriverTrouble` where none comes in time."""
        if not self._listening.wait(deadline):
            self.end()
            raise DriverTrouble(f"the bundled emitter did not come up within {deadline:g} s")
        if not self._first:
            self._popen.wait(_GRACE)
            obituary = self.obituary() or "its output ended"
            self.end()
            raise DriverTrouble(f"the bundled emitter did not come up: {obituary}")
        return self._first

    def obituary(self) -> str:
        """Return that and how the process has ended, with its last words; empty where it lives."""
        status = self._popen.poll()
        if status is None:
            return ""
        return f"the emitter's process has ended with status {status}{self._last_words()}"

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
        """Take the first line; then go on reading, so that the emitter never waits for us."""
        self._first = output.readline(4096).decode("utf-8", "replace").strip()
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


def _environment() -> dict[str, str]:
    """Return the environment without what would change Python's behaviour, with the package's home on the path."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON") or key in _HARMLESS}
    kept["PYTHONUTF8"] = "1"
    kept["PYTHONUNBUFFERED"] = "1"
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise DriverTrouble(f"the bundled emitter is not installed: there is no package {_PACKAGE}")
    home = str(Path(found.origin).resolve().parent.parent)
    if home not in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        kept["PYTHONPATH"] = os.pathsep.join(filter(None, [home, kept.get("PYTHONPATH", "")]))
    return kept
