"""``cgstate run``: judge an emitter. Checks the options, then lets pytest play the suite, apart from the user's own."""

import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cgstate.command.errors import tell
from cgstate.command.options import Judging, address, judging_options, seconds
from cgstate.specification.registry import Role, registry
from cgstate.verdict.verdict import ExitStatus

if TYPE_CHECKING:
    from types import FrameType

ROLES = frozenset({Role.MESSAGE, Role.EMITTER, Role.TRACE})
_LAST_WARNING = 2
"""The signal after which the next one ends even the clean-up."""


@click.command(short_help="Judge an emitter: drive it, capture what it reports.")
@click.option("--emitter", metavar="URI", help="Base URI of its control API; without it the bundled emitter is judged.")
@click.option("--driver", metavar="SPEC", help="A driver of your own: module:factory or path.py:factory.")
@click.option(
    "--listen", callback=address, default="127.0.0.1:0", metavar="HOST:PORT", help="Where to take notifications."
)
@click.option("--advertise", metavar="URI", help="What the emitter is told instead of where --listen listens.")
@click.option("--groups", metavar="FILE", help="Campaign Groups that exist (see cgstate groups --example).")
@click.option("--allow-dialing", is_flag=True, help="Start declared groups: this dials people.")
@click.option("--fast", is_flag=True, help="Leave out the observation of the default period.")
@click.option("--allow-incomplete", is_flag=True, help="A core requirement without evidence does not give exit 5.")
@click.option("--deadline", type=float, callback=seconds, default=10.0, help="Seconds until an event is missing.")
@click.option(
    "--drain-deadline", type=float, callback=seconds, default=300.0, help="The same for unloads of declared groups."
)
@click.option("--quiet", type=float, callback=seconds, default=1.0, help="Seconds for which a silence is watched.")
@click.option("--seed", type=int, help="Seed of the generated cases (default: a new one).", show_default=False)
@click.option("--replay", metavar="JSON|FILE", help="Play only this life cycle, as a failure shows it.")
@click.option("--broken", metavar="NAME", hidden=True, help="Judge a bundled emitter that is wrong in this way.")
@judging_options
def run(*, judging: Judging, **options: Any) -> ExitStatus:  # noqa: ANN401 - options are of many types
    """Judge an emitter.

    Drives it through its control API, captures what it reports, and judges every rule of the specification.
    """
    judging.chosen(registry(), ROLES)
    _check(options)
    if options["emitter"] is None and options["driver"] is None:
        _start_emitter(options["broken"])
    return _play(_arguments(judging, options), judging, options["emitter"] or options["driver"] or "bundled emitter")


def _start_emitter(broken: str | None) -> None:
    """Let the bundled emitter come up while pytest and the suite are imported."""
    from cgstate.drivers.driver import DriverTrouble  # noqa: PLC0415 - only where it is needed
    from cgstate.drivers.process import start_ahead  # noqa: PLC0415

    with suppress(DriverTrouble):  # the suite starts it again, and tells
        start_ahead("emitter", broken)


def _check(options: Mapping[str, Any]) -> None:
    """Refuse what cannot be used before pytest is imported."""
    given = [f"--{name}" for name in ("emitter", "driver", "broken") if options[name] is not None]
    if len(given) > 1:
        raise click.UsageError(f"{given[0]} and {given[1]} name two emitters; give one of them")
    if options["emitter"] is not None:
        from cgstate.drivers.text import base_uri  # noqa: PLC0415 - only where it is needed

        try:
            base_uri(options["emitter"])
        except ValueError as error:
            raise click.UsageError(f"--emitter: {error}") from error
    if options["groups"] is not None:
        from cgstate.drivers.groups_file import BadGroups, read_groups  # noqa: PLC0415 - only where it is needed

        try:
            read_groups(Path(options["groups"]))
        except BadGroups as error:
            raise click.UsageError(f"--groups: {error}") from error


def _arguments(judging: Judging, options: Mapping[str, Any]) -> list[str]:
    """Return the options as those of the pytest plugin."""
    arguments = [_option(name, value) for name, value in options.items() if value is not None and value is not False]
    flags = ("strict", "verbose", "allow_incomplete")
    arguments += [_option(flag, True) for flag in flags if getattr(judging, flag)]
    arguments += [_option("requirement", each) for each in judging.requirement]
    arguments += [_option("must_exercise", each) for each in judging.must_exercise]
    if judging.reports.json is not None:
        arguments.append(_option("report_json", judging.reports.json))
    if judging.reports.junit is not None:
        arguments.append(_option("report_junit", judging.reports.junit))
    return arguments


def _option(name: str, value: object) -> str:
    flag = f"--cgstate-{name.replace('_', '-')}"
    return flag if value is True else f"{flag}={value}"


def _play(arguments: Sequence[str], judging: Judging, subject: str) -> ExitStatus:
    from cgstate.command.apart import play  # noqa: PLC0415 - pytest, late: a wrong option is told at once

    started = time.time()
    with _signals():
        outcome = play(arguments)
    if outcome.usage:
        raise click.UsageError(outcome.usage)
    if outcome.verdict is not None:
        return outcome.verdict.status
    if outcome.status == ExitStatus.USAGE:
        return ExitStatus.USAGE
    return _without_verdict(outcome.status, judging, subject, started)


def _without_verdict(status: int, judging: Judging, subject: str, started: float) -> ExitStatus:
    """Say and report that the run broke off before anything could be judged."""
    from cgstate.evidence import Evidence, Traits  # noqa: PLC0415 - hardly ever needed
    from cgstate.faces.deliver import deliver  # noqa: PLC0415
    from cgstate.verdict.conclude import Judged, conclude  # noqa: PLC0415

    rules = registry()
    chosen = judging.chosen(rules, ROLES)
    interrupted = "interrupted before the first case" if status == ExitStatus.INTERRUPTED else ""
    failed = "" if interrupted else f"pytest ended with status {int(status)} before the suite could judge"
    verdict = conclude(
        rules,
        Evidence(Traits("a run that broke off", has_bytes=True, has_request=True)),
        [],
        Judged(subject, "none", started, time.time() - started),
        judging.facts(chosen, interrupted=interrupted, suite_error=failed),
        roles=ROLES,
        left_out=chosen.left_out,
    )
    deliver(verdict, judging.reports, verbose=judging.verbose)
    return verdict.status


@contextmanager
def _signals() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the run; a second one does not break off the clean-up, a third one does."""
    received = 0

    def end(_number: int, _frame: "FrameType | None") -> None:
        nonlocal received
        received += 1
        if received == _LAST_WARNING:
            tell("cgstate: stopping and unloading the groups; once more to leave them as they are")
            return
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
