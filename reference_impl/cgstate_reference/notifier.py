"""How notifications get to the receiver: one attempt each, in order within a group, held up by nobody."""

import asyncio
import errno
import os
import ssl
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
from yarl import URL

from cgstate_reference.group import Key
from cgstate_reference.life_cycle import Event
from cgstate_reference.log import LOG, PERIODIC, STATE_CHANGE, TRACE, redacted, shown
from cgstate_reference.options import Options
from cgstate_reference.statistics import Statistics
from cgstate_reference.writer import Writer

CONNECTIONS = 512
"""At most that many connections to the receiver at once; few are in use unless it stalls."""
RESPONSE_TIMEOUT = 5.0
"""Seconds without an answer after which a notification counts as failed and its connection is given up."""
_WHOLE_TIMEOUT = 30.0
_BODY_TIMEOUT = 1.0
_HIGHEST_SUCCESS = 299


@dataclass(frozen=True, slots=True)
class Notification:
    """A notification on its way."""

    event: Event
    statistics: Statistics | None
    """None: a state change; else this is a periodic message."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a notification."""

    notification: Notification
    uri: str
    failure: str | None
    """Why the POST failed; None: it was answered with 2xx."""


def warn_of_failure(outcome: Outcome) -> None:
    """Log a notification that failed."""
    if outcome.failure is not None:
        name, uri = shown(outcome.notification.event.group.name), redacted(outcome.uri)
        LOG.warning("CampaignGroupState of Campaign Group %s to %s not delivered: %s", name, uri, outcome.failure)


def _reason(error: Exception) -> str:
    """Return in a few words why a POST failed."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "the host name is not known"
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "the connection was closed without an answer"
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return f"TLS failed: {error}"
    if isinstance(error, OSError) and error.errno is not None and error.errno in errno.errorcode:
        return os.strerror(error.errno).lower()
    return " ".join(str(error).split()) or type(error).__name__


class Notifier:
    """Sends notifications. Whatever becomes of one, it is not sent again."""

    method = "POST"
    content_type = "application/json"

    def __init__(
        self,
        writer: Writer,
        *,
        connections: int = CONNECTIONS,
        response_timeout: float = RESPONSE_TIMEOUT,
        told: Callable[[Outcome], object] | None = None,
    ) -> None:
        """Begin with nothing on its way; needs a running event loop.

        `told` is called with every outcome; without it the failures are logged.
        """
        self.writer = writer
        self.options = Options()
        self._told = told or warn_of_failure
        self._queues: dict[Key, deque[Notification]] = {}
        self._workers: dict[Key, asyncio.Task[None]] = {}
        # Cookies, proxies and redirects are no part of a notification.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=connections, keepalive_timeout=60),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(
                total=max(_WHOLE_TIMEOUT, response_timeout), sock_connect=response_timeout, sock_read=response_timeout
            ),
            headers={"User-Agent": "cgstate-reference"},
        )

    def set_options(self, options: Options) -> None:
        """Change the options; what has not been sent yet follows the new ones."""
        self.options = options

    def wanted(self) -> bool:
        """Whether notifications are to be sent at all."""
        return self.options.on

    def target(self) -> str | None:
        """Return where to POST now."""
        return self.options.uri

    def report(self, event: Event, statistics: Statistics | None = None) -> None:
        """Put a notification of `event` on its way and return at once; with statistics it is a periodic message."""
        if not self.wanted():
            return
        key = event.group.key
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = deque()
            self._workers[key] = asyncio.get_running_loop().create_task(self._send_all(key, queue))
        elif statistics is not None and any(waiting.statistics is not None for waiting in queue):
            # The receiver is behind: a second sample in the queue would only make it longer.
            return
        queue.append(Notification(event, statistics, self.writer.body(event, statistics)))

    async def settled(self, key: Key) -> None:
        """Wait until nothing of that group is on its way."""
        worker = self._workers.get(key)
        if worker is not None:
            await asyncio.wait([worker])

    async def close(self, grace: float = 0.5) -> None:
        """Give what is on its way `grace` seconds, then give it up and close all connections."""
        workers = list(self._workers.values())
        if workers:
            await asyncio.wait(workers, timeout=grace)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await self._session.close()

    async def _send_all(self, key: Key, queue: deque[Notification]) -> None:
        try:
            while queue:
                await self.deliver(queue.popleft())
        finally:
            del self._queues[key], self._workers[key]

    async def deliver(self, notification: Notification) -> None:
        """Send one notification, once, and say what became of it."""
        uri = self.target()
        if uri is None or not self.wanted():
            return
        if LOG.isEnabledFor(TRACE):
            number = STATE_CHANGE if notification.statistics is None else PERIODIC
            name = shown(notification.event.group.name)
            LOG.log(TRACE, "%d CampaignGroupState of Campaign Group %s to %s", number, name, redacted(uri))
        failure = await self.attempt(uri, notification.body)
        self._told(Outcome(notification, uri, failure))

    async def attempt(self, uri: str, body: bytes) -> str | None:
        """POST `body` and return why that failed, or None."""
        # A connection that the receiver closed while it was idle shows that only when the event loop reads from
        # it: two rounds of the loop, before one is taken from the pool, let it see what is known by now.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        try:
            status = await self.post(uri, body)
        except TimeoutError:
            return "no answer in time"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return _reason(error)
        return None if 200 <= status <= _HIGHEST_SUCCESS else f"answered with {status}"  # noqa: PLR2004 - 2xx

    async def post(self, uri: str, body: bytes) -> int:
        """POST `body` to exactly `uri` and return the status; a redirect is an answer like any other."""
        async with self._session.request(
            self.method,
            URL(uri, encoded=True),
            data=body,
            headers={"Content-Type": self.content_type},
            allow_redirects=False,
        ) as response:
            await self._read_off(response)
            return response.status

    async def _read_off(self, response: aiohttp.ClientResponse) -> None:
        """Read the response's body, so that its connection can be used again; one that does not end is given up."""
        try:
            async with asyncio.timeout(_BODY_TIMEOUT):
                async for _ in response.content.iter_any():
                    pass
        except (TimeoutError, aiohttp.ClientError, OSError):
            response.close()
