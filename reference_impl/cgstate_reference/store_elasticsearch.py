"""Notifications in an index of Elasticsearch or OpenSearch; those that come at once go there in one request."""

import asyncio
import base64
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import aiohttp
from yarl import URL

from cgstate_reference.checking import GUID, read_json, written
from cgstate_reference.store import StoreRefuses, StoreTrouble

AUTHORIZATION = "CGSTATE_STORE_AUTHORIZATION"
"""Environment variable with the Authorization header, for a URL that has no user and password in it."""

_AT_ONCE = 500
_BYTES_AT_ONCE = 8 * 2**20
_PAGE = 1000
_TIMEOUT = 10.0
_CREATE = b'{"create":{}}\n'
_ONE_LINE = bytes.maketrans(b"\r\n", b"  ")
"""A line end in JSON is white space: inside a text it is escaped."""
_SUCCESS = range(200, 300)
_NOT_FOUND = 404
_TOO_MANY = 429
_SERVER_ERROR = 500

_Result = StoreTrouble | StoreRefuses | None


@dataclass(frozen=True, slots=True)
class _Waiting:
    body: bytes
    done: "asyncio.Future[None]"


class ElasticsearchStore:
    """Sends what is waiting as one bulk request, one after another; nothing is kept before the server says so."""

    def __init__(self, where: str) -> None:
        """Use the index at this URL, which need not be there yet. Needs a running event loop; raises `StoreTrouble`."""
        self._index, authorization = _read_url(where)
        self._server = f"{self._index.host}:{self._index.port}"
        self._session = aiohttp.ClientSession(
            headers={"Authorization": authorization} if authorization else {},
            timeout=aiohttp.ClientTimeout(total=_TIMEOUT),
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        self._waiting: list[_Waiting] = []
        self._sending: asyncio.Task[None] | None = None

    async def keep(self, guid: str, body: bytes) -> None:
        """Return when the index has the message; raises `StoreTrouble` and `StoreRefuses`."""
        del guid  # it stands in the message
        one = _Waiting(body, asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        if self._sending is None:
            self._sending = asyncio.create_task(self._send())
        await one.done

    async def kept(self, guid: str) -> list[bytes]:
        """Return the messages of `guid`, in the order of keeping where the index has one shard; raises `StoreTrouble`.

        A number is written as it was sent; white space is not kept.
        """
        await self._call("_refresh", b"")
        # A GUID is a keyword, or a text that has one beside it; which of the two, only the index knows.
        named = [{"match_phrase": {GUID: guid}}, {"term": {f"{GUID}.keyword": guid}}]
        search: dict[str, object] = {"query": {"bool": {"should": named}}, "sort": ["_seq_no"], "size": _PAGE}
        found: dict[str, bytes] = {}
        while True:
            hits = _hits(await self._call("_search", json.dumps(search).encode()))
            fresh = [hit for hit in hits if hit["_id"] not in found]
            for hit in fresh:
                # A phrase is found in other texts too.
                found[hit["_id"]] = written(hit["_source"]) if hit["_source"].get(GUID) == guid else b""
            if not fresh or len(hits) < _PAGE:
                return [body for body in found.values() if body]
            # Shards count each for themselves: what has the last number on another one comes again, and is known.
            search["search_after"] = [hits[-1]["sort"][0] - 1]

    async def close(self) -> None:
        """Wait for what is on its way."""
        if self._sending is not None:
            await self._sending
        await self._session.close()

    async def _send(self) -> None:
        while self._waiting:
            batch = self._batch()
            results: Sequence[_Result]
            try:
                results = await self._bulk(batch)
            except StoreTrouble as fact:
                results = [fact] * len(batch)
            for one, result in zip(batch, results, strict=True):
                if one.done.done():  # the connection has ended, and nobody waits any more
                    continue
                if result is None:
                    one.done.set_result(None)
                else:
                    one.done.set_exception(result)
        self._sending = None

    def _batch(self) -> list[_Waiting]:
        """Take what goes in one request, at least one message."""
        count = size = 0
        for one in self._waiting[:_AT_ONCE]:
            size += len(one.body)
            if count and size > _BYTES_AT_ONCE:
                break
            count += 1
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch

    async def _bulk(self, batch: Sequence[_Waiting]) -> list[_Result]:
        body = b"".join(_CREATE + one.body.translate(_ONE_LINE) + b"\n" for one in batch)
        answer = await self._call("_bulk", body)
        try:
            results = [_result(item["create"]) for item in answer["items"]]
        except (KeyError, TypeError, ValueError) as error:
            raise StoreTrouble(f"the answer of the store at {self._server} is not Elasticsearch's") from error
        if len(results) != len(batch):
            raise StoreTrouble(f"the store at {self._server} answered to {len(results)} of {len(batch)} messages")
        return results

    async def _call(self, endpoint: str, body: bytes) -> dict[str, Any]:
        """Return what the index answers; empty where there is no such index yet."""
        kind = "application/x-ndjson" if endpoint == "_bulk" else "application/json"
        try:
            async with self._session.post(
                self._index / endpoint, data=body, headers={"Content-Type": kind}, allow_redirects=False
            ) as response:
                answer = await response.read()
        except TimeoutError as error:
            raise StoreTrouble(f"the store at {self._server} did not answer within {_TIMEOUT:g} s") from error
        except (aiohttp.ClientError, OSError) as error:
            raise StoreTrouble(f"the store at {self._server} is away: {_reason(error)}") from error
        if response.status == _NOT_FOUND and endpoint != "_bulk":
            return {}
        if response.status not in _SUCCESS:
            raise StoreTrouble(f"the store at {self._server} answered {response.status} to {endpoint}")
        try:
            data = read_json(answer.decode())
        except ValueError as error:
            raise StoreTrouble(f"the answer of the store at {self._server} is no JSON") from error
        return data if isinstance(data, dict) else {}


def _hits(answer: dict[str, Any]) -> list[dict[str, Any]]:
    hits: list[dict[str, Any]] = answer.get("hits", {}).get("hits", [])
    return hits


def _result(created: dict[str, Any]) -> _Result:
    """Return what became of one message of a bulk request."""
    status = created["status"]
    if status in _SUCCESS:
        return None
    error = created.get("error", {})
    reason = f"{error.get('type', '')}: {error.get('reason', '')}"[:300]
    if status == _TOO_MANY or status >= _SERVER_ERROR:
        return StoreTrouble(f"the store cannot take it now: {status} {reason}")
    return StoreRefuses(f"the store refuses it: {status} {reason}")


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno is not None and error.errno > 0:
        return os.strerror(error.errno).lower()
    return " ".join(str(error).split()) or type(error).__name__


def _read_url(where: str) -> tuple[URL, str]:
    """Return the URL of an index without user and password, and the Authorization header that they make."""
    try:
        parts = urlsplit(where)
        name = parts.path.strip("/")
        usable = bool(parts.hostname and name and "/" not in name) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment:
        # Without the URL: there may be a password in it.
        raise StoreTrouble("the URL of an index looks like http://host:9200/index")
    plain = parts._replace(netloc=parts.netloc.rpartition("@")[2], path=f"/{name}")
    authorization = os.environ.get(AUTHORIZATION, "")
    if parts.username is not None:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = f"Basic {base64.b64encode(login.encode()).decode()}"
    return URL(urlunsplit(plain), encoded=True), authorization
