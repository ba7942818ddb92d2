"""A run against a receiver that takes everything, as a process: what came on the wire, and what was meant by it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cgstate.evidence import Evidence, Exchange, Traits
from cgstate.generate import traffic
from cgstate.generate.traffic import Scope
from cgstate.judge.judge import judge
from cgstate.sending import Delivery, Expect, Parcel
from cgstate.sources.capture import CaptureServer
from cgstate.specification.registry import Role, registry
from cgstate.suite.receiving.cases import cases
from selftest.runs.running import start_run

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

DISCOURAGED_ON_PURPOSE: Final = {
    "no dial mode in a running group": "dial-mode.present-when-running",
    "no method in a predictive mode": "optimize-by.present-when-predictive",
    "no goal in a predictive mode": "optimize-goal.present-when-predictive",
}
"""The marks of legal messages that break a SHOULD, and which."""
_TIME: Final = re.compile(rb"(?<![0-9])[0-9]{10}\.[0-9]{3}(?![0-9])|(?<=: )[0-9]{10}\.[0-9]{1,3}(?=[,}])")
"""As a text, and as the number that a fault makes of it: no number ends with a zero."""
_RUN_ID: Final = re.compile(rb'"cgstate-([a-z0-9]{6})-')
_PATIENCE: Final = 300.0

Wire = tuple[str | None, str | None, bytes]
"""Method, Content-Type and body, the times in it taken out: those depend on when it was sent."""


@dataclass(frozen=True)
class Sent:
    """What a run sent."""

    exchanges: tuple[Exchange, ...]
    traits: Traits
    parcels: tuple[Parcel, ...]
    """What the traffic of that run's scope consists of; a message that asks whether the receiver is alive once."""

    @property
    def whole(self) -> tuple[Exchange, ...]:
        """The requests that came as HTTP has them."""
        return tuple(exchange for exchange in self.exchanges if exchange.malformed is None)

    def meant(self) -> dict[Wire, Parcel]:
        """Return the parcels that arrive whole, by what of them is on the wire."""
        return {
            (parcel.method, _content_type(parcel.headers), _timeless(parcel.body)): parcel
            for parcel in self.parcels
            if parcel.delivery in {Delivery.WHOLE, Delivery.CHUNKED}
        }

    def accusations(self) -> dict[int, set[str]]:
        """Return what the suite's own judge finds in all of it, as a recording: exchange to requirements."""
        found: dict[int, set[str]] = {exchange.number: set() for exchange in self.exchanges}
        for ruling in judge(Evidence(self.traits, self.exchanges)):
            if ruling.fault is not None:
                found[ruling.exchanges[0]].add(ruling.requirement)
        return found


def on_the_wire(exchange: Exchange) -> Wire:
    return exchange.method, exchange.header("Content-Type"), _timeless(exchange.body)


def faults_of(parcel: Parcel) -> set[str]:
    """Return the requirements that a parcel is meant to break."""
    if parcel.expect is Expect.TAKEN:
        return {DISCOURAGED_ON_PURPOSE[mark] for mark in parcel.marks & DISCOURAGED_ON_PURPOSE.keys()}
    return {parcel.breaks} - {""}


def played(folder: Path, *, seed: int, fast: bool) -> Sent:
    """Play a run against a capture server that answers 200; without the flood, whose messages are all alike."""
    with CaptureServer() as capture:
        send(folder, f"{capture.uri}/campaign-group-states", seed=seed, fast=fast)
        capture.check()
        exchanges = capture.exchanges
    named = {found[1].decode() for exchange in exchanges for found in _RUN_ID.finditer(exchange.body)}
    (run_id,) = named
    return Sent(exchanges, capture.traits, tuple(_parcels(Scope(run_id, seed, fast=fast))))


def send(folder: Path, uri: str, *, seed: int, fast: bool, without: Collection[str] = ()) -> None:
    """Run ``cgstate run --receiver`` to its end; `without`: requirements it is not to send anything for."""
    known = [r.id for r in registry().requirements.values() if r.role is Role.RECEIVER]
    left_out = {"accepts.flood", *without}
    wanted = [each for each in known if not each.startswith("stored.") and each not in left_out]
    options = [option for each in wanted for option in ("--requirement", each)]
    speed = ("--fast",) if fast else ()
    done = start_run(folder, "--receiver", uri, "--seed", str(seed), *speed, *options).done(_PATIENCE)
    assert done.status == 0, done.told


def _parcels(scope: Scope) -> Iterator[Parcel]:
    for case in cases():
        if not case.slow:
            yield from case.parcels(scope)
    yield traffic.probe(scope)


def _content_type(headers: tuple[tuple[str, str], ...]) -> str | None:
    return next((value for name, value in headers if name.lower() == "content-type"), None)


def _timeless(body: bytes) -> bytes:
    return _TIME.sub(b"TIME", body)
