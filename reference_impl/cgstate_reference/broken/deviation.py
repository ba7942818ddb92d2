"""What a deviation is, and where those that exist are kept: of emitters and of receivers alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from cgstate_reference.register import Parts, Register, replaced

Broken = TypeVar("Broken", bound=type)


@dataclass(frozen=True, slots=True)
class Deviation(Generic[Parts]):
    """One way to be wrong: a class that takes the place of a part of an implementation."""

    name: str
    part: type
    right: Parts
    """The classes that a right implementation is made of."""
    primary: str
    """The requirement it is made to break."""
    consequences: Mapping[str, str] = field(default_factory=dict)
    """Requirements that may fail with it, each with the reason."""
    shows: str = ""
    """What a judge has to say of the primary requirement, in part: that it fails is not enough, it fails for this."""

    @property
    def sentence(self) -> str:
        """How it is wrong."""
        return (self.part.__doc__ or "").strip()

    def parts(self) -> Parts:
        """Return the parts of an implementation that is wrong in this way and in no other."""
        return replaced(self.right, self.part)


class Deviations(Register[Deviation[Parts]], Generic[Parts]):
    """The deviations of one role, each a class below its name in a module of its theme."""

    def __init__(self, right: Parts, package: str, themes: Sequence[str]) -> None:
        """Know where they are: modules of `package`. `right` are the parts of an implementation that has none."""
        super().__init__(package, themes)
        self._right = right

    def __call__(
        self, name: str, *, primary: str, consequences: Mapping[str, str] | None = None, shows: str = ""
    ) -> Callable[[Broken], Broken]:
        """Register the class below as the deviation `name`."""

        def register(part: Broken) -> Broken:
            self.enter(name, Deviation(name, part, self._right, primary, dict(consequences or {}), shows))
            return part

        return register

    def listed(self) -> str:
        """Return a line for each: its name, the requirement it is made to break, how it is wrong."""
        found = self.found()
        wide = max(map(len, found))
        return "".join(f"{name:{wide}} {each.primary:38} {each.sentence}\n" for name, each in found.items())
