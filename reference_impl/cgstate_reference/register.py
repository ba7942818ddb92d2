"""Named ways in which an implementation may be made otherwise: where they are kept, and how one takes its place."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from importlib import import_module
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Parts = TypeVar("Parts", bound="DataclassInstance")
Entry = TypeVar("Entry")


def replaced(parts: Parts, *others: type) -> Parts:
    """Return `parts`, classes all of them, with each of the others in the place of the one that it is made from."""
    for other in others:
        names = [each.name for each in fields(parts) if issubclass(other, getattr(parts, each.name))]
        if not names:
            raise TypeError(f"{other.__name__} is made from no part of {type(parts).__name__}")
        parts = replace(parts, **{names[0]: other})
    return parts


class Register(Generic[Entry]):
    """Entries by their names, each made in a module of its theme."""

    def __init__(self, package: str, themes: Sequence[str]) -> None:
        """Know where they are: modules of `package`."""
        self._modules = [f"{package}.{theme}" for theme in themes]
        self._by_name: dict[str, Entry] = {}

    def enter(self, name: str, entry: Entry) -> None:
        """Keep an entry; raises `ValueError` where there is one of that name."""
        if name in self._by_name:
            raise ValueError(f"there are two called {name}")
        self._by_name[name] = entry

    def found(self) -> Mapping[str, Entry]:
        """Return all of them by name, in the order of their names."""
        for module in self._modules:
            import_module(module)
        return dict(sorted(self._by_name.items()))
