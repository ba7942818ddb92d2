from collections.abc import Iterable

import pytest

from cgstate.judge.ruling import Fault, Ruling
from cgstate.specification.registry import Confidence, Level, Requirement, Role
from cgstate.verdict.decide import Facts, decide, exit_status, remarks, why
from cgstate.verdict.verdict import ExitStatus, Failure, Outcome, Result


def rule(name: str, role: Role = Role.MESSAGE, level: Level = Level.MUST, *, core: bool = False) -> Requirement:
    return Requirement(
        name,
        role,
        level,
        core,
        f"Statement of {name}.",
        "facts",
        Confidence.DOCUMENTED,
        "schema",
        "0.1.0",
        (),
        "trying",
    )


class Rules:
    """A registry of a few requirements."""

    def __init__(self, *rules: Requirement, prerequisites: dict[str, frozenset[str]] | None = None) -> None:
        self.requirements = {each.id: each for each in rules}
        self.prerequisites = prerequisites or {}


def met(name: str, exchange: int = 1) -> Ruling:
    return Ruling(name, exchanges=(exchange,))


def broken(name: str, exchange: int = 1, sentence: str = "it is broken", seen: str = "this") -> Ruling:
    return Ruling(name, exchanges=(exchange,), fault=Fault(sentence, "that", seen))


def outcomes(results: Iterable[Result]) -> dict[str, Outcome]:
    return {result.requirement.id: result.outcome for result in results}


@pytest.mark.parametrize(
    ("level", "outcome"),
    [(Level.MUST, Outcome.FAILED), (Level.SHOULD, Outcome.WARNED), (Level.MAY, Outcome.PASSED)],
)
def test_a_fault_counts_by_the_level_of_its_requirement(level: Level, outcome: Outcome) -> None:
    results = decide(Rules(rule("a.b", level=level)), [met("a.b"), broken("a.b", 2)], roles={Role.MESSAGE})
    assert outcomes(results) == {"a.b": outcome}
    assert (results[0].times, results[0].reason) == (2, "")


def test_a_may_that_is_not_taken_up_is_a_remark() -> None:
    results = decide(Rules(rule("a.b", level=Level.MAY)), [broken("a.b")], roles={Role.MESSAGE})
    assert remarks(results) == ("a.b (MAY): it is broken",)


def test_silence_is_never_a_pass_and_says_why() -> None:
    registry = Rules(rule("a.b"), rule("option.off"))
    results = decide(registry, [], roles={Role.MESSAGE}, reasons={"option.off": "the driver has no hook `options`"})
    assert outcomes(results) == {"a.b": Outcome.NOT_EXERCISED, "option.off": Outcome.NOT_EXERCISED}
    assert results[0].reason
    assert {result.times for result in results} == {0}
    assert results[1].reason == "the driver has no hook `options`"


def test_what_a_broken_prerequisite_keeps_from_being_judged_names_it() -> None:
    registry = Rules(rule("body.json"), rule("guid.string"), prerequisites={"guid.string": frozenset({"body.json"})})
    results = decide(registry, [broken("body.json")], roles={Role.MESSAGE})
    assert results[1].outcome is Outcome.NOT_EXERCISED
    assert results[1].reason == "no evidence; it depends on body.json, which was broken"


def test_of_several_broken_prerequisites_the_most_basic_is_named() -> None:
    needs = {"d.d": {"a.a", "b.b", "c.c"}, "a.a": {"b.b", "c.c"}, "c.c": set(), "b.b": {"c.c"}, "e.e": {"b.b"}}
    registry = Rules(
        *(rule(name) for name in ("a.a", "b.b", "c.c", "d.d", "e.e", "f.f")),
        prerequisites={name: frozenset(of_it) for name, of_it in needs.items()},
    )
    results = decide(registry, [broken("a.a"), broken("c.c")], roles={Role.MESSAGE})
    assert {result.requirement.id: result.reason for result in results if not result.failures} == {
        "b.b": "no evidence; it depends on c.c, which was broken",
        "d.d": "no evidence; it depends on c.c, which was broken",
        "e.e": "no evidence: nothing of what was seen shows it",
        "f.f": "no evidence: nothing of what was seen shows it",
    }
    same = decide(registry, [broken("b.b"), broken("c.c")], roles={Role.MESSAGE})
    assert "c.c" in same[3].reason


def test_what_is_excluded_is_not_judged_even_if_it_was_seen() -> None:
    results = decide(Rules(rule("a.b")), [broken("a.b")], roles={Role.MESSAGE}, excluded={"a.b": "nobody can see it"})
    assert results == (Result(rule("a.b"), Outcome.EXCLUDED, reason="nobody can see it"),)


def test_requirements_of_other_roles_are_not_listed_and_the_rest_is_sorted() -> None:
    registry = Rules(rule("b.b"), rule("a.a"), rule("c.c", Role.RECEIVER))
    results = decide(registry, [met("c.c")], roles={Role.MESSAGE})
    assert [result.requirement.id for result in results] == ["a.a", "b.b"]


def test_what_is_left_out_is_not_judged_even_if_it_was_seen() -> None:
    results = decide(
        Rules(rule("a.b")), [broken("a.b")], roles={Role.MESSAGE}, left_out={"a.b": "--requirement names others"}
    )
    assert results == (Result(rule("a.b"), Outcome.LEFT_OUT, reason="--requirement names others"),)


