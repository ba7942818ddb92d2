"""Wrong about HTTP, or about how to answer."""

import asyncio
import contextlib
import os
import re

from aiohttp import hdrs, web
from aiohttp.web_protocol import RequestHandler

from cgstate_reference.broken.receivers import deviation
from cgstate_reference.checking import DIAL_MODE, Refused, Unreadable, integer
from cgstate_reference.taking import Receiver, WrongContentType, problem

_MEGABYTE = 2**20
_BETWEEN = re.compile(rb"^\s|\s$|\n")
_DEEP = re.compile(rb"(?:\[\s*){100}|(?:\{\s*\"[^\"]*\"\s*:\s*){100}")


class Failed(Exception):  # noqa: N818 - named for the fact
    """It has broken down over a message."""


class _Failing(Receiver):
    """Answers 500 where it breaks down."""

    async def post(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer 500 where something went wrong."""
        try:
            return await super().post(request)
        except Failed:
            return problem(500, "internal error")


@deviation(
    "non-ascii-500",
    primary="accepts.names",
    shows="a message with a name that is not ASCII is answered by 500",
    consequences={"accepts.forms": "raw or escaped, it is not ASCII"},
)
class NonAscii500(_Failing):
    """Answers 500 to a message with characters that are not ASCII."""

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Stumble over a character, escaped or not."""
        try:
            message = self.checker.read(body)
        except Refused:
            message = {}
        if not all(text.isascii() for pair in message.items() for text in pair if type(text) is str):
            raise Failed
        await super().take(request, body)


@deviation(
    "hangs-on-unreadable",
    primary="rejects.unreadable",
    shows="what is no notification gets no answer",
)
class HangsOnUnreadable(Receiver):
    """Never answers what it cannot read."""

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Wait for ever."""
        try:
            await super().take(request, body)
        except Unreadable:
            await asyncio.Event().wait()


@deviation(
    "empty-body-500", primary="rejects.unreadable", shows="what is no notification is answered by 500: an empty body"
)
class EmptyBody500(_Failing):
    """Answers 500 to an empty body."""

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Stumble over nothing."""
        if not body:
            raise Failed
        await super().take(request, body)


@deviation("raw-utf-8-refused", primary="accepts.forms", shows="a message with bytes beyond ASCII is refused")
class RawUtf8Refused(Receiver):
    """Refuses characters that are not ASCII where they are not escaped."""

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Look at the bytes."""
        if not body.isascii():
            raise Refused("illegal byte")
        await super().take(request, body)


@deviation("key-order-required", primary="accepts.forms", shows="a message with its keys in another order is refused")
class KeyOrderRequired(Receiver):
    """Refuses a message whose state stands before its tenant."""

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Look at the order."""
        tenant, state = body.find(b'"GSW_TENANT_NAME"'), body.find(b'"GSW_CAMPAIGN_GROUP_STATE"')
        if -1 < state < tenant:
            raise Refused("GSW_TENANT_NAME is missing")
        await super().take(request, body)


@deviation(
    "charset-refused", primary="accepts.forms", shows="a message with charset=UTF-8 in its Content-Type is refused"
)
class CharsetRefused(Receiver):
    """Refuses a Content-Type with a parameter."""

    def content_type(self, request: web.BaseRequest) -> None:
        """Compare all of it."""
        if ";" in request.headers.get(hdrs.CONTENT_TYPE, ""):
            raise WrongContentType("the Content-Type of a notification is application/json")
        super().content_type(request)


@deviation(
    "header-case-required", primary="accepts.forms", shows="a message with header names in small letters is refused"
)
class HeaderCaseRequired(Receiver):
    """Looks for Content-Type in just this spelling, and refuses what has none."""

    def content_type(self, request: web.BaseRequest) -> None:
        """Compare letter by letter."""
        if all(name != b"Content-Type" for name, _ in request.raw_headers):
            raise WrongContentType("there is no Content-Type")
        super().content_type(request)


@deviation(
    "white-space-refused", primary="accepts.forms", shows="a message with white space between its tokens is refused"
)
class WhiteSpaceRefused(Receiver):
    """Refuses a body with white space around the object or within it."""

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Look between the texts."""
        if _BETWEEN.search(body):
            raise Refused("illegal byte")
        await super().take(request, body)


@deviation("escaped-solidus-refused", primary="accepts.forms", shows="a message with an escaped solidus is refused")
class EscapedSolidusRefused(Receiver):
    """Refuses a solidus that is escaped, as some libraries write each of them."""

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Find one."""
        if rb"\/" in body:
            raise Refused("illegal escape")
        await super().take(request, body)


@deviation("get-200", primary="rejects.other-methods", shows="what is no notification is taken: a GET request")
class Get200(Receiver):
    """Answers 200 to GET and HEAD where notifications go."""

    def other_method(self, request: web.BaseRequest) -> web.StreamResponse:
        """Say hello."""
        del request
        return web.Response(text="This is a receiver.")


@deviation("head-200", primary="rejects.other-methods", shows="what is no notification is taken: a HEAD request")
class Head200(Receiver):
    """Answers 200 to HEAD, by which somebody asks whether it is there."""

    def other_method(self, request: web.BaseRequest) -> web.StreamResponse:
        """Say yes to HEAD."""
        return web.Response() if request.method == hdrs.METH_HEAD else super().other_method(request)


class _HalfOpen(RequestHandler):
    """A connection that goes on when the other side has nothing more to say."""

    __slots__ = ()

    def eof_received(self) -> bool:  # type: ignore[override] # asyncio asks for more than aiohttp answers
        """Keep it open."""
        return True


class _HalfOpenServer(web.Server):
    def __call__(self) -> RequestHandler:
        """Return the protocol of a new connection."""
        return _HalfOpen(self, loop=self._loop, **self._kwargs)


@deviation(
    "hangs-on-cut-body",
    primary="rejects.cut-short",
    shows="what is no notification gets no answer: a body that ends before its length",
)
class HangsOnCutBody(Receiver):
    """Waits for ever for the rest of a body when the other side has ended its half of the connection."""

    server_class = _HalfOpenServer


class _NeverWhole(Exception):  # noqa: N818 - named for the fact
    """The rest of a body does not come."""


@deviation(
    "takes-cut-body",
    primary="rejects.cut-short",
    shows="what is no notification is taken: a body that ends before its length",
)
class TakesCutBody(Receiver):
    """Waits a second for the rest of a body and then answers as if it had come."""

    server_class = _HalfOpenServer
    seconds = 1.0

    async def body(self, request: web.BaseRequest) -> bytes:
        """Wait, but not for ever."""
        try:
            async with asyncio.timeout(self.seconds):
                return await super().body(request)
        except TimeoutError:
            raise _NeverWhole from None

    async def post(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer 204 in any case."""
        try:
            return await super().post(request)
        except _NeverWhole:
            response = web.Response(status=self.success)
            response.force_close()
            return response


@deviation(
    "dial-mode-zero-500",
    primary="survives.impossible-combinations",
    shows="a message is answered by 500: dial mode 0 in a running group",
)
class DialModeZero500(_Failing):
    """Answers 500 to a running group of dial mode 0."""

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Divide by it."""
        with contextlib.suppress(Refused):
            if integer(self.checker.read(body).get(DIAL_MODE)) == 0:
                raise Failed
        await super().take(request, body)


@deviation("large-body-500", primary="survives.large-body", shows="a message is answered by 500: a body of 10 MB")
class LargeBody500(_Failing):
    """Answers 500 to a body of more than a megabyte."""

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Stumble over its size."""
        if len(body) > _MEGABYTE:
            raise Failed
        await super().take(request, body)


@deviation("large-body-hangs", primary="survives.large-body", shows="a message gets no answer: a body of 10 MB")
class LargeBodyHangs(Receiver):
    """Never answers a body of more than a megabyte."""

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Wait for ever."""
        if len(body) > _MEGABYTE:
            await asyncio.Event().wait()
        await super().take(request, body)


@deviation(
    "dies-of-deep-nesting",
    primary="accepts.after-fault",
    shows="(an unknown attribute 10,000 levels deep), no message is taken any more",
    consequences={"survives.deep-nesting": "no answer comes to what it dies of"},
)
class DiesOfDeepNesting(Receiver):
    """Crashes when brackets are nested a hundred deep: the process is gone."""

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Overflow the stack."""
        if _DEEP.search(body):
            os._exit(139)
        await super().take(request, body)


@deviation(
    "deep-nesting-500",
    primary="survives.deep-nesting",
    shows="a message is answered by 500: an unknown attribute 10,000 levels deep",
)
class DeepNesting500(_Failing):
    """Answers 500 where brackets are nested a hundred deep."""

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Stumble over the depth."""
        if _DEEP.search(body):
            raise Failed
        await super().take(request, body)


@deviation(
    "duplicate-keys-500",
    primary="survives.duplicate-keys",
    shows="a message is answered by 500: a key that stands twice with different values",
)
class DuplicateKeys500(_Failing):
    """Answers 500 to an object that has a key twice."""

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Stumble over the second key."""
        try:
            await super().take(request, body)
        except Refused as fact:
            if "twice" in str(fact):
                raise Failed from fact
            raise


@deviation(
    "content-type-500", primary="survives.content-type", shows="a message is answered by 500: Content-Type image/png"
)
class ContentType500(_Failing):
    """Answers 500 to a Content-Type that is not JSON's."""

    def content_type(self, request: web.BaseRequest) -> None:
        """Stumble over it."""
        try:
            super().content_type(request)
        except WrongContentType as fact:
            raise Failed from fact
