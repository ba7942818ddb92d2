"""The registry: whole, sound, and honest about what is documented."""

import itertools
import json
import re

import jsonschema
import pytest

from cgstate.specification.data import read
from cgstate.specification.registry import (
    Confidence,
    Level,
    Registry,
    Requirement,
    Role,
    prerequisites,
    registry,
)
from cgstate.specification.schemas import slugs
from cgstate.specification.staircase import STEPS, staircase

_WEAKEST = [Confidence.DOCUMENTED, Confidence.SEEN_IN_CODE, Confidence.INFERRED]
_ATTRIBUTES_OF_THE_TABLE = 15


@pytest.fixture(scope="module")
def book() -> Registry:
    return registry()


def test_registry_is_valid_under_its_own_schema() -> None:
    schema = json.loads(read("requirements.schema.json"))
    jsonschema.Draft202012Validator.check_schema(schema)
    errors = jsonschema.Draft202012Validator(schema).iter_errors(json.loads(read("requirements.json")))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


@pytest.mark.parametrize("part", ["requirements", "facts", "exclusions", "ambiguities", "statements"])
def test_ids_are_unique(part: str) -> None:
    ids = [entry["id"] for entry in json.loads(read("requirements.json"))[part]]
    assert len(ids) == len(set(ids))


def test_schema_of_the_registry_refuses_an_id_that_is_no_id() -> None:
    document = json.loads(read("requirements.json"))
    document["requirements"][0]["id"] = "7"
    validator = jsonschema.Draft202012Validator(json.loads(read("requirements.schema.json")))
    assert not validator.is_valid(document)


def test_every_id_that_is_named_is_known(book: Registry) -> None:
    named = {n for r in book.requirements.values() for n in (*r.depends_on, r.replaced_by) if n}
    named |= {n for a in book.ambiguities.values() for n in a.requirements}
    named |= {n for s in book.statements.values() for n in s.requirements}
    assert named <= set(book.requirements)
    assert {n for s in book.statements.values() for n in s.exclusions} <= set(book.exclusions)
    assert {n for s in book.statements.values() for n in s.ambiguities} <= set(book.ambiguities)
    assert {n for r in book.requirements.values() for n in r.facts} == set(book.facts)


def test_dependencies_have_no_cycle_and_are_closed(book: Registry) -> None:
    for identifier, needed in book.prerequisites.items():
        assert identifier not in needed
        assert all(book.prerequisites[other] <= needed for other in needed)
    assert "http.well-formed" in book.prerequisites["optimize-by.as-requested"]


def test_a_cycle_is_told(book: Registry) -> None:
    def one(identifier: str, needs: str) -> Requirement:
        known = book.requirements["body.utf8"]
        values = {name: getattr(known, name) for name in known.__slots__}
        return Requirement(**(values | {"id": identifier, "depends_on": (needs,)}))

    with pytest.raises(ValueError, match=r"a\.b -> c\.d -> a\.b"):
        prerequisites([one("a.b", "c.d"), one("c.d", "a.b")])


def test_no_should_masks_a_must(book: Registry) -> None:
    masked = {
        (identifier, other)
        for identifier, needed in book.prerequisites.items()
        for other in needed
        if book.requirements[identifier].level is Level.MUST and book.requirements[other].level is not Level.MUST
    }
    assert masked == set()


@pytest.mark.parametrize(
    ("cause", "consequence"),
    [
        ("state.after-start", "dial-mode.only-when-running"),
        ("periodic.state", "dial-mode.only-when-running"),
        ("state.after-start", "optimize-goal.only-when-predictive"),
        ("state.after-stop", "dial-mode.present-when-running"),
        ("state.after-load", "trace.not-loaded-action"),
        ("trace.not-loaded-action", "state.after-set-dialing-mode"),
        ("dial-mode.only-when-running", "state.after-set-dialing-mode"),
        ("dial-mode.as-requested", "optimize-by.only-when-predictive"),
        ("dial-mode.as-requested", "optimize-goal.present-when-predictive"),
        ("optimize-by.as-requested", "optimize-goal.percentage"),
        ("guid.constant", "guid.not-empty"),
        ("actor.as-declared", "actor.not-negative"),
        ("tenant-name.as-configured", "tenant-name.length"),
    ],
)
def test_what_follows_from_another_fault_is_not_accused_beside_it(book: Registry, cause: str, consequence: str) -> None:
    assert cause in book.prerequisites[consequence]


