"""What follows a notification that fails: one attempt, life goes on, and requests are taken all the while."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Reply
from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from selftest.judge_trace.telling import Tale, timed, untimed
else:
    from telling import timed, untimed

RETRY, NEXT, GOES_ON = "failure.no-retry", "failure.next-event", "failure.group-goes-on"


def told(tale: Tale, requirement: str) -> list[tuple[tuple[int, ...], bool]]:
    """Return what is said of a requirement: on which requests, and whether it is met."""
    return [(r.acts, r.fault is None) for r in tale.judged() if r.requirement == requirement]


def refused(asked: float, *, usual: float | None) -> Tale:
    """Connections are refused until 6; a load asked for before comes all the same. Another group's takes `usual`."""
    tale = untimed()
    tale.window("closed", 4, 6)
    tale.do(asked, 1, Action.LOAD, late=8 - asked)
    if usual is not None:
        tale.do(10, 2, Action.LOAD, late=usual)
    return tale


@pytest.mark.parametrize(
    ("asked", "usual", "again"),
    [(5, 1, True), (5, 1.25, False), (5.25, 1, False), (4, 1, True), (5.25, 0.5, True), (5.25, None, True)],
)
def test_what_comes_after_a_refusal_that_was_longer_than_any_event_took_was_tried_again(
    asked: float, usual: float | None, *, again: bool
) -> None:
    assert told(refused(asked, usual=usual), RETRY) == ([((1,), False)] if again else [])


def test_one_that_may_have_been_late_excuses_no_other() -> None:
    tale = refused(5.25, usual=1)
    tale.do(4.5, 3, Action.LOAD, late=3)
    assert told(tale, RETRY) == [((3,), False)]


@pytest.mark.parametrize("alive", [False, True])
def test_what_was_lost_and_never_came_was_left_alone_if_the_emitter_lives(*, alive: bool) -> None:
    tale = untimed()
    tale.window("closed", 4, 6)
    tale.do(1, 1, Action.LOAD)
    tale.ask(4.5, 1, Action.LOAD, reply=Reply.REFUSED)
    tale.ask(5, 1, Action.START)
    if alive:
        tale.do(7, 2, Action.LOAD)
    assert told(tale, RETRY) == ([((3,), True)] if alive else [])


@pytest.mark.parametrize("answer", ["500", "302", "404", "reset", "silence", "2", "20", "2000", "200"])
def test_a_failure_is_any_answer_but_a_2xx(answer: str) -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD, answer=answer)
    tale.do(2, 1, Action.START)
    failed = answer != "200"
    assert told(tale, RETRY) == ([((1,), True)] if failed else [])
    assert told(tale, NEXT) == ([((2,), True)] if failed else [])


def test_where_a_second_one_might_be_periodic_nobody_can_tell_that_none_came() -> None:
    tale = timed()
    tale.do(1, 1, Action.LOAD, answer="500")
    tale.do(2, 1, Action.START)
    assert told(tale, RETRY) == []


def test_only_the_next_event_shows_that_life_goes_on() -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD, answer="500")
    tale.ask(2, 1, Action.STOP, reply=Reply.REFUSED)
    tale.do(3, 1, Action.START)
    tale.do(4, 1, Action.STOP)
    tale.do(5, 2, Action.LOAD)
    assert told(tale, NEXT) == [((3,), True)]


def lost_after(failure: str, *, seen: bool = True) -> Tale:
    """The event after a failed notification is lost; `seen`: another group shows that such are reported."""
    tale = untimed()
    if failure == "refused":
        tale.window("closed", 0.5, 1.5)
        tale.ask(1, 1, Action.LOAD)
    else:
        tale.do(1, 1, Action.LOAD, answer=failure)
    tale.do(2, 2, Action.LOAD)
    if seen:
        tale.do(3, 2, Action.START)
    tale.ask(4, 1, Action.START)
    return tale


@pytest.mark.parametrize("failure", ["500", "reset", "refused"])
def test_the_event_after_a_failed_one_is_missing(failure: str) -> None:
    assert told(lost_after(failure), NEXT) == [((4,), False)]


