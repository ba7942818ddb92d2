"""One connection to a receiver: a request goes out, its answer comes in, and what went wrong is told.

The socket never blocks: while a large body is still going out, what comes in is read, so that an early answer is seen
as that answer, even where the receiver then resets the connection.
"""

import contextlib
import socket
import ssl
import struct
import sys
from dataclasses import dataclass
from enum import Enum

from cgstate.clock import now
from cgstate.sending import Trouble
from cgstate.sources.sender_answer import AnswerReader, Garbage
from cgstate.sources.sender_reach import READ, Route, in_words, tls_trouble
from cgstate.sources.sender_waits import TooLate, Waits

_WRITE = 128 * 1024
_LINGER_ZERO = struct.pack("ii", 1, 0)
_WOULD_BLOCK = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
_TCP_CLOSED = 7


class Ending(Enum):
    """What this side does when its bytes are out."""

    NONE = "none"
    HALF = "half"
    """It ends its half of the connection, and awaits the answer."""
    RESET = "reset"
    """It resets the connection, and awaits nothing."""


@dataclass(slots=True)
class Outcome:
    """What became of one request."""

    began: float
    ended: float
    answer: AnswerReader | None = None
    """The answer, which is whole."""
    trouble: Trouble | None = None
    detail: str = ""
    crossed: bool = False
    """Whether the connection had been kept, and its end may have been on its way before the request arrived."""


