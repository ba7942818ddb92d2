"""Reaching a peer: name, address, proxy, TLS; each step can be ended, and each failure says what to look at."""

import base64
import contextlib
import errno
import os
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from cgstate.clock import now
from cgstate.peer import PORTS, Peer
from cgstate.redact import keep_secret
from cgstate.sources.sender_answer import AnswerReader, Garbage
from cgstate.sources.sender_waits import TooLate, Waits

if TYPE_CHECKING:
    from collections.abc import Sequence

READ = 32 * 1024
_PROXY_PORT = 80
_ALERTS = {
    "CERTIFICATE_REQUIRED": "it wants a client certificate: give {cert}",
    "UNKNOWN_CA": "it does not know who signed the client certificate of {cert}",
    "BAD_CERTIFICATE": "it does not take the client certificate of {cert}",
    "UNSUPPORTED_CERTIFICATE": "it does not take the client certificate of {cert}",
    "CERTIFICATE_EXPIRED": "the client certificate of {cert} has expired",
    "CERTIFICATE_REVOKED": "the client certificate of {cert} is revoked",
    "CERTIFICATE_UNKNOWN": "it does not take the client certificate of {cert}",
    "HANDSHAKE_FAILURE": "no common TLS version or cipher, or it wants a client certificate: see {cert}",
    "WRONG_VERSION_NUMBER": "no TLS is spoken at this port; is it an http:// URI?",
    "RECORD_LAYER_FAILURE": "no TLS is spoken at this port; is it an http:// URI?",
    "HTTP_REQUEST": "no TLS is spoken at this port; is it an http:// URI?",
    "PROTOCOL_VERSION": "no common TLS version",
    "UNSUPPORTED_PROTOCOL": "no common TLS version",
}


