"""What is wrong in deeply nested JSON is found as if it were not nested, in a time that grows with its length alone."""

import random
import time

import pytest

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


LONG = {
    "brackets": "[" * 10**6,
    "objects": '{"a":' * 10**6,
    "items and brackets": "[1," * 10**6,
    "closed": "[" * 10**6 + "]" * 10**6,
    "closed crosswise": "[" * 10**6 + '{"a":[1' + "]" * 10**6,
    "crosswise from the middle": "[" * 10**6 + '{"a":' + "[" * 10**6 + "1" + "]" * (2 * 10**6),
    "many items": "[" * DEEP + "1," * (2 * 10**6),
    "many arrays": "[" * DEEP + '[1,"a"],' * 10**6,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_long_runs_are_read_faster_than_one_character_at_a_time(text: str) -> None:
    """Each takes a tenth of a second or two; character by character, or over and over again, takes many seconds."""
    began = time.process_time()
    reading = Reading(text)
    assert time.process_time() - began < 2
    assert (reading.error is None) is (text == LONG["closed"])
