"""Names: every one legal, every kind of trouble among them."""

import unicodedata
from collections.abc import Callable
from math import gcd

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from cgstate.generate import group_configurations, names
from cgstate.generate.samples import NAMES

NO_DATABASE = settings(database=None, max_examples=1000)


@settings(max_examples=120, deadline=None, database=None)
@given(names())
def test_a_name_is_legal(name: str) -> None:
    assert 1 <= len(name) <= 255
    assert "\0" not in name
    assert name.encode("utf-8").decode("utf-8") == name


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_legal(name: str) -> None:
    assert 1 <= len(name) <= 255
    assert "\0" not in name
    assert name.encode("utf-8").decode("utf-8") == name


def test_the_samples_reach_every_field_of_a_group() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert gcd(len(NAMES), 6) == 1, "six are taken for each group: else a field would see a part of them only"


@pytest.mark.parametrize(
    "kind",
    [
        lambda name: len(name) == 255 and all(ord(c) > 0xFFFF for c in name),
        lambda name: len(name) == 255 and name.isascii(),
        lambda name: name.isspace(),
        lambda name: name in {"undefined", "null"},
        lambda name: any(unicodedata.bidirectional(c) in {"R", "AL"} for c in name),
        lambda name: any(unicodedata.combining(c) for c in name),
        lambda name: any(c < " " for c in name),
        lambda name: '"' in name and len(name) > 1,
        lambda name: "\\" in name,
        lambda name: "\u200d" in name,
        lambda name: unicodedata.normalize("NFC", name) != name,
    ],
    ids=[
        "255 astral", "255 ASCII", "white space", "literals", "right to left", "combining", "control", "quotes",
        "backslashes", "joined emoji", "not normalised",
    ],
)  # fmt: skip
def test_each_kind_of_name_is_reached(kind: Callable[[str], bool]) -> None:
    assert find(names(), kind, settings=NO_DATABASE)


@settings(max_examples=100, deadline=None, database=None)
@given(st.data(), st.sampled_from(["", "t-17/", "x" * 200]))
def test_every_name_of_a_group_begins_with_its_token(data: st.DataObject, token: str) -> None:
    group = data.draw(group_configurations(token=token, campaign_id=5, group_id=6))
    assert group.key == (5, 6)
    texts = [
        group.name, group.group_name, group.campaign_name, group.campaign_template_name, group.queue_name,
        group.tenant_name, group.tenant_ccid,
    ]  # fmt: skip
    for text in texts:
        assert text is None or (text.startswith(token) and len(token) < len(text) <= 255)


def test_every_combination_of_configured_names_is_reached() -> None:
    seen = set()

    @settings(max_examples=200, deadline=None, database=None, derandomize=True)
    @given(group_configurations())
    def collect(group: object) -> None:
        fields = ("campaign_name", "campaign_template_name", "tenant_name")
        seen.add(tuple(getattr(group, field) is None for field in fields))

    collect()
    assert len(seen) == 8
