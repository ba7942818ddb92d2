"""Right emitters are accused of nothing over requests: drains, stops that come unasked, what changes nothing, modes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Cause, Dialing
from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from collections.abc import Callable

    from selftest.judge_trace.telling import BEGIN, PREDICT, Stories, Tale, timed, untimed
else:
    from telling import BEGIN, PREDICT, Stories, Tale, timed, untimed

STORIES = Stories()


def _drained() -> Tale:
    tale = timed()
    tale.know(1, drain_seconds=5.0)
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START)
    tale.periodic([3, 5], 1)
    for at, state in ((6.1, 1), (7, 1), (8.3, 2), (9, 2)):
        tale.say(at, 1, Action.UNLOAD, GroupState(state), statistics=at in (7, 9))
    tale.do(6, 1, Action.UNLOAD, late=5)
    tale.fence()
    return tale


@STORIES.story
def a_drain_of_seconds_with_periodic_messages_in_it() -> Tale:
    return _drained()


@STORIES.story
def a_drain_whose_end_is_dated_when_it_ended() -> Tale:
    tale = _drained()
    tale.named["1.unload"].said["GSW_DATE_TIME"] = f"{BEGIN + 10.99:.3f}"
    return tale


@STORIES.story
def a_drain_of_a_quarter_of_an_hour() -> Tale:
    tale = untimed()
    tale.know(1, unknown=frozenset({"drain_seconds"}))
    tale.bounds = replace(tale.bounds, drain_deadline=2000)
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START)
    tale.do(3, 1, Action.UNLOAD, late=905)
    tale.ended = 3000
    return tale


@STORIES.story
def a_drain_whose_messages_have_one_time_and_come_in_any_order() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START)
    for at, state in ((3.3, 1), (3.1, 2)):
        tale.say(at, 1, Action.UNLOAD, GroupState(state), moment=3)
    tale.do(3, 1, Action.UNLOAD, late=0.2)
    return tale


@STORIES.story
def a_stop_before_the_unload_of_a_running_group() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START)
    tale.say(3.01, 1, Action.STOP, GroupState.ACTIVE)
    tale.do(3, 1, Action.UNLOAD, late=0.02)
    return tale


@STORIES.story
def a_stop_before_the_unload_that_comes_just_after_it() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START)
    tale.say(3.3, 1, Action.STOP, GroupState.ACTIVE, moment=3)
    tale.do(3, 1, Action.UNLOAD, late=0.02)
    return tale


@STORIES.story
def events_for_requests_that_change_nothing() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START, Dialing(1, 1, 80))
    tale.do(3, 1, Action.SET_DIALING_MODE, Dialing(1, 1, 80))
    tale.do(4, 1, Action.SET_DIALING_MODE, Dialing(1, 1, 70))
    tale.do(5, 1, Action.STOP)
    tale.do(6, 1, Action.SET_DIALING_MODE, Dialing(2)).said["GSW_CAMPAIGN_GROUP_STATE"] = 4
    del tale.named["1.set-dialing-mode"].said["GSW_DIAL_MODE"]
    tale.do(7, 1, Action.UNLOAD)
    return tale


@STORIES.story
def requests_that_change_nothing_without_events() -> Tale:
    tale = events_for_requests_that_change_nothing()
    tale.lose(*(d for d in tale.drafts if d.said["GSW_CAMPAIGN_GROUP_ACTION"] == Action.SET_DIALING_MODE))
    tale.fence()
    return tale


@STORIES.story
def an_undocumented_change_of_the_mode_reported() -> Tale:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START, PREDICT)
    tale.do(3, 1, Action.SET_DIALING_MODE, Dialing(3))
    tale.periodic([3.5, 5.5, 7.5], 1)
    tale.do(8, 1, Action.STOP)
    tale.do(9, 1, Action.UNLOAD)
    return tale


@STORIES.story
def an_undocumented_change_of_the_mode_passed_over() -> Tale:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START, PREDICT)
    tale.ask(3, 1, Action.SET_DIALING_MODE, Dialing(3))
    tale.dialing[1], tale.last[1] = PREDICT, Action.START
    tale.periodic([3.5, 5.5, 7.5], 1)
    tale.do(8, 1, Action.UNLOAD)
    return tale


@STORIES.story
def changes_of_the_mode_asked_at_once() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START, Dialing(1, 1, 80))
    tale.do(3, 1, Action.SET_DIALING_MODE, Dialing(2), late=0.3)
    tale.do(3.02, 1, Action.SET_DIALING_MODE, Dialing(2), late=0.3)
    tale.do(3.04, 1, Action.SET_DIALING_MODE, Dialing(1, 1, 80), late=0.1)
    tale.do(5, 1, Action.UNLOAD)
    return tale


def _started_by_itself_after_a_client() -> Tale:
    tale = timed()
    tale.know(1, dial_mode=10, optimize_by=4, optimize_goal=5)
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START, PREDICT)
    tale.do(3, 1, Action.STOP)
    return tale


@STORIES.story
def a_start_by_itself_that_dials_as_the_client_asked_before() -> Tale:
    tale = _started_by_itself_after_a_client()
    tale.do(4, 1, Action.START, cause=Cause.SCHEDULE)
    tale.periodic([5.5, 7.5], 1)
    tale.do(8, 1, Action.UNLOAD)
    return tale


@STORIES.story
def a_start_by_itself_that_dials_as_configured_whatever_a_client_asked_before() -> Tale:
    tale = _started_by_itself_after_a_client()
    tale.dialing[1] = Dialing(10, 4, 5)
    tale.do(4, 1, Action.START, cause=Cause.SCHEDULE)
    tale.periodic([5.5, 7.5], 1)
    tale.do(8, 1, Action.UNLOAD)
    return tale


@pytest.mark.parametrize("write", STORIES.parameters())
def test_a_right_emitter_is_accused_of_nothing(write: Callable[[], Tale]) -> None:
    tale = write()
    assert tale.judged()
    assert tale.faults() == {}
