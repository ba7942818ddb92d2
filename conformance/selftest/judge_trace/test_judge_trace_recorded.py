"""What a recording contradicts by itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cgstate.evidence import Evidence, Exchange, Traits
from cgstate.judge.judge import judge

TRAITS = Traits("recording", has_bytes=True)
END = {
    "GSW_CAMPAIGN_GROUP_NAME": "a",
    "GSW_CAMPAIGN_GROUP_GUID": "1",
    "GSW_CAMPAIGN_GROUP_STATE": 0,
    "GSW_CAMPAIGN_GROUP_ACTION": 8,
    "GSW_DATE_TIME": "1700000000.000",
}


def told(*messages: dict[str, Any] | bytes, answers: str = "", targets: str = "") -> dict[str, list[tuple[int, ...]]]:
    """Judge a recording; return what is broken by several messages, with their numbers.

    `answers` and `targets` say for each message, in a letter, what it was answered and where it went.
    """
    exchanges = tuple(
        Exchange(
            number,
            said if isinstance(said, bytes) else json.dumps(said).encode(),
            target=f"/{targets[number - 1]}" if targets else None,
            answer={"3": "307", "2": "200"}.get(answers[number - 1]) if answers else None,
        )
        for number, said in enumerate(messages, 1)
    )
    found: dict[str, list[tuple[int, ...]]] = {}
    for ruling in judge(Evidence(TRAITS, exchanges)):
        if ruling.fault is not None and ruling.requirement.startswith("trace."):
            found.setdefault(ruling.requirement, []).append(ruling.exchanges)
    return found


TWICE = "trace.not-loaded-once"


@pytest.mark.parametrize(
    ("first", "second", "broken"),
    [
        ({}, {}, {TWICE: [(2, 1)]}),
        ({}, {"GSW_CAMPAIGN_GROUP_NAME": "b"}, {}),
        ({}, {"GSW_CAMPAIGN_GROUP_GUID": "2"}, {}),
        ({}, {"GSW_DATE_TIME": "1700000000.001"}, {}),
        ({}, {"GSW_CAMPAIGN_GROUP_STATE": 1}, {}),
        ({"GSW_CAMPAIGN_GROUP_GUID": None}, {"GSW_CAMPAIGN_GROUP_GUID": None}, {}),
        ({"GSW_CAMPAIGN_GROUP_ACTION": 10}, {"GSW_DATE_TIME": "0.000"}, {"trace.not-loaded-action": [(1,)]}),
        ({"GSW_CAMPAIGN_GROUP_ACTION": "x"}, {"GSW_DATE_TIME": "0.000"}, {}),
    ],
)
def test_an_end_is_told_once_for_each_unload(
    first: dict[str, Any], second: dict[str, Any], broken: dict[str, list[tuple[int, ...]]]
) -> None:
    assert told(END | first, END | second) == broken


def test_whatever_stands_between_or_before_them() -> None:
    nameless = {**END, "GSW_CAMPAIGN_GROUP_NAME": None}
    loaded = {**END, "GSW_CAMPAIGN_GROUP_STATE": 4, "GSW_CAMPAIGN_GROUP_ACTION": 7}
    assert told(nameless, b"[", loaded, END, loaded, nameless, END, END) == {TWICE: [(7, 4), (8, 4)]}


@pytest.mark.parametrize(
    ("answers", "targets", "broken"),
    [
        ("32", "ab", {}),
        ("32", "aa", {TWICE: [(2, 1)]}),
        ("22", "ab", {TWICE: [(2, 1)]}),
        ("--", "ab", {TWICE: [(2, 1)]}),
        ("32", "", {TWICE: [(2, 1)]}),
    ],
)
def test_a_redirect_is_followed_to_another_place(
    answers: str, targets: str, broken: dict[str, list[tuple[int, ...]]]
) -> None:
    assert told(END, END, answers=answers, targets=targets) == broken
