"""What one run against an implementation has shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cgstate.verdict.verdict import Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Accusation:
    """A requirement that was not met."""

    outcome: Outcome
    """Failed, or warned."""
    sentences: tuple[str, ...]
    """What its failures say, each once."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of one run, fit to be handed from process to process."""

    accused: Mapping[str, Accusation] = field(default_factory=dict)
    """By requirement."""
    not_exercised: frozenset[str] = frozenset()
    trouble: str = ""
    """Why it proves nothing whatever is accused: it did not come up, stumbled over itself, or the suite failed."""
    whole: bool = False
    """Whether everything was played."""
    alone: bool = False
    """Whether nothing else was played meanwhile."""
    seed: int = 0
    seconds: float = 0.0
    processor: float = 0.0
    """Seconds of processor time, those of the implementation among them."""


def accused(verdict: Verdict) -> Mapping[str, Accusation]:
    """Return what was failed or warned."""
    return {
        result.requirement.id: Accusation(result.outcome, _once(failure.sentence for failure in result.failures))
        for result in verdict.results
        if result.outcome in (Outcome.FAILED, Outcome.WARNED)
    }


def not_exercised(verdict: Verdict) -> frozenset[str]:
    """Return what had no evidence."""
    return frozenset(result.requirement.id for result in verdict.results if result.outcome is Outcome.NOT_EXERCISED)


def _once(sentences: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentences))
