"""The control API's document, the generated pages and the commands that show the registry."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from openapi_spec_validator import validate

from cgstate.command.docs import docs, generated
from cgstate.command.explain import explain
from cgstate.command.requirements import requirements
from cgstate.faces import reference
from cgstate.specification import data
from cgstate.specification.codes import Action
from cgstate.specification.life_cycle import COMBINATIONS, Reach
from cgstate.specification.registry import Level, Role, registry
from cgstate.specification.schemas import attributes, schema


def test_control_api_is_valid_openapi_with_every_request_and_hook() -> None:
    document = json.loads(data.read("control.openapi.json"))
    validate(document)
    hooks = {"", "/options", "/campaign-groups/{campaignId}/{groupId}", "/automatic"}
    expected = {f"/{action.request}" for action in Action} | {f"/conformance{hook}" for hook in hooks}
    assert set(document["paths"]) == expected


def test_examples_of_the_control_api_fit_its_schemas() -> None:
    document = json.loads(data.read("control.openapi.json"))
    checked = 0

    def walk(node: object) -> None:
        nonlocal checked
        if isinstance(node, dict):
            if "schema" in node and "examples" in node:
                rules = {**document, "$ref": node["schema"]["$ref"]}
                for example in node["examples"].values():
                    jsonschema.Draft202012Validator(rules).validate(example["value"])
                    checked += 1
            for inner in node.values():
                walk(inner)
        elif isinstance(node, list):
            for inner in node:
                walk(inner)

    walk(document)
    assert checked > 10


def test_generated_pages_are_up_to_date() -> None:
    top = data.checkout()
    assert top is not None
    result = CliRunner().invoke(docs, ["--check"])
    assert (result.exit_code, result.output) == (0, "")


def test_reference_page_holds_all_there_is_to_say() -> None:
    page = reference.reference_page({"body.json": ["cgstate.judge.text.rule"]}, {"body.json": reference.Guard(2, 3)})
    book = registry()
    for part in (book.requirements, book.exclusions, book.ambiguities, book.statements, book.facts, attributes()):
        assert all(f"`{identifier}`" in page for identifier in part)
    assert all(requirement.verified_by in page for requirement in book.requirements.values())
    assert "`judge.text.rule` | 2 of 3 |" in page
    for rules in attributes().values():
        assert all(
            f"| {code} | {name} |" in page or f"{code} {name}" in page
            for code, name in rules.get("x-codes", {}).items()
        )


def test_every_row_of_the_page_has_as_many_cells_as_its_heading() -> None:
    width = 0
    for line in reference.reference_page({}, {}).splitlines():
        cells = line.replace("\\|", "").count("|") if line.startswith("|") else 0
        assert cells in (0, width) or width == 0, line
        width = cells


def test_reference_page_shows_every_state_with_every_action() -> None:
    page = reference.reference_page({}, {})
    known = attributes()["GSW_CAMPAIGN_GROUP_STATE"]["x-codes"]
    matrix = {line.split("|")[1].strip(): line for line in reference.combination_matrix().splitlines()[2:]}
    assert set(matrix) == {f"{code} {name}" for code, name in known.items()}
    assert all(line in page for line in matrix.values())
    unreachable = reference.unreachable_combinations()
    told = {(state, action) for state, actions, _ in unreachable for action in actions.split(", ")}
    assert len(told) == sum(line.count("| - ") for line in matrix.values())
    assert sum(combination.reach is Reach.UNREACHABLE for combination in COMBINATIONS.values()) == len(told)
    for (state, action), combination in COMBINATIONS.items():
        cell = (f"{state.value} {known[str(state.value)]}", f"{action.value} {action.words}")
        assert (cell in told) == (combination.reach is Reach.UNREACHABLE)
        assert combination.why in page


def test_reference_page_shows_options_with_their_defaults_and_every_example() -> None:
    page = reference.reference_page({}, {})
    assert [(option.name, option.default) for option in reference.option_table()] == [
        ("send-campaigngroup-states", "false"),
        ("campaigngroup-states-uri", "none"),
        ("campaigngroup-states-interval", "10"),
    ]
    assert all(f"| `{option.name}` | {option.type} | {option.default} |" in page for option in reference.option_table())
    shown = [json.loads(part.partition("```")[0]) for part in page.split("```json\n")[1:]]
    assert shown == schema()["examples"]


def test_types_in_words_tell_what_is_mandatory_from_what_is_recommended() -> None:
    words = {row.name: row.type for row in reference.attribute_table()}
    assert words["GSW_TENANT_NAME"] == "string; recommended: not empty, at most 255 characters"
    assert words["GSW_GROUP_NAME"] == "string, at most 255 characters; recommended: not empty"
    assert words["GSW_STAT_HIT_RATIO"] == "number or null, 0 or more"
    assert words["GSW_DIAL_MODE"] == "integer"


def test_the_emitter_is_asked_for_nothing_by_itself_that_its_hook_has_no_words_for() -> None:
    schemas = json.loads(data.read("control.openapi.json"))["components"]["schemas"]
    automatic = schemas["AutomaticRequest"]["properties"]
    assert set(automatic) == {"data", "request", "cause"}
    assert set(automatic["data"]["properties"]) == {"campaignId", "groupId"}
    assert set(automatic["request"]["enum"]) == {a.request for a in Action if a is not Action.SET_DIALING_MODE}


@pytest.fixture(autouse=True)
def _schemas_are_found() -> None:
    """Look before a test moves the checkout: tests run in any order, and one of them forgets what was found."""
    data.folder("schemas")


def test_docs_says_what_drifted_and_writes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schemas = data.checkout()
    assert schemas is not None
    shutil.copytree(schemas / "schemas", tmp_path / "schemas")
    (tmp_path / "schemas" / "README.md").write_text("old")
    part = "<!-- generated: {} -->\nold\n<!-- end -->\n"
    parts = f"{part.format('staircase')}between\n{part.format('receiver-staircase')}rest\n"
    (tmp_path / "README.md").write_text(f"# Top\n{parts}")
    monkeypatch.setattr(data, "checkout", lambda: tmp_path)
    drifted = CliRunner().invoke(docs, ["--check"])
    assert drifted.exit_code == 1
    assert "schemas/README.md: has drifted" in drifted.output
    assert "\nREADME.md: has drifted" in drifted.output
    assert CliRunner().invoke(docs).exit_code == 0
    assert CliRunner().invoke(docs, ["--check"]).exit_code == 0
    top = (tmp_path / "README.md").read_text()
    assert reference.staircase_table() in top.partition("between\n")[0]
    assert reference.staircase_table(Role.RECEIVER) in top.partition("between\n")[2]
    assert top.endswith("<!-- end -->\nrest\n")
    assert "old" not in top


def test_docs_tells_of_a_marker_without_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "README.md").write_text("<!-- generated: staircase -->\n")
    monkeypatch.setattr(data, "checkout", lambda: tmp_path)
    result = CliRunner().invoke(docs)
    assert result.exit_code == 1
    assert "README.md: the generated part 'staircase' does not end" in result.stderr


def test_docs_outside_a_checkout_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "checkout", lambda: None)
    result = CliRunner().invoke(docs)
    assert result.exit_code == 2
    assert "installed package" in result.output


def test_a_generated_part_without_an_end_is_told() -> None:
    with pytest.raises(reference.MarkerMissing, match="staircase"):
        reference.with_generated_parts("<!-- generated: staircase -->\n")


def test_generated_files_are_named() -> None:
    top = data.checkout()
    assert top is not None
    assert top / "schemas" / "README.md" in generated(top)


def test_requirements_lists_all_and_filters() -> None:
    everything = CliRunner().invoke(requirements)
    assert everything.exit_code == 0
    assert len(everything.stdout.splitlines()) == len(registry().requirements) + 1
    arguments = ["--json", "--role", "emitter", "--level", "must", "--core", "--prefix", "failure"]
    listed = json.loads(CliRunner().invoke(requirements, arguments).stdout)
    assert [entry["id"] for entry in listed] == ["failure.no-retry", "failure.next-event"]


def test_requirements_of_receivers_are_listed_by_their_role() -> None:
    listed = CliRunner().invoke(requirements, ["--role", "receiver"])
    of_receivers = [r for r in registry().requirements.values() if r.role is Role.RECEIVER]
    assert listed.exit_code == 0
    assert [line.split()[0] for line in listed.stdout.splitlines()[1:]] == [r.id for r in of_receivers]
    assert listed.stderr == f"{len(of_receivers)} of {len(registry().requirements)} requirements\n"


def test_explain_of_what_a_receiver_stores_says_what_it_needs_and_why_it_is_a_must() -> None:
    shown = CliRunner().invoke(explain, ["stored.once"]).output
    assert shown.startswith("stored.once  MUST\n")
    for line in (
        "role         receiver",
        "layer        readback",
        "needs        readback",
        "depends on   stored.every: ",
    ):
        assert line in shown
    assert f"exception    {registry().requirements['stored.once'].exception}" in shown
    assert "ambiguity.same-values" in shown
    assert "spec.purpose" in shown


def test_requirements_as_json_are_the_registry() -> None:
    listed = json.loads(CliRunner().invoke(requirements, ["--json"]).stdout)
    assert listed == json.loads(data.read("requirements.json"))["requirements"]


def test_requirements_of_an_unknown_prefix() -> None:
    result = CliRunner().invoke(requirements, ["--prefix", "dail-mode.integer"])
    assert result.exit_code == 4
    assert result.stderr.count("\n") == 1
    assert "dial-mode.integer" in result.stderr


def test_explain_says_everything() -> None:
    result = CliRunner().invoke(explain, ["optimize-by.only-when-predictive"])
    assert result.exit_code == 0
    requirement = registry().requirements["optimize-by.only-when-predictive"]
    assert requirement.level is Level.MUST
    for expected in (
        requirement.statement,
        requirement.source,
        requirement.confidence.value,
        requirement.verified_by,
        "dial-mode.only-when-running",
        "ambiguity.optimize-without-mode",
        "spec.table.GSW_OPTIMIZE_BY",
        "fact.predictive-modes",
        "judged by    cgstate.judge.",
    ):
        assert expected in result.output


@pytest.mark.parametrize("identifier", list(registry().requirements))
def test_explain_knows_every_requirement(identifier: str) -> None:
    result = CliRunner().invoke(explain, [identifier])
    assert result.exit_code == 0
    assert registry().requirements[identifier].statement in result.output


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("dial-mode", "dial-mode.only-when-running"),
        ("dial-mode.only-when-runing", "did you mean dial-mode.only-when-running"),
        ("Event.Once", "event.once"),
        ("zzz", "cgstate requirements lists them"),
        ("a\x1b[2J\nb", r"a\x1b[2J\nb"),
        ("", "empty"),
    ],
)
def test_explain_of_what_is_no_id_is_one_line_with_near_misses(wrong: str, hint: str) -> None:
    result = CliRunner().invoke(explain, [wrong])
    assert result.exit_code == 4
    assert result.stderr.count("\n") == 1
    assert hint in result.stderr


def test_missing_data_is_told_in_one_line() -> None:
    with pytest.raises(data.DataMissing, match="no-such-folder"):
        data.folder("no-such-folder")


def test_an_installed_package_reads_its_own_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schemas = tmp_path / "cgstate" / "_data" / "schemas"
    schemas.mkdir(parents=True)
    (schemas / "x.json").write_bytes(b"{}")
    monkeypatch.setattr(data, "PACKAGE", tmp_path / "cgstate")
    data.folder.cache_clear()
    try:
        assert data.read("x.json") == b"{}"
    finally:
        data.folder.cache_clear()


def test_registry_is_read_without_a_validator() -> None:
    code = "import sys, cgstate.specification.registry as r; r.registry(); print('jsonschema' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert run.stdout == "False\n"
