"""Wrong about how messages come: over which connections, how many, how fast, and after what."""

import asyncio
import time
from collections import deque
from weakref import WeakKeyDictionary, WeakSet

from aiohttp import hdrs, web

from cgstate_reference.broken.receivers import deviation
from cgstate_reference.checking import Checker, Unreadable
from cgstate_reference.store import StoreTrouble
from cgstate_reference.taking import Archive, Receiver, problem


@deviation("chunked-refused", primary="accepts.chunked", shows="a message with chunked transfer coding is refused")
class ChunkedRefused(Receiver):
    """Refuses a body without a Content-Length."""

    async def post(self, request: web.BaseRequest) -> web.StreamResponse:
        """Demand a length."""
        if hdrs.CONTENT_LENGTH not in request.headers:
            return problem(411, "a Content-Length is needed")
        return await super().post(request)


@deviation(
    "second-connection-refused",
    primary="accepts.connections",
    shows="now and then a message is answered by 503",
    consequences={"accepts.flood": "a flood comes over several connections at once"},
)
class SecondConnectionRefused(Receiver):
    """Answers 503 to a message that comes while another connection's is being answered."""

    _busy: object = None

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Take it, if nothing else is being taken."""
        if self._busy is not None:
            raise StoreTrouble("busy")
        self._busy = request
        try:
            # As long as a slow receiver takes: another message must be able to come meanwhile.
            await asyncio.sleep(0.003)
            await super().take(request, body)
        finally:
            self._busy = None


@deviation(
    "fifth-connection-refused",
    primary="accepts.connections",
    shows="now and then a message is answered by 503",
    consequences={"accepts.flood": "a flood comes over several connections at once"},
)
class FifthConnectionRefused(Receiver):
    """Answers 503 to what comes over a fifth connection while four are open."""

    most = 4

    def __init__(self, checker: Checker, archive: Archive) -> None:
        """Begin with no connection."""
        super().__init__(checker, archive)
        self._open: WeakSet[asyncio.Transport] = WeakSet()

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Take it, if its connection is one of four."""
        if request.transport is not None:
            self._open = WeakSet(one for one in self._open if not one.is_closing())
            if len(self._open) < self.most:
                self._open.add(request.transport)
            if request.transport not in self._open:
                raise StoreTrouble("too many connections")
        await super().take(request, body)


@deviation(
    "kept-connection-refused",
    primary="accepts.kept-alive",
    shows="over a connection that has served others, no message is taken any more",
    consequences={"accepts.flood": "a flood sends many messages over each of its connections"},
)
class KeptConnectionRefused(Receiver):
    """Answers 503 to what comes after the sixtieth request of a connection."""

    most = 60

    def __init__(self, checker: Checker, archive: Archive) -> None:
        """Begin with no connection."""
        super().__init__(checker, archive)
        self._requests: WeakKeyDictionary[asyncio.Transport, int] = WeakKeyDictionary()

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Count."""
        if request.transport is not None:
            self._requests[request.transport] = number = self._requests.get(request.transport, 0) + 1
            if number > self.most:
                raise StoreTrouble("too many requests")
        await super().take(request, body)


class _Stumbling(Receiver):
    """Answers 503 to the next message after something has made it stumble."""

    _stumbled = False

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Take it, if nothing has happened before."""
        if self._stumbled:
            self._stumbled = False
            raise StoreTrouble("something went wrong before")
        await super().take(request, body)


@deviation(
    "drop-remembered",
    primary="accepts.after-dropped",
    shows="a message after a connection that was dropped is answered by 503",
    consequences={"accepts.after-fault": "a body that is cut short ends its connection too"},
)
class DropRemembered(_Stumbling):
    """Answers 503 to the message after a connection that ended in the middle of a request."""

    async def body(self, request: web.BaseRequest) -> bytes:
        """Notice that the connection has ended."""
        try:
            return await super().body(request)
        except Unreadable:
            self._stumbled = True
            raise


@deviation(
    "full-at-five-thousand",
    primary="accepts.flood",
    shows="from a message in a flood on, no message is taken any more",
    consequences={"accepts.after-fault": "it is full for good"},
)
class FullAtFiveThousand(Receiver):
    """Answers 503 after five thousand messages."""

    most = 5000
    _number = 0

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Count."""
        self._number += 1
        if self._number > self.most:
            raise StoreTrouble("the store is full")
        await super().take(request, body)


@deviation(
    "rate-limited",
    primary="accepts.flood",
    shows="from a message in a flood on, no message is taken any more: the first is refused",
    consequences={"accepts.after-fault": "the ten seconds may not be over"},
)
class RateLimited(Receiver):
    """Answers 429 to more than four thousand messages in ten seconds."""

    most = 4000
    seconds = 10.0

    def __init__(self, checker: Checker, archive: Archive) -> None:
        """Begin with no message."""
        super().__init__(checker, archive)
        self._times: deque[float] = deque()

    async def post(self, request: web.BaseRequest) -> web.StreamResponse:
        """Count those of the last seconds."""
        now = time.monotonic()
        while self._times and self._times[0] < now - self.seconds:
            self._times.popleft()
        if len(self._times) == self.most:
            return problem(429, "too many requests")
        self._times.append(now)
        return await super().post(request)


@deviation("sulks-after-a-fault", primary="accepts.after-fault", shows="the next message is answered by 503")
class SulksAfterAFault(_Stumbling):
    """Answers 503 to the message after one that it could not read."""

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Stumble over what is no JSON."""
        try:
            await super().take(request, body)
        except Unreadable:
            self._stumbled = True
            raise


@deviation("slow-answers", primary="answers.promptly", shows="messages are answered late")
class SlowAnswers(Receiver):
    """Takes a second and a half for every twelfth message."""

    seconds = 1.5
    _number = 0

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Wait now and then."""
        await super().take(request, body)
        self._number += 1
        if self._number % 12 == 0:
            await asyncio.sleep(self.seconds)
