"""What is wrong in deeply nested JSON is found as if it were not nested, in a time that grows with its length alone."""

import json
import random
import time
from typing import Any

import pytest

from cgstate.judge.nesting import DEEPEST, is_deep, read_deep
from cgstate.judge.reading import Reading

DEEP = 300
OPENINGS = ("[", '{"a":', "[1,", "[ ", '{"b":2,"c": ', '[{},"x",\n', "[[1],")
CLOSED_BY = {"[": "]", "{": "}"}
PARTS = (
    *'[]{},:1-0 "\n\t',
    "12345678901234567",
    "123456789012345",
    "1.5",
    "1e5",
    "01",
    "-1",
    "true",
    "null",
    "tru",
    "NaN",
    '"a"',
    '"a[b"',
    '"\\n"',
    '"\x01"',
    '"k":',
    '"k" : 1',
    "[1,",
    '{"a":1,"b":',
    "],",
    "[]",
    "{}",
    ",2",
    ',"m":3',
    "é😀",
)


def closing(opened: str) -> str:
    """Return what closes all that was opened."""
    still: list[str] = []
    for character in opened:
        if character in CLOSED_BY:
            still.append(character)
        elif character in CLOSED_BY.values():
            still.pop()
    return "".join(CLOSED_BY[character] for character in reversed(still))


def value(chance: random.Random, depth: int) -> str:
    """Return a JSON value of at most that depth."""
    kind = chance.random() if depth else 0
    if kind < 0.3:
        return chance.choice(["1", '"a"', "null", "-3", "1.5e3", "12345678901234567", '"[x"', "true", " 7 "])
    items = [value(chance, depth - 1) for _ in range(chance.randint(0, 3))]
    if kind < 0.65:
        return f"[{','.join(items)}]"
    return "{" + ",".join(f'"k{n}" : {item}' for n, item in enumerate(items)) + " }"


