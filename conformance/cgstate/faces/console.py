"""The verdict for a person: a header, an outcome for each requirement, failure blocks, one last line.

What is written is made of plain lines (`lines`); only a terminal gets colours, and only then rich is imported.
"""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import IO

from cgstate import __version__
from cgstate.faces.failure import Line, block, line, scene_of
from cgstate.faces.text import printable, wrapped
from cgstate.specification.registry import Role
from cgstate.verdict.verdict import ExitStatus, Outcome, Result, Verdict

NARROW, WIDE = 60, 100
"""Columns that are used at least and at most."""

MANY = 12
"""More ids than this with the same reason are told in short."""

WORDS = {
    ExitStatus.CONFORMS: "conforms",
    ExitStatus.DOES_NOT_CONFORM: "does not conform",
    ExitStatus.INTERRUPTED: "interrupted",
    ExitStatus.SUITE_FAILED: "the suite failed",
    ExitStatus.USAGE: "usage",
    ExitStatus.INCOMPLETE: "incomplete",
    ExitStatus.UNREACHABLE: "unreachable",
}
"""The verdict in words, as the last line and the reports say it."""

_STYLES = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "bold red",
    Outcome.WARNED: "yellow",
    Outcome.NOT_EXERCISED: "magenta",
    Outcome.WAIVED: "magenta",
}
_GOOD = "bold green"
_BAD = {ExitStatus.DOES_NOT_CONFORM: "bold red", ExitStatus.SUITE_FAILED: "bold red", ExitStatus.CONFORMS: _GOOD}
_ROLES = tuple(Role)


def show(verdict: Verdict, file: IO[str] | None = None, *, verbose: bool = False) -> None:
    """Write the verdict to `file` (default: standard output).

    `verbose` lists every requirement that passed. A reader that goes away is no error: the exit status still counts.
    """
    out = sys.stdout if file is None else file
    write(lines(verdict, width=columns(), verbose=verbose), out)


def columns() -> int:
    """Return how many columns to fill."""
    return min(WIDE, max(NARROW, shutil.get_terminal_size((80, 24)).columns))


def write(content: Iterable[Line], out: IO[str]) -> None:
    """Write lines, with colours where `out` is a terminal that wants them. A broken pipe ends it quietly."""
    try:
        if out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb":
            _write_coloured(content, out)
        else:
            out.writelines(f"{each.text}\n" for each in content)
        out.flush()
    except BrokenPipeError:
        _silence(out)


def _write_coloured(content: Iterable[Line], out: IO[str]) -> None:
    from rich.console import Console  # noqa: PLC0415 - 50 ms that a pipe need not pay
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=out, highlight=False, markup=False, emoji=False)
    for each in content:
        console.print(Text.assemble(*each.spans), soft_wrap=True)


