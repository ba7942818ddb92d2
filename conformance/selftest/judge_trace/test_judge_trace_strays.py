"""Which one rule a message breaks that nothing asked for: what came before it tells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Reply
from cgstate.judge.judge import judge
from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from selftest.judge_trace.telling import BEGIN, STATISTICS, Draft, Tale, timed, untimed
else:
    from telling import BEGIN, STATISTICS, timed, untimed

ONCE, REFUSED, GONE = "event.once", "event.none-after-refusal", "event.none-while-not-loaded"
RETRY, INTERVAL, CHANGED = "failure.no-retry", "periodic.interval", "option.interval-change"


def told(tale: Tale) -> list[tuple[str, tuple[int, ...], tuple[int, ...]]]:
    """Return the faults with their messages and requests."""
    return [(r.requirement, r.exchanges, r.acts) for r in tale.judged() if r.fault]


def loaded(answer: str = "200") -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD, answer=answer)
    return tale


def again(tale: Tale, at: float, **more: object) -> Draft:
    """The load's message comes a second time, with a time of its own."""
    first = tale.named["1.load"]
    return tale.again(first, at - first.arrival, GSW_DATE_TIME=f"{BEGIN + at:.3f}", **more)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("500", "a 5xx answer"),
        ("302", "a 3xx answer"),
        ("reset", "a connection reset"),
        ("silence", "no answer"),
    ],
)
def test_what_is_said_again_after_a_failure_is_a_second_attempt(answer: str, why: str) -> None:
    tale = loaded(answer)
    again(tale, 3)
    assert told(tale) == [(RETRY, (2, 1), (1,))]
    assert tale.faults() == {RETRY: f"a notification is sent again after {why}"}


@pytest.mark.parametrize(
    ("before", "later", "requirement"),
    [(False, False, RETRY), (False, True, INTERVAL), (True, True, RETRY)],
)
def test_statistics_make_it_periodic_unless_the_first_had_them_too(
    requirement: str, *, before: bool, later: bool
) -> None:
    tale = loaded("500")
    second = again(tale, 5)
    if before:
        tale.named["1.load"].said.update(STATISTICS)
    if later:
        second.said.update(STATISTICS)
    assert [each[0] for each in told(tale)] == [requirement]


@pytest.mark.parametrize(("arrival", "requirement"), [(4.75, ONCE), (5, REFUSED), (8, REFUSED)])
def test_what_names_a_refused_request_reports_it(arrival: float, requirement: str) -> None:
    tale = loaded()
    tale.ask(5, 1, Action.STOP, reply=Reply.REFUSED)
    tale.say(arrival, 1, Action.STOP, GroupState.ACTIVE)
    assert told(tale) == [(requirement, (2,), (2,) if requirement == REFUSED else (1,))]


@pytest.mark.parametrize("detail", ["", "not running"])
def test_why_it_was_refused_is_told(detail: str) -> None:
    tale = loaded()
    tale.ask(5, 1, Action.STOP, reply=Reply.REFUSED)
    tale.say(6, 1, Action.STOP, GroupState.ACTIVE)
    tale.acts[1] = replace(tale.acts[1], detail=detail)
    faults = [ruling.fault for ruling in judge(tale.evidence()) if ruling.fault]
    why = f" ({detail})" if detail else ""
    assert [fault.expected for fault in faults] == [f"nothing: {Action.STOP.request} was refused{why}"]


def test_of_several_that_were_refused_the_last_is_reported() -> None:
    tale = loaded()
    for at in (2, 3, 9):
        tale.ask(at, 1, Action.STOP, reply=Reply.REFUSED)
    tale.ask(4, 1, Action.LOAD, reply=Reply.REFUSED)
    tale.say(8, 1, Action.STOP, GroupState.ACTIVE)
    assert told(tale) == [(REFUSED, (2,), (3,))]


@pytest.mark.parametrize(
    ("came", "moment", "requirement"),
    [
        # Of the load that was done, or of the one that was refused at 5? Its own time tells.
        (6, None, ONCE),
        (6, 6, REFUSED),
        (4.75, 4.75, ONCE),
    ],
)
def test_what_was_done_and_is_said_again_is_no_report_of_what_was_refused(
    came: float, moment: float | None, requirement: str
) -> None:
    tale = loaded()
    tale.ask(5, 1, Action.LOAD, reply=Reply.REFUSED)
    second = again(tale, came)
    if moment is None:
        second.said["GSW_DATE_TIME"] = tale.named["1.load"].said["GSW_DATE_TIME"]
    assert [each[0] for each in told(tale)] == [requirement]


