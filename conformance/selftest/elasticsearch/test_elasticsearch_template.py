"""The index template on real servers: legal messages fit, what can be kept is kept unaltered."""

import json
import shlex
from typing import Any

import pytest

from cgstate.faces.index_template import TEMPLATE, index_template
from cgstate.generate.samples import NAMES
from cgstate.specification import data
from cgstate.specification.schemas import attributes, schema
from selftest.elasticsearch.servers import Place, Say


def test_the_file_is_what_the_schema_makes_and_what_the_command_prints(says: Say) -> None:
    written = json.loads(data.read(TEMPLATE))
    assert written == index_template()
    assert json.loads(says("elasticsearch-template").out) == written
    patterned = json.loads(says("elasticsearch-template", "--pattern", "a*,b").out)
    assert patterned == {**written, "index_patterns": ["a*", "b"]}


def test_every_attribute_has_a_type() -> None:
    properties = index_template()["template"]["mappings"]["properties"]
    assert list(properties) == list(attributes())
    types = {name: rules["type"] for name, rules in properties.items()}
    assert types["GSW_CAMPAIGN_GROUP_STATE"] == "integer"
    assert types["GSW_CAMPAIGN_GROUP_ACTOR"] == "long"
    assert types["GSW_STAT_HIT_RATIO"] == "double"
    assert types["GSW_DATE_TIME"] == "date"
    assert types["GSW_GROUP_NAME"] == "keyword"


def test_an_empty_name_of_an_index_is_refused(says: Say) -> None:
    said = says("elasticsearch-template", "--pattern", "a,,b")
    assert (said.status, said.out) == (4, "")
    assert "--pattern" in said.err


def test_the_examples_of_the_schema_are_taken_and_fit(typed_place: Place) -> None:
    for message in schema()["examples"]:
        assert typed_place.post(message).status_code == 201
    assert len(typed_place.search({"match_all": {}})) == len(schema()["examples"])
    assert typed_place.search({"exists": {"field": "_ignored"}}) == []


def test_any_name_is_found_again(typed_place: Place) -> None:
    for name in NAMES:
        assert typed_place.post({"GSW_CAMPAIGN_GROUP_NAME": name}).status_code == 201
    for name in NAMES:
        found = typed_place.search({"term": {"GSW_CAMPAIGN_GROUP_NAME": name}})
        assert [hit["_source"] for hit in found] == [{"GSW_CAMPAIGN_GROUP_NAME": name}]


def test_times_are_sorted_by_their_milliseconds(typed_place: Place) -> None:
    for time in ("1527516447.250", "1527516447.249", "999999999.999"):
        typed_place.post({"GSW_DATE_TIME": time})
    found = typed_place.search({"range": {"GSW_DATE_TIME": {"gt": "1527516447.249"}}})
    assert [hit["_source"] for hit in found] == [{"GSW_DATE_TIME": "1527516447.250"}]


MALFORMED: dict[str, str] = {
    "a text for a code": '{"GSW_CAMPAIGN_GROUP_STATE": "5"}',
    "true for a code": '{"GSW_CAMPAIGN_GROUP_STATE": true}',
    "a fraction for a code": '{"GSW_DIAL_MODE": 1.5}',
    "a code that is too large": '{"GSW_DIAL_MODE": 99999999999}',
    "an actor that is too large": '{"GSW_CAMPAIGN_GROUP_ACTOR": 92233720368547758070}',
    "a text for a statistic": '{"GSW_STAT_BUSY_FACTOR": "0.5"}',
    "a time in ISO 8601": '{"GSW_DATE_TIME": "2018-05-28T14:07:27.250Z"}',
    "an empty time": '{"GSW_DATE_TIME": ""}',
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_value_is_kept_as_it_was_sent_and_findable(typed_place: Place, text: str) -> None:
    assert typed_place.post({"GSW_CAMPAIGN_GROUP_STATE": 5}).status_code == 201
    assert typed_place.post(text.encode()).status_code == 201
    found = typed_place.search({"exists": {"field": "_ignored"}})
    assert [hit["_source"] for hit in found] == [json.loads(text)]


KEPT: dict[str, Any] = {
    "5.0, which is 5": {"GSW_DIAL_MODE": 5.0},
    "null statistics": {"GSW_STAT_BUSY_FACTOR": None},
    "the largest actor": {"GSW_CAMPAIGN_GROUP_ACTOR": 2**63 - 1},
    "a name that is too long": {"GSW_GROUP_NAME": "\U0001f600" * 50_000},
    "a number for a name": {"GSW_GROUP_NAME": 5},
    "an unknown object": {"X": {"a": [{"b": None}]}},
    "an unknown attribute of changing type": {"X": "text"},
    "dots in names": {"X.y.z": 1, "X": 2, "Y.": 3},
}


@pytest.mark.parametrize("message", KEPT.values(), ids=KEPT.keys())
def test_what_can_be_kept_is_kept_unaltered(typed_place: Place, message: object) -> None:
    assert typed_place.post({"X": 1}).status_code == 201
    assert typed_place.post(message).status_code == 201
    assert [hit["_source"] for hit in typed_place.search({"match_all": {}})] == [{"X": 1}, message]


def test_deep_nesting_is_kept_or_refused_and_the_server_is_alive(typed_place: Place) -> None:
    for levels, statuses in ((500, {201}), (10_000, {400})):
        nested = b'{"X": ' + b"[" * levels + b"]" * levels + b"}"
        assert typed_place.post(nested).status_code in statuses
    assert typed_place.post({"X": 1}).status_code == 201


def test_the_readme_says_how_to_install_it() -> None:
    readme = (data.folder("schemas") / "elasticsearch" / "README.md").read_text(encoding="utf-8")
    command = readme.partition("```sh\n")[2].partition("```")[0]
    assert shlex.split(command)[:2] == ["cgstate", "elasticsearch-template"]
