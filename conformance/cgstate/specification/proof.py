"""What is on record about the suite itself: ``schemas/proof.json``, shown in the reference page."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from cgstate.specification.data import read

NAME = "proof.json"


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that was measured."""

    name: str
    value: str
    """With its unit."""
    command: str
    """Repeats it, in a checkout."""
    date: str
    """``YYYY-MM-DD``."""


@dataclass(frozen=True, slots=True)
class Proof:
    """All that is on record."""

    killed: Mapping[str, frozenset[str]]
    """``emitter`` and ``receiver`` to the names of the broken ones that the suite has found out."""
    figures: tuple[Figure, ...]

    def updated(self, role: str, tried: Collection[str], killed: Collection[str]) -> "Proof":
        """Return the record with what became of those that were tried."""
        names = (self.killed[role] - set(tried)) | set(killed)
        return Proof({**self.killed, role: frozenset(names)}, self.figures)

    def without(self, role: str, known: Collection[str]) -> "Proof":
        """Return the record without the names that nobody has any more."""
        return Proof({**self.killed, role: self.killed[role] & set(known)}, self.figures)

    def measured(self, figure: Figure) -> "Proof":
        """Return the record with that figure, which takes the place of one of the same name."""
        others = [each for each in self.figures if each.name != figure.name]
        return Proof(self.killed, tuple(sorted((*others, figure), key=lambda each: each.name)))

    def as_text(self) -> str:
        """Return it as the text of the file."""
        document = {
            "$schema": "proof.schema.json",
            "killed": {role: sorted(names) for role, names in sorted(self.killed.items())},
            "figures": [
                {"name": each.name, "value": each.value, "command": each.command, "date": each.date}
                for each in self.figures
            ],
        }
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def proof() -> Proof:
    """Return what is on record."""
    document: dict[str, Any] = json.loads(read(NAME))
    return Proof(
        {role: frozenset(names) for role, names in document["killed"].items()},
        tuple(Figure(**each) for each in document["figures"]),
    )
