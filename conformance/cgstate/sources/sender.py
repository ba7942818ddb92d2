"""Sends parcels to a receiver, as an emitter would, and takes down what became of each.

No request is ever sent twice, and no redirect is followed: what a receiver stores must be what was sent.
"""

import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cgstate.clock import now
from cgstate.evidence import Exchange
from cgstate.peer import Peer
from cgstate.redact import redact, redact_bytes
from cgstate.sending import Delivery, Parcel, Sending, Trouble
from cgstate.sources.sender_connection import Connection, Ending, Outcome
from cgstate.sources.sender_reach import Unreached, reach, route_to
from cgstate.sources.sender_request import RequestWriter
from cgstate.sources.sender_waits import Interrupted, Waits

_SHOWN = 2000
"""Bytes of an answer's body that a `Sending` keeps."""
_SMALL = 16 * 1024
"""A request of no more bytes goes out at once. What takes longer would meet the end of a kept connection half-way, and
nobody could tell why that ended: it has a new one."""
_WARY = 0.02
"""Seconds in which a receiver that closes unannounced after an answer is expected to have done so."""
_TRIES = 3
"""Connections of which all but the last may end before anything is sent."""
_ENDINGS = {Delivery.CUT: Ending.HALF, Delivery.DROPPED: Ending.RESET}
_WHOLE = frozenset({Delivery.WHOLE, Delivery.CHUNKED})
_PROXY_LOGIN = 407


def always(parcel: Parcel) -> bool:
    """Go on, whatever the parcel."""
    del parcel
    return True


