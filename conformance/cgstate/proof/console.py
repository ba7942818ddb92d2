"""The kill matrix for a person: a line for each implementation, the score of each requirement, one last line."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from cgstate import __version__
from cgstate.faces.failure import Line, line
from cgstate.faces.text import printable, wrapped
from cgstate.proof.matrix import Fate, Matrix, Row

_STYLES = {Fate.KILLED: "green", Fate.CLEAN: "green"}
_FATE = max(len(fate) for fate in Fate) + 2


def lines(matrix: Matrix, *, width: int, verbose: bool) -> Iterator[Line]:
    """Return the matrix as lines. Names are never cut, so that a line may be longer than `width`."""
    yield line((f"cgstate {__version__}: the suite on trial", "bold"))
    yield line(f"{matrix.jobs} runs at once, {matrix.processor:.0f} s of processor time")
    names = max((len(row.subject.name) for row in matrix.rows), default=0)
    for program, rows in groupby(matrix.rows, key=lambda row: row.subject.program):
        yield line()
        yield line((f"{program}s", "bold"))
        for row in rows:
            yield from _row(row, names, width, verbose=verbose)
    if matrix.requirements:
        yield line()
        yield from _scores(matrix, width)
    yield from _named("say nothing of what their failure has to say", [each.name for each in matrix.unstated], width)
    yield line()
    yield line((last_line(matrix), "bold green" if matrix.holds else "bold red"))


def last_line(matrix: Matrix) -> str:
    """Return the one line that says it all."""
    word = "holds" if matrix.holds else "does not hold"
    return f"{word}: {counts(matrix)} in {matrix.seconds:.1f} s (exit {int(matrix.status)})"


def counts(matrix: Matrix) -> str:
    """Return in words how many came to what."""
    broken = [row for row in matrix.rows if row.subject.broken]
    right = [row for row in matrix.rows if not row.subject.broken]
    killed = sum(row.fate is Fate.KILLED for row in broken)
    said = [f"{killed} of {len(broken)} broken implementations killed"] if broken else []
    said += [f"{n} {fate}" for fate in (Fate.MISSED, Fate.UNDECLARED) if (n := len(matrix.having(fate)))]
    said += (
        [f"{sum(row.fate is Fate.CLEAN for row in right)} of {len(right)} runs against right ones clean"]
        if right
        else []
    )
    if matrix.requirements:
        guarded = len(matrix.requirements) - len(matrix.unguarded)
        said.append(f"{guarded} of {len(matrix.requirements)} requirements guarded")
    return "; ".join(said)


def _row(row: Row, names: int, width: int, *, verbose: bool) -> Iterator[Line]:
    subject, fate = row.subject, row.fate
    seed = f" seed {row.runs[-1].seed}" if not subject.broken else ""
    told = f"{printable(subject.name).ljust(names)}  {printable(subject.primary + seed).ljust(38)} {row.seconds:5.1f} s"
    yield line("  ", (fate.value.ljust(_FATE), _STYLES.get(fate, "bold red")), told)
    for text in row.why:
        yield from _below(text, width)
    for text in row.came_once:
        yield from _below(f"came once in {len(row.runs)} runs, and not when played alone: {text}", width)
    if verbose and subject.broken:
        yield from _below(f"{subject.sentence}", width)
        accused = row.runs[-1].accused
        for name in sorted(accused.keys() & {subject.primary, *subject.consequences}):
            kind = "" if name == subject.primary else "consequence "
            yield from _below(f"{kind}{name}: {'; '.join(accused[name].sentences)}", width)
        if row.idle:
            yield from _below(f"consequences that did not show: {', '.join(row.idle)}", width)


def _below(text: str, width: int) -> Iterator[Line]:
    indent = " " * (_FATE + 2)
    for each in wrapped(printable(text), width - len(indent)):
        yield line(indent, (each, "dim"))


def _scores(matrix: Matrix, width: int) -> Iterator[Line]:
    yield line(("killed of those made to break it, by requirement", "bold"))
    for score in matrix.scores:
        if score.killers:
            style = "green" if score.killed == score.killers else "bold red"
            yield line(f"  {score.requirement.ljust(_FATE + 40)} ", (f"{score.killed} of {score.killers}", style))
    yield from _named("nothing is made to break", matrix.unguarded, width)


def _named(label: str, names: Sequence[str], width: int) -> Iterator[Line]:
    if names:
        yield from (line(f"  {text}") for text in wrapped(f"{label}: {', '.join(map(printable, names))}", width - 2))