@pytest.mark.parametrize("seed", range(20))
def test_the_same_is_found_at_any_depth(seed: int) -> None:
    """A text is read alone, and inside so many brackets that it is not kept."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    found = set()
    for _ in range(50):
        inner = value(chance, 5)
        if chance.random() < 0.7:
            at = chance.randrange(len(inner) + 1)
            inner = inner[:at] + "".join(chance.choice(PARTS) for _ in range(chance.randint(0, 2))) + inner[at + 1 :]
        opened = "".join(chance.choice(OPENINGS) for _ in range(DEEP))
        shallow = Reading(f"[{inner}]")
        deep = Reading(f"{opened}[{inner}]{closing(opened)}")
        assert (deep.error is None) == (shallow.error is None), inner
        if shallow.error is None:
            assert deep.unsafe == shallow.unsafe, inner
        found.add(shallow.error is None)
    assert found == {True, False}


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        ("[" * DEEPEST, False),
        ("[" * (DEEPEST + 1), True),
        ('{"a":' * DEEPEST + "1", False),
        ('{"a":' * (DEEPEST + 1), True),
        ('[{"a":' * (DEEPEST // 2) + "[", True),
        ("[[]," + "[" * (DEEPEST - 1), False),
        ("[[]," + "[" * DEEPEST, True),
        ("[" * (DEEPEST - 1) + "[],[[", True),
        ("[" + "[]," * DEEPEST + "[]]", False),
        ('{"a":[' + '{"a":[]},' * DEEPEST + "1]}", False),
        ("[" + "[]," * DEEPEST + "[" * DEEPEST, True),
        (f'["{"[" * (DEEPEST + 1)}"]', False),
        (f'["\\"{"[" * (DEEPEST + 1)}"]', False),
        (f'["\\\\"{",[" * DEEPEST}', True),
        (f'["a"{",[" * (DEEPEST - 1)}', False),
        (f'["{"]" * DEEPEST}"{",[" * DEEPEST}', True),
        (f'["{"[" * (DEEPEST + 1)}', False),
        (f'["\\\n{"[" * (DEEPEST + 1)}', False),
    ],
    ids=range(18),
)
def test_deep_is_what_is_nested_more_than_200_levels(text: str, *, deep: bool) -> None:
    assert DEEPEST == 200
    assert is_deep(text) is deep


@pytest.mark.parametrize("depth", [DEEPEST - 1, DEEPEST, DEEPEST + 1, DEEPEST + 2])
def test_what_is_not_too_deep_is_kept(depth: int) -> None:
    """The innermost value is in `depth` brackets: from the 201st on, None stands for what a bracket holds."""
    for opening, end, key in (("[1,", ",3]", 1), ('{"a" : 1 , "b":', ',"c":3}', "b")):
        found: Any = read_deep(opening * depth + "2" + end * depth, json.JSONDecoder(), dict)
        for _ in range(min(depth, DEEPEST)):
            assert found == ([1, found[1], 3] if key == 1 else {"a": 1, "b": found["b"], "c": 3})
            found = found[key]
        assert found == (2 if depth <= DEEPEST else None)


@pytest.mark.parametrize(
    ("inner", "error", "at"),
    [
        ("1 2", "Expecting ',' delimiter", 2),
        ("01", "Expecting ',' delimiter", 1),
        ("[1}", "Expecting ',' delimiter", 2),
        ('{"a":1]', "Expecting ',' delimiter", 6),
        ('{"a" 1}', "Expecting ':' delimiter", 5),
        ('{"a":1,"b"}', "Expecting ':' delimiter", 10),
        ("{a:1}", "Expecting property name enclosed in double quotes", 1),
        ('{"a":1, 2}', "Expecting property name enclosed in double quotes", 8),
        ("[1,,2]", "Expecting value", 3),
        ("[1,]", "Expecting value", 3),
        ('{"a":}', "Expecting value", 5),
        ('"a', "Unterminated string starting at", 0),
        ('"\x01"', "Invalid control character at", 1),
        ("-Infinity", "-Infinity is no JSON value", 0),
    ],
)
def test_an_error_is_named_and_placed_at_any_depth(inner: str, error: str, at: int) -> None:
    for opening in ("[", '{"a":'):
        opened = opening * DEEP
        reading = Reading(opened + inner + closing(opened))
        assert (reading.error, reading.position) == (error, len(opened) + at)


@pytest.mark.parametrize("behind", ["x", "]", "  1"])
def test_what_stands_behind_a_deep_value_is_too_much(behind: str) -> None:
    text = "[" * DEEP + "]" * DEEP + behind
    reading = Reading(text)
    assert (reading.error, reading.position) == ("Extra data", len(text) - 1)


class Counting(json.JSONDecoder):
    """Counts what it is asked for: the keys and values that are read one by one."""

    asked = 0

    def raw_decode(self, s: str, idx: int = 0) -> tuple[Any, int]:
        self.asked += 1
        return super().raw_decode(s, idx)


def asked(text: str) -> int:
    counting = Counting()
    read_deep(text, counting, dict)
    return counting.asked


KEPT = DEEPEST + 1
"""So many brackets are opened one by one."""


@pytest.mark.parametrize(
    ("opening", "each"),
    [
        ("[", 0),
        ("[1,", 1),
        ("[ 0 , ", 1),
        ('[-3,true,null,"x",false , ', 5),
        ("[123456789012345,", 1),
        ('{"a":', 1),
        ('{"X":"X","XX":', 3),
        ('{"a":1,"b":', 3),
        ('{ "a" : "x" , "b" : null ,\r\n\t"c" : ', 5),
        ('[ "é",{"b":', 1),
        ('["\ud800",', 1),
    ],
)
@pytest.mark.parametrize("innermost", ["[]", "{}", '"a"', "7", "0", "-1", "true", "false", "null"])
def test_brackets_that_are_not_kept_are_opened_together(opening: str, each: int, innermost: str) -> None:
    opened = opening * 1000
    one_by_one = KEPT * each if opening.count("[") + opening.count("{") == 1 else KEPT
    assert asked(opened + innermost + closing(opened)) == one_by_one + (innermost not in {"[]", "{}"})


VALUES = ("1", "0", "-3", "123456789012345", '"a"', '"é"', "true", "false", "null", '""', " 7 ")
FLAT = ("[]", "{}", "[ ]", "[1]", '[1 , "a"]', '{"k":1}', '{ "k" : 1 , "l" : null }', "{ }")


@pytest.mark.parametrize("value", VALUES + FLAT)
def test_values_that_are_not_kept_are_read_together(value: str) -> None:
    opened = "[" * DEEP
    first = asked(f"{opened}{value}{closing(opened)}")
    assert asked(f"{opened}{','.join([value] * 1000)}{closing(opened)}") == first
    assert asked(f'{opened}{{"k":1{f", {chr(34)}k{chr(34)} : {value}" * 1000}}}{closing(opened)}') == first
    behind = f"]\n,{value}" * (DEEP - KEPT)
    assert asked(f"{opened}{value}{behind}{'],1' * (KEPT - 1)}]") == 2 * first + KEPT - 1


def test_the_first_level_that_is_read_together_is_the_second_that_is_not_kept() -> None:
    assert [asked("[" * depth + "1," * 99 + "1" + "]" * depth) for depth in (KEPT, KEPT + 1)] == [100, 1]


@pytest.mark.parametrize("value", ["1E5", "1e5", "1.5", "0.1", "-0", "12345678901234567", '"\\n"', '"]"', "[[1]]"])
def test_values_that_are_read_one_by_one_are_legal_where_nothing_is_kept(value: str) -> None:
    opened = f"[{value}," * DEEP + '{"a":[' + f'{value},{value}],"b":{value},"c":'
    reading = Reading(f"{opened}{value}{closing(opened.replace(value, ''))}")
    assert reading.error is None
    assert (reading.unsafe != []) is (value == "12345678901234567")


LONG = {
    "brackets": "[" * 10**6,
    "objects": '{"a":' * 10**6,
    "items and brackets": "[1," * 10**6,
    "closed": "[" * 10**6 + "]" * 10**6,
    "closed crosswise": "[" * 10**6 + '{"a":[1' + "]" * 10**6,
    "crosswise from the middle": "[" * 10**6 + '{"a":' + "[" * 10**5 + "1" + "]" * (10**6 + 10**5),
    "many items": "[" * DEEP + "1," * (2 * 10**6),
    "many arrays": "[" * DEEP + '[1,"a"],' * 10**6,
    "many quotes in a string": "[1," * DEEP + '"' + '\\"' * 10**5 + "\\\n",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_long_runs_are_read_faster_than_one_character_at_a_time(text: str) -> None:
    """Each takes a tenth of a second or two; character by character, or over and over again, takes many seconds."""
    began = time.process_time()
    reading = Reading(text)
    assert time.process_time() - began < 2
    assert (reading.error is None) is (text == LONG["closed"])
