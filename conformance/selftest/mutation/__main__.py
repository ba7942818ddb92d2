"""Mutation testing of the judge: makes mutants of `judge` and `verdict`, and says which of them no selftest notices.

python conformance/selftest/mutation                                    everything
python conformance/selftest/mutation 'cgstate.judge.trace.*'            some modules
python conformance/selftest/mutation --results FILE --resume            what survived without a reason, and what is new
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict, dataclass, field, replace
from fnmatch import fnmatch
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

import click

# Before pytest is imported: nothing of the caller's own may help, or harm.
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
os.environ.pop("PYTEST_ADDOPTS", None)
os.environ.pop("PYTEST_PLUGINS", None)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from selftest.mutation.choice import CONFORMANCE, modules_like, rooms_of
    from selftest.mutation.mutants import Key, Mutant, functions, mutants
    from selftest.mutation.playing import Outcome, Playing
    from selftest.mutation.score import KILLED, Score, explained, place, table
else:
    from choice import CONFORMANCE, modules_like, rooms_of
    from mutants import Key, Mutant, functions, mutants
    from playing import Outcome, Playing
    from score import KILLED, Score, explained, place, table


@dataclass(slots=True)
class Run:
    """Plays the mutants of some modules and keeps what became of them."""

    modules: dict[str, Path]
    function: str
    every: int
    processes: int
    results: Path
    resume: bool
    verbose: bool
    score: Score = field(default_factory=lambda: Score(explained()))
    trouble: list[str] = field(default_factory=list)

    def play_with(self, rooms: Sequence[str], modules: dict[str, Path]) -> None:
        """Play some of the modules against these folders of the selftests, in a process of its own.

        What pytest has imported once it does not import again, and what is called then shows only the first time.
        """
        sys.stdout.flush()
        pid = os.fork()
        if not pid:
            status = 1
            try:
                part = replace(self, modules=modules)
                status = Playing(frozenset(map(str, modules.values())), part.play).run(rooms)
                for line in part.trouble:
                    click.echo(line)
                if status:
                    click.echo(f"the selftests cannot be run: pytest's exit status {status}", err=True)
                status = status or int(bool(part.trouble))
            finally:
                sys.stdout.flush()
                os._exit(status)
        if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
            self.trouble.append(f"not played: {', '.join(modules)}")

    def count(self) -> None:
        """Count what is kept of the mutants."""
        kept = read(self.results)
        for mutant in self.chosen():
            self.score.add(mutant, kept.get(mutant.key, Outcome("no test")))

    def play(self, playing: Playing) -> None:
        """Play the mutants and tell of those that survive."""
        covered = playing.covered
        if covered.wrong:
            self.trouble = [f"fails without any mutant: {name}" for name in covered.wrong]
            return
        click.echo(f"{len(covered.seconds)} tests; left out as slow: {', '.join(covered.slow) or 'none'}")
        began, count = time.monotonic(), 0
        with self.results.open("a", encoding="utf-8") as kept:
            for mutant, outcome in playing.outcomes(self.new(), self.processes):
                count += 1
                kept.write(json.dumps({**asdict(mutant.key), **asdict(outcome)}) + "\n")
                kept.flush()
                if self.verbose or (outcome.state not in KILLED and place(mutant.key) not in self.score.reasons):
                    show(mutant, outcome)
        click.echo(f"{count} mutants played in {time.monotonic() - began:.0f} s")

    def new(self) -> Iterator[tuple[Mutant, str]]:
        """Yield the mutants that no earlier run tells enough of, each with its module's file."""
        before = read(self.results) if self.resume else {}
        for mutant in self.chosen():
            earlier = before.get(mutant.key)
            if not earlier or not (earlier.state in KILLED or place(mutant.key) in self.score.reasons):
                yield mutant, str(self.modules[mutant.key.module])

    def chosen(self) -> Iterator[Mutant]:
        """Yield the mutants of all modules that fit the options."""
        for name, path in self.modules.items():
            for position, mutant in enumerate(mutants(name, path), 1):
                if position % self.every == 0 and fnmatch(mutant.key.function, self.function):
                    yield mutant

    def conclude(self, at_least: float) -> int:
        """Print the figures and return the exit status."""
        for line in self.trouble:
            click.echo(line)
        counts = {name: len(functions(path.read_text(encoding="utf-8"))) for name, path in self.modules.items()}
        click.echo(table(self.score, counts))
        whole = self.every == 1 and self.function == "*" and not self.trouble
        stale = self.score.stale(self.modules) if whole else []
        for entry in stale:
            click.echo("\n    ".join(("explains no survivor any more:", *entry)))
        total = self.score.total()
        rest = total.mutants - total.killed - total.explained
        click.echo(f"score {total.score:.1f} %: {total.killed} killed of {total.mutants} mutants")
        click.echo(f"of the others {total.explained} are explained, {rest} are not: {total.beside:.1f} % beside these")
        unexplained = rest if whole else 0
        return int(bool(stale or self.trouble or unexplained) or not total.mutants or total.score < at_least)


