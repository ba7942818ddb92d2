"""``cgstate selfcheck``: try the suite itself on implementations that are wrong on purpose, and on right ones."""

import itertools
import os
import signal
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cgstate.command.options import ids
from cgstate.faces.deliver import STDOUT, Reports, UnwritableReport, replace_file
from cgstate.specification.data import checkout
from cgstate.specification.registry import Registry, Role, registry
from cgstate.verdict.verdict import ExitStatus

if TYPE_CHECKING:
    from types import FrameType

    from cgstate.proof.matrix import Matrix
    from cgstate.proof.seen import Seen
    from cgstate.proof.subjects import Subject

_SIDES = {"emitter": frozenset(Role) - {Role.RECEIVER}, "receiver": frozenset({Role.RECEIVER})}

_TOLD_EVERY = 50
"""So many runs are played between two lines that say so."""


@click.command(short_help="Try the suite itself on implementations that are wrong on purpose.")
@click.argument("names", nargs=-1, metavar="[NAME|PATTERN]...")
@click.option(
    "--requirement", "-r", multiple=True, metavar="ID|PREFIX", help="Only what is to break these; repeatable."
)
@click.option("--role", type=click.Choice(list(_SIDES)), help="Only emitters, or only receivers.")
@click.option(
    "--plant",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="More deviations: Python that registers them as cgstate_reference.broken does.",
)
@click.option("--variants", is_flag=True, help="Those that are right and otherwise than expected, and no others.")
@click.option("--brief", is_flag=True, help="Leave out the many lives and the long waits with right ones, too.")
@click.option("--seeds", type=click.IntRange(1), default=1, help="With how many seeds each is played.")
@click.option("--seed", type=click.IntRange(0), default=1, help="The first of them.")
@click.option("--jobs", type=click.IntRange(1), show_default=False, help="Runs at once (default: 8 a processor).")
@click.option("--verbose", "-v", is_flag=True, help="Say how each is wrong and what it is accused of.")
@click.option("--report-json", metavar="FILE|-", help="Write the matrix as JSON (- is standard output).")
@click.option("--record", is_flag=True, help="In a checkout: put on record who is killed, for cgstate docs.")
def selfcheck(
    *,
    names: tuple[str, ...],
    requirement: tuple[str, ...],
    role: str | None,
    plant: Path | None,
    variants: bool,
    brief: bool,
    seeds: int,
    seed: int,
    jobs: int | None,
    verbose: bool,
    report_json: str | None,
    record: bool,
) -> ExitStatus:
    """Try the suite itself: play it against emitters and receivers that are wrong on purpose.

    Each is made to break one requirement. It has to be accused of that, for the reason that it states, and of nothing
    that it does not declare; the right ones of nothing at all. NAME may be a pattern: 'null-*'. Exit 0: so it is, and
    nothing is left that no implementation is made to break. With --variants: no right one is accused, however slow or
    strange it is, or busy the machine.
    """
    reports = Reports(report_json)
    try:
        reports.check()
    except UnwritableReport as error:
        raise click.UsageError(str(error)) from error
    wanted = ids("--requirement", requirement, registry(), tuple(Role))
    if record and (plant is not None or variants or checkout() is None):
        raise click.UsageError("--record is for what a checkout holds that is wrong on purpose")
    if not hasattr(os, "fork"):
        raise click.UsageError("this system cannot fork processes, and selfcheck lives on that")

    from cgstate.proof import subjects  # noqa: PLC0415 - late: a wrong option is told at once

    if plant is not None:
        _plant(plant)
    everyone = subjects.variants() if variants else (*subjects.RIGHT, *subjects.broken())
    chosen = [each for each in _named(names, everyone) if role in (None, each.program)]
    chosen = [each for each in chosen if not wanted or each.primary in wanted]
    guarded = () if names or variants else _guarded(registry(), role, wanted)
    if not chosen and not guarded:
        raise click.UsageError(_nobody(role, wanted))

    from cgstate.faces.console import columns, write  # noqa: PLC0415
    from cgstate.proof import console, report  # noqa: PLC0415
    from cgstate.proof.machine import processors  # noqa: PLC0415

    started = time.time()
    with _ending_when_told():
        matrix = _try(
            chosen,
            range(seed, seed + seeds),
            jobs or 8 * processors(),
            guarded,
            reports,
            brief=brief,
        )
    if report_json is not None:
        text = report.as_text(matrix, started)
        if report_json == STDOUT:
            sys.stdout.write(text)
        else:
            replace_file(report_json, text.encode())
    if record:
        _record(matrix, everyone)
    write(console.lines(matrix, width=columns(), verbose=verbose), reports.console)
    return matrix.status


