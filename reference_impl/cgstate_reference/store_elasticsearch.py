"""Notifications in an index of Elasticsearch or OpenSearch, as they were sent. Those that come at once go in one request."""

import asyncio
import os
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from yarl import URL

from cgstate_reference.store import StoreTrouble

AUTHORIZATION = "CGSTATE_STORE_AUTHORIZATION"
"""Environment variable with the Authorization header, where the URL has no user and password in it."""
_AT_ONCE = 500
_PAGE = 1000
_TIMEOUT = 10.0
_ACTION = b'{"create":{}}\n'
_ONE_LINE = bytes.maketrans(b"\r\n", b"  ")
_TOO_MANY = 429
_ERROR = 500
_NOT_FOUND = 404


class ElasticsearchStore:
    """Sends what is waiting as one bulk request, one after another; nothing is kept before the server says so."""

    def __init__(self, where: str) -> None:
        """Use the index at this URL, which need not be there yet. Needs a running event loop; raises `StoreTrouble`."""
        try:
            parts = urlsplit(where)
            usable = bool(parts.hostname) and len(parts.path.strip("/").split("/")) == 1 and parts.path.strip("/") != ""
        except ValueError:
            usable = False
        if not usable:
            # Without the URL: there may be a password in it.
            raise StoreTrouble("the URL of an index looks like http://host:9200/index")
        plain = parts._replace(netloc=parts.netloc.rpartition("@")[2], path=parts.path.rstrip("/"))
        self._index = URL(urlunsplit(plain), encoded=True)
        headers = {}
        if os.environ.get(AUTHORIZATION):
            headers["Authorization"] = os.environ[AUTHORIZATION]
        user = URL(where)
        auth = aiohttp.BasicAuth(user.user or "", user.password or "", "utf-8") if user.user is not None else None
        self._session = aiohttp.ClientSession(
            headers=headers,
            auth=auth,
            timeout=aiohttp.ClientTimeout(total=_TIMEOUT),
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._sending: asyncio.Task[None] | None = None

    async def keep(self, guid: str, body: bytes) -> None:
        """Return when the index has the message; raises `StoreTrouble` and `StoreRefuses`."""
        del guid
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((body, done))
        if self._sending is None:
            self._sending = asyncio.create_task(self._send())
        await done

    async def kept(self, guid: str) -> list[bytes]:
        raise NotImplementedError

    async def close(self) -> None:
        """Wait for what is on its way."""
        if self._sending is not None:
            await self._sending
        await self._session.close()

    async def _send(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
            try:
                results = await self._bulk([body for body, _ in batch])
            except StoreTrouble as fact:
                results = [fact] * len(batch)
            for (_, done), result in zip(batch, results, strict=True):
                if done.done():
                    continue
                if result is None:
                    done.set_result(None)
                else:
                    done.set_exception(result)
        self._sending = None
