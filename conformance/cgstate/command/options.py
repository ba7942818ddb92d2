"""Options that several subcommands share, checked before anything else happens."""

import functools
import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import click

from cgstate.faces.deliver import Reports, UnwritableReport
from cgstate.specification.registry import Registry, Role
from cgstate.verdict.decide import Facts

_LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Judging:
    """How to judge and whom to tell."""

    reports: Reports
    strict: bool
    allow_incomplete: bool
    must_exercise: tuple[str, ...]
    requirement: tuple[str, ...]
    """Ids or prefixes as the user gave them; empty: all."""
    verbose: bool

    def chosen(self, registry: Registry, roles: Collection[Role]) -> "Chosen":
        """Return what the ids and prefixes mean; `click.UsageError` where one means nothing in these roles."""
        wanted = ids("--requirement", self.requirement, registry, roles)
        needed = ids("--must-exercise", self.must_exercise, registry, roles)
        others = [r.id for r in registry.requirements.values() if r.role in roles and r.id not in wanted]
        left_out = dict.fromkeys(others, "--requirement names others") if wanted else {}
        idle = sorted(needed & left_out.keys())
        if idle:
            raise click.UsageError(f"--must-exercise names {idle[0]}, which --requirement leaves out")
        return Chosen(left_out, needed)

    def facts(self, chosen: "Chosen", *, interrupted: str = "", suite_error: str = "") -> Facts:
        """Return what the exit status rests on besides the outcomes; the texts are those of `Facts`."""
        return Facts(
            interrupted=interrupted,
            suite_error=suite_error,
            strict=self.strict,
            allow_incomplete=self.allow_incomplete,
            must_exercise=chosen.must_exercise,
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """What ``--requirement`` and ``--must-exercise`` mean."""

    left_out: Mapping[str, str]
    """Ids that are deselected, with the reason."""
    must_exercise: frozenset[str]


def judging_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a subcommand the options of judging and reporting; it gets one argument `judging`."""

    @click.option("--requirement", "-r", multiple=True, metavar="ID|PREFIX", help="Judge only these; repeatable.")
    @click.option("--must-exercise", multiple=True, metavar="ID|PREFIX", help="Exit 5 unless exercised; repeatable.")
    @click.option("--strict", is_flag=True, help="A warning fails, too.")
    @click.option("--verbose", "-v", is_flag=True, help="List what passed, too.")
    @click.option("--report-json", metavar="FILE|-", help="Write the verdict as JSON (- is standard output).")
    @click.option("--report-junit", metavar="FILE", help="Write the verdict as JUnit XML.")
    @functools.wraps(command)
    def wrapper(
        *,
        requirement: tuple[str, ...],
        must_exercise: tuple[str, ...],
        strict: bool,
        verbose: bool,
        report_json: str | None,
        report_junit: str | None,
        allow_incomplete: bool = True,
        **rest: object,
    ) -> object:
        reports = Reports(report_json, report_junit)
        try:
            reports.check()
        except UnwritableReport as error:
            raise click.UsageError(str(error)) from error
        judging = Judging(reports, strict, allow_incomplete, must_exercise, requirement, verbose)
        return command(judging=judging, **rest)

    return wrapper


def ids(option: str, given: Iterable[str], registry: Registry, roles: Collection[Role]) -> frozenset[str]:
    """Return the ids that these ids and prefixes mean; `click.UsageError` where one means nothing in these roles."""
    found: set[str] = set()
    for each in given:
        named = registry.by_prefix(each) if each else ()
        if not named:
            from cgstate.drivers.nearest import nearest  # noqa: PLC0415 - only a typing error needs it

            raise click.UsageError(f"{option}: no requirement {nearest(each, _names(registry, each))}")
        of_these = {requirement.id for requirement in named if requirement.role in roles}
        if not of_these:
            judged = ", ".join(sorted(roles))
            raise click.UsageError(f"{option} {each}: not judged here; this judges the roles {judged}")
        found |= of_these
    return frozenset(found)


def _names(registry: Registry, given: str) -> Iterable[str]:
    """Return what the user may have meant: whole ids, or the beginnings of ids where no dot was typed."""
    if "." in given:
        return registry.requirements
    return {name.partition(".")[0] for name in registry.requirements}


def seconds(context: click.Context, parameter: click.Parameter, value: float | None) -> float | None:
    """Take a finite number above 0 only: the callback of an option that is a time in seconds."""
    if value is not None and not (math.isfinite(value) and value > 0):
        raise click.BadParameter(f"{value} is no number of seconds above 0", context, parameter)
    return value


_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|)")


def duration(context: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    """Read a time above 0 such as ``60s``, ``500ms``, ``2m`` or ``1.5``, and return its seconds: a callback."""
    if value is None:
        return None
    found = _DURATION.fullmatch(value.strip())
    if found is None or float(found[1]) == 0:
        raise click.BadParameter(f"{value!r} is no time above 0 such as 60s, 500ms or 2m", context, parameter)
    return float(found[1]) * _UNITS[found[2]]


def peer_options(*sides: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a subcommand the credentials and TLS options of these peers; they are checked where they are used.

    A side ``receiver`` gives ``--receiver-header`` and so on; an empty one gives ``--header``.
    """

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for side in reversed(sides):
            begin, whom = (f"--{side}-", f"the {side}: ") if side else ("--", "")
            for option in reversed(
                (
                    click.option(
                        f"{begin}header",
                        multiple=True,
                        metavar="HEADER",
                        help=f"{whom}a header 'Name: value' to send; value may be @FILE or env:NAME. Repeatable.",
                    ),
                    click.option(f"{begin}cacert", metavar="FILE", help=f"{whom}authorities to trust (PEM)."),
                    click.option(f"{begin}cert", metavar="FILE", help=f"{whom}client certificate with its key (PEM)."),
                    click.option(f"{begin}insecure", is_flag=True, help=f"{whom}do not check its certificate."),
                )
            ):
                command = option(command)
        return command

    return add


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int

    def __str__(self) -> str:
        """Return it as it stands in a URI."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def address(context: click.Context, parameter: click.Parameter, value: str) -> Address:
    """Read ``HOST:PORT``, ``[IPv6]:PORT`` or ``PORT`` (of loopback): the callback of ``--listen``."""
    host, colon, port = value.rpartition(":")
    host = (host if colon else "") or "127.0.0.1"
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    # int() takes signs, spaces, underscores and digits of other scripts.
    if not (port.isascii() and port.isdigit()) or int(port) > _LAST_PORT:
        raise click.BadParameter(f"{value!r} is not HOST:PORT with a port from 0 to {_LAST_PORT}", context, parameter)
    if ":" in bare and bare == host:
        raise click.BadParameter(f"{value!r}: an IPv6 address stands in brackets: [::1]:80", context, parameter)
    return Address(bare, int(port))
