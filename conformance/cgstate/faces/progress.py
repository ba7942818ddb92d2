"""Progress while a run goes on: a status line in a terminal, a plain line for each phase elsewhere."""

import os
import sys
import threading
from typing import IO, Self

from cgstate import clock
from cgstate.faces.console import columns
from cgstate.faces.text import printable

_REDRAW = 0.1
"""Seconds between two drawings of the status line: a terminal is slower than the suite."""


class Progress:
    """Shows what the run is doing.

    Cheap: outside a terminal a step costs nothing. Methods may be called from any thread.
    """

    def __init__(self, file: IO[str] | None = None, *, live: bool | None = None) -> None:
        """Write to `file` (default: standard error); `live` forces the status line on or off."""
        self._out = sys.stderr if file is None else file
        self._live = (self._out.isatty() and os.environ.get("TERM") != "dumb") if live is None else live
        self._began = clock.now()
        self._title = ""
        self._drawn = 0.0
        self._lock = threading.Lock()

    def phase(self, title: str) -> None:
        """Begin a phase: a line of its own outside a terminal."""
        with self._lock:
            self._title = printable(title)
            if self._live:
                self._draw("")
            else:
                self._write(f"{clock.now() - self._began:6.1f} s  {self._title}\n")

    def step(self, text: str) -> None:
        """Show a step of the phase in the status line, if one is shown and it was not just drawn."""
        if not self._live or clock.now() - self._drawn < _REDRAW:
            return
        with self._lock:
            self._draw(printable(text))

    def say(self, text: str) -> None:
        """Write a line that stays."""
        with self._lock:
            self._write(("\r\x1b[K" if self._live else "") + printable(text) + "\n")

    def end(self) -> None:
        """Take the status line away."""
        with self._lock:
            if self._live and self._drawn:
                self._write("\r\x1b[K")
                self._drawn = 0.0

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.end()

    def _draw(self, step: str) -> None:
        self._drawn = clock.now()
        told = f"{self._title}: {step}" if step else self._title
        status = f"{self._drawn - self._began:5.1f} s  {told}"
        self._write(f"\r\x1b[K{status[: columns() - 1]}")

    def _write(self, text: str) -> None:
        try:
            self._out.write(text)
            self._out.flush()
        except (BrokenPipeError, ValueError):
            # Nobody looks any more (or the stream is closed): the run goes on.
            self._live = False
