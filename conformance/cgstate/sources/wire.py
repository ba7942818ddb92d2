"""Reading HTTP/1.x requests from bytes, without sockets: strict, and losing nothing of what cannot be read.

A request that breaks HTTP (RFC 9112) comes out as a `Request` with `fault` set. Where its end can still be
told, it is read to that end, so that its body is there to be looked at; after a fault the connection is done.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_HEAD: Final = 64 * 1024
LARGEST_BODY: Final = 64 * 1024 * 1024
_LARGEST_CHUNK_LINE: Final = 4096
_KEPT_OF_A_FAULT: Final = 64 * 1024
"""How much of an unreadable or oversized request is kept as its body."""

_TOKEN: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_REQUEST_LINE: Final = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([\x21-\x7e]+) (HTTP/1\.[0-9])")
_VALUE: Final = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
_LENGTH: Final = re.compile(r"[0-9]{1,18}")
_CHUNK: Final = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?")
_TLS_HANDSHAKE: Final = 0x16
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it was read."""

    arrival: float
    """When its first byte was read: Unix seconds."""
    method: str | None = None
    target: str | None = None
    version: str | None = None
    headers: Headers = ()
    body: bytes = b""
    """The body, chunks put together; where `fault` is set, what was read of it."""
    keeps_alive: bool = False
    fault: str | None = None
    """Why this is no readable HTTP request, one sentence, or None."""
    refusal: int = 400
    """The status code that says so."""


