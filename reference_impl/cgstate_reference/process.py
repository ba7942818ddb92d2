"""Runs a program of this package as a process of its own, for the benchmarks and whoever else needs one."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_END_WITHIN = 5.0


@contextmanager
def emitter_process(*arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start the emitter with these arguments and give its process and the base URI of its control API.

    It is ended with the block, or with this process. Raises `RuntimeError` where it does not come up; why stands
    on standard error.
    """
    with program("emitter", *arguments) as (process, line):
        yield process, line


@contextmanager
def receiver_process(*arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start the receiver with these arguments and give its process and the URI where notifications go; as above."""
    with program("receiver", *arguments) as (process, line):
        assert process.stdout is not None
        process.stdout.readline()
        yield process, line.removeprefix("listening on ")


@contextmanager
def program(name: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start a module of this package that ends with its standard input, and give its process and its first line."""
    command = [sys.executable, "-m", f"cgstate_reference.{name}", "--exit-with-stdin", *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own module
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = process.stdout.readline().decode().strip()
        if not line:
            raise RuntimeError(f"the {name} did not come up: exit status {process.wait(_END_WITHIN)}")
        yield process, line
    finally:
        process.stdin.close()
        try:
            process.wait(_END_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def processor_seconds(pid: int) -> float:
    """Return the processor time of another process; 0 where the system does not say (it is Linux's /proc)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
