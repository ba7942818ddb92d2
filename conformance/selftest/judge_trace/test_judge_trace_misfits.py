"""An event that says its request wrongly is accused of that, and of nothing else, wherever it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Dialing
from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from selftest.judge_trace.changing import RUNNING
    from selftest.judge_trace.telling import Stories, Tale, timed, untimed
else:
    from changing import RUNNING
    from telling import Stories, timed, untimed

TITLES = {
    "a_change_of_the_goal_alone_says_that_dialing_stopped": "state.after-set-dialing-mode",
    "an_unload_just_before_it_is_off_names_the_load": "trace.not-loaded-action",
    "an_unload_among_periodic_messages_says_active": "state.after-unload",
    "a_load_before_a_periodic_message_says_not_loaded": "state.after-load",
    "a_stop_after_a_start_that_was_lost_says_running": "state.after-stop",
}
WRONG = Stories()


@WRONG.story
def a_change_of_the_goal_alone_says_that_dialing_stopped() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START, Dialing(1, 1, 80))
    changed = tale.do(3, 1, Action.SET_DIALING_MODE, Dialing(1, 1, 81)).said
    changed["GSW_CAMPAIGN_GROUP_STATE"] = 4
    for attribute in ("GSW_DIAL_MODE", "GSW_OPTIMIZE_BY", "GSW_OPTIMIZE_GOAL"):
        del changed[attribute]
    tale.do(4, 1, Action.UNLOAD)
    tale.fence()
    return tale


@WRONG.story
def an_unload_just_before_it_is_off_names_the_load() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.UNLOAD).said["GSW_CAMPAIGN_GROUP_ACTION"] = 7
    tale.options(2.5, enabled=False)
    tale.options(5)
    tale.fence()
    return tale


@WRONG.story
def an_unload_among_periodic_messages_says_active() -> Tale:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START)
    tale.periodic([3, 5, 7], 1)
    tale.do(8, 1, Action.UNLOAD).said["GSW_CAMPAIGN_GROUP_STATE"] = 4
    tale.options(20)
    tale.fence()
    return tale


@WRONG.story
def a_load_before_a_periodic_message_says_not_loaded() -> Tale:
    tale = timed()
    tale.do(1, 1, Action.LOAD).said["GSW_CAMPAIGN_GROUP_STATE"] = 0
    tale.periodic([1.6, 3.6, 5.6], 1, GroupState.ACTIVE)
    tale.do(7, 1, Action.UNLOAD)
    tale.options(20)
    tale.fence()
    return tale


@WRONG.story
def a_stop_after_a_start_that_was_lost_says_running() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.window("closed", 1.9, 2.2)
    tale.ask(2, 1, Action.START)
    tale.do(2.3, 1, Action.STOP).said.update(RUNNING)
    tale.do(2.4, 1, Action.UNLOAD)
    tale.fence()
    return tale


def test_who_reports_at_a_set_interval_only_has_another_default() -> None:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.periodic([3, 5, 7], 1, GroupState.ACTIVE)
    tale.options(8, interval=10, default=True)
    tale.do(60, 1, Action.UNLOAD)
    tale.options(61)
    tale.fence()
    assert tale.faults() == {"periodic.default-interval": "no periodic message comes at the default interval"}


@pytest.mark.parametrize("title", TITLES)
def test_exactly_the_rule_of_the_request_is_broken(title: str) -> None:
    assert list(WRONG[title.replace("_", " ")]().faults()) == [TITLES[title]]
