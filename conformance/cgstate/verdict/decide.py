"""From rulings to an outcome for each requirement, and from outcomes to one exit status (design, "Verdicts").

Pure: what happened around the judging (an interruption, an unreachable implementation) comes in as `Facts`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from cgstate.judge.ruling import Ruling
from cgstate.specification.registry import Level, Requirement, Role
from cgstate.verdict.failure import fold
from cgstate.verdict.tally import Tally
from cgstate.verdict.verdict import PRECEDENCE, ExitStatus, Failure, Outcome, Result

_NO_EVIDENCE = "no evidence: nothing of what was seen shows it"
_JUDGED = frozenset({Outcome.PASSED, Outcome.FAILED, Outcome.WARNED, Outcome.WAIVED})


class Rules(Protocol):
    """What deciding needs of the registry."""

    @property
    def requirements(self) -> Mapping[str, Requirement]:
        """Every requirement by its id."""

    @property
    def prerequisites(self) -> Mapping[str, frozenset[str]]:
        """All that a requirement depends on, directly or not, by its id."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an exit status rests on besides the outcomes. A text says what happened; empty: it did not."""

    usage: str = ""
    interrupted: str = ""
    suite_error: str = ""
    unreachable: str = ""
    """The implementation never answered, or refused the login."""
    strict: bool = False
    """A SHOULD that is not met counts like a MUST."""
    allow_incomplete: bool = False
    """A core MUST without evidence does not count."""
    must_exercise: frozenset[str] = frozenset()
    """Ids that need evidence even so."""


def decide(
    registry: Rules,
    rulings: Iterable[Ruling] | Tally,
    *,
    roles: Collection[Role],
    failures: Iterable[Failure] = (),
    left_out: Mapping[str, str] | None = None,
    not_applicable: Mapping[str, str] | None = None,
    excluded: Mapping[str, str] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> tuple[Result, ...]:
    """Return one result for each requirement of these roles, sorted by id.

    `failures` are the blocks to show (see `cgstate.verdict.failure.failures`); a fault that none of them tells gets
    a bare one. `left_out` (deselected), `not_applicable` (declared away), `excluded` and `reasons` (what keeps a
    requirement from being exercised) map ids to the reason. What is declared away and still breaks its rule is judged.
    """
    counted = rulings if isinstance(rulings, Tally) else _count(rulings)
    told = tuple(failures)
    known = {(failure.requirement, failure.sentence) for failure in told}
    bare = [failure for failure in counted.failures() if (failure.requirement, failure.sentence) not in known]
    blocks: dict[str, list[Failure]] = {}
    for failure in fold([*told, *bare]):
        blocks.setdefault(failure.requirement, []).append(failure)

    aside = (
        (Outcome.EXCLUDED, excluded or {}, True),
        (Outcome.LEFT_OUT, left_out or {}, True),
        (Outcome.NOT_APPLICABLE, not_applicable or {}, False),
    )

    def result(requirement: Requirement) -> Result:
        of_it = tuple(blocks.get(requirement.id, ()))
        for outcome, why, whatever_was_seen in aside:
            if requirement.id in why and (whatever_was_seen or not of_it):
                return Result(requirement, outcome, reason=why[requirement.id])
        # A failure that the caller adds (a case judged again) may rest on evidence without a ruling.
        seen = max(counted.times[requirement.id], sum(failure.times for failure in of_it))
        if not seen:
            reason = (reasons or {}).get(requirement.id) or _stopped_by(registry, requirement, blocks)
            return Result(requirement, Outcome.NOT_EXERCISED, reason=reason or _NO_EVIDENCE)
        return Result(requirement, _outcome(requirement.level, of_it), seen, failures=of_it)

    chosen = (requirement for requirement in registry.requirements.values() if requirement.role in roles)
    return tuple(result(requirement) for requirement in sorted(chosen, key=lambda r: r.id))


def _count(rulings: Iterable[Ruling]) -> Tally:
    counted = Tally()
    for ruling in rulings:
        counted.add(ruling)
    return counted


def _outcome(level: Level, failures: Sequence[Failure]) -> Outcome:
    if not failures or level is Level.MAY:
        return Outcome.PASSED
    return Outcome.FAILED if level is Level.MUST else Outcome.WARNED


def _stopped_by(registry: Rules, requirement: Requirement, blocks: Mapping[str, object]) -> str:
    """Name the most basic requirement that was broken of those it depends on, if any was."""
    failed = registry.prerequisites.get(requirement.id, frozenset()) & blocks.keys()
    basic = min(failed, key=lambda each: (len(registry.prerequisites.get(each, ())), each), default="")
    return f"no evidence; it depends on {basic}, which was broken" if basic else ""


def remarks(results: Iterable[Result]) -> tuple[str, ...]:
    """Return a note for each MAY that is not taken up: neither a failure nor a warning."""
    return tuple(
        f"{result.requirement.id} (MAY): {failure.sentence}"
        for result in results
        if result.requirement.level is Level.MAY
        for failure in result.failures
    )


def exit_status(results: Sequence[Result], facts: Facts) -> ExitStatus:
    """Return the status that stands first in `PRECEDENCE` and is true."""
    failing = {Outcome.FAILED, Outcome.WARNED} if facts.strict else {Outcome.FAILED}
    told = (
        (bool(facts.usage), ExitStatus.USAGE),
        (bool(facts.interrupted), ExitStatus.INTERRUPTED),
        (bool(facts.suite_error), ExitStatus.SUITE_FAILED),
        (any(result.outcome in failing for result in results), ExitStatus.DOES_NOT_CONFORM),
        (bool(facts.unreachable), ExitStatus.UNREACHABLE),
        (bool(_missing(results, facts)), ExitStatus.INCOMPLETE),
    )
    return min((status for holds, status in told if holds), key=PRECEDENCE.index, default=ExitStatus.CONFORMS)


def why(results: Sequence[Result], facts: Facts) -> str:
    """Return one line that says what `exit_status` rests on, where the results alone do not; else an empty text."""
    only_warned = not any(result.outcome is Outcome.FAILED for result in results)
    reasons = {
        ExitStatus.USAGE: facts.usage,
        ExitStatus.INTERRUPTED: facts.interrupted,
        ExitStatus.SUITE_FAILED: facts.suite_error,
        ExitStatus.UNREACHABLE: facts.unreachable,
        ExitStatus.INCOMPLETE: _missing(results, facts),
        ExitStatus.DOES_NOT_CONFORM: "strict: a SHOULD that is not met counts as a failure" if only_warned else "",
    }
    return reasons.get(exit_status(results, facts), "")


def _missing(results: Sequence[Result], facts: Facts) -> str:
    """Say what evidence is missing for exit status 0, or return an empty text."""
    if not any(result.outcome in _JUDGED for result in results):
        return "nothing was exercised"
    judged = {result.requirement.id for result in results if result.outcome in _JUDGED}
    named = sorted(facts.must_exercise - judged)
    if named:
        return f"must be exercised and was not: {_some(named)}"
    core = [
        result.requirement.id
        for result in results
        if result.outcome is Outcome.NOT_EXERCISED
        and result.requirement.core
        and result.requirement.level is Level.MUST
    ]
    if core and not facts.allow_incomplete:
        return f"core and not exercised: {_some(core)}"
    return ""


def _some(ids: Sequence[str], most: int = 3) -> str:
    shown = ", ".join(ids[:most])
    return shown if len(ids) <= most else f"{shown} and {len(ids) - most} more"
