"""What a message says of the request that it answers to, and of messages before it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cgstate.evidence import Act, Dialing, Exchange, Reply, Traits
from cgstate.judge.message import Message, read_message
from cgstate.judge.trace.pairing import answered_by, contradicts_dialing, fits, repeated, says_the_same
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


BEGIN = 1_700_000_000.0


def asked_at(number: int, second: float, standing: Standing = Standing.OWED) -> Step:
    """Return a load that is asked for then and answered a tenth of a second later."""
    asked = BEGIN + second
    act = Act(number, (1, 1), LOAD, asked, asked + 0.1, Reply.ACCEPTED)
    return Step(act, standing, GroupState.NOT_LOADED, GroupState.ACTIVE, None, started=False)


def came(second: float, moment: str = "", **more: Any) -> Message:  # noqa: ANN401 - any JSON
    """Return a load's message that came then; `moment`: seconds from the beginning as its time has them."""
    time = {"GSW_DATE_TIME": f"{BEGIN + float(moment):.{3 if '.' in moment else 0}f}"} if moment else {}
    body = json.dumps({"GSW_CAMPAIGN_GROUP_ACTION": 7, "GSW_CAMPAIGN_GROUP_STATE": 4, **time, **more}).encode()
    return read_message(Exchange(1, body, arrival=BEGIN + second), Traits("one", has_bytes=True, has_arrival=True))


def answered(message: Message, steps: list[Step], events: dict[int, Message], least: int = 1) -> int | None:
    """Return the number of the request it answers: of those without an event, from `least` on."""
    open_to_it = [s for s in steps if s.act.number not in events and s.act.number >= least]
    found = answered_by(message, open_to_it, steps, events)
    return found.act.number if found else None


def test_nothing_and_what_was_refused_is_not_answered() -> None:
    assert answered(came(1, "1.000"), [], {}) is None
    assert answered(came(1, "1.000"), [asked_at(1, 1, Standing.REFUSED)], {}) is None
    assert answered(came(1, "1.000"), [asked_at(1, 0, Standing.REFUSED), asked_at(2, 1)], {}) == 2


@pytest.mark.parametrize(
    ("standings", "number"),
    [
        ((Standing.TOLERATED, Standing.OWED, Standing.OWED), 2),
        ((Standing.TOLERATED, Standing.TOLERATED), 1),
        ((Standing.OWED, Standing.OWED), 1),
    ],
)
def test_without_a_time_the_first_that_is_owed_is_answered(standings: tuple[Standing, ...], number: int) -> None:
    assert answered(came(9), [asked_at(n, n, each) for n, each in enumerate(standings, 1)], {}) == number


@pytest.mark.parametrize(
    ("moment", "first", "second", "number"),
    [
        ("5.000", 0, 5, 2),
        ("5.000", 5, 9, 1),
        ("7.100", 5, 9, 2),
        ("6.900", 5, 9, 1),
        # A minute off or more, it is local time, or of no clock: when it came counts.
        ("-54.999", 1, 5, 1),
        ("-55.001", 1, 5, 2),
        ("-59.900", 1, 5, 2),
        ("-3595.000", 1, 5, 2),
        ("-3400000000", 1, 5, 2),
        ("3605.000", 1, 5, 2),
        ("-3595.000", 5, 9, 1),
    ],
)
def test_of_several_the_one_nearest_to_its_time_is_answered(
    moment: str, first: float, second: float, number: int
) -> None:
    arrival = 5.0 if moment[0] == "-" or float(moment) > 60 else 10.0
    assert answered(came(arrival, moment), [asked_at(1, first), asked_at(2, second)], {}) == number


@pytest.mark.parametrize(("off", "number"), [(59.999, 1), (60.0, 2)])
def test_a_time_a_minute_before_its_arrival_is_of_another_zone(off: float, number: int) -> None:
    steps = [asked_at(1, 0), asked_at(2, 60)]
    assert answered(came(60, f"{60 - off:.3f}"), steps, {}) == number


@pytest.mark.parametrize("ahead", [-20, 20, 3600])
def test_how_far_the_clock_is_off_is_taken_from_the_last_event(ahead: float) -> None:
    steps = [asked_at(1, 0), asked_at(2, 10), asked_at(3, 30), asked_at(4, 50)]
    before = {1: came(0, f"{ahead + 2000}.000"), 2: came(10, f"{10 + ahead}.000")}
    assert answered(came(70, f"{30 + ahead}.000"), steps, before) == 3
    assert answered(came(70, f"{50 + ahead}.000"), steps, before) == 4


@pytest.mark.parametrize(
    ("moment", "next_asked", "number"),
    [
        # The clock is right: a request that follows the answer by more than half a second is another one.
        ("1.050", 1.6, 2),
        ("1.050", 1.601, None),
        ("1.050", 2.5, None),
        # A clock of whole seconds shows one time for a second and a half.
        ("1", 2.6, 2),
        ("1", 2.601, None),
        ("1", 3.5, None),
    ],
)
def test_what_says_an_event_again_is_no_later_requests(moment: str, next_asked: float, number: int | None) -> None:
    steps = [asked_at(1, 1), asked_at(2, next_asked)]
    assert answered(came(4, moment, X=1), steps, {1: came(1.2, moment)}) == number


@pytest.mark.parametrize(("arrival", "number"), [(60.999, None), (61.0, 2)])
def test_what_says_an_event_again_in_another_zone_may_be_anybodys(arrival: float, number: int | None) -> None:
    steps = [asked_at(1, 1), asked_at(2, 9)]
    assert answered(came(arrival, "1.000", X=1), steps, {1: came(1.2, "1.000")}) == number