class RequestReader:
    """Takes the bytes of one connection as they come and gives back the requests in them."""

    def __init__(self, largest_body: int = LARGEST_BODY) -> None:
        """Bodies of more than `largest_body` bytes are refused, and not kept."""
        self.wants_continue = False
        """Whether the sender waits for ``100 Continue`` before it sends the body of the request under way."""
        self._largest_body = largest_body
        self._buffer = bytearray()
        self._body = bytearray()
        self._length = 0
        self._arrival = 0.0
        self._begun = False
        self._done = False
        self._method: str | None = None
        self._target: str | None = None
        self._version: str | None = None
        self._headers: Headers = ()
        self._keeps_alive = False
        self._fault: str | None = None
        self._refusal = 400
        self._stage: Callable[[], Request | None] = self._read_request_line
        self._stuck = False

    @property
    def incomplete(self) -> bool:
        """Whether a request has begun and is not complete."""
        return self._begun and not self._done

    @property
    def has_no_end(self) -> bool:
        """Whether the request under way does not say where its body ends: only `end` completes it."""
        return self._stage == self._read_without_end

    def feed(self, data: bytes, at: float) -> list[Request]:
        """Take bytes that were read at that time; return the requests they complete."""
        complete: list[Request] = []
        if self._done:
            return complete
        self._buffer += data
        while self._buffer and not self._done:
            if not self._begun:
                self._begun, self._arrival = True, at
            self._stuck = False
            request: Request | None = None
            while request is None and not self._stuck:
                request = self._stage()
            if request is None:
                break
            complete.append(request)
            self._reset(finished=not request.keeps_alive)
        return complete

    def end(self, sentence: str) -> Request | None:
        """Say that nothing more will come; return the request that stays incomplete, with that fault, or None."""
        if not self.incomplete:
            return None
        self._body += self._buffer
        self._note(sentence)
        request = self._finish()
        self._reset(finished=True)
        return request

    def _reset(self, *, finished: bool) -> None:
        self._body = bytearray()
        self._begun = False
        self.wants_continue = False
        self._method = self._target = self._version = self._fault = None
        self._headers = ()
        self._keeps_alive = False
        self._refusal = 400
        self._stage = self._read_request_line
        self._done = finished
        if finished:
            self._buffer = bytearray()

    def _finish(self) -> Request:
        return Request(
            arrival=self._arrival,
            method=self._method,
            target=self._target,
            version=self._version,
            headers=self._headers,
            body=bytes(self._body),
            keeps_alive=self._keeps_alive and self._fault is None,
            fault=self._fault,
            refusal=self._refusal,
        )

    def _give_up(self, fault: str, refusal: int = 400) -> Request:
        """Finish with what was read so far; nothing after it on this connection can be trusted."""
        self._body = (self._body + self._buffer[:_KEPT_OF_A_FAULT])[:_KEPT_OF_A_FAULT]
        self._note(fault, refusal)
        return self._finish()

    def _line(self, limit: int) -> bytes | None:
        """Take a line without its end from the buffer; None where it is not complete, or longer than the limit."""
        end = self._buffer.find(b"\n", 0, limit)
        if end < 0:
            self._stuck = True
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        if line.endswith(b"\r"):
            return line[:-1]
        self._note("a line ends with a bare line feed")
        return line

    def _note(self, fault: str, refusal: int = 400) -> None:
        """Remember the first fault and read on."""
        if self._fault is None:
            self._fault, self._refusal = fault, refusal

    def _read_request_line(self) -> Request | None:
        while self._buffer.startswith(b"\r\n"):  # RFC 9112, 2.2: an empty line before a request is to be ignored
            del self._buffer[:2]
        if not self._buffer or self._buffer == b"\r":
            self._begun = False
            self._stuck = True
            return None
        if self._buffer[0] == _TLS_HANDSHAKE:
            return self._give_up("a TLS handshake came where plain HTTP is spoken")
        if not _TOKEN.match(self._buffer, 0, 1):
            return self._give_up("the first bytes are no HTTP request line")
        return self._take_request_line()

    def _take_request_line(self) -> Request | None:
        end = self._buffer.find(b"\n", 0, LARGEST_HEAD)
        if end < 0:
            if len(self._buffer) >= LARGEST_HEAD:
                return self._give_up("the request line has no end", 414)
            self._stuck = True
            return None
        line = bytes(self._buffer[:end]).removesuffix(b"\r")
        match = _REQUEST_LINE.fullmatch(line)
        if match is None:
            return self._give_up(_what_is_wrong_with(line))
        self._line(LARGEST_HEAD)
        self._method, self._target, self._version = (part.decode("ascii") for part in match.groups())
        self._stage = self._read_headers
        return None

    def _read_headers(self) -> Request | None:
        if self._buffer.startswith(b"\r\n"):
            end = 0
        else:
            ends = [at for mark in (b"\n\r\n", b"\n\n") if (at := self._buffer.find(mark, 0, LARGEST_HEAD)) >= 0]
            if not ends:
                if len(self._buffer) >= LARGEST_HEAD:
                    return self._give_up("the headers have no end", 431)
                self._stuck = True
                return None
            end = min(ends) + 1
        block = bytes(self._buffer[:end])
        del self._buffer[:end]
        self._line(LARGEST_HEAD)
        self._headers = self._split(block)
        return self._choose_body()

    def _split(self, block: bytes) -> Headers:
        headers: list[tuple[str, str]] = []
        for raw in block.split(b"\n")[:-1]:
            if not raw.endswith(b"\r"):
                self._note("a line ends with a bare line feed")
            line = raw.removesuffix(b"\r")
            if line[:1] in (b" ", b"\t"):
                self._note("a header is folded over several lines")
                continue
            name, colon, value = line.partition(b":")
            if not colon:
                self._note("a header line has no colon")
            elif not _TOKEN.fullmatch(name):
                self._note("a header's name has a character that names must not have")
            elif not _VALUE.fullmatch(value):
                self._note("a header's value has a control character")
            headers.append((name.decode("latin-1"), value.strip(b" \t").decode("latin-1")))
        return tuple(headers)

    def _choose_body(self) -> Request | None:
        is_1_0 = self._version == "HTTP/1.0"
        fields: dict[str, list[str]] = {}
        for name, value in self._headers:
            fields.setdefault(name.lower(), []).append(value)
        if len(fields.get("host", ())) != 1 and (not is_1_0 or "host" in fields):
            self._note("it has more than one Host header" if "host" in fields else "it has no Host header")
        tokens = {part.strip().lower() for value in fields.get("connection", ()) for part in value.split(",")}
        self._keeps_alive = "keep-alive" in tokens if is_1_0 else "close" not in tokens
        self.wants_continue = not is_1_0 and any(value.lower() == "100-continue" for value in fields.get("expect", ()))
        if "transfer-encoding" in fields:
            return self._choose_coding(fields["transfer-encoding"], with_length="content-length" in fields)
        if "content-length" in fields:
            return self._choose_length(fields["content-length"])
        if self._method in _WITH_BODY:
            self._note("it says neither by Content-Length nor by Transfer-Encoding where its body ends", 411)
            self._stage = self._read_without_end
            return None
        return self._finish()

    def _choose_coding(self, codings: list[str], *, with_length: bool) -> Request | None:
        if [coding.strip().lower() for coding in ",".join(codings).split(",")] != ["chunked"]:
            return self._give_up("its Transfer-Encoding is not chunked", 501)
        if self._version == "HTTP/1.0":
            self._note("it is HTTP/1.0 and has a Transfer-Encoding")
        if with_length:
            self._note("it has both a Content-Length and a Transfer-Encoding")
        self._stage = self._read_chunk_size
        return None

    def _choose_length(self, lengths: list[str]) -> Request | None:
        if len(set(lengths)) > 1:
            return self._give_up("it has Content-Length headers that differ")
        if len(lengths) > 1:
            self._note("it has more than one Content-Length header")
        if not _LENGTH.fullmatch(lengths[0]):
            return self._give_up("its Content-Length is not a number")
        self._length = int(lengths[0])
        if self._length > self._largest_body:
            return self._give_up("its body is larger than this server takes", 413)
        self._stage = self._read_sized
        return self._read_sized()

    def _read_sized(self) -> Request | None:
        if len(self._buffer) < self._length:
            self._stuck = True
            return None
        self._body = self._buffer[: self._length]
        del self._buffer[: self._length]
        return self._finish()

    def _read_without_end(self) -> Request | None:
        if len(self._buffer) > _KEPT_OF_A_FAULT:
            return self._give_up("its body has no end")
        self._stuck = True
        return None

    def _read_chunk_size(self) -> Request | None:
        line = self._line(_LARGEST_CHUNK_LINE)
        if line is None:
            return self._give_up("a chunk's size line has no end") if self._overlong() else None
        match = _CHUNK.fullmatch(line)
        if match is None:
            return self._give_up("a chunk has no readable size")
        self._length = int(match[1], 16)
        if len(self._body) + self._length > self._largest_body:
            return self._give_up("its body is larger than this server takes", 413)
        self._stage = self._read_chunk if self._length else self._read_trailer
        return None

    def _read_chunk(self) -> Request | None:
        if len(self._buffer) < self._length + 2:
            self._stuck = True
            return None
        if self._buffer[self._length : self._length + 2] != b"\r\n":
            return self._give_up("a chunk is not as long as it says")
        self._body += self._buffer[: self._length]
        del self._buffer[: self._length + 2]
        self._stage = self._read_chunk_size
        return None

    def _read_trailer(self) -> Request | None:
        line = self._line(_LARGEST_CHUNK_LINE)
        if line is None:
            return self._give_up("a trailer has no end") if self._overlong() else None
        self._length += len(line)
        if self._length > LARGEST_HEAD:
            return self._give_up("its trailers have no end")
        return self._finish() if not line else None

    def _overlong(self) -> bool:
        return len(self._buffer) >= _LARGEST_CHUNK_LINE


def _what_is_wrong_with(line: bytes) -> str:
    parts = line.split(b" ")
    if len(parts) < 3 or not parts[-1].startswith(b"HTTP/"):  # noqa: PLR2004 - method, target, version
        return "the first line is no HTTP request line"
    if not parts[-1].startswith(b"HTTP/1."):
        return "its HTTP version is not 1.0 or 1.1"
    return "its request target has a character that targets must not have"
