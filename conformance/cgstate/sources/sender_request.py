"""Parcels as bytes: the request exactly as it goes out, and what is recorded of it."""

from urllib.parse import urlsplit

import cgstate
from cgstate.peer import PORTS
from cgstate.redact import redact
from cgstate.sending import Delivery, Parcel
from cgstate.sources.sender_reach import Route

Headers = tuple[tuple[str, str], ...]

_WITHOUT_BODY = frozenset({"GET", "HEAD"})
_CHUNKS = 3
_LARGEST_CHUNK = 64 * 1024


class RequestWriter:
    """Writes the requests for one peer. Each head is made once: parcels differ in few ways."""

    def __init__(self, route: Route) -> None:
        """The peer's URI gives Host and target."""
        parts = urlsplit(route.peer.uri)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        host = f"[{route.host}]" if ":" in route.host else route.host
        if route.port != PORTS[parts.scheme]:
            host = f"{host}:{route.port}"
        self.target = redact(path)
        """What is recorded as the request's target: without secrets, and without the host that a proxy is told."""
        self._own: Headers = (("Host", host), ("User-Agent", f"cgstate/{cgstate.__version__}"), ("Accept", "*/*"))
        given = {name.lower() for name, _ in route.peer.headers}
        self._own = tuple(header for header in self._own if header[0].lower() not in given)
        self._secret: Headers = route.peer.headers
        if route.absolute and route.proxy_login:
            self._secret = (*self._secret, ("Proxy-Authorization", route.proxy_login))
        self._line = f"{parts.scheme}://{host}{path}" if route.absolute else path
        self._heads: dict[tuple[str, Headers], bytes] = {}

    def headers(self, parcel: Parcel) -> Headers:
        """Return the headers of the parcel's request, without the credentials, in the order in which they go out."""
        return (*self._own, *parcel.headers, *_framing(parcel))

    def data(self, parcel: Parcel) -> bytes:
        """Return all that is sent of the parcel's request: of one that is cut or dropped, half of its body."""
        key = (parcel.method, parcel.headers)
        head = self._heads.get(key)
        if head is None:
            lines = [f"{parcel.method} {self._line} HTTP/1.1"]
            lines += [f"{name}: {value}" for name, value in (*self._own, *self._secret, *parcel.headers)]
            head = self._heads[key] = "".join(f"{line}\r\n" for line in lines).encode("latin-1")
        framing = "".join(f"{name}: {value}\r\n" for name, value in _framing(parcel)).encode("ascii")
        return head + framing + b"\r\n" + _payload(parcel)


def _framing(parcel: Parcel) -> Headers:
    if parcel.delivery is Delivery.CHUNKED:
        return (("Transfer-Encoding", "chunked"),)
    if not parcel.body and parcel.method in _WITHOUT_BODY:
        return ()
    return (("Content-Length", str(len(parcel.body))),)


def _payload(parcel: Parcel) -> bytes:
    if parcel.delivery is Delivery.CHUNKED:
        return _chunked(parcel.body)
    if parcel.delivery is Delivery.WHOLE:
        return parcel.body
    return parcel.body[: len(parcel.body) // 2]


def _chunked(body: bytes) -> bytes:
    """Return the body in several chunks, cut where it happens to be cut: within a character too."""
    size = min(max(1, -(-len(body) // _CHUNKS)), _LARGEST_CHUNK)
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
