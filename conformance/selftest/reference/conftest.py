"""A capture of our own, on raw sockets, and the emitter's process: nothing of the suite is trusted here."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import select
import socket
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedReader

IMPLEMENTATION = Path(__file__).resolve().parents[3] / "reference_impl"
PATIENCE = 8.0
DONE = frozenset({200, 201, 204})


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    raw: bytes
    arrival: float
    connection: int

    @property
    def data(self) -> dict[str, Any]:
        parsed = json.loads(self.raw)
        assert isinstance(parsed, dict)
        return parsed

    @property
    def name(self) -> str:
        return str(self.data["GSW_CAMPAIGN_GROUP_NAME"])


@dataclass
class Capture:
    """A receiver; `answer` says for each request what happens: a status, `reset`, `close-after` or `stall`."""

    answer: Callable[[Received], str] = field(default=lambda _: "200")
    received: list[Received] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _closing: bool = False
    _closed: int = 0

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port}/states"

    def of(self, name: str) -> list[Received]:
        return [one for one in list(self.received) if one.name == name]

    def wait(self, number: int, name: str | None = None) -> list[Received]:
        """Wait until `number` requests are there (of the group of that name) and return them all."""
        return self.until(lambda seen: len(seen) >= number, name)

    def wait_for(self, action: int, state: int, name: str) -> list[Received]:
        """Wait for a notification of that group with that action and state and return all of the group."""
        wanted = (action, state)
        keys = ("GSW_CAMPAIGN_GROUP_ACTION", "GSW_CAMPAIGN_GROUP_STATE")
        return self.until(lambda seen: any(tuple(one.data[key] for key in keys) == wanted for one in seen), name)

    def until(self, enough: Callable[[list[Received]], bool], name: str | None = None) -> list[Received]:
        """Wait until what was received (of the group of that name) is enough, and return it."""

        def seen() -> list[Received]:
            return list(self.received) if name is None else self.of(name)

        with self._changed:
            assert self._changed.wait_for(lambda: enough(seen()), PATIENCE), (
                f"{len(seen())} notifications came: {[one.raw for one in seen()]}"
            )
        return seen()

    def wait_closed(self, number: int) -> None:
        """Wait until the emitter has closed `number` connections that were closed after an answer."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._closed >= number, PATIENCE), f"{self._closed} of {number}"

    def open(self) -> None:
        self._closing = False
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=128)
        self.port = self._listener.getsockname()[1]
        self._connections: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        self._closing = True
        self.released.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)
        self._listener.close()

    def _accept(self) -> None:
        for number in count(1):
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connections.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection, number))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with connection, connection.makefile("rb") as stream, contextlib.suppress(OSError):
            while line := stream.readline():
                arrival = time.time()
                method, target, _ = line.decode().split()
                headers = http.client.parse_headers(stream)
                raw = _body(stream, headers)
                one = Received(method, target, dict(headers.items()), raw, arrival, number)
                with self._changed:
                    self.received.append(one)
                    self._changed.notify_all()
                how = self.answer(one)
                if not self._reply(connection, how):
                    if how == "close-after":
                        self._await_end(connection, stream)
                    return

    def _await_end(self, connection: socket.socket, stream: BufferedReader) -> None:
        """End one's own half of the connection, and see the emitter end the other."""
        connection.shutdown(socket.SHUT_WR)
        stream.read()
        with self._changed:
            self._closed += 1
            self._changed.notify_all()

    def _reply(self, connection: socket.socket, how: str) -> bool:
        if how == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if how == "stall":
            self.released.wait(PATIENCE)
            how = "200"
        status = "200" if how == "close-after" else how
        location = "Location: /elsewhere\r\n" if status.startswith("3") else ""
        connection.sendall(f"HTTP/1.1 {status} X\r\n{location}Content-Length: 2\r\n\r\nok".encode())
        return how != "close-after"


def _body(stream: BufferedReader, headers: http.client.HTTPMessage) -> bytes:
    if headers.get("Transfer-Encoding") != "chunked":
        return stream.read(int(headers.get("Content-Length", "0")))
    pieces = []
    while size := int(stream.readline(), 16):
        pieces.append(stream.read(size))
        stream.readline()
    stream.readline()
    return b"".join(pieces)


