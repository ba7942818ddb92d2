"""What the three options forbid, to the very moment, and where a URI leads to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from cgstate.judge.judge import judge
from cgstate.judge.trace.options import target_of
from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from selftest.judge_trace.telling import BEGIN, ELSEWHERE, TARGET, Tale, timed, untimed
else:
    from telling import BEGIN, ELSEWHERE, TARGET, Tale, timed, untimed

OFF, AGAIN, ZERO = "option.off", "option.off-again", "option.interval-zero"
CONFIGURED, CHANGED = "http.configured-uri", "option.uri-change"


@pytest.mark.parametrize(
    ("uri", "target"),
    [
        ("http://host", "/"),
        ("http://host#part", "/"),
        ("http://host?query", "/?query"),
        ("http://host/path", "/path"),
        ("http://host/path?query", "/path?query"),
        ("http://host/path?query#part", "/path?query"),
        ("http://host/path?", "/path?"),
        ("http://host/path?#part", "/path?"),
        ("http://host/path#part?", "/path"),
        ("http://host/path#part?#more", "/path"),
    ],
)
def test_a_target_is_path_and_query_as_they_are_configured(uri: str, target: str) -> None:
    assert target_of(uri) == target


def two_events() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(8, 1, Action.START)
    return tale


@pytest.mark.parametrize(
    ("target", "broken"),
    [
        (TARGET, False),
        (f"http://receiver.test:9{TARGET}", False),
        (f"https://receiver.test:9{TARGET}", False),
        (f"HTTPS://receiver.test:9{TARGET}", False),
        ("/notifications", True),
        (f"ftp://receiver.test:9{TARGET}", True),
        (f"http://[{TARGET}", True),
    ],
)
def test_a_target_may_be_a_whole_uri(target: str, *, broken: bool) -> None:
    tale = two_events()
    tale.named["1.start"].target = target
    assert (CONFIGURED in tale.faults()) is broken


@pytest.mark.parametrize("unreadable", [{"target": None}, {"malformed": "no request line"}])
def test_where_one_message_has_no_target_the_next_one_has(unreadable: dict[str, Any]) -> None:
    tale = two_events()
    tale.named["1.start"].target = "/other"
    evidence = tale.evidence()
    first, second = evidence.exchanges
    judged = judge(replace(evidence, exchanges=(replace(first, **unreadable), second)))
    assert [r.exchanges for r in judged if r.requirement == CONFIGURED] == [(2,)]


def test_where_no_uri_is_set_a_message_goes_nowhere_wrong() -> None:
    tale = Tale()
    tale.do(1, 1, Action.LOAD)
    tale.options(2)
    tale.options(3, uri=None)
    tale.do(3.5, 1, Action.START)
    tale.options(5)
    tale.do(8, 1, Action.STOP).target = "/other"
    judged = [r for r in tale.judged() if r.requirement in (CONFIGURED, CHANGED)]
    assert [(r.requirement, r.exchanges, r.fault is None) for r in judged] == [(CONFIGURED, (3,), False)]


def test_a_uri_that_never_was_the_only_one_is_no_earlier_one() -> None:
    tale = untimed()
    tale.options(3, uri=ELSEWHERE)
    tale.options(3)
    tale.do(8, 1, Action.LOAD).target = "/elsewhere"
    assert list(tale.faults()) == [CONFIGURED]


def off_from_4_to_6(*, again: float = 7) -> Tale:
    """The feature is off from 3 on, which is watched from 4 to 6; then it is turned on."""
    tale = untimed()
    tale.options(3, enabled=False)
    tale.window("off", 4, 6)
    tale.options(again)
    return tale


@pytest.mark.parametrize(("asked", "watched"), [(3.75, False), (4, True), (5, True), (6, True), (6.25, False)])
def test_what_is_asked_for_while_it_is_watched_is_not_reported(asked: float, *, watched: bool) -> None:
    tale = off_from_4_to_6()
    tale.ask(asked, 1, Action.LOAD)
    tale.fence()
    assert (OFF in tale.met()) is watched
    tale.say(asked + 0.125, 1, Action.LOAD, GroupState.ACTIVE)
    assert (OFF in tale.faults()) is watched


def test_what_changes_nothing_shows_nothing() -> None:
    tale = off_from_4_to_6()
    tale.do(1, 1, Action.LOAD)
    tale.ask(5, 1, Action.LOAD)
    tale.fence()
    assert not {OFF} & (tale.met() | tale.faults().keys())


@pytest.mark.parametrize(
    ("again", "arrival", "heard"),
    [
        (5.5, 5.25, True),
        (5.5, 5.5, False),
        (6, 6, False),
        (6, 6.5, False),
        (6.25, 6.5, True),
    ],
)
def test_an_event_may_follow_what_is_set_within_a_second_of_its_request(
    again: float, arrival: float, *, heard: bool
) -> None:
    tale = off_from_4_to_6(again=again)
    tale.do(5, 1, Action.LOAD, took=0, late=arrival - 5)
    assert (OFF in tale.faults()) is heard


@pytest.mark.parametrize(("arrival", "heard"), [(5.75, False), (6, True), (8, True), (9, True), (9.25, False)])
@pytest.mark.parametrize("requirement", [AGAIN, ZERO])
def test_what_is_periodic_is_heard_while_it_is_watched(requirement: str, arrival: float, *, heard: bool) -> None:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.options(4, enabled=requirement == ZERO, interval=0)
    tale.window(requirement.removeprefix("option."), 6, 9)
    tale.periodic([arrival], 1, GroupState.ACTIVE)
    assert (requirement in tale.faults()) is heard


@pytest.mark.parametrize("interval", [0.5, 1, 2])
def test_a_periodic_message_may_be_on_its_way_when_the_interval_is_set_to_zero(interval: float) -> None:
    tale = timed(interval)
    tale.do(1, 1, Action.LOAD)
    tale.options(4, interval=0)
    tale.window("interval-zero", 4, 9)
    tale.periodic([4.75], 1, GroupState.ACTIVE)
    assert ZERO not in tale.faults()


@pytest.mark.parametrize(
    ("clock", "made", "heard"),
    [
        (0, None, False),
        (0, 3, False),
        (0, 4.5, False),
        (0, 4.625, True),
        (0.5, 5, False),
        (0.5, 5.125, True),
        (-0.5, 4, False),
        (-0.5, 4.125, True),
    ],
)
def test_a_message_is_on_its_way_if_it_was_made_no_later_than_half_a_second_after_the_change(
    clock: float, made: float | None, *, heard: bool
) -> None:
    tale = timed()
    tale.do(1, 1, Action.LOAD, late=0.5).said["GSW_DATE_TIME"] = f"{BEGIN + 1.5 + clock:.3f}"
    tale.options(4, enabled=False)
    tale.window("off-again", 4, 9)
    said = tale.periodic([4.75], 1, GroupState.ACTIVE)[0].said
    del said["GSW_DATE_TIME"]
    if made is not None:
        said["GSW_DATE_TIME"] = f"{BEGIN + made:.3f}"
    assert (AGAIN in tale.faults()) is heard


def test_without_a_clock_to_go_by_a_message_may_be_on_its_way() -> None:
    tale = timed()
    del tale.do(1, 1, Action.LOAD).said["GSW_DATE_TIME"]
    tale.options(4, enabled=False)
    tale.window("off-again", 4, 9)
    tale.periodic([4.75], 1, GroupState.ACTIVE)
    assert AGAIN not in tale.faults()
