"""Which modules are mutated, and which folders of selftests are run for them."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

CONFORMANCE = Path(__file__).parents[2]

ROOMS = {
    "cgstate.judge.trace": ("judge_trace",),
    "cgstate.judge.receiver": ("judge_receiver", "verdict"),
    "cgstate.verdict": ("verdict",),
    "cgstate.judge.judge": ("judge_trace",),
    "cgstate.judge.stream": ("judge_trace",),
    "cgstate.judge": ("judge_message",),
}
"""The folders of selftests that are run for the modules whose names begin so: the first one that fits counts."""


def modules_like(patterns: Iterable[str]) -> dict[str, Path]:
    """Return the modules whose names fit."""
    found = {}
    for folder in ("judge", "verdict"):
        for path in sorted((CONFORMANCE / "cgstate" / folder).rglob("*.py")):
            parts = path.relative_to(CONFORMANCE).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            if any(fnmatch(name, pattern) for pattern in patterns):
                found[name] = path
    return found


def rooms_of(module: str) -> tuple[str, ...]:
    """Return the folders of selftests for this module."""
    return next(rooms for begin, rooms in ROOMS.items() if module.startswith(begin))