@pytest.mark.parametrize("late", [1, 2])
def test_an_event_that_came_no_sooner_than_the_refused_request_is_said_again(late: float) -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD, late=late)
    tale.ask(2, 1, Action.LOAD, reply=Reply.REFUSED)
    again(tale, 5)
    assert [each[0] for each in told(tale) if each[0] != "event.soon"] == [ONCE]


def test_statistics_report_nothing_that_was_refused() -> None:
    tale = loaded()
    tale.ask(5, 1, Action.STOP, reply=Reply.REFUSED)
    tale.say(6, 1, Action.STOP, GroupState.ACTIVE, statistics=True)
    assert [each[0] for each in told(tale)] == [INTERVAL]


def unloaded(at: float, *, statistics: bool = False) -> Tale:
    """The load's message comes again so long after the unload's, which came at 5."""
    tale = loaded()
    tale.do(4, 1, Action.UNLOAD, late=1)
    second = again(tale, 5 + at)
    if statistics:
        second.said.update(STATISTICS)
    return tale


@pytest.mark.parametrize(
    ("at", "statistics", "found"),
    [
        (-0.5, False, (ONCE, (2, 1), (2,))),
        (0.5, False, (ONCE, (3, 1), (2,))),
        (1, False, (ONCE, (3, 1), (2,))),
        (1.25, False, (GONE, (3,), (2,))),
        (0.5, True, (GONE, (3,), (2,))),
        (-0.5, True, (INTERVAL, (2,), (2,))),
    ],
)
def test_what_is_said_again_may_be_a_second_late_after_the_unload(
    at: float, found: tuple[str, tuple[int, ...], tuple[int, ...]], *, statistics: bool
) -> None:
    assert told(unloaded(at, statistics=statistics)) == [found]


def test_what_says_nothing_again_may_not() -> None:
    tale = loaded()
    tale.do(4, 1, Action.UNLOAD, late=1)
    tale.say(5.25, 1, Action.START, GroupState.RUNNING)
    assert told(tale) == [(GONE, (3,), (2,))]
    fault = next(r.fault for r in tale.judged() if r.fault)
    assert (fault.sentence, fault.seen) == (
        "a group is reported after its unload",
        "a notification 0.25 s after the unload's",
    )


def test_before_its_load_a_group_is_not_loaded() -> None:
    tale = untimed()
    tale.do(3, 1, Action.LOAD)
    tale.say(2, 1, Action.LOAD, GroupState.ACTIVE)
    assert told(tale) == [(GONE, (1,), ())]
    fault = next(r.fault for r in tale.judged() if r.fault)
    assert (fault.sentence, fault.seen) == ("a group is reported before its load", "a notification")


@pytest.mark.parametrize(("earlier", "requirement"), [(2, CHANGED), (3600, INTERVAL)])
def test_a_periodic_message_at_an_interval_of_hours_follows_an_earlier_one_if_there_was_one(
    earlier: float, requirement: str
) -> None:
    tale = timed(earlier)
    tale.options(2)
    tale.do(4, 1, Action.LOAD)
    tale.say(8, 1, Action.LOAD, GroupState.ACTIVE, statistics=True)
    assert told(tale) == [(requirement, (2,), (1,))]


def test_what_nothing_accounts_for_is_one_too_many() -> None:
    tale = loaded()
    again(tale, 3)
    assert told(tale) == [(ONCE, (2, 1), (1,))]
    assert tale.faults() == {ONCE: "an event is reported more than once"}
    tale = loaded()
    tale.say(3, 1, Action.START, GroupState.RUNNING)
    assert told(tale) == [(ONCE, (2,), (1,))]
    assert tale.faults() == {ONCE: "a message comes that no request accounts for"}


@pytest.mark.parametrize(
    ("capabilities", "repeated", "accused"),
    [({"groups"}, False, True), (set(), False, False), ({"options"}, False, False), (set(), True, True)],
)
def test_others_may_use_a_group_that_is_theirs_too(capabilities: set[str], *, repeated: bool, accused: bool) -> None:
    tale = loaded()
    tale.capabilities = frozenset(capabilities)
    if repeated:
        again(tale, 3)
    else:
        tale.say(3, 1, Action.START, GroupState.RUNNING)
    assert (ONCE in tale.faults()) is accused
    nobody = judge(replace(tale.evidence(), emitter=None))
    assert ONCE in {r.requirement for r in nobody if r.fault}


@pytest.mark.parametrize(("off", "accused"), [(2.5, False), (1.5, False), (4, True)])
def test_what_comes_while_nothing_may_is_not_accused_twice(off: float, *, accused: bool) -> None:
    tale = loaded()
    tale.options(off - 1, enabled=False)
    tale.window("off", 3, 9)
    again(tale, 3.75)
    assert (ONCE in tale.faults()) is accused
