"""Proves that traffic is the same for the same run, within its budget of requests and GUIDs for any seed, numbered,
dated and named so that a run's own messages are recognised, and cheap to make."""

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from cgstate.generate import traffic
from cgstate.generate.traffic import Names
from cgstate.generate.traffic.marks import REPEATED, SAME_TIME

if TYPE_CHECKING:
    from selftest.traffic.carriage import CASES, DECLARED, LEGAL_CASES, NOW, OTHER, all_of, flat, is_legal, says, scope
else:
    from carriage import CASES, DECLARED, LEGAL_CASES, NOW, OTHER, all_of, flat, is_legal, says, scope

SEEDS = range(200)


@pytest.mark.parametrize("fast", [True, False])
def test_the_same_run_sends_the_same(fast: bool) -> None:  # noqa: FBT001 - a parameter of a test
    assert all_of(scope(5, fast=fast)) == all_of(scope(5, fast=fast))


def test_a_case_depends_on_no_other() -> None:
    alone = CASES["forms"](scope(3))
    among = all_of(scope(3))["forms"]
    without_time = [{k: v for k, v in says(parcel).items() if k != "GSW_DATE_TIME"} for parcel in alone]
    assert without_time == [{k: v for k, v in says(p).items() if k != "GSW_DATE_TIME"} for p in among]
    assert [parcel.marks for parcel in alone] == [parcel.marks for parcel in among]


def test_seeds_vary_values_but_neither_marks_nor_requirements() -> None:
    made = [flat(all_of(scope(seed), LEGAL_CASES)) for seed in range(20)]
    assert len({tuple(parcel.body for parcel in parcels) for parcels in made}) == 20
    assert len({tuple((p.requirement, p.marks, p.lane) for p in parcels) for parcels in made}) == 1


@pytest.mark.parametrize("first", range(0, SEEDS.stop, 50))
def test_fast_keeps_to_its_budget_for_any_seed(first: int) -> None:
    for seed in range(first, first + 50):
        by_case = all_of(scope(seed))
        parcels = flat(by_case)
        assert len(parcels) <= 211
        legal_before = [p for case in LEGAL_CASES for p in by_case[case] if is_legal(p)]
        assert len(legal_before) >= 110  # so that one of them is the hundredth, before anything hostile
        assert len({parcel.guid for parcel in parcels if parcel.guid} | {traffic.probe(scope(seed)).guid}) <= 15


def test_in_full_the_legal_traffic_is_about_two_thousand() -> None:
    legal = [parcel for parcel in flat(all_of(scope(fast=False))) if is_legal(parcel)]
    assert 1800 <= len(legal) <= 2200


def test_the_flood_is_ten_thousand_messages_over_eight_lanes_in_life_cycle_order() -> None:
    parcels = traffic.flood(scope())
    assert len(parcels) == 10_000
    assert {parcel.lane for parcel in parcels} == set(range(8))
    assert len({parcel.guid for parcel in parcels}) == 8
    assert {parcel.lane for parcel in parcels[:8]} == set(range(8))


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("names", [None, Names((DECLARED, OTHER))])
def test_numbers_rise_and_everything_can_be_recognised(fast: bool, names: Names | None) -> None:  # noqa: FBT001
    made_with = scope(1, fast=fast, names=names)
    parcels = flat(all_of(made_with))
    assert len({parcel.number for parcel in parcels}) == len(parcels)
    prefix = made_with.guid_prefix
    for parcel in parcels:
        assert not parcel.guid or parcel.guid.startswith(prefix)
        try:
            message = says(parcel)
        except (AssertionError, ValueError, RecursionError):
            continue  # bodies that are no message
        guid, name = (message.get(f"GSW_CAMPAIGN_GROUP_{end}") for end in ("GUID", "NAME"))
        assert str(guid).startswith(prefix) or (isinstance(name, str) and name.startswith(prefix)), parcel
        if parcel.guid:
            assert parcel.guid == guid


def test_time_rises_within_a_guid_and_lies_in_the_minute_before() -> None:
    last: dict[str, float] = {}
    for parcel in [*flat(all_of(scope(fast=False), LEGAL_CASES)), *traffic.flood(scope())]:
        if parcel.marks & {REPEATED, SAME_TIME}:
            assert float(says(parcel)["GSW_DATE_TIME"]) == last[parcel.guid]
            continue
        at = float(says(parcel)["GSW_DATE_TIME"])
        assert NOW - 61 < at < NOW
        if parcel.requirement != "accepts.flood":
            assert at > last.get(parcel.guid, 0)
            last[parcel.guid] = at


def test_the_whole_traffic_is_made_in_no_time() -> None:
    took = []
    for _ in range(5):
        began = time.perf_counter()
        all_of(scope(fast=False))
        took.append(time.perf_counter() - began)
    # 0.08 s on an idle machine; other work on it counts too.
    assert min(took) < 1.0


def test_nothing_slow_is_imported() -> None:
    code = (
        "import sys, cgstate.generate.traffic; print(sorted({'hypothesis', 'requests', 'jsonschema'} & {*sys.modules}))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
