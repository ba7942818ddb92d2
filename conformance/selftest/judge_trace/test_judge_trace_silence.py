"""What is missing is named and nothing else; where nothing shows anything, nothing is said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Cause, Reply
from cgstate.judge.judge import judge
from cgstate.specification.codes import Action

if TYPE_CHECKING:
    from selftest.judge_trace.right_run import whole_run
    from selftest.judge_trace.telling import life, untimed
else:
    from right_run import whole_run
    from telling import life, untimed


def test_what_it_owed_when_it_died_is_missing_without_waiting() -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.ask(2, 1, Action.START)
    tale.died = tale.ended = 2.5
    assert list(tale.faults()) == ["event.start.reported"]


def test_a_lost_event_is_not_found_in_a_later_one_of_its_kind() -> None:
    tale = untimed()
    life(tale, 1, 1)
    tale.lose(tale.named["1.load"], tale.named["1.unload"])
    life(tale, 1, 20)
    missing = [r for r in tale.judged() if r.fault]
    assert [(r.requirement, r.acts) for r in missing] == [
        ("event.load.reported", (1,)),
        ("event.unload.reported", (5,)),
    ]


@pytest.mark.parametrize("clock", [-3600.0, 3600.0])
def test_nor_where_the_clock_shows_local_time(clock: float) -> None:
    tale = untimed()
    tale.clock = clock
    life(tale, 1, 1)
    tale.lose(tale.named["1.load"])
    life(tale, 1, 20)
    assert [(r.requirement, r.acts) for r in tale.judged() if r.fault and r.requirement != "date-time.utc"] == [
        ("event.load.reported", (1,))
    ]


def test_a_retry_is_not_taken_for_the_event_of_the_next_request_of_its_kind() -> None:
    tale = untimed()
    life(tale, 1, 1)
    tale.named["1.load"].answer = "503"
    load = tale.named["1.load"]
    life(tale, 1, 10)
    tale.lose(tale.named["1.load"])
    tale.again(load, 9.005)
    assert tale.faults() == {
        "event.load.reported": "the event of load-campaign is not reported",
        "failure.no-retry": "a notification is sent again after a 5xx answer",
    }


def test_without_arrivals_nothing_is_said_about_what_was_asked_for() -> None:
    tale = whole_run()
    evidence = tale.evidence()
    judged = judge(replace(evidence, exchanges=tuple(replace(e, arrival=None) for e in evidence.exchanges)))
    assert not [ruling for ruling in judged if ruling.fault is not None or ruling.acts]
    assert {"trace.not-loaded-once", "body.json"} <= {ruling.requirement for ruling in judged}


def test_one_group_alone_shows_nothing_about_distinct_guids() -> None:
    tale = untimed()
    life(tale, 1, 1)
    life(tale, 2, 20)
    assert "guid.distinct" not in tale.met()


def test_silence_is_no_evidence_where_nothing_shows_that_the_emitter_is_alive() -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD, answer="500")
    tale.ask(2, 1, Action.LOAD, reply=Reply.REFUSED)
    tale.know(2)
    tale.options(3, enabled=False)
    tale.window("off", 3.1, 5, 2)
    tale.ask(3.5, 2, Action.LOAD)
    assert not tale.met() & {"failure.no-retry", "event.none-after-refusal", "option.off", "event.once"}


def test_silence_is_no_evidence_where_nothing_was_asked_for() -> None:
    tale = untimed()
    tale.options(3, enabled=False)
    tale.window("off", 3.1, 5)
    tale.options(6)
    tale.window("interval-zero", 6.1, 7)
    tale.fence()
    assert not tale.met() & {"option.off", "option.interval-zero"}


def test_who_acted_is_not_judged_where_the_emitter_does_not_say() -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD, cause=Cause.SCHEDULE).said["GSW_CAMPAIGN_GROUP_ACTOR"] = 77
    evidence = tale.evidence()
    assert evidence.emitter is not None
    judged = judge(replace(evidence, emitter=replace(evidence.emitter, actors=None)))
    assert "actor.as-declared" not in {ruling.requirement for ruling in judged}
