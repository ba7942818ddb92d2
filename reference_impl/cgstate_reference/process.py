"""Runs the reference emitter as a process of its own, for the benchmark and whoever else needs one."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_END_WITHIN = 5.0


@contextmanager
def emitter_process(*arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start the emitter with these arguments and give its process and the base URI of its control API.

    It is ended with the block, or with this process. Raises `RuntimeError` where it does not come up; why stands
    on standard error.
    """
    command = [sys.executable, "-m", "cgstate_reference.emitter", "--exit-with-stdin", *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own module
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        base = process.stdout.readline().decode().strip()
        if not base:
            raise RuntimeError(f"the emitter did not come up: exit status {process.wait(_END_WITHIN)}")
        yield process, base
    finally:
        process.stdin.close()
        try:
            process.wait(_END_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
