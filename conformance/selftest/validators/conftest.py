"""Validators, asked once about the whole corpus; skipped, and said so, where one is not on this machine."""

import os
from collections.abc import Mapping

import pytest

from selftest.validators.corpus import CASES, Case
from selftest.validators.verdicts import VALIDATORS, Answer, Missing

REQUIRED = os.environ.get("CGSTATE_REQUIRE_VALIDATORS") == "1"


@pytest.fixture(scope="session", params=VALIDATORS)
def answers(request: pytest.FixtureRequest) -> Mapping[Case, Answer]:
    """What one validator says of each message of the corpus."""
    try:
        said = VALIDATORS[request.param]([case.body for case in CASES])
    except Missing as missing:
        if REQUIRED:
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    return dict(zip(CASES, said, strict=True))
