"""``cgstate check``: judge messages in files or on standard input."""

import io
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

import click

from cgstate import clock
from cgstate.command.errors import Stopped, suite_error
from cgstate.command.options import Judging, judging_options
from cgstate.specification.registry import Role, registry
from cgstate.verdict.tally import Scene, Tally
from cgstate.verdict.verdict import ExitStatus, Verdict

if TYPE_CHECKING:
    from cgstate.evidence import Act, Exchange
    from cgstate.judge.ruling import Ruling

ROLES = frozenset({Role.MESSAGE, Role.TRACE})
STDIN = "-"
_WHOLE = 16 * 1024 * 1024
"""Bytes up to which a file is read whole, so that a message may go over several lines. A larger one has one a line."""


@click.command(short_help="Judge messages in files or on standard input.")
@click.argument("files", nargs=-1, required=True, metavar="FILE|-...")
@click.option("--trace", is_flag=True, help="FILE is a trace: what was asked of the emitter is told with what came.")
@judging_options
def check(*, files: tuple[str, ...], trace: bool, judging: Judging) -> ExitStatus:
    """Judge messages in files or on standard input (-).

    A file holds one message, pretty-printed or not, or one message a line. Each file is a recording of its own.
    With --trace it is one JSON document, as trace-case.schema.json describes it.
    """
    if trace:
        from cgstate.command.check_trace import check_trace  # noqa: PLC0415 - late: --help is quick

        if len(files) > 1:
            raise click.UsageError("--trace takes one FILE: each trace has a verdict of its own")
        return check_trace(files[0], judging)
    from cgstate.faces.deliver import deliver  # noqa: PLC0415 - late: --help is quick
    from cgstate.sources.recordings import UnreadableRecording  # noqa: PLC0415

    judging.chosen(registry(), ROLES)
    if files.count(STDIN) > 1:
        raise click.UsageError("standard input (-) can be read only once")
    inquest = _Inquest(files)
    interrupted = failed = ""
    try:
        inquest.hold()
    except UnreadableRecording as error:
        raise Stopped(str(error)) from error
    except KeyboardInterrupt:
        interrupted = f"interrupted after {inquest.count} messages"
    except Exception as error:  # noqa: BLE001 - what was judged so far is still told, with status 3
        failed = suite_error(error)
    verdict = inquest.verdict(judging, interrupted=interrupted, failed=failed)
    deliver(verdict, judging.reports, verbose=judging.verbose)
    return verdict.status


@dataclass(slots=True)
class _Place:
    """Where a faulty message stands."""

    file: str
    line: int
    in_company: bool = False
    """Whether its fault shows only beside another message of the file."""


class _Inquest:
    """Reads the files one after another, judges each message, and remembers where the faulty ones stand."""

    def __init__(self, files: tuple[str, ...]) -> None:
        self.count = 0
        self._files = files
        self._sizes: dict[str, int] = {}
        """How many messages each file holds."""
        self._file, self._line = "", 0
        """Where the message stands that is being judged."""
        self._tally = Tally()
        self._places: dict[int, _Place] = {}
        self._began, self._started = clock.now(), time.time()

    def hold(self) -> None:
        """Judge everything."""
        from cgstate.judge.stream import judge_stream  # noqa: PLC0415
        from cgstate.sources.recordings import traits_of  # noqa: PLC0415

        for file in self._files:
            self._file = file
            self._sizes[file] = judge_stream(self._numbered(), traits_of(name_of(file)), self._take)

    def _numbered(self) -> "Iterator[Exchange]":
        for line, exchange in _messages(self._file):
            self.count += 1
            self._line = line
            yield replace(exchange, number=self.count)

    def _take(self, ruling: "Ruling", exchange: "Exchange") -> None:
        self._tally.add(ruling, exchange)
        if ruling.fault is not None:
            place = self._places.setdefault(exchange.number, _Place(self._file, self._line))
            place.in_company |= len(ruling.exchanges) > 1

    def verdict(self, judging: Judging, *, interrupted: str = "", failed: str = "") -> Verdict:
        """Return the verdict on what was judged so far."""
        from cgstate.evidence import Evidence  # noqa: PLC0415
        from cgstate.sources.recordings import traits_of  # noqa: PLC0415
        from cgstate.verdict.conclude import Judged, conclude  # noqa: PLC0415

        rules = registry()
        chosen = judging.chosen(rules, ROLES)
        names = [name_of(file) for file in self._files]
        where = names[0] if len(names) == 1 else f"{len(names)} files"
        messages = "1 message" if self.count == 1 else f"{self.count} messages"
        return conclude(
            rules,
            Evidence(traits_of(where)),
            self._tally,
            Judged(f"{messages} in {where}", "none", self._started, clock.now() - self._began),
            judging.facts(chosen, interrupted=interrupted, suite_error=failed),
            roles=ROLES,
            tell=self._tell,
            left_out=chosen.left_out,
        )

    def _tell(self, exchange: "Exchange | None", _act: "Act | None") -> Scene:
        from cgstate.verdict.scene import check_again  # noqa: PLC0415 - only a fault needs it

        if exchange is None:
            return Scene()
        place = self._places[exchange.number]
        case = f"{name_of(place.file)} line {place.line}"
        if place.file == STDIN:
            return Scene(case, () if place.in_company else check_again(exchange.body))
        # A name that begins with a hyphen is no option.
        file = f"{'-- ' if place.file.startswith('-') else ''}{shlex.quote(place.file)}"
        if place.in_company or self._sizes.get(place.file) == 1:
            return Scene(case, (f"cgstate check {file}",))
        return Scene(case, (f"sed -n {place.line}p {file} | cgstate check -",))


def name_of(file: str) -> str:
    """Return what reports call a file."""
    return "standard input" if file == STDIN else file


def _messages(file: str) -> "Iterator[tuple[int, Exchange]]":
    """Yield the line (from 1) that each message begins in, and the message."""
    from cgstate.sources.recordings import UnreadableRecording, iter_lines, read_messages  # noqa: PLC0415

    with opened(file) as stream:
        try:
            head = stream.read(_WHOLE + 1)
            if len(head) <= _WHOLE:
                recording = read_messages(head, name_of(file))
                yield from zip(recording.lines, recording.exchanges, strict=True)
                return
            # What was read of it is put before the rest; a reader that gives what is asked for.
            joined = io.BufferedReader(_Joined(head, stream))
            yield from iter_lines(joined)
        except OSError as error:
            raise UnreadableRecording(f"{name_of(file)} cannot be read: {error.strerror}") from error


@contextmanager
def opened(file: str) -> Iterator[BinaryIO]:
    """Open a file, or standard input for ``-``; `UnreadableRecording` where there is nothing to read."""
    from cgstate.sources.recordings import UnreadableRecording, open_recording  # noqa: PLC0415

    if file != STDIN:
        with open_recording(file) as stream:
            yield stream
    elif sys.stdin is None:
        raise UnreadableRecording("standard input is closed")
    else:
        yield sys.stdin.buffer


class _Joined(io.RawIOBase):
    """A stream of which the beginning was read already."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = io.BytesIO(head), rest

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override] # narrower than any buffer
        """Fill the buffer with what comes next, from the beginning first."""
        piece = self._head.read(len(buffer)) or self._rest.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)
