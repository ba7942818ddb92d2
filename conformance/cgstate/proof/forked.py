"""A bundled program as a fork of this process: it need not import again what is imported here."""

import logging
import os
import select
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import BinaryIO, NoReturn

from cgstate.drivers.driver import DriverTrouble
from cgstate.drivers.process import Program
from cgstate.drivers.text import one_line
from cgstate_reference import emitter, receiver

_MAINS = {"emitter": emitter.main, "receiver": receiver.main}
_LINES: Mapping[Program, int] = {"emitter": 1, "receiver": 2}
_LAST_WORDS = 16384
_TRACEBACK = "Traceback (most recent call last)"
_PEERS = "aiohttp."
"""So begin the exceptions that tell of what a peer did."""


class Forked:
    """A program of `cgstate_reference` that serves in a process of its own; see `cgstate.drivers.process.Started`.

    It is forked, so this process must not have threads yet. It ends with `end`, or with this process.
    """

    def __init__(self, program: Program, arguments: Sequence[str]) -> None:
        """Start it with these arguments."""
        self._program = program
        self._words: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - closed by end()
        self._status: int | None = None
        self._said = ""
        stdin, self._lifeline = os.pipe()
        self._output, stdout = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            self._serve(program, ["--exit-with-stdin", *arguments], stdin, stdout)
        os.close(stdin)
        os.close(stdout)

    def _serve(self, program: Program, arguments: list[str], stdin: int, stdout: int) -> NoReturn:
        status = 1
        try:
            # Standard input ends with the process that holds the other end: not so if we hold it, too.
            os.close(self._lifeline)
            os.close(self._output)
            for number, descriptor in enumerate((stdin, stdout, self._words.fileno())):
                os.dup2(descriptor, number)
            sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
            sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False, buffering=1)
            # The program says nothing of what peers send; that it fails itself is what we want to know.
            logging.getLogger("aiohttp.server").setLevel(logging.ERROR)
            status = _MAINS[program](arguments)
        except BaseException:  # noqa: BLE001 - a fork must not return into its parent's code
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._pid

    def first_lines(self, deadline: float) -> list[str]:
        """Return what it prints when it listens; `DriverTrouble` where that does not come in time."""
        read, until = b"", time.monotonic() + deadline
        while read.count(b"\n") < _LINES[self._program]:
            ready, _, _ = select.select([self._output], [], [], max(0.0, until - time.monotonic()))
            more = os.read(self._output, 4096) if ready else b""
            if not more:
                obituary = self.obituary() or f"nothing came within {deadline:g} s"
                self.end()
                raise DriverTrouble(f"the {self._program} did not come up: {obituary}")
            read += more
        return read.decode("utf-8", "replace").splitlines()

    def obituary(self) -> str:
        """Return that and how the process has ended, with its last words; empty where it lives."""
        if self._status is None:
            ended, status = os.waitpid(self._pid, os.WNOHANG)
            self._status = os.waitstatus_to_exitcode(status) if ended else None
        if self._status is None:
            return ""
        words = self._read().splitlines()
        return f"its process has ended with status {self._status}" + (f": {one_line(words[-1])}" if words else "")

    @property
    def stumbled(self) -> str:
        """What it has raised and not caught, in one line; empty: nothing."""
        ends = (_end(each) for each in self._read().split(_TRACEBACK)[1:])
        return next((end for end in ends if end and not end.startswith(_PEERS)), "")

    def end(self) -> None:
        """End exactly this process, at once: it holds nothing that anybody needs."""
        if self._words.closed:
            return
        if not self.obituary():
            os.kill(self._pid, signal.SIGKILL)
            self._status = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        self._read()
        for descriptor in (self._lifeline, self._output):
            os.close(descriptor)
        self._words.close()

    def _read(self) -> str:
        """Read what it has written to standard error, leaving alone the place at which it goes on writing."""
        if not self._words.closed:
            file = self._words.fileno()
            size = os.fstat(file).st_size
            self._said = os.pread(file, _LAST_WORDS, max(0, size - _LAST_WORDS)).decode("utf-8", "replace").strip()
        return self._said


def _end(traceback: str) -> str:
    """Return the line of a traceback that names the exception."""
    return next((one_line(line) for line in traceback.splitlines()[1:] if line and not line.startswith(" ")), "")
