"""Whose message is it: what each name weighs, what a token does, and what is found in a body that cannot be read."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Exchange, GroupConfiguration
from cgstate.judge.message import read_message
from cgstate.judge.trace.attribution import Attribution, by_group

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selftest.judge_trace.telling import TRAITS, group
else:
    from telling import TRAITS, group

ALPHA = group(
    1, name="Alpha@A", group_name="A", campaign_name="Alpha", campaign_template_name="Alpha's", queue_name="1001"
)
BETA = group(2, name="Beta@B", group_name="B", campaign_name="Beta", campaign_template_name="Beta's", queue_name="2002")
MARKED = group(
    3, name="cgstate-abc123-7-x", group_name="M", campaign_name="Mc", campaign_template_name="Mt", queue_name="3003"
)
HALF = group(4, name="half \ud800", group_name="H", campaign_name="Hc", campaign_template_name="Ht", queue_name="4004")
EVERYBODY = (BETA, ALPHA, MARKED, HALF)


def whose(body: bytes, groups: Iterable[GroupConfiguration] = EVERYBODY) -> int | None:
    found = Attribution({each.key: each for each in groups}).of(read_message(Exchange(1, body), TRAITS))
    return None if found is None else found[1]


def said(**names: object) -> bytes:
    body = json.dumps({f"GSW_{key}": value for key, value in names.items()}, ensure_ascii=False)
    return body.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    ("names", "number"),
    [
        ({"CAMPAIGN_GROUP_NAME": "Alpha@A"}, 1),
        ({"GROUP_NAME": "A"}, 1),
        ({"CAMPAIGN_NAME": "Alpha"}, 1),
        ({"CAMPAIGN_TEMPLATE_NAME": "Alpha's"}, 1),
        ({"QUEUE_NAME": "1001"}, 1),
        ({"TENANT_NAME": "Alpha@A"}, None),
        ({"QUEUE_NAME": "Alpha"}, None),
        ({"QUEUE_NAME": "9009"}, None),
        ({}, None),
    ],
)
def test_each_name_tells_whose_message_it_is_where_it_belongs(names: dict[str, str], number: int | None) -> None:
    assert whose(said(**names)) == number


OTHERS = {"CAMPAIGN_NAME": "Beta", "CAMPAIGN_TEMPLATE_NAME": "Beta's", "QUEUE_NAME": "2002"}


def test_the_two_names_that_identify_a_group_outweigh_all_others() -> None:
    assert whose(said(CAMPAIGN_GROUP_NAME="Alpha@A", GROUP_NAME="A", **OTHERS)) == 1


@pytest.mark.parametrize("group_name", ["B", "?"])
def test_one_of_the_two_does_not(group_name: str) -> None:
    assert whose(said(CAMPAIGN_GROUP_NAME="Alpha@A", GROUP_NAME=group_name, **OTHERS)) == 2
    assert whose(said(CAMPAIGN_GROUP_NAME="?", GROUP_NAME="A", **OTHERS)) == 2


def test_the_groups_own_name_weighs_as_much_as_another_name_and_a_token() -> None:
    own = {"CAMPAIGN_GROUP_NAME": "Alpha@A"}
    token = {"TENANT_NAME": "cgstate-abc123-7-tenant"}
    assert whose(said(**own, QUEUE_NAME="3003", **token)) == 1
    assert whose(said(**own, QUEUE_NAME="3003", **token, TENANT_CCID="cgstate-abc123-7-1")) == 3


def test_a_token_is_found_anywhere_and_in_wide_characters_where_nothing_else_can_be_read() -> None:
    assert whose(said(ANYTHING="of cgstate-abc123-7-x")) == 3
    assert whose('{"x": "cgstate-abc123-7-x"}'.encode("utf-16")) == 3
    assert whose(said(ANYTHING="of cgstate-abc123-8-x")) is None


@pytest.mark.parametrize(
    ("body", "number"),
    [
        (b'{"x": "Alpha@A', 1),
        (b'{"x": "lpha@', None),
        (b'{"x": "Zlpha', None),
        (b'{"x": "Beta", "y": "Alpha", "z": "1001', 1),
        (b'{"x": "half \\ud800', 4),
        (b'{"x": "half \xed\xa0\x80', 4),
        (b"[", None),
    ],
)
def test_in_what_cannot_be_read_most_names_decide(body: bytes, number: int | None) -> None:
    assert whose(body) == number


@pytest.mark.parametrize("readable", [True, False])
@pytest.mark.parametrize("wide", [True, False])
def test_of_groups_that_share_a_campaign_the_own_name_tells(*, readable: bool, wide: bool) -> None:
    first = group(1)
    second = replace(group(2), campaign_id=101, campaign_name=first.campaign_name, tenant_name=first.tenant_name)
    body = said(
        CAMPAIGN_GROUP_NAME=second.name,
        CAMPAIGN_NAME=first.campaign_name,
        CAMPAIGN_TEMPLATE_NAME=first.campaign_template_name,
        TENANT_NAME=first.tenant_name,
        GROUP_NAME=second.group_name,
    )
    if not readable:
        body = b"[" + body + b"]"
    if wide:
        body = body.decode().encode("utf-16")
    assert whose(body, [first, second]) == 2


def test_where_two_names_stand_in_what_cannot_be_read_most_tokens_decide() -> None:
    first, second = group(1), group(2)
    for one, other in ((first, second), (second, first)):
        body = said(CAMPAIGN_GROUP_NAME=one.name, GROUP_NAME=one.group_name, CAMPAIGN_NAME=other.name)
        assert whose(b"[" + body + b"]", [first, second]) == one.group_id


def test_a_name_that_is_not_known_is_no_groups() -> None:
    anybody = group(5, name="", group_name="B", unknown=frozenset({"name", "group_name"}))
    assert whose(said(GROUP_NAME="B"), [anybody]) is None
    assert whose(said(CAMPAIGN_GROUP_NAME=""), [anybody]) is None


MANY = (
    group(1),
    group(2),
    group(3, name="three@", group_name="of three", unknown=frozenset({"queue_name", "campaign_name"})),
    group(4, name="one name", group_name="first", queue_name="q4"),
    group(5, name="one name", group_name="second", queue_name="q5"),
    group(6, name='quoted "six"', queue_name="Büro"),
)


@pytest.mark.parametrize(
    ("names", "number"),
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
def test_a_message_is_of_whom_most_of_its_names_are(names: dict[str, object], number: int | None) -> None:
    assert whose(said(**names), MANY) == number


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
    assert whose(body, MANY) == number


def test_a_group_whose_names_are_not_known_at_all_is_never_found() -> None:
    nobody = GroupConfiguration(1, 1, "", "", None, None, "", None, "", 0, 0, 0, unknown=frozenset({"name"}))
    message = read_message(Exchange(1, b'{"GSW_CAMPAIGN_GROUP_NAME": "", "GSW_QUEUE_NAME": ""}'), TRAITS)
    assert by_group([message], {nobody.key: nobody}) == {None: [message]}
