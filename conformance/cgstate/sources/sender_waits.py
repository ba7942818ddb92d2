"""Waiting for a socket, for no longer than a deadline, and so that another thread or a signal can end it."""

import contextlib
import select
import socket
from typing import TYPE_CHECKING

from cgstate.clock import now

if TYPE_CHECKING:
    from collections.abc import Sequence


class Interrupted(Exception):  # noqa: N818 - named for the fact
    """The user ends the run: nothing is awaited any more."""


class TooLate(Exception):  # noqa: N818 - named for the fact
    """The deadline is over."""


class Waits:
    """The waits of one sender: `interrupt` ends them all, those to come included."""

    def __init__(self) -> None:
        """Make the socket by which waits are ended."""
        self._woken, self._waker = socket.socketpair()
        self._waker.setblocking(False)
        self.over = False

    def interrupt(self) -> None:
        """End all waits with `Interrupted`; without a lock, so that a signal handler may call it."""
        self.over = True
        with contextlib.suppress(OSError):
            self._waker.send(b"!")  # never read again: it wakes every wait

    def close(self) -> None:
        """Close the sockets; no wait may be under way."""
        self._woken.close()
        self._waker.close()

    def wait(self, sock: socket.socket, deadline: float, *, reading: bool = True, writing: bool = False) -> None:
        """Return when the socket can be read or written, as asked; `TooLate` at the deadline, `Interrupted` else."""
        left = deadline - now()
        if not self.over and left > 0:
            ready = _ready(self._woken, sock, left, reading=reading, writing=writing)
            if ready and not self.over:
                return
        if self.over:
            raise Interrupted
        raise TooLate


if hasattr(select, "poll"):

    def _ready(woken: socket.socket, sock: socket.socket, left: float, *, reading: bool, writing: bool) -> bool:
        poll = select.poll()
        poll.register(woken, select.POLLIN)
        poll.register(sock, (select.POLLIN if reading else 0) | (select.POLLOUT if writing else 0))
        # Up, so that the time is over when the wait is.
        return bool(poll.poll(int(left * 1000) + 1))

else:  # Windows

    def _ready(woken: socket.socket, sock: socket.socket, left: float, *, reading: bool, writing: bool) -> bool:
        readers: Sequence[socket.socket] = (woken, sock) if reading else (woken,)
        writers: Sequence[socket.socket] = (sock,) if writing else ()
        # There a connection that failed is told as an exception alone.
        return any(select.select(readers, writers, writers, left))
