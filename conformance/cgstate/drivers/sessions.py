"""HTTP connections to a control API: one kept-alive session for each thread, and why one could not be made."""

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cgstate.drivers.text import one_line
from cgstate.peer import is_loopback

if TYPE_CHECKING:
    import requests


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a request got no answer."""

    sentence: str
    never_connected: bool
    """No request can have reached the emitter."""


class Sessions:
    """A `requests.Session` for each thread that asks; sessions are not made for sharing."""

    def __init__(
        self, base: str, *, headers: Mapping[str, str], verify: bool | str, cert: str | tuple[str, str] | None
    ) -> None:
        """Keep what every session needs; nothing is connected yet."""
        self._headers = dict(headers)
        self._verify = _verify(verify)
        self._cert = cert
        self._proxies = _proxies(base)
        self._own = threading.local()
        self._made: list[requests.Session] = []
        self._lock = threading.Lock()

    def request(self, method: str, uri: str, body: Mapping[str, Any] | None, timeout: float) -> "requests.Response":
        """Send one request, with `body` as JSON, and read the whole answer; redirects are not followed."""
        if self._verify is False:
            self._no_warning()
        session: requests.Session | None = getattr(self._own, "session", None)
        if session is None:
            session = self._own.session = self._make()
        return session.request(method, uri, json=body, timeout=timeout, allow_redirects=False)

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            made, self._made = self._made, []
            self._own = threading.local()
        for session in made:
            session.close()

    def _make(self) -> "requests.Session":
        import requests  # noqa: PLC0415 - late, see http_control

        session = requests.Session()
        # A netrc would override the credentials that the user gave, a proxy would capture loopback;
        # and it is a quarter faster.
        session.trust_env = False
        session.proxies.update(self._proxies)
        session.headers.update(self._headers)
        session.verify = self._verify
        session.cert = self._cert
        with self._lock:
            self._made.append(session)
        return session

    @staticmethod
    def _no_warning() -> None:
        """The user said --emitter-insecure: urllib3 need not say so at every request."""
        import urllib3  # noqa: PLC0415 - late, see http_control

        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)


def _verify(verify: bool | str) -> bool | str:  # noqa: FBT001 - the shape that requests gives it
    if verify is True:
        return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    return verify


def _proxies(base: str) -> dict[str, str]:
    """Return the environment's proxies for `base`; none for loopback, whatever the environment says."""
    if is_loopback(urlsplit(base).hostname or ""):
        return {}
    from requests.utils import get_environ_proxies  # noqa: PLC0415 - late, see http_control

    return get_environ_proxies(base)


def reason_of(error: BaseException) -> Reason:
    """Say in one sentence why a request failed; URIs and addresses of objects in the library's text are left out."""
    import requests  # noqa: PLC0415 - late, see http_control
    import urllib3  # noqa: PLC0415 - late, see http_control

    causes = causes_of(error)
    text = _text(causes)
    sentences: tuple[tuple[type[BaseException], str], ...] = (
        (urllib3.exceptions.NameResolutionError, "the host name is unknown; check its spelling"),
        (ConnectionRefusedError, "connection refused; check host and port, and that the emitter runs"),
        (requests.exceptions.SSLError, f"TLS failed ({text}); check --emitter-cacert and the host name"),
        (requests.exceptions.ProxyError, f"the proxy failed ({text}); see the variables HTTP_PROXY and NO_PROXY"),
        (requests.exceptions.ConnectTimeout, "connecting took too long; check host and port, and firewalls between"),
        (urllib3.exceptions.NewConnectionError, f"no connection ({text}); check host and port"),
    )
    for kind, sentence in sentences:
        if any(isinstance(cause, kind) for cause in causes):
            return Reason(sentence, never_connected=True)
    return Reason(f"the connection broke before a readable answer came ({text})", never_connected=False)


def causes_of(error: BaseException) -> list[BaseException]:
    """Return the error and all that it was made of, outermost first."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        candidate = waiting.pop(0)
        if not isinstance(candidate, BaseException) or any(candidate is known for known in found):
            continue
        found.append(candidate)
        waiting += [getattr(candidate, "reason", None), candidate.__cause__, candidate.__context__, *candidate.args]
    return found


def _text(causes: list[BaseException]) -> str:
    """Return the innermost system error in words; the libraries' own texts hold URIs."""
    for cause in reversed(causes):
        if isinstance(cause, OSError) and cause.strerror:
            return one_line(cause.strerror, 120)
    return type(causes[-1]).__name__
