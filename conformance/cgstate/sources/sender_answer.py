"""Reading an HTTP/1.x answer from bytes, without sockets: of any size, in bounded memory.

It is lenient where the meaning is clear (a bare line feed ends a line), since what is asked of a receiver is its status
code; what has no clear meaning is `Garbage`.
"""

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_HEAD: Final = 64 * 1024
KEPT: Final = 8 * 1024
"""How many bytes of an answer's body are kept."""
_LARGEST_LINE: Final = 4096
_MOST_INTERIM: Final = 100
_SWITCHING: Final = 101
_EMPTY: Final = frozenset({204, 304})
_TLS_RECORDS: Final = frozenset({0x14, 0x15, 0x16})

_STATUS_LINE: Final = re.compile(rb"HTTP/1\.([0-9]) ([1-9][0-9]{2})(?: [^\r\n]*)?\r?\n")
_LENGTH: Final = re.compile(r"[0-9]{1,18}")
_CHUNK: Final = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n?")


class Garbage(Exception):  # noqa: N818 - named for the fact
    """What came is no HTTP answer; the text says why, in words."""


class AnswerReader:
    """Takes the bytes that come after one request, until its answer is whole."""

    def __init__(self, *, to_head: bool = False) -> None:
        """`to_head`: the request was a HEAD, so that no body comes whatever the headers say."""
        self.status: int | None = None
        """The status code, as soon as the final answer's head is read; trust it once `whole`."""
        self.headers: dict[str, str] = {}
        """By lower-case name; of several of one name the values are joined by a comma."""
        self.body = bytearray()
        """The first `KEPT` bytes of the body."""
        self.length = 0
        """How many bytes of the body came."""
        self.whole = False
        self.keeps_alive = False
        """Whether another request may follow on this connection."""
        self.begun = False
        """Whether any byte came."""
        self._to_head = to_head
        self._buffer = bytearray()
        self._interim = 0
        self._left = 0
        self._step: Callable[[], bool] = self._read_head

    def feed(self, data: bytes) -> bool:
        """Take bytes; return whether the answer is whole. Raises `Garbage`."""
        if not data:
            return self.whole
        self.begun = True
        self._buffer += data
        while not self.whole and self._step():
            pass
        if self.whole and self._buffer:
            # More than the answer: whose it would be cannot be told.
            self.keeps_alive = False
        return self.whole

    def end(self) -> bool:
        """Say that no more will come; return whether the answer is whole with that."""
        if self._step == self._read_to_the_end:
            self.whole = True
        return self.whole

    def _read_head(self) -> bool:
        buffer = self._buffer
        if not buffer.startswith(b"HTTP/1."[: len(buffer)]):
            raise Garbage(_what_came(bytes(buffer[:40])))
        ends = [end + len(mark) for mark in (b"\n\r\n", b"\n\n") if (end := buffer.find(mark, 0, LARGEST_HEAD)) >= 0]
        if not ends:
            if len(buffer) >= LARGEST_HEAD:
                raise Garbage("the answer's headers have no end")
            return False
        head = bytes(buffer[: min(ends)])
        line = _STATUS_LINE.match(head)
        if line is None:
            raise Garbage(f"the status line is not readable: {_printable(head.splitlines()[0])}")
        del buffer[: min(ends)]
        status = int(line[2])
        if status < 200 and status != _SWITCHING:  # noqa: PLR2004 - the class of interim answers
            self._interim += 1
            if self._interim > _MOST_INTERIM:
                raise Garbage("interim answers (1xx) come without end")
            return bool(buffer)
        self.status = status
        self._take_headers(head[line.end() :])
        self._choose_body(is_1_0=line[1] == b"0")
        return True

    def _take_headers(self, block: bytes) -> None:
        for line in block.decode("latin-1").split("\n"):
            name, colon, value = line.partition(":")
            if colon:
                name, value = name.strip().lower(), value.strip()
                self.headers[name] = f"{self.headers[name]},{value}" if name in self.headers else value

    def _choose_body(self, *, is_1_0: bool) -> None:
        tokens = self.headers.get("connection", "").lower()
        self.keeps_alive = ("keep-alive" in tokens if is_1_0 else "close" not in tokens) and self.status != _SWITCHING
        coding = self.headers.get("transfer-encoding")
        lengths = {part.strip() for part in self.headers.get("content-length", "").split(",")} - {""}
        if self._to_head or self.status in _EMPTY or self.status == _SWITCHING:
            self.whole = True
        elif coding is not None:
            self._step = self._read_chunk_size if coding.lower() == "chunked" else self._read_to_the_end
        elif len(lengths) > 1:
            raise Garbage("the answer has Content-Length headers that differ")
        elif lengths:
            if not _LENGTH.fullmatch(length := lengths.pop()):
                raise Garbage(f"the answer's Content-Length is no number: {_printable(length.encode('latin-1'))}")
            self._left = int(length)
            self.whole = self._left == 0
            self._step = self._read_sized
        else:
            self._step = self._read_to_the_end
        if self._step == self._read_to_the_end:
            self.keeps_alive = False

    def _keep(self, count: int) -> None:
        """Move so many bytes from the buffer into the body."""
        self.body += self._buffer[: min(count, KEPT - len(self.body))]
        self.length += count
        del self._buffer[:count]

    def _read_to_the_end(self) -> bool:
        self._keep(len(self._buffer))
        return False

    def _read_sized(self) -> bool:
        count = min(len(self._buffer), self._left)
        self._keep(count)
        self._left -= count
        self.whole = self._left == 0
        return False

    def _line(self, what: str) -> bytes | None:
        end = self._buffer.find(b"\n", 0, _LARGEST_LINE) + 1
        if not end:
            if len(self._buffer) >= _LARGEST_LINE:
                raise Garbage(f"{what} has no end")
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[:end]
        return line

    def _read_chunk_size(self) -> bool:
        line = self._line("the size line of a chunk of the answer")
        if line is None:
            return False
        size = _CHUNK.fullmatch(line)
        if size is None:
            raise Garbage(f"a chunk of the answer has no readable size: {_printable(line)}")
        self._left = int(size[1], 16)
        self._step = self._read_chunk if self._left else self._read_trailer
        return True

    def _read_chunk(self) -> bool:
        count = min(len(self._buffer), self._left)
        self._keep(count)
        self._left -= count
        if self._left:
            return False
        self._step = self._read_chunk_end
        return True

    def _read_chunk_end(self) -> bool:
        line = self._line("a chunk of the answer")
        if line is None:
            return False
        if line.strip(b"\r\n"):
            raise Garbage("a chunk of the answer is not as long as it says")
        self._step = self._read_chunk_size
        return True

    def _read_trailer(self) -> bool:
        line = self._line("a trailer of the answer")
        if line is None:
            return False
        self.whole = not line.strip(b"\r\n")
        self._interim += 1
        if self._interim > LARGEST_HEAD // 16:
            raise Garbage("the answer's trailers have no end")
        return True


def _printable(data: bytes) -> str:
    return ascii(data[:40].decode("latin-1"))


def _what_came(data: bytes) -> str:
    if data[0] in _TLS_RECORDS:
        return "no HTTP answer came, but TLS: the URI says http, this port speaks https"
    if data.startswith(b"\x00\x00") and len(data) > 3 and data[3] == 4:  # noqa: PLR2004 - a SETTINGS frame
        return "no HTTP/1.1 answer came, but HTTP/2"
    return f"no HTTP answer came, but {_printable(data)}"
