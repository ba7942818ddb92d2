"""What a deviation is, and where those that exist are kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from cgstate_reference.core import Emitter, Parts
from cgstate_reference.life_cycle import LifeCycle
from cgstate_reference.notifier import Notifier
from cgstate_reference.pacer import Pacer
from cgstate_reference.writer import Writer

Part = type[Emitter | LifeCycle | Writer | Notifier | Pacer]
Broken = TypeVar("Broken", bound=Part)


@dataclass(frozen=True, slots=True)
class Deviation:
    """One way to be wrong: a class that takes the place of a part of the emitter."""

    name: str
    part: Part
    primary: str
    """The requirement it is made to break."""
    consequences: Mapping[str, str] = field(default_factory=dict)
    """Requirements that may fail with it, each with the reason."""

    @property
    def sentence(self) -> str:
        """How it is wrong."""
        return (self.part.__doc__ or "").strip()

    def parts(self) -> Parts:
        """Return the parts of an emitter that is wrong in this way and in no other."""
        if issubclass(self.part, Emitter):
            return replace(Parts(), emitter=self.part)
        if issubclass(self.part, LifeCycle):
            return replace(Parts(), life_cycle=self.part)
        if issubclass(self.part, Writer):
            return replace(Parts(), writer=self.part)
        if issubclass(self.part, Notifier):
            return replace(Parts(), notifier=self.part)
        return replace(Parts(), pacer=self.part)


DEVIATIONS: dict[str, Deviation] = {}
"""By name; filled as the modules of the themes are imported."""


def deviation(name: str, *, primary: str, consequences: Mapping[str, str] | None = None) -> Callable[[Broken], Broken]:
    """Register the class below as the deviation `name`."""

    def register(part: Broken) -> Broken:
        if name in DEVIATIONS:
            raise ValueError(f"there are two deviations called {name}")
        DEVIATIONS[name] = Deviation(name, part, primary, dict(consequences or {}))
        return part

    return register
