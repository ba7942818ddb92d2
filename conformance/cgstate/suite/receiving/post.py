"""Sends the parcels of a run, takes down what became of them, and notices when the receiver is gone."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from cgstate import clock
from cgstate.generate import traffic
from cgstate.generate.traffic import Scope
from cgstate.sending import Delivery, Expect, Parcel, Sending, Trouble
from cgstate.sources.sender import Sender

ENOUGH = 2
"""After this many unanswered messages of one requirement no more are sent for it."""
BACK_WITHIN = 3.0
"""Seconds in which a receiver that did not answer has to be back: else the run ends."""
_AGAIN = 0.1
"""Seconds between two attempts to reach a receiver that is starting, or was lost."""
_STARTING = frozenset({502, 503, 504})
"""What stands in front of a receiver answers so while it starts."""
_LOST = frozenset({Trouble.UNREACHED, Trouble.CLOSED})


class Post:
    """What goes out to the receiver, and what came of it."""

    def __init__(self, sender: Sender, scope: Scope) -> None:
        """Send with `sender`."""
        self._sender, self.scope = sender, scope
        self.sendings: list[Sending] = []
        self.cases: dict[int, str] = {}
        """Parcel number to the case it belongs to."""
        self.died = False
        self._interrupted = False
        self._unanswered: Counter[str] = Counter()

    @property
    def over(self) -> bool:
        """Whether nothing more is sent."""
        return self.died or self._interrupted

    def send(self, case: str, parcels: Iterable[Parcel]) -> Sequence[Sending]:
        """Send them, and return what became of them; those for a requirement that is never answered are left out."""
        before = len(self.sendings)
        self._send(case, tuple(parcels))
        self._send_ignored_again(case, self.sendings[before:])
        return self.sendings[before:]

    def send_watchfully(self, case: str, parcels: Iterable[Parcel]) -> None:
        """Send what may be no notification: whoever does not answer one of them is asked whether it is alive."""
        for parcel in parcels:
            if self.over:
                return
            sent = self.send(case, [parcel])
            lost = sent and sent[-1].trouble is not None and parcel.expect is not Expect.TAKEN
            if lost and parcel.delivery not in {Delivery.CUT, Delivery.DROPPED}:
                self.ask_whether_alive(case)
        if not self.over:
            self.ask_whether_alive(case)

    def ask_whether_alive(self, case: str) -> None:
        """Send a legal message; where it is not answered, the receiver has a little time to come back."""
        until = clock.now() + BACK_WITHIN
        asked = self.send(case, [replace(traffic.probe(self.scope), fresh=True)])
        trouble = asked[-1].trouble if asked else None
        while trouble is not None and not self._interrupted:
            if trouble is Trouble.SILENCE or clock.now() > until:
                self.died = True
                return
            time.sleep(_AGAIN)
            answer = self._attempt()
            trouble = answer.trouble if answer else None

    def await_start(self, seconds: float) -> None:
        """Send legal messages until one is answered by the receiver itself; what came before is nobody's fault."""
        until = clock.now() + seconds
        while clock.now() < until and not self._interrupted:
            answer = self._attempt()
            if answer is None or (answer.trouble not in _LOST and answer.status not in _STARTING):
                return
            time.sleep(_AGAIN)

    def interrupt(self) -> None:
        """Send nothing more and await nothing any more."""
        self._interrupted = True
        self._sender.interrupt()

    def close(self) -> None:
        """Close the connections."""
        self._sender.close()

    def _attempt(self) -> Sending | None:
        """Try to reach the receiver without judging what comes of it; None where the run was interrupted meanwhile."""
        found: list[Sending] = []
        self._sender.send([replace(traffic.probe(self.scope), fresh=True)], found.append)
        return found[0] if found else None

    def _take(self, sending: Sending) -> None:
        self.sendings.append(sending)
        if sending.trouble in {Trouble.SILENCE, Trouble.UNREACHED}:
            self._unanswered[sending.parcel.requirement] += 1

    def _go_on(self, parcel: Parcel) -> bool:
        return not self.over and self._unanswered[parcel.requirement] < ENOUGH

    def _send_ignored_again(self, case: str, sent: Sequence[Sending]) -> None:
        """Send once more, each over a connection of its own, what met a connection that had just been closed.

        Where that finds nobody, the first attempt may have been what the receiver died of, and counts after all.
        """
        again = {self.scope.number(): sending for sending in sent if sending.ignored and not self.over}
        if not again:
            return
        before = len(self.sendings)
        self._send(case, [replace(first.parcel, number=number, fresh=True) for number, first in again.items()])
        for second in self.sendings[before:]:
            first = again[second.parcel.number]
            if second.trouble is Trouble.UNREACHED:
                self.sendings[self.sendings.index(first)] = replace(first, ignored=False)

    def _send(self, case: str, parcels: Sequence[Parcel]) -> None:
        self.cases.update((parcel.number, case) for parcel in parcels)
        self._sender.send(parcels, self._take, go_on=self._go_on)
