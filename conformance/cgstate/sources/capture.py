"""The capture server: what an emitter is told to report to. It records every request as it was sent.

Of pytest-httpserver it keeps the life cycle (context manager, `start`, `stop`, `url_for`, `check`). Matchers, handlers
and its log are not used: one event loop reads all connections, because a thread for each is what machines
run out of, and a request is recorded before it is answered, whatever it looks like.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from pytest_httpserver import HTTPServer, HTTPServerError

from cgstate.evidence import Exchange, Traits
from cgstate.sources import answers
from cgstate.sources.answers import OK, Answer, Redirect, Reset, Silence, Slow, Status
from cgstate.sources.connection import Connection
from cgstate.sources.exchanges import ExchangeLog
from cgstate.sources.listening import BACKLOG, CannotListen, allow_many_connections, bind, hold_port, uri_host
from cgstate.sources.wire import LARGEST_BODY, Request

if TYPE_CHECKING:
    import socket

__all__ = ["CannotListen", "CaptureServer", "Redirect", "Reset", "Silence", "Slow", "Status"]

TRAITS: Final = Traits(
    "capture server",
    complete_from_start=True,
    has_bytes=True,
    has_arrival=True,
    has_request=True,
    has_response=True,
)
_START_WITHIN: Final = 10.0
T = TypeVar("T")
Chooser = Callable[[Exchange], Answer]


def _succeed(_: Exchange) -> Answer:
    return OK


class CaptureServer(HTTPServer):
    """Records all that is sent to one port and answers as it is told to.

    Raises `CannotListen` from `start` (and so from ``with``) where host and port cannot be had.
    """

    def __init__(
        self, host: str = "127.0.0.1", port: int = 0, *, largest_body: int = LARGEST_BODY, patience: float = 5.0
    ) -> None:
        """Listen on `host` (a name or an address, IPv6 with or without brackets) and `port` (0: any free one).

        Bodies of more than `largest_body` bytes are recorded as malformed and not kept. A request that is
        not complete, and of which nothing more comes for `patience` seconds, is recorded as it is.
        """
        super().__init__(host.removeprefix("[").removesuffix("]"), port)
        self.largest_body = largest_body
        self.patience = patience
        self._log = ExchangeLog()
        self._chooser: Chooser = _succeed
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listener: asyncio.Server | None = None
        self._socket: socket.socket | None = None
        self._refusing = True
        self._connections: set[Connection] = set()
        self._connected = 0
        self._holding = 0

    # --- what was seen ---

    @property
    def traits(self) -> Traits:
        """What this source shows: everything."""
        return TRAITS

    @property
    def uri(self) -> str:
        """The base URI, without a path, for example ``http://127.0.0.1:8080``."""
        return f"http://{uri_host(self.host)}:{self.port}"

    @property
    def connections(self) -> int:
        """How many connections were ever made, those without a request among them."""
        return self._connected

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All exchanges so far, by number."""
        return self._log.all()

    def since(self, number: int) -> tuple[Exchange, ...]:
        """Return the exchanges after that number."""
        return self._log.since(number)

    def await_until(
        self, condition: Callable[[Sequence[Exchange]], T | None], seconds: float, *, since: int = 0
    ) -> T | None:
        """Wait until `condition` finds something; return it, or None when the time is over.

        `condition` is shown every exchange after number `since` once: those that are here at first, later ones as
        they are recorded. The first answer of it that is true ends the wait. It runs on the server's
        thread: it must be quick, must not wait, and may call no method of the server.
        """
        return self._log.await_until(condition, seconds, since)

    # --- what is answered ---

    def answer_with(self, chooser: Chooser) -> None:
        """Let `chooser` decide from now on how each readable request is answered.

        It runs on the server's thread and must not wait; what it raises becomes a 500, and `check` raises it again.
        """
        self._chooser = chooser

    def release(self) -> None:
        """End all holds: slow answers go out now, silent connections close."""
        self._call(self._release())

    def close_listener(self) -> None:
        """Refuse connections from now on and close those that are open. The port stays this server's."""
        self._call(self._refuse_all())

    def reopen(self) -> None:
        """Listen again, on the same port."""
        self._call(self._listen())

    # --- life cycle ---

    def is_running(self) -> bool:
        """Whether it was started and not stopped; also true while the listener is closed."""
        return self.server_thread is not None

    def start(self) -> None:
        """Bind, and listen on a thread of its own."""
        if self.is_running():
            raise HTTPServerError("Server is already running")
        allow_many_connections()
        self._socket = bind(self.host, self.port)
        self.port = self._socket.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        listening: Future[None] = Future()
        self.server_thread = threading.Thread(
            target=self.thread_target, args=(listening,), name="cgstate-capture", daemon=True
        )
        self.server_thread.start()
        try:
            listening.result(_START_WITHIN)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Close everything and end the thread. What was recorded stays."""
        thread, loop = self.server_thread, self._running_loop()
        if thread is None:
            raise HTTPServerError("Server is not running")
        if thread.is_alive():
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
        self.server_thread = None

    def __enter__(self) -> Self:
        """Start, unless it runs already."""
        super().__enter__()
        return self

    def thread_target(self, listening: "Future[None] | None" = None) -> None:
        """Run the event loop until `stop`."""
        loop = self._running_loop()
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(self._listen())
            if listening is not None:
                listening.set_result(None)
            loop.run_forever()
        except OSError as error:
            if listening is not None and not listening.done():
                listening.set_exception(CannotListen(f"cannot listen on {self.uri}: {error.strerror}"))
        finally:
            loop.run_until_complete(self._refuse_all())
            if self._socket is not None:
                self._socket.close()
                self._socket = None
            asyncio.set_event_loop(None)
            loop.close()

    def application(self, request: Any) -> Any:  # noqa: ANN401 - pytest-httpserver's signature
        """Say that requests do not pass here: they are read and answered by `Connection`."""
        raise NotImplementedError(f"{request!r} cannot be handed in; send it to {self.uri}")

    # --- on the event loop's thread: see `connection.Keeper` ---

    def opened(self, connection: Connection) -> int:
        """Take note of a new connection and return its number."""
        self._connections.add(connection)
        self._connected += 1
        if self._refusing:  # accepted in the very moment in which the listener was closed
            connection.close()
        return self._connected

    def closed(self, connection: Connection) -> None:
        """Forget a connection."""
        self._connections.discard(connection)

    def held(self, change: int) -> None:
        """Count an answer that is being held back (1), or is no longer (-1)."""
        self._holding += change

    def record(self, request: Request, connection: int) -> Answer | None:
        """Record the request and return how to answer it; None where it is unreadable and refused."""
        exchange = self._exchange(request, connection)
        if request.fault is not None:
            self._log.add(replace(exchange, answer=str(request.refusal)))
            return None
        try:
            answer = self._chooser(exchange)
            said = answers.name(answer)
        except Exception as error:  # noqa: BLE001 - the chooser is the caller's code; `check` raises it again
            self.handler_errors.append(error)
            answer = Status(500)
            said = "500"
        stalled = exchange.stalled or answers.holds(answer)
        self._log.add(replace(exchange, answer=said, stalled=stalled))
        return answer

    def lost(self, request: Request, connection: int) -> None:
        """Record a request that nobody waits for any more."""
        self._log.add(self._exchange(request, connection))

    def _exchange(self, request: Request, connection: int) -> Exchange:
        return Exchange(
            number=self._log.next_number,
            body=request.body,
            arrival=request.arrival,
            connection=connection,
            method=request.method,
            target=request.target,
            version=request.version,
            headers=request.headers,
            malformed=request.fault,
            stalled=self._holding > 0,
        )

    async def _listen(self) -> None:
        if self._listener is not None:
            return
        if self._socket is None:
            self._socket = bind(self.host, self.port)
        loop = self._running_loop()
        self._refusing = False
        self._listener = await loop.create_server(lambda: Connection(self, loop), sock=self._socket, backlog=BACKLOG)

    async def _refuse_all(self) -> None:
        self._refusing = True
        if self._listener is not None:
            self._listener.close()
            self._listener = None
            self._socket = hold_port(self.host, self.port)
        for connection in tuple(self._connections):
            connection.close()
        await asyncio.sleep(
            0
        )  # the sockets close in the next round of the loop, what was just accepted in the one after
        await asyncio.sleep(0)

    async def _release(self) -> None:
        for connection in tuple(self._connections):
            connection.release()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            raise HTTPServerError("Server is not running")
        return self._loop

    def _call(self, work: Coroutine[None, None, None]) -> None:
        """Do the work on the event loop's thread and wait for its end."""
        asyncio.run_coroutine_threadsafe(work, self._running_loop()).result(_START_WITHIN)
