"""Tell rulings as text that people read, and keep it: a report is made of these words.

A fault stands on four lines: the requirement and the sentence, what was expected, what was seen, and the evidence of
each ruling that says so. What is met stands on one line for each requirement, names as they are configured left
out: they hold for every message. Evidence are numbers of messages, the one
to show first, and of requests: ``2+1/3`` is one ruling on the messages 2 and 1 and on request 3, ``/3`` one on request
3 alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cgstate.specification.registry import registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from cgstate.judge.ruling import Ruling


def broken(rulings: Iterable[Ruling]) -> str:
    """Tell what is broken, in the order of the rulings; where several say the same sentence, the first one's words."""
    said: dict[str, str] = {}
    on: dict[str, list[str]] = {}
    for ruling in rulings:
        if ruling.fault is not None:
            sentence = f"{ruling.requirement}: {ruling.fault.sentence}"
            said.setdefault(sentence, f"    expected: {ruling.fault.expected}\n    seen: {ruling.fault.seen}")
            on.setdefault(sentence, []).append(_evidence(ruling))
    return "\n".join(f"  {sentence}\n{words}\n    on: {' '.join(on[sentence])}" for sentence, words in said.items())


def met(rulings: Iterable[Ruling]) -> str:
    """Tell what is met over several messages, a requirement on each line."""
    told: dict[str, list[str]] = {}
    for ruling in rulings:
        if ruling.fault is None and _is_shown_by_several(ruling.requirement):
            told.setdefault(ruling.requirement, []).append(_evidence(ruling))
    return "\n".join(f"  {requirement}: {' '.join(on)}" for requirement, on in sorted(told.items())) or "  nothing"


def _is_shown_by_several(requirement: str) -> bool:
    configured = requirement.endswith((".as-configured", ".present-if-configured"))
    return registry().requirements[requirement].layer == "trace" and not configured


def _evidence(ruling: Ruling) -> str:
    messages, acts = ("+".join(map(str, numbers)) for numbers in (ruling.exchanges, ruling.acts))
    return f"{messages}/{acts}" if acts else messages


def kept(file: Path) -> dict[str, str]:
    """Read what is kept, by title."""
    blocks = file.read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    return dict(block.split("\n", 1) for block in blocks)


def keep(file: Path, titles: Iterable[str], tell: Callable[[str], str]) -> None:
    """Write anew what is kept."""
    file.write_text("\n".join(f"{title}\n{tell(title)}\n" for title in titles), encoding="utf-8")
