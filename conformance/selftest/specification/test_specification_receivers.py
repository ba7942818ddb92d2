"""What the registry says of receivers is what a run sends and what the judge rules on: no more, no less."""

import pytest

from cgstate.command.docs import judges_checks
from cgstate.specification.registry import Requirement, Role, registry
from cgstate.specification.staircase import staircase
from cgstate.suite.receiving.cases import cases


def of_receivers() -> list[Requirement]:
    return [r for r in registry().requirements.values() if r.role is Role.RECEIVER and r.replaced_by is None]


@pytest.mark.parametrize("identifier", [requirement.id for requirement in of_receivers()])
def test_every_requirement_of_a_receiver_has_a_check(identifier: str) -> None:
    assert judges_checks().get(identifier)


def test_every_requirement_of_a_receiver_has_a_case() -> None:
    sent = {identifier for case in cases() for identifier in case.requirements}
    assert {requirement.id for requirement in of_receivers()} - sent == set()


def test_the_steps_of_a_receiver_are_what_a_run_sends() -> None:
    gentle, whole, _ = ({r.id for r in stair.adds} for stair in staircase(Role.RECEIVER))
    sent = {case.name: {i for i in case.requirements if not i.startswith("stored.")} for case in cases()}
    soft = {i for case in cases() if not case.harsh for i in sent[case.name]}
    assert gentle == soft
    assert whole == {i for ids in sent.values() for i in ids} - soft
