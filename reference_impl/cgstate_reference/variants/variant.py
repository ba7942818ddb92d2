"""What a variant is, and where those that exist are kept: of emitters and of receivers alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from cgstate_reference.register import Parts, Register, replaced

Part = TypeVar("Part", bound=type)


@dataclass(frozen=True, slots=True)
class Variant(Generic[Parts]):
    """One way to be right that whoever judges may not have thought of: it uses a freedom that it has."""

    name: str
    sentence: str
    """What it does otherwise."""
    made_of: tuple[type, ...]
    """Classes that each take the place of a part of an implementation."""
    usual: Parts
    """The classes that the reference implementation is made of."""
    may_warn: frozenset[str] = frozenset()
    """Requirements about time, none of them mandatory, that it may be warned for."""
    leaves: frozenset[str] = frozenset()
    """Requirements that it gives nobody occasion to judge."""

    def parts(self) -> Parts:
        """Return the parts of an implementation that does this otherwise and nothing else."""
        return replaced(self.usual, *self.made_of)


class Variants(Register[Variant[Parts]], Generic[Parts]):
    """The variants of one role, each a class below its name in a module of its theme."""

    def __init__(self, usual: Parts, package: str, themes: Sequence[str]) -> None:
        """Know where they are: modules of `package`. `usual` are the parts of the reference implementation."""
        super().__init__(package, themes)
        self._usual = usual

    def __call__(
        self, name: str, *also: type, may_warn: Sequence[str] = (), leaves: Sequence[str] = ()
    ) -> Callable[[Part], Part]:
        """Register the class below as the variant `name`; the classes `also` belong to it."""

        def register(part: Part) -> Part:
            sentence = (part.__doc__ or "").strip()
            made_of: tuple[type, ...] = (part, *also)
            self.enter(name, Variant(name, sentence, made_of, self._usual, frozenset(may_warn), frozenset(leaves)))
            return part

        return register

    def listed(self) -> str:
        """Return a line for each: its name, what it does otherwise, and what it may be warned for."""
        lines = []
        for name, each in self.found().items():
            warned = f" (may be warned for {', '.join(sorted(each.may_warn))})" if each.may_warn else ""
            lines.append(f"{name:28} {each.sentence}{warned}\n")
        return "".join(lines)
