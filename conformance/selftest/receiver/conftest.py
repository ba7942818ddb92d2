"""The reference receiver as its users meet it: a process, and a client that speaks to it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import select
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest

import cgstate
import cgstate_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PATIENCE = 30.0
JSON = {"Content-Type": "application/json"}
RECEIVER = (sys.executable, "-m", "cgstate_reference.receiver")


@dataclass
class Door:
    """A client of a receiver that listens at `uri`: one connection, kept while the receiver keeps it."""

    uri: str
    connection: http.client.HTTPConnection = field(init=False)
    path: str = field(init=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.uri)
        self.path = parts.path
        self.connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=PATIENCE)

    def call(
        self,
        method: str,
        path: str,
        body: bytes | Iterator[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Mapping[str, str], bytes]:
        self.connection.request(method, path, body, dict(headers or {}))
        response = self.connection.getresponse()
        return response.status, dict(response.headers.items()), response.read()

    def post(self, body: object, headers: Mapping[str, str] = JSON) -> tuple[int, bytes]:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        status, _, answer = self.call("POST", self.path, sent, headers)
        return status, answer

    def stored(self, guid: str) -> list[Any]:
        """What is stored under a GUID, numbers with a fraction as they stand there."""
        quoted = quote(guid.encode("utf-8", "surrogatepass"), safe="")
        status, _, answer = self.call("GET", f"{self.path}/{quoted}")
        assert status == 200, answer
        found = json.loads(answer, parse_float=lambda text: f"number {text}")
        assert isinstance(found, list)
        return found

    def close(self) -> None:
        self.connection.close()


@dataclass
class Running(Door):
    """A receiver that is a process of its own."""

    process: subprocess.Popen[bytes]
    read_back: str

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Its exit status and what it said at the end."""
        assert self.process.stdout is not None
        self.process.send_signal(number)
        return self.process.wait(PATIENCE), self.process.stdout.read().decode()


def environment() -> dict[str, str]:
    homes = [str(Path(str(package.__file__)).parent.parent) for package in (cgstate_reference, cgstate)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(homes)}


@contextlib.contextmanager
def started(*arguments: str, command: tuple[str, ...] = (*RECEIVER, "--exit-with-stdin")) -> Iterator[Running]:
    process = subprocess.Popen(
        [*command, *arguments], env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        assert select.select([process.stdout], [], [], PATIENCE)[0], "the receiver said nothing"
        lines = [process.stdout.readline().decode().strip() for _ in range(2)]
        running = Running(lines[0].removeprefix("listening on "), process, lines[1].removeprefix("read back at "))
        yield running
        running.close()
    finally:
        process.stdin.close()
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
            process.stderr.close()


@pytest.fixture
def start() -> Callable[..., contextlib.AbstractContextManager[Running]]:
    """Start a process of one's own, with these arguments."""
    return started


@pytest.fixture(scope="session")
def _receiver_process() -> Iterator[Running]:
    with started() as running:
        yield running


@pytest.fixture
def receiver(_receiver_process: Running) -> Iterator[Door]:
    """A connection of one's own to the one right receiver of all tests, where GUIDs keep them apart."""
    door = Door(_receiver_process.uri)
    yield door
    door.close()


@pytest.fixture
def message(request: pytest.FixtureRequest) -> Callable[..., dict[str, Any]]:
    """Make a legal message of a Campaign Group of the test's own; ... takes an attribute away."""

    def make(**changes: object) -> dict[str, Any]:
        return make_message(request.node.nodeid, **changes)

    return make


def make_message(guid: str, **changes: object) -> dict[str, Any]:
    plain: dict[str, object] = {
        "GSW_TENANT_NAME": "Resources",
        "GSW_TENANT_CCID": "17a5b3c2",
        "GSW_CAMPAIGN_GROUP_NAME": "Spring@Sales",
        "GSW_CAMPAIGN_GROUP_GUID": guid,
        "GSW_GROUP_NAME": "Sales",
        "GSW_CAMPAIGN_NAME": "Spring",
        "GSW_CAMPAIGN_TEMPLATE_NAME": "Seasonal",
        "GSW_QUEUE_NAME": "8000@switch",
        "GSW_CAMPAIGN_GROUP_STATE": 5,
        "GSW_CAMPAIGN_GROUP_ACTION": 9,
        "GSW_CAMPAIGN_GROUP_ACTOR": 1,
        "GSW_DATE_TIME": "1527516447.250",
    }
    changed = {f"GSW_{name}": value for name, value in changes.items()}
    return {name: value for name, value in {**plain, **changed}.items() if value is not ...}
