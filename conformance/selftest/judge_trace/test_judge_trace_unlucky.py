"""Right emitters on an unlucky machine, or with samples when nobody expects them, are accused of nothing.

Beside each stands what the same excuse does not cover.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Cause
from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from collections.abc import Callable

    from selftest.judge_trace.telling import BEGIN, STATISTICS, Draft, Stories, Tale, timed, untimed
else:
    from telling import BEGIN, STATISTICS, Draft, Stories, Tale, timed, untimed

STORIES = Stories()


def _paced(made: list[float], late: list[float]) -> Tale:
    """Write periodic messages that were made then, each so late."""
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    for moment, delay in zip(made, late, strict=True):
        tale.say(moment + delay, 1, Action.LOAD, GroupState.ACTIVE, moment=moment, statistics=True)
    tale.do(max(draft.arrival for draft in tale.drafts) + 1.9, 1, Action.UNLOAD)
    return tale


def _answered_slowly(*arrivals: float, made: list[float] | None = None) -> Tale:
    tale = _paced(made or list(arrivals), [at - m for at, m in zip(arrivals, made or arrivals, strict=True)])
    tale.window("slow", 0.9, arrivals[-1] + 1, 1)
    return tale


def _sampled_at_once() -> tuple[Tale, Draft]:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    sample = tale.say(1.05, 1, Action.LOAD, GroupState.ACTIVE, statistics=True)
    tale.do(10, 1, Action.UNLOAD)
    tale.fence()
    return tale, sample


@STORIES.story
def samples_on_time_that_are_long_on_their_way() -> Tale:
    return _paced([3, 5, 7, 9], [0.1, 0.9, 2.4, 3.8])


@STORIES.story
def one_period_left_out_while_the_receiver_answers_slowly() -> Tale:
    return _answered_slowly(3, 7, 9.1)


@STORIES.story
def samples_on_time_while_a_busy_receiver_answers_slowly() -> Tale:
    return _answered_slowly(3.1, 6, 9, made=[3, 5, 7])


@STORIES.story
def a_drain_of_seconds_that_nobody_can_set() -> Tale:
    tale = untimed()
    tale.capabilities -= {"drain"}
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START)
    tale.do(3, 1, Action.UNLOAD, late=6)
    return tale


@STORIES.story
def a_sample_at_once_however_long_the_interval() -> Tale:
    return _sampled_at_once()[0]


@STORIES.story
def a_sample_at_once_that_overtakes_the_event() -> Tale:
    tale, sample = _sampled_at_once()
    tale.named["1.load"].arrival, sample.arrival = 1.3, 1.1
    return tale


@STORIES.story
def a_sample_at_once_when_the_options_change() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.options(5)
    tale.say(5.1, 1, Action.LOAD, GroupState.ACTIVE, statistics=True)
    tale.do(10, 1, Action.UNLOAD)
    tale.fence()
    return tale


def _with_statistics(tale: Tale) -> Tale:
    """Let every message have statistics, each its own: events and periodic ones look alike."""
    for number, draft in enumerate(tale.drafts):
        draft.said.update(STATISTICS, GSW_STAT_HIT_RATIO=number / 100)
    return tale


def _stopped_by_a_condition(at: float) -> Tale:
    """Let the sample of a load come just before the event of a stop, in its name."""
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(1.2, 1, Action.START)
    tale.say(at + 0.02, 1, Action.STOP, GroupState.ACTIVE, moment=1)
    tale.do(at, 1, Action.STOP, cause=Cause.CONDITION, late=0.2)
    tale.do(10, 1, Action.UNLOAD)
    return _with_statistics(tale)


@STORIES.story
def a_sample_of_the_time_of_the_action_before() -> Tale:
    return _stopped_by_a_condition(1.3)


@STORIES.story
def a_sample_of_the_life_before_that_the_next_load_overtakes() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(1.1, 1, Action.UNLOAD)
    tale.say(1.3, 1, Action.LOAD, GroupState.ACTIVE, moment=1)
    tale.do(1.25, 1, Action.LOAD, late=0.2)
    tale.do(1.5, 1, Action.UNLOAD)
    return _with_statistics(tale)


def _unloaded_while_off(*, started: bool) -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    if started:
        tale.do(2, 1, Action.START)
    tale.options(5, enabled=False)
    tale.window("off", 5.1, 7, 1)
    tale.do(5.5, 1, Action.UNLOAD, late=4)
    tale.options(8)
    tale.fence()
    return tale


@STORIES.story
def an_unload_while_it_is_off_whose_calls_drain_until_it_is_on_again() -> Tale:
    return _unloaded_while_off(started=True)


@pytest.mark.parametrize("write", STORIES.parameters())
def test_a_right_emitter_is_accused_of_nothing(write: Callable[[], Tale]) -> None:
    tale = write()
    assert tale.judged()
    assert tale.faults() == {}


def test_samples_that_were_made_too_seldom_are_not_excused_by_their_own_times() -> None:
    assert _paced([3, 6, 9, 12], [0, 0, 0, 0]).faults().keys() == {"periodic.interval"}


def test_every_period_longer_by_the_answer_is_drift() -> None:
    assert _answered_slowly(3, 5.4, 7.8).faults().keys() == {"periodic.no-drift"}


def test_a_drain_that_was_set_to_nothing_is_to_be_over_soon() -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START)
    tale.do(3, 1, Action.UNLOAD, late=6)
    assert tale.faults().keys() == {"event.soon"}


def test_a_sample_long_after_the_load_is_not_the_first() -> None:
    tale, sample = _sampled_at_once()
    sample.arrival = 3
    sample.said["GSW_DATE_TIME"] = f"{BEGIN + 2.9:.3f}"
    assert tale.faults().keys() == {"periodic.interval"}


def test_where_no_sample_may_come_what_tells_the_time_of_the_action_before_is_the_event() -> None:
    assert "date-time.when-it-happened" in _stopped_by_a_condition(5).faults()


def test_an_unload_while_it_is_off_that_has_nothing_to_drain_is_not_reported_when_it_is_on_again() -> None:
    assert _unloaded_while_off(started=False).faults().keys() == {"option.off"}


def test_an_event_said_again_is_no_sample() -> None:
    tale, sample = _sampled_at_once()
    tale.lose(sample)
    tale.named["1.load"].said.update(STATISTICS)
    tale.again(tale.named["1.load"], 0.1)
    assert tale.faults().keys() == {"event.once"}


def test_a_sample_after_the_interval_became_an_hour_follows_the_earlier_one() -> None:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.periodic([3, 5], 1, GroupState.ACTIVE)
    tale.options(6)
    tale.periodic([9], 1, GroupState.ACTIVE)
    tale.fence()
    assert tale.faults() == {
        "option.interval-change": "periodic messages come at an earlier interval than the one that is set"
    }


def test_what_others_may_have_done_with_a_group_of_theirs_is_not_held_against_the_emitter() -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.say(5, 1, Action.START, GroupState.RUNNING)
    assert tale.faults().keys() == {"event.once"}
    tale.capabilities -= {"groups"}
    assert tale.faults() == {}
