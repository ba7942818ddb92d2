"""Every file of the corpus has its form, states a fact, and stands in the right folder; no two are alike."""

import json
import re
from collections import Counter
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

from cgstate.sources.corpus import KINDS, body_of, cases
from cgstate.specification.data import folder, read
from cgstate.specification.registry import Level, Role, registry
from cgstate.specification.schemas import attributes

FORMS = {form: json.loads(read(f"{form}-case.schema.json")) for form in ("message", "trace")}
CASES = {f"{kind}/{name}": case for kind in KINDS for name, case in cases(kind).items()}
MESSAGES = {name: case for name, case in CASES.items() if name.startswith("messages/")}
LEAST = {
    "messages/valid": 60,
    "messages/discouraged": 30,
    "messages/invalid": 150,
    "traces/conforming": 25,
    "traces/violating": 40,
}
FAULTY = ("messages/discouraged", "messages/invalid", "traces/violating")
JUDGEMENT = re.compile(
    r"\b(should|must|shall|may not|invalid|illegal|wrong|valid|legal|reject|accept|refuse[sd]? (to|by)|fail|error)\b",
    re.IGNORECASE,
)
"""Words that say what is to become of a case, and not what is so."""
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def kind_of(name: str) -> str:
    return name.rpartition("/")[0]


def test_nothing_but_cases_and_one_readme_stands_in_the_corpus() -> None:
    top = folder("fixtures")
    assert {entry.name for entry in top.iterdir()} == {"README.md", "messages", "traces"}
    for part in ("messages", "traces"):
        kinds = {kind.rpartition("/")[2] for kind in KINDS if kind.startswith(part)}
        assert {entry.name for entry in (top / part).iterdir()} == kinds
    for kind in KINDS:
        files = {entry.name for entry in top.joinpath(*kind.split("/")).iterdir()}
        assert files == {f"{name}.json" for name in cases(kind)}


@pytest.mark.parametrize("form", FORMS)
def test_the_schema_of_a_form_is_one(form: str) -> None:
    jsonschema.Draft202012Validator.check_schema(FORMS[form])
    assert FORMS[form]["$id"] == f"urn:cgstate:1.0.0:{form}-case"


@pytest.mark.parametrize("form", FORMS)
def test_every_case_has_its_form(form: str) -> None:
    known: Any = Registry().with_resources((f["$id"], Resource.from_contents(f)) for f in FORMS.values())
    validator = jsonschema.Draft202012Validator(FORMS[form], registry=known)
    wrong = {
        name: [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(case)]
        for name, case in CASES.items()
        if name.startswith(form)
    }
    assert {name: errors for name, errors in wrong.items() if errors} == {}
    assert wrong


@pytest.mark.parametrize("kind", KINDS)
def test_there_are_enough_cases(kind: str) -> None:
    assert len(cases(kind)) >= LEAST[kind]


def test_a_file_is_called_by_small_letters_digits_and_hyphens() -> None:
    names = [name.rpartition("/")[2] for name in CASES]
    assert [name for name in names if not NAME.fullmatch(name)] == []


@pytest.mark.parametrize("part", ["messages/", "traces/"])
def test_no_two_files_have_one_name(part: str) -> None:
    names = Counter(name.rpartition("/")[2] for name in CASES if name.startswith(part))
    assert [name for name, times in names.items() if times > 1] == []


def test_files_are_utf_8_and_end_with_one_line_end() -> None:
    for kind in KINDS:
        for file in folder("fixtures").joinpath(*kind.split("/")).iterdir():
            text = file.read_bytes().decode("utf-8")
            assert text.endswith("}\n"), file.name
            assert not text.endswith("\n\n"), file.name
            assert "\r" not in text, file.name


def test_no_key_stands_twice_in_a_file() -> None:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    for kind in KINDS:
        for file in folder("fixtures").joinpath(*kind.split("/")).iterdir():
            json.loads(file.read_bytes(), object_pairs_hook=once)


def test_descriptions_are_unique() -> None:
    said = Counter(case["description"].casefold() for case in CASES.values())
    assert [description for description, times in said.items() if times > 1] == []


@pytest.mark.parametrize("name", CASES)
def test_a_description_states_a_fact(name: str) -> None:
    description = CASES[name]["description"]
    assert description == " ".join(description.split())
    assert JUDGEMENT.search(description) is None, description
    first = description.partition(" ")[0]
    assert first[0].islower() or first[0].isdigit() or first.isupper() or first.startswith("U+"), description


@pytest.mark.parametrize("name", [name for name in CASES if kind_of(name) in FAULTY])
def test_a_faulty_case_names_a_requirement_of_its_layer(name: str) -> None:
    case = CASES[name]
    requirement = registry().requirements[case["requirement"]]
    assert case["layer"] == requirement.layer
    of_a_message = requirement.role is Role.MESSAGE
    assert of_a_message == name.startswith("messages/")
    if of_a_message:
        assert requirement.level is (Level.MUST if kind_of(name) == "messages/invalid" else Level.SHOULD)
    else:
        assert requirement.role in (Role.EMITTER, Role.TRACE)


def test_a_right_case_names_none() -> None:
    assert [n for n, case in CASES.items() if kind_of(n) not in FAULTY and "requirement" in case] == []


def test_every_requirement_of_a_message_has_its_cases() -> None:
    """A MUST is broken in two ways at least, a SHOULD in one."""
    broken = Counter(case["requirement"] for case in MESSAGES.values() if "requirement" in case)
    needed = {
        r.id: 2 if r.level is Level.MUST else 1 for r in registry().requirements.values() if r.role is Role.MESSAGE
    }
    assert {
        requirement: broken[requirement] for requirement, least in needed.items() if broken[requirement] < least
    } == {}


@pytest.mark.parametrize("attribute", [name for name, rules in attributes().items() if "enum" in rules])
def test_every_code_stands_in_a_valid_message(attribute: str) -> None:
    said = {
        json.loads(body_of(case)).get(attribute) for name, case in MESSAGES.items() if kind_of(name) == "messages/valid"
    }
    assert set(attributes()[attribute]["enum"]) - said == set()


@pytest.mark.parametrize("attribute", attributes())
def test_every_attribute_is_faulty_in_an_invalid_message(attribute: str) -> None:
    about = attributes()[attribute]["x-slug"]
    broken = {case["requirement"].partition(".")[0] for case in cases("messages/invalid").values()}
    assert about in broken


def test_no_two_messages_have_one_content() -> None:
    seen: dict[bytes, str] = {}
    for name, case in MESSAGES.items():
        body = body_of(case)
        assert seen.setdefault(body, name) == name
        if "message" in case:  # in whatever order its attributes stand
            ordered = json.dumps(case["message"], sort_keys=True).encode()
            assert seen.setdefault(ordered, name) == name


def test_no_two_traces_have_one_content() -> None:
    seen: dict[str, str] = {}
    about = {"description", "requirement", "layer"}
    for name, case in CASES.items():
        if name.startswith("traces/"):
            content = json.dumps({key: case[key] for key in case.keys() - about}, sort_keys=True)
            assert seen.setdefault(content, name) == name


def test_text_and_bytes_stand_only_where_they_are_needed() -> None:
    """What the schemas judge is kept as a message; what is text is not kept in Base64."""
    needless = []
    for name, case in MESSAGES.items():
        body = body_of(case)
        if "text" in case and case.get("layer") == "schema":
            needless += [name]
        if "bytes" in case and case.get("layer") != "bytes":
            needless += [name] if b"\0" not in body else []
    assert needless == []
