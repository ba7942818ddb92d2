from __future__ import annotations

from dataclasses import replace

import pytest

from cgstate_reference.codes import Action, Cause, State
from cgstate_reference.group import Dialing, DialingRequest, GroupConfiguration
from cgstate_reference.life_cycle import LifeCycle, NotPossible

GROUP = GroupConfiguration(1, 2, "C@G", "G", "C", None, "", None, "ccid", Dialing(1, 1, 80))
POSSIBLE = {
    (Action.LOAD, State.NOT_LOADED),
    (Action.START, State.ACTIVE),
    (Action.STOP, State.RUNNING),
    (Action.SET_DIALING_MODE, State.RUNNING),
    (Action.UNLOAD, State.ACTIVE),
    (Action.UNLOAD, State.RUNNING),
}
WAY = {
    State.NOT_LOADED: [],
    State.ACTIVE: [Action.LOAD],
    State.RUNNING: [Action.LOAD, Action.START],
    State.WAITING_UNLOAD: [Action.LOAD, Action.START, Action.UNLOAD],
    State.UNLOAD_IN_PROGRESS: [Action.LOAD, Action.START, Action.UNLOAD],
}
NOTHING = DialingRequest()


def in_state(state: State) -> LifeCycle:
    life = LifeCycle(replace(GROUP, drain_seconds=4.0))
    for action in WAY[state]:
        life.request(action, NOTHING, Cause.CLIENT, 1.0)
    if state is State.UNLOAD_IN_PROGRESS:
        life.step(2.0)
    assert life.state is state
    return life


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_a_request_is_possible_exactly_where_the_life_cycle_has_it(action: Action, state: State) -> None:
    life = in_state(state)
    if action is Action.UNLOAD and state in (State.WAITING_UNLOAD, State.UNLOAD_IN_PROGRESS):
        assert (life.request(action, NOTHING, Cause.SCHEDULE, 7.5), life.state) == ([], state)
    elif (action, state) in POSSIBLE:
        events = life.request(action, NOTHING, Cause.SCHEDULE, 7.5)
        assert [(e.action, e.cause, e.at, e.state) for e in events] == [(action, Cause.SCHEDULE, 7.5, life.state)]
    else:
        before = (life.state, life.guid, life.dialing, life.sample(9.0))
        with pytest.raises(NotPossible):
            life.request(action, NOTHING, Cause.CLIENT, 7.5)
        assert (life.state, life.guid, life.dialing, life.sample(9.0)) == before


def test_a_group_that_was_started_drains_by_way_of_both_states() -> None:
    life = in_state(State.WAITING_UNLOAD)
    assert life.next_step_in == 2.0
    assert [e.state for e in life.step(3.0)] == [State.UNLOAD_IN_PROGRESS]
    assert life.next_step_in == 2.0
    (end,) = life.step(5.0)
    assert (end.state, end.action, end.at) == (State.NOT_LOADED, Action.UNLOAD, 5.0)
    assert life.next_step_in is None
    assert life.step(6.0) == []


def test_a_group_that_was_started_and_stopped_drains_and_one_that_never_was_does_not() -> None:
    life = in_state(State.RUNNING)
    life.request(Action.STOP, NOTHING, Cause.CLIENT, 2.0)
    assert life.request(Action.UNLOAD, NOTHING, Cause.CLIENT, 3.0)[0].state is State.WAITING_UNLOAD
    assert in_state(State.ACTIVE).request(Action.UNLOAD, NOTHING, Cause.CLIENT, 3.0)[0].state is State.NOT_LOADED


def test_what_a_request_asks_for_holds_until_the_next_one_or_the_unload() -> None:
    life = in_state(State.ACTIVE)
    assert life.request(Action.START, DialingRequest(5, 2, 3), Cause.CLIENT, 2.0)[0].dialing == Dialing(5, 2, 3)
    changed = life.request(Action.SET_DIALING_MODE, DialingRequest(optimize_goal=9), Cause.CLIENT, 3.0)
    assert changed[0].dialing == Dialing(5, 2, 9)
    life.request(Action.STOP, NOTHING, Cause.CLIENT, 4.0)
    assert life.request(Action.START, NOTHING, Cause.CLIENT, 5.0)[0].dialing == Dialing(5, 2, 9)
    life.group = replace(life.group, drain_seconds=0.0)
    life.request(Action.UNLOAD, NOTHING, Cause.CLIENT, 6.0)
    assert life.request(Action.LOAD, NOTHING, Cause.CLIENT, 7.0)[0].dialing == GROUP.dialing


def test_a_guid_holds_from_load_to_unload_and_no_longer() -> None:
    life = LifeCycle(GROUP)
    lives = [
        {
            life.request(action, NOTHING, Cause.CLIENT, 1.0)[0].guid
            for action in (Action.LOAD, Action.START, Action.STOP, Action.UNLOAD)
        }
        for _ in range(2)
    ]
    assert [len(guids) for guids in lives] == [1, 1]
    assert lives[0] != lives[1]


def test_a_loaded_group_cannot_be_configured() -> None:
    life = in_state(State.ACTIVE)
    with pytest.raises(NotPossible):
        life.configure(GROUP)
