"""What a test of the suite fails with."""

from collections.abc import Iterable

from cgstate.faces.failure import block
from cgstate.specification.registry import Level, registry
from cgstate.suite.run import Run
from cgstate.verdict.verdict import Failure


class Findings(Exception):  # noqa: N818 - named for what it holds
    """What the implementation did wrong, as the blocks of the report."""


def fail_with(run: Run, found: Iterable[Failure]) -> None:
    """Raise `Findings` with a block for each, if there are any."""
    lines: list[str] = []
    for failure in found:
        requirement = registry().requirements[failure.requirement]
        word = "failed" if requirement.level is Level.MUST else "warned"
        told = block(failure, requirement, word=word, seed=run.settings.seed, width=100)
        lines += ["", *(line.text for line in told)]
    if lines:
        raise Findings("\n".join(lines))
