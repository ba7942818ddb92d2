"""Both schemas: valid, portable, at one with the registry and the codes, and one accusation for one fault."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from referencing import Registry as Resources
from referencing import Resource

from cgstate.specification.codes import PREDICTIVE, Action, DialMode, GroupState, OptimizationMethod
from cgstate.specification.registry import Level, registry
from cgstate.specification.schemas import (
    Schema,
    attributes,
    named_requirements,
    recommended_schema,
    requirement_of,
    schema,
    slugs,
)

Message = dict[str, Any]
BOTH = pytest.mark.parametrize("load", [schema, recommended_schema])


def loaded(state: int = 4, action: int = 7, **more: object) -> Message:
    message: Message = json.loads(json.dumps(schema()["examples"][0]))
    return message | {"GSW_CAMPAIGN_GROUP_STATE": state, "GSW_CAMPAIGN_GROUP_ACTION": action} | more


def running(mode: int | None, **more: object) -> Message:
    dialing = {} if mode is None else {"GSW_DIAL_MODE": mode}
    return loaded(5, 9, **dialing, **more)


def without(message: Message, *names: str) -> Message:
    return {name: value for name, value in message.items() if name not in names}


@pytest.fixture(scope="module")
def explains() -> Callable[[object], Counter[str]]:
    """All requirements that a message breaks, by jsonschema; not yet cleared of what follows from another."""
    resources: Resources[bool | Mapping[str, Any]] = Resources().with_resources(
        (s["$id"], Resource.from_contents(s)) for s in (schema(), recommended_schema())
    )
    validator = jsonschema.Draft202012Validator(recommended_schema(), registry=resources)

    def broken(message: object) -> Counter[str]:
        return Counter(name for error in validator.iter_errors(message) for name in _named(error))

    return broken


def _named(error: jsonschema.ValidationError) -> Iterable[str]:
    assert isinstance(error.schema, Mapping)
    if error.validator != "required":
        return [requirement_of(error.schema, str(error.validator))]
    assert isinstance(error.validator_value, list)
    return [requirement_of(error.schema, "required", a) for a in error.validator_value if f"'{a}'" in error.message]


@pytest.fixture(scope="module")
def fast() -> Mapping[str, jsonschema_rs.Draft202012Validator]:
    resources = jsonschema_rs.Registry([(schema()["$id"], schema())])
    return {
        "must": jsonschema_rs.Draft202012Validator(schema()),
        "recommended": jsonschema_rs.Draft202012Validator(recommended_schema(), registry=resources),
    }


@BOTH
def test_schema_is_draft_2020_12_with_versioned_id_and_texts(load: Callable[[], Schema]) -> None:
    jsonschema.Draft202012Validator.check_schema(load())
    assert load()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert load()["$id"].startswith("urn:cgstate:1.0.0:campaign-group-state")
    assert {"title", "description", "examples"} <= set(load())
    for name, rules in load()["properties"].items():
        assert {"title", "description", "examples"} <= set(rules), name


def test_examples_are_valid_under_both(explains: Callable[[object], Counter[str]]) -> None:
    for example in (*schema()["examples"], *recommended_schema()["examples"]):
        assert explains(example) == Counter()
    for name, rules in attributes().items():
        alone = jsonschema.Draft202012Validator(rules)
        assert all(alone.is_valid(value) for value in rules["examples"]), name


def test_every_attribute_stands_in_the_top_level_properties() -> None:
    assert len(attributes()) == 19
    assert set(schema()["required"]) <= set(attributes())
    assert set(recommended_schema()["properties"]) <= set(attributes())
    assert len(set(slugs().values())) == len(slugs())


@pytest.mark.parametrize(
    ("attribute", "enumeration"),
    [
        ("GSW_CAMPAIGN_GROUP_STATE", GroupState),
        ("GSW_CAMPAIGN_GROUP_ACTION", Action),
        ("GSW_DIAL_MODE", DialMode),
        ("GSW_OPTIMIZE_BY", OptimizationMethod),
    ],
)
def test_codes_of_the_schema_are_those_of_the_code(
    attribute: str, enumeration: type[GroupState | Action | DialMode | OptimizationMethod]
) -> None:
    rules = attributes()[attribute]
    assert rules["enum"] == [code.value for code in enumeration]
    assert list(rules["x-codes"]) == [str(code.value) for code in enumeration]
    named = {code.value: code.name.replace("_", "").lower() for code in enumeration}
    for code, name in rules["x-codes"].items():
        plain = name.removeprefix("CM_Req").lower()
        assert plain.startswith(named[int(code)]) or plain == f"{named[int(code)]}mode", name


def test_predictive_modes_of_the_schemas_are_those_of_the_code() -> None:
    not_predictive = [rule["if"]["properties"].get("GSW_DIAL_MODE", {}).get("enum") for rule in schema()["allOf"]]
    assert [modes for modes in not_predictive if modes] == [sorted(set(DialMode) - PREDICTIVE)] * 2


def test_each_schema_names_exactly_the_requirements_of_its_level() -> None:
    layer = [r for r in registry().requirements.values() if r.layer == "schema"]
    must = {r.id for r in layer if r.level is Level.MUST}
    should = {r.id for r in layer if r.level is Level.SHOULD}
    assert set(named_requirements(schema())) == must | {"body.object"}
    assert set(named_requirements(recommended_schema())) == should | {"body.object"}


@BOTH
def test_every_keyword_that_can_fail_names_its_requirement(load: Callable[[], Schema]) -> None:
    asserting = {"type", "enum", "const", "pattern", "not", "minLength", "maxLength", "minimum", "maximum", "required"}

    def walk(rules: Mapping[str, Any], path: str) -> None:
        silent = (asserting & set(rules)) - set(rules.get("x-requirement", {}))
        assert not silent, f"{path}: {silent}"
        for name, inner in rules.get("properties", {}).items():
            walk(inner, f"{path}/{name}")
        for position, inner in enumerate(rules.get("allOf", ())):
            if "then" in inner:
                walk(inner["then"], f"{path}/allOf/{position}/then")
            else:
                assert set(inner) == {"$ref"}

    walk(load(), load()["$id"])


DIGITS = "\u0661\u0665\u0662\u0667"
LONG = "\U0001f4de" * 255
PREDICTIVE_MESSAGE = running(1, GSW_OPTIMIZE_BY=1, GSW_OPTIMIZE_GOAL=80)
LEGAL: dict[str, Message] = {
    "loaded": loaded(),
    "running and predictive": PREDICTIVE_MESSAGE,
    "running in preview": running(3),
    "running in dial mode 0": running(0),
    "statistics in an event": loaded(GSW_STAT_BUSY_FACTOR=0, GSW_STAT_HIT_RATIO=7.5, GSW_STAT_TIME_TO_COMPLETE=None),
    "unknown keys": loaded(GSW_FUTURE={"nested": [1, None]}),
    "empty queue": loaded(GSW_QUEUE_NAME=""),
    "names of 255 code points beyond the first plane": loaded(GSW_GROUP_NAME=LONG, GSW_CAMPAIGN_NAME=LONG),
    "integers written with a point": loaded(GSW_CAMPAIGN_GROUP_STATE=4.0, GSW_CAMPAIGN_GROUP_ACTOR=1.0),
    "actor of a large code": loaded(GSW_CAMPAIGN_GROUP_ACTOR=2**53 - 1),
    "optional names left out": without(loaded(), "GSW_CAMPAIGN_NAME"),
    "each state": loaded(GroupState.INACTIVE),
    "unknown state": loaded(GroupState.UNKNOWN),
}
TOLERATED: dict[str, tuple[Message, set[str]]] = {
    "running without a dial mode": (running(None), {"dial-mode.present-when-running"}),
    "predictive without method and goal": (
        running(10),
        {"optimize-by.present-when-predictive", "optimize-goal.present-when-predictive"},
    ),
    "method and goal without a dial mode": (
        running(None, GSW_OPTIMIZE_BY=1, GSW_OPTIMIZE_GOAL=80),
        {"dial-mode.present-when-running"},
    ),
    "negative actor": (loaded(GSW_CAMPAIGN_GROUP_ACTOR=-1), {"actor.not-negative"}),
    "empty GUID": (loaded(GSW_CAMPAIGN_GROUP_GUID=""), {"guid.not-empty"}),
    "GUID of 65 characters": (loaded(GSW_CAMPAIGN_GROUP_GUID="g" * 65), {"guid.length"}),
    "tenant name of 256 characters": (loaded(GSW_TENANT_NAME="t" * 256), {"tenant-name.length"}),
    "method 4 in mode 1": (
        running(1, GSW_OPTIMIZE_BY=4, GSW_OPTIMIZE_GOAL=5),
        {"optimize-by.distribution-time-mode"},
    ),
    "101 percent": (running(5, GSW_OPTIMIZE_BY=2, GSW_OPTIMIZE_GOAL=101), {"optimize-goal.percentage"}),
    "negative seconds": (running(10, GSW_OPTIMIZE_BY=4, GSW_OPTIMIZE_GOAL=-1), {"optimize-goal.seconds"}),
}
ILLEGAL: dict[str, tuple[object, set[str]]] = {
    "dial mode in a stopped group": (loaded(4, 10, GSW_DIAL_MODE=1), {"dial-mode.only-when-running"}),
    "null dial mode in a loaded group": (loaded(GSW_DIAL_MODE=None), {"dial-mode.only-when-running"}),
    "null dial mode while running": (running(None, GSW_DIAL_MODE=None), {"dial-mode.integer"}),
    "dial mode, method and goal in a stopped group": (
        loaded(4, 10, GSW_DIAL_MODE=1, GSW_OPTIMIZE_BY=1, GSW_OPTIMIZE_GOAL=80),
        {"dial-mode.only-when-running"},
    ),
    "method in a stopped group": (loaded(GSW_OPTIMIZE_BY=1), {"optimize-by.only-when-predictive"}),
    "null method in progress mode": (running(2, GSW_OPTIMIZE_BY=None), {"optimize-by.only-when-predictive"}),
    "goal in preview mode": (running(3, GSW_OPTIMIZE_GOAL=80), {"optimize-goal.only-when-predictive"}),
    "unknown dial mode with a method": (running(12, GSW_OPTIMIZE_BY=1), {"dial-mode.known-code"}),
    "unknown method": (running(1, GSW_OPTIMIZE_BY=5, GSW_OPTIMIZE_GOAL=3), {"optimize-by.known-code"}),
    "state as text": (loaded() | {"GSW_CAMPAIGN_GROUP_STATE": "4"}, {"state.integer"}),
    "state true": (loaded() | {"GSW_CAMPAIGN_GROUP_STATE": True}, {"state.integer"}),
    "state 4.5": (loaded() | {"GSW_CAMPAIGN_GROUP_STATE": 4.5}, {"state.integer"}),
    "unknown state with a dial mode": (loaded(6, GSW_DIAL_MODE=1), {"state.known-code"}),
    "state left out with a dial mode": (
        without(loaded(GSW_DIAL_MODE=2), "GSW_CAMPAIGN_GROUP_STATE"),
        {"state.present"},
    ),
    "action 29": (loaded(0, 29), {"action.known-code"}),
    "actor null": (loaded(GSW_CAMPAIGN_GROUP_ACTOR=None), {"actor.integer"}),
    "tenant name null": (loaded(GSW_TENANT_NAME=None), {"tenant-name.string"}),
    "queue left out": (without(loaded(), "GSW_QUEUE_NAME"), {"queue-name.present"}),
    "campaign null": (loaded(GSW_CAMPAIGN_NAME=None), {"campaign-name.string"}),
    "group name of 256 code points": (loaded(GSW_GROUP_NAME=LONG + "x"), {"group-name.length"}),
    "time as a number": (loaded(GSW_DATE_TIME=1527516447.25), {"date-time.string"}),
    "time with a newline": (loaded(GSW_DATE_TIME="1527516447.250\n"), {"date-time.form"}),
    "time in digits of another script": (loaded(GSW_DATE_TIME=f"{DIGITS}.250"), {"date-time.form"}),
    "time with two decimals": (loaded(GSW_DATE_TIME="1527516447.25"), {"date-time.form"}),
    "time with a sign": (loaded(GSW_DATE_TIME="-1527516447.250"), {"date-time.form"}),
    "time empty": (loaded(GSW_DATE_TIME=""), {"date-time.form"}),
    "time on a second line": (loaded(GSW_DATE_TIME="x\n1527516447.250"), {"date-time.form"}),
    "statistic as text": (loaded(GSW_STAT_HIT_RATIO="0.5"), {"stat-hit-ratio.number"}),
    "statistic true": (loaded(GSW_STAT_HIT_RATIO=True), {"stat-hit-ratio.number"}),
    "negative statistic": (loaded(GSW_STAT_BUSY_FACTOR=-0.1), {"stat-busy-factor.not-negative"}),
    "an array": ([loaded()], {"body.object"}),
    "null": (None, {"body.object"}),
    "a number": (5, {"body.object"}),
}


@pytest.mark.parametrize("title", LEGAL)
def test_legal_message(title: str, explains: Callable[[object], Counter[str]]) -> None:
    assert explains(LEGAL[title]) == Counter()


@pytest.mark.parametrize("title", TOLERATED)
def test_message_that_breaks_a_should_only(
    title: str, explains: Callable[[object], Counter[str]], fast: Mapping[str, jsonschema_rs.Draft202012Validator]
) -> None:
    message, expected = TOLERATED[title]
    assert set(explains(message)) == expected
    assert fast["must"].is_valid(message)


@pytest.mark.parametrize("title", ILLEGAL)
def test_one_fault_makes_one_accusation(title: str, explains: Callable[[object], Counter[str]]) -> None:
    message, expected = ILLEGAL[title]
    broken = set(explains(message))
    blamed = {name for name in broken if not broken & registry().prerequisites[name]}
    assert blamed == expected


@pytest.mark.parametrize("title", [*LEGAL, *TOLERATED, *ILLEGAL])
def test_both_validators_agree(
    title: str, explains: Callable[[object], Counter[str]], fast: Mapping[str, jsonschema_rs.Draft202012Validator]
) -> None:
    message = LEGAL.get(title) or (TOLERATED | ILLEGAL)[title][0]
    broken = explains(message)
    must = {name for name in broken if registry().requirements[name].level is Level.MUST}
    assert fast["must"].is_valid(message) == (not must)
    assert fast["recommended"].is_valid(message) == (not broken)


def test_every_schema_requirement_is_broken_by_some_message(explains: Callable[[object], Counter[str]]) -> None:
    wrong: dict[str, object] = {"string": 1, "integer": "1", "number": "1"}
    broken = {name for message, _ in (TOLERATED | ILLEGAL).values() for name in explains(message)}
    for attribute in attributes():
        named = attributes()[attribute]["type"]
        kind = named if isinstance(named, str) else named[0]
        base = running(1, GSW_OPTIMIZE_BY=1, GSW_OPTIMIZE_GOAL=1)
        for value in (wrong[kind], -1, "", "x" * 256):
            broken |= set(explains(base | {attribute: value}))
        broken |= set(explains(without(base, attribute)))
    assert broken >= {r.id for r in registry().requirements.values() if r.layer == "schema"}
