"""A failure as a block of styled lines: the console colours them, JUnit takes their text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cgstate.faces.text import pretty, printable, printable_lines, wrapped
from cgstate.specification.registry import Requirement
from cgstate.verdict.verdict import Failure

_LABEL = 10
_MOST_LINES = 60
_MOST_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of output: spans of text, each with a style of rich (empty: none)."""

    spans: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """The line without its styles."""
        return "".join(text for text, _ in self.spans)


def line(*spans: str | tuple[str, str]) -> Line:
    """Return a line of these spans, plain strings or (text, style)."""
    return Line(tuple((span, "") if isinstance(span, str) else span for span in spans))


def block(
    failure: Failure,
    requirement: Requirement,
    *,
    word: str,
    seed: int | None,
    width: int,
    above: str = "",
) -> Iterator[Line]:
    """Return the block of one failure: what the rule is, what broke it, how to see it again.

    `word` is what the failure counts as (``failed``, ``warned``). `above` is a requirement whose block
    shows the same scene already: it is not shown again. Command lines and messages are never wrapped: they
    are there to be copied.
    """
    style = "bold red" if word == "failed" else "bold yellow"
    head = f"-- {word}: {failure.requirement} "
    yield line((head + "-" * max(2, width - len(head)), style))
    rule = f"{requirement.level} ({requirement.confidence}): {requirement.statement}"
    yield from _paragraph("rule", rule, width)
    yield from _paragraph("source", requirement.source, width, "dim")
    yield from _paragraph("fault", failure.sentence + _frequency(failure), width, style)
    yield from _verbatim("expected", printable_lines(failure.expected))
    yield from _verbatim("seen", printable_lines(failure.seen))
    if above:
        yield from _labelled("message", [f"the one of {above}, above"])
        return
    if failure.case:
        yield from _paragraph("case", failure.case, width)
    if failure.message is not None:
        yield from _verbatim("message", pretty(failure.message) if failure.message else ["(empty)"])
    yield from _labelled("repeat", [printable(command) for command in failure.curl])
    if failure.replay is not None:
        yield from _labelled("replay", printable_lines(failure.replay))
    if seed is not None:
        yield from _labelled("seed", [str(seed)])


def scene_of(failure: Failure) -> tuple[object, ...]:
    """Return what two failures have in common that are seen in the same message of the same case."""
    return (failure.message, failure.case, failure.curl, failure.replay)


def _frequency(failure: Failure) -> str:
    said = [] if failure.times == 1 else [f"seen {failure.times} times"]
    if failure.unstable:
        said.append("unstable: it did not come back when judged again")
    return f" ({'; '.join(said)})" if said else ""


def _paragraph(label: str, text: str, width: int, style: str = "") -> Iterator[Line]:
    lines = wrapped(printable(text), max(20, width - _LABEL - 2))
    yield from _labelled(label, lines, style)


def _verbatim(label: str, lines: Sequence[str]) -> Iterator[Line]:
    shown = [
        text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}... ({len(text) - _MOST_CHARACTERS} more)"
        for text in lines[:_MOST_LINES]
    ]
    if len(lines) > _MOST_LINES:
        shown.append(f"... ({len(lines) - _MOST_LINES} more lines)")
    yield from _labelled(label, shown)


def _labelled(label: str, lines: Sequence[str], style: str = "") -> Iterator[Line]:
    for number, text in enumerate(lines):
        yield line(("  " + (label if number == 0 else "").ljust(_LABEL), "cyan"), (text, style))