def test_what_is_declared_away_is_not_applicable_until_it_is_broken() -> None:
    registry = Rules(rule("a.b"), rule("c.d"))
    away = {"a.b": "dialModes has no predictive mode", "c.d": "dialModes has no predictive mode"}
    results = decide(registry, [met("a.b"), broken("c.d")], roles={Role.MESSAGE}, not_applicable=away)
    assert outcomes(results) == {"a.b": Outcome.NOT_APPLICABLE, "c.d": Outcome.FAILED}


def test_a_bare_fault_makes_a_failure_and_equal_ones_fold() -> None:
    rulings = [broken("a.b", 1, seen="1"), broken("a.b", 2, seen="2"), broken("a.b", 3, sentence="another")]
    (result,) = decide(Rules(rule("a.b")), rulings, roles={Role.MESSAGE})
    assert [(f.sentence, f.times, f.seen) for f in result.failures] == [
        ("it is broken", 2, "1"),
        ("another", 1, "this"),
    ]


def test_a_failure_without_a_ruling_counts() -> None:
    told = Failure("a.b", "it is broken", "that", "this", unstable=True)
    assert (told.message, told.case, told.curl) == (None, "", ())  # nobody tells them
    (result,) = decide(Rules(rule("a.b")), [met("a.b")], roles={Role.MESSAGE}, failures=[told])
    assert (result.outcome, result.failures) == (Outcome.FAILED, (told,))


def a(outcome: Outcome, *, name: str = "a.b", level: Level = Level.MUST, core: bool = True) -> Result:
    return Result(rule(name, level=level, core=core), outcome)


PASSED, FAILED, OPEN = a(Outcome.PASSED), a(Outcome.FAILED, name="f.f"), a(Outcome.NOT_EXERCISED, name="o.o")
WARNED = a(Outcome.WARNED, name="w.w", level=Level.SHOULD)
MINOR = a(Outcome.NOT_EXERCISED, name="m.m", core=False)
OUT, AWAY = a(Outcome.LEFT_OUT, name="l.o"), a(Outcome.NOT_APPLICABLE, name="n.a")
ALL = Facts(usage="u", interrupted="i", suite_error="s", unreachable="r")


@pytest.mark.parametrize(
    ("results", "facts", "status"),
    [
        ([FAILED, OPEN], ALL, ExitStatus.USAGE),
        ([FAILED, OPEN], Facts(interrupted="i", suite_error="s", unreachable="r"), ExitStatus.INTERRUPTED),
        ([FAILED, OPEN], Facts(suite_error="s", unreachable="r"), ExitStatus.SUITE_FAILED),
        ([FAILED, OPEN], Facts(unreachable="r"), ExitStatus.DOES_NOT_CONFORM),
        ([PASSED, OPEN], Facts(unreachable="r"), ExitStatus.UNREACHABLE),
        ([PASSED, OPEN], Facts(), ExitStatus.INCOMPLETE),
        ([PASSED, OPEN], Facts(allow_incomplete=True), ExitStatus.CONFORMS),
        ([PASSED, OPEN], Facts(allow_incomplete=True, must_exercise=frozenset({"o.o"})), ExitStatus.INCOMPLETE),
        ([PASSED, MINOR], Facts(), ExitStatus.CONFORMS),
        ([PASSED, MINOR], Facts(must_exercise=frozenset({"m.m"})), ExitStatus.INCOMPLETE),
        ([PASSED, OUT, AWAY], Facts(), ExitStatus.CONFORMS),
        ([PASSED, OUT], Facts(must_exercise=frozenset({"l.o"})), ExitStatus.INCOMPLETE),
        ([PASSED], Facts(must_exercise=frozenset({"of.another-role"})), ExitStatus.INCOMPLETE),
        ([PASSED, WARNED], Facts(), ExitStatus.CONFORMS),
        ([PASSED, WARNED], Facts(strict=True), ExitStatus.DOES_NOT_CONFORM),
        ([PASSED, a(Outcome.WAIVED, name="z.z")], Facts(), ExitStatus.CONFORMS),
        ([MINOR, OUT, AWAY], Facts(allow_incomplete=True), ExitStatus.INCOMPLETE),
        ([], Facts(allow_incomplete=True), ExitStatus.INCOMPLETE),
    ],
)
def test_the_exit_status_follows_the_precedence(results: list[Result], facts: Facts, status: ExitStatus) -> None:
    assert exit_status(results, facts) is status


def test_why_names_what_is_missing_and_what_happened() -> None:
    assert why([PASSED, OPEN], Facts()) == "core and not exercised: o.o"
    many = [a(Outcome.NOT_EXERCISED, name=f"o.o{n}") for n in range(5)]
    assert why([PASSED, *many], Facts()) == "core and not exercised: o.o0, o.o1, o.o2 and 2 more"
    assert why([PASSED, OPEN], Facts(unreachable="nobody listens")) == "nobody listens"
    assert why([PASSED], Facts()) == ""
    assert why([WARNED], Facts(strict=True)) == "strict: a SHOULD that is not met counts as a failure"
    assert why([OPEN], Facts()) == "nothing was exercised"
    named = Facts(must_exercise=frozenset({"o.o", "b.b", "a.b"}))
    assert why([PASSED, OPEN], named) == "must be exercised and was not: b.b, o.o"
    three = [a(Outcome.NOT_EXERCISED, name=f"o.o{n}") for n in range(3)]
    assert why([PASSED, *three], Facts()) == "core and not exercised: o.o0, o.o1, o.o2"
    assert [why([PASSED], facts) for facts in (Facts(usage="u"), Facts(interrupted="i"), Facts(suite_error="s"))] == [
        "u",
        "i",
        "s",
    ]
    assert why([FAILED, WARNED], Facts(strict=True)) == ""
