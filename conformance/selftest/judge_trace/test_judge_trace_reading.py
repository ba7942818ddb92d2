"""Values are read leniently to tell what a message is about, and clocks by differences."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cgstate.evidence import Exchange, Traits
from cgstate.judge.message import Message, read_message
from cgstate.judge.trace import clocks, reading
from cgstate.specification.codes import Action


def message(value: object) -> Message:
    return read_message(Exchange(1, json.dumps(value).encode()), Traits("one", has_bytes=True))


UNREADABLE = message([])


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (5, 5),
        (0, 0),
        (-1, -1),
        (5.0, 5),
        (5.5, None),
        ("5", 5),
        (" 5\n", 5),
        ("five", None),
        ("", None),
        ("5.0", None),
        (True, None),
        (None, None),
        ([5], None),
        ({}, None),
    ],
)
def test_a_code_is_read_from_any_way_to_write_it(value: object, code: int | None) -> None:
    assert reading.code(message({"GSW_DIAL_MODE": value}), "GSW_DIAL_MODE") == code


@pytest.mark.parametrize(
    ("value", "action"), [(7, Action.LOAD), ("11", Action.SET_DIALING_MODE), (6, None), (12, None), (None, None)]
)
def test_an_action_is_one_of_five(value: object, action: Action | None) -> None:
    assert reading.action(message({reading.ACTION: value})) is action


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("1527516447.250", 1527516447.25),
        (1527516447.25, 1527516447.25),
        (5, 5.0),
        ("nan", None),
        ("1e999", None),
        ("-inf", None),
        ("noon", None),
        (10**400, None),
        (True, None),
        (None, None),
        (["5"], None),
    ],
)
def test_a_time_is_any_finite_number(value: object, moment: float | None) -> None:
    assert reading.date_time(message({reading.DATE_TIME: value})) == moment


@pytest.mark.parametrize(("value", "text"), [("a", "a"), ("", ""), (5, None), (None, None), (["a"], None)])
def test_a_text_is_a_string(value: object, text: str | None) -> None:
    assert reading.text(message({reading.GUID: value}), reading.GUID) == text


def test_of_what_cannot_be_read_nothing_is_read() -> None:
    assert reading.code(UNREADABLE, reading.STATE) is None
    assert reading.action(UNREADABLE) is None
    assert reading.date_time(UNREADABLE) is None
    assert reading.text(UNREADABLE, reading.GUID) is None
    assert not reading.has_statistics(UNREADABLE)


@pytest.mark.parametrize(
    "name", ["GSW_STAT_BUSY_FACTOR", "GSW_STAT_OVERDIAL_RATE", "GSW_STAT_HIT_RATIO", "GSW_STAT_TIME_TO_COMPLETE"]
)
def test_any_of_the_four_is_a_statistic(name: str) -> None:
    assert reading.has_statistics(message({name: None}))
    assert not reading.has_statistics(message({f"{name}_X": 1}))


HOUR = 3600.0


@pytest.mark.parametrize(
    ("difference", "quarters"),
    [
        (0, 0),
        (60, 0),
        (839, 0),
        (840, 1),
        (900, 1),
        (960, 1),
        (961, 0),
        (1350, 0),
        (-2 * HOUR, -8),
        (-2 * HOUR - 61, 0),
        (5.5 * HOUR, 22),
        (14 * HOUR, 56),
        (-14 * HOUR, -56),
        (14.25 * HOUR, 0),
        (-14.25 * HOUR, 0),
    ],
)
def test_local_time_is_a_number_of_quarter_hours_away(difference: float, quarters: int) -> None:
    assert clocks.zone_of(difference) == quarters


@pytest.mark.parametrize(
    ("moment", "tells"),
    [
        (1_000_000.0, True),
        (1_000_010.0, True),
        (1_007_200.0, False),
        (992_800.0, False),
        (100_000_000.0, True),
        (100_000_001.0, False),
        (1_000_000_000.0, False),
    ],
)
def test_local_time_and_what_counts_no_seconds_tell_no_clock(moment: float, *, tells: bool) -> None:
    assert clocks.tells_no_clock(moment, 1_000_000.0) is not tells


@pytest.mark.parametrize(
    ("differences", "behind"),
    [
        ([], None),
        ([3.0], 3.0),
        ([0.2, 0.1, 0.3], 0.1),
        ([0.0, 5.0, 10.0], 0.0),
        ([-0.1, 5.0, 10.0], 5.0),
        ([-97.0, 0.1, 0.2, 0.3], 0.1),
    ],
)
def test_a_clock_is_behind_by_the_least_difference_that_is_not_far_below_most(
    differences: list[Any], behind: float | None
) -> None:
    assert clocks.behind(differences) == behind
    assert clocks.behind(iter(differences)) == behind
