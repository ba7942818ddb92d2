"""Otherwise in what is answered: when, with which status, and with which words."""

import asyncio
import json

from aiohttp import hdrs, web

from cgstate_reference.checking import DIAL_MODE, STATE, Checker, Message, Refused, Unreadable, Written, integer
from cgstate_reference.taking import Archive, BrokenBody, Receiver
from cgstate_reference.variants.chance import CHANCE, some_time
from cgstate_reference.variants.receivers import variant

REFUSALS = (*range(400, 419), *range(421, 427), 428, 429, 431, 451, 499)
"""Any of them says that the request was not taken and whose fault that is."""
SUCCESSES = (*range(200, 209), 226, 250, 299)
LONG = 300_000
"""Bytes."""
LIMIT = 2**20
"""Bytes."""
_WITHOUT_BODY = frozenset({204, 205})
_FIRST_REFUSAL = 400
_ENDING = frozenset({0, 1, 2})
_UNLOAD, _PREDICT_GVP, _DISTRIBUTION_TIME = 8, 10, 4


@variant("slow")
class Slow(Receiver):
    """Takes 50 to 500 ms for the answer to each notification."""

    async def post(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer late."""
        whole = some_time()
        before = CHANCE.uniform(0, whole)
        await asyncio.sleep(before)
        response = await super().post(request)
        await asyncio.sleep(whole - before)
        return response


@variant("one-at-a-time")
class OneAtATime(Receiver):
    """Takes one notification at a time, over however many connections they come: the others wait."""

    def __init__(self, checker: Checker, archive: Archive) -> None:
        """Begin with nobody waiting."""
        super().__init__(checker, archive)
        self._free = asyncio.Lock()

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Wait, and take it."""
        async with self._free:
            await asyncio.sleep(0.001)
            await super().take(request, body)


@variant("created")
class Created(Receiver):
    """Answers 201, where the notification can be found, and with all that it has taken."""

    async def post(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer with what was sent."""
        response = await super().post(request)
        if response.status != self.success:
            return response
        return web.Response(
            status=201,
            body=await request.read(),
            content_type="application/json",
            headers={hdrs.LOCATION: f"{request.path}/any"},
        )


@variant("any-success")
class AnySuccess(Receiver):
    """Answers with any 2xx there is, with a body and without."""

    async def post(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer somehow."""
        response = await super().post(request)
        if response.status != self.success:
            return response
        status = CHANCE.choice(SUCCESSES)
        text = "" if status in _WITHOUT_BODY else CHANCE.choice(("", "ok", '{"result": "created", "errors": false}'))
        return web.Response(status=status, text=text, reason=CHANCE.choice((None, "", "As You Like It")))


@variant("long-answers")
class LongAnswers(Receiver):
    """Answers with 300 kB now and then."""

    async def post(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer at length."""
        response = await super().post(request)
        long = response.status == self.success and CHANCE.random() < 0.1  # noqa: PLR2004 - one in ten
        return web.Response(status=200, text="." * LONG) if long else response


@variant("any-refusal")
class AnyRefusal(Receiver):
    """Refuses what is no notification with any 4xx there is, with a body and without."""

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer, and refuse somehow."""
        response = await super().handle(request)
        if response.status < _FIRST_REFUSAL:
            return response
        text = CHANCE.choice(("", "no", json.dumps({"error": {"reason": "no", "status": 0}})))
        refusal = web.Response(status=CHANCE.choice(REFUSALS), text=text)
        if not response.keep_alive and response.keep_alive is not None:
            refusal.force_close()
        return refusal


class KnowsLives(Checker):
    """Refuses values that stand together in no life of a Campaign Group."""

    def together(self, message: Message) -> None:
        """Raise `Refused` where attributes do not belong together."""
        super().together(message)
        state, action = integer(message.get(STATE)), integer(message.get("GSW_CAMPAIGN_GROUP_ACTION"))
        mode, method = integer(message.get(DIAL_MODE)), integer(message.get("GSW_OPTIMIZE_BY"))
        if state in _ENDING and action != _UNLOAD:
            raise Refused("only an unload ends a life")
        if mode == 0 or (method == _DISTRIBUTION_TIME and mode != _PREDICT_GVP):
            raise Refused("no group dials like that")


@variant("refuses-what-it-may", KnowsLives)
class RefusesWhatItMay(Receiver):
    """Refuses impossible combinations, and a large body before it has come."""

    async def body(self, request: web.BaseRequest) -> bytes:
        """Look at the length first."""
        if (request.content_length or 0) > LIMIT:
            raise web.HTTPRequestEntityTooLarge(LIMIT, request.content_length or 0)
        return await super().body(request)


class _Lenient(Checker):
    """Takes the last of doubled keys."""

    def read(self, body: bytes) -> Message:
        try:
            return super().read(body)
        except Unreadable:
            raise
        except Refused:
            try:
                return dict(json.loads(body, parse_float=Written))
            except RecursionError:
                raise Refused("the body is nested too deep") from None


@variant("takes-what-it-may", _Lenient)
class TakesWhatItMay(Receiver):
    """Takes doubled keys and any content type."""

    def content_type(self, request: web.BaseRequest) -> None:
        """Look at nothing."""


@variant("ends-the-connection")
class EndsTheConnection(Receiver):
    """Ends the connection without an answer where a body is cut short or large."""

    async def body(self, request: web.BaseRequest) -> bytes:
        """Have none of it."""
        try:
            if (request.content_length or 0) <= LIMIT:
                return await super().body(request)
        except BrokenBody:
            self._end(request)
            raise
        self._end(request)
        raise BrokenBody("too much")

    def _end(self, request: web.BaseRequest) -> None:
        if request.transport is not None:
            request.transport.abort()
