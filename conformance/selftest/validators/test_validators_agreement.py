"""Both validators of the judge say the same of every message: the fast one may not hide what the explaining one finds.

CGSTATE_AGREEMENT_MESSAGES says of how many (5,000), CGSTATE_AGREEMENT_SEED of which: a seed, or ``seed:number`` of the
first one.
"""

import os
import secrets
from pathlib import Path

import pytest

from selftest.validators.agreement import compare_all, numbered
from selftest.validators.disagreement import found
from selftest.validators.mutations import pool
from selftest.validators.verdicts import SCHEMAS, rules_of

POOL = 300
"""Messages that are changed."""
ENOUGH = 2_000
"""Messages that show what kinds there are."""


def _asked() -> tuple[int, int, int]:
    """Return the seed, the number of the first message, and how many."""
    told = os.environ.get("CGSTATE_AGREEMENT_SEED", ""), os.environ.get("CGSTATE_AGREEMENT_MESSAGES", "5000")
    seed, _, first = told[0].partition(":")
    if not all(part.isdecimal() for part in (seed or "0", first or "0", told[1])) or int(told[1]) == 0:
        pytest.fail(f"CGSTATE_AGREEMENT_SEED and CGSTATE_AGREEMENT_MESSAGES are numbers, not {told}", pytrace=False)
    return int(seed or secrets.randbelow(2**32)), int(first or 0), int(told[1])


def test_validators_agree_on_generated_and_changed_messages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seed, first, count = _asked()
    messages = pool(POOL, seed)
    census = compare_all(messages, seed, first, count)
    told = f"seed {seed}: {census}"
    with capsys.disabled():
        print(f"\n{told}")  # noqa: T201 - a run that finds nothing says of what, too
    if census.odd:
        number = min(census.odd)
        disagreement = found(numbered(messages, seed, number))
        pytest.fail(disagreement.told(disagreement.write(tmp_path), seed, number), pytrace=False)
    assert census.messages == count
    if count < ENOUGH:
        return  # a disagreement is looked at by itself
    assert census.valid > count // 5, told
    assert census.discouraged > count // 50, told
    rules = {(rule.location, rule.missing) for schema in SCHEMAS for rule in rules_of(schema)}
    seldom = {
        rule: census.broken[rule]
        for rule in rules
        # Every message is an object.
        if census.broken[rule] < count // 1000 and not rule[0].endswith("#/type")
    }
    assert seldom == {}, told
    assert census.broken.keys() <= rules
