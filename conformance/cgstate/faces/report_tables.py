"""Reports as tables for a person, or as JSON: names are shown escaped, and nothing in them is taken for markup."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import IO, Any

from cgstate.faces.reporting import TIMES
from cgstate.faces.text import printable

_WIDE = 160
"""Columns where the output is no terminal."""
_HEADINGS = {"seconds": "h:mm:ss"}


def print_table(title: str, rows: Iterator[Mapping[str, Any]], out: IO[str]) -> None:
    """Print a table with its title; a line where there are no rows."""
    from rich.console import Console  # noqa: PLC0415 - late: --help is quick
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=out, highlight=False, markup=False, emoji=False, width=None if out.isatty() else _WIDE)
    console.print(Text(title, style="bold"))
    first = next(rows, None)
    if first is None:
        console.print(Text("  nothing to show"))
        return
    table = Table()
    for name in first:
        table.add_column(
            Text(_HEADINGS.get(name, name)),
            justify="right" if isinstance(first[name], float) else "left",
            overflow="fold",
        )
    for row in chain((first,), rows):
        table.add_row(*(Text(printable(_shown(name, value))) for name, value in row.items()))
    console.print(table)


def print_json(reports: Sequence[tuple[str, str, Iterator[Mapping[str, Any]]]], out: IO[str]) -> None:
    """Print one object: name of the report to its title and its rows; times in ISO 8601, UTC."""
    made = {
        name: {
            "title": title,
            "rows": [
                {key: iso(value) if _is_time(key, value) else value for key, value in row.items()} for row in rows
            ],
        }
        for name, title, rows in reports
    }
    out.write(json.dumps(made, indent=2) + "\n")


def iso(seconds: float) -> str:
    """Return a Unix time in ISO 8601, UTC; what no calendar holds as the number it is."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):
        return f"{seconds:.3f}"


def _is_time(name: str, value: object) -> bool:
    return name in TIMES and isinstance(value, int | float)


def _shown(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float) and name in TIMES:
        return iso(value)
    if isinstance(value, int | float) and name == "seconds":
        return _duration(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _duration(seconds: float) -> str:
    """Return a duration like ``3:29:59.750``: hours, minutes, seconds."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    rest = f".{thousandths:03d}" if thousandths else ""
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}{rest}"