def _try(
    chosen: Collection["Subject"],
    seeds: Sequence[int],
    jobs: int,
    guarded: tuple[str, ...],
    reports: Reports,
    *,
    brief: bool,
) -> "Matrix":
    from cgstate.faces.progress import Progress  # noqa: PLC0415 - late: --help is quick
    from cgstate.proof import matrix  # noqa: PLC0415
    from cgstate.proof.trial import Trial  # noqa: PLC0415

    began = time.perf_counter()
    with Progress(reports.console) as progress:
        progress.phase(f"{len(chosen)} implementations, {jobs} at once")
        count = itertools.count(1)

        def told(subject: "Subject", _: "Seen") -> None:
            progress.step(subject.name)
            if (played := next(count)) % _TOLD_EVERY == 0:
                progress.phase(f"{played} runs played")

        trial = Trial(jobs, brief, told=told, phase=progress.phase)
        trial.play(chosen, seeds)
    requirements = registry().requirements
    rows = (matrix.row(subject, runs, requirements) for (subject, _), runs in trial.runs.items())
    order = {subject: number for number, subject in enumerate(chosen)}
    return matrix.Matrix(
        rows=tuple(sorted(rows, key=lambda row: (row.subject.program, order[row.subject], row.runs[0].seed))),
        requirements=guarded,
        seconds=time.perf_counter() - began,
        jobs=jobs,
    )


def _record(matrix: "Matrix", everyone: Collection["Subject"]) -> None:
    """Write down what became of those that were tried; forget those that are no more."""
    from cgstate.proof.matrix import SOUND  # noqa: PLC0415 - hardly ever needed
    from cgstate.specification import proof  # noqa: PLC0415 - the same

    told = proof.proof()
    for role in _SIDES:
        tried = {row.subject.name for row in matrix.rows if row.subject.broken and row.subject.program == role}
        missed = {row.subject.name for row in matrix.rows if row.subject.program == role and row.fate not in SOUND}
        told = told.updated(role, tried, tried - missed)
        told = told.without(role, {each.name for each in everyone if each.program == role})
    path = (checkout() or Path()) / "schemas" / proof.NAME
    path.write_text(told.as_text(), encoding="utf-8")


def _named(names: Sequence[str], everyone: Sequence["Subject"]) -> list["Subject"]:
    """Return those that a name or a pattern means, all where there is none."""
    for name in names:
        if not any(fnmatchcase(each.name, name) for each in everyone):
            from cgstate.drivers.nearest import nearest  # noqa: PLC0415 - only a typing error needs it
            from cgstate.proof.subjects import variants  # noqa: PLC0415 - the same

            known = {each.name for each in everyone}
            if name in {each.name for each in variants()}:
                raise click.UsageError(f"{name} is right otherwise than expected: --variants plays it")
            raise click.UsageError(f"no implementation is called {nearest(name, known)}")
    return [each for each in everyone if not names or any(fnmatchcase(each.name, name) for name in names)]


def _nobody(role: str | None, wanted: Collection[str]) -> str:
    """Return in one line that nobody is left to be tried."""
    kind = {"emitter": "an emitter", "receiver": "a receiver", None: "an implementation"}[role]
    return f"none of these is {kind}" + (f" that is to break {', '.join(sorted(wanted))}" if wanted else "")


def _guarded(book: Registry, role: str | None, wanted: Collection[str]) -> tuple[str, ...]:
    """Return the requirements that something has to be made to break."""
    from cgstate.proof.matrix import guarded  # noqa: PLC0415 - late: --help is quick

    roles = frozenset(Role) if role is None else _SIDES[role]
    return tuple(
        name
        for name in guarded(book.requirements.values())
        if book.requirements[name].role in roles and (not wanted or name in wanted)
    )


def _plant(file: Path) -> None:
    """Run a file that registers deviations."""
    import runpy  # noqa: PLC0415 - hardly ever needed

    from cgstate.proof.subjects import broken, variants  # noqa: PLC0415 - late: a wrong option is told at once

    try:
        runpy.run_path(str(file), run_name=file.stem)
        broken(), variants()  # a name that is there already is found now
    except (Exception, SystemExit) as error:
        raise click.UsageError(f"--plant {file}: {type(error).__name__}: {error}") from error


@contextmanager
def _ending_when_told() -> Iterator[None]:
    """Let SIGTERM end it as Ctrl-C does."""

    def end(_number: int, _frame: "FrameType | None") -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