def show(mutant: Mutant, outcome: Outcome) -> None:
    """Print what was changed, and what became of it."""
    where = f"{mutant.key.module}:{mutant.number} {mutant.key.function} (#{mutant.key.nth})"
    click.echo(f"{outcome.state}: {where}\n  - {mutant.key.line}\n  + {mutant.key.mutant}")
    if outcome.test:
        click.echo(f"  by {outcome.test}")


def read(file: Path) -> dict[Key, Outcome]:
    """Return what is kept of earlier runs, the last word on each mutant."""
    found = {}
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            outcome = Outcome(entry.pop("state"), entry.pop("test"))
            found[Key(**entry)] = outcome
    return found


@click.command(
    context_settings={"show_default": True},
    help="Play the mutants of the modules that fit the patterns; of judge and verdict where there is none.",
)
@click.argument("patterns", nargs=-1)
@click.option("--function", default="*", metavar="PATTERN", help="Only mutants in functions of that name.")
@click.option("--every", default=1, type=click.IntRange(1), metavar="N", help="Only each N-th mutant.")
@click.option("--processes", default=2, type=click.IntRange(1), metavar="N", help="So many side by side.")
@click.option("--results", type=click.Path(path_type=Path, dir_okay=False), help="Keep what became of each mutant.")
@click.option("--resume", is_flag=True, help="Believe the results about what was killed or is explained.")
@click.option("--rooms", metavar="NAMES", help="The folders of selftests to run, with commas.")
@click.option("--at-least", default=95.0, metavar="PERCENT", help="Exit status 1 below this score.")
@click.option("--verbose", is_flag=True, help="Show what was killed, too, and by which test.")
def main(
    *,
    patterns: tuple[str, ...],
    function: str,
    every: int,
    processes: int,
    results: Path | None,
    resume: bool,
    rooms: str | None,
    at_least: float,
    verbose: bool,
) -> None:
    """Play and exit.

    0: the score is reached, and where all mutants of these modules were played each survivor is explained, and each
    explanation has one; 1: it is not so, or no mutant fits; 2: usage.
    """
    modules = modules_like(patterns or ("*",))
    if not modules:
        raise click.UsageError(f"no module of judge or verdict fits {' '.join(patterns)}")
    if resume and not results:
        raise click.UsageError("--resume needs --results")
    groups: dict[tuple[str, ...], dict[str, Path]] = {}
    for name, path in modules.items():
        groups.setdefault(tuple(rooms.split(",")) if rooms else rooms_of(name), {})[name] = path
    for room in {room for played in groups for room in played}:
        if not (CONFORMANCE / "selftest" / room).is_dir():
            raise click.UsageError(f"selftest has no folder {room}")
    if results:
        try:
            results.open("a").close()
            read(results)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise click.UsageError(f"{results} cannot keep results: {type(error).__name__}: {error}") from error
    with NamedTemporaryFile() as unasked:
        run = Run(modules, function, every, processes, results or Path(unasked.name), resume, verbose)
        for played, some in groups.items():
            run.play_with(played, some)
        run.count()
    sys.exit(run.conclude(at_least))


if __name__ == "__main__":
    main()
