"""What the suite's sender sends to a receiver, judged by the suite's own judge: nothing but what was meant.

The runs are processes of their own, and so is the judge that watches one of them.
"""

from __future__ import annotations

import json
import signal
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Evidence, Exchange, Traits
from cgstate.generate.traffic import Scope
from cgstate.judge.judge import judge
from cgstate.sending import Delivery, Expect
from cgstate.specification.registry import registry
from cgstate.suite.receiving.cases import cases
from selftest.runs.running import start
from selftest.two_sides.sending_side import DISCOURAGED_ON_PURPOSE, faults_of, on_the_wire, send

if TYPE_CHECKING:
    from pathlib import Path

    from selftest.two_sides.sending_side import Sent


def test_all_that_is_made_up_is_sent_and_nothing_else(sent: Sent) -> None:
    came = Counter(on_the_wire(exchange) for exchange in sent.whole)
    meant = sent.meant()
    assert [wire for wire in came if wire not in meant] == []
    assert [wire for wire in meant if wire not in came] == []


def test_each_request_breaks_what_it_is_meant_to_break_and_nothing_else(sent: Sent) -> None:
    meant, found = sent.meant(), sent.accusations()
    differing = [
        (parcel.fault or sorted(parcel.marks), found[exchange.number], faults_of(parcel), exchange.body[:400])
        for exchange in sent.whole
        for parcel in [meant[on_the_wire(exchange)]]
        if found[exchange.number] != faults_of(parcel)
    ]
    assert differing == []


def test_what_is_cut_and_dropped_is_no_http_and_nothing_else_is(sent: Sent) -> None:
    odd = [exchange for exchange in sent.exchanges if exchange.malformed is not None]
    ends_early = [p for p in sent.parcels if p.delivery in {Delivery.CUT, Delivery.DROPPED}]
    assert len(odd) == len(ends_early)
    found = sent.accusations()
    assert {frozenset(found[exchange.number]) for exchange in odd} == {frozenset({"http.well-formed"})}


def test_legal_messages_are_by_far_the_most(sent: Sent) -> None:
    legal = [parcel for parcel in sent.parcels if parcel.expect is Expect.TAKEN]
    assert len(legal) > len(sent.parcels) / 2
    discouraged = {fault for parcel in legal for fault in faults_of(parcel)}
    assert discouraged == set(DISCOURAGED_ON_PURPOSE.values())


def test_nothing_is_wrong_with_a_flood() -> None:
    # Ten thousand are too many to send here: those of other runs are sent, these are judged as they are made up.
    scope = Scope("abcdef", 4)
    bodies = [parcel.body for case in cases() if case.slow for parcel in case.parcels(scope)][::20]
    assert len(bodies) > 400
    flood = Evidence(Traits("a flood", has_bytes=True), tuple(Exchange(n, body) for n, body in enumerate(bodies, 1)))
    assert [ruling for ruling in judge(flood) if ruling.fault is not None] == []


NOT_LEGAL = [r for r in registry().requirements if r.startswith(("rejects.", "survives.", "accepts.after-"))]


@pytest.mark.parametrize("fast", [True, False])
def test_who_watches_the_legal_traffic_accuses_nobody(fast: bool, tmp_path: Path) -> None:  # noqa: FBT001
    watching = start(tmp_path, "-m", "cgstate.command.main", "watch", "--report-json", "watched.json")
    uri = watching.until("Set campaigngroup-states-uri").split()[3]
    send(tmp_path, uri, seed=4, fast=fast, without=NOT_LEGAL)
    watching.send(signal.SIGTERM)
    watched = watching.done()
    assert watched.status == 0, watched.out[-3000:]
    report = json.loads((tmp_path / "watched.json").read_text())
    outcomes = {each["id"]: each["outcome"] for each in report["requirements"]}
    accused = {name for name, outcome in outcomes.items() if outcome in {"failed", "warned"}}
    assert accused == set(DISCOURAGED_ON_PURPOSE.values()), watched.out[-3000:]
    assert outcomes["trace.not-loaded-action"] == outcomes["trace.not-loaded-once"] == "passed"
