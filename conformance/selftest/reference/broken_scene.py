"""One scene that every emitter plays against a receiver of its own."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from typing import TYPE_CHECKING, Any

from cgstate_reference.broken.emitters import deviations
from cgstate_reference.codes import Action, Cause
from cgstate_reference.core import Emitter, Parts, build
from cgstate_reference.group import Dialing, DialingRequest, GroupConfiguration
from cgstate_reference.life_cycle import NotPossible
from cgstate_reference.options import INTERVAL as INTERVAL_OPTION
from cgstate_reference.options import URI, Options
from selftest.reference.broken_acts import act
from selftest.reference.broken_seen import Message, Seen

if TYPE_CHECKING:
    from collections.abc import Mapping

INTERVAL = 0.4
NOTHING = DialingRequest()
OK = 200
FAILURES: Mapping[str, int | None] = {
    "failure": 500,
    "busy": 503,
    "reset": None,
    "created": 201,
    "throttled": 429,
    "down": 500,
}
"""By phase, what a start is answered with, or whatever comes while it is down; None: the connection is reset."""


async def _head(reader: asyncio.StreamReader) -> bytes:
    """Read the lines before a body, however they end; nothing where the connection is over."""
    head = line = await reader.readline()
    while line.strip():
        line = await reader.readline()
        head += line
    return head


class Scene:
    """One emitter in one event loop with its own receiver; the group's name says which phase it belongs to."""

    def __init__(self, parts: Parts) -> None:
        self.emitter: Emitter = build(parts)
        self.seen = Seen()
        self.stalled = asyncio.Event()
        self.phase = "off"
        self.number = 0
        self.port = 0
        self.connections: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.append(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while head := await _head(reader):
                length = re.search(rb"(?i)content-length: (\d+)", head)
                kind = re.search(rb"(?i)content-type: ([^\r\n]*)", head)
                if length is None or kind is None:
                    break  # what a body has more than its head says
                method, target = head.decode().split()[:2]
                body = await reader.readexactly(int(length[1]))
                came = Message(self.phase, time.time(), method, target, kind[1].decode(), body, head)
                self.seen.messages.append(came)
                if self.phase == "stall":
                    await self.stalled.wait()
                if self.phase == "interval" and b"GSW_STAT" in body:
                    await asyncio.sleep(0.2)
                status = FAILURES.get(self.phase, OK) if b'ACTION":9' in body or self.phase == "down" else OK
                if status is None:
                    writer.transport.abort()
                writer.write(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % (status or OK))
        writer.close()

    async def listen(self) -> None:
        """Open the port, the same as before."""
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Close the port and all connections."""
        self.server.close()
        for connection in self.connections:
            connection.transport.abort()
        self.connections.clear()
        await asyncio.sleep(0)

    async def ask(
        self, key: tuple[int, int], action: Action, asked: DialingRequest = NOTHING, cause: Cause = Cause.CLIENT
    ) -> None:
        began = time.time()
        with contextlib.suppress(NotPossible):
            await self.emitter.request(key, action, asked, cause)
        took = time.time() - began
        self.seen.took[self.phase] = max(took, self.seen.took.get(self.phase, 0.0))

    async def lead(self, key: tuple[int, int], *actions: Action) -> None:
        """Ask for one after the other, each when the one before is reported."""
        for action in actions:
            await self.ask(key, action)
            await asyncio.sleep(0.15)

    def group(self, **fields: object) -> tuple[int, int]:
        self.number += 1
        base: dict[str, Any] = {
            "campaign_id": 1,
            "group_id": self.number,
            "name": f"Group{self.number}",
            "group_name": "Agents",
            "campaign_name": "Kampagne Öl",
            "campaign_template_name": None,
            "queue_name": "q" * 100,
            "tenant_name": None,
            "tenant_ccid": "ccid",
            "dialing": Dialing(2, 1, 80),
        }
        configuration = GroupConfiguration(**{**base, **fields})
        self.emitter.configure(configuration)
        return configuration.key

    async def enter(self, phase: str, options: Options) -> None:
        """Change the options, let what is on its way arrive, and begin a phase."""
        self.emitter.set_options(options)
        await asyncio.sleep(0.15)
        self.phase = phase

    def clear(self) -> None:
        """Take all groups away, of which nothing more is to come."""
        for key in list(self.emitter.groups):
            self.emitter.delete(key)

    async def play(self) -> Seen:
        await self.listen()
        uri = f"http://127.0.0.1:{self.port}/states?key=1%2C2"
        on = Options(enabled=True, uri=uri, interval=3600)
        self.emitter.set_options(self.emitter.read_options({URI: uri, INTERVAL_OPTION: 3600}))
        await self.ask(self.group(), Action.LOAD)
        await self.enter("life", on)
        await self.life()
        await asyncio.sleep(0.15)
        await self.enter("varied", on)
        await self.varied()
        await self.enter("failure", on)
        await self.lead(self.group(), Action.LOAD, Action.START, Action.STOP)
        await asyncio.sleep(0.15)
        await self.enter("stall", on)
        await self.stall()
        await asyncio.sleep(0.15)
        self.clear()
        await self.enter("interval", Options(enabled=True, uri=uri, interval=INTERVAL))
        key, loaded = self.group(name="Paced"), self.group(name="Loaded")
        await self.ask(key, Action.LOAD)
        await self.ask(key, Action.START, DialingRequest(1, 1, 80))
        await self.ask(loaded, Action.LOAD)
        await asyncio.sleep(4.2 * INTERVAL)
        await self.enter("changed", Options(enabled=True, uri=uri, interval=INTERVAL / 4))
        await self.ask(key, Action.SET_DIALING_MODE, DialingRequest(2))
        await asyncio.sleep(INTERVAL)
        await self.enter("unloaded", Options(enabled=True, uri=uri, interval=INTERVAL / 4))
        await self.ask(key, Action.UNLOAD)
        await asyncio.sleep(INTERVAL)
        await self.enter("zero", Options(enabled=True, uri=uri, interval=0))
        await asyncio.sleep(0.6)
        await self.enter("elsewhere", Options(enabled=True, uri=uri.replace("states", "other"), interval=3600))
        await self.ask(loaded, Action.START)
        await asyncio.sleep(0.15)
        await self.lead(loaded, Action.STOP)
        await self.enter("samples elsewhere", Options(True, uri.replace("states", "other"), INTERVAL))
        await asyncio.sleep(2 * INTERVAL)
        await act(self, on)
        await self.enter("on again", on)
        again = self.group(name="Loaded")
        await self.lead(again, Action.LOAD, Action.START)
        await self.enter("off again", Options(enabled=False, uri=uri, interval=3600))
        await self.ask(again, Action.STOP)
        await asyncio.sleep(0.15)
        await self.enter("on for good", on)
        await self.lead(again, Action.START)
        await self.emitter.close(0)
        await self.close()
        return self.seen

    async def life(self) -> None:
        first, second = self.group(), self.group(campaign_name=None, drain_seconds=0.1)
        for action in (Action.LOAD, Action.START, Action.START, Action.STOP):
            await self.ask(first, action, DialingRequest(4) if action is Action.START else NOTHING)
            await self.ask(second, action)
        await self.ask(first, Action.START, cause=Cause.SCHEDULE)
        await self.ask(first, Action.SET_DIALING_MODE, DialingRequest(1, 1, 83))
        await self.ask(second, Action.START)
        await self.ask(first, Action.UNLOAD, cause=Cause.CONDITION)
        await self.ask(second, Action.UNLOAD)
        await asyncio.sleep(0.15)

    async def varied(self) -> None:
        """Play a life with names and dialing that few programs get wrong in the same way as the usual ones."""
        odd = self.group(
            campaign_name="Ж" * 255,
            campaign_template_name="Vorlage",
            queue_name='say "hello" ' + "😀" * 8,
            tenant_name="Mandant",
        )
        await self.ask(odd, Action.LOAD)
        await self.ask(odd, Action.START, DialingRequest(10, 0, 0))
        await self.ask(odd, Action.UNLOAD)
        await asyncio.sleep(0.15)

    async def stall(self) -> None:
        key = self.group()

        async def release() -> None:
            await asyncio.sleep(0.5)
            self.stalled.set()

        releasing = asyncio.create_task(release())
        await self.lead(key, Action.LOAD)
        for action in (Action.START, Action.STOP):
            await self.ask(key, action)
        await releasing


async def play_all() -> dict[str, Seen]:
    scenes = {"right": Scene(Parts())} | {name: Scene(each.parts()) for name, each in deviations().items()}
    played = await asyncio.gather(*(scene.play() for scene in scenes.values()))
    return dict(zip(scenes, played, strict=True))
