"""The score, and the survivors that have an explanation.

Score = killed / all. What is explained is not counted as killed. Beside it stands killed / (all but the explained).
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from selftest.mutation.mutants import Key, Mutant
    from selftest.mutation.playing import Outcome

EXPLAINED = Path(__file__).parent / "explained"
KILLED = frozenset({"killed", "timeout"})

Place = tuple[str, str, str, str]
"""Module, function, line, mutant: what an explanation names."""


def explained() -> dict[Place, str]:
    """Return the reason of each survivor that somebody has explained; raise ValueError where a file says it badly."""
    found: dict[Place, str] = {}
    for file in sorted(EXPLAINED.glob("*.toml")):
        with file.open("rb") as opened:
            entries = tomllib.load(opened)
        for entry in entries.get("survivor", []):
            try:
                place = (entry["module"], entry["function"], entry["line"], entry["mutant"])
                reason = entry["reason"].strip()
            except KeyError as missing:
                raise ValueError(f"{file.name}: a survivor without {missing}") from missing
            if not reason or place in found:
                raise ValueError(f"{file.name}: {'no reason for' if not reason else 'twice'}: {place}")
            found[place] = reason
    return found


def place(key: Key) -> Place:
    """Return what names this mutant in an explanation: alike ones share it."""
    return (key.module, key.function, key.line, key.mutant)


@dataclass(slots=True)
class Row:
    """The figures of one module, or of all."""

    mutants: int = 0
    killed: int = 0
    explained: int = 0

    @property
    def score(self) -> float:
        """Killed of all, in per cent."""
        return 100 * self.killed / self.mutants if self.mutants else 100.0

    @property
    def beside(self) -> float:
        """Killed of what is not explained, in per cent."""
        rest = self.mutants - self.explained
        return 100 * self.killed / rest if rest else 100.0


@dataclass(slots=True)
class Score:
    """What became of all mutants."""

    reasons: Mapping[Place, str]
    """See `explained`."""
    rows: dict[str, Row] = field(default_factory=lambda: defaultdict(Row))
    used: set[Place] = field(default_factory=set)
    """The explanations that hold."""

    def add(self, mutant: Mutant, outcome: Outcome) -> None:
        """Count a mutant."""
        if outcome.state == "not code":
            return
        row = self.rows[mutant.key.module]
        row.mutants += 1
        if outcome.state in KILLED:
            row.killed += 1
        elif place(mutant.key) in self.reasons:
            row.explained += 1
            self.used.add(place(mutant.key))

    def total(self) -> Row:
        """Return all modules' figures added up."""
        rows = self.rows.values()
        return Row(sum(r.mutants for r in rows), sum(r.killed for r in rows), sum(r.explained for r in rows))

    def stale(self, modules: Iterable[str]) -> list[Place]:
        """Return the explanations of these modules that explain no survivor any more."""
        chosen = set(modules)
        return [place for place in self.reasons if place[0] in chosen and place not in self.used]


def table(score: Score, functions: Mapping[str, int]) -> str:
    """Return the figures as lines: a row for each module, and one for all."""
    lines = [f"{'module':44} {'functions':>9} {'mutants':>8} {'killed':>7} {'explained':>9} {'score':>7} {'beside':>7}"]
    for name, row in [*sorted(score.rows.items()), ("all", score.total())]:
        count = functions.get(name, sum(functions.values()))
        lines.append(
            f"{name:44} {count:9} {row.mutants:8} {row.killed:7} {row.explained:9} {row.score:6.1f}% {row.beside:6.1f}%"
        )
    return "\n".join(lines)
