"""The whole way from evidence and rulings to a verdict on an emitter."""

from dataclasses import replace

import pytest

from cgstate.evidence import Act, Evidence, Exchange, Reply, Setting, Traits
from cgstate.judge.ruling import Fault, Ruling
from cgstate.specification.codes import Action
from cgstate.specification.registry import Level, Role, registry
from cgstate.verdict.conclude import Judged, conclude, unread, unseen
from cgstate.verdict.decide import Facts
from cgstate.verdict.tally import Scene, Tally
from cgstate.verdict.verdict import ExitStatus, Failure, Outcome, Verdict

WHOLE = Traits("a capture", has_bytes=True, has_request=True)
BROKEN = Ruling("guid.length", (1,), (), Fault("it is too long", "64", "65"))
MAY = "queue-name.length"
NOBODY_ASKED = "nobody asked the emitter for anything: this takes a driven run (cgstate run)"
ACT = Act(1, (101, 732), Action.LOAD, 1.0, 1.1, Reply.ACCEPTED)
SETTING = Setting(0.0, 0.1)


class WithMay:
    """The registry, with one requirement that may be met or not."""

    def __init__(self) -> None:
        self.prerequisites = registry().prerequisites
        self.requirements = {**registry().requirements, MAY: replace(registry().requirements[MAY], level=Level.MAY)}


def reasons(traits: Traits, *, acts: tuple[Act, ...] = (), settings: tuple[Setting, ...] = ()) -> dict[str, str]:
    """Return why each requirement of an emitter's was not exercised by an empty recording."""
    evidence = Evidence(traits, acts=acts, settings=settings)
    verdict = conclude(
        registry(), evidence, [], Judged("it"), Facts(), roles=set(Role) - {Role.RECEIVER}, notes=("a remark",)
    )
    return {result.requirement.id: result.reason for result in verdict.results}


def test_what_a_source_cannot_show_is_not_exercised_and_says_so() -> None:
    requirements = registry().requirements
    told = reasons(Traits("a store"))
    layers = {layer: {told[e] for e in told if requirements[e].layer == layer} for layer in ("http", "bytes")}
    assert layers == {
        "http": {"a store does not show request lines and headers"},
        "bytes": {"a store does not show the bytes that were sent"},
    }
    assert told["guid.string"] == "no evidence: nothing of what was seen shows it"
    seen = reasons(WHOLE)
    assert seen["http.post"] == seen["body.utf8"] == "no evidence: nothing of what was seen shows it"


def test_a_recording_shows_nothing_that_has_to_be_asked_for() -> None:
    requirements = registry().requirements
    asked = {each for each in requirements.values() if each.role is Role.EMITTER and each.layer == "trace"}
    told = reasons(WHOLE)
    assert {each for each, reason in told.items() if reason == NOBODY_ASKED} == {each.id for each in asked}
    assert NOBODY_ASKED not in reasons(WHOLE, acts=(ACT,)).values()
    assert NOBODY_ASKED not in reasons(WHOLE, settings=(SETTING,)).values()
    assert unseen(requirements.values(), WHOLE, driven=True) == {}


def test_reading_back_that_was_done_leaves_nothing_untold() -> None:
    assert unread([], None) == {}
    told = unread(registry().requirements.values(), None)
    assert set(told.values()) == {"nothing was read back: --readback says where"}
    assert {registry().requirements[each].layer for each in told} == {"readback"}


@pytest.fixture
def verdict() -> Verdict:
    rulings = [BROKEN, Ruling("guid.string", (1,)), Ruling(MAY, (1,), (), Fault("it is not done", "that", "this"))]
    return conclude(
        WithMay(),
        Evidence(WHOLE, exchanges=(Exchange(1, b'{"a": 1}'),)),
        rulings,
        Judged("an emitter", "a driver", started=5.0, seconds=2.0, seed=7),
        Facts(strict=True, allow_incomplete=True),
        roles=set(Role) - {Role.RECEIVER},
        tell=lambda exchange, _: Scene(f"case of {exchange and exchange.number}", ("repeat it",)),
        failures=[Failure("state.integer", "found by a case", "that", "this", times=3)],
        left_out={"http.post": "not asked for"},
        not_applicable={"dial-mode.known-code": "it has none"},
        reasons={"body.utf8": "nobody can know"},
        coverage={"matrix": {"row": {"column": 1}}},
        notes=("a note",),
    )


def test_a_verdict_holds_all_that_is_known(verdict: Verdict) -> None:
    assert (verdict.subject, verdict.driver) == ("an emitter", "a driver")
    assert (verdict.started, verdict.seconds, verdict.seed) == (5.0, 2.0, 7)
    assert (verdict.status, verdict.why, verdict.strict) == (ExitStatus.DOES_NOT_CONFORM, "", True)
    assert verdict.coverage == {"matrix": {"row": {"column": 1}}}
    assert verdict.notes == ("a note", f"{MAY} (MAY): it is not done")
    of = {result.requirement.id: result for result in verdict.results}
    assert (of["guid.length"].outcome, of["guid.length"].times) == (Outcome.WARNED, 1)
    (failure,) = of["guid.length"].failures
    assert failure == Failure(
        "guid.length", "it is too long", "64", "65", '{"a": 1}', "case of 1", ("repeat it",), None, 1, unstable=False
    )
    assert (of["state.integer"].outcome, of["state.integer"].times) == (Outcome.FAILED, 3)
    assert (of["guid.string"].outcome, of[MAY].outcome) == (Outcome.PASSED, Outcome.PASSED)
    assert (of["http.post"].outcome, of["http.post"].reason) == (Outcome.LEFT_OUT, "not asked for")
    assert of["dial-mode.known-code"].outcome is Outcome.NOT_APPLICABLE
    assert of["dial-mode.known-code"].reason == "it has none"
    assert of["body.utf8"].reason == "nobody can know"


def test_what_is_not_said_of_a_run_is_empty() -> None:
    verdict = conclude(registry(), Evidence(WHOLE), [], Judged("it"), Facts(), roles={Role.MESSAGE})
    assert verdict == Verdict(
        "it", "none", ExitStatus.INCOMPLETE, verdict.results, why="nothing was exercised", started=0.0, seconds=0.0
    )
    assert (verdict.seed, verdict.coverage, verdict.notes, verdict.strict) == (None, {}, (), False)
    assert verdict.exercised == (0, len(verdict.results))


def test_rulings_that_were_counted_need_no_exchanges() -> None:
    counted = Tally()
    counted.add(BROKEN, Exchange(9, b"[9]"))
    counted.add(BROKEN, Exchange(8, b"{}"))
    counted.add(replace(BROKEN, fault=None))
    verdict = conclude(registry(), Evidence(WHOLE), counted, Judged("it"), Facts(), roles={Role.MESSAGE})
    (failed,) = [result for result in verdict.results if result.failures]
    assert (failed.times, [(f.message, f.times) for f in failed.failures]) == (3, [("{}", 2)])


def test_exercised_counts_what_was_judged_and_leaves_out_what_is_excluded(verdict: Verdict) -> None:
    all_of_them = [replace(verdict.results[0], outcome=outcome) for outcome in Outcome]
    counted = replace(verdict, results=tuple(all_of_them))
    assert counted.exercised == (4, 7)
    assert [counted.count(outcome) for outcome in Outcome] == [1] * 8
