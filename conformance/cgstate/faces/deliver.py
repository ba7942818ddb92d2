"""Hands a verdict to those who asked for it: a person, a JSON report, a JUnit report."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cgstate.verdict.verdict import Verdict

STDOUT = "-"


class UnwritableReport(Exception):  # noqa: N818 - named for the fact
    """A report cannot be written there. The text says where and why, in one line."""


@dataclass(frozen=True, slots=True)
class Reports:
    """Where reports go: a path, ``-`` (JSON only) for standard output, or None."""

    json: str | None = None
    junit: str | None = None

    @property
    def console(self) -> IO[str]:
        """Where the person reads: standard error where standard output carries the report."""
        return sys.stderr if self.json == STDOUT else sys.stdout

    def check(self) -> None:
        """Raise `UnwritableReport` where a report could not be written, before anything else happens."""
        if self.json is not None and self.junit is not None and _same(self.json, self.junit):
            raise UnwritableReport(f"both reports would be written to {self.json}")
        for path in (self.json, self.junit):
            if path is not None and path != STDOUT:
                _probe(path)
        if self.junit == STDOUT:
            raise UnwritableReport("the JUnit report needs a file; only the JSON report can go to standard output")

    def write(self, verdict: Verdict) -> None:
        """Write the reports that were asked for; `UnwritableReport` where that fails after all."""
        if self.json is not None:
            from cgstate.faces.report_json import as_text  # noqa: PLC0415 - few runs need it

            content = as_text(verdict)
            if self.json == STDOUT:
                sys.stdout.write(content)
                sys.stdout.flush()
            else:
                replace_file(self.json, content.encode())
        if self.junit is not None:
            from cgstate.faces.junit import as_junit  # noqa: PLC0415 - few runs need it

            replace_file(self.junit, as_junit(verdict))


def deliver(verdict: Verdict, reports: Reports, *, verbose: bool = False) -> None:
    """Write the reports, then show the verdict: its last line is the last line."""
    from cgstate.faces.console import show  # noqa: PLC0415 - not needed where nothing is judged

    try:
        reports.write(verdict)
    finally:
        show(verdict, reports.console, verbose=verbose)


def replace_file(path: str, content: bytes) -> None:
    """Write `content` to `path` as a whole or not at all; a device or a pipe is written to directly."""
    import tempfile  # noqa: PLC0415 - few runs write a report

    with _refusals(path):
        if _is_special(path):
            Path(path).write_bytes(content)
            return
        target = Path(path).resolve()
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            # mkstemp makes it private; a report is as readable as what it replaces, or as any new file.
            Path(temporary).chmod(_mode(target))
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def _mode(target: Path) -> int:
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _probe(path: str) -> None:
    import tempfile  # noqa: PLC0415 - few runs write a report

    with _refusals(path):
        if Path(path).is_dir():
            raise IsADirectoryError(21, "it is a directory")
        if not _is_special(path):
            target = Path(path).resolve()
            with tempfile.NamedTemporaryFile(prefix=f".{target.name[:100]}.", dir=target.parent):
                pass


def _is_special(path: str) -> bool:
    return Path(path).exists() and not Path(path).is_file()


def _same(one: str, other: str) -> bool:
    return one != STDOUT and Path(one).absolute() == Path(other).absolute()


@contextmanager
def _refusals(path: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise UnwritableReport(f"cannot write {path!r}: {reason}") from error
