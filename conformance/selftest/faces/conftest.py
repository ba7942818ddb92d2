"""A verdict that holds everything a face has to show, hostile names included."""

from dataclasses import replace

import pytest

from cgstate.specification.registry import Confidence, Level, Requirement, Role
from cgstate.verdict.verdict import ExitStatus, Failure, Outcome, Result, Verdict

EVIL = "\x1b[31m[red]evil[/red]\u202e \x00\ud800\ufffe ]]> <&\"' \x9b"


def rule(name: str, role: Role = Role.MESSAGE, level: Level = Level.MUST) -> Requirement:
    return Requirement(
        name, role, level, True, f"Statement of {name}.", "facts, row", Confidence.INFERRED, "schema", "0.1.0", (), "so"
    )


def failure(name: str, sentence: str = "the dial mode of a stopped group is sent") -> Failure:
    return Failure(
        name,
        sentence,
        expected="no GSW_DIAL_MODE in state 4",
        seen=f"1 {EVIL}",
        message='{"GSW_CAMPAIGN_GROUP_NAME":"' + "n" * 255 + '","GSW_DIAL_MODE":1}',
        case=f"load, start, stop of {EVIL}\nsecond line",
        curl=("curl -X POST http://127.0.0.1:1/ocs/v3/servers/1/stop-dialing -d '{\"data\": {}}'",),
        replay='{"steps": ["load", "stop"]}',
        times=12,
        unstable=True,
    )


@pytest.fixture
def verdict() -> Verdict:
    warned = replace(failure("tenant-ccid.not-empty", "an empty contact center id is sent"), message="{}")
    results = [
        Result(rule("a.long-id-" + "x" * 70), Outcome.NOT_EXERCISED, reason=f"no hook {EVIL}"),
        Result(
            rule("dial-mode.only-when-running"), Outcome.FAILED, 40, failures=(failure("dial-mode.only-when-running"),)
        ),
        Result(rule("event.once", Role.EMITTER), Outcome.PASSED, 7),
        Result(rule("option.off", Role.EMITTER), Outcome.NOT_EXERCISED, reason="the driver has no hook `options`"),
        Result(
            rule("option.off-again", Role.EMITTER), Outcome.NOT_EXERCISED, reason="the driver has no hook `options`"
        ),
        Result(rule("optimize-by.as-requested", Role.EMITTER), Outcome.NOT_APPLICABLE, reason="no predictive mode"),
        Result(rule("periodic.default-interval", Role.EMITTER), Outcome.LEFT_OUT, reason="--fast"),
        Result(rule("state.known-code"), Outcome.PASSED, 1),
        Result(rule("tenant-ccid.not-empty", level=Level.SHOULD), Outcome.WARNED, 3, failures=(warned,)),
        Result(rule("trace.excluded", Role.TRACE), Outcome.EXCLUDED, reason="cannot be tested"),
        Result(rule("trace.waived", Role.TRACE), Outcome.WAIVED, 2, reason="known; until spring"),
    ]
    return Verdict(
        subject=f"emitter {EVIL}",
        driver="control API",
        status=ExitStatus.DOES_NOT_CONFORM,
        results=tuple(results),
        seed=42,
        seconds=6.25,
        started=1_780_000_000.125,
        coverage={
            "state and action": {
                "0 NotLoaded": {"8 Unload": 12},
                "4 Active": {"7 Load": 12, "10 Stop": 0},
            },
            "mode": {"row \x1b": {f"{n} SomeLongNameOfAMode": n for n in range(12)}},
        },
        notes=(f"the clock is 0.003 s behind {EVIL}",),
    )


@pytest.fixture
def conforming(verdict: Verdict) -> Verdict:
    passed = tuple(r for r in verdict.results if r.outcome in {Outcome.PASSED, Outcome.WARNED, Outcome.LEFT_OUT})
    return replace(verdict, status=ExitStatus.CONFORMS, results=passed)
