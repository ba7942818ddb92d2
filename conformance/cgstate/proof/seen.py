"""What one run against an implementation has shown."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from cgstate.judge.ruling import Ruling
from cgstate.specification.registry import Level, Role, registry
from cgstate.verdict.verdict import Outcome

_OUTCOMES = {Level.MUST: Outcome.FAILED, Level.SHOULD: Outcome.WARNED, Level.MAY: Outcome.PASSED}


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
    stumbled: bool = False
    """Whether it raised something and did not catch it."""
    whole: bool = False
    """Whether everything was played."""
    alone: bool = False
    """Whether nothing else was played meanwhile."""
    seed: int = 0
    seconds: float = 0.0
    processor: float = 0.0
    """Seconds of processor time, those of the implementation among them."""


def accused(rulings: Iterable[Ruling]) -> Mapping[str, Accusation]:
    """Return what was failed or warned, whether or not a case was played for it."""
    sentences: dict[str, dict[str, None]] = {}
    for ruling in rulings:
        if ruling.fault is not None:
            sentences.setdefault(ruling.requirement, {})[ruling.fault.sentence] = None
    known = registry().requirements
    return {name: Accusation(_OUTCOMES[known[name].level], tuple(said)) for name, said in sentences.items()}


def not_exercised(rulings: Iterable[Ruling], roles: Collection[Role]) -> frozenset[str]:
    """Return the requirements of these roles that had no evidence."""
    shown = {ruling.requirement for ruling in rulings}
    return frozenset(r.id for r in registry().requirements.values() if r.role in roles and r.id not in shown)
