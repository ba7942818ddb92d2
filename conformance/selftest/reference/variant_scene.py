"""One scene that an emitter plays, served as its process serves it, against a receiver that takes any HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from cgstate_reference.core import build
from cgstate_reference.serving import listening
from cgstate_reference.variants.emitters import ServedParts, variants

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

BASE = "/ocs/v3/servers/1"
STALLS = 1.0
"""Seconds for which the answer to the stalled group's messages is held back."""

BURST = range(20, 40)
"""Ids of the groups that are all loaded at once."""


@dataclass
class Message:
    """A request as it came."""

    phase: str
    arrival: float
    connection: int
    head: str
    body: bytes
    reads: int
    """In how many pieces it came."""
    ended: bool = False
    """Whether the emitter had ended the connection, or its half of it, before it was answered."""

    @property
    def data(self) -> dict[str, Any]:
        found = json.loads(self.body) if self.body else {}
        assert isinstance(found, dict)
        return found

    def value(self, name: str) -> Any:  # noqa: ANN401 - JSON
        return self.data.get(f"GSW_{name}")

    @property
    def event(self) -> tuple[Any, Any]:
        """ACTION and STATE."""
        return self.value("CAMPAIGN_GROUP_ACTION"), self.value("CAMPAIGN_GROUP_STATE")

    @property
    def sample(self) -> bool:
        return any(name.startswith("GSW_STAT_") for name in self.data)

    @property
    def moment(self) -> float:
        return float(self.value("DATE_TIME"))

    def header(self, name: str) -> str | None:
        found = re.search(rf"(?im)^{name}:[ \t]*(.*?)[ \t]*\r?$", self.head)
        return found and found[1]


@dataclass
class Seen:
    """What was sent, and what the control API answered."""

    messages: list[Message] = field(default_factory=list)
    connections: int = 0
    silent: int = 0
    """Connections over which nothing came."""
    asked: dict[str, tuple[float, int, float]] = field(default_factory=dict)
    """By phase and request: when it was asked, the status, and how long the answer took."""
    declared: dict[str, Any] = field(default_factory=dict)

    def of(self, phase: str) -> list[Message]:
        return [one for one in self.messages if one.phase == phase]

    def events(self, phase: str, action: int | None = None) -> list[Message]:
        return [m for m in self.of(phase) if not m.sample and action in (None, m.event[0])]

    def samples(self, phase: str = "paced") -> list[Message]:
        return [one for one in self.of(phase) if one.sample]

    def states(self, phase: str = "life") -> list[tuple[Any, Any]]:
        return [one.event for one in self.of(phase)]


