"""Otherwise in HTTP: how an answer is written, and when a connection ends. Answers are written byte by byte here."""

import asyncio
from collections.abc import Mapping
from weakref import WeakKeyDictionary

from aiohttp import hdrs, web
from aiohttp.abc import AbstractStreamWriter

from cgstate_reference.checking import Checker
from cgstate_reference.taking import Archive, Receiver
from cgstate_reference.variants.chance import CHANCE
from cgstate_reference.variants.receivers import variant

IDLE = 0.03
"""Seconds after which an idle connection is ended."""
LINGERS = 0.3
"""Seconds."""
_EMPTY = 204


class Written(web.StreamResponse):
    """An answer that its receiver writes itself."""

    def __init__(self, answer: web.Response, writer: "Raw") -> None:
        """Let `writer` write what `answer` says."""
        super().__init__(status=answer.status)
        self._answer = answer
        self._by = writer
        self._keep_alive = writer.keeps(answer)

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Write all of it."""
        transport = request.transport
        if transport is not None and not transport.is_closing():
            body = self._answer.body if isinstance(self._answer.body, bytes) else b""
            headers = {**self._answer.headers, hdrs.CONTENT_TYPE: self._answer.content_type}
            if request.method == hdrs.METH_HEAD or self._answer.status == _EMPTY:
                headers, body = {}, b""
            await self._by.write(transport, self._answer.status, headers, body)
            if not self.keep_alive:
                # At once: what comes from now on is never read, and so resets the connection.
                transport.close()
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Write nothing more."""


