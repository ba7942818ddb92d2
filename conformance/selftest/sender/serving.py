"""Servers of the tests' own: what each does with a connection is written in the test."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from cgstate.peer import Peer
from cgstate.sending import Expect, Parcel, Sending
from cgstate.sources.sender import Sender
from cgstate.sources.wire import Request, RequestReader

if TYPE_CHECKING:
    import os
    import ssl
    from collections.abc import Sequence

BODY = b'{"GSW_CAMPAIGN_GROUP_STATE":4}'
PATIENCE = 10.0
NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass
class Line:
    """The server's end of one connection."""

    sock: socket.socket
    number: int
    """Position in the order of accepting, from 1."""
    requests: list[Request]
    """All requests of the server, in the order in which they were read."""
    _reader: RequestReader = field(default_factory=RequestReader)
    _waiting: list[Request] = field(default_factory=list)

    def request(self) -> Request | None:
        """Read the next request; None where the client has ended the connection instead."""
        while not self._waiting:
            data = self.sock.recv(65536)
            if data:
                self._waiting += self._reader.feed(data, 0.0)
            else:
                cut = self._reader.end("the connection ended in the middle of the request")
                if cut is None:
                    return None
                self._waiting.append(cut)
        request = self._waiting.pop(0)
        self.requests.append(request)
        return request

    def head(self) -> bytes:
        """Read the head of a request alone, byte by byte, so that its body stays unread."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = self.sock.recv(1)
            if not byte:
                break
            head += byte
        return head

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def answer(self, status: int = 200, body: bytes = b"", *headers: str) -> None:
        lines = [f"HTTP/1.1 {status} X", *headers, f"Content-Length: {len(body)}", "", ""]
        self.send("\r\n".join(lines).encode("latin-1") + body)

    def answer_all(self, status: int = 200, body: bytes = b"") -> None:
        """Answer every request of the connection."""
        while self.request() is not None:
            self.answer(status, body)

    def await_bytes(self) -> None:
        """Await some bytes, or the client's end, and leave them unread."""
        select.select([self.sock], [], [], PATIENCE)

    def close(self) -> None:
        self.sock.close()

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


Handle = Callable[[Line], None]


class Serving:
    """Accepts connections on loopback; each is handled in a thread, and closed when the handler returns."""

    def __init__(self, handle: Handle, *, tls: ssl.SSLContext | None = None) -> None:
        self._handle, self._tls = handle, tls
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self.requests: list[Request] = []
        self.lines = 0
        """How many connections were accepted."""
        self.errors: list[BaseException] = []
        self.over = threading.Event()
        """Set when the test is done: what a handler waits for at the latest."""
        self._threads: list[threading.Thread] = []
        self._socks: list[socket.socket] = []

    def __enter__(self) -> Self:
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(PATIENCE)
        for sock in self._socks:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), "a handler hangs"
        if self.errors:
            raise self.errors[0]

    @property
    def uri(self) -> str:
        return f"http{'s' if self._tls else ''}://localhost:{self.port}/x"

    def peer(self, **options: object) -> Peer:
        return Peer(self.uri, option="--receiver", **options)  # type: ignore[arg-type] # as the test says

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.lines += 1
            self._socks.append(sock)
            thread = threading.Thread(target=self._serve, args=(sock, self.lines), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        # A client that goes, or is not let in, is what many tests are about.
        with contextlib.suppress(OSError):
            try:
                secure = self._tls.wrap_socket(sock, server_side=True) if self._tls else sock
                with secure:
                    self._handle(Line(secure, number, self.requests))
            except AssertionError as error:
                self.errors.append(error)
            finally:
                sock.close()


def parcel(number: int = 1, body: object = BODY, **more: object) -> Parcel:
    """Return a legal parcel."""
    defaults: dict[str, object] = {"requirement": "accepts.life-cycle", "expect": Expect.TAKEN, "body": body}
    return Parcel(number, **(defaults | more))  # type: ignore[arg-type] # as the test says


def send(peer: Peer, *parcels: Parcel, timeout: float = PATIENCE) -> Sequence[Sending]:
    """Send them by a sender of their own, and return what became of them, in the order of their numbers."""
    sendings: list[Sending] = []
    sender = Sender(peer, timeout=timeout)
    try:
        sender.send(parcels or [parcel()], sendings.append)
    finally:
        sender.close()
    return sorted(sendings, key=lambda sending: sending.parcel.number)


def answering(data: bytes) -> Handle:
    """Return what a server does that answers each connection's first request by these bytes, and closes."""

    def handle(line: Line) -> None:
        if line.request() is not None:
            line.send(data)

    return handle


def write(path: os.PathLike[str], *blobs: bytes) -> str:
    """Write a file and return its name."""
    with open(path, "wb") as file:  # noqa: PTH123 - any path
        file.writelines(blobs)
    return str(path)
