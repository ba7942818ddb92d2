"""``cgstate fixtures``: the corpus of messages and traces, for implementers in any language."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cgstate.command.errors import Stopped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable


@click.command()
@click.option("--copy", "to", metavar="DIR", help="Copy all of it to this folder, which is empty or not there yet.")
def fixtures(*, to: str | None) -> None:
    """Say what the corpus holds, or copy it: one JSON document a case, README.md says how to use it."""
    from cgstate.sources.corpus import KINDS, cases  # noqa: PLC0415 - late: --help is quick
    from cgstate.specification.data import folder  # noqa: PLC0415 - the same

    if to is None:
        for kind in KINDS:
            click.echo(f"{kind:<22}{len(cases(kind)):>4}")
        return
    try:
        count = _copy(folder("fixtures"), Path(to))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise Stopped(f"nothing can be copied to {to}: {reason}") from error
    click.echo(f"{count} files copied to {to}; begin with {Path(to) / 'README.md'}")


def _copy(source: "Traversable", to: Path) -> int:
    """Copy a folder with all that is in it into an empty or new one; return how many files that are."""
    to.mkdir(parents=True, exist_ok=True)
    if any(to.iterdir()):
        raise Stopped(f"nothing is copied: {to} is not empty")
    count = 0
    for names, file in _files(source):
        place = to.joinpath(*names)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.read_bytes())
        count += 1
    return count


def _files(folder: "Traversable", *names: str) -> "Iterator[tuple[tuple[str, ...], Traversable]]":
    """Yield each file in the folder or in one inside, with the names that lead to it."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, *names, entry.name)
        else:
            yield (*names, entry.name), entry
