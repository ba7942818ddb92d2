"""One connection to the capture server: requests in, recorded, answers out, in the order of the requests."""

import asyncio
import contextlib
import socket
import struct
from collections import deque
from typing import Final, Protocol

from cgstate import clock
from cgstate.sources.answers import Answer, Redirect, Reset, Silence, Slow, Status, as_bytes
from cgstate.sources.wire import Request, RequestReader

_CUT_SHORT: Final = "the connection ended before the request was complete"
_TOO_SLOW: Final = "the rest of the request did not come"
_LINGER: Final = 1.0
"""Seconds in which what a refused client still sends is read and dropped, so that it sees the refusal."""
_BODY_GRACE: Final = 0.1
"""Seconds in which the body of a request that does not say its length is collected."""
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)
_REFUSALS: Final = {400: b"unreadable request", 411: b"no length", 413: b"too large", 414: b"too long"}


class Keeper(Protocol):
    """What a connection needs of its server; everything is called on the event loop's thread."""

    largest_body: int
    patience: float

    def opened(self, connection: "Connection") -> int:
        """Take note of a new connection and return its number."""

    def closed(self, connection: "Connection") -> None:
        """Forget a connection."""

    def record(self, request: Request, connection: int) -> Answer | None:
        """Record the request and return how to answer it; None where it was unreadable and is refused."""

    def lost(self, request: Request, connection: int) -> None:
        """Record a request that nobody waits for any more."""

    def held(self, change: int) -> None:
        """Count an answer that is being held back (1), or is no longer (-1)."""


class Connection(asyncio.Protocol):
    """Reads requests, has them recorded, and answers them one after another."""

    def __init__(self, keeper: Keeper, loop: asyncio.AbstractEventLoop) -> None:
        """Connections are made by the event loop, one for each client that connects."""
        self._keeper = keeper
        self._loop = loop
        self._reader = RequestReader(keeper.largest_body)
        self._waiting: deque[tuple[Request, Answer | None]] = deque()
        self._number = 0
        self._transport: asyncio.Transport
        self._patience: asyncio.TimerHandle | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._holding = False
        self._no_more = False
        self._refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin. The event loop has switched Nagle's algorithm off."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._number = self._keeper.opened(self)

    def data_received(self, data: bytes) -> None:
        """Read what came; the time is taken before anything is done with it."""
        at = clock.now()
        if self._no_more or self._refused:
            return
        for request in self._reader.feed(data, at):
            self._take(request)
            # Patience is for one request: in a stream of them the next one is incomplete at any time.
            self._be_patient_again()
        if self._reader.incomplete:
            if self._reader.wants_continue:
                self._reader.wants_continue = False
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            if not self._reader.has_no_end:
                self._be_patient_again()  # what comes slowly, on a busy machine for example, comes all the same
            if self._patience is None:
                wait = _BODY_GRACE if self._reader.has_no_end else self._keeper.patience
                self._patience = self._loop.call_later(wait, self._out_of_patience, wait)
        else:
            self._be_patient_again()

    def _be_patient_again(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def eof_received(self) -> bool:
        """Answer what was asked, then close: the client may have shut down only its sending half."""
        self._no_more = True
        request = self._reader.end(_CUT_SHORT)
        if request is not None:
            self._take(request)
        if not self._waiting:
            self._transport.close()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Record what was cut short and let everything go."""
        del exc
        if not self._no_more:
            request = self._reader.end(_CUT_SHORT)
            if request is not None:
                self._keeper.lost(request, self._number)
        self._no_more = True
        self._waiting.clear()
        self._hold(on=False)
        for timer in (self._timer, self._patience):
            if timer is not None:
                timer.cancel()
        self._timer = self._patience = None
        self._keeper.closed(self)

    def close(self) -> None:
        """Close at the suite's own wish: what is incomplete is not the client's fault and is not recorded."""
        self._no_more = True
        self._transport.abort()

    def release(self) -> None:
        """End a hold: a slow answer goes out now, a silent one never, and its connection closes."""
        if not self._holding:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        _, answer = self._waiting[0]
        match answer:
            case Slow(then=then):
                self._hold(on=False)
                self._send(then)
            case Status():
                self._hold(on=False)
                self._send(answer)
            case _:
                self.close()

    def _take(self, request: Request) -> None:
        self._waiting.append((request, self._keeper.record(request, self._number)))
        if len(self._waiting) == 1:
            self._answer()

    def _answer(self) -> None:
        request, answer = self._waiting[0]
        match answer:
            case None:
                self._refuse(request)
            case Reset():
                self._reset()
            case Silence():
                self._hold(on=True)
            case Slow(seconds=seconds):
                self._hold(on=True)
                self._timer = self._loop.call_later(seconds, self.release)
            case Status(delay=delay) if delay > 0:
                self._hold(on=True)
                self._timer = self._loop.call_later(delay, self.release)
            case Status() | Redirect():
                self._send(answer)

    def _send(self, answer: Status | Redirect) -> None:
        request, _ = self._waiting.popleft()
        stays = request.keeps_alive and not (self._no_more and not self._waiting)
        connection = "close" if not stays else "keep-alive" if request.version == "HTTP/1.0" else ""
        self._write(as_bytes(answer, head_only=request.method == "HEAD", connection=connection))
        if not stays:
            self._linger()
        elif self._waiting:
            self._answer()

    def _refuse(self, request: Request) -> None:
        code = request.refusal
        body = _REFUSALS.get(code, b"not readable here")
        answer = Status(code, (("Content-Type", "text/plain"),), body)
        self._write(as_bytes(answer, head_only=False, connection="close"))
        self._linger()

    def _write(self, answer: bytes) -> None:
        if not self._transport.is_closing():  # nobody is there any more, which asyncio would tell on standard error
            self._transport.write(answer)

    def _linger(self) -> None:
        """Close the sending half; read and drop for a while, since unread bytes would turn the close into a reset."""
        self._waiting.clear()
        if self._no_more:
            self._transport.close()
            return
        self._refused = True
        if not self._transport.is_closing():
            with contextlib.suppress(OSError):  # the client is gone, and asyncio has not noticed yet
                self._transport.write_eof()
        self._timer = self._loop.call_later(_LINGER, self._transport.abort)

    def _reset(self) -> None:
        self._no_more = True
        sock = self._transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self._transport.abort()

    def _hold(self, *, on: bool) -> None:
        if self._holding != on:
            self._holding = on
            self._keeper.held(1 if on else -1)

    def _out_of_patience(self, waited: float) -> None:
        self._patience = None
        request = self._reader.end(f"{_TOO_SLOW} within {waited:g} s")
        if request is not None:
            self._take(request)
