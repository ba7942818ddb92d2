"""What the corpus says of each message, as far as a schema can have a say in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from cgstate.sources.corpus import KINDS, body_of, cases

LEFT_OUT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "body.utf8": "its bytes are no text, so there is no value that a schema could be about",
        "body.json": "its text is no JSON: what a lenient parser makes of it is its own invention",
    }
)
"""Why a message that breaks this requirement is not shown to a schema."""

UNREAD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "body.no-byte-order-mark": "RFC 8259 lets a parser refuse the mark",
        "body.no-lone-surrogates": "strings of the language may not be able to hold half of a pair",
        "body.safe-integers": "integers of the language may end before",
    }
)
"""Why a parser may refuse a message that breaks this requirement; one that reads it has read a legal message."""

OBJECT: Final = "body.object"
"""The one rule of layer json that is a rule of the schemas too: anything but an object fails there."""


@dataclass(frozen=True, slots=True)
class Case:
    """A message of the corpus."""

    name: str
    """Folder and file, for example ``invalid/state-true``."""
    body: bytes
    requirement: str
    """The requirement it breaks; empty: none."""
    layer: str

    @property
    def left_out(self) -> str:
        """Why no schema has a say in it; empty: one has."""
        return LEFT_OUT.get(self.requirement, "")

    @property
    def may_be_unread(self) -> bool:
        """Whether a right parser may refuse it."""
        return self.requirement in UNREAD

    @property
    def fails(self) -> tuple[bool, bool]:
        """Whether it fails under the schema of mandatory rules, and under the recommended one.

        A fault of the bytes or of how the JSON is written is gone once that is read: what is left is a legal message.
        """
        if self.layer == "schema" or self.requirement == OBJECT:
            return self.name.startswith("invalid/"), True
        return False, False


def _case(name: str, told: Mapping[str, Any]) -> Case:
    return Case(name, body_of(told), told.get("requirement", ""), told.get("layer", ""))


CASES: Final = tuple(
    _case(f"{kind.removeprefix('messages/')}/{name}", told)
    for kind in KINDS
    if kind.startswith("messages/")
    for name, told in cases(kind).items()
)