def _silence(out: IO[str]) -> None:
    """Let later writes, and the interpreter's own flush at its end, go nowhere."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a device, not a path
        os.dup2(nowhere.fileno(), out.fileno())


_MOST_ROWS = 8
"""A larger matrix is summed up in a line."""
_NAMED = 3
"""Cells of it that are named where they were not shown."""


def lines(verdict: Verdict, *, width: int = 80, verbose: bool = False) -> Iterator[Line]:
    """Return the verdict as lines, at most `width` columns wide where nothing is there to be copied."""
    yield from _header(verdict, width)
    for role, of_role in groupby(sorted(verdict.results, key=_by_role), key=lambda r: r.requirement.role):
        yield line()
        yield from _role(role, list(of_role), width, verbose=verbose)
    for title, matrix in verdict.coverage.items():
        yield line()
        yield from (
            _matrix(title, matrix, width) if verbose or len(matrix) <= _MOST_ROWS else _summed(title, matrix, width)
        )
    if verdict.notes:
        yield line()
    for note in verdict.notes:
        yield from _hanging("note: ", printable(note), width)
    # Failures last: the nearer to the last line, the sooner they are seen.
    above: dict[tuple[object, ...], str] = {}
    for outcome in (Outcome.WARNED, Outcome.FAILED):
        for result in verdict.results:
            for failure in result.failures if result.outcome is outcome else ():
                yield line()
                first = above.setdefault(scene_of(failure), failure.requirement) if failure.message else ""
                yield from block(
                    failure,
                    result.requirement,
                    word=outcome.value,
                    seed=verdict.seed,
                    width=width,
                    above="" if first == failure.requirement else first,
                )
    yield line()
    if verdict.why:
        yield from _hanging("why: ", printable(verdict.why), width)
    yield line((last_line(verdict), _BAD.get(verdict.status, "bold yellow")))


def last_line(verdict: Verdict) -> str:
    """Return the one line that says it all, for example ``conforms: 0 failed; 88 of 101 exercised (exit 0)``."""
    shown = (Outcome.FAILED, Outcome.WARNED, Outcome.WAIVED, Outcome.LEFT_OUT, Outcome.NOT_APPLICABLE)
    counts = [f"{n} {o}" for o in shown if (n := verdict.count(o)) or o is Outcome.FAILED]
    exercised, of = verdict.exercised
    said = ", ".join(counts)
    return f"{WORDS[verdict.status]}: {said}; {exercised} of {of} exercised (exit {int(verdict.status)})"


def _by_role(result: Result) -> tuple[int, str]:
    return (_ROLES.index(result.requirement.role), result.requirement.id)


def _header(verdict: Verdict, width: int) -> Iterator[Line]:
    yield from _hanging(f"cgstate {__version__}: ", printable(verdict.subject), width, "bold")
    details = [] if verdict.driver in {"", "none"} else [f"driver: {printable(verdict.driver)}"]
    if verdict.seed is not None:
        details.append(f"seed: {verdict.seed}")
    details.append(f"{verdict.seconds:.1f} s")
    yield from _hanging("", ", ".join(details), width)


def _role(role: Role, results: list[Result], width: int, *, verbose: bool) -> Iterator[Line]:
    passed = [result for result in results if result.outcome is Outcome.PASSED]
    yield line((f"{role}", "bold"), f": {len(passed)} of {len(results)} requirements ", ("passed", "green"))
    longest = max(len(result.requirement.id) for result in results)
    for result in results:
        if verbose and result.outcome is Outcome.PASSED:
            times = f"{result.times} times" if result.times != 1 else "once"
            yield line("  ", ("passed".ljust(8), "green"), result.requirement.id.ljust(longest), f"  {times}")
        elif result.outcome in {Outcome.FAILED, Outcome.WARNED}:
            yield from _judged(result, width)
    aside = [result for result in results if result.outcome not in {Outcome.PASSED, Outcome.FAILED, Outcome.WARNED}]
    order = tuple(Outcome)
    for (outcome, reason), alike in groupby(
        sorted(aside, key=lambda r: (order.index(r.outcome), r.reason)), key=lambda r: (r.outcome, r.reason)
    ):
        head = f"{outcome}: "
        first, *more = wrapped(head + (printable(reason) or "no reason given"), width - 2)
        yield line("  ", (first[: len(head)], _STYLES.get(outcome, "dim")), first[len(head) :])
        yield from (line("    ", text) for text in more)
        ids = [result.requirement.id for result in alike]
        # What the user left out needs no second telling.
        yield from _list(ids, width, verbose=verbose, about=outcome is not Outcome.LEFT_OUT)


def _judged(result: Result, width: int) -> Iterator[Line]:
    sentences = "; ".join(failure.sentence for failure in result.failures)
    head = f"{result.outcome.value.ljust(8)}{result.requirement.id}: "
    first, *more = wrapped(head + printable(sentences), width - 2)
    yield line("  ", (first[:8], _STYLES[result.outcome]), first[8:])
    yield from (line(" " * 10, text) for extra in more for text in wrapped(extra, width - 10))


def _list(ids: list[str], width: int, *, verbose: bool, about: bool) -> Iterator[Line]:
    told = ", ".join(ids)
    if len(ids) > MANY and not verbose:
        told = f"{len(ids)} requirements (--verbose lists them)"
        told += f" on {', '.join(dict.fromkeys(each.partition('.')[0] for each in ids))}" if about else ""
    yield from (line("    ", (text, "dim")) for text in wrapped(told, width - 4))


def _hanging(label: str, text: str, width: int, style: str = "") -> Iterator[Line]:
    first, *more = wrapped(label + text, width)
    yield line(label, (first[len(label) :], style))
    for rest in wrapped(" ".join(more), width - 2) if more else []:
        yield line(f"  {rest}")


def _matrix(title: str, matrix: Mapping[str, Mapping[str, int]], width: int) -> Iterator[Line]:
    """Return a table of counts. A heading goes over several lines; columns that do not fit go into a part below."""
    columns_ = list(dict.fromkeys(column for row in matrix.values() for column in row))
    legend = (
        " (- cannot be reached)" if any(column not in row for row in matrix.values() for column in columns_) else ""
    )
    yield line(("coverage: ", "bold"), (printable(title), "bold"), legend)
    if not columns_:
        yield line("  nothing")
        return
    label = max(len(printable(row)) for row in matrix)
    parts: list[dict[str, int]] = [{}]
    used = label + 2
    for column in columns_:
        words = printable(column).split(" ")
        cell = max(*map(len, words), *(len(_cell(row.get(column))) for row in matrix.values()))
        if parts[-1] and used + cell + 2 > width:
            parts.append({})
            used = label + 2
        parts[-1][column] = cell
        used += cell + 2
    for part in parts:
        yield from _part(matrix, part, label)


def _summed(title: str, matrix: Mapping[str, Mapping[str, int]], width: int) -> Iterator[Line]:
    """Return a large matrix in words: how many of its cells were shown, and which were not."""
    counts = {f"{row}, {column}": n for row, columns_ in matrix.items() for column, n in columns_.items()}
    missing = [cell for cell, times in counts.items() if not times]
    told = f"{len(counts) - len(missing)} of {len(counts)} combinations shown"
    if missing:
        more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        told += f"; not shown: {'; '.join(printable(cell) for cell in missing[:_NAMED])}{more}"
    yield from _hanging(f"coverage: {printable(title)}: ", f"{told} (--verbose lists them)", width)


def _part(matrix: Mapping[str, Mapping[str, int]], part: Mapping[str, int], label: int) -> Iterator[Line]:
    """Return some columns of a table; `part` holds their widths."""
    headings = [wrapped(printable(column), cell) for column, cell in part.items()]
    height = max(map(len, headings))
    stacked = [[""] * (height - len(heading)) + heading for heading in headings]
    for level in range(height):
        words = "".join(f"  {heading[level].rjust(cell)}" for heading, cell in zip(stacked, part.values(), strict=True))
        yield line((f"{' ' * (label + 2)}{words}".rstrip(), "dim"))
    for name, row in matrix.items():
        counts = "".join(f"  {_cell(row.get(column)).rjust(cell)}" for column, cell in part.items())
        yield line(f"  {printable(name).ljust(label)}{counts}".rstrip())


def _cell(count: int | None) -> str:
    """Return a hyphen for what cannot be, and a number (0: not seen) for what can."""
    return "-" if count is None else str(count)
