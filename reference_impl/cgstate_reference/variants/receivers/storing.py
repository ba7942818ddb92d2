"""Otherwise in what is stored: when it shows, in which form, and with what beside it."""

import asyncio
import json
from collections import defaultdict
from contextvars import ContextVar
from dataclasses import replace

from aiohttp import web

from cgstate_reference.checking import Message, written
from cgstate_reference.store import Notification, Store
from cgstate_reference.taking import Archive, Receiver
from cgstate_reference.variants.chance import CHANCE
from cgstate_reference.variants.receivers import variant

STORES_WITHIN = 2.0
"""Seconds."""
_OPTIONAL = ("GSW_CAMPAIGN_NAME", "GSW_CAMPAIGN_TEMPLATE_NAME", "GSW_DIAL_MODE", "GSW_STAT_HIT_RATIO")
_CONNECTION: ContextVar[int] = ContextVar("connection")


class _Accepts(Receiver):
    """Answers 202: it has taken the notification and not stored it yet."""

    success = 202


class StoresLater(Archive):
    """Answers 202 and stores up to two seconds later."""

    def __init__(self, store: Store) -> None:
        """Begin with nothing to store."""
        super().__init__(store)
        self._last: dict[str, asyncio.Task[None]] = {}

    async def keep(self, notification: Notification) -> None:
        """Store it some time later, though not before the one before it of the same group."""
        guid = str(notification.guid)
        storing = self._store(self._last.get(guid), CHANCE.uniform(0, STORES_WITHIN), notification)
        self._last[guid] = asyncio.get_running_loop().create_task(storing)

    async def _store(self, before: asyncio.Task[None] | None, seconds: float, notification: Notification) -> None:
        await asyncio.sleep(seconds)
        if before is not None:
            await asyncio.wait([before])
        await super().keep(notification)


variant("stores-later", _Accepts)(StoresLater)


class AddsFields(Archive):
    """Adds fields of its own to what it stores, and null for what is absent."""

    async def keep(self, notification: Notification) -> None:
        """Store it with more."""
        message: Message = {
            "_id": f"{CHANCE.getrandbits(64):x}",
            "received": {"at": "2026-01-01T00:00:00Z", "by": ["node", 1]},
            **notification.message,
            **{name: None for name in _OPTIONAL if name not in notification.message},
            "version": 1,
        }
        await super().keep(replace(notification, body=written(message)))


variant("adds-fields")(AddsFields)


@variant("writes-otherwise")
class WritesOtherwise(Archive):
    """Stores the same values in another order, with other escapes and other white space."""

    async def keep(self, notification: Notification) -> None:
        """Store it written otherwise."""
        pairs = sorted(notification.message.items(), key=lambda _: CHANCE.random())
        made = b" ,\n".join(json.dumps(name).encode() + b" :\t" + written(value) for name, value in pairs)
        await super().keep(replace(notification, body=b"{ " + made + b" }"))


class _KnowsConnections(Receiver):
    """Remembers over which connection a notification comes."""

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        _CONNECTION.set(id(request.transport))
        await super().take(request, body)


@variant("any-order", _KnowsConnections)
class AnyOrder(Archive):
    """Reads messages of several connections back in another order each time, those of one in theirs."""

    def __init__(self, store: Store) -> None:
        """Begin with nothing."""
        super().__init__(store)
        self._lanes: defaultdict[str, defaultdict[int, list[bytes]]] = defaultdict(lambda: defaultdict(list))

    async def keep(self, notification: Notification) -> None:
        """Store it, and remember where it came from."""
        await super().keep(notification)
        self._lanes[str(notification.guid)][_CONNECTION.get()].append(notification.body)

    async def kept(self, guid: str) -> list[bytes]:
        """Return the messages, shuffled as far as may be."""
        lanes = dict(self._lanes.get(guid, {}))
        turns = [lane for lane, bodies in lanes.items() for _ in bodies]
        CHANCE.shuffle(turns)
        left = {lane: iter(bodies) for lane, bodies in lanes.items()}
        return [next(left[lane]) for lane in turns]


@variant("nothing-is-404")
class NothingIs404(Receiver):
    """Answers 404 where nothing is stored, and takes its time to say what is."""

    async def read_back(self, quoted: str) -> web.StreamResponse:
        """Answer, or say that there is nothing."""
        await asyncio.sleep(CHANCE.uniform(0, 0.02))
        response = await super().read_back(quoted)
        empty = isinstance(response, web.Response) and response.body == b"[]"
        return web.Response(status=404) if empty else response
