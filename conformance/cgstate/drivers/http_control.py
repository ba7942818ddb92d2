"""Drive an emitter through the control API over HTTP: the five client requests and the hooks it has."""

import http
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cgstate.drivers import wire
from cgstate.drivers.driver import Driver, DriverTrouble, LoginRefused, Options, Refused, Unreachable
from cgstate.drivers.sessions import Sessions, reason_of
from cgstate.drivers.text import base_uri, one_line
from cgstate.evidence import Cause, Dialing, GroupConfiguration
from cgstate.redact import redact
from cgstate.specification.codes import Action

if TYPE_CHECKING:
    import requests

_REFUSALS = frozenset({http.HTTPStatus.NOT_FOUND, http.HTTPStatus.CONFLICT})
_LOGIN = frozenset(
    {http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN, http.HTTPStatus.PROXY_AUTHENTICATION_REQUIRED}
)
_REDIRECTS = range(300, 400)
_SUCCESSES = range(200, 300)


class HttpControl(Driver):
    """An emitter behind the control API (``control.openapi.json``).

    Making one asks ``GET {base}/conformance`` for the hooks, and so raises `Unreachable` where nothing
    answers and `ValueError` where the base URI is none. Redirects are never followed: a request
    that makes people's telephones ring goes where the user said and nowhere else.
    """

    def __init__(
        self,
        base: str,
        *,
        timeout: float = 10.0,
        headers: Mapping[str, str] | None = None,
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
    ) -> None:
        """Connect to the control API at `base`.

        `timeout` is in seconds, for connecting and for each wait for the answer; `verify` False or a file
        of certificate authorities; `cert` a client certificate, or (certificate, key).
        """
        self.base = base_uri(base)
        self._timeout = timeout
        self._sessions = Sessions(self.base, headers=headers or {}, verify=verify, cert=cert)
        self.name = redact(self.base)
        self._has_headers, self._has_cert = bool(headers), cert is not None
        try:
            declared = self._declaration()
        except BaseException:
            self._sessions.close()
            raise
        self.capabilities = declared.capabilities
        self.actors = declared.actors
        self.dial_modes = declared.dial_modes
        self.acts_by_itself = declared.acts_by_itself

    def load(self, group: GroupConfiguration) -> None:
        """``POST {base}/load-campaign``."""
        self._request(Action.LOAD, group)

    def unload(self, group: GroupConfiguration) -> None:
        """``POST {base}/unload-campaign``."""
        self._request(Action.UNLOAD, group)

    def start(self, group: GroupConfiguration, dialing: Dialing) -> None:
        """``POST {base}/start-dialing``."""
        self._request(Action.START, group, dialing)

    def stop(self, group: GroupConfiguration) -> None:
        """``POST {base}/stop-dialing``."""
        self._request(Action.STOP, group)

    def set_dialing_mode(self, group: GroupConfiguration, dialing: Dialing) -> None:
        """``POST {base}/set-dialing-mode``."""
        self._request(Action.SET_DIALING_MODE, group, dialing)

    def options(self) -> Options:
        """``GET {base}/conformance/options``."""
        return wire.options_from(self._object("GET", "/conformance/options"))

    def set_options(self, options: Options) -> None:
        """``PUT {base}/conformance/options``."""
        self._send("PUT", "/conformance/options", wire.options_body(options))

    def create_group(self, group: GroupConfiguration) -> None:
        """``PUT {base}/conformance/campaign-groups/{campaignId}/{groupId}``; `Refused` where it is loaded."""
        self._send("PUT", _path(group), wire.configuration_of(group), refusable=True)

    def delete_group(self, group: GroupConfiguration) -> None:
        """``DELETE`` of the same path; an unknown group is as good as deleted."""
        try:
            self._send("DELETE", _path(group), refusable=True)
        except Refused as refusal:
            if not str(refusal).startswith("404"):
                raise

    def group_state(self, group: GroupConfiguration) -> int:
        """``GET`` of the same path."""
        state = self._object("GET", _path(group), refusable=True).get("state")
        if not wire.is_integer(state):
            raise DriverTrouble(f"GET {_path(group)}: the answer has no integer state")
        return int(str(state))

    def automatic(self, group: GroupConfiguration, action: Action, cause: Cause) -> None:
        """``POST {base}/conformance/automatic``."""
        body = wire.automatic_of(group.key, action, cause)
        self._accepted(self._send("POST", "/conformance/automatic", body, refusable=True), "/conformance/automatic")

    def close(self) -> None:
        """Close the connections of all threads."""
        self._sessions.close()

    def _request(self, action: Action, group: GroupConfiguration, dialing: Dialing | None = None) -> None:
        path = f"/{action.request}"
        self._accepted(self._send("POST", path, wire.data_of(group.key, dialing), refusable=True), path)

    def _declaration(self) -> wire.Declaration:
        response = self._exchange("GET", "/conformance", None)
        if response.status_code not in _SUCCESSES:
            if response.status_code >= http.HTTPStatus.INTERNAL_SERVER_ERROR and (
                response.status_code != http.HTTPStatus.NOT_IMPLEMENTED
            ):
                raise DriverTrouble(_trouble("GET", "/conformance", response))
            return wire.Declaration()
        document = _document(response)
        return wire.declaration_from(document) if isinstance(document, dict) else wire.Declaration()

    def _object(self, method: str, path: str, *, refusable: bool = False) -> dict[str, Any]:
        document = _document(self._send(method, path, refusable=refusable))
        if not isinstance(document, dict):
            raise DriverTrouble(f"{method} {path}: the answer is no JSON object")
        return document

    def _accepted(self, response: "requests.Response", path: str) -> None:
        """Check that a 2xx says yes: an empty body or ``{"status": {"code": 0}}``."""
        if not response.content:
            return
        document = _document(response)
        if not isinstance(document, dict):
            raise DriverTrouble(f"POST {path}: answered {response.status_code} with something that is no JSON object")
        status = document.get("status")
        code = status.get("code") if isinstance(status, dict) else None
        if code not in (0, None):
            raise DriverTrouble(
                f"POST {path}: answered {response.status_code} with status code {one_line(str(code))}: "
                f"{_message(response)}"
            )

    def _send(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, refusable: bool = False
    ) -> "requests.Response":
        response = self._exchange(method, path, body)
        if response.status_code in _SUCCESSES:
            return response
        if refusable and response.status_code in _REFUSALS:
            raise Refused(f"{response.status_code}: {_message(response)}")
        raise DriverTrouble(_trouble(method, path, response))

    def _exchange(self, method: str, path: str, body: Mapping[str, Any] | None) -> "requests.Response":
        import requests  # noqa: PLC0415 - 86 ms that a run without an emitter need not pay

        try:
            response = self._sessions.request(method, self.base + path, body, self._timeout)
        except (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError) as error:
            raise Unreachable(self._unreachable(reason_of(error).sentence)) from error
        except requests.exceptions.Timeout as error:
            raise DriverTrouble(f"{method} {path}: no answer within {self._timeout:g} s") from error
        except requests.exceptions.ConnectionError as error:
            reason = reason_of(error)
            if reason.never_connected:
                raise Unreachable(self._unreachable(reason.sentence)) from error
            raise DriverTrouble(f"{method} {path}: {reason.sentence}{self._aftermath()}") from error
        except (requests.exceptions.RequestException, OSError) as error:
            raise DriverTrouble(f"{method} {path}: {reason_of(error).sentence}{self._aftermath()}") from error
        if response.status_code in _LOGIN:
            raise LoginRefused(f"{self.name} {self._hint(response.status_code)}")
        return response

    def _hint(self, status: int) -> str:
        if status == http.HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            return f"is behind a proxy that refused the login ({status}); see the variables HTTP_PROXY and NO_PROXY"
        cert = "" if self._has_cert else ", or --emitter-cert"
        if self._has_headers:
            return f"refused the login ({status}), whatever --emitter-header says; see it{cert}"
        return (
            f"refused the login ({status}): give its credentials, for example "
            f"--emitter-header 'Authorization: ...'{cert}"
        )

    def _unreachable(self, sentence: str) -> str:
        return f"nothing answers at {self.name}: {sentence}{self._aftermath()}"

    def _aftermath(self) -> str:
        """Return what else is known when a request fails, beginning with a separator; for subclasses."""
        return ""


def _path(group: GroupConfiguration) -> str:
    return f"/conformance/campaign-groups/{group.campaign_id}/{group.group_id}"


def _document(response: "requests.Response") -> object:
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None


def _message(response: "requests.Response") -> str:
    document = _document(response)
    status = document.get("status") if isinstance(document, dict) else None
    message = status.get("message") if isinstance(status, dict) else None
    if isinstance(message, str) and message:
        return one_line(message)
    return one_line(response.content[:400].decode("utf-8", "replace")) or "(no text)"


def _trouble(method: str, path: str, response: "requests.Response") -> str:
    code = response.status_code
    if code in _REDIRECTS:
        target = one_line(redact(response.headers.get("Location", "(nowhere)")))
        return f"{method} {path}: redirected ({code}) to {target}; redirects are not followed, give the final base URI"
    return f"{method} {path}: answered {code}: {_message(response)}"
