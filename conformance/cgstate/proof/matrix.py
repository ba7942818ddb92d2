"""What the runs against implementations prove of the suite: who was killed, what guards each requirement; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from cgstate.proof.seen import Seen
from cgstate.proof.subjects import Subject
from cgstate.specification.registry import Level, Requirement
from cgstate.verdict.verdict import ExitStatus

_BINDING = frozenset({Level.MUST, Level.SHOULD})


class Fate(StrEnum):
    """What became of an implementation."""

    KILLED = "killed"
    """Its primary requirement was not met, for the stated reason, and nothing else was held against it."""
    MISSED = "missed"
    """Its primary requirement was met, or not judged, or not met for another reason."""
    UNDECLARED = "undeclared"
    """It was killed, and accused of something that it does not declare."""
    CLEAN = "clean"
    """It is right, and nothing is held against it."""
    ACCUSED = "accused"
    """It is right, and something is held against it all the same."""


SOUND = frozenset({Fate.KILLED, Fate.CLEAN})


@dataclass(frozen=True, slots=True)
class Row:
    """One implementation, and what came of the runs against it."""

    subject: Subject
    runs: tuple[Seen, ...]
    """In the order in which they were played; the last one counts."""
    fate: Fate
    why: tuple[str, ...] = ()
    """Lines that say why it is not killed, or not clean."""
    came_once: tuple[str, ...] = ()
    """What an earlier run held against it, or missed, and the last run, alone, did not."""

    @property
    def seconds(self) -> float:
        """How long all runs took together."""
        return sum(seen.seconds for seen in self.runs)

    @property
    def idle(self) -> tuple[str, ...]:
        """Declared consequences of what was killed that no run showed."""
        shown = set().union(*(seen.accused for seen in self.runs))
        return tuple(sorted(set(self.subject.consequences) - shown))


def row(subject: Subject, runs: Sequence[Seen], requirements: Mapping[str, Requirement]) -> Row:
    """Judge an implementation by its last run, and say what earlier ones showed besides."""
    fate, why = judged(subject, runs[-1], requirements)
    # What was played in brief and did not show there was played as a whole: that is no disagreement.
    earlier = [judged(subject, seen, requirements)[1] for seen in runs[:-1] if not _only_brief(subject, seen)]
    once = dict.fromkeys(line for lines in earlier for line in lines if line not in why)
    return Row(subject, tuple(runs), fate, why, tuple(once))


def _only_brief(subject: Subject, seen: Seen) -> bool:
    return not (
        seen.whole or seen.trouble or subject.primary in seen.accused or set(seen.accused) - set(subject.consequences)
    )


def judged(subject: Subject, seen: Seen, requirements: Mapping[str, Requirement]) -> tuple[Fate, tuple[str, ...]]:
    """Judge an implementation by one run: its fate, and lines that say why it is neither killed nor clean."""
    declared = {subject.primary, *subject.consequences, *subject.may_warn}
    others = {name: each for name, each in seen.accused.items() if name not in declared}
    accusations = [f"accused of {name}: {'; '.join(each.sentences)}" for name, each in sorted(others.items())]
    if not subject.broken:
        why = [f"nothing could be judged: {seen.trouble}"] if seen.trouble else []
        left = sorted(seen.not_exercised - subject.leaves) if seen.whole else []
        why += [f"{name} was not exercised" for name in left]
        return (Fate.ACCUSED if why or accusations else Fate.CLEAN), (*why, *accusations)
    missed = _missed(subject, seen, requirements)
    if missed:
        return Fate.MISSED, (missed, *accusations)
    return (Fate.UNDECLARED if accusations else Fate.KILLED), tuple(accusations)


def _missed(subject: Subject, seen: Seen, requirements: Mapping[str, Requirement]) -> str:
    """Return why the primary requirement was not shown to be broken for the stated reason; empty: it was."""
    if subject.primary not in requirements:
        return f"there is no requirement {subject.primary}"
    if seen.trouble:
        return f"shows nothing: {seen.trouble}"
    accusation = seen.accused.get(subject.primary)
    if accusation is None:
        judged = "was not exercised" if subject.primary in seen.not_exercised else "was met"
        return f"{subject.primary} {judged}"
    if not any(subject.shows in sentence for sentence in accusation.sentences):
        return f"{subject.primary} fails for another reason than {subject.shows!r}: {'; '.join(accusation.sentences)}"
    return ""


@dataclass(frozen=True, slots=True)
class Score:
    """How a requirement is guarded."""

    requirement: str
    killed: int
    killers: int
    """How many implementations are made to break it."""


def _score(requirement: str, rows: Iterable[Row]) -> Score:
    """Count implementations; one that is played with several seeds is killed where every seed kills it."""
    fates: dict[Subject, set[Fate]] = {}
    for each in rows:
        fates.setdefault(each.subject, set()).add(each.fate)
    return Score(requirement, sum(Fate.MISSED not in found for found in fates.values()), len(fates))


@dataclass(frozen=True)
class Matrix:
    """All rows, and the requirements that they are to guard."""

    rows: tuple[Row, ...]
    requirements: tuple[str, ...]
    """Those that are to be guarded."""
    seconds: float = 0.0
    """How long it took."""
    jobs: int = 1
    """Runs at once."""

    @cached_property
    def scores(self) -> tuple[Score, ...]:
        """The score of each requirement, in the order of the registry."""
        by_primary: dict[str, list[Row]] = {}
        for each in self.rows:
            by_primary.setdefault(each.subject.primary, []).append(each)
        return tuple(_score(name, by_primary.get(name, [])) for name in self.requirements)

    @property
    def processor(self) -> float:
        """Seconds of processor time of all runs."""
        return sum(seen.processor for each in self.rows for seen in each.runs)

    @property
    def unguarded(self) -> tuple[str, ...]:
        """Requirements that nothing is made to break."""
        return tuple(score.requirement for score in self.scores if not score.killers)

    def having(self, *fates: Fate) -> tuple[Row, ...]:
        """Return the rows that came to one of these fates."""
        return tuple(each for each in self.rows if each.fate in fates)

    @property
    def unstated(self) -> tuple[Subject, ...]:
        """Those that do not say what their failure has to say."""
        return tuple(dict.fromkeys(row.subject for row in self.rows if row.subject.broken and not row.subject.shows))

    @property
    def holds(self) -> bool:
        """Whether everything is proved that was asked for."""
        return not self.unguarded and not self.unstated and all(each.fate in SOUND for each in self.rows)

    @property
    def status(self) -> ExitStatus:
        """The exit status for it."""
        return ExitStatus.CONFORMS if self.holds else ExitStatus.DOES_NOT_CONFORM


def guarded(requirements: Iterable[Requirement]) -> tuple[str, ...]:
    """Return the requirements that have to be guarded: every MUST and SHOULD that was not replaced."""
    return tuple(r.id for r in requirements if r.level in _BINDING and r.replaced_by is None)
