"""One event that a rule has nothing to say about hides no other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Cause, Emitter
from cgstate.judge.judge import judge
from cgstate.specification.codes import Action

if TYPE_CHECKING:
    from selftest.judge_trace.telling import Tale, untimed
else:
    from telling import Tale, untimed


def test_an_end_that_is_not_waited_for_hides_no_later_event_that_is_missing() -> None:
    tale = untimed()
    tale.know(1, drain_seconds=60)
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START)
    tale.ask(50, 1, Action.UNLOAD)
    tale.ask(55, 1, Action.LOAD)
    assert tale.faults() == {"event.load.reported": "the event of load-campaign is not reported"}


def test_an_event_after_its_deadline_hides_no_later_one_that_comes_late() -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD, late=20)
    tale.do(2, 2, Action.LOAD, late=3)
    tale.fence()
    assert tale.faults().keys() == {"event.load.reported", "event.soon"}


@pytest.mark.parametrize(
    ("attribute", "wrong", "requirement"),
    [
        ("action", 10, "action.as-requested"),
        ("state", 5, "state.after-load"),
        ("state", 3, "state.active-when-loaded"),
        ("actor", 3, "actor.as-declared"),
    ],
)
def test_an_event_without_a_value_hides_none_whose_value_is_wrong(attribute: str, wrong: int, requirement: str) -> None:
    tale = untimed()
    key = f"GSW_CAMPAIGN_GROUP_{attribute.upper()}"
    del tale.do(1, 1, Action.LOAD).said[key]
    tale.do(2, 2, Action.LOAD).said[key] = wrong
    broken = [(ruling.requirement, ruling.exchanges) for ruling in tale.judged() if ruling.fault]
    assert sorted(broken) == sorted([(f"{attribute}.present", (1,)), (requirement, (2,))])


@pytest.mark.parametrize(("at", "missing"), [(84, True), (96, False)])
def test_what_the_emitter_does_by_itself_is_missing_when_its_deadline_is_over(at: float, *, missing: bool) -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.ask(at, 1, Action.START, cause=Cause.SCHEDULE)
    assert ("automatic.reported" in tale.faults()) is missing


def test_requests_are_judged_where_nobody_knows_the_options() -> None:
    tale = Tale()
    tale.do(1, 1, Action.LOAD).said["GSW_CAMPAIGN_GROUP_STATE"] = 5
    assert "state.after-load" in tale.faults()


def test_an_actor_that_is_not_declared_is_not_judged() -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD, cause=Cause.SCHEDULE)
    evidence = replace(tale.evidence(), emitter=Emitter("story", frozenset(), {"client": 1}))
    assert [ruling for ruling in judge(evidence) if ruling.fault] == []
