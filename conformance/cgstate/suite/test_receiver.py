"""The tests that run against a receiver: one for each case, and one for what was stored when all were sent."""

import pytest

from cgstate.specification.registry import Role, registry
from cgstate.suite.findings import fail_with
from cgstate.suite.receiving.cases import Case, cases
from cgstate.suite.receiving.session import ReceivingSession

_CASES = [
    pytest.param(case, id=case.name, marks=pytest.mark.requirement(*sorted(case.requirements))) for case in cases()
]
_READ_BACK = sorted(r.id for r in registry().requirements.values() if r.role is Role.RECEIVER and r.layer == "readback")


@pytest.mark.parametrize("case", _CASES)
def test_case(cgstate_receiving: ReceivingSession, case: Case) -> None:
    """Send the case's messages, and fail with what they show."""
    cgstate_receiving.play(case)
    fail_with(cgstate_receiving, cgstate_receiving.new_failures(case.name))
    why = cgstate_receiving.why_not(case)
    if why:
        pytest.skip(why)


@pytest.mark.requirement(*_READ_BACK)
def test_what_is_stored(cgstate_receiving: ReceivingSession) -> None:
    """Read back what the receiver has stored when all is sent; fail with what no case has shown."""
    cgstate_receiving.play(cgstate_receiving.cases[-1])
    cgstate_receiving.read_back()
    fail_with(cgstate_receiving, cgstate_receiving.new_failures(None))
