"""Messages: legal ones are legal, and each faulty one breaks the requirement it names and no other."""

import json
import re
from collections import Counter
from functools import cache

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource

from cgstate.generate import broken_messages, discouraged_messages, messages
from cgstate.generate.faults import BROKEN, DISCOURAGED
from cgstate.generate.faulty import Faulty
from cgstate.generate.kinds import KINDS, Kind, Message
from cgstate.specification.schemas import attributes, named_requirements, recommended_schema, schema

QUIET = settings(max_examples=120, deadline=None, database=None)


@cache
def _validator(*, recommended: bool) -> Draft202012Validator:
    resource = Resource.from_contents(schema())
    chosen = recommended_schema() if recommended else schema()
    return Draft202012Validator(chosen, registry=Registry().with_resource(schema()["$id"], resource))


def _requirement(error: ValidationError) -> str:
    assert isinstance(error.schema, dict)
    named = error.schema["x-requirement"][error.validator]
    if isinstance(named, str):
        return named
    match = re.match(r"'(GSW_\w+)' is a required property", error.message)
    assert match is not None, error.message
    return str(named[match[1]])


def _broken(message: Message, *, recommended: bool) -> set[str]:
    return {_requirement(error) for error in _validator(recommended=recommended).iter_errors(message)}


def _depending(requirement: str) -> set[str]:
    """Return what is not judged where that requirement is broken."""
    slug, _, rule = requirement.partition(".")
    if rule == "integer":
        return {f"{slug}.known-code"}
    # null where there has to be no dial mode at all is neither an integer nor a code.
    return {"dial-mode.integer", "dial-mode.known-code"} if requirement == "dial-mode.only-when-running" else set()


@cache
def _quick() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(schema())


@QUIET
@given(messages() | broken_messages().map(lambda faulty: faulty.message))
def test_two_validators_agree(message: Message) -> None:
    assert _quick().is_valid(message) is _validator(recommended=False).is_valid(message)


@QUIET
@given(messages())
def test_a_legal_message_meets_all_that_is_mandatory_and_all_that_is_expected(message: Message) -> None:
    assert _broken(message, recommended=True) == set()
    assert json.loads(json.dumps(message, allow_nan=False)) == message


@QUIET
@given(broken_messages())
def test_a_broken_message_breaks_its_must_and_no_other(faulty: Faulty) -> None:
    broken = _broken(faulty.message, recommended=False)
    assert broken - _depending(faulty.requirement) == {faulty.requirement}


@QUIET
@given(discouraged_messages())
def test_a_discouraged_message_is_legal_and_breaks_its_should_and_no_other(faulty: Faulty) -> None:
    assert _broken(faulty.message, recommended=False) == set()
    assert _broken(faulty.message, recommended=True) == {faulty.requirement}


@pytest.mark.parametrize("fault", BROKEN + DISCOURAGED, ids=lambda fault: fault.requirement)
def test_each_fault_can_be_asked_for(fault: object) -> None:
    requirement = getattr(fault, "requirement", "")
    strategy = broken_messages if fault in BROKEN else discouraged_messages
    seen = []

    @settings(max_examples=3, deadline=None, database=None)
    @given(strategy(requirements={requirement}))
    def collect(faulty: Faulty) -> None:
        seen.append(faulty.requirement)

    collect()
    assert set(seen) == {requirement}


def test_every_mandatory_rule_of_the_schema_is_broken_by_some_message() -> None:
    assert {fault.requirement for fault in BROKEN} == set(named_requirements(schema())) - {"body.object"}


def test_every_recommended_rule_of_the_schema_is_broken_by_some_message() -> None:
    assert {fault.requirement for fault in DISCOURAGED} == set(named_requirements(recommended_schema())) - {
        "body.object"
    }


def test_no_kind_of_message_is_rare() -> None:
    count: Counter[str] = Counter()

    @settings(max_examples=250, deadline=None, database=None, derandomize=True)
    @given(messages())
    def collect(message: Message) -> None:
        count["all"] += 1
        count["running"] += message["GSW_CAMPAIGN_GROUP_STATE"] == 5
        count["optimized"] += "GSW_OPTIMIZE_GOAL" in message
        count["statistics"] += any(key.startswith("GSW_STAT_") for key in message)
        count["unknown keys"] += bool(set(message) - set(attributes()))
        count[f"state {message['GSW_CAMPAIGN_GROUP_STATE']}"] += 1

    collect()
    assert count["running"] >= 0.4 * count["all"]
    assert count["optimized"] >= 0.12 * count["all"]
    assert count["statistics"] >= 0.2 * count["all"]
    assert count["unknown keys"] >= 0.1 * count["all"]
    assert all(count[f"state {state}"] for state in (0, 1, 2, 4, 5)), count


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.words)
def test_each_kind_of_message_can_be_asked_for(kind: Kind) -> None:
    @settings(max_examples=10, deadline=None, database=None)
    @given(messages(kinds=(kind,)))
    def hold(message: Message) -> None:
        assert message["GSW_CAMPAIGN_GROUP_STATE"] == kind.state
        assert message["GSW_CAMPAIGN_GROUP_ACTION"] in kind.actions
        assert ("GSW_DIAL_MODE" in message) is bool(kind.modes)
        assert message.get("GSW_DIAL_MODE") in (kind.modes or {None})
        assert not kind.periodic or any(key.startswith("GSW_STAT_") for key in message)
        assert _broken(message, recommended=True) == set()

    hold()


def test_the_branches_cover_every_attribute_and_are_named_apart() -> None:
    assert len({kind.words for kind in KINDS}) == len(KINDS)
    running = sum(1 for kind in KINDS if kind.modes)
    assert running / len(KINDS) >= 0.4


@settings(max_examples=60, deadline=None, database=None)
@given(st.data())
def test_a_receivers_owner_finds_all_that_was_sent(data: st.DataObject) -> None:
    prefix = "cgstate-20260101T000000-ab12-"
    message = data.draw(messages(guid_prefix=prefix))
    assert message["GSW_CAMPAIGN_GROUP_GUID"].startswith(prefix)
    faulty = data.draw(broken_messages(guid_prefix=prefix)).message
    attribute = faulty.get("GSW_CAMPAIGN_GROUP_GUID")
    in_guid = isinstance(attribute, str) and attribute.startswith(prefix)
    assert in_guid or faulty["GSW_CAMPAIGN_GROUP_NAME"].startswith(prefix)


def test_a_requirement_that_no_message_breaks_is_an_error() -> None:
    with pytest.raises(ValueError, match="none of these requirements"):
        broken_messages(requirements={"failure.no-retry"})
