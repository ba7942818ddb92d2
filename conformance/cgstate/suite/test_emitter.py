"""The tests that run against an emitter: one for each case, and one for what came when all were over."""

import pytest

from cgstate.suite.case import Case
from cgstate.suite.findings import fail_with
from cgstate.suite.phases import Phase, phases
from cgstate.suite.session import Session

_CASES = [
    pytest.param(phase, case, id=case.name, marks=pytest.mark.requirement(*sorted(case.requirements)))
    for phase in phases()
    for case in phase.cases
]


@pytest.mark.parametrize(("phase", "case"), _CASES)
def test_case(cgstate_session: Session, phase: Phase, case: Case) -> None:
    """Play the case, with its phase, and fail with what it shows."""
    cgstate_session.play(phase)
    fail_with(cgstate_session, cgstate_session.new_failures(case.name))
    why = cgstate_session.why_not(case)
    if why:
        pytest.skip(why)


def test_nothing_comes_late(cgstate_session: Session) -> None:
    """Judge once more when all cases are over, and fail with what no case has shown."""
    if cgstate_session.told_by_case:
        cgstate_session.judge()
    fail_with(cgstate_session, cgstate_session.new_failures(None))
