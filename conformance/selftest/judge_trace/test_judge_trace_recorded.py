"""What a recording contradicts by itself, and whose message it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cgstate.evidence import Evidence, Exchange, GroupConfiguration, Traits
from cgstate.judge.judge import judge
from cgstate.judge.message import read_message
from cgstate.judge.trace.attribution import Attribution, by_group

if TYPE_CHECKING:
    from selftest.judge_trace.telling import group
else:
    from telling import group

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


GROUPS = {
    g.key: g
    for g in (
        group(1),
        group(2),
        group(3, name="three@", group_name="of three", unknown=frozenset({"queue_name", "campaign_name"})),
        group(4, name="one name", group_name="first", queue_name="q4"),
        group(5, name="one name", group_name="second", queue_name="q5"),
        group(6, name='quoted "six"', queue_name="Büro"),
    )
}


def whose(**said: object) -> int | None:
    body = json.dumps({f"GSW_{key}": value for key, value in said.items()}, ensure_ascii=False)
    return whose_bytes(body.encode("utf-8", "surrogatepass"))


def whose_bytes(body: bytes) -> int | None:
    key = Attribution(GROUPS).of(read_message(Exchange(1, body), TRAITS))
    return None if key is None else key[1]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ({"CAMPAIGN_GROUP_NAME": "three@", "GROUP_NAME": "of three"}, 3),
        ({"CAMPAIGN_GROUP_NAME": "one name", "GROUP_NAME": "first"}, 4),
        ({"CAMPAIGN_GROUP_NAME": "one name", "GROUP_NAME": "second"}, 5),
        ({"CAMPAIGN_GROUP_NAME": "one name", "GROUP_NAME": "second", "QUEUE_NAME": "q4"}, 5),
        ({"CAMPAIGN_GROUP_NAME": "one name", "GROUP_NAME": "?", "QUEUE_NAME": "q5"}, 5),
        ({"CAMPAIGN_GROUP_NAME": "one name", "QUEUE_NAME": "q5"}, 5),
        ({"CAMPAIGN_GROUP_NAME": "three@", "GROUP_NAME": "first"}, 3),
        ({"CAMPAIGN_GROUP_NAME": "three@", "GROUP_NAME": "first", "QUEUE_NAME": "q4"}, 4),
        ({"GROUP_NAME": "of three"}, 3),
        ({"GROUP_NAME": 3, "CAMPAIGN_GROUP_NAME": ["three@"], "QUEUE_NAME": "q4"}, 4),
        ({"CAMPAIGN_NAME": "cgstate-test-2-campaign"}, 2),
        ({"CAMPAIGN_TEMPLATE_NAME": "cgstate-test-2-template"}, 2),
        ({"QUEUE_NAME": "cgstate-test-2-8001"}, 2),
        ({"QUEUE_NAME": "cgstate-test-3-8001"}, None),
        ({"CAMPAIGN_NAME": "cgstate-test-3-campaign"}, None),
        ({"CAMPAIGN_GROUP_NAME": "cgstate-test-1-"}, 1),
        ({"ELSEWHERE": "cgstate-test-1-x"}, 1),
        ({"ELSEWHERE": "cgstate-test-11-x"}, None),
        ({"CAMPAIGN_GROUP_NAME": "cgstate-test-2-x", "GROUP_NAME": "cgstate-test-1-x", "TENANT": "cgstate-test-1-"}, 1),
        ({"CAMPAIGN_GROUP_NAME": "cgstate-test-2-campaign@group", "QUEUE_NAME": "cgstate-test-1-8001"}, 2),
        ({"CAMPAIGN_GROUP_NAME": "nobody"}, None),
        ({}, None),
    ],
)
def test_a_message_is_of_whom_most_of_its_names_are(said: dict[str, object], number: int | None) -> None:
    assert whose(**said) == number


@pytest.mark.parametrize(
    ("body", "number"),
    [
        (b'{"GSW_GROUP_NAME": "cgstate-test-2-', 2),
        ('{"GSW_GROUP_NAME": "cgstate-test-2-"'.encode("utf-16"), 2),
        ('{"GSW_GROUP_NAME": "cgstate-test-2-"'.encode("utf-32-le"), 2),
        (b"{of three", 3),
        ("{Büro".encode(), 6),
        (b"{B\\u00fcro", 6),
        (b'{quoted "six"', 6),
        (b'{quoted \\"six\\"', 6),
        (b"{one name q5", 5),
        (b"{nobody", None),
        (b"", None),
        (b"\xff", None),
    ],
)
def test_names_are_found_in_what_cannot_be_read(body: bytes, number: int | None) -> None:
    assert whose_bytes(body) == number


def test_a_group_whose_names_are_not_known_at_all_is_never_found() -> None:
    nobody = GroupConfiguration(1, 1, "", "", None, None, "", None, "", 0, 0, 0, unknown=frozenset({"name"}))
    message = read_message(Exchange(1, b'{"GSW_CAMPAIGN_GROUP_NAME": "", "GSW_QUEUE_NAME": ""}'), TRAITS)
    assert by_group([message], {nobody.key: nobody}) == {None: [message]}