class Sender:
    """Sends to one receiver. One thread at a time calls `send`; any thread or signal handler may `interrupt`.

    What counts as *ignored*: either side may close a kept connection at any time (RFC 9112, 9.3.1), and a close that
    crosses a request on its way is nobody's fault. But a receiver that dies of a message closes the connection too,
    and must not get away with it. So

    - a connection that was closed before the request goes out is seen to be so, and a new one is made: nothing is
      ignored. After one such close the sender is wary: it gives the next a moment (20 ms) to show itself.
    - a close without a byte of an answer is `ignored` only on a connection that had served before, only for a small
      and whole parcel, and only where the close may have been on its way before the request arrived
      (`Connection`: where the kernel knows that the receiver had it, it may not).
    - it is never sent again. Whoever calls decides what several in a row mean.
    """

    def __init__(self, peer: Peer, *, timeout: float) -> None:
        """Connect to nothing yet; `BadPeer` where the peer's TLS files cannot be used.

        `timeout`, in seconds, is all that one exchange may take, from its first byte to the answer's last, and all
        that making a connection may take.
        """
        self._route = route_to(peer)
        self._writer = RequestWriter(self._route)
        self._timeout = timeout
        self._waits = Waits()
        self._numbers = itertools.count(1)
        self._lanes: dict[int, _Lane] = {}

    def send(
        self,
        parcels: Sequence[Parcel],
        take: Callable[[Sending], None],
        *,
        go_on: Callable[[Parcel], bool] = always,
    ) -> None:
        """Send them, lanes side by side, in each lane one after another, and `take` each as it ends.

        `take` is called under a lock. A parcel that `go_on` says False to, as its turn comes, is left out. An error in
        either ends all lanes and is raised here. A request that `interrupt` ends is not taken.
        """
        by_lane: dict[int, list[Parcel]] = {}
        for parcel in parcels:
            by_lane.setdefault(parcel.lane, []).append(parcel)
        call = _Call(take, go_on, threading.Lock())
        work = [(self._lane(number), queue) for number, queue in by_lane.items()]
        threads = [
            threading.Thread(target=self._run, args=(lane, queue, call), name=f"cgstate sender {lane.number}")
            for lane, queue in work[1:]
        ]
        for thread in threads:
            thread.start()
        try:
            for lane, queue in work[:1]:
                self._run(lane, queue, call)
        except BaseException:
            self.interrupt()
            raise
        finally:
            for thread in threads:
                thread.join()
        if call.error is not None:
            raise call.error

    def interrupt(self) -> None:
        """End the `send` under way soon, and every later one at once; from any thread, or a signal handler."""
        self._waits.interrupt()

    def close(self) -> None:
        """Close all connections; `send` is over by then."""
        for lane in self._lanes.values():
            lane.close()
        self._lanes.clear()
        self._waits.close()

    def _lane(self, number: int) -> "_Lane":
        return self._lanes.setdefault(number, _Lane(number))

    def _run(self, lane: "_Lane", parcels: Sequence[Parcel], call: "_Call") -> None:
        try:
            for parcel in parcels:
                if self._waits.over or call.error is not None:
                    return
                if call.go_on(parcel):
                    sending = self._deliver(lane, parcel)
                    with call.lock:
                        call.take(sending)
        except Interrupted:
            return
        except Exception as error:  # noqa: BLE001 - the caller's code, or a bug of ours; raised again by `send`
            call.error = error

    def _deliver(self, lane: "_Lane", parcel: Parcel) -> Sending:
        data = self._writer.data(parcel)
        try:
            connection = self._connection(lane, fresh=parcel.fresh or len(data) > _SMALL)
        except Unreached as unreached:
            outcome = Outcome(lane.tried, now(), trouble=Trouble.UNREACHED, detail=str(unreached))
            return self._sending(parcel, outcome, 0, reused=False)
        reused = connection.served > 0
        ending = _ENDINGS.get(parcel.delivery, Ending.NONE)
        outcome = connection.exchange(data, timeout=self._timeout, to_head=parcel.method == "HEAD", ending=ending)
        if connection.usable and parcel.fresh:
            connection.close()
        elif connection.usable:
            lane.keep(connection)
        elif connection is lane.connection:
            lane.connection = None
        if outcome.crossed:
            lane.wary = True
            outcome.crossed = parcel.delivery in _WHOLE
        return self._sending(parcel, outcome, connection.number, reused=reused)

    def _connection(self, lane: "_Lane", *, fresh: bool) -> Connection:
        """Return the connection that the lane keeps, or a new one."""
        kept = lane.connection
        if fresh or kept is None:
            return self._connect(lane)
        lane.wary = kept.ended_by_peer(_WARY if lane.wary else 0.0)
        if not lane.wary:
            return kept
        lane.connection = None
        kept.close()
        return self._connect(lane)

    def _connect(self, lane: "_Lane") -> Connection:
        lane.tried = now()
        deadline = lane.tried + self._timeout
        for tries_left in reversed(range(_TRIES)):
            sock = reach(self._route, self._waits, deadline)
            connection = Connection(next(self._numbers), sock, self._route, self._waits)
            # On a busy machine a new connection may be idle, too, for longer than the receiver likes.
            if not tries_left or not connection.ended_by_peer():
                break
            connection.close()
        return connection

    def _sending(self, parcel: Parcel, outcome: Outcome, connection: int, *, reused: bool) -> Sending:
        answer, trouble, detail = outcome.answer, outcome.trouble, outcome.detail
        status = answer.status if answer else None
        if status == _PROXY_LOGIN and self._route.absolute:
            status, trouble = None, Trouble.UNREACHED
            detail = "the proxy refused the login (407); see http_proxy"
        location = answer.headers.get("location") if answer and status in range(300, 400) else None
        if location:
            detail = f"redirected to {location[:200]}"
        if outcome.crossed:
            detail += ", on a kept connection, and may have been on its way as the request went out"
        exchange = Exchange(
            number=parcel.number,
            body=parcel.body,
            arrival=outcome.began,
            connection=connection,
            method=parcel.method,
            target=self._writer.target,
            version="HTTP/1.1",
            headers=self._writer.headers(parcel),
            answer=str(status) if status else trouble.value if trouble else None,
        )
        return Sending(
            parcel=parcel,
            exchange=exchange,
            began=outcome.began,
            ended=outcome.ended,
            status=status,
            trouble=trouble,
            detail=redact(detail) if detail else "",
            answer=redact_bytes(bytes(answer.body))[:_SHOWN] if answer else b"",
            reused=reused,
            ignored=outcome.crossed,
        )


class _Lane:
    """A row of parcels, and the connection that is kept for it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.connection: Connection | None = None
        self.tried = 0.0
        """When a connection was last tried."""
        self.wary = False
        """Whether this receiver has closed a kept connection unannounced."""

    def keep(self, connection: Connection) -> None:
        """Keep this connection, and no other."""
        if self.connection is not None and self.connection is not connection:
            self.connection.close()
        self.connection = connection

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()


@dataclass(slots=True)
class _Call:
    """One call of `send`."""

    take: Callable[[Sending], None]
    go_on: Callable[[Parcel], bool]
    lock: threading.Lock
    error: BaseException | None = None