@pytest.mark.parametrize("slug", ["state", "action", "actor"])
def test_a_wrong_type_of_one_attribute_does_not_hide_how_others_are_written(book: Registry, slug: str) -> None:
    assert f"{slug}.integer" not in book.prerequisites["body.integer-form"]


def test_all_of_a_message_rests_on_its_bytes_and_its_json(book: Registry) -> None:
    for requirement in book.requirements.values():
        if requirement.layer == "schema":
            assert {"body.utf8", "body.json", "body.object"} <= book.prerequisites[requirement.id]


def test_confidence_is_that_of_the_weakest_fact(book: Registry) -> None:
    for requirement in book.requirements.values():
        facts = [book.facts[fact].confidence for fact in requirement.facts]
        stated = [Confidence.DOCUMENTED] if book.stated_by(requirement.id) else []
        assert facts + stated, f"{requirement.id} rests on nothing"
        assert requirement.confidence is max(facts + stated, key=_WEAKEST.index), requirement.id


def test_a_must_is_documented_or_a_needed_code_or_a_stated_exception(book: Registry) -> None:
    for requirement in book.requirements.values():
        if requirement.level is Level.MUST:
            assert requirement.confidence is not Confidence.INFERRED or requirement.exception, requirement.id
        else:
            assert not requirement.exception, f"{requirement.id} needs no exception"


def test_inferred_musts_are_the_known_exceptions(book: Registry) -> None:
    inferred = {
        requirement.id
        for requirement in book.requirements.values()
        if requirement.level is Level.MUST and requirement.confidence is Confidence.INFERRED
    }
    sent = {identifier for identifier in inferred if book.requirements[identifier].role is not Role.RECEIVER}
    assert sent == {"date-time.form", "guid.constant"}
    a_2xx = {identifier for identifier in inferred if identifier.startswith("accepts.")}
    assert inferred - sent - a_2xx == {"stored.every", "stored.once", "stored.unaltered"}


def test_a_must_seen_in_code_rests_on_a_code_value(book: Registry) -> None:
    codes = {fact for fact in book.facts if fact.startswith("fact.codes.")}
    codes |= {"fact.predictive-modes", "fact.started-running", "fact.unloaded-number"}
    for requirement in book.requirements.values():
        if requirement.level is Level.MUST and requirement.confidence is Confidence.SEEN_IN_CODE:
            assert codes & set(requirement.facts), requirement.id


def test_core_is_a_must_that_needs_no_hook(book: Registry) -> None:
    core = [requirement for requirement in book.requirements.values() if requirement.core]
    assert all(requirement.level is Level.MUST and not requirement.needs for requirement in core)
    assert {"dial-mode.only-when-running", "event.once", "failure.no-retry"} <= {r.id for r in core}


def test_what_the_five_requests_show_of_every_lawful_emitter_is_core(book: Registry) -> None:
    may_be_missing = re.compile(
        r"campaign(-template)?-name\.|dial-mode\.|optimize-(by|goal)\.|stat-|actor\.as-declared"  # optional attributes
        r"|.*\.as-configured$"  # needs a configuration that is known
        r"|event\.none-after-refusal$"  # nothing has to be refused
    )
    not_core = {
        r.id
        for r in book.requirements.values()
        if r.level is Level.MUST and not r.core and not r.needs and not may_be_missing.match(r.id)
    }
    assert {i for i in not_core if book.requirements[i].role is not Role.RECEIVER} == set()


def test_what_a_few_legal_messages_show_of_every_receiver_is_core(book: Registry) -> None:
    of_receivers = [r for r in book.requirements.values() if r.role is Role.RECEIVER and r.level is Level.MUST]
    not_core = {r.id for r in of_receivers if not r.core and not r.needs}
    assert not_core == {"accepts.flood", "accepts.after-fault"}
    assert {r.id for r in of_receivers if r.core} >= {"accepts.life-cycle", "accepts.names", "accepts.kept-alive"}


def test_only_receivers_are_read_back_and_only_what_is_read_back_needs_it(book: Registry) -> None:
    for requirement in book.requirements.values():
        assert (requirement.layer == "readback") == (requirement.needs == ("readback",)), requirement.id
        assert requirement.layer != "readback" or requirement.role is Role.RECEIVER, requirement.id
        assert requirement.role is not Role.RECEIVER or requirement.layer in {"http", "readback"}, requirement.id


