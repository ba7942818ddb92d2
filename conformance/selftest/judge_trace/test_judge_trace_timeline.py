"""Which options hold when, to the very moment: what is on its way when they change may follow either."""

from __future__ import annotations

import pytest

from cgstate.evidence import Setting, Window
from cgstate.judge.trace.timeline import GRACE, LONG, Timeline

URI = "http://receiver.test/"
ON = Setting(10, 10.5, enabled=True, uri=URI, interval=2)
OFF = Setting(20, 20.5, enabled=False, uri=URI, interval=3)
HOURLY = Setting(30, 30.5, enabled=True, uri=URI, interval=LONG)
LINE = Timeline((ON, OFF, HOURLY), (Window("stall", 11, 12), Window("closed", 11.5, 13)))
NOTHING = Timeline(())


def set_once(interval: float, *, enabled: bool = True, uri: str | None = URI, known: bool = True) -> Timeline:
    return Timeline((Setting(10, 10.5, enabled, uri, interval, known=known),))


@pytest.mark.parametrize(
    ("moment", "in_force"), [(9.9, None), (10, ON), (19.9, ON), (20, OFF), (29.9, OFF), (30, HOURLY), (99, HOURLY)]
)
def test_a_setting_is_in_force_from_when_it_was_asked_for(moment: float, in_force: Setting | None) -> None:
    assert LINE.at(moment) is in_force


@pytest.mark.parametrize(
    ("arrival", "possible"),
    [
        (9.9, []),
        (10, [ON]),
        (20, [ON, OFF]),
        (20.5 + GRACE, [ON, OFF]),
        (20.6 + GRACE, [OFF]),
        (30.5 + GRACE, [OFF, HOURLY]),
        (30.6 + GRACE, [HOURLY]),
    ],
)
def test_a_message_may_follow_the_setting_before_for_a_second(arrival: float, possible: list[Setting]) -> None:
    assert LINE.possible(arrival) == possible


@pytest.mark.parametrize(
    ("began", "ended", "held"),
    [
        (1, 9.9, []),
        (1, 10, [ON]),
        (11, 19, [ON]),
        (11, 20, [ON, OFF]),
        (20.4, 21, [ON, OFF]),
        (20.5, 21, [OFF]),
        (1, 99, [ON, OFF, HOURLY]),
        (30.5, 99, [HOURLY]),
    ],
)
def test_a_setting_holds_until_the_next_has_taken_its_place(began: float, ended: float, held: list[Setting]) -> None:
    assert LINE.between(began, ended) == held


@pytest.mark.parametrize(
    ("line", "periodic", "sampled", "zero", "reports"),
    [
        (set_once(2), True, True, False, True),
        (set_once(1), True, True, False, True),
        (set_once(0.5), True, True, False, True),
        (set_once(LONG - 0.1), True, True, False, True),
        (set_once(LONG), False, True, False, True),
        (set_once(0), False, False, True, True),
        (set_once(-1), False, False, True, True),
        (set_once(2, enabled=False), False, False, False, False),
        (set_once(0, enabled=False), False, False, False, False),
        (set_once(2, uri=None), False, False, False, False),
        (set_once(2, enabled=False, known=False), True, True, False, True),
        (set_once(LONG, known=False), True, True, False, True),
        (set_once(0, known=False), True, False, True, True),
        (NOTHING, True, False, False, True),
    ],
)
def test_what_may_come(line: Timeline, *, periodic: bool, sampled: bool, zero: bool, reports: bool) -> None:
    assert line.may_be_periodic(15, loaded=1) is periodic
    assert line.samples(15) is sampled
    assert line.interval_is_zero(15) is zero
    assert line.may_report(15) is reports


def test_before_the_first_setting_nothing_may_come() -> None:
    assert not set_once(2).may_be_periodic(9, loaded=1)
    assert not set_once(2).may_report(9)


def test_what_is_on_its_way_when_the_interval_changes_is_of_groups_that_were_loaded_before() -> None:
    assert LINE.may_be_periodic(21, loaded=20.4)
    assert not LINE.may_be_periodic(21, loaded=20.5)


@pytest.mark.parametrize(("moment", "changed"), [(9.9, 0.0), (10, 10.5), (19.9, 10.5), (20, 20.5), (99, 30.5)])
def test_when_the_options_changed_last(moment: float, changed: float) -> None:
    assert LINE.changed_before(moment) == changed


@pytest.mark.parametrize(
    ("line", "arrival", "periodic"),
    [
        (LINE, 10.5, False),
        (LINE, 10.6, True),
        (LINE, 99, True),
        (set_once(LONG), 99, False),
        (set_once(0), 99, False),
        (set_once(2, enabled=False), 99, False),
        (set_once(0.5), 99, True),
    ],
)
def test_whether_periodic_messages_were_asked_for_before(line: Timeline, arrival: float, *, periodic: bool) -> None:
    assert line.was_periodic_before(arrival) is periodic


@pytest.mark.parametrize(
    ("asked", "answered", "reports"),
    [
        (11, 12, True),
        (11, 18.9, True),
        (11, 19, None),
        (20, 20.4, None),
        (20.4, 20.5, None),
        (20.5, 20.6, False),
        (20.5, 29.9, False),
        (20.5, 30, None),
        (30.4, 30.5, None),
        (30.5, 99, True),
        (1, 2, True),
        (1, 11, True),
    ],
)
def test_whether_all_that_is_done_in_that_time_is_reported(
    asked: float,
    answered: float,
    *,
    reports: bool | None,
) -> None:
    assert LINE.reports_all(asked, answered) is reports


def test_where_nothing_is_set_all_is_reported() -> None:
    assert NOTHING.reports_all(1, 2) is True


@pytest.mark.parametrize(("moment", "on"), [(9, 10), (10, 30), (20, 30), (29.9, 30), (30, None)])
def test_when_reports_were_turned_on_next(moment: float, on: float | None) -> None:
    assert LINE.turned_on(moment) == on


@pytest.mark.parametrize(
    ("rule", "moment", "number"),
    [
        ("stall", 10.9, None),
        ("stall", 11, 0),
        ("stall", 12, 0),
        ("stall", 12.1, None),
        ("closed", 11.5, 1),
        ("closed", 13, 1),
        ("slow", 12, None),
    ],
)
def test_a_window_holds_both_its_ends(rule: str, moment: float, number: int | None) -> None:
    assert LINE.window(rule, moment) is (None if number is None else LINE.windows[number])


def test_windows_are_found_by_their_rules() -> None:
    assert LINE.named(["stall", "closed"]) == list(LINE.windows)
    assert LINE.named({"closed": "x"}) == [LINE.windows[1]]
    assert LINE.named([]) == []


def test_where_nothing_is_watched_there_is_no_window() -> None:
    assert NOTHING.window("stall", 12) is None
    assert NOTHING.named(["stall"]) == []