class Unreached(Exception):  # noqa: N818 - named for the fact
    """No connection came about; the text says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where the bytes for a peer go; made once, since the environment is read for it."""

    peer: Peer
    host: str
    port: int
    proxy: tuple[str, int] | None
    proxy_login: str | None
    """The value of Proxy-Authorization."""
    tls: ssl.SSLContext | None

    @property
    def absolute(self) -> bool:
        """Whether requests name the whole URI: a proxy takes them as they are."""
        return self.proxy is not None and self.tls is None

    @property
    def authority(self) -> str:
        """Host and port of the peer, for a CONNECT."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def route_to(peer: Peer) -> Route:
    """Return the way to the peer; `BadPeer` where its TLS files cannot be used."""
    parts = urlsplit(peer.uri)
    proxy = peer.proxy
    address, login = None, None
    if proxy is not None:
        via = urlsplit(proxy)
        address = (via.hostname or "", via.port or _PROXY_PORT)
        if via.username is not None:
            credentials = f"{unquote(via.username)}:{unquote(via.password or '')}"
            login = "Basic " + base64.b64encode(credentials.encode()).decode("ascii")
            keep_secret(login)
    tls = peer.ssl_context() if parts.scheme == "https" else None
    return Route(peer, parts.hostname or "", parts.port or PORTS[parts.scheme], address, login, tls)


def reach(route: Route, waits: Waits, deadline: float) -> socket.socket:
    """Return a connected, non-blocking socket that the peer's requests can be written to.

    Raises `Unreached`, and `Interrupted`; the deadline is in seconds of `cgstate.clock`. (A name that is looked up
    can't be given up: that takes as long as the system allows.)
    """
    host, port = route.proxy or (route.host, route.port)
    whose = "the proxy: " if route.proxy else ""
    try:
        sock = _connect(_addresses(host, port), waits, deadline)
    except TooLate:
        raise Unreached(f"{whose}connecting took too long; check host and port, and firewalls between") from None
    except ConnectionRefusedError:
        raise Unreached(f"{whose}connection refused; check host and port, and that it runs") from None
    except UnicodeError:
        raise Unreached(f"{whose}the host name cannot be looked up; check its spelling") from None
    except socket.gaierror as error:
        raise Unreached(f"{whose}the host name is unknown ({error.strerror}); check its spelling") from None
    except OSError as error:
        raise Unreached(f"{whose}no connection ({in_words(error)}); check host and port") from None
    try:
        if route.tls is None:
            return sock
        if route.proxy:
            _tunnel(sock, route, waits, deadline)
        return _secure(sock, route, waits, deadline)
    except BaseException:
        sock.close()
        raise


def in_words(error: BaseException) -> str:
    """Return a system error in words, for example ``Connection reset by peer``."""
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__


def tls_trouble(error: ssl.SSLError, peer: Peer) -> str:
    """Say in one sentence why TLS failed, and which option to look at."""
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message or "the certificate is not believed"
        return f"its certificate is not believed ({why.rstrip('.')}); see {peer.named('cacert')} and the host name"
    reason = error.reason or ""
    for ending, sentence in _ALERTS.items():
        if reason.endswith(ending):
            return "TLS failed: " + sentence.format(cert=peer.named("cert"))
    return f"TLS failed ({reason.replace('_', ' ').lower() or in_words(error)})"


Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str, int] | tuple[str, int, int, int]]


def _addresses(host: str, port: int) -> "Sequence[Address]":
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)  # type: ignore[return-value] # no raw numbers here


def _connect(addresses: "Sequence[Address]", waits: Waits, deadline: float) -> socket.socket:
    """Return a socket connected to the first address that answers; each gets its share of the time."""
    failure: BaseException = OSError("no address")
    for index, (family, kind, protocol, _, address) in enumerate(addresses):
        began = now()
        share = began + (deadline - began) / (len(addresses) - index)
        try:
            sock = socket.socket(family, kind, protocol)
        except OSError as error:
            failure = error
            continue
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _finish_connecting(sock, address, waits, share)
        except (OSError, TooLate) as error:
            failure = error
            sock.close()
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise failure


def _finish_connecting(sock: socket.socket, address: tuple[object, ...], waits: Waits, deadline: float) -> None:
    code = sock.connect_ex(address)
    if code in (errno.EINPROGRESS, errno.EWOULDBLOCK):
        waits.wait(sock, deadline, reading=False, writing=True)
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))


def _tunnel(sock: socket.socket, route: Route, waits: Waits, deadline: float) -> None:
    """Have the proxy connect to the peer."""
    lines = [f"CONNECT {route.authority} HTTP/1.1", f"Host: {route.authority}"]
    if route.proxy_login:
        lines.append(f"Proxy-Authorization: {route.proxy_login}")
    sock.send("\r\n".join([*lines, "", ""]).encode("latin-1"))
    reader = AnswerReader(to_head=True)  # what follows the head of a 2xx is the tunnel
    try:
        while not reader.whole:
            waits.wait(sock, deadline)
            data = sock.recv(1)  # not a byte of what belongs to TLS
            if not data:
                raise Unreached("the proxy ended the connection")
            reader.feed(data)
    except Garbage as garbage:
        raise Unreached(f"the proxy: {garbage}") from None
    except TooLate:
        raise Unreached("the proxy did not answer in time") from None
    except OSError as error:
        raise Unreached(f"the proxy: {in_words(error)}") from None
    if reader.status is None or not 200 <= reader.status < 300:  # noqa: PLR2004 - the class of success
        raise Unreached(f"the proxy refused the connection ({reader.status}); see https_proxy and no_proxy")


def _secure(sock: socket.socket, route: Route, waits: Waits, deadline: float) -> socket.socket:
    if route.tls is None:
        return sock
    secure = route.tls.wrap_socket(sock, server_hostname=route.host, do_handshake_on_connect=False)
    try:
        while True:
            with contextlib.suppress(ssl.SSLWantReadError):
                secure.do_handshake()
                return secure
            waits.wait(secure, deadline)
    except TooLate:
        raise Unreached("TLS: the handshake took too long; is it an http:// URI?") from None
    except ssl.SSLError as error:
        if isinstance(error, ssl.SSLEOFError):
            raise Unreached("TLS failed: the other side ended the connection during the handshake") from None
        raise Unreached(tls_trouble(error, route.peer)) from None
    except OSError as error:
        raise Unreached(f"TLS failed: {in_words(error)} during the handshake") from None
    finally:
        if secure.fileno() >= 0 and secure.version() is None:
            secure.close()
