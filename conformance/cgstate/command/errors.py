"""What the command line says when it cannot go on: one clear line on standard error, one exit status."""

import os
import sys
import traceback

import click

from cgstate.faces.deliver import UnwritableReport
from cgstate.faces.text import printable
from cgstate.redact import redact
from cgstate.verdict.verdict import ExitStatus

TRACEBACK = "CGSTATE_TRACEBACK"
"""Environment variable that asks for the traceback of an unexpected error."""


class Stopped(Exception):  # noqa: N818 - named for the fact
    """The command cannot go on: the text is one line, `status` is not a judgement."""

    def __init__(self, text: str, status: ExitStatus = ExitStatus.USAGE) -> None:
        """End with this line and this status."""
        super().__init__(text)
        self.status = status


def tell(text: str) -> None:
    """Write one line to standard error, whatever is in it; say nothing where nobody listens."""
    try:
        sys.stderr.write(f"{printable(redact(text))}\n")
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        # Standard error is closed: there is nobody left to tell.
        return


def explain(error: BaseException) -> ExitStatus:
    """Say in one line what ended the command, and return the exit status for it."""
    status, said = _explanation(error)
    for line in said:
        tell(line)
    return status


def _explanation(error: BaseException) -> tuple[ExitStatus, list[str]]:
    match error:
        case Stopped():
            told = error.status, [f"cgstate: {error}"]
        case click.UsageError(ctx=context):
            path = context.command_path if context else "cgstate"
            told = ExitStatus.USAGE, [f"{path}: {_sentence(error)}", f"Try '{path} --help'."]
        case click.ClickException():
            told = ExitStatus.USAGE, [f"cgstate: {_sentence(error)}"]
        case KeyboardInterrupt() | click.Abort():
            told = ExitStatus.INTERRUPTED, ["cgstate: interrupted"]
        case UnwritableReport():
            # It could be written when the command began: a full disk is no judgement.
            told = ExitStatus.SUITE_FAILED, [f"cgstate: {error}"]
        case BrokenPipeError():
            # The reader has gone, and with it whoever wanted the rest. A verdict keeps its own status.
            told = ExitStatus.INTERRUPTED, []
        case _:
            told = ExitStatus.SUITE_FAILED, [f"cgstate: the suite itself failed: {suite_error(error)}"]
    return told


def suite_error(error: BaseException) -> str:
    """Return one line that names an unexpected error; print its traceback where it is asked for."""
    if os.environ.get(TRACEBACK):
        traceback.print_exception(error)
    said = str(error).strip().partition("\n")[0]
    name = type(error).__name__
    return f"{f'{name}: {said}' if said else name} ({TRACEBACK}=1 shows the traceback)"


def _sentence(error: click.ClickException) -> str:
    return " ".join(error.format_message().split())