class Connection:
    """A connection that `reach` made. It belongs to one lane at a time."""

    def __init__(self, number: int, sock: socket.socket, route: Route, waits: Waits) -> None:
        """`number` is unique in its run."""
        self.number = number
        self.served = 0
        """How many whole answers came over it."""
        self.usable = True
        """Whether another request may go over it."""
        self._half_ended = False
        self._sock = sock
        self._route = route
        self._waits = waits

    def close(self) -> None:
        """End it in good order."""
        self.usable = False
        self._sock.close()

    def ended_by_peer(self, within: float = 0.0) -> bool:
        """Whether the other side has ended it while it was idle, or does so within that many seconds.

        So a connection that was closed *before* a request goes out is told from one that is closed *because* of it.
        Bytes that nobody asked for count as its end too: no later answer could be told from them.
        """
        if within > 0:
            with contextlib.suppress(TooLate):
                self._waits.wait(self._sock, now() + within)
        try:
            self._sock.recv(1)
        except _WOULD_BLOCK:  # TLS session tickets are read on the way
            return False
        except OSError:
            return True
        return True

    def exchange(self, data: bytes, *, timeout: float, to_head: bool = False, ending: Ending = Ending.NONE) -> Outcome:
        """Send `data`, the bytes of one request, and read its whole answer within `timeout` seconds.

        Only where the answer came whole, in good order and with the connection kept, is it `usable` afterwards; else
        it is closed. Raises `Interrupted`.
        """
        outcome = Outcome(now(), 0.0)
        reader = AnswerReader(to_head=to_head)
        try:
            self._exchange(reader, data, ending, outcome, outcome.began + timeout)
        except BaseException:
            self.close()
            raise
        if not outcome.ended:
            outcome.ended = now()
        if outcome.answer is not None:
            self.served += 1
        if outcome.answer is None or not reader.keeps_alive or ending is not Ending.NONE:
            self.usable = False
        if not self.usable:
            self.close()
        return outcome

    def _exchange(self, reader: AnswerReader, data: bytes, ending: Ending, outcome: Outcome, deadline: float) -> None:
        try:
            self._send(reader, data, outcome, deadline)
            if ending is Ending.RESET:
                self._reset()
                outcome.detail = "the connection was reset in the middle of the request, as planned"
                return
            if ending is Ending.HALF:
                self._end_half()
            while not reader.whole:
                self._receive(reader, deadline)
            outcome.answer = reader
        except TooLate:
            if outcome.answer is None:
                outcome.trouble, outcome.detail = Trouble.SILENCE, _silence(reader)
            self.usable = False
        except Garbage as garbage:
            outcome.trouble, outcome.detail = Trouble.GARBAGE, str(garbage)
        except (OSError, EOFError) as error:
            self._tell_end(error, reader, outcome)

    def _send(self, reader: AnswerReader, data: bytes, outcome: Outcome, deadline: float) -> None:
        """Send all, and meanwhile read what comes.

        A refusal that comes early ends it: the receiver does not want the rest. After an early 2xx the rest still goes
        out. Where sending fails, what has come by then is still there to be read.
        """
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[self._sock.send(rest[:_WRITE]) :]
            except _WOULD_BLOCK:
                self._waits.wait(self._sock, deadline, reading=not reader.whole, writing=True)
            except OSError:
                self.usable = False
                return
            if rest and not reader.whole:
                with contextlib.suppress(*_WOULD_BLOCK):
                    self._read(reader)
                if reader.whole:
                    outcome.answer, outcome.ended = reader, now()
                    if not _is_success(reader):
                        self.usable = False
                        return

    def _receive(self, reader: AnswerReader, deadline: float) -> None:
        """Await some bytes and read them."""
        self._waits.wait(self._sock, deadline)
        with contextlib.suppress(*_WOULD_BLOCK):
            self._read(reader)

    def _read(self, reader: AnswerReader) -> None:
        data = self._sock.recv(READ)
        if not data:
            raise EOFError
        reader.feed(data)

    def _end_half(self) -> None:
        """End this side's half; the other half stays readable.

        Over TLS without a close_notify: Python can send none without reading too, and would lose an answer by that. To
        the receiver the connection breaks then, as with a sender that died.
        """
        self._half_ended = True
        with contextlib.suppress(OSError):
            # Not that of an SSLSocket, which would forget the TLS of the half that stays.
            socket.socket.shutdown(self._sock, socket.SHUT_WR)

    def _reset(self) -> None:
        with contextlib.suppress(OSError):
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
        self.close()

    def _tell_end(self, error: OSError | EOFError, reader: AnswerReader, outcome: Outcome) -> None:
        """Take down that the connection ended; the end may be that of the answer."""
        crossed = self.served > 0 and not reader.begun and self._may_have_crossed(error)
        self.usable = False
        if outcome.answer is not None:
            return
        if reader.end():
            outcome.answer = reader
            return
        outcome.trouble = Trouble.CLOSED
        if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
            # A client certificate is refused only after the handshake is over on this side (TLS 1.3).
            if not self.served and not reader.begun and not self._half_ended:
                outcome.trouble = Trouble.UNREACHED
            outcome.detail = tls_trouble(error, self._route.peer)
            return
        how = "ended" if isinstance(error, EOFError) else f"broke ({in_words(error)})"
        when = "in the middle of an answer" if reader.begun else "before any answer"
        outcome.detail = f"the connection {how} {when}{f' with status {reader.status}' if reader.status else ''}"
        outcome.crossed = crossed

    def _may_have_crossed(self, error: OSError | EOFError) -> bool:
        """Whether the end may have been on its way before the request arrived.

        A reset may: it is what answers bytes that reach a socket which is closed already. An end in good order may,
        unless the kernel knows better: one that came with the acknowledgement of the whole request was sent after it
        had arrived, and (where a socket that is closed unread is reset, as on Linux) by a receiver that had read it.
        Behind a proxy that says nothing, since it is the proxy that acknowledges.
        """
        if not isinstance(error, EOFError) or self._route.proxy or sys.platform != "linux":
            return True
        import fcntl  # noqa: PLC0415 - not on every system
        import termios  # noqa: PLC0415 - the same

        try:
            closed = self._sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == _TCP_CLOSED
            # Bytes that are not acknowledged, or not even sent: the busier the machine, the longer they wait.
            left = struct.unpack("i", fcntl.ioctl(self._sock, termios.TIOCOUTQ, bytes(4)))[0]
        except OSError:
            return True
        return closed or left > 0


def _is_success(reader: AnswerReader) -> bool:
    return reader.status is not None and 200 <= reader.status < 300  # noqa: PLR2004 - the class of success


def _silence(reader: AnswerReader) -> str:
    if not reader.begun:
        return "no answer in time"
    if reader.status is None:
        return "no whole answer in time: its headers do not end"
    return f"no whole answer in time: of one with status {reader.status}, {reader.length} bytes of the body came"
