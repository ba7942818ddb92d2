"""The life cycle: what is lawful, what follows, what has to be reported."""

import itertools

import pytest

from cgstate.specification.codes import MODE_CHANGES, Action, DialMode, GroupState
from cgstate.specification.life_cycle import COMBINATIONS, DRAINING, Event, Reach, lawful, step
from cgstate.specification.schemas import attributes

SETTLED = (GroupState.NOT_LOADED, GroupState.ACTIVE, GroupState.RUNNING)


@pytest.mark.parametrize(
    ("state", "actions"),
    [
        (GroupState.NOT_LOADED, {Action.LOAD}),
        (GroupState.ACTIVE, {Action.START, Action.UNLOAD}),
        (GroupState.RUNNING, {Action.STOP, Action.SET_DIALING_MODE, Action.UNLOAD}),
        (GroupState.WAITING_UNLOAD, {Action.UNLOAD}),
    ],
)
def test_lawful_requests(state: GroupState, actions: set[Action]) -> None:
    assert set(lawful(state)) == actions


@pytest.mark.parametrize(("state", "action"), list(itertools.product(GroupState, Action)))
def test_every_step_is_of_one_mind(state: GroupState, action: Action) -> None:
    taken = step(state, action)
    assert taken.lawful == (action in lawful(state))
    assert (taken.expected in taken.allowed) == taken.lawful
    assert bool(taken.why) == (taken.event is not Event.OWED)
    if not taken.lawful:
        assert taken.event is not Event.OWED


@pytest.mark.parametrize(
    ("state", "action", "after"),
    [
        (GroupState.NOT_LOADED, Action.LOAD, GroupState.ACTIVE),
        (GroupState.ACTIVE, Action.START, GroupState.RUNNING),
        (GroupState.RUNNING, Action.STOP, GroupState.ACTIVE),
        (GroupState.ACTIVE, Action.UNLOAD, GroupState.NOT_LOADED),
        (GroupState.RUNNING, Action.UNLOAD, GroupState.NOT_LOADED),
    ],
)
def test_a_change_of_state_is_owed(state: GroupState, action: Action, after: GroupState) -> None:
    taken = step(state, action)
    assert (taken.event, taken.expected, taken.changes) == (Event.OWED, after, True)


@pytest.mark.parametrize(("before", "after"), list(itertools.product(DialMode, DialMode)))
def test_a_mode_change_is_owed_between_the_documented_pairs_only(before: DialMode, after: DialMode) -> None:
    taken = step(GroupState.RUNNING, Action.SET_DIALING_MODE, running_mode=before, asked_mode=after)
    assert taken.lawful
    assert taken.expected is GroupState.RUNNING
    assert taken.event is (Event.OWED if (before, after) in MODE_CHANGES else Event.TOLERATED)


def test_mode_of_a_group_that_does_not_run_may_be_reported_or_not() -> None:
    assert step(GroupState.ACTIVE, Action.SET_DIALING_MODE).event is Event.TOLERATED
    assert step(GroupState.NOT_LOADED, Action.SET_DIALING_MODE).event is Event.NONE


def test_unload_may_drain_and_a_second_one_owes_nothing() -> None:
    assert step(GroupState.RUNNING, Action.UNLOAD).on_the_way == DRAINING
    assert step(GroupState.UNLOAD_IN_PROGRESS, Action.UNLOAD).event is Event.TOLERATED
    assert step(GroupState.NOT_LOADED, Action.UNLOAD).event is Event.NONE


def test_table_of_combinations_is_whole_and_says_why() -> None:
    states = attributes()["GSW_CAMPAIGN_GROUP_STATE"]["enum"]
    actions = attributes()["GSW_CAMPAIGN_GROUP_ACTION"]["enum"]
    assert set(COMBINATIONS) == set(itertools.product(states, actions))
    assert all(combination.why for combination in COMBINATIONS.values())


def test_expected_combinations_are_those_that_owed_events_show() -> None:
    owed = {
        (taken.expected, action)
        for state, action in itertools.product(SETTLED, Action)
        if (taken := step(state, action, running_mode=1, asked_mode=2)).event is Event.OWED
    }
    expected = {key for key, combination in COMBINATIONS.items() if combination.reach is Reach.EXPECTED}
    assert owed == expected
