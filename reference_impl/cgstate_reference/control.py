"""The control API: how clients and the suite drive the emitter."""

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from aiohttp import hdrs, http_exceptions, web

from cgstate_reference.codes import ACTORS, REQUESTS, Action, Cause
from cgstate_reference.core import Emitter, UnknownGroup
from cgstate_reference.group import Key, Unreadable, read_configuration, read_dialing, read_key, read_object
from cgstate_reference.life_cycle import NotPossible

HOOKS = ("options", "groups", "automatic", "drain")
"""The test hooks, all of which this emitter has."""

_OK = {"status": {"code": 0}}
_AUTOMATIC = REQUESTS.keys() - {"set-dialing-mode"}
"""What the emitter may be made to do by itself."""
_GROUP = re.compile(r"/campaign-groups/(0*[1-9][0-9]{0,999})/(0*[1-9][0-9]{0,999})", re.ASCII)


class NotFound(Exception):  # noqa: N818 - named for the fact
    """Nothing is at this path."""


class NotAllowed(Exception):  # noqa: N818 - named for the fact
    """The path does not know the method; knows those that it has."""

    def __init__(self, *allowed: str) -> None:
        """Say which methods may be used."""
        super().__init__(f"use {' or '.join(allowed)} here")
        self.allowed = ", ".join(allowed)


Answer = tuple[int, Mapping[str, Any] | None]
"""Status and JSON body; None: no body."""


class ControlApi:
    """Answers requests of the control API under ``/ocs/v3/servers/{server_id}``."""

    def __init__(self, emitter: Emitter, server_id: int, hooks: tuple[str, ...] = HOOKS) -> None:
        """Drive `emitter`, and show only those of the hooks that are named."""
        self.emitter = emitter
        self.base = f"/ocs/v3/servers/{server_id}"
        self.hooks = hooks

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Answer one request."""
        headers: dict[str, str] = {}
        try:
            # What GET answers, HEAD does too: the server leaves the body out.
            method = hdrs.METH_GET if request.method == hdrs.METH_HEAD else request.method
            status, answer = await self.answer(method, request.path, await _body(request))
        except (NotFound, UnknownGroup) as fact:
            status, answer = _problem(404, fact)
        except NotAllowed as fact:
            status, answer = _problem(405, fact)
            headers[hdrs.ALLOW] = fact.allowed
        except NotPossible as fact:
            status, answer = _problem(409, fact)
        except Unreadable as fact:
            status, answer = _problem(400, fact)
        except web.HTTPRequestEntityTooLarge as fact:
            status, answer = _problem(413, fact)
        if answer is None:
            return web.Response(status=status)
        body = json.dumps(answer).encode()
        return web.Response(status=status, body=body, content_type="application/json", headers=headers)

    async def answer(self, method: str, path: str, body: bytes) -> Answer:
        """Do what is asked and return status and body; raises what `handle` maps to a status."""
        if not path.startswith(self.base + "/"):
            raise NotFound(f"the control API is at {self.base}")
        rest = path[len(self.base) + 1 :]
        if rest in REQUESTS:
            _only(method, "POST")
            await self._request(REQUESTS[rest], Cause.CLIENT, read_object(_read(body), "the body"))
            return 200, _OK
        hook = rest.removeprefix("conformance")
        if hook != rest and self.hooks:
            return await self._hook(method, hook, body)
        raise NotFound(f"no request and no hook is called {rest}")

    async def _hook(self, method: str, path: str, body: bytes) -> Answer:
        if path == "":
            _only(method, "GET")
            actors = {cause.value: code for cause, code in ACTORS.items()}
            return 200, {"capabilities": list(self.hooks), "actors": actors}
        if path == "/options" and "options" in self.hooks:
            return self._options(method, body)
        if path == "/automatic" and "automatic" in self.hooks:
            _only(method, "POST")
            await self._automatic(read_object(_read(body), "the body"))
            return 200, _OK
        match = _GROUP.fullmatch(path)
        if match is not None and "groups" in self.hooks:
            return self._group(method, (int(match[1]), int(match[2])), body)
        raise NotFound(f"no hook is at conformance{path}")

    def _options(self, method: str, body: bytes) -> Answer:
        _only(method, "GET", "PUT")
        if method == "GET":
            return 200, self.emitter.options.as_json()
        self.emitter.set_options(self.emitter.read_options(_read(body)))
        return 200, _OK

    def _group(self, method: str, key: Key, body: bytes) -> Answer:
        _only(method, "GET", "PUT", "DELETE")
        if method == "GET":
            return 200, {"state": int(self.emitter.life(key).state)}
        if method == "DELETE":
            self.emitter.delete(key)
            return 204, None
        self.emitter.configure(read_configuration(key, _read(body)))
        return 200, _OK

    async def _automatic(self, fields: Mapping[str, Any]) -> None:
        request, cause = fields.get("request"), fields.get("cause")
        if not isinstance(request, str) or request not in _AUTOMATIC:
            raise Unreadable(f"request must be one of {', '.join(sorted(_AUTOMATIC))}")
        if cause not in {"schedule", "condition"}:
            raise Unreadable("cause must be schedule or condition")
        await self._request(REQUESTS[request], Cause(cause), fields)

    async def _request(self, action: Action, cause: Cause, fields: Mapping[str, Any]) -> None:
        data = read_object(fields.get("data"), "data")
        if not isinstance(data.get("requestProperties", []), list):
            raise Unreadable("requestProperties must be an array")
        await self.emitter.request(read_key(data), action, read_dialing(data), cause)


async def _body(request: web.BaseRequest) -> bytes:
    try:
        return await request.read()
    except (web.RequestPayloadError, http_exceptions.HttpProcessingError):
        raise Unreadable("the body cannot be read: its encoding or its length is wrong") from None


def _only(method: str, *allowed: str) -> None:
    if method not in allowed:
        raise NotAllowed(*allowed)


def _read(body: bytes) -> object:
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the body is not readable JSON: {error}") from None


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _problem(status: int, fact: Exception) -> Answer:
    return status, {"status": {"code": status, "message": str(fact)}}
