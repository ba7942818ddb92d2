"""One scene for every right receiver: what is sent byte by byte, and what comes back, in time that does not pass."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

from cgstate_reference.serving import listening
from cgstate_reference.store_sqlite import SqliteStore
from cgstate_reference.taking import PATH, Parts, build
from cgstate_reference.variants.receivers import variants
from selftest.receiver.conftest import make_message

IDLE = 0.1
"""Seconds after an answer for which the end of its connection is awaited."""
MANY = 12


@dataclass
class Answer:
    """What came after one request."""

    heads: list[str] = field(default_factory=list)
    """Those of interim answers, then that of the final one; empty: the connection ended instead."""
    body: bytes = b""
    reads: int = 0
    took: float = 0.0
    ended_after: float | None = None
    """Seconds from the answer to the end of the connection; None: it was still there after a while."""

    @property
    def status(self) -> int:
        return int(self.heads[-1].split()[1]) if self.heads else 0

    def says(self, name: str) -> str | None:
        found = re.search(rf"(?im)^{name}:[ \t]*(.*?)[ \t]*\r?$", self.heads[-1])
        return found and found[1]


@dataclass
class Seen:
    """All answers by step, and what was read back."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    stored: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    raw: dict[str, bytes] = field(default_factory=dict)
    nothing: int = 0
    """The status of what was read back last, where nothing is stored."""


class Client:
    """One connection to the receiver, and another when it has ended."""

    def __init__(self, base: str) -> None:
        host, port = base.removeprefix("http://").split(":")
        self._address = (host, int(port))
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def exchange(self, request: bytes, *, shut_down: bool = False, linger: bool = True) -> Answer:
        """Send a request, read its answer, and look whether the connection ends after it."""
        if self._reader is None or self._writer is None or self._reader.at_eof():
            self.close()
            self._reader, self._writer = await asyncio.open_connection(*self._address)
        answer, began = Answer(), time.time()
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            self._writer.write(request)
            if shut_down:
                self._writer.write_eof()
            await self._read(self._reader, answer)
        answer.took = time.time() - began
        if linger:
            await self._await_end(self._reader, answer)
        if answer.heads and answer.says("Connection") == "close":
            self.close()
        return answer

    async def _read(self, reader: asyncio.StreamReader, answer: Answer) -> None:
        buffer = b""
        while not answer.heads or answer.status < 200:
            while b"\r\n\r\n" not in buffer:
                buffer += await self._more(reader, answer)
            head, _, buffer = buffer.partition(b"\r\n\r\n")
            answer.heads.append(head.decode("latin-1") + "\r\n")
        if answer.says("Transfer-Encoding"):
            while (body := _chunks(buffer)) is None:
                buffer += await self._more(reader, answer)
            answer.body = body
        elif (length := answer.says("Content-Length")) is not None:
            while len(buffer) < int(length):
                buffer += await self._more(reader, answer)
            answer.body = buffer
        elif answer.status != 204:
            answer.body = buffer + await reader.read()

    async def _more(self, reader: asyncio.StreamReader, answer: Answer) -> bytes:
        data = await reader.read(65536)
        if not data:
            raise asyncio.IncompleteReadError(data, None)
        answer.reads += 1
        return data

    async def _await_end(self, reader: asyncio.StreamReader, answer: Answer) -> None:
        began = time.time()
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(IDLE if answer.heads and "lose" not in answer.heads[-1] else 1):
                await reader.read(1)
                answer.ended_after = time.time() - began

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


def _chunks(buffer: bytes) -> bytes | None:
    """Return the body that comes in chunks; None: it is not whole yet."""
    body, at = b"", 0
    while (end := buffer.find(b"\r\n", at)) >= 0:
        size = int(buffer[at:end].partition(b";")[0], 16)
        if not size:
            return body if buffer.endswith(b"\r\n\r\n") else None
        body += buffer[end + 2 : end + 2 + size]
        at = end + 4 + size
    return None


def post(body: bytes, content_type: str = "application/json", length: int | None = None) -> bytes:
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\n"
    return f"{head}Content-Length: {len(body) if length is None else length}\r\n\r\n".encode() + body


def message(guid: str, number: int = 0, **changes: object) -> bytes:
    return json.dumps(make_message(guid, DATE_TIME=f"{number}.000", **changes)).encode()


class Scene:
    """One receiver in one event loop."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.seen = Seen()
        self.base = ""

    async def play(self) -> Seen:
        store = SqliteStore(None)
        receiver = build(self.parts, store)
        async with listening(receiver.server(), "127.0.0.1", 0) as self.base:
            await self.step("life", [post(message("life", number)) for number in range(MANY)])
            await self.read_back("at once", "life")
            wrong = message("wrong", CAMPAIGN_GROUP_STATE=9)
            await self.step("refused", [post(wrong) for _ in range(MANY)])
            large = message("large", MORE="x" * 2_000_000)
            await self.step("large", [post(large)])
            await self.step("cut", [post(wrong[:20], length=100)], shut_down=True)
            await self.step("impossible", [post(message("odd", CAMPAIGN_GROUP_STATE=0, CAMPAIGN_GROUP_ACTION=7))])
            await self.step("doubled", [post(message("twice")[:-1] + b', "GSW_GROUP_NAME": "another"}')])
            await self.step("text", [post(message("text"), "text/plain")])
            await self.side_by_side()
            await asyncio.sleep(5)
            for guid in ("life", "shared"):
                await self.read_back(guid, guid)
            await self.read_back("nobody", "nobody")
        await store.close()
        return self.seen

    async def step(self, name: str, requests: list[bytes], *, shut_down: bool = False) -> None:
        client = Client(self.base)
        self.seen.answers[name] = [await client.exchange(request, shut_down=shut_down) for request in requests]
        client.close()

    async def side_by_side(self) -> None:
        """Send messages of one group over three connections, and a few of them at once."""
        clients = [Client(self.base) for _ in range(3)]
        for turn in range(4):
            requests = [post(message("shared", 10 * turn + lane, QUEUE_NAME=str(lane))) for lane in range(3)]
            answers = await asyncio.gather(
                *(client.exchange(request, linger=False) for client, request in zip(clients, requests, strict=True))
            )
            self.seen.answers.setdefault("side by side", []).extend(answers)
        for client in clients:
            client.close()

    def _get(self, guid: str) -> bytes:
        return f"GET {PATH}/{guid} HTTP/1.1\r\nHost: x\r\n\r\n".encode()

    async def read_back(self, name: str, guid: str) -> None:
        client = Client(self.base)
        answer = await client.exchange(self._get(guid))
        client.close()
        self.seen.nothing = answer.status
        self.seen.raw[name] = answer.body
        self.seen.stored[name] = json.loads(answer.body) if answer.status == 200 else []


async def play(name: str) -> Seen:
    """Let the variant of that name play; an empty name is the reference receiver as it is."""
    return await Scene(variants()[name].parts() if name else Parts()).play()
