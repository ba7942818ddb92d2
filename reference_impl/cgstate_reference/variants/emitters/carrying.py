"""Otherwise in HTTP: connections, headers, framing. What aiohttp would not write is written here byte by byte."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from urllib.parse import SplitResult, urljoin, urlsplit

import aiohttp

from cgstate_reference.notifier import RESPONSE_TIMEOUT, Notifier, Outcome
from cgstate_reference.variants.chance import CHANCE
from cgstate_reference.variants.emitters import variant
from cgstate_reference.writer import Writer

CONTENT_TYPES = (
    "application/json",
    "application/json;charset=UTF-8",
    "application/json; charset=utf-8",
    'application/json; charset="utf-8"',
    "Application/JSON",
    "APPLICATION/JSON;CHARSET=UTF-8",
    "application/json ; charset=utf-8 ; version=8.1",
)
"""All of them say the same (RFC 9110, section 8.3.1)."""
CONTINUE_WITHIN = 0.2
"""Seconds for which a 100 is awaited before the body is sent without one."""
_INTERIM = range(100, 200)

Headers = list[tuple[str, str]]


class Raw(Notifier):
    """Opens a connection of its own for each notification, and writes the request itself; http only."""

    version = "HTTP/1.1"

    async def post(self, uri: str, body: bytes) -> int:
        """POST `body` to `uri` and return the status."""
        return (await self.exchange(self.method, uri, body))[0]

    async def exchange(self, method: str, uri: str, body: bytes) -> tuple[int, dict[str, str]]:
        """Send a request and return status and headers of the answer, their names in lower case."""
        parts = urlsplit(uri)
        async with asyncio.timeout(RESPONSE_TIMEOUT), _connected(parts) as (reader, writer):
            head = self.head(method, uri, self.headers(parts, body))
            try:
                await self.send(reader, writer, head, body)
                return await self.answer(reader)
            except asyncio.IncompleteReadError:
                raise aiohttp.ServerDisconnectedError from None

    def target(self) -> str | None:
        """Return where to POST now."""
        return super().target()

    def line(self, method: str, uri: str) -> str:
        """Return the request line."""
        return f"{method} {_target(urlsplit(uri))} {self.version}"

    def headers(self, parts: SplitResult, body: bytes) -> Headers:
        """Return the headers of a request."""
        return [
            ("Host", parts.netloc),
            ("Content-Type", self.content_type),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        ]

    def head(self, method: str, uri: str, headers: Headers) -> bytes:
        """Return all that comes before the body."""
        lines = [self.line(method, uri), *(self.header(name, value) for name, value in headers), "", ""]
        return "\r\n".join(lines).encode("latin-1")

    def header(self, name: str, value: str) -> str:
        """Return one header as it is written."""
        return f"{name}: {value}"

    async def send(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes, body: bytes) -> None:
        """Write the request."""
        del reader
        writer.write(head + body)
        await writer.drain()

    async def answer(self, reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
        """Read the head of the answer, past those that are not final."""
        while True:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            status = int(lines[0].split()[1])
            if status not in _INTERIM:
                pairs = (line.partition(":") for line in lines[1:] if line)
                return status, {name.lower(): value.strip() for name, _, value in pairs}


@contextlib.asynccontextmanager
async def _connected(parts: SplitResult) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
    try:
        yield reader, writer
    finally:
        writer.close()


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def pieces(data: bytes, longest: int) -> Iterator[bytes]:
    """Yield `data` in pieces of 1 to `longest` bytes, at random; large data in larger pieces, about twenty."""
    longest = max(longest, len(data) // 10)
    at = 0
    while at < len(data):
        size = CHANCE.randint(1, longest)
        yield data[at : at + size]
        at += size


@variant("connection-per-message")
class ConnectionPerMessage(Raw):
    """Opens a connection for each message, and says so."""


@variant("one-connection")
class OneConnection(Notifier):
    """Sends everything over one connection, so that one slow answer holds up all groups' notifications."""

    def __init__(self, writer: Writer, *, told: Callable[[Outcome], object] | None = None) -> None:
        """Begin with nothing on its way."""
        super().__init__(writer, told=told, connections=1)


@variant("impatient")
class Impatient(Notifier):
    """Waits for an answer for 250 ms only, then gives the connection up."""

    def __init__(self, writer: Writer, *, told: Callable[[Outcome], object] | None = None) -> None:
        """Begin with nothing on its way."""
        super().__init__(writer, told=told, response_timeout=0.25)


