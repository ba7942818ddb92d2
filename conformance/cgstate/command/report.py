"""``cgstate report``: what the notifications in an index of Elasticsearch or OpenSearch say."""

import math
import re
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Unpack

import click

from cgstate.command.index_option import PeerOptions, index_at
from cgstate.command.options import duration, peer_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cgstate.faces.reporting import Span
    from cgstate.sources.elasticsearch import Index

_NAMES = ("current-state", "time-in-state", "dial-mode-changes", "busy-factor", "running-past")
_INTERVAL = re.compile(r"[1-9][0-9]{0,5}(?:ms|s|m|h|d)")
_LATEST = 253_402_300_799
"""The last second of the year 9999."""


def _moment(context: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    """Read Unix seconds, or a date and time of ISO 8601, in UTC where it does not say."""
    if value is None:
        return None
    try:
        seconds = float(value) if re.fullmatch(r"[0-9.]+", value) else _iso(value)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= _LATEST:
        raise click.BadParameter(f"{value!r} is no time: 2026-11-23T09:00:00Z, or Unix seconds", context, parameter)
    return seconds


def _iso(value: str) -> float:
    moment = datetime.fromisoformat(value)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _interval(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if not _INTERVAL.fullmatch(value):
        raise click.BadParameter(f"{value!r} is no length of time such as 30s, 15m, 1h or 1d", context, parameter)
    return value


@click.command()
@click.argument("index", metavar="INDEX")
@click.option("--query", type=click.Choice(_NAMES), help="Only this one.  [default: all]")
@click.option("--limit", default="8h", callback=duration, metavar="TIME", help="How long a group may run.")
@click.option("--interval", default="15m", callback=_interval, metavar="TIME", help="Interval of the busy factor.")
@click.option("--since", callback=_moment, metavar="TIME", help="Count from then on: ISO 8601 (UTC) or Unix seconds.")
@click.option("--until", callback=_moment, metavar="TIME", help="Count up to then.  [default: now]")
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", help="How to print it.")
@peer_options("")
@click.option("--timeout", default="10s", callback=duration, metavar="TIME", help="How long to wait for an answer.")
def report(
    *,
    index: str,
    query: str | None,
    limit: float,
    interval: str,
    since: float | None,
    until: float | None,
    form: str,
    **options: Unpack[PeerOptions],
) -> None:
    """Report on the notifications in an index: states, times in them, dial modes, busy factors, long runs.

    INDEX is its URL, for example http://localhost:9200/campaign-group-states; it needs the index template that
    cgstate elasticsearch-template prints. The queries are documented in schemas/elasticsearch.
    """
    from cgstate.faces.report_tables import print_json, print_table  # noqa: PLC0415 - late: --help is quick
    from cgstate.faces.reporting import Span  # noqa: PLC0415 - the same
    from cgstate.specification.queries import queries  # noqa: PLC0415 - the same

    until = time.time() if until is None else until
    if since is not None and since > until:
        raise click.UsageError("--since is later than --until")
    values = {"since": f"{since or 0:.3f}", "until": f"{until:.3f}", "interval": interval}
    span = Span(until, limit)
    known = queries()
    wanted = [query] if query else _NAMES
    with index_at(index, options) as at:
        at.refresh()
        reports = [(name, known[name].title, _rows(at, name, known[name].request(**values), span)) for name in wanted]
        if form == "json":
            print_json(reports, sys.stdout)
            return
        for position, (_, title, rows) in enumerate(reports):
            if position:
                click.echo()
            print_table(title, rows, sys.stdout)


def _rows(at: "Index", name: str, request: dict[str, Any], span: "Span") -> "Iterator[dict[str, Any]]":
    from cgstate.faces.reporting import REPORTS  # noqa: PLC0415 - late: --help is quick

    made = REPORTS[name]
    return made.rows(at.buckets(request) if made.by_buckets else at.scan(request), span)
