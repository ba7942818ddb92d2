"""Proxies of the tests' own: before a control API, and between an emitter and the suite's capture server."""

from __future__ import annotations

import contextlib
import http.client
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

PATIENCE = 20.0


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients go as they please."""
        del request, client_address


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_: object) -> None:
        """Keep silent."""


def _read(handler: BaseHTTPRequestHandler) -> bytes:
    return handler.rfile.read(int(handler.headers.get("Content-Length", 0)))


def _reply(
    handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: tuple[tuple[str, str], ...] = ()
) -> None:
    handler.send_response(status)
    for name, value in headers:
        handler.send_header(name, value)
    if status != 204:
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()


class _Proxy:
    """A server in a thread of its own that asks another one."""

    _server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        proxy = self

        class Handler(_Handler):
            def _handle(self) -> None:
                proxy.handle(self)

            do_GET = do_POST = do_PUT = do_DELETE = _handle  # noqa: N815 - the library's names

        self._server = _Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        assert self._server is not None
        return self._server.server_address[1]

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        raise NotImplementedError


@dataclass
class ControlProxy(_Proxy):
    """Before the control API at `target`: keeps what was asked; `hooks` False hides the test hooks."""

    target: str
    hooks: bool = True
    delay: float = 0.0
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Method and path (below the base) of every request, in order."""
    bodies: list[bytes] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}{urlsplit(self.target).path}"

    def count(self, request: str) -> int:
        return sum(1 for _, path in self.asked if path == f"/{request}")

    def wait_for(self, request: str, number: int) -> None:
        """Wait until that many of these requests were made."""
        self._wait(lambda: self.count(request) >= number)

    def wait_for_method(self, method: str, number: int) -> None:
        self._wait(lambda: sum(1 for each, _ in self.asked if each == method) >= number)

    def _wait(self, reached: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(reached, PATIENCE), self.asked[-20:]

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        body = _read(handler)
        target = urlsplit(self.target)
        path = handler.path.removeprefix(target.path)
        with self._changed:
            self.asked.append((handler.command, path))
            self.bodies.append(body)
            self._changed.notify_all()
        if path.startswith("/conformance") and not self.hooks:
            _reply(handler, 404, b"{}")
            return
        if self.delay:
            time.sleep(self.delay)
        with contextlib.closing(http.client.HTTPConnection(target.hostname or "", target.port, timeout=10)) as there:
            there.request(handler.command, handler.path, body or None, {"Content-Type": "application/json"})
            response = there.getresponse()
            answer = response.read()
        _reply(handler, response.status, answer)


@dataclass
class NotificationProxy(_Proxy):
    """Between emitter and capture server: each notification comes there on a connection of its own, in its own way."""

    port_there: int
    delay: Callable[[], float] = lambda: 0.0
    chunked: bool = False
    content_type: str | None = None
    passed: list[tuple[bytes, int]] = field(default_factory=list)
    """Body and status of each exchange, in the order in which they were answered."""
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_for(self, enough: Callable[[list[tuple[bytes, int]]], bool]) -> None:
        """Wait until what has passed is enough."""
        with self._changed:
            assert self._changed.wait_for(lambda: enough(self.passed), PATIENCE), self.passed[-20:]

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        body = _read(handler)
        time.sleep(self.delay())
        content_type = self.content_type or handler.headers["Content-Type"]
        there = http.client.HTTPConnection("127.0.0.1", self.port_there, timeout=30)
        try:
            pieces = (body[i : i + 50] for i in range(0, len(body), 50)) if self.chunked else None
            headers = {"Content-Type": content_type, "Connection": "close"}
            there.request(handler.command, handler.path, pieces or body, headers, encode_chunked=self.chunked)
            response = there.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException):
            # What became of it there becomes of it here: no answer at all.
            handler.close_connection = True
            return
        finally:
            there.close()
        with self._changed:
            self.passed.append((body, response.status))
            self._changed.notify_all()
        location = response.getheader("Location")
        _reply(handler, response.status, answer, (("Location", location),) if location else ())
