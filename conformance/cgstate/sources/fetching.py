"""Ask an HTTP server for something: one request, one answer in bounded time and size, every failure one clear line."""

import json
import re
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cgstate import clock
from cgstate.drivers.sessions import causes_of
from cgstate.drivers.text import one_line
from cgstate.peer import Peer

if TYPE_CHECKING:
    import requests

_PATIENCE: Final = 20
"""A whole answer may take this many times as long as one wait within it."""
_LARGEST: Final = 1024 * 1024 * 1024
_CHUNK: Final = 256 * 1024
_LOGIN: Final = frozenset({401, 403, 407})
_DEEPEST: Final = 200
"""Levels of a message that are kept: the judge keeps as many of what was sent."""
_MOST_DIGITS: Final = 4300
_BRACKET_OR_STRING: Final = re.compile(r'[\[\]{}]|"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)


class FetchTrouble(Exception):  # noqa: N818 - named for the fact
    """There is no usable answer; the text is one printable line without secrets."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    body: bytes

    @property
    def success(self) -> bool:
        """Whether it is a 2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the class of success


class Fetcher:
    """Asks one peer, over a connection that is kept; not for several threads at once."""

    def __init__(self, peer: Peer, *, timeout: float) -> None:
        """Connect to nothing yet. `timeout`: seconds for connecting and for each wait within an answer."""
        self.peer = peer
        self._timeout = timeout
        self._session: requests.Session | None = None

    def ask(self, method: str, uri: str, body: bytes | None = None, content_type: str = "application/json") -> Answer:
        """Send one request and return the whole answer; `FetchTrouble` where none comes, or a login is refused.

        No redirect is followed: the credentials go where the user said and nowhere else.
        """
        import requests  # noqa: PLC0415 - late: --help is quick
        import urllib3  # noqa: PLC0415 - the same

        headers = {"Accept": "application/json"} | ({"Content-Type": content_type} if body is not None else {})
        try:
            if self._session is None:
                self._session = self.peer.requests_session()
            with self._session.request(
                method,
                uri,
                data=body,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                answer = Answer(response.status_code, self._whole(response))
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise FetchTrouble(f"{self.peer.shown}: {self._reason(error)}") from error
        if answer.status in _LOGIN:
            raise FetchTrouble(f"{self.peer.shown}: {self.peer.login_hint(answer.status)}")
        return answer

    def close(self) -> None:
        """Close the connection."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def _whole(self, response: "requests.Response") -> bytes:
        until = clock.now() + _PATIENCE * self._timeout
        whole = bytearray()
        for piece in response.iter_content(_CHUNK):
            whole += piece
            if len(whole) > _LARGEST:
                raise FetchTrouble(f"{self.peer.shown}: the answer is larger than {_LARGEST} bytes")
            if clock.now() > until:
                raise FetchTrouble(f"{self.peer.shown}: no whole answer within {_PATIENCE * self._timeout:g} s")
        return bytes(whole)

    def _reason(self, error: BaseException) -> str:
        """Say why there is no answer; the libraries' own texts hold URIs and addresses of objects."""
        import requests  # noqa: PLC0415 - late: --help is quick
        import urllib3  # noqa: PLC0415 - the same

        causes = causes_of(error)
        system = next((c.strerror for c in reversed(causes) if isinstance(c, OSError) and c.strerror), None)
        text = one_line(str(system or type(causes[-1]).__name__), 120)
        sentences: tuple[tuple[type[BaseException], str], ...] = (
            (urllib3.exceptions.NameResolutionError, "the host name is unknown; check its spelling"),
            (ConnectionRefusedError, "connection refused; check host and port, and that the server runs"),
            (ssl.SSLCertVerificationError, f"TLS failed ({_why_distrusted(causes)}); see {self.peer.named('cacert')}"),
            (requests.exceptions.SSLError, f"TLS failed ({text}); check that the server speaks https"),
            (requests.exceptions.ProxyError, f"the proxy failed ({text}); see http_proxy, https_proxy, no_proxy"),
            (requests.exceptions.ConnectTimeout, "connecting took too long; check host and port"),
            (urllib3.exceptions.ReadTimeoutError, f"no answer within {self._timeout:g} s"),
            (urllib3.exceptions.NewConnectionError, f"no connection ({text}); check host and port"),
        )
        for kind, sentence in sentences:
            if any(isinstance(cause, kind) for cause in causes):
                return sentence
        return f"the connection broke before a readable answer came ({text})"


def _why_distrusted(causes: list[BaseException]) -> str:
    found = next((c.verify_message for c in causes if isinstance(c, ssl.SSLCertVerificationError)), "")
    return one_line(found or "the certificate is not trusted", 120)


def read_json(body: bytes, *, around: int = 0) -> Any:  # noqa: ANN401 - JSON
    """Return the JSON value of an answer, numbers as they were written (5 and 5.0 differ).

    Of messages that are nested deep, None stands for what lies deeper than the judge looks; `around` is the number
    of brackets around a message. Bytes that are no UTF-8, which Elasticsearch takes and gives back, become halves of
    surrogate pairs, so that they differ from any text. ValueError where it is no JSON.
    """
    text = body.decode(errors="surrogateescape")
    try:
        return json.loads(text)
    except RecursionError:
        text = _shallow(text, _DEEPEST + around)
    except ValueError:
        # No JSON; or an integer of thousands of digits, which Python refuses to convert.
        pass
    return json.loads(text, parse_int=_integer)


def _integer(text: str) -> int | float:
    return int(text) if len(text) <= _MOST_DIGITS else float("-inf" if text.startswith("-") else "inf")


def _shallow(text: str, deepest: int) -> str:
    """Return the text with ``null`` for every bracket that is opened more than `deepest` levels deep."""
    kept: list[str] = []
    depth = begin = 0
    for match in _BRACKET_OR_STRING.finditer(text):
        found = match[0]
        if found in "[{":
            depth += 1
            if depth == deepest + 1:
                kept += [text[begin : match.start()], "null"]
        elif found in "]}":
            if depth == deepest + 1:
                begin = match.end()
            depth -= 1
    return "".join(kept) + text[begin:]
