"""Messages from a file: one, pretty-printed or not, or many, one a line.

A recording shows bodies byte for byte and nothing else: no requests, no times, no answers, and not
whether anything came before or was lost.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from cgstate.evidence import Exchange, Traits

_LINE_END: Final = b"\r\n"
_SPACE: Final = b" \t\r\n"
_BEGINS_MESSAGE: Final = re.compile(rb"\{[ \t]*[^ \t\r]")
"""How a message on one line begins; of one over several lines, pretty-printed, the first line is a lone bracket."""
_LARGEST: Final = 64 * 1024 * 1024
"""The most bytes that are read at once: of a file as a whole, and of one line of a stream."""


class UnreadableRecording(Exception):  # noqa: N818 - named for the fact
    """There is no recording to judge; the text is one line that says why."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The messages of a file, each as an exchange of which only the body is known."""

    traits: Traits
    exchanges: tuple[Exchange, ...]
    lines: tuple[int, ...] = ()
    """The line (from 1) that each exchange begins in."""


def traits_of(name: str) -> Traits:
    """Return what a recording of that name shows: the bytes of the bodies."""
    return Traits(name, has_bytes=True)


def read_messages(data: bytes, name: str) -> Recording:
    """Return the messages of a file that was read whole; `name` is what reports call it.

    A text that is one JSON value is one message, over however many lines it goes. Any other is taken line by
    line, blank ones skipped, where one line is a JSON object of its own or two begin like one; else it is one message
    that cannot be read. Nothing is dropped: what is unreadable is judged so.
    Raises `UnreadableRecording` where there is not a single byte but white space.
    """
    if not data.strip(_SPACE):
        raise UnreadableRecording(f"{name} is empty: there is no message in it")
    if _is_lines(data):
        found = tuple(_lines(data.split(b"\n")))
        return Recording(traits_of(name), tuple(exchange for _, exchange in found), tuple(line for line, _ in found))
    return Recording(traits_of(name), (Exchange(1, data),), (1,))


def read_file(path: str | Path) -> Recording:
    """Read a file of at most 64 MiB whole; raises `UnreadableRecording` with one clear line where it cannot be read.

    Larger recordings are judged line by line: see `iter_lines`.
    """
    with open_recording(path) as file:
        return read_messages(read_whole(file, str(path)), str(path))


def read_whole(file: BinaryIO, name: str) -> bytes:
    """Return the rest of a file, at most 64 MiB; raises `UnreadableRecording` as `read_file` does."""
    data = _read(file, name)
    if len(data) > _LARGEST:
        raise UnreadableRecording(f"{name} is larger than {_LARGEST} bytes: only one message a line can be that long")
    return data


def open_recording(path: str | Path) -> BinaryIO:
    """Open a file for `iter_lines`; raises `UnreadableRecording` with one clear line where that cannot be done."""
    try:
        return Path(path).open("rb")
    except IsADirectoryError:
        raise UnreadableRecording(f"{path} is a folder, not a file of messages") from None
    except FileNotFoundError:
        raise UnreadableRecording(f"there is no file {path}") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UnreadableRecording(f"{path} cannot be read: {reason}") from None


def iter_lines(file: BinaryIO) -> Iterator[tuple[int, Exchange]]:
    """Yield line number (from 1) and exchange of one message a line, blank lines skipped, in constant memory.

    Of a line longer than 64 MiB only that much is kept, which no parser will take for a message.
    """
    return _lines(_bounded(file))


def _bounded(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(_LARGEST):
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = file.readline(_LARGEST)
        yield line


def _lines(lines: "Iterator[bytes] | list[bytes]") -> Iterator[tuple[int, Exchange]]:
    number = 0
    for at, line in enumerate(lines, start=1):
        body = line.rstrip(_LINE_END)
        if body.strip(_SPACE):
            number += 1
            yield at, Exchange(number, body)


def _read(file: BinaryIO, name: str) -> bytes:
    try:
        return file.read(_LARGEST + 1)
    except OSError as error:
        raise UnreadableRecording(f"{name} cannot be read: {error.strerror}") from None


def _is_lines(data: bytes) -> bool:
    if b"\n" not in data.strip(_SPACE) or _value(data) is not _NO_JSON:
        return False
    lines = [line for line in data.split(b"\n") if line.strip(_SPACE)]
    return any(isinstance(_value(line), dict) for line in lines) or (
        sum(1 for line in lines if _BEGINS_MESSAGE.match(line)) > 1
    )


_NO_JSON: Final = object()


def _value(data: bytes) -> object:
    """Return what a lenient parser reads: only how messages are told apart depends on it, not how they are judged."""
    try:
        return json.loads(data)
    except ValueError:
        return _NO_JSON
    except RecursionError:
        return None  # JSON as far as it was read: a message of its own