def test_an_event_that_is_never_reported_is_not_missing_for_the_failure() -> None:
    assert told(lost_after("500", seen=False), NEXT) == []
    assert told(lost_after("200"), NEXT) == []


@pytest.mark.parametrize(("ended", "missing"), [(13.5, False), (14, True), (14.5, True)])
def test_an_event_is_missing_once_its_deadline_was_watched(ended: float, *, missing: bool) -> None:
    tale = lost_after("500")
    tale.ended = ended
    assert told(tale, NEXT) == ([((4,), False)] if missing else [])


def test_the_end_of_an_unload_may_drain_before_it_is_missing() -> None:
    tale = untimed()
    tale.know(1, drain_seconds=4)
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START, answer="500")
    tale.do(3, 2, Action.LOAD)
    tale.do(4, 2, Action.UNLOAD)
    tale.ask(5, 1, Action.UNLOAD)
    tale.ended = 18.5
    assert told(tale, NEXT) == []
    tale.ended = 19
    assert told(tale, NEXT) == [((5,), False)]


def test_an_event_that_need_not_come_is_not_missing() -> None:
    tale = lost_after("500")
    tale.options(4.5, enabled=False)
    assert told(tale, NEXT) == []


def stalled(took: float, reply: Reply = Reply.ACCEPTED, usual: float | None = None) -> Tale:
    """A request in a stall takes so long."""
    tale = untimed()
    tale.window("stall", 2, 8)
    if usual is not None:
        tale.do(1, 2, Action.LOAD, took=usual)
    tale.ask(4, 1, Action.LOAD, took=took, reply=reply)
    return tale


@pytest.mark.parametrize(
    ("took", "reply", "usual", "goes_on"),
    [
        (0.5, Reply.ACCEPTED, None, True),
        (1, Reply.ACCEPTED, None, True),
        (1.25, Reply.ACCEPTED, None, False),
        (1.5, Reply.ACCEPTED, 0.5, True),
        (1.75, Reply.ACCEPTED, 0.5, False),
        (0.5, Reply.TROUBLE, None, False),
        (0.5, Reply.REFUSED, None, None),
        (5, Reply.REFUSED, None, None),
    ],
)
def test_a_stall_holds_up_no_request(took: float, reply: Reply, usual: float | None, *, goes_on: bool | None) -> None:
    number = 1 if usual is None else 2
    found = told(stalled(took, reply, usual), GOES_ON)
    assert found == ([] if goes_on is None else [((number,), goes_on)])


def test_only_what_was_accepted_outside_of_a_stall_shows_how_long_requests_take() -> None:
    tale = stalled(1.25)
    tale.ask(1, 2, Action.LOAD, took=3, reply=Reply.TROUBLE)
    tale.ask(3, 3, Action.LOAD, took=0.5)
    tale.ask(8.5, 3, Action.START, took=0.125)
    assert told(tale, GOES_ON) == [((1,), False), ((3,), True)]


@pytest.mark.parametrize(("died", "accused"), [(None, True), (6.5, True), (6, False), (5, False)])
def test_who_has_died_is_held_up_by_nothing(died: float | None, *, accused: bool) -> None:
    tale = stalled(2, Reply.TROUBLE)
    tale.died = died
    assert (GOES_ON in tale.faults()) is accused


def test_a_redirect_is_followed_once() -> None:
    tale = untimed()
    tale.redirects = frozenset({"/moved"})
    for number, answer in enumerate(("302", "200", "500", "307", "30", "2000"), 1):
        tale.do(number, number, Action.LOAD, answer=answer)
    first = tale.named["1.load"]
    for later in (6, 7):
        tale.again(first, later).target = "/moved"
    assert RETRY not in tale.faults()
    tale.again(first, 8).target = "/moved"
    assert [r.exchanges for r in tale.judged() if r.requirement == RETRY and r.fault] == [(9,)]


def test_a_message_in_no_state_to_speak_of_is_no_second_attempt() -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD, answer="500")
    tale.say(3, 1, Action.STOP, GroupState.INACTIVE)
    assert set(tale.faults()) == {"event.once"}
