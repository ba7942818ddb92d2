"""``cgstate run``: judge an emitter, a receiver, or both.

Checks the options, then lets pytest play the suite, apart from the user's own.
"""

import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cgstate.command.errors import tell
from cgstate.command.options import Judging, address, duration, judging_options, peer_options, seconds
from cgstate.specification.registry import Role, registry
from cgstate.verdict.verdict import ExitStatus

if TYPE_CHECKING:
    from types import FrameType

    from cgstate.verdict.conclude import Judged

ROLES = {"emitter": frozenset({Role.MESSAGE, Role.EMITTER, Role.TRACE}), "receiver": frozenset({Role.RECEIVER})}
"""Whose requirements are judged on which side."""
_LAST_WARNING = 2
"""The signal after which the next one ends even the clean-up."""


@click.command(short_help="Judge an emitter or a receiver: drive the one, send to the other.")
@click.option("--emitter", metavar="URI", help="Base URI of the control API of the emitter to judge.")
@click.option("--receiver", metavar="URI", help="URI of the receiver to judge.")
@click.option("--readback", metavar="URI", help="Where to read back: an Elasticsearch index, or a URI with {guid}.")
@click.option("--driver", metavar="SPEC", help="A driver of your own: module:factory or path.py:factory.")
@peer_options("emitter", "receiver", "readback")
@click.option(
    "--listen", callback=address, default="127.0.0.1:0", metavar="HOST:PORT", help="Where to take notifications."
)
@click.option("--advertise", metavar="URI", help="What the emitter is told instead of where --listen listens.")
@click.option("--groups", metavar="FILE", help="Campaign Groups that exist (see cgstate groups --example).")
@click.option("--allow-dialing", is_flag=True, help="Start declared groups: this dials people.")
@click.option("--fast", is_flag=True, help="Leave out the observation of the default period, and floods.")
@click.option("--gentle", is_flag=True, help="Send a receiver no floods and nothing that is no notification.")
@click.option("--allow-existing-data", is_flag=True, help="Send although the index to read back holds other data.")
@click.option("--allow-incomplete", is_flag=True, help="A core requirement without evidence does not give exit 5.")
@click.option("--wait-for", callback=duration, metavar="TIME", help="Await a receiver that is starting: 60s, 2m.")
@click.option("--timeout", callback=duration, default="10s", metavar="TIME", help="A later answer is none.")
@click.option("--answer-within", callback=duration, default="1s", metavar="TIME", help="A receiver should be so quick.")
@click.option(
    "--readback-within", callback=duration, default="10s", metavar="TIME", help="Stored messages show so soon."
)
@click.option("--deadline", type=float, callback=seconds, default=10.0, help="Seconds until an event is missing.")
@click.option(
    "--drain-deadline", type=float, callback=seconds, default=300.0, help="The same for unloads of declared groups."
)
@click.option("--quiet", type=float, callback=seconds, default=1.0, help="Seconds for which a silence is watched.")
@click.option("--seed", type=int, help="Seed of the generated cases (default: a new one).", show_default=False)
@click.option("--replay", metavar="JSON|FILE", help="Play only this life cycle, as a failure shows it.")
@click.option("--broken", metavar="NAME", hidden=True, help="Judge a bundled emitter that is wrong in this way.")
@click.option("--broken-receiver", metavar="NAME", hidden=True, help="The same for a bundled receiver.")
@judging_options
def run(*, judging: Judging, **options: Any) -> ExitStatus:  # noqa: ANN401 - options are of many types
    """Judge an emitter, a receiver, or both; without a URI the bundled ones.

    Drives the emitter through its control API and captures what it reports; sends the receiver what a right emitter
    can send, then what is no notification, and reads back what it has stored. Every rule of the specification is
    judged. Each peer has its own --...-header, --...-cacert, --...-cert and --...-insecure.
    """
    sides = _sides(options)
    roles = frozenset[Role]().union(*(ROLES[side] for side in sides))
    chosen = judging.chosen(registry(), roles)
    _check(options)
    wanted = {r.role for r in registry().requirements.values() if r.id not in chosen.left_out}
    _start_bundled(options, [side for side in sides if ROLES[side] & wanted])
    subject = options["emitter"] or options["driver"] or options["receiver"] or f"bundled {' and '.join(sides)}"
    return _play(_arguments(judging, options), judging, subject, roles)


def _sides(options: Mapping[str, Any]) -> list[str]:
    """Return the sides that the options name; both where they name none."""
    named = {
        "emitter": any(options[name] is not None for name in ("emitter", "driver", "broken", "replay")),
        "receiver": any(options[name] is not None for name in ("receiver", "broken_receiver")),
    }
    return [side for side, given in named.items() if given] or list(named)


def _start_bundled(options: Mapping[str, Any], sides: Sequence[str]) -> None:
    """Let what is bundled come up while pytest and the suite are imported."""
    from cgstate.drivers.driver import DriverTrouble  # noqa: PLC0415 - only where it is needed
    from cgstate.drivers.process import start_ahead  # noqa: PLC0415

    with suppress(DriverTrouble):  # the suite starts it again, and tells
        if "emitter" in sides and options["emitter"] is None and options["driver"] is None:
            start_ahead("emitter", options["broken"])
        if "receiver" in sides and options["receiver"] is None:
            start_ahead("receiver", options["broken_receiver"])


def _check(options: Mapping[str, Any]) -> None:
    """Refuse what cannot be used before pytest is imported."""
    for names in (("emitter", "driver", "broken"), ("receiver", "broken_receiver")):
        given = [f"--{name.replace('_', '-')}" for name in names if options[name] is not None]
        if len(given) > 1:
            raise click.UsageError(f"{given[0]} and {given[1]} name two {names[0]}s; give one of them")
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
    arguments = [
        _option(name, each)
        for name, value in options.items()
        for each in (value if isinstance(value, tuple) else (value,))
        if each is not None and each is not False
    ]
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


def _play(arguments: Sequence[str], judging: Judging, subject: str, roles: frozenset[Role]) -> ExitStatus:
    from cgstate.command.apart import play  # noqa: PLC0415 - pytest, late: a wrong option is told at once
    from cgstate.verdict.conclude import Judged  # noqa: PLC0415

    started = time.time()
    with _signals():
        outcome = play(arguments)
    if outcome.usage:
        raise click.UsageError(outcome.usage)
    if outcome.verdict is not None:
        return outcome.verdict.status
    if outcome.status == ExitStatus.USAGE:
        return ExitStatus.USAGE
    return _without_verdict(outcome.status, judging, Judged(subject, "none", started, time.time() - started), roles)


def _without_verdict(status: int, judging: Judging, judged: "Judged", roles: frozenset[Role]) -> ExitStatus:
    """Say and report that the run broke off before anything could be judged."""
    from cgstate.evidence import Evidence, Traits  # noqa: PLC0415 - hardly ever needed
    from cgstate.faces.deliver import deliver  # noqa: PLC0415
    from cgstate.verdict.conclude import conclude  # noqa: PLC0415

    rules = registry()
    chosen = judging.chosen(rules, roles)
    interrupted = "interrupted before the first case" if status == ExitStatus.INTERRUPTED else ""
    failed = "" if interrupted else f"pytest ended with status {int(status)} before the suite could judge"
    verdict = conclude(
        rules,
        Evidence(Traits("a run that broke off", has_bytes=True, has_request=True)),
        [],
        judged,
        judging.facts(chosen, interrupted=interrupted, suite_error=failed),
        roles=roles,
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