@dataclass
class Control:
    """A client of the control API."""

    base: str
    process: subprocess.Popen[bytes]
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _paths: list[str] = field(default_factory=list)

    def clear(self) -> None:
        while self._paths:
            assert self.call("DELETE", self._paths.pop())[0] == 204

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        parts = urlsplit(self.base)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port or 0, timeout=PATIENCE)
        try:
            sent = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
            connection.request(method, parts.path + path, sent)
            response = connection.getresponse()
            answer = response.read()
            return response.status, json.loads(answer) if answer else None
        finally:
            connection.close()

    def options(self, uri: str | None, *, enabled: bool = True, interval: float = 3600) -> None:
        body: dict[str, object] = {"send-campaigngroup-states": enabled, "campaigngroup-states-interval": interval}
        if uri is not None:
            body["campaigngroup-states-uri"] = uri
        assert self.call("PUT", "/conformance/options", body)[0] in DONE

    def group(self, **fields: object) -> Group:
        number = next(self._numbers)
        body = {"name": f"Campaign@Group{number}", "groupName": "Group", "tenantCcid": "ccid", "dialMode": 2, **fields}
        path = f"/conformance/campaign-groups/{number}/{number}"
        assert self.call("PUT", path, body)[0] in DONE
        self._paths.append(path)
        return Group(self, number, str(body["name"]), path)


@dataclass
class Group:
    """A Campaign Group of the emitter under test."""

    control: Control
    number: int
    name: str
    path: str

    def ask(self, request: str, **dialing: int) -> int:
        data = {"campaignId": self.number, "groupId": self.number, **dialing}
        return self.control.call("POST", f"/{request}", {"data": data})[0]

    def automatic(self, request: str, cause: str) -> int:
        data = {"campaignId": self.number, "groupId": self.number}
        body = {"data": data, "request": request, "cause": cause}
        return self.control.call("POST", "/conformance/automatic", body)[0]

    def drain(self, capture: Capture) -> None:
        """Load, start and unload it, and await the end of the unload: `drainSeconds` by the emitter's own clock."""
        for request in ("load-campaign", "start-dialing", "unload-campaign"):
            assert self.ask(request) == HTTPStatus.OK
        capture.wait_for(8, 0, self.name)

    def until_unloaded(self) -> None:
        """Ask for its state until it is not loaded: what cannot be told from a notification while none is sent."""
        ends = time.monotonic() + PATIENCE
        while self.state:
            assert time.monotonic() < ends, f"{self.name} is still in state {self.state}"

    @property
    def state(self) -> int:
        return int(self.control.call("GET", self.path)[1]["state"])


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(IMPLEMENTATION)}


@pytest.fixture(scope="session")
def emitter_environment() -> dict[str, str]:
    return environment()


@contextlib.contextmanager
def started(*arguments: str, stderr: int | None = None) -> Iterator[Control]:
    process = subprocess.Popen(
        [sys.executable, "-m", "cgstate_reference.emitter", "--exit-with-stdin", *arguments],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert select.select([process.stdout], [], [], PATIENCE)[0], "the emitter said nothing"
        yield Control(process.stdout.readline().decode().strip(), process)
    finally:
        process.stdin.close()
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
            if process.stderr is not None:
                process.stderr.close()


@pytest.fixture(scope="session")
def emitter_process() -> Iterator[Control]:
    with started(stderr=subprocess.DEVNULL) as control:
        yield control


@pytest.fixture
def emitter(emitter_process: Control) -> Iterator[Control]:
    """The one process of all tests; a test sets the options it needs, and its groups are taken away after it."""
    yield emitter_process
    emitter_process.clear()


@pytest.fixture
def start() -> Callable[..., contextlib.AbstractContextManager[Control]]:
    """Start a process of one's own, with these arguments."""
    return started


def opened() -> Iterator[Capture]:
    one = Capture()
    one.open()
    yield one
    one.close()


@pytest.fixture
def capture() -> Iterator[Capture]:
    yield from opened()


@pytest.fixture
def other_capture() -> Iterator[Capture]:
    """A second receiver."""
    yield from opened()
