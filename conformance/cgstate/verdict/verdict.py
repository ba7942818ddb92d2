"""What the suite says in the end: an outcome for each requirement, failures to show, one exit status."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from cgstate.specification.registry import Requirement


class Outcome(StrEnum):
    """What became of one requirement."""

    PASSED = "passed"
    FAILED = "failed"
    WARNED = "warned"
    NOT_EXERCISED = "not exercised"
    LEFT_OUT = "left out"
    NOT_APPLICABLE = "not applicable"
    EXCLUDED = "excluded"
    WAIVED = "waived"


class ExitStatus(IntEnum):
    """The exit statuses of every subcommand that judges."""

    CONFORMS = 0
    DOES_NOT_CONFORM = 1
    INTERRUPTED = 2
    SUITE_FAILED = 3
    USAGE = 4
    INCOMPLETE = 5
    UNREACHABLE = 6


PRECEDENCE = tuple(ExitStatus(status) for status in (4, 2, 3, 1, 6, 5, 0))
"""Of several statuses that are true the one that stands first here is told."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One block of the report: all failures of one requirement with the same fault sentence."""

    requirement: str
    sentence: str
    expected: str
    seen: str
    message: str | None = None
    """The body of the message at fault as text, unreadable bytes escaped; None where there is none."""
    case: str = ""
    """The case in words: what was asked of the emitter, or the file and line it stands in."""
    curl: tuple[str, ...] = ()
    """Command lines that repeat it."""
    replay: str | None = None
    """The shrunk case as JSON, where a generated case failed."""
    times: int = 1
    """How often it was seen."""
    unstable: bool = False
    """It did not come back when the case was judged again."""


@dataclass(frozen=True, slots=True)
class Result:
    """One requirement's outcome."""

    requirement: Requirement
    outcome: Outcome
    times: int = 0
    """On how many pieces of evidence it was judged."""
    reason: str = ""
    """Why it was not judged; empty where it was."""
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict of a run or of a recording."""

    subject: str
    """What was judged, for example ``bundled emitter 0.1.0 at http://127.0.0.1:1234/ocs/v3/servers/1``."""
    driver: str
    """How it was driven, or ``none``."""
    status: ExitStatus
    results: tuple[Result, ...]
    """Sorted by requirement id."""
    why: str = ""
    """One line: why the status is what it is, where the results alone do not say."""
    seed: int | None = None
    seconds: float = 0.0
    started: float = 0.0
    """Unix seconds."""
    coverage: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    """Matrices by title: row, column, how often, for example state and action."""
    notes: tuple[str, ...] = ()
    """Remarks: the clock's offset, gaps in a recording, what could not be undone."""
    strict: bool = False
    """Whether a warning counts like a failure."""

    def count(self, outcome: Outcome) -> int:
        """Return how many requirements came to that outcome."""
        return sum(1 for result in self.results if result.outcome is outcome)

    @property
    def exercised(self) -> tuple[int, int]:
        """N and M of "N of M exercised"; M leaves out what is excluded."""
        judged = {Outcome.PASSED, Outcome.FAILED, Outcome.WARNED, Outcome.WAIVED}
        counted = [r for r in self.results if r.outcome is not Outcome.EXCLUDED]
        return sum(1 for r in counted if r.outcome in judged), len(counted)
