"""Proves that what is no notification has exactly the one fault that it claims, beside a legal twin that differs in
nothing else, and that every kind of fault is there."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from cgstate.generate import traffic
from cgstate.generate.faults import BROKEN
from cgstate.generate.traffic import Names, Scope
from cgstate.sending import Delivery, Expect, Parcel

if TYPE_CHECKING:
    from selftest.traffic.carriage import DECLARED, all_of, broken_by, flat, is_legal, says, scope
else:
    from carriage import DECLARED, all_of, broken_by, flat, is_legal, says, scope

NOT_IN_THE_BODY = {"http.well-formed", "trace.not-loaded-action"}
"""What the judge sees on the wire, or in the trace, only."""


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_each_has_the_one_fault_that_it_claims(fast: bool, seed: int) -> None:  # noqa: FBT001
    for parcel in flat(all_of(scope(seed, fast=fast))):
        if not is_legal(parcel) and parcel.delivery is Delivery.WHOLE:
            assert broken_by(parcel) == {parcel.breaks} - {""} - NOT_IN_THE_BODY, parcel.fault
            assert parcel.fault


@pytest.mark.parametrize("seed", range(5))
def test_every_kind_of_fault_is_sent_once_in_fast(seed: int) -> None:
    sent = [parcel.breaks for parcel in traffic.one_fault(scope(seed)) if parcel.breaks]
    assert sorted(sent) == sorted(fault.requirement for fault in BROKEN)


def test_in_full_every_value_of_every_fault_is_sent_and_in_every_state() -> None:
    sent: dict[str, list[str]] = {}
    for parcel in traffic.one_fault(scope(fast=False)):
        if parcel.breaks:
            message = says(parcel)
            sent.setdefault(parcel.breaks, []).append(
                json.dumps(message.get(_attribute(parcel.breaks)), sort_keys=True)
            )
    for fault in BROKEN:
        assert {json.dumps(value, sort_keys=True) for value in fault.values} <= set(sent[fault.requirement])
    states = {
        says(parcel)["GSW_CAMPAIGN_GROUP_STATE"]
        for parcel in traffic.one_fault(scope(fast=False))
        if parcel.breaks == "dial-mode.only-when-running"
    }
    assert states == {-1, 0, 1, 2, 3, 4}


def _attribute(requirement: str) -> str:
    return next(fault.attribute for fault in BROKEN if fault.requirement == requirement)


@pytest.mark.parametrize("case", [traffic.one_fault, traffic.unreadable, traffic.cut_short, traffic.other_methods])
@pytest.mark.parametrize("fast", [True, False])
def test_a_twin_is_legal_and_was_sent_before(case: Callable[[Scope], tuple[Parcel, ...]], fast: bool) -> None:  # noqa: FBT001
    seen: dict[int, Parcel] = {}
    for parcel in case(scope(fast=fast)):
        if parcel.expect is Expect.REFUSED:
            assert is_legal(seen[parcel.twin])
        seen[parcel.number] = parcel


def test_a_twin_differs_in_the_fault_and_the_time_only() -> None:
    parcels = traffic.one_fault(scope(fast=False))
    by_number = {parcel.number: parcel for parcel in parcels}
    for parcel in parcels:
        if parcel.twin:
            twin, message = says(by_number[parcel.twin]), says(parcel)
            differing = {key for key in twin.keys() | message.keys() if twin.get(key, b"") != message.get(key, b"")}
            assert differing - {"GSW_DATE_TIME"} <= {_attribute(parcel.breaks)}


def test_a_code_as_text_is_the_one_that_the_twin_has() -> None:
    """So that whoever reads numbers out of texts cannot refuse it for another reason."""
    for seed in range(30):
        parcels = traffic.one_fault(scope(seed))
        by_number = {parcel.number: parcel for parcel in parcels}
        for parcel in parcels:
            if parcel.breaks.endswith(".integer"):
                attribute = _attribute(parcel.breaks)
                assert says(parcel)[attribute] == str(says(by_number[parcel.twin])[attribute])


def test_unreadable_bodies_are_five_in_fast_with_a_truncated_one() -> None:
    for seed in range(30):
        hostile = [p for p in traffic.unreadable(scope(seed)) if p.expect is Expect.REFUSED]
        assert len(hostile) == 5
        assert hostile[0].fault == "JSON that ends too early"
        assert {p.breaks for p in hostile} == {"body.json", "body.utf8", "body.object"}
        assert b"" in {p.body for p in hostile}


def test_in_full_unreadable_bodies_are_of_every_kind() -> None:
    bodies = [p.body for p in traffic.unreadable(scope(fast=False)) if p.expect is Expect.REFUSED]
    assert len(set(bodies)) == len(bodies) == 24
    assert {b"", b" \r\n", b"null", b"[]", b"5", b"true"} <= set(bodies)


def test_what_may_be_taken_or_refused_is_huge_deep_doubled_and_mislabelled() -> None:
    parcels = {p.requirement: p for p in traffic.either(scope()) if p.expect is Expect.EITHER}
    assert set(parcels) == {
        f"survives.{end}" for end in ("large-body", "deep-nesting", "duplicate-keys", "content-type")
    }
    assert len(parcels["survives.large-body"].body) == 10_000_000
    assert parcels["survives.deep-nesting"].body.count(b"[") == 10_000
    types = {p.headers for p in traffic.either(scope(fast=False)) if p.requirement == "survives.content-type"}
    assert len(types) == 4
    assert () in types


def test_other_methods_have_no_body() -> None:
    _, *others = traffic.other_methods(scope())
    assert [(p.method, p.body, p.headers) for p in others] == [("GET", b"", ()), ("HEAD", b"", ())]


def test_a_cut_or_dropped_request_is_a_legal_message_otherwise() -> None:
    for parcel in (*traffic.cut_short(scope()), *traffic.dropped(scope())):
        assert broken_by(parcel) == set()
    assert [p.delivery for p in traffic.dropped(scope())] == [Delivery.WHOLE, Delivery.DROPPED, Delivery.WHOLE]


def test_with_declared_groups_the_faults_that_need_other_names_are_left_out() -> None:
    sent = {p.breaks for p in traffic.one_fault(scope(names=Names((DECLARED,)))) if p.breaks}
    left_out = {fault.requirement for fault in BROKEN} - sent
    slugs = ("tenant-name", "tenant-ccid", "campaign-group-name", "group-name", "queue-name")
    lengths = ("campaign-group-name", "group-name", "campaign-name", "campaign-template-name", "queue-name")
    strings = (*slugs, "guid", "campaign-name", "campaign-template-name")
    assert left_out == {"guid.present", *(f"{s}.string" for s in strings), *(f"{s}.length" for s in lengths)}
