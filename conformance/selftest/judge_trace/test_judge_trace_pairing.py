"""What a message says of the request that it answers to, and of messages before it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cgstate.evidence import Act, Dialing, Exchange, Reply, Traits
from cgstate.judge.message import Message, read_message
from cgstate.judge.trace.pairing import contradicts_dialing, fits, repeated, says_the_same
from cgstate.judge.trace.steps import Standing, Step
from cgstate.specification.codes import Action, GroupState

LOAD, UNLOAD, START, STOP, CHANGE = Action.LOAD, Action.UNLOAD, Action.START, Action.STOP, Action.SET_DIALING_MODE


def step(action: Action, after: GroupState = GroupState.ACTIVE, dialing: Dialing | None = None) -> Step:
    act = Act(1, (1, 1), action, 1.0, 1.1, Reply.ACCEPTED, dialing=dialing)
    return Step(act, Standing.OWED, GroupState.ACTIVE, after, dialing, started=False)


def message(**said: Any) -> Message:  # noqa: ANN401 - any JSON
    return said_as(json.dumps({f"GSW_{key}": value for key, value in said.items()}).encode())


def said_as(body: bytes) -> Message:
    return read_message(Exchange(1, body), Traits("one", has_bytes=True))


def reports(action: object, state: object, **more: Any) -> Message:  # noqa: ANN401 - any JSON
    return message(CAMPAIGN_GROUP_ACTION=action, CAMPAIGN_GROUP_STATE=state, **more)


@pytest.mark.parametrize(
    ("action", "after", "states"),
    [
        (LOAD, GroupState.ACTIVE, {-1, 1, 2, 3, 4}),
        (STOP, GroupState.ACTIVE, {-1, 1, 2, 3, 4}),
        (START, GroupState.RUNNING, {5}),
        (CHANGE, GroupState.RUNNING, {5}),
        (CHANGE, GroupState.ACTIVE, {-1, 1, 2, 3, 4}),
        (UNLOAD, GroupState.NOT_LOADED, {0}),
    ],
)
def test_a_message_fits_a_request_by_action_and_state(action: Action, after: GroupState, states: set[int]) -> None:
    asked = step(action, after)
    assert {state for state in range(-1, 6) if fits(asked, reports(action.value, state))} == states
    assert not any(fits(asked, reports(other.value, s)) for other in Action if other is not action for s in states)
    assert fits(asked, reports(action.value, "?"))


def test_what_names_no_request_fits_any_unless_it_is_periodic_or_unreadable() -> None:
    assert fits(step(LOAD), reports("?", 4))
    assert not fits(step(LOAD), reports("?", 4, STAT_HIT_RATIO=1))
    assert fits(step(LOAD), reports(7, 4, STAT_HIT_RATIO=1))
    assert not fits(step(LOAD), said_as(b"["))


FIRST = reports(7, 4, DATE_TIME="5.000", X=1)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (FIRST, True),
        (reports(7, 4, DATE_TIME="5.000", X=2), True),
        (reports(7, 4, DATE_TIME="5.0", X=2), True),
        (reports(7, 4, DATE_TIME="5.001", X=1), False),
        (reports(7, 3, DATE_TIME="5.000", X=1), False),
        (reports(8, 4, DATE_TIME="5.000", X=1), False),
    ],
)
def test_one_event_is_said_twice_at_one_time(other: Message, *, same: bool) -> None:
    assert says_the_same(other, FIRST) is same


def test_without_a_time_only_the_same_bytes_are_the_same() -> None:
    assert says_the_same(reports(7, 4), reports(7, 4))
    assert not says_the_same(reports(7, 4, X=1), reports(7, 4, X=2))


def test_the_last_one_that_is_said_again_is_found_the_exact_one_first() -> None:
    later, other = reports(7, 4, DATE_TIME="9.000"), reports(8, 0, DATE_TIME="5.000")
    assert repeated(FIRST, [FIRST, later, other]) is FIRST
    assert repeated(reports(7, 4, DATE_TIME="7.000"), [FIRST, later, other]) is later
    assert repeated(reports(9, 5), [FIRST, later, other]) is None
    assert repeated(FIRST, []) is None


def test_what_cannot_be_read_is_said_again_by_the_same_bytes() -> None:
    first, second = said_as(b"["), said_as(b"[ ")
    assert repeated(said_as(b"["), [first, second]) is first
    assert repeated(said_as(b"{"), [first, second, FIRST]) is None


@pytest.mark.parametrize(
    ("action", "dialing", "said", "contradicts"),
    [
        (START, Dialing(1, 1, 80), {"DIAL_MODE": 1, "OPTIMIZE_BY": 1, "OPTIMIZE_GOAL": 80}, False),
        (START, Dialing(1, 1, 80), {"DIAL_MODE": 2}, True),
        (CHANGE, Dialing(1, 1, 80), {"OPTIMIZE_BY": 2}, True),
        (CHANGE, Dialing(1, 1, 80), {"OPTIMIZE_GOAL": 81}, True),
        (START, Dialing(1, 1, 80), {}, False),
        (START, Dialing(1), {"OPTIMIZE_BY": 2, "OPTIMIZE_GOAL": 81}, False),
        (START, Dialing(1, None, 80), {"OPTIMIZE_BY": 2, "OPTIMIZE_GOAL": 81}, True),
        (START, Dialing(2, 1, 80), {"OPTIMIZE_BY": 2, "OPTIMIZE_GOAL": 81}, False),
        (START, Dialing(2), {"DIAL_MODE": 1}, True),
        (STOP, Dialing(1, 1, 80), {"DIAL_MODE": 2}, False),
        (START, None, {"DIAL_MODE": 2}, False),
    ],
)
def test_a_message_contradicts_what_was_asked_for(
    action: Action, dialing: Dialing | None, said: dict[str, int], *, contradicts: bool
) -> None:
    assert contradicts_dialing(step(action, dialing=dialing), message(**said)) is contradicts
