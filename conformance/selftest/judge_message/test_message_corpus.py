"""Every message of the corpus breaks what it says it breaks, and nothing else."""

import pytest

from cgstate.evidence import Exchange, Traits
from cgstate.judge.message import read_message
from cgstate.judge.ruling import one_fault_one_accusation
from cgstate.sources.corpus import KINDS, body_of, cases
from cgstate.specification.registry import registry

TRAITS = Traits("corpus", has_bytes=True)
CASES = {f"{kind}/{name}": case for kind in KINDS if kind.startswith("messages/") for name, case in cases(kind).items()}


def failed(name: str) -> list[str]:
    rulings = read_message(Exchange(1, body_of(CASES[name])), TRAITS).rulings
    assert rulings
    kept = one_fault_one_accusation(rulings, registry().prerequisites)
    return [ruling.requirement for ruling in kept if ruling.fault is not None]


@pytest.mark.parametrize("name", CASES)
def test_exactly_the_named_requirement_fails(name: str) -> None:
    case = CASES[name]
    assert failed(name) == ([case["requirement"]] if "requirement" in case else [])


def test_every_requirement_of_a_message_is_met_by_a_case() -> None:
    met = {
        ruling.requirement
        for name, case in CASES.items()
        if name.startswith("messages/valid/")
        for ruling in read_message(Exchange(1, body_of(case)), TRAITS).rulings
    }
    layers = {"bytes", "json", "schema"}
    assert {r.id for r in registry().requirements.values() if r.layer in layers} <= met
