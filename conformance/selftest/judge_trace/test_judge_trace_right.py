"""Right emitters, however slow, off in their clocks or strange in order and names, are accused of nothing.

What is only discouraged is a warning and no more.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from collections.abc import Callable

    from selftest.judge_trace.right_run import whole_run
    from selftest.judge_trace.telling import BEGIN, STATISTICS, URI, Stories, Tale, life, timed, untimed
else:
    from right_run import whole_run
    from telling import BEGIN, STATISTICS, URI, Stories, Tale, life, timed, untimed

STORIES = Stories()


@STORIES.story
def the_whole_run() -> Tale:
    return whole_run()


@STORIES.story
def slow() -> Tale:
    return whole_run(latency=0.5)


@STORIES.story
def a_clock_3_s_ahead() -> Tale:
    return whole_run(clock=3)


@STORIES.story
def a_clock_3_s_behind() -> Tale:
    return whole_run(clock=-3)


@STORIES.story
def jitter() -> Tale:
    tale = whole_run()
    chance = random.Random(7)  # noqa: S311 - no secret
    for draft in tale.drafts:
        draft.arrival += chance.uniform(0, 0.2)
    return tale


@STORIES.story
def one_connection_for_each_message() -> Tale:
    tale = whole_run()
    for number, draft in enumerate(tale.drafts):
        draft.connection = number
    return tale


@STORIES.story
def extra_attributes_and_statistics_in_events() -> Tale:
    tale = whole_run()
    for draft in tale.drafts:
        draft.said.update(STATISTICS)
        draft.said["GSW_NEW"] = {"nested": [1, None]}
    # With an interval of zero a message with statistics that no request accounts for would be periodic.
    return tale


@STORIES.story
def queue_left_empty_and_strange_names() -> Tale:
    tale = untimed()
    tale.know(1, name="cgstate-test-1-\u202e\U0001f4de\n" + "n" * 200, queue_name="", tenant_name=None)
    life(tale, 1, 1)
    return tale


@STORIES.story
def periodic_messages_just_after_the_unload() -> Tale:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.periodic([3, 5, 7], 1, GroupState.ACTIVE)
    tale.do(8.9, 1, Action.UNLOAD)
    tale.last[1] = Action.LOAD
    tale.periodic([9.6], 1, GroupState.ACTIVE)
    tale.fence()
    return tale


@STORIES.story
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


@STORIES.story
def periodic_messages_out_of_order() -> Tale:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    for draft in tale.periodic([3, 5, 7, 9], 1, GroupState.ACTIVE):
        draft.arrival += 0.4 if draft.arrival % 4 == 1 else 0
    tale.do(10, 1, Action.UNLOAD)
    return tale


@STORIES.story
def events_of_one_group_in_the_middle_of_anothers() -> Tale:
    tale = untimed()
    for number in range(1, 6):
        life(tale, number, 1 + number / 100)
    return tale


@STORIES.story
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


@STORIES.story
def a_periodic_message_just_before_the_event_it_looks_like() -> Tale:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.periodic([2, 4, 6], 1, GroupState.ACTIVE)
    tale.do(6.9, 1, Action.START, late=1.7)
    tale.periodic([8, 10, 12], 1)
    tale.do(13, 1, Action.UNLOAD)
    return tale


@STORIES.story
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


@STORIES.story
def guid_reused_after_reload_and_by_another_group() -> Tale:
    tale = untimed()
    for at in (1, 10):
        life(tale, 1, at)
    life(tale, 2, 20)
    for draft in tale.drafts:
        draft.said["GSW_CAMPAIGN_GROUP_GUID"] = "one"
    return tale


@STORIES.story
def the_absolute_form_of_the_target() -> Tale:
    tale = untimed()
    life(tale, 1, 1)
    for draft in tale.drafts:
        draft.target = URI
    return tale


@STORIES.story
def two_unloads_within_one_tick_of_a_coarse_clock() -> Tale:
    tale = untimed()
    for at in (1.1, 1.2):
        tale.do(at, 1, Action.LOAD)
        tale.do(at + 0.05, 1, Action.UNLOAD)
    for draft in tale.drafts:
        draft.said["GSW_CAMPAIGN_GROUP_GUID"] = "one"
        draft.said["GSW_DATE_TIME"] = f"{BEGIN + 1:.3f}"
    return tale


@pytest.mark.parametrize("write", STORIES.parameters())
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
