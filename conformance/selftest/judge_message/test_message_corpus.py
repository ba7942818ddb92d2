"""Every message of the corpus breaks what it says it breaks, and nothing else."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from cgstate.evidence import Exchange, Traits
from cgstate.judge.message import read_message
from cgstate.judge.ruling import one_fault_one_accusation
from cgstate.specification.registry import Level, registry

CORPUS = Path(__file__).parents[3] / "fixtures" / "messages"
TRAITS = Traits("corpus", has_bytes=True)
CASES: dict[str, dict[str, Any]] = {
    f"{file.parent.name}/{file.stem}": json.loads(file.read_text(encoding="utf-8"))
    for folder in ("valid", "invalid", "discouraged")
    for file in sorted((CORPUS / folder).glob("*.json"))
}


def body(case: dict[str, Any]) -> bytes:
    if "bytes" in case:
        return base64.b64decode(case["bytes"], validate=True)
    return (case["text"] if "text" in case else json.dumps(case["message"], ensure_ascii=False)).encode("utf-8")


def failed(case: dict[str, Any]) -> list[str]:
    rulings = read_message(Exchange(1, body(case)), TRAITS).rulings
    assert rulings
    kept = one_fault_one_accusation(rulings, registry().prerequisites)
    return [ruling.requirement for ruling in kept if ruling.fault is not None]


@pytest.mark.parametrize("name", CASES)
def test_exactly_the_named_requirement_fails(name: str) -> None:
    case = CASES[name]
    assert failed(case) == ([case["requirement"]] if "requirement" in case else [])


@pytest.mark.parametrize("name", CASES)
def test_a_case_has_the_form_the_readme_gives(name: str) -> None:
    case = CASES[name]
    assert len(case.keys() & {"message", "text", "bytes"}) == 1
    named = {"requirement", "layer"} if not name.startswith("valid/") else set()
    assert case.keys() - {"message", "text", "bytes"} == {"description"} | named
    if named:
        requirement = registry().requirements[case["requirement"]]
        assert case["layer"] == requirement.layer
        assert requirement.level is (Level.MUST if name.startswith("invalid/") else Level.SHOULD)


def test_descriptions_are_unique() -> None:
    descriptions = [case["description"] for case in CASES.values()]
    assert len(set(descriptions)) == len(descriptions)


def test_every_requirement_of_a_message_is_broken_by_a_case() -> None:
    broken = {case["requirement"] for case in CASES.values() if "requirement" in case}
    layers = {"bytes", "json", "schema"}
    assert {r.id for r in registry().requirements.values() if r.layer in layers} == broken


def test_every_requirement_of_a_message_is_met_by_a_case() -> None:
    met = {
        ruling.requirement
        for name, case in CASES.items()
        if name.startswith("valid/")
        for ruling in read_message(Exchange(1, body(case)), TRAITS).rulings
    }
    layers = {"bytes", "json", "schema"}
    assert {r.id for r in registry().requirements.values() if r.layer in layers} <= met
