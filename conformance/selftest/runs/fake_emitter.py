"""A minimal emitter of our own that can be hostile: ``python fake_emitter.py HOW``, or in the test's process.

It has the five client requests and the hook ``options``, and dial mode 3 alone, so that a run against it is short.
One group exists, campaign 101 and group 732; what it reports of it is right but for `HOW`.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

BASE = "/ocs/v3/servers/156"
ACTIONS = {
    "load-campaign": 7,
    "unload-campaign": 8,
    "start-dialing": 9,
    "stop-dialing": 10,
    "set-dialing-mode": 11,
}
LOAD, UNLOAD, START, STOP = 7, 8, 9, 10
AFTER = {LOAD: 4, UNLOAD: 0, START: 5, STOP: 4}
LAWFUL = {LOAD: {0}, UNLOAD: {4, 5}, START: {4}, STOP: {5}}
DEFAULTS: dict[str, Any] = {
    "send-campaigngroup-states": False,
    "campaigngroup-states-uri": None,
    "campaigngroup-states-interval": 10,
}
GROUPS = """\
automatic = false

[[group]]
campaignId = 101
groupId = 732
test = true
name = "Renewals@North"
groupName = "North"
campaignName = "Renewals"
queueName = "8001"
tenantName = "Environment"
tenantCcid = "1"
unset = ["campaignTemplateName"]
"""
BURST = 10_000
AT_ONCE = 20
"""Over how many connections a burst comes."""


@dataclass
class Message:
    """One notification: its body, and how it is sent."""

    body: bytes
    head: str = "Content-Type: application/json\r\nContent-Length: {length}\r\n"
    raw: bytes | None = None
    """Sent instead of a request."""
    times: int = 1


def _padded(body: bytes, key: str, value: bytes) -> bytes:
    return body[:-1] + b',"' + key.encode() + b'":' + value + b"}"


def _deep(body: bytes) -> bytes:
    return _padded(body, "deep", b"[" * 100_000 + b"]" * 100_000)


def _twice(body: bytes) -> bytes:
    return _padded(body, "GSW_QUEUE_NAME", b'"another"')


_HOSTILE: dict[str, Callable[[bytes], Message]] = {
    "unreadable JSON": lambda body: Message(body[: len(body) // 2]),
    "no UTF-8": lambda body: Message(body.replace(b"Renewals@North", b"Renewals@N\xf6rth")),
    "a huge body": lambda body: Message(_padded(body, "x", b'"' + b"x" * 30_000_000 + b'"')),
    "deep nesting": lambda body: Message(_deep(body)),
    "duplicate keys": lambda body: Message(_twice(body)),
    "no HTTP": lambda body: Message(body, raw=b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n" + body),
    "half a request": lambda body: Message(
        body, raw=b"POST /cgstate HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + body
    ),
    "chunked nonsense": lambda body: Message(
        b"ZZZ\r\n" + body, head="Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
    ),
    "a burst": lambda body: Message(body, times=BURST),
}
_ANSWERS = {
    "failing requests": (500, b"<html>\x1b[31mInternal Server Error</html>"),
    "garbage for an answer": (200, b"OK\xff\xfe"),
}
HOSTILE = frozenset(_HOSTILE)
"""What the notification of its first start can be."""


def deliver(uri: str, message: Message) -> None:
    """Send it, on a connection of its own, and read the answers, whatever becomes of it."""
    parts = urlsplit(uri)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    head = f"POST {target} HTTP/1.1\r\nHost: {parts.netloc}\r\n{message.head.format(length=len(message.body))}\r\n"
    request = message.raw if message.raw is not None else head.encode() + message.body
    each = -(-message.times // AT_ONCE)
    address = (parts.hostname or "", parts.port or 80)
    senders = [
        threading.Thread(target=_send, args=(address, request, min(each, message.times - begun)))
        for begun in range(0, message.times, each)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()


def _send(address: tuple[str, int], request: bytes, times: int) -> None:
    """Send it so often on one connection, each when the one before is answered."""
    with contextlib.suppress(OSError), socket.create_connection(address, 30) as connection:
        for remaining in reversed(range(times)):
            connection.sendall(request)
            if not remaining:
                connection.shutdown(socket.SHUT_WR)
            if not connection.recv(65536):
                return
        while connection.recv(65536):
            pass


@dataclass
class FakeEmitter:
    """The emitter, in a thread of its own; `how` it is wrong, if it is."""

    how: str = ""
    capabilities: tuple[str, ...] = ("options",)
    options: dict[str, Any] = field(default_factory=lambda: dict(DEFAULTS))
    state: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Method and path (below the base) of every request, in order."""
    silent: bool = False
    _was_hostile: bool = False
    _guid: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _senders: list[threading.Thread] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"emitter": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()
        for sender in self._senders:
            sender.join(60)

    @property
    def base(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}{BASE}"

    def requests(self) -> list[str]:
        """Return the client requests, in order."""
        return [path.removeprefix("/") for _, path in self.asked if path.removeprefix("/") in ACTIONS]

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Answer one request of the control API."""
        with self._lock:
            self.asked.append((method, path))
            number = len(self.asked)
        if self.how == "login" or (self.how == "login for requests" and path != "/conformance"):
            return 401, b'{"status": {"code": 401, "message": "who are you?"}}'
        if self.how == "dies" and sum(1 for _, path in self.asked if path.removeprefix("/") in ACTIONS) == 3:
            os._exit(9)
        if path == "/conformance":
            return self._declaration()
        if path == "/conformance/options":
            if method == "PUT":
                self.options = {**DEFAULTS, **json.loads(body)}
            return 200, json.dumps(self.options).encode()
        if path.removeprefix("/") not in ACTIONS:
            return 404, b"{}"
        if self.how in _ANSWERS and number > 4:
            return _ANSWERS[self.how]
        return self._request(ACTIONS[path.removeprefix("/")])

    def _declaration(self) -> tuple[int, bytes]:
        if self.how == "login for requests":
            return 404, b"{}"
        if self.how == "failing":
            return 500, b"down"
        if self.how == "garbage":
            return 200, b'{"capabilities": "all of them"}'
        if self.how == "slow":
            time.sleep(0.7)
        return 200, json.dumps({"capabilities": list(self.capabilities), "dialModes": [3]}).encode()

    def _request(self, action: int) -> tuple[int, bytes]:
        if self.how == "slow":
            time.sleep(0.3)
        with self._lock:
            if action == LOAD and self.how == "loaded by somebody":
                return 409, b'{"status": {"code": 409, "message": "it is loaded"}}'
            if action not in LAWFUL or self.state not in LAWFUL[action]:
                return 409, b'{"status": {"code": 409, "message": "not now"}}'
            self._guid += action == LOAD
            self.state = AFTER[action]
            body = self._body(action)
        if not self.silent and self.how != "silent" and self.options["send-campaigngroup-states"]:
            hostile = _HOSTILE.get(self.how) if action == START and not self._was_hostile else None
            self._was_hostile = self._was_hostile or hostile is not None
            message = hostile(body) if hostile else Message(body)
            sender = threading.Thread(target=deliver, args=(self.options["campaigngroup-states-uri"], message))
            self._senders.append(sender)
            sender.start()
        return 200, b'{"status": {"code": 0}}'

    def _body(self, action: int) -> bytes:
        message: dict[str, Any] = {
            "GSW_TENANT_NAME": "Environment",
            "GSW_TENANT_CCID": "1",
            "GSW_CAMPAIGN_GROUP_NAME": "Renewals@North",
            "GSW_CAMPAIGN_GROUP_GUID": f"guid-{self._guid}",
            "GSW_GROUP_NAME": "North",
            "GSW_CAMPAIGN_NAME": "Renewals",
            "GSW_QUEUE_NAME": "8001",
            "GSW_CAMPAIGN_GROUP_STATE": self.state,
            "GSW_CAMPAIGN_GROUP_ACTION": action,
            "GSW_CAMPAIGN_GROUP_ACTOR": 1,
            "GSW_DATE_TIME": f"{time.time():.3f}",
        }
        if self.state == AFTER[START]:
            message["GSW_DIAL_MODE"] = 3
        return json.dumps(message).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients go as they please."""
        del request, client_address


class _Handler(BaseHTTPRequestHandler):
    emitter: FakeEmitter
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.emitter.how == "no HTTP for an answer":
            self.wfile.write(b"\x16\x03\x01 not this protocol\r\n\r\n")
            self.wfile.flush()
            self.close_connection = True
            return
        status, answer = self.emitter.answer(self.command, self.path.removeprefix(BASE), body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        self.wfile.flush()

    do_GET = do_POST = do_PUT = do_DELETE = _handle  # noqa: N815 - the library's names

    def log_message(self, *_: object) -> None:
        """Keep silent."""


if __name__ == "__main__":
    with FakeEmitter(sys.argv[1]) as fake:
        sys.stdout.write(f"{fake.base}\n")
        sys.stdout.flush()
        sys.stdin.read()
