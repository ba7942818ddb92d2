"""``cgstate emit``: traffic of the reference emitter, for whoever builds a receiver or a dashboard."""

import math
import signal

import click

from cgstate.command.options import seconds as time_in_seconds
from cgstate.verdict.verdict import ExitStatus


def _interval(context: click.Context, parameter: click.Parameter, value: float) -> float:
    """Take any finite number: 0 or less is no periodic message."""
    if not math.isfinite(value):
        raise click.BadParameter(f"{value} is no number of seconds", context, parameter)
    return value


class _Lines:
    """Prints line by line. Where nobody reads any more (`cgstate emit ... | head`) it ends the demonstration."""

    def __init__(self) -> None:
        self._said = 0
        self._gone = False

    def __call__(self, line: str) -> None:
        if self._gone:
            return
        try:
            click.echo(line)
        except BrokenPipeError:
            if not self._said:
                raise
            self._gone = True
            # As if somebody had asked: the groups are unloaded before it ends.
            signal.raise_signal(signal.SIGTERM)
        self._said += 1


@click.command()
@click.option("--to", "uri", required=True, metavar="URI", help="Where to POST the notifications.")
@click.option("--groups", type=click.IntRange(1, 5000), default=5, help="How many Campaign Groups.")
@click.option("--for", "time", type=float, callback=time_in_seconds, help="End after so many seconds; else at Ctrl-C.")
@click.option("--interval", type=float, callback=_interval, default=10.0, help="Seconds between periodic messages.")
def emit(*, uri: str, groups: int, time: float | None, interval: float) -> ExitStatus:
    """Play the lives of some Campaign Groups against a URI, so that it sees traffic at once.

    Nothing is judged. All that is sent is legal; every GUID begins with cgstate-, so that what a receiver
    stored can be found again. Exit status 6 where nothing got through.
    """
    from cgstate_reference.demo import demonstrate  # noqa: PLC0415 - late: --help is quick

    try:
        tally = demonstrate(uri, groups=groups, seconds=time, interval=interval, say=_Lines())
    except ValueError as error:
        # What the demonstration refuses is the URI; its text has no credentials in it.
        raise click.UsageError(f"--to: {error}") from error
    return ExitStatus.UNREACHABLE if tally.failed and not tally.delivered else ExitStatus.CONFORMS
