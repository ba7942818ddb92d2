"""Getting a port to listen on, and saying in one line why it cannot be had."""

import errno
import os
import socket
from typing import Final

BACKLOG: Final = 4096
_WANTED_DESCRIPTORS: Final = 65536
_LAST_PORT: Final = 65535
_ANY_ADDRESS: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}  # noqa: S104 - compared, not bound


class CannotListen(Exception):  # noqa: N818 - named for the fact
    """The host and port cannot be listened on; the text is one line that says why and what to do."""


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to the host's first address, not listening yet; raises `CannotListen`."""
    where = f"{uri_host(host)}:{port}"
    if not 0 <= port <= _LAST_PORT:
        raise CannotListen(f"cannot listen on {where}: a port is a number from 0 to {_LAST_PORT}")
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError):
        raise CannotListen(f"cannot listen on {where}: the host {host!r} is not known") from None
    family, kind, protocol, _, address = found[0]
    try:
        bound = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotListen(f"cannot listen on {where}: {error.strerror}") from None
    try:
        if os.name == "posix":  # elsewhere it would let two servers share the port
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        if port:
            bound.listen(BACKLOG)  # some systems tell only here that the port is in use
    except OSError as error:
        bound.close()
        raise CannotListen(f"cannot listen on {where}: {_reason(error)}") from None
    return bound


def hold_port(host: str, port: int) -> socket.socket | None:
    """Return a socket that has the port and does not listen: connections are refused, and nobody else gets it.

    Without it the port is free for the length of a refusal, and on loopback a client that connects to a free port
    may be given that very port as its own and so reach itself. None where the port is gone already.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    held = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(address)
    except OSError:
        held.close()
        return None
    return held


def uri_host(host: str) -> str:
    """Return the host as it stands in a URI: IPv6 in brackets; an address that means "any" becomes loopback."""
    host = _ANY_ADDRESS.get(host, host)
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def allow_many_connections() -> None:
    """Raise this process's soft limit of open descriptors: the usual 1024 is less than a burst of 2,000 connections."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(_WANTED_DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _reason(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "the port is in use; choose another one, or 0 for any that is free"
    if error.errno == errno.EADDRNOTAVAIL:
        return "no interface of this machine has that address"
    if error.errno == errno.EACCES:
        return "this user may not listen on that port"
    return error.strerror or str(error)
