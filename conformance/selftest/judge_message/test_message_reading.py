"""What a reading holds of a text: its value, or why there is none and where."""

import json
import math
import sys

import pytest

from cgstate.judge.reading import SAFE, Reading

MOST_DIGITS = 4300


@pytest.mark.parametrize("text", ["null", "[]", '{"a":[1,-2,0.5]}', '"x"'])
def test_a_right_text_has_a_value_and_nothing_else(text: str) -> None:
    reading = Reading(text)
    assert reading.text == text
    assert reading.value == json.loads(text)
    assert (reading.error, reading.position) == (None, 0)
    assert (reading.doubled, reading.unsafe, reading.lone_surrogates) == ([], [], [])


@pytest.mark.parametrize(
    ("text", "position"),
    [("NaN", 0), ("[1,NaN,NaN]", 3), ("[-Infinity]", 1), ("", 0), ('{"a":"\\ud800"', 13)],
)
def test_a_wrong_text_has_a_reason_a_place_and_no_value(text: str, position: int) -> None:
    reading = Reading(text)
    assert reading.error is not None
    assert reading.value is None
    assert reading.lone_surrogates == []
    assert reading.position == position


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9" * 15, 10**15 - 1),
        (str(SAFE), SAFE),
        (str(SAFE + 1), SAFE + 1),
        (str(-SAFE), -SAFE),
        (str(-SAFE - 1), -SAFE - 1),
        ("9" * MOST_DIGITS, None),
        ("1" + "9" * MOST_DIGITS, 10 ** (MOST_DIGITS - 1)),
        ("-2" + "9" * MOST_DIGITS, -(10 ** (MOST_DIGITS - 1))),
    ],
    ids=range(8),
)
def test_an_integer_is_held_exactly_up_to_4300_digits(text: str, value: int | None) -> None:
    reading = Reading(text)
    assert reading.value == (int(text) if value is None else value)
    assert reading.unsafe == ([] if len(text) < 18 and abs(int(text)) <= SAFE else [reading.value])


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e400", sys.float_info.max), ("-1e400", -sys.float_info.max), ("1.5", 1.5), ("-2e-3", -0.002), ("1e-400", 0)],
)
def test_a_number_is_held_as_a_finite_float(text: str, value: float) -> None:
    found = Reading(text).value
    assert isinstance(found, float)
    assert math.isfinite(found)
    assert found == value


@pytest.mark.parametrize(
    ("text", "halves"),
    [
        ('"\\ud83d\\ude00"', []),
        ('"\\uD83D"', ["\ud83d"]),
        ('["\\uDBFF\\u0041"]', ["\udbffA"]),
        ('{"\\udc00":"\\udfff"}', ["\udfff", "\udc00"]),
        ('[{"a":["x","\\ud800"]},"\\uddDd"]', ["\udddd", "\ud800"]),
    ],
)
def test_halves_of_pairs_are_found_in_keys_and_values(text: str, halves: list[str]) -> None:
    assert sorted(Reading(text).lone_surrogates) == sorted(halves)