class Raw(Receiver):
    """Writes its answers itself."""

    version = "HTTP/1.1"

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        answer = await super().handle(request)
        assert isinstance(answer, web.Response)
        return Written(answer, self)

    def keeps(self, answer: web.Response) -> bool:
        """Whether the connection is kept after this answer."""
        return answer.keep_alive is not False

    def head(self, status: int, headers: Mapping[str, str]) -> bytes:
        """Return all that comes before the body."""
        lines = [self.line(status), *(self.header(name, value) for name, value in headers.items()), "", ""]
        return "\r\n".join(lines).encode("latin-1")

    def line(self, status: int) -> str:
        """Return the status line."""
        return f"{self.version} {status} Any"

    def header(self, name: str, value: str) -> str:
        """Return one header as it is written."""
        return f"{name}: {value}"

    async def write(self, transport: asyncio.Transport, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Write an answer."""
        if status != _EMPTY:
            headers = {**headers, hdrs.CONTENT_LENGTH: str(len(body))}
        await self.send(transport, self.head(status, headers) + body)

    async def send(self, transport: asyncio.Transport, data: bytes) -> None:
        """Write some bytes."""
        transport.write(data)


class _Says200(Raw):
    """Has a body in every answer."""

    async def write(self, transport: asyncio.Transport, status: int, headers: Mapping[str, str], body: bytes) -> None:
        if status == _EMPTY:
            status, body = 200, b'{"taken": true}'
        await super().write(transport, status, headers, body)


@variant("chunked-answers")
class ChunkedAnswers(_Says200):
    """Answers in chunks, with extensions and a trailer."""

    async def send(self, transport: asyncio.Transport, data: bytes) -> None:
        """Write the body in chunks."""
        head, _, body = data.partition(b"\r\n\r\n")
        kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
        await super().send(transport, b"\r\n".join([*kept, b"Transfer-Encoding: chunked", b"", b""]))
        size = max(7, len(body) // 20)
        for at in range(0, len(body), size):
            piece = body[at : at + size]
            await super().send(transport, b"%X;n=%d\r\n%s\r\n" % (len(piece), at, piece))
        await super().send(transport, b"0\r\nX-Checked: yes\r\n\r\n")


class ClosesEach(Raw):
    """Closes the connection after each answer, and says so."""

    def keeps(self, answer: web.Response) -> bool:
        """Never."""
        del answer
        return False

    def head(self, status: int, headers: Mapping[str, str]) -> bytes:
        """Return a head that says so."""
        return super().head(status, {**headers, hdrs.CONNECTION: "close"})


variant("closes-each")(ClosesEach)


@variant("closes-without-saying")
class ClosesWithoutSaying(Raw):
    """Takes a connection for idle as soon as it has answered, and closes it without having said so."""

    def keeps(self, answer: web.Response) -> bool:
        """Never."""
        del answer
        return False


@variant("closes-late")
class ClosesLate(ClosesEach):
    """Says that it closes the connection after each answer, and does so 300 ms later."""

    async def send(self, transport: asyncio.Transport, data: bytes) -> None:
        """Write, and wait."""
        await super().send(transport, data)
        await asyncio.sleep(LINGERS)


@variant("ends-with-the-connection")
class EndsWithTheConnection(_Says200, ClosesEach):
    """Says no length: an answer ends with its connection."""

    async def send(self, transport: asyncio.Transport, data: bytes) -> None:
        """Write all but the length."""
        head, _, body = data.partition(b"\r\n\r\n")
        kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
        await super().send(transport, b"\r\n".join([*kept, b"", body]))


@variant("http-1.0")
class Http10(ClosesEach):
    """Speaks HTTP/1.0, a connection for each request."""

    version = "HTTP/1.0"


@variant("http-1.0-keep-alive")
class Http10KeepAlive(Raw):
    """Speaks HTTP/1.0 and keeps connections, as it says."""

    version = "HTTP/1.0"

    def head(self, status: int, headers: Mapping[str, str]) -> bytes:
        """Return a head that says so."""
        return super().head(status, {**headers, hdrs.CONNECTION: "Keep-Alive"})

    async def write(self, transport: asyncio.Transport, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Write an answer, which has a length even if it is empty."""
        await super().write(transport, 200 if status == _EMPTY else status, headers, body)


@variant("small-segments")
class SmallSegments(_Says200):
    """Answers in small TCP segments, with pauses in between."""

    async def send(self, transport: asyncio.Transport, data: bytes) -> None:
        """Write piece by piece."""
        at = 0
        while at < len(data):
            size = CHANCE.randint(1, 40) if len(data) < 2000 else len(data) // 20  # noqa: PLR2004 - what is read back
            await super().send(transport, data[at : at + size])
            await asyncio.sleep(CHANCE.uniform(0, 0.003))
            at += size


@variant("interim-answers")
class InterimAnswers(Raw):
    """Sends answers of class 1xx before each final one."""

    async def send(self, transport: asyncio.Transport, data: bytes) -> None:
        """Write a few before."""
        for interim in ("100 Continue", "102 Processing", "103 Early Hints\r\nLink: </style.css>; rel=preload"):
            await super().send(transport, f"HTTP/1.1 {interim}\r\n\r\n".encode())
        await super().send(transport, data)


@variant("odd-answers")
class OddAnswers(Raw):
    """Writes header names in small letters or capitals, more headers, long ones, and no reason."""

    def line(self, status: int) -> str:
        """Return a status line with any reason or none."""
        return f"{self.version} {status} {CHANCE.choice(('', 'OK', 'it says: 500 Error', chr(0xE4)))}"

    def head(self, status: int, headers: Mapping[str, str]) -> bytes:
        """Return a head with much in it."""
        more = {"Server": "", "Set-Cookie": "a=b; Path=/", "X-Long": "x" * 4000, "Keep-Alive": "timeout=5, max=1000"}
        return super().head(status, {**headers, **more})

    def header(self, name: str, value: str) -> str:
        """Return the header in some spelling."""
        return f"{CHANCE.choice((name, name.lower(), name.upper()))}:{CHANCE.choice(('', ' ', '  ', chr(9)))}{value}"


@variant("ends-idle-connections")
class EndsIdleConnections(Receiver):
    """Ends a connection that is idle for 30 ms."""

    def server(self) -> web.Server:
        """Return the server that lets it answer; needs a running event loop."""
        return self.server_class(self.handle, request_factory=self.request, access_log=None, keepalive_timeout=IDLE)


@variant("few-requests-each")
class FewRequestsEach(Raw):
    """Closes a connection after seven answers, as soon as it is idle, and does not say so."""

    most = 7

    def __init__(self, checker: Checker, archive: Archive) -> None:
        """Begin with no connection."""
        super().__init__(checker, archive)
        self._answers: WeakKeyDictionary[asyncio.Transport, int] = WeakKeyDictionary()

    async def write(self, transport: asyncio.Transport, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Write, and count."""
        await super().write(transport, status, headers, body)
        self._answers[transport] = number = self._answers.get(transport, 0) + 1
        if number >= self.most:
            transport.close()
