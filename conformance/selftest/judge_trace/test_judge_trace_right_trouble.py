"""Right emitters are accused of nothing where options change, receivers fail, somebody else acts, or all ends early."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Reply
from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from collections.abc import Callable

    from selftest.judge_trace.right_run import whole_run
    from selftest.judge_trace.telling import BEGIN, ELSEWHERE, STATISTICS, Stories, Tale, life, timed, untimed
else:
    from right_run import whole_run
    from telling import BEGIN, ELSEWHERE, STATISTICS, Stories, Tale, life, timed, untimed

STORIES = Stories()


@STORIES.story
def option_changed_with_messages_on_their_way() -> Tale:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.periodic([3, 5], 1, GroupState.ACTIVE)
    tale.do(5.9, 1, Action.START, late=0.8)
    tale.options(6, interval=2, uri=ELSEWHERE)
    tale.drafts[-1].target = tale.target
    tale.options(8, interval=2, enabled=False)
    tale.window("off-again", 8.01, 10, 1)
    tale.periodic([8.4], 1)[0].said["GSW_DATE_TIME"] = f"{BEGIN + 7.99:.3f}"
    tale.options(11, uri=ELSEWHERE)
    tale.do(12, 1, Action.UNLOAD)
    tale.fence()
    return tale


@STORIES.story
def a_new_guid_after_an_unload_nobody_saw() -> Tale:
    tale = untimed()
    life(tale, 1, 1)
    tale.window("closed", 10, 12)
    tale.do(9, 1, Action.LOAD)
    tale.ask(10.5, 1, Action.UNLOAD)
    tale.ask(11, 1, Action.LOAD)
    tale.do(13, 1, Action.START)
    tale.do(14, 1, Action.UNLOAD)
    return tale


@STORIES.story
def an_emitter_that_dies() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START)
    tale.ask(3, 1, Action.STOP, reply=Reply.TROUBLE)
    tale.died = tale.ended = 3.1
    return tale


@STORIES.story
def an_emitter_that_dies_before_a_period_is_over() -> Tale:
    tale = timed(10, default=True)
    tale.do(1, 1, Action.LOAD)
    tale.died = 9
    return tale


@STORIES.story
def an_emitter_that_dies_in_a_stall() -> Tale:
    tale = untimed()
    tale.window("stall", 0.9, 20)
    tale.do(1, 1, Action.LOAD, answer="silence")
    tale.ask(2, 1, Action.START, reply=Reply.TROUBLE, took=5)
    tale.died = 7.0
    return tale


@STORIES.story
def a_run_that_is_interrupted() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.ask(2, 1, Action.START)
    tale.ended = 2.2
    return tale


@STORIES.story
def trouble_after_which_nobody_knows_the_state() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START, reply=Reply.TROUBLE, late=4)
    tale.ask(7, 1, Action.STOP, reply=Reply.REFUSED)
    tale.do(8, 1, Action.UNLOAD)
    tale.fence()
    return tale


@STORIES.story
def a_group_that_somebody_else_has_loaded() -> Tale:
    tale = timed(known=False)
    tale.know(1)
    tale.say(0.5, 1, Action.LOAD, GroupState.ACTIVE)
    tale.last[1] = Action.START
    tale.ask(1, 1, Action.LOAD, reply=Reply.REFUSED)
    tale.periodic([2, 4], 1)
    tale.say(5, 1, Action.STOP, GroupState.ACTIVE)
    tale.say(6, 1, Action.UNLOAD, GroupState.NOT_LOADED)
    tale.fence()
    return tale


@STORIES.story
def redirects_followed_once() -> Tale:
    tale = untimed()
    tale.redirects = frozenset({"/moved"})
    life(tale, 1, 1)
    for number, draft in enumerate(list(tale.drafts)):
        draft.answer = "307"
        followed = tale.again(draft, 0.02)
        followed.target = "/moved"
        if number % 2:
            followed.method, followed.body = "GET", b""
    return tale


@STORIES.story
def a_late_attempt_after_a_short_refusal() -> Tale:
    tale = whole_run(latency=0.5)
    tale.window("closed", 30, 30.3)
    tale.do(29, 40, Action.LOAD)
    tale.do(30.1, 40, Action.START)
    tale.do(32, 40, Action.UNLOAD)
    return tale


@STORIES.story
def actions_that_take_place_a_second_after_they_were_taken() -> Tale:
    tale = untimed()
    for number in range(1, 60):
        life(tale, number, number)
    for draft in tale.drafts[::7]:
        draft.arrival += 0.9
        draft.said["GSW_DATE_TIME"] = f"{float(draft.said['GSW_DATE_TIME']) + 0.9:.3f}"
    tale.window("stall", 70, 72)
    tale.do(70.1, 80, Action.LOAD)
    tale.do(71.1, 80, Action.UNLOAD, late=0.95).said["GSW_DATE_TIME"] = f"{BEGIN + 72.04:.3f}"
    return tale


@STORIES.story
def statistics_in_events_at_interval_zero_just_before_it_is_off() -> Tale:
    tale = Tale()
    tale.options(0, interval=0)
    tale.window("interval-zero", 10, 10.8)
    for at, number, action in (
        (10.01, 1, Action.LOAD),
        (10.02, 1, Action.START),
        (10.03, 2, Action.LOAD),
        (10.04, 1, Action.STOP),
        (10.81, 1, Action.UNLOAD),
        (10.82, 2, Action.UNLOAD),
    ):
        tale.do(at, number, action, late=0.002).said.update(STATISTICS)
    tale.options(10.9, enabled=False, interval=2)
    tale.options(13)
    tale.fence()
    return tale


@pytest.mark.parametrize("write", STORIES.parameters())
def test_a_right_emitter_is_accused_of_nothing(write: Callable[[], Tale]) -> None:
    tale = write()
    assert tale.judged()
    assert tale.faults() == {}
