"""Right emitters, however strange, are accused of nothing; what is only discouraged is a warning and no more."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Cause, Dialing, Reply
from cgstate.judge.judge import judge
from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from collections.abc import Callable

    from selftest.judge_trace.telling import BEGIN, ELSEWHERE, PREDICT, STATISTICS, URI, Tale, life, untimed, whole_run
else:
    from telling import BEGIN, ELSEWHERE, PREDICT, STATISTICS, URI, Tale, life, untimed, whole_run

STORIES: dict[str, Callable[[], Tale]] = {}


def story(write: Callable[[], Tale]) -> Callable[[], Tale]:
    STORIES[write.__name__.replace("_", " ")] = write
    return write


def timed(interval: float = 2.0, *, known: bool = True, default: bool = False) -> Tale:
    tale = Tale()
    tale.options(0, interval=interval, known=known, default=default)
    return tale


@story
def the_whole_run() -> Tale:
    return whole_run()


@story
def slow() -> Tale:
    return whole_run(latency=0.5)


@story
def a_clock_3_s_ahead() -> Tale:
    return whole_run(clock=3)


@story
def a_clock_3_s_behind() -> Tale:
    return whole_run(clock=-3)


@story
def jitter() -> Tale:
    tale = whole_run()
    chance = random.Random(7)  # noqa: S311 - no secret
    for draft in tale.drafts:
        draft.arrival += chance.uniform(0, 0.2)
    return tale


@story
def one_connection_for_each_message() -> Tale:
    tale = whole_run()
    for number, draft in enumerate(tale.drafts):
        draft.connection = number
    return tale


@story
def extra_attributes_and_statistics_in_events() -> Tale:
    tale = whole_run()
    for draft in tale.drafts:
        draft.said.update(STATISTICS)
        draft.said["GSW_NEW"] = {"nested": [1, None]}
    # With an interval of zero a message with statistics that no request accounts for would be periodic.
    return tale


@story
def queue_left_empty_and_strange_names() -> Tale:
    tale = untimed()
    tale.know(1, name="cgstate-test-1-\u202e\U0001f4de\n" + "n" * 200, queue_name="", tenant_name=None)
    life(tale, 1, 1)
    return tale


@story
def periodic_messages_just_after_the_unload() -> Tale:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.periodic([3, 5, 7], 1, GroupState.ACTIVE)
    tale.do(8.9, 1, Action.UNLOAD)
    tale.last[1] = Action.LOAD
    tale.periodic([9.6], 1, GroupState.ACTIVE)
    tale.fence()
    return tale


@story
def events_out_of_order_over_several_connections() -> Tale:
    tale = untimed()
    for number in (1, 2):
        for at, action, late in (
            (1, Action.LOAD, 0.4),
            (1.1, Action.START, 0.1),
            (1.2, Action.STOP, 0.7),
            (1.3, Action.UNLOAD, 0.2),
            (1.4, Action.LOAD, 0.3),
            (1.5, Action.UNLOAD, 0.1),
        ):
            tale.do(at, number, action, late=late, connection=int(at * 10))
    return tale


@story
def periodic_messages_out_of_order() -> Tale:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    for draft in tale.periodic([3, 5, 7, 9], 1, GroupState.ACTIVE):
        draft.arrival += 0.4 if draft.arrival % 4 == 1 else 0
    tale.do(10, 1, Action.UNLOAD)
    return tale


@story
def events_of_one_group_in_the_middle_of_anothers() -> Tale:
    tale = untimed()
    for number in range(1, 6):
        life(tale, number, 1 + number / 100)
    return tale


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


@story
def a_drain_of_seconds_with_periodic_messages_in_it() -> Tale:
    return _drained()


@story
def a_drain_whose_end_is_dated_when_it_ended() -> Tale:
    tale = _drained()
    tale.named["1.unload"].said["GSW_DATE_TIME"] = f"{BEGIN + 10.99:.3f}"
    return tale


@story
def a_drain_of_a_quarter_of_an_hour() -> Tale:
    tale = untimed()
    tale.know(1, unknown=frozenset({"drain_seconds"}))
    tale.bounds = replace(tale.bounds, drain_deadline=2000)
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START)
    tale.do(3, 1, Action.UNLOAD, late=905)
    tale.ended = 3000
    return tale


@story
def a_drain_whose_messages_have_one_time_and_come_in_any_order() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START)
    for at, state in ((3.3, 1), (3.1, 2)):
        tale.say(at, 1, Action.UNLOAD, GroupState(state), moment=3)
    tale.do(3, 1, Action.UNLOAD, late=0.2)
    return tale


@story
def a_stop_before_the_unload_of_a_running_group() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START)
    tale.say(3.01, 1, Action.STOP, GroupState.ACTIVE)
    tale.do(3, 1, Action.UNLOAD, late=0.02)
    return tale


@story
def a_stop_before_the_unload_that_comes_just_after_it() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START)
    tale.say(3.3, 1, Action.STOP, GroupState.ACTIVE, moment=3)
    tale.do(3, 1, Action.UNLOAD, late=0.02)
    return tale


@story
def periodic_messages_with_the_time_of_the_last_action() -> Tale:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    for draft in tale.periodic([3, 5, 7], 1, GroupState.ACTIVE):
        draft.said["GSW_DATE_TIME"] = f"{BEGIN + 1.001:.3f}"
    tale.do(8, 1, Action.START)
    for draft in tale.periodic([9, 11, 13], 1):
        draft.said["GSW_DATE_TIME"] = f"{BEGIN + 8.001:.3f}"
    tale.do(14, 1, Action.UNLOAD)
    return tale


@story
def a_periodic_message_just_before_the_event_it_looks_like() -> Tale:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.periodic([2, 4, 6], 1, GroupState.ACTIVE)
    tale.do(6.9, 1, Action.START, late=1.7)
    tale.periodic([8, 10, 12], 1)
    tale.do(13, 1, Action.UNLOAD)
    return tale


@story
def no_options_hook() -> Tale:
    tale = timed(10, known=False)
    tale.capabilities = frozenset()
    life(tale, 1, 1)
    tale.do(10, 2, Action.LOAD)
    tale.periodic([10.5, 13.5, 16.5], 2, GroupState.ACTIVE)
    tale.do(17, 2, Action.START)
    tale.periodic([19.5, 22.5], 2)
    tale.do(24, 2, Action.UNLOAD)
    return tale


@story
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


@story
def requests_that_change_nothing_without_events() -> Tale:
    tale = events_for_requests_that_change_nothing()
    tale.lose(*(d for d in tale.drafts if d.said["GSW_CAMPAIGN_GROUP_ACTION"] == Action.SET_DIALING_MODE))
    tale.fence()
    return tale


@story
def an_undocumented_change_of_the_mode_reported() -> Tale:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START, PREDICT)
    tale.do(3, 1, Action.SET_DIALING_MODE, Dialing(3))
    tale.periodic([3.5, 5.5, 7.5], 1)
    tale.do(8, 1, Action.STOP)
    tale.do(9, 1, Action.UNLOAD)
    return tale


@story
def an_undocumented_change_of_the_mode_passed_over() -> Tale:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START, PREDICT)
    tale.ask(3, 1, Action.SET_DIALING_MODE, Dialing(3))
    tale.dialing[1], tale.last[1] = PREDICT, Action.START
    tale.periodic([3.5, 5.5, 7.5], 1)
    tale.do(8, 1, Action.UNLOAD)
    return tale


@story
def changes_of_the_mode_asked_at_once() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START, Dialing(1, 1, 80))
    tale.do(3, 1, Action.SET_DIALING_MODE, Dialing(2), late=0.3)
    tale.do(3.02, 1, Action.SET_DIALING_MODE, Dialing(2), late=0.3)
    tale.do(3.04, 1, Action.SET_DIALING_MODE, Dialing(1, 1, 80), late=0.1)
    tale.do(5, 1, Action.UNLOAD)
    return tale


@story
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


@story
def guid_reused_after_reload_and_by_another_group() -> Tale:
    tale = untimed()
    for at in (1, 10):
        life(tale, 1, at)
    life(tale, 2, 20)
    for draft in tale.drafts:
        draft.said["GSW_CAMPAIGN_GROUP_GUID"] = "one"
    return tale


@story
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


@story
def an_emitter_that_dies() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START)
    tale.ask(3, 1, Action.STOP, reply=Reply.TROUBLE)
    tale.died = tale.ended = 3.1
    return tale


@story
def an_emitter_that_dies_before_a_period_is_over() -> Tale:
    tale = timed(10, default=True)
    tale.do(1, 1, Action.LOAD)
    tale.died = 9
    return tale


@story
def an_emitter_that_dies_in_a_stall() -> Tale:
    tale = untimed()
    tale.window("stall", 0.9, 20)
    tale.do(1, 1, Action.LOAD, answer="silence")
    tale.ask(2, 1, Action.START, reply=Reply.TROUBLE, took=5)
    tale.died = 7.0
    return tale


@story
def a_run_that_is_interrupted() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.ask(2, 1, Action.START)
    tale.ended = 2.2
    return tale


@story
def trouble_after_which_nobody_knows_the_state() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START, reply=Reply.TROUBLE, late=4)
    tale.ask(7, 1, Action.STOP, reply=Reply.REFUSED)
    tale.do(8, 1, Action.UNLOAD)
    tale.fence()
    return tale


@story
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


@story
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


@story
def the_absolute_form_of_the_target() -> Tale:
    tale = untimed()
    life(tale, 1, 1)
    for draft in tale.drafts:
        draft.target = URI
    return tale


@story
def two_unloads_within_one_tick_of_a_coarse_clock() -> Tale:
    tale = untimed()
    for at in (1.1, 1.2):
        tale.do(at, 1, Action.LOAD)
        tale.do(at + 0.05, 1, Action.UNLOAD)
    for draft in tale.drafts:
        draft.said["GSW_CAMPAIGN_GROUP_GUID"] = "one"
        draft.said["GSW_DATE_TIME"] = f"{BEGIN + 1:.3f}"
    return tale


@story
def a_late_attempt_after_a_short_refusal() -> Tale:
    tale = whole_run(latency=0.5)
    tale.window("closed", 30, 30.3)
    tale.do(29, 40, Action.LOAD)
    tale.do(30.1, 40, Action.START)
    tale.do(32, 40, Action.UNLOAD)
    return tale


@story
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


@pytest.mark.parametrize("write", [pytest.param(write, id=title) for title, write in STORIES.items()])
def test_a_right_emitter_is_accused_of_nothing(write: Callable[[], Tale]) -> None:
    tale = write()
    assert tale.judged()
    assert tale.faults() == {}


@pytest.mark.parametrize(("clock", "seen"), [(7, "7.0 s ahead"), (-7, "7.0 s behind")])
def test_a_clock_that_is_off_is_a_warning_and_nothing_else(clock: float, seen: str) -> None:
    broken = [ruling for ruling in whole_run(clock=clock).judged() if ruling.fault is not None]
    assert [(r.requirement, r.fault and r.fault.seen) for r in broken] == [("date-time.clock", seen)]


def test_another_state_than_active_is_a_warning_and_nothing_else() -> None:
    tale = untimed()
    life(tale, 1, 1)
    for draft in tale.drafts:
        if draft.said["GSW_CAMPAIGN_GROUP_STATE"] == GroupState.ACTIVE:
            draft.said["GSW_CAMPAIGN_GROUP_STATE"] = int(GroupState.INACTIVE)
    assert list(tale.faults()) == ["state.active-when-loaded"]


def test_what_it_owed_when_it_died_is_missing_without_waiting() -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.ask(2, 1, Action.START)
    tale.died = tale.ended = 2.5
    assert list(tale.faults()) == ["event.start.reported"]


def test_a_lost_event_is_not_found_in_a_later_one_of_its_kind() -> None:
    tale = untimed()
    life(tale, 1, 1)
    tale.lose(tale.named["1.load"], tale.named["1.unload"])
    life(tale, 1, 20)
    missing = [r for r in tale.judged() if r.fault]
    assert [(r.requirement, r.acts) for r in missing] == [
        ("event.load.reported", (1,)),
        ("event.unload.reported", (5,)),
    ]


@pytest.mark.parametrize("clock", [-3600.0, 3600.0])
def test_nor_where_the_clock_shows_local_time(clock: float) -> None:
    tale = untimed()
    tale.clock = clock
    life(tale, 1, 1)
    tale.lose(tale.named["1.load"])
    life(tale, 1, 20)
    assert [(r.requirement, r.acts) for r in tale.judged() if r.fault and r.requirement != "date-time.utc"] == [
        ("event.load.reported", (1,))
    ]


def test_a_retry_is_not_taken_for_the_event_of_the_next_request_of_its_kind() -> None:
    tale = untimed()
    life(tale, 1, 1)
    tale.named["1.load"].answer = "503"
    load = tale.named["1.load"]
    life(tale, 1, 10)
    tale.lose(tale.named["1.load"])
    tale.again(load, 9.005)
    assert tale.faults() == {
        "event.load.reported": "the event of load-campaign is not reported",
        "failure.no-retry": "a notification is sent again after a 5xx answer",
    }


def test_without_arrivals_nothing_is_said_about_what_was_asked_for() -> None:
    tale = whole_run()
    evidence = tale.evidence()
    judged = judge(replace(evidence, exchanges=tuple(replace(e, arrival=None) for e in evidence.exchanges)))
    assert not [ruling for ruling in judged if ruling.fault is not None or ruling.acts]
    assert {"trace.not-loaded-once", "body.json"} <= {ruling.requirement for ruling in judged}


def test_one_group_alone_shows_nothing_about_distinct_guids() -> None:
    tale = untimed()
    life(tale, 1, 1)
    life(tale, 2, 20)
    assert "guid.distinct" not in tale.met()


def test_silence_is_no_evidence_where_nothing_shows_that_the_emitter_is_alive() -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD, answer="500")
    tale.ask(2, 1, Action.LOAD, reply=Reply.REFUSED)
    tale.know(2)
    tale.options(3, enabled=False)
    tale.window("off", 3.1, 5, 2)
    tale.ask(3.5, 2, Action.LOAD)
    assert not tale.met() & {"failure.no-retry", "event.none-after-refusal", "option.off", "event.once"}


def test_silence_is_no_evidence_where_nothing_was_asked_for() -> None:
    tale = untimed()
    tale.options(3, enabled=False)
    tale.window("off", 3.1, 5)
    tale.options(6)
    tale.window("interval-zero", 6.1, 7)
    tale.fence()
    assert not tale.met() & {"option.off", "option.interval-zero"}


def test_who_acted_is_not_judged_where_the_emitter_does_not_say() -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD, cause=Cause.SCHEDULE).said["GSW_CAMPAIGN_GROUP_ACTOR"] = 77
    evidence = tale.evidence()
    assert evidence.emitter is not None
    judged = judge(replace(evidence, emitter=replace(evidence.emitter, actors=None)))
    assert "actor.as-declared" not in {ruling.requirement for ruling in judged}