class Scene:
    """One emitter in one event loop with its own receiver."""

    def __init__(self, parts: ServedParts) -> None:
        self.parts = parts
        self.seen = Seen()
        self.phase = "life"
        self.base = ""
        self.uri = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.seen.connections += 1
        number, came = self.seen.connections, False
        line = _Line(reader)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while head := await line.until(b"\r\n\r\n"):
                came = True
                text = head.decode("latin-1")
                if re.search(r"(?im)^expect:", text):
                    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                body = await line.body(text)
                message = Message(self.phase, time.time(), number, text, body, line.reads)
                line.reads = 0
                self.seen.messages.append(message)
                if b"stalled" in body:
                    await asyncio.sleep(STALLS)
                await asyncio.sleep(0.001)
                message.ended = reader.at_eof()
                redirect = "/moved" in text.partition("\n")[0]
                status = "302 Moved\r\nLocation: /elsewhere" if redirect else "200 OK"
                writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
                if message.ended or message.header("Connection") == "close":
                    break
        self.seen.silent += not came
        writer.close()

    async def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Ask the control API over a connection of its own."""
        host, port = self.base.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        content = b"" if body is None else json.dumps(body).encode()
        writer.write(f"{method} {BASE}{path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(content)}\r\n\r\n".encode())
        writer.write(content)
        line = _Line(reader)
        head = (await line.until(b"\r\n\r\n")).decode()
        answer = await line.body(head)
        writer.close()
        return int(head.split()[1]), json.loads(answer) if answer else None

    async def do(self, number: int, request: str, mode: int | None = None, goal: int = 80) -> int:
        """Make a client's request; what is sent of it later belongs to the phase that is on then."""
        data: dict[str, Any] = {"campaignId": 1, "groupId": number}
        if mode is not None:
            data |= {"dialMode": mode, "optimizeBy": 1, "optimizeGoal": goal}
        began = time.time()
        status, _ = await self.ask("POST", f"/{request}", {"data": data})
        self.seen.asked.setdefault(f"{self.phase} {request}", (began, status, time.time() - began))
        return status

    async def options(self, phase: str, path: str = "/states?a=b", *, interval: float = 3600, on: bool = True) -> None:
        body = {
            "send-campaigngroup-states": on,
            "campaigngroup-states-uri": self.uri + path,
            "campaigngroup-states-interval": interval,
        }
        assert (await self.ask("PUT", "/conformance/options", body))[0] == 200
        self.phase = phase

    async def group(self, number: int, name: str, drain: float = 0.0) -> None:
        body = {
            "name": name,
            "groupName": "Gruppe \u00d6l",
            "campaignName": "Kampagne",
            "tenantCcid": "c",
            "dialMode": 1,
            "optimizeBy": 1,
            "optimizeGoal": 70,
            "drainSeconds": drain,
        }
        assert (await self.ask("PUT", f"/conformance/campaign-groups/1/{number}", body))[0] == 200

    async def play(self) -> Seen:
        emitter = build(self.parts)
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.uri = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        api = web.Server(self.parts.control(emitter, 1).handle, access_log=None)
        async with listening(api, "127.0.0.1", 0) as self.base:
            self.seen.declared = (await self.ask("GET", "/conformance"))[1]
            for step in (self.life, self.paced, self.stalled, self.moved, self.off):
                await step()
        await emitter.close(0)
        server.close()
        return self.seen

    async def life(self) -> None:
        await self.group(1, "Life", drain=0.4)
        await self.options("life")
        await self.do(1, "load-campaign")
        await self.do(1, "set-dialing-mode", 2)
        await self.do(1, "start-dialing", 1)
        await asyncio.sleep(1)
        for phase, mode, goal in (("same", 1, 81), ("change", 2, 80), ("other", 3, 80)):
            self.phase = phase
            await self.do(1, "set-dialing-mode", mode, goal)
            await asyncio.sleep(1)
        self.phase = "again"
        for request in ("load-campaign", "start-dialing"):
            await self.do(1, request, 1 if request == "start-dialing" else None)
            await asyncio.sleep(1)
        self.phase = "ending"
        await self.do(1, "unload-campaign")
        await asyncio.sleep(5)
        self.phase = "second life"
        await self.do(1, "load-campaign")
        await asyncio.sleep(1)
        await self.do(1, "unload-campaign")
        await asyncio.sleep(1)
        await self.by_itself()
        self.phase = "burst"
        for number in BURST:
            await self.group(number, f"Burst {number}")
        for number in BURST:
            await self.do(number, "load-campaign")
            await asyncio.sleep(0.005)
        await asyncio.sleep(1)
        for number in BURST:
            await self.ask("DELETE", f"/conformance/campaign-groups/1/{number}")

    async def by_itself(self) -> None:
        """Let a client start and stop a group, and the schedule start it again."""
        self.phase = "by itself"
        await self.group(7, "By itself")
        await self.do(7, "load-campaign")
        await self.do(7, "start-dialing", 2)
        await self.do(7, "stop-dialing")
        await asyncio.sleep(1)
        by_schedule = {"data": {"campaignId": 1, "groupId": 7}, "request": "start-dialing", "cause": "schedule"}
        await self.ask("POST", "/conformance/automatic", by_schedule)
        await asyncio.sleep(1)
        await self.ask("DELETE", "/conformance/campaign-groups/1/7")

    async def paced(self) -> None:
        await self.options("between", interval=2)
        await asyncio.sleep(0.1)
        self.phase = "paced"
        await self.group(2, "Paced", drain=8)
        await self.group(6, "Beside it")
        await self.do(2, "load-campaign")
        await asyncio.sleep(0.3)
        await self.do(6, "load-campaign")
        await asyncio.sleep(3.5)
        await self.ask("DELETE", "/conformance/campaign-groups/1/6")
        self.phase = "running"
        await self.do(2, "start-dialing", 2)
        await asyncio.sleep(8.5)
        self.phase = "draining"
        await self.do(2, "unload-campaign")
        await asyncio.sleep(10)

    async def stalled(self) -> None:
        await self.group(3, "stalled")
        await self.group(4, "Beside it")
        await self.options("stalled")
        for number in (3, 4):
            await self.do(number, "load-campaign")
        await asyncio.sleep(3)

    async def moved(self) -> None:
        await self.group(5, "Moved")
        await self.options("moved", "/moved")
        await self.do(5, "load-campaign")
        await asyncio.sleep(1)

    async def off(self) -> None:
        await self.options("before", "/states")
        await self.do(5, "start-dialing", 2)
        await self.options("off", on=False)
        await asyncio.sleep(1)


class _Line:
    """Reads requests from a connection, and counts in how many pieces they come."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._buffer = b""
        self.reads = 0

    async def _more(self) -> None:
        data = await self._reader.read(65536)
        if not data:
            raise asyncio.IncompleteReadError(self._buffer, None)
        self.reads += 1
        self._buffer += data

    async def until(self, mark: bytes) -> bytes:
        while mark not in self._buffer:
            await self._more()
        found, _, self._buffer = self._buffer.partition(mark)
        return found + mark

    async def exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            await self._more()
        found, self._buffer = self._buffer[:size], self._buffer[size:]
        return found

    async def body(self, head: str) -> bytes:
        if re.search(r"(?im)^transfer-encoding:\s*chunked", head):
            return b"".join([chunk async for chunk in self._chunks()])
        length = re.search(r"(?im)^content-length:\s*(\d+)", head)
        return await self.exactly(int(length[1])) if length else b""

    async def _chunks(self) -> AsyncIterator[bytes]:
        while size := int((await self.until(b"\r\n")).partition(b";")[0], 16):
            yield await self.exactly(size)
            await self.until(b"\r\n")
        while await self.until(b"\r\n") != b"\r\n":
            pass


async def play(name: str) -> Seen:
    """Let the variant of that name play; an empty name is the reference emitter as it is."""
    return await Scene(variants()[name].parts() if name else ServedParts()).play()