@variant("chunked")
class Chunked(Raw):
    """Sends the body in chunks of any size, with extensions and a trailer."""

    def headers(self, parts: SplitResult, body: bytes) -> Headers:
        """Return headers that do not tell the length."""
        kept = [header for header in super().headers(parts, body) if header[0] != "Content-Length"]
        return [*kept, ("Transfer-Encoding", "chunked"), ("Trailer", "X-Checked")]

    async def send(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes, body: bytes) -> None:
        """Write the chunks one by one."""
        chunks = [
            b"%x%s\r\n%s\r\n" % (len(p), CHANCE.choice((b"", b";n=1", b';q="a b"')), p) for p in pieces(body, 300)
        ]
        for piece in (head, *chunks, b"0\r\nX-Checked: yes\r\n\r\n"):
            await super().send(reader, writer, piece, b"")


@variant("content-type-forms")
class ContentTypeForms(Raw):
    """Writes application/json in every way there is, with charset and without, in small letters and capitals."""

    def headers(self, parts: SplitResult, body: bytes) -> Headers:
        """Return one of the forms."""
        kept = [header for header in super().headers(parts, body) if header[0] != "Content-Type"]
        return [("Content-Type", CHANCE.choice(CONTENT_TYPES)), *kept]


@variant("expects-continue")
class ExpectsContinue(Raw):
    """Sends Expect: 100-continue, and the body when it is told to, or after a while."""

    def headers(self, parts: SplitResult, body: bytes) -> Headers:
        """Return headers that ask for leave."""
        return [*super().headers(parts, body), ("Expect", "100-continue")]

    async def send(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes, body: bytes) -> None:
        """Write the head, wait, and write the body."""
        await super().send(reader, writer, head, b"")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CONTINUE_WITHIN):
                await reader.readuntil(b"\r\n\r\n")
        await super().send(reader, writer, b"", body)


@variant("http-1.0")
class Http10(Raw):
    """Speaks HTTP/1.0."""

    version = "HTTP/1.0"


@variant("odd-headers")
class OddHeaders(Raw):
    """Writes header names in small letters or capitals, values after any white space, and headers of its own."""

    def headers(self, parts: SplitResult, body: bytes) -> Headers:
        """Return more headers, in another order."""
        more = [("Accept", "*/*"), ("User-Agent", "OCS/8.1 (any; thing)"), ("X-Empty", ""), ("Cookie", "a=b; c=d")]
        found = [*super().headers(parts, body), *more, ("X-Latin-1", "\xe4\xf6\xfc"), ("X-Long", "x" * 4000)]
        CHANCE.shuffle(found)
        return found

    def header(self, name: str, value: str) -> str:
        """Return the header in some spelling."""
        name = CHANCE.choice((name, name.lower(), name.upper()))
        return f"{name}:{CHANCE.choice(('', ' ', '   ', chr(9)))}{value}{CHANCE.choice(('', '  '))}"


@variant("small-segments")
class SmallSegments(Raw):
    """Sends its requests in small TCP segments, with pauses in between."""

    async def send(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes, body: bytes) -> None:
        """Write piece by piece."""
        for piece in pieces(head + body, 150):
            await super().send(reader, writer, piece, b"")
            await asyncio.sleep(CHANCE.uniform(0, 0.01))


@variant("absolute-form")
class AbsoluteForm(Raw):
    """Names the whole URI in the request line, as it would to a proxy."""

    def line(self, method: str, uri: str) -> str:
        """Return the request line."""
        return f"{method} {uri} {self.version}"


@variant("half-closes")
class HalfCloses(Raw):
    """Shuts its half of the connection down when a request is out, and reads the answer."""

    async def send(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes, body: bytes) -> None:
        """Write the request and the end."""
        await super().send(reader, writer, head, body)
        writer.write_eof()


@variant("reads-no-answer")
class ReadsNoAnswer(Raw):
    """Closes the connection as soon as a request is out: whatever is answered makes no difference."""

    async def answer(self, reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
        """Read nothing."""
        del reader
        return 200, {}


@variant("spare-connections")
class SpareConnections(Raw):
    """Opens a second connection beside each, on which it never sends anything."""

    async def exchange(self, method: str, uri: str, body: bytes) -> tuple[int, dict[str, str]]:
        """Send with a spare connection open."""
        async with _connected(urlsplit(uri)):
            return await super().exchange(method, uri, body)


@variant("follows-redirects")
class FollowsRedirects(Raw):
    """Follows a redirect once: by GET after a 301, 302 or 303, as browsers do, else by POST."""

    async def post(self, uri: str, body: bytes) -> int:
        """POST, and go where the answer points to."""
        status, headers = await self.exchange(self.method, uri, body)
        where = urljoin(uri, headers.get("location", ""))
        if status in {301, 302, 303} and "location" in headers:
            return (await self.exchange("GET", where, b""))[0]
        if status in {307, 308} and "location" in headers:
            return (await self.exchange(self.method, where, body))[0]
        return status
