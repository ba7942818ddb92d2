"""The command ``cgstate``: finds the subcommand, and turns whatever happens into an exit status of the design."""

import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from cgstate import __version__
from cgstate.command.errors import explain
from cgstate.verdict.verdict import ExitStatus

SUBCOMMANDS = {
    "run": "Judge an emitter or a receiver: drive the one, send to the other.",
    "check": "Judge messages in files or on standard input.",
    "watch": "Take what an emitter sends and judge it.",
    "emit": "Start the reference emitter.",
    "serve": "Start the reference receiver.",
    "requirements": "List the requirements.",
    "explain": "Say all that is known of a requirement.",
    "groups": "Show what a groups file looks like, or check one.",
    "fixtures": "Count or copy the corpus of messages and traces.",
    "elasticsearch-template": "Print the index template for Elasticsearch.",
    "report": "Print reports on notifications in Elasticsearch.",
    "clean": "Take what the suite sent out of Elasticsearch again.",
    "selfcheck": "Try the suite itself on implementations that are wrong on purpose.",
    "docs": "Write the reference page from schema and registry.",
}
"""Name and short help of every subcommand: ``--help`` imports none of their modules."""

_STATUSES = (
    "Exit status: 0 conforms, 1 does not, 2 interrupted, 3 the suite itself failed, 4 usage, 5 incomplete, "
    "6 unreachable."
)


class LazyGroup(click.Group):
    """A group that imports the module of a subcommand only when it is called."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the subcommands in the order in which a newcomer needs them."""
        return list(SUBCOMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Import the subcommand's module and return its command."""
        if name not in SUBCOMMANDS:
            return None
        module = name.replace("-", "_")
        command = getattr(importlib.import_module(f"cgstate.command.{module}"), module)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand, or point to the nearest one."""
        if args and args[0] not in SUBCOMMANDS and not args[0].startswith("-"):
            from cgstate.drivers.nearest import nearest  # noqa: PLC0415 - only a typing error needs it

            raise click.UsageError(f"there is no command {nearest(args[0], SUBCOMMANDS)}", context)
        return super().resolve_command(context, args)

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of subcommands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(SUBCOMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100, "show_default": True},
    invoke_without_command=True,
    epilog=_STATUSES,
)
@click.version_option(__version__, prog_name="cgstate", message="%(prog)s %(version)s")
@click.pass_context
def cgstate(context: click.Context) -> ExitStatus | None:
    """Conformance suite for Campaign Group Status Reporting."""
    if context.invoked_subcommand is not None:
        return None
    click.echo(context.get_help(), err=True)
    return ExitStatus.USAGE


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; nothing but a judged failure is 1."""
    _make_output_sound()
    if "_CGSTATE_COMPLETE" in os.environ:
        cgstate.main(prog_name="cgstate", complete_var="_CGSTATE_COMPLETE")
    status: int
    try:
        status = _invoke(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        status = end.exit_code
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - every error has a status and a line of its own
        status = explain(error)
    with suppress(BrokenPipeError, ValueError):
        sys.stdout.flush()
        return status
    # What could not be written is not tried again by the interpreter at its end.
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - open until the process ends
    return status


def _invoke(arguments: list[str]) -> int:
    with cgstate.make_context("cgstate", arguments) as context:
        result = cgstate.invoke(context)
    return result if isinstance(result, int) else 0


def _make_output_sound() -> None:
    """Let no name be unprintable: what the terminal's encoding lacks is escaped."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
