"""The receiver itself: takes notifications over HTTP, and tells what it has taken."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes, urlsplit

from aiohttp import hdrs, http_exceptions, web

from cgstate_reference.checking import Checker, Refused, Unreadable
from cgstate_reference.store import Notification, Store, StoreRefuses, StoreTrouble

if TYPE_CHECKING:
    import asyncio

    from aiohttp.abc import AbstractStreamWriter
    from aiohttp.http import RawRequestMessage
    from aiohttp.streams import StreamReader
    from aiohttp.web_protocol import RequestHandler

PATH = "/campaign-group-states"
"""Where notifications go; what is stored of a group is read at ``PATH/{guid}``."""
LARGEST = 16 * 2**20
"""Bytes a body may have."""
_SUCCESS = 300


class Archive:
    """What becomes of a notification that was taken, and what is told of those that are stored."""

    def __init__(self, store: Store) -> None:
        """Keep them in `store`."""
        self.store = store

    async def keep(self, notification: Notification) -> None:
        """Store it as it came; return when it is safe."""
        await self.store.keep(str(notification.guid), notification.body)

    async def kept(self, guid: str) -> list[bytes]:
        """Return the JSON of the notifications of a Campaign Group in the order of storing."""
        return await self.store.kept(guid)


class Receiver:
    """Answers requests: 204 when a notification is stored, else a 4xx with the reason, and 503 when it cannot be."""

    success = 204
    server_class = web.Server

    def __init__(self, checker: Checker, archive: Archive) -> None:
        """Take what `checker` takes, and leave it to `archive`."""
        self.checker = checker
        self.archive = archive
        self.answers: Counter[int] = Counter()
        """How many POSTs were answered by each status."""

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        path = _path(request)
        if path == PATH:
            if request.method != hdrs.METH_POST:
                return self.other_method(request)
            response = await self.post(request)
            self.answers[response.status] += 1
            return response
        if path.startswith(f"{PATH}/"):
            if request.method not in {hdrs.METH_GET, hdrs.METH_HEAD}:
                return problem(405, "use GET here", {hdrs.ALLOW: "GET, HEAD"})
            return await self.read_back(path[len(PATH) + 1 :])
        return problem(404, f"notifications go to {PATH}, and are read back at {PATH}/{{guid}}")

    async def post(self, request: web.BaseRequest) -> web.StreamResponse:
        """Take one notification, or say why not."""
        try:
            self.content_type(request)
            body = await self.body(request)
            await self.take(request, body)
        except WrongContentType as fact:
            return problem(415, str(fact), {hdrs.ACCEPT: "application/json"})
        except BrokenBody as fact:
            return _last(problem(400, str(fact)))
        except web.HTTPRequestEntityTooLarge:
            return _last(problem(413, f"the body has more than {LARGEST} bytes"))
        except (Refused, StoreRefuses) as fact:
            return problem(400, str(fact))
        except StoreTrouble as fact:
            return problem(503, str(fact))
        return web.Response(status=self.success)

    def content_type(self, request: web.BaseRequest) -> None:
        """Raise `WrongContentType` where the body says that it is something else; its parameters do not matter."""
        given = request.headers.get(hdrs.CONTENT_TYPE)
        if given is not None and given.partition(";")[0].strip().lower() != "application/json":
            raise WrongContentType("the Content-Type of a notification is application/json")

    async def body(self, request: web.BaseRequest) -> bytes:
        """Return the whole body; raises `BrokenBody` where its coding or its length is wrong."""
        if request.headers.get(hdrs.EXPECT, "").lower() == "100-continue":
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.writer.output_size = 0
        try:
            return await request.read()
        except (web.RequestPayloadError, http_exceptions.HttpProcessingError):
            raise BrokenBody("the body cannot be read: its coding or its length is wrong") from None
        except (OSError, RuntimeError):  # the latter where it had ended before anybody began to read
            raise BrokenBody("the connection ended in the middle of the body") from None

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Take a body; `request` is there for whoever has to know how it came. Raises what `post` answers."""
        del request
        message = self.checker.read(body)
        self.checker.check(message)
        await self.archive.keep(Notification(body, message))

    def other_method(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer what is no POST."""
        del request
        return problem(405, "use POST here", {hdrs.ALLOW: "POST"})

    async def read_back(self, quoted: str) -> web.StreamResponse:
        """Answer with what is stored under a GUID, percent-encoded as it stands in the path."""
        try:
            stored = await self.archive.kept(unquote_to_bytes(quoted).decode("utf-8", "surrogatepass"))
        except UnicodeDecodeError:
            stored = []  # no message can have such a GUID
        except StoreTrouble as fact:
            return problem(503, str(fact))
        return web.Response(body=b"[" + b",".join(stored) + b"]", content_type="application/json")

    def server(self) -> web.Server:
        """Return the server that lets it answer; needs a running event loop."""
        return self.server_class(self.handle, request_factory=self.request, access_log=None)

    def request(
        self,
        message: "RawRequestMessage",
        payload: "StreamReader",
        protocol: "RequestHandler",
        writer: "AbstractStreamWriter",
        task: "asyncio.Task[None]",
    ) -> web.BaseRequest:
        """Return what is known of a request, whose body may have `LARGEST` bytes."""
        return web.BaseRequest(message, payload, protocol, writer, task, task.get_loop(), client_max_size=LARGEST)

    @property
    def summary(self) -> str:
        """What it has done, in one line."""
        taken = sum(number for status, number in self.answers.items() if status < _SUCCESS)
        total = self.answers.total()
        return f"{taken} notifications taken, {total - taken} refused"


class BrokenBody(Unreadable):
    """The body did not come as HTTP has it: what follows it on the connection cannot be found."""


class WrongContentType(Exception):  # noqa: N818 - named for the fact
    """The body is said to be something else than JSON."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The classes a receiver is made of; a broken receiver replaces one of them."""

    receiver: type[Receiver] = Receiver
    checker: type[Checker] = Checker
    archive: type[Archive] = Archive


def build(parts: Parts, store: Store) -> Receiver:
    """Put a receiver together that keeps what it takes in `store`."""
    return parts.receiver(parts.checker(), parts.archive(store))


def problem(status: int, reason: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """Return an answer that says in one line what is wrong."""
    body = json.dumps({"error": reason}).encode()
    return web.Response(status=status, body=body, content_type="application/json", headers=headers)


def _last(response: web.Response) -> web.Response:
    """Return an answer after which the connection is closed, and which says so."""
    response.force_close()
    return response


def _path(request: web.BaseRequest) -> str:
    """Return the path as it was sent, without a query; through a proxy the whole URI may stand there."""
    target = request.raw_path
    if not target.startswith("/"):
        target = urlsplit(target).path
    return target.partition("?")[0]


def read_back_uri(uri: str) -> str:
    """Return where the messages of a GUID are read, ``{guid}`` in its place."""
    return f"{uri}/{{guid}}"


def quoted(guid: str) -> str:
    """Return a GUID as it stands in the read-back URI."""
    return quote(guid.encode("utf-8", "surrogatepass"), safe="")
