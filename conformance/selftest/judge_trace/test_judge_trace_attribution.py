"""Whose message is it: what each name weighs, what a token does, and what is found in a body that cannot be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Exchange
from cgstate.judge.message import read_message
from cgstate.judge.trace.attribution import Attribution

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cgstate.evidence import GroupConfiguration
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


def said(**names: str) -> bytes:
    return json.dumps({f"GSW_{key}": value for key, value in names.items()}).encode()


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


def test_a_name_that_is_not_known_is_no_groups() -> None:
    anybody = group(5, name="", group_name="B", unknown=frozenset({"name", "group_name"}))
    assert whose(said(GROUP_NAME="B"), [anybody]) is None
    assert whose(said(CAMPAIGN_GROUP_NAME=""), [anybody]) is None
