"""An unlucky machine: every processor computes something else, and the suite comes last."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from cgstate.proof.subjects import Machine

LONGEST = 600.0
"""Seconds after which a process that only computes ends by itself."""
NICENESS = 10
_ROUND = 100_000


@contextmanager
def on(machine: Machine) -> Iterator[None]:
    """Make this machine such a one for the length of the block; needs a process without threads.

    A process that has been niced stays so.
    """
    busy = [_spin() for _ in range(processors())] if machine is not Machine.SOUND else []
    if machine is Machine.BUSY_AND_NICED:
        os.nice(NICENESS)
    try:
        yield
    finally:
        for pid in busy:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def processors() -> int:
    """Return how many processors there are for us."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _spin() -> int:
    """Start a process that only computes, and return its id."""
    parent = os.getpid()
    pid = os.fork()
    if not pid:
        _compute(parent)
    return pid


def _compute(parent: int) -> NoReturn:
    until = time.monotonic() + LONGEST
    while time.monotonic() < until and os.getppid() == parent:
        sum(range(_ROUND))
    os._exit(0)
