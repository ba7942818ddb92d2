"""Which gaps between periodic messages count, as what, and when there is too little to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Reply
from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selftest.judge_trace.telling import BEGIN, STATISTICS, Tale, timed
else:
    from telling import BEGIN, STATISTICS, timed

ACTIVE = GroupState.ACTIVE
REPORTED, PERIOD, DEFAULT = "periodic.reported", "periodic.interval", "periodic.default-interval"
CHANGED, DRIFT, STATE = "option.interval-change", "periodic.no-drift", "periodic.state"


def time(moment: float) -> str:
    return f"{BEGIN + moment:.3f}"


def loaded(interval: float, *arrivals: float, until: float = 0) -> Tale:
    """A group that is loaded at 1 is reported at these times; if `until`, it is unloaded then."""
    tale = timed(interval)
    tale.do(1, 1, Action.LOAD, took=0)
    tale.periodic(arrivals, 1, ACTIVE)
    if until:
        tale.do(until, 1, Action.UNLOAD)
    return tale


def said(tale: Tale, *requirements: str) -> list[tuple[str, bool, tuple[int, ...]]]:
    """Return what is ruled of these requirements: whether it is met, by which messages."""
    return [(r.requirement, r.fault is None, r.exchanges) for r in tale.judged() if r.requirement in requirements]


@pytest.mark.parametrize(
    ("interval", "gap", "right"),
    [
        # At most 15 % or half a second more, and less than half an interval less.
        (1, 0.5, False),
        (1, 0.625, True),
        (1, 1.5, True),
        (1, 1.75, False),
        (4, 3.25, False),
        (4, 3.5, True),
        (4, 4.5, True),
        (4, 4.75, False),
    ],
)
def test_the_middle_gap_is_the_interval(interval: float, gap: float, *, right: bool) -> None:
    tale = loaded(interval, 2, 2 + gap, 2 + 2 * gap, until=2 + 2.5 * gap)
    assert said(tale, PERIOD) == [(PERIOD, right, (2, 3, 4))]


@pytest.mark.parametrize(("moments", "right"), [((2, 3, 4), True), ((2, 3.75, 5.5), False), ((2, 2, 2), False)])
def test_where_their_own_times_are_an_interval_apart_messages_were_only_long_on_their_way(
    moments: Iterable[float], *, right: bool
) -> None:
    tale = loaded(1, 2, 3.75, 5.5, until=6)
    for draft, moment in zip(tale.drafts[1:], moments, strict=False):
        draft.said["GSW_DATE_TIME"] = time(moment)
    assert said(tale, PERIOD) == [(PERIOD, right, (2, 3, 4))]


@pytest.mark.parametrize(("waits", "ruled"), [(4.5, []), (4.625, [(PERIOD, False, (2, 3))])])
def test_a_silence_counts_as_a_gap_when_it_is_longer_than_any_may_be(
    waits: float, ruled: list[tuple[str, bool, tuple[int, ...]]]
) -> None:
    assert said(loaded(2, 3, 5, until=5 + waits), PERIOD) == ruled


@pytest.mark.parametrize(("arrival", "right"), [(1.4375, False), (1.5, True)])
def test_an_event_with_statistics_may_be_a_periodic_message_from_the_moment_the_group_is_loaded(
    arrival: float, *, right: bool
) -> None:
    tale = timed()
    tale.do(1, 1, Action.LOAD, took=0.5).said.update(STATISTICS)
    tale.named["1.load"].arrival = arrival
    tale.periodic([3.5, 5.5, 9.5], 1, ACTIVE)
    tale.do(10, 1, Action.UNLOAD)
    assert said(tale, PERIOD) == [(PERIOD, right, (2, 3, 4))]


@pytest.mark.parametrize(("until", "right"), [(11, True), (10.9375, False)])
def test_an_event_with_statistics_may_be_a_periodic_message_until_the_unload(until: float, *, right: bool) -> None:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.do(1.25, 1, Action.START)
    tale.periodic([3, 7, 9], 1)
    tale.do(10.75, 1, Action.STOP, late=0.25).said.update(STATISTICS)
    tale.do(until, 1, Action.UNLOAD, late=0.5)
    assert said(tale, PERIOD) == [(PERIOD, right, (3, 4, 5))]


@pytest.mark.parametrize(("asked", "right"), [(5.9375, False), (6, True), (7, True), (7.0625, False)])
def test_what_comes_within_a_second_of_a_change_that_need_not_be_reported_may_be_its_event(
    asked: float, *, right: bool
) -> None:
    tale = timed(4)
    tale.do(1, 1, Action.LOAD)
    tale.do(1.25, 1, Action.START)
    tale.ask(asked, 1, Action.SET_DIALING_MODE)
    tale.periodic([5, 7, 9], 1)
    tale.do(10, 1, Action.UNLOAD)
    assert said(tale, PERIOD)[0][1] is right


def test_where_each_message_may_be_an_event_nothing_is_said_and_others_are_still_judged() -> None:
    tale = timed()
    for number in (1, 2):
        tale.do(1, number, Action.LOAD)
        tale.do(1.25, number, Action.START)
    for asked in (2.75, 6.75, 10.75):
        tale.ask(asked, 1, Action.SET_DIALING_MODE)
    for number in (1, 2):
        tale.periodic([3, 7, 11], number)
        tale.do(12, number, Action.UNLOAD)
    broken = [ruling for ruling in tale.judged() if ruling.requirement == PERIOD]
    assert [(ruling.fault is None, len(ruling.exchanges)) for ruling in broken] == [(False, 3)]


def changed(first: float, second: float, at: float, *arrivals: float, until: float) -> Tale:
    """A group is loaded at one interval, which becomes another; what comes of the second."""
    tale = timed(first)
    tale.do(1, 1, Action.LOAD)
    tale.options(at, interval=second)
    tale.periodic(arrivals, 1, ACTIVE)
    tale.do(until, 1, Action.UNLOAD)
    return tale


@pytest.mark.parametrize(("arrival", "counts"), [(10.004, False), (10.005, True)])
def test_a_message_counts_from_the_moment_that_the_interval_is_set(arrival: float, *, counts: bool) -> None:
    tale = changed(3600, 2, 10, arrival, 12, 14, until=15)
    assert said(tale, PERIOD) == ([(PERIOD, True, (2, 3, 4))] if counts else [])


@pytest.mark.parametrize(("until", "counts"), [(7, True), (6.9375, False)])
def test_a_message_counts_until_the_unload(until: float, *, counts: bool) -> None:
    tale = loaded(2, 3, 5, 7)
    tale.do(until, 1, Action.UNLOAD, late=0.5)
    assert said(tale, PERIOD) == ([(PERIOD, True, (2, 3, 4))] if counts else [])


@pytest.mark.parametrize("unloaded", [2, 3.005])
def test_a_group_that_was_unloaded_before_the_interval_was_set_is_judged_when_it_is_loaded_again(
    unloaded: float,
) -> None:
    tale = timed(3600)
    tale.do(1, 1, Action.LOAD)
    tale.ask(unloaded, 1, Action.UNLOAD)
    tale.say(3.5, 1, Action.UNLOAD, GroupState.NOT_LOADED, moment=unloaded)
    tale.options(3, interval=2)
    tale.do(4, 1, Action.LOAD)
    tale.periodic([6, 8, 10], 1, ACTIVE)
    tale.do(11, 1, Action.UNLOAD)
    assert said(tale, PERIOD) == [(PERIOD, True, (4, 5, 6))]


def test_after_a_request_of_which_nobody_knows_what_became_no_message_is_missed() -> None:
    tale = loaded(2, 3, 5, 7)
    tale.ask(8, 1, Action.UNLOAD, reply=Reply.TROUBLE)
    assert said(tale, PERIOD, REPORTED) == [(REPORTED, True, (2, 3, 4)), (PERIOD, True, (2, 3, 4))]


def silent(tale: Tale, number: int, at: float, until: float) -> None:
    """A group is loaded, and nothing is heard of it until its unload."""
    tale.do(at, number, Action.LOAD)
    tale.do(until, number, Action.UNLOAD)


def test_who_is_silent_at_any_interval_has_no_other_default() -> None:
    tale = timed(2)
    silent(tale, 1, 1, 20)
    tale.options(21, interval=10, default=True)
    silent(tale, 2, 22, 60)
    assert [each[:2] for each in said(tale, REPORTED, DEFAULT)] == [(REPORTED, False)] * 2


def test_who_is_silent_about_one_group_at_the_default_has_no_other_default() -> None:
    tale = timed(10, default=True)
    tale.do(1, 1, Action.LOAD)
    tale.periodic([11, 21], 1, ACTIVE)
    tale.do(25, 1, Action.UNLOAD)
    silent(tale, 2, 26, 60)
    assert [each[:2] for each in said(tale, REPORTED)] == [(REPORTED, True), (REPORTED, False)]


@pytest.mark.parametrize(
    ("first", "second", "gap", "requirement"),
    [
        (2, 10, 2.5, CHANGED),
        (2, 10, 2.625, PERIOD),
        (2, 10, 1.5, CHANGED),
        (1, 4, 1, CHANGED),
        (0, 4, 0.25, PERIOD),
    ],
)
def test_who_keeps_an_earlier_interval_has_not_taken_the_change(
    first: float, second: float, gap: float, requirement: str
) -> None:
    tale = changed(first, second, 5, 7, 7 + gap, 7 + 2 * gap, until=7.125 + 2 * gap)
    assert {each[0] for each in said(tale, CHANGED, PERIOD) if not each[1]} == {requirement}


@pytest.mark.parametrize("at", [0, 50])
def test_an_interval_that_has_not_held_before_is_no_earlier_one(at: float) -> None:
    tale = timed(4 if at == 0 else 2)
    tale.options(at, interval=2 if at == 0 else 4)
    tale.do(1, 1, Action.LOAD)
    tale.periodic([5, 9, 13], 1, ACTIVE)
    tale.do(14, 1, Action.UNLOAD)
    assert {each[:2] for each in said(tale, CHANGED, PERIOD)} == {(PERIOD, False)}


def test_a_change_of_the_interval_is_seen_after_it_alone() -> None:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.periodic([3, 5, 7], 1, ACTIVE)
    tale.options(8, interval=4)
    tale.periodic([12, 16, 20], 1, ACTIVE)
    tale.do(21, 1, Action.UNLOAD)
    assert said(tale, CHANGED) == [(CHANGED, True, (5, 6, 7))]


def slow(gap: float, prompt: float = 0) -> Tale:
    """The receiver answers group 2 slowly, whose messages come so far apart; those of group 1 before it so."""
    tale = timed(2)
    for number, each in ((1, prompt), (2, gap)):
        tale.do(1, number, Action.LOAD)
        tale.periodic([3 + each * n for n in range(4)] if each else (), number, ACTIVE)
    tale.window("slow", 0, 20, 2)
    for number in (1, 2):
        tale.do(20, number, Action.UNLOAD)
    return tale


@pytest.mark.parametrize(
    ("gap", "prompt", "drifts"),
    [
        (2.25, 2, False),
        (2.375, 2, True),
        (2.5, 2.25, False),
        (2.625, 2.25, True),
        (2.5, 1.75, False),
        (2.25, 0, False),
        (2.375, 0, True),
    ],
)
def test_gaps_drift_that_are_longer_than_those_of_others_where_the_answer_is_slow(
    gap: float, prompt: float, *, drifts: bool
) -> None:
    assert [each[1] for each in said(slow(gap, prompt), DRIFT)] == [not drifts]


@pytest.mark.parametrize(
    ("moments", "drifts"),
    [
        ((3, 5, 7, 9), False),
        ((3, 3, 3, 3), True),
        ((3, 5, 7, None), True),
        ((3, 5.5, 8, 10.5), True),
    ],
)
def test_no_message_drifts_whose_own_time_is_right(moments: Iterable[float | None], *, drifts: bool) -> None:
    tale = slow(2.5)
    late = [draft for draft in tale.drafts if draft.said.keys() >= STATISTICS.keys()]
    for draft, moment in zip(late, moments, strict=True):
        del draft.said["GSW_DATE_TIME"]
        if moment is not None:
            draft.said["GSW_DATE_TIME"] = time(moment)
    assert [each[1] for each in said(tale, DRIFT)] == [not drifts]


@pytest.mark.parametrize(("made", "judged"), [(-0.625, False), (-0.5, True), (-0.25, True), (1.5, True)])
def test_a_message_that_was_made_half_a_second_before_a_request_says_what_was_before_it(
    made: float, *, judged: bool
) -> None:
    tale = timed()
    tale.do(1, 1, Action.LOAD, late=0.5).said["GSW_DATE_TIME"] = time(1.5)
    tale.do(5, 1, Action.START, took=0, late=0.5).said["GSW_DATE_TIME"] = time(5.5)
    late, *_ = tale.periodic([6.5], 1, ACTIVE)
    late.said["GSW_DATE_TIME"] = time(5 + made)
    assert [each[1] for each in said(tale, STATE)] == ([False] if judged else [])


def test_a_message_without_a_state_hides_none_whose_state_is_wrong() -> None:
    tale = loaded(2, 3)
    del tale.drafts[-1].said["GSW_CAMPAIGN_GROUP_STATE"]
    tale.periodic([5], 1, GroupState.RUNNING)
    assert said(tale, STATE) == [(STATE, False, (3,))]


def test_what_lacks_statistics_is_told_which() -> None:
    tale = loaded(2, 3, 5)
    for name in ("GSW_STAT_HIT_RATIO", "GSW_STAT_BUSY_FACTOR"):
        del tale.drafts[-1].said[name]
    faults = [r.fault for r in tale.judged() if r.requirement == "periodic.all-statistics" and r.fault]
    assert [fault.seen for fault in faults] == ["without GSW_STAT_BUSY_FACTOR, GSW_STAT_HIT_RATIO"]


def test_what_cannot_be_read_hides_no_message_without_statistics() -> None:
    tale = loaded(2, 3, 5)
    first, second = tale.drafts[1:]
    first.body = f"[{first.raw.decode()}]".encode()
    for name in STATISTICS:
        del second.said[name]
    assert said(tale, "periodic.statistics") == [("periodic.statistics", False, (3,))]