def test_what_a_receiver_takes_rests_on_its_taking_the_plainest_messages(book: Registry) -> None:
    answered = {r.id for r in book.requirements.values() if r.role is Role.RECEIVER and r.layer == "http"} - {
        "accepts.life-cycle"
    }
    assert {i for i in answered if "accepts.life-cycle" not in book.prerequisites[i]} == set()
    taken = {identifier for identifier in answered if identifier.startswith("accepts.")}
    assert taken <= book.prerequisites["answers.promptly"], "what is not answered at all is not late as well"


def test_nothing_that_a_receiver_does_with_what_is_no_notification_is_a_must(book: Registry) -> None:
    hostile = [r for r in book.requirements.values() if r.id.startswith(("rejects.", "survives."))]
    assert hostile
    assert {r.level for r in hostile} == {Level.SHOULD}


def test_requirements_are_no_older_than_the_registry_and_new_ones_came_with_a_version_of_their_own(
    book: Registry,
) -> None:
    def version(text: str) -> tuple[int, ...]:
        return tuple(int(part) for part in text.split("."))

    assert json.loads(read("requirements.json"))["$id"] == f"urn:cgstate:{book.version}:requirements"
    assert max(version(r.since) for r in book.requirements.values()) == version(book.version)
    assert {r.since for r in book.requirements.values() if r.role is Role.RECEIVER} == {"1.1.0"}


def test_each_attribute_has_its_type_and_each_required_one_its_presence(book: Registry) -> None:
    types = {"string", "integer", "number"}
    for slug in slugs().values():
        assert len([kind for kind in types if f"{slug}.{kind}" in book.requirements]) == 1, slug
    assert sum(1 for requirement in book.requirements if requirement.endswith(".present")) == 10


def test_every_statement_is_accounted_for(book: Registry) -> None:
    for statement in book.statements.values():
        assert statement.requirements or statement.exclusions or statement.ambiguities, statement.id


def test_statements_cover_table_options_and_states(book: Registry) -> None:
    rows = [name for name in slugs() if not name.startswith("GSW_STAT_")]
    assert len(rows) == _ATTRIBUTES_OF_THE_TABLE
    options = ["send-campaigngroup-states", "campaigngroup-states-uri", "campaigngroup-states-interval"]
    states = ["loaded", "started", "stopped", "unloaded", "dial-mode-change", "periodic"]
    expected = itertools.chain(
        (f"spec.table.{row}" for row in rows),
        (f"spec.option.{option}" for option in options),
        (f"spec.reported.{state}" for state in states),
        ("spec.error-handling", "spec.error-handling.no-retry", "spec.messages.body"),
    )
    for identifier in expected:
        assert book.statements[identifier].requirements, identifier


def test_what_claims_the_specification_as_source_is_named_by_a_statement(book: Registry) -> None:
    for requirement in book.requirements.values():
        if requirement.source.startswith("specification, table: GSW_"):
            row = re.match(r"specification, table: (GSW_\w+)", requirement.source)
            assert row is not None
            assert requirement.id in book.statements[f"spec.table.{row[1]}"].requirements, requirement.id


def test_every_ambiguity_and_nearly_every_exclusion_belongs_to_a_statement(book: Registry) -> None:
    assert {n for s in book.statements.values() for n in s.ambiguities} == set(book.ambiguities)
    excluded = {n for s in book.statements.values() for n in s.exclusions}
    assert set(book.exclusions) - excluded == {"exclusion.log-lines"}


def test_by_prefix_prefers_the_exact_id(book: Registry) -> None:
    assert [r.id for r in book.by_prefix("option.off")] == ["option.off"]
    assert {r.id for r in book.by_prefix("event.load")} == {"event.load.reported"}
    assert all(r.id.startswith("optimize-") for r in book.by_prefix("optimize"))
    assert book.by_prefix("no-such") == ()


def test_the_staircase_reaches_every_requirement_once(book: Registry) -> None:
    reached = [requirement.id for role in STEPS for stair in staircase(role) for requirement in stair.adds]
    judged = [r.id for r in book.requirements.values()]
    assert sorted(reached) == sorted(judged)
    assert all(stair.adds for role in STEPS for stair in staircase(role))


def test_whoever_builds_a_receiver_climbs_from_gentle_to_read_back(book: Registry) -> None:
    gentle, whole, read_back = staircase(Role.RECEIVER)
    core = {r.id for r in book.requirements.values() if r.role is Role.RECEIVER and r.core}
    assert core <= {r.id for r in gentle.adds}
    assert {r.id for r in read_back.adds} == {r.id for r in book.requirements.values() if r.needs == ("readback",)}
    assert "--gentle" in gentle.command
    assert "--gentle" not in whole.command
    assert "--readback" in read_back.command
