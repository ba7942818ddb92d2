"""Every trace of the corpus breaks what it says it breaks, and nothing else; every story can be told as a trace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cgstate.judge.judge import judge
from cgstate.sources.corpus import cases, trace_from
from cgstate.specification.registry import Role, registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cgstate.judge.ruling import Ruling
    from selftest.judge_trace.changing import Change
    from selftest.judge_trace.right_run import whole_run
    from selftest.judge_trace.telling import Tale
    from selftest.judge_trace.test_judge_trace_broken import BROKEN, OWN
    from selftest.judge_trace.test_judge_trace_right import STORIES
    from selftest.judge_trace.writing import text_of, trace_of
else:
    from right_run import whole_run
    from test_judge_trace_broken import BROKEN, OWN
    from test_judge_trace_right import STORIES
    from writing import text_of, trace_of

TRACES = {
    f"{kind}/{name}": case for kind in ("conforming", "violating") for name, case in cases(f"traces/{kind}").items()
}


@pytest.mark.parametrize("name", TRACES)
def test_exactly_the_named_requirement_fails(name: str) -> None:
    case = TRACES[name]
    rulings = judge(trace_from(case, name).evidence)
    assert rulings
    failed = {ruling.requirement for ruling in rulings if ruling.fault is not None}
    assert failed == ({case["requirement"]} if "requirement" in case else set())


def test_every_requirement_that_a_trace_can_show_is_broken_by_one() -> None:
    broken = {case.get("requirement") for case in TRACES.values()}
    shown = {r.id for r in registry().requirements.values() if r.role in (Role.EMITTER, Role.TRACE)}
    assert shown - broken == set()


def test_every_requirement_that_a_trace_can_show_is_met_by_one() -> None:
    met = {
        ruling.requirement
        for name, case in TRACES.items()
        if name.startswith("conforming/")
        for ruling in judge(trace_from(case, name).evidence)
    }
    shown = {r.id for r in registry().requirements.values() if r.role in (Role.EMITTER, Role.TRACE)}
    assert shown - met == set()


def said(rulings: Iterable[Ruling], numbers: dict[int, int]) -> list[tuple[object, ...]]:
    """Return the rulings as they can be compared: acts by their place in the order of asking."""
    return sorted(
        (r.requirement, r.exchanges, tuple(numbers[n] for n in r.acts), r.fault.sentence if r.fault else "")
        for r in rulings
    )


def assert_is_judged_alike_as_a_trace(tale: Tale) -> None:
    evidence = tale.evidence()
    told = trace_from(json.loads(text_of(trace_of(evidence, "a story that was told"))), "told").evidence
    numbers = {act.number: place for place, act in enumerate(evidence.acts, 1)}
    itself = {number: number for number in numbers.values()}
    assert said(judge(told), itself) == said(judge(evidence), numbers)


@pytest.mark.parametrize("change", [pytest.param(change, id=f"{r}: {title}") for r, title, change in BROKEN])
def test_a_wrong_run_is_judged_alike_as_a_trace(change: Change) -> None:
    tale = whole_run()
    change(tale)
    assert_is_judged_alike_as_a_trace(tale)


@pytest.mark.parametrize("tale", [pytest.param(tale, id=f"{r}: {title}") for r, title, tale in OWN])
def test_a_wrong_story_is_judged_alike_as_a_trace(tale: Tale) -> None:
    assert_is_judged_alike_as_a_trace(tale)


@pytest.mark.parametrize("title", STORIES)
def test_a_right_story_is_judged_alike_as_a_trace(title: str) -> None:
    assert_is_judged_alike_as_a_trace(STORIES[title]())
