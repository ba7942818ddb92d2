"""The way of an unload is ordered by the messages' own times, as far as they have any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from selftest.judge_trace.telling import BEGIN, Tale, timed, untimed
else:
    from telling import BEGIN, Tale, timed, untimed

ORDER = "drain.order"
WAITING, UNLOADING = GroupState.WAITING_UNLOAD, GroupState.UNLOAD_IN_PROGRESS


def time(moment: float) -> str:
    return f"{BEGIN + moment:.3f}"


def drained(
    end: float | None, *on_the_way: tuple[GroupState, float | None], clock: float = 0, stall: bool = False
) -> Tale:
    """A running group is unloaded at 4 and gone at 8; the times are the messages' own, by a clock so far ahead."""
    tale = untimed()
    tale.know(1, drain_seconds=5)
    if stall:
        tale.window("stall", 0, 5)
    tale.do(1, 1, Action.LOAD, late=0.5).said["GSW_DATE_TIME"] = time(1.5 + clock)
    tale.do(2, 1, Action.START, late=0.5).said["GSW_DATE_TIME"] = time(2.5 + clock)
    for number, (state, moment) in enumerate(on_the_way):
        draft = tale.say(6 + number / 4, 1, Action.UNLOAD, state)
        del draft.said["GSW_DATE_TIME"]
        if moment is not None:
            draft.said["GSW_DATE_TIME"] = time(moment + clock)
    final = tale.do(4, 1, Action.UNLOAD, took=0, late=4)
    del final.said["GSW_DATE_TIME"]
    if end is not None:
        final.said["GSW_DATE_TIME"] = time(end + clock)
    return tale


def is_in_order(tale: Tale) -> bool:
    """Whether the order is met; it is met or broken."""
    broken = ORDER in tale.faults()
    assert (ORDER in tale.met()) is not broken
    return not broken


@pytest.mark.parametrize("clock", [-0.5, 0, 0.5])
@pytest.mark.parametrize(("end", "ordered"), [(4, True), (4.5, True), (4.625, False), (5.5, False), (6.5, True)])
def test_an_end_within_half_a_second_of_its_request_may_have_the_requests_time(
    clock: float, end: float, *, ordered: bool
) -> None:
    assert is_in_order(drained(end, (WAITING, 6), clock=clock)) is ordered


@pytest.mark.parametrize(("end", "ordered"), [(4.25, True), (4.5, True), (4.625, False)])
def test_where_nothing_tells_how_far_the_clock_is_off_it_is_taken_to_be_right(end: float, *, ordered: bool) -> None:
    assert is_in_order(drained(end, (WAITING, 6), stall=True)) is ordered


@pytest.mark.parametrize(
    ("on_the_way", "ordered"),
    [
        ([(WAITING, 6.0), (UNLOADING, 7.0)], True),
        ([(UNLOADING, 7.0), (WAITING, 6.0)], True),
        ([(UNLOADING, 6.0), (WAITING, 7.0)], False),
        ([(UNLOADING, 6.0), (WAITING, 6.0)], True),
        ([(UNLOADING, None), (WAITING, 6.0)], True),
        ([(UNLOADING, 6.0), (WAITING, None)], True),
        ([(UNLOADING, None), (WAITING, None)], True),
        ([(UNLOADING, 6.0)], True),
        ([(WAITING, 6.0), (WAITING, 7.0)], False),
        ([(WAITING, 6.0), (UNLOADING, 7.0), (UNLOADING, 7.5)], False),
    ],
)
def test_one_comes_before_two_and_each_once(
    on_the_way: list[tuple[GroupState, float | None]], *, ordered: bool
) -> None:
    assert is_in_order(drained(8, *on_the_way)) is ordered
    assert is_in_order(drained(None, *on_the_way)) is ordered


def test_each_way_is_looked_at_by_itself() -> None:
    tale = drained(8, (WAITING, 6))
    tale.do(11, 1, Action.LOAD)
    tale.do(12, 1, Action.START)
    tale.say(15, 1, Action.UNLOAD, WAITING)
    tale.do(14, 1, Action.UNLOAD, late=4)
    judged = [r for r in tale.judged() if r.requirement == ORDER]
    assert [(r.acts, r.exchanges, r.fault) for r in judged] == [((3,), (3, 4), None), ((6,), (7,), None)]


def test_a_state_may_be_said_twice_where_one_may_be_periodic() -> None:
    tale = timed(1)
    tale.know(1, drain_seconds=5)
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START)
    for at in (5, 6, 7):
        tale.say(at, 1, Action.UNLOAD, WAITING, statistics=True)
    tale.do(4, 1, Action.UNLOAD, late=4)
    assert is_in_order(tale)


def test_an_end_that_says_another_state_is_the_end_all_the_same() -> None:
    tale = drained(8, (WAITING, 6))
    tale.named["1.unload"].said["GSW_CAMPAIGN_GROUP_STATE"] = 4
    assert is_in_order(tale)
    assert set(tale.faults()) == {"state.after-unload"}
    tale.named["1.unload"].said["GSW_DATE_TIME"] = time(5)
    assert not is_in_order(tale)


def test_what_has_no_time_stands_before_what_has_one() -> None:
    judged = drained(None, (WAITING, 0.5 - BEGIN), (UNLOADING, None)).judged()
    assert [r.exchanges for r in judged if r.requirement == ORDER] == [(4, 3)]
