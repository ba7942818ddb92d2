"""What the legal traffic of a run against a receiver costs beside as many bare messages to the same server."""

import time
from contextlib import closing
from dataclasses import dataclass, replace
from statistics import median

from cgstate import clock
from cgstate.generate import traffic
from cgstate.generate.traffic import Scope
from cgstate.judge.receiver import judge_receiver
from cgstate.peer import Peer, read_peer
from cgstate.sending import ReceiverEvidence, Sending
from cgstate.sources.sender import Sender
from cgstate.suite.receiving.bundled import start_bundled
from cgstate.suite.receiving.cases import cases
from cgstate.suite.receiving.post import Post

TIMEOUT = 10.0
"""Seconds after which an answer is not awaited any longer."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians of paired rounds; seconds of an exchange."""

    ratio: float
    bare: float
    judged: float
    messages: int


def measure(rounds: int) -> Cost:
    """Send the legal traffic, made up and judged, and as many bare messages, to the bundled receiver by turns."""
    process, uri, _ = start_bundled(None)
    try:
        peer = read_peer("", uri)
        pairs = []
        for number in range(rounds + 1):
            seconds, messages = _legal(peer, number)
            pairs.append((_bare(peer, number, messages) / messages, seconds / messages))
    finally:
        process.end()
    # The first round warms both up.
    kept = pairs[1:]
    return Cost(median(s / b for b, s in kept), median(b for b, _ in kept), median(s for _, s in kept), messages)


def _legal(peer: Peer, seed: int) -> tuple[float, int]:
    """Return the seconds and the number of the legal messages of a run: made up, sent and judged."""
    with closing(Post(Sender(peer, timeout=TIMEOUT), _scope(seed))) as post:
        began = time.perf_counter()
        for case in cases():
            if not case.slow and not case.harsh:
                post.send(case.name, case.parcels(post.scope))
        rulings = judge_receiver(ReceiverEvidence("", "", tuple(post.sendings)))
        seconds = time.perf_counter() - began
    assert not any(ruling.fault for ruling in rulings)
    return seconds, len(post.sendings)


def _bare(peer: Peer, seed: int, messages: int) -> float:
    """Return the seconds of that many messages, one after another over one connection."""
    parcel = replace(traffic.probe(_scope(seed)), fresh=False)
    sent: list[Sending] = []
    with closing(Sender(peer, timeout=TIMEOUT)) as sender:
        parcels = [replace(parcel, number=n) for n in range(1, messages + 1)]
        began = time.perf_counter()
        sender.send(parcels, sent.append)
        seconds = time.perf_counter() - began
    assert all(sending.taken for sending in sent)
    return seconds


def _scope(seed: int) -> Scope:
    return Scope(f"bench{seed}", seed, fast=False, names=None, now=clock.now())
