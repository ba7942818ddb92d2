"""What the judge says of each kind of fault, word for word: a report is read by people, and folded by its sentences.

`words.json` holds one case of the corpus for each requirement and sentence. This writes it anew:
`python conformance/selftest/judge_message/test_message_words.py`
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Exchange
from cgstate.judge.message import read_message
from cgstate.judge.ruling import one_fault_one_accusation
from cgstate.sources.corpus import body_of
from cgstate.specification.registry import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cgstate.judge.ruling import Ruling
    from selftest.judge_message.test_message_corpus import CASES, TRAITS
else:
    from test_message_corpus import CASES, TRAITS

FILE = Path(__file__).parent / "words.json"
WORDS: list[dict[str, str]] = json.loads(FILE.read_text(encoding="utf-8"))


def accusations(name: str) -> list[Ruling]:
    rulings = read_message(Exchange(41, body_of(CASES[name])), TRAITS).rulings
    return [r for r in one_fault_one_accusation(rulings, registry().prerequisites) if r.fault is not None]


def words() -> Iterator[dict[str, str]]:
    """Yield what is said, each sentence of each requirement once."""
    told = set()
    for name in CASES:
        for ruling in accusations(name):
            assert ruling.fault is not None
            key = (ruling.requirement, ruling.fault.sentence)
            if key not in told:
                told.add(key)
                fault = ruling.fault
                yield {
                    "case": name,
                    "requirement": ruling.requirement,
                    "sentence": fault.sentence,
                    "expected": fault.expected,
                    "seen": fault.seen,
                }


@pytest.mark.parametrize("told", WORDS, ids=[f"{told['requirement']} {told['case']}" for told in WORDS])
def test_a_fault_of_the_corpus_is_told_in_these_words(told: dict[str, str]) -> None:
    ruling = next(r for r in accusations(told["case"]) if r.requirement == told["requirement"])
    assert ruling.fault is not None
    assert (ruling.fault.sentence, ruling.fault.expected, ruling.fault.seen) == (
        told["sentence"],
        told["expected"],
        told["seen"],
    )
    assert (ruling.exchanges, ruling.acts) == ((41,), ())


def test_each_requirement_that_the_corpus_breaks_has_words() -> None:
    broken = {case["requirement"] for case in CASES.values() if "requirement" in case}
    assert {told["requirement"] for told in WORDS} == broken


if __name__ == "__main__":
    FILE.write_text(json.dumps(list(words()), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
