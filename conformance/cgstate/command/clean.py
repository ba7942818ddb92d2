"""``cgstate clean``: take what the suite sent out of an index of Elasticsearch or OpenSearch again."""

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Unpack

import click

from cgstate.command.errors import Stopped
from cgstate.command.index_option import PeerOptions, index_at
from cgstate.command.options import duration, peer_options
from cgstate.verdict.verdict import ExitStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cgstate.sources.elasticsearch import Hit, Index

_RUN = re.compile(r"(?:cgstate-)?([a-z0-9]{6})-?")
_AT_ONCE = 1000
_RUNS_NAMED = 10


def _run_id(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    found = _RUN.fullmatch(value or "")
    if value is not None and found is None:
        raise click.BadParameter(f"{value!r} is no run id: six small letters and digits", context, parameter)
    return found[1] if found else ""


@click.command()
@click.argument("index", metavar="INDEX")
@click.option("--run", metavar="ID", callback=_run_id, help="Only what this run sent; else what any run sent.")
@click.option("--allow-existing-data", is_flag=True, help="Also where the index holds anything else, which stays.")
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, and delete nothing.")
@peer_options("")
@click.option("--timeout", default="10s", callback=duration, metavar="TIME", help="How long to wait for an answer.")
def clean(
    *, index: str, run: str, allow_existing_data: bool, dry_run: bool, **options: Unpack[PeerOptions]
) -> ExitStatus:
    """Delete the suite's own notifications from an index of Elasticsearch or OpenSearch.

    INDEX is its URL, for example http://localhost:9200/campaign-group-states. The suite's own are those whose GUID,
    or where the GUID was the fault the name of their group, begins with cgstate- and a run id.
    """
    with index_at(index, options) as at:
        at.refresh()
        everything, runs = at.count(), _runs(at)
        others = everything - runs.total()
        click.echo(f"{at.shown}: {_documents(everything)}, {runs.total()} of them sent by the suite{_named(runs)}")
        if others and not allow_existing_data:
            raise Stopped(
                f"nothing is deleted: {at.shown} holds {_documents(others)} that the suite did not send; "
                "--allow-existing-data deletes the suite's own and leaves the others alone"
            )
        wanted = runs[run] if run else runs.total()
        if dry_run:
            click.echo(f"would delete {_documents(wanted)}; {everything - wanted} would stay")
            return ExitStatus.CONFORMS
        deleted = sum(at.delete(some) for some in _batches(at, run)) if wanted else 0
        at.refresh()
        click.echo(f"deleted {_documents(deleted)}; {at.count()} stay")
    return ExitStatus.CONFORMS


def _runs(at: "Index") -> Counter[str]:
    """Return run id to how many documents it sent."""
    return Counter(run for run, _ in _own(at))


def _own(at: "Index") -> "Iterator[tuple[str, Hit]]":
    from cgstate.sources.elasticsearch import run_of, sent_by_suite  # noqa: PLC0415 - late: --help is quick

    for hit in at.hits(sent_by_suite()):
        run = run_of(hit.source)
        if run is not None:
            yield run, hit


def _batches(at: "Index", run: str) -> "Iterator[list[Hit]]":
    own = (hit for of, hit in _own(at) if run in ("", of))
    while some := list(islice(own, _AT_ONCE)):
        yield some


def _named(runs: Counter[str]) -> str:
    if not runs:
        return ""
    named = [f"{run} ({count})" for run, count in runs.most_common(_RUNS_NAMED)]
    more = ["..."] if len(runs) > _RUNS_NAMED else []
    return f", in {'1 run' if len(runs) == 1 else f'{len(runs)} runs'}: {', '.join(named + more)}"


def _documents(count: int) -> str:
    return "1 document" if count == 1 else f"{count} documents"
