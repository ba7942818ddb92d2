"""The end of a run: what it loaded is unloaded, what it made is taken away, the options are as before."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from cgstate.drivers.driver import Driver, DriverTrouble, Options, Refused, Unreachable
from cgstate.evidence import GroupConfiguration
from cgstate.specification.codes import GroupState

T = TypeVar("T")
_UNLOADED_SOON = (GroupState.NOT_LOADED, GroupState.WAITING_UNLOAD, GroupState.UNLOAD_IN_PROGRESS)
NAMED = 3
"""So many of the groups that share a note are named in it."""


@dataclass
class PuttingBack:
    """What is undone through a driver, and what could not be."""

    driver: Driver
    capabilities: frozenset[str]
    gone: bool
    """Whether the emitter answers no more: then nothing is tried."""
    notes: list[str] = field(default_factory=list)
    """What could not be undone, a line for each kind."""

    def groups(self, loaded: Iterable[GroupConfiguration], created: Iterable[GroupConfiguration]) -> None:
        """Stop and unload what is loaded, then delete what was created."""
        self._each(loaded, self._unload, "still loaded")
        self._each(created, self.driver.delete_group, "still configured")

    def options(self, before: Options | None) -> None:
        """Set the options as they were; None where nobody changed them."""
        if before is None:
            return
        why = self._undone(self.driver.set_options, before)
        if why is not None:
            self.notes.append(_with_reason("the options are not put back", why))

    def _each(
        self, groups: Iterable[GroupConfiguration], undo: Callable[[GroupConfiguration], None], still: str
    ) -> None:
        found = [(group, self._undone(undo, group)) for group in groups]
        left = [(repr(group.name), why) for group, why in found if why is not None]
        if not left:
            return
        names = ", ".join(name for name, _ in left[:NAMED])
        if len(left) == 1:
            said = f"Campaign Group {names} is {still}"
        else:
            more = f" and {len(left) - NAMED} more" if len(left) > NAMED else ""
            said = f"{len(left)} Campaign Groups are {still}: {names}{more}"
        self.notes.append(_with_reason(said, next((why for _, why in left if why), "")))

    def _undone(self, undo: Callable[[T], None], what: T) -> str | None:
        """Undo it; return why that could not be done, empty where nothing new is to be said, or None where it was."""
        if self.gone:
            return ""
        try:
            undo(what)
        except (Refused, DriverTrouble) as error:
            return str(error)
        except Unreachable as error:
            self.gone = True
            return str(error)
        return None

    def _unload(self, group: GroupConfiguration) -> None:
        with suppress(Refused, DriverTrouble):  # it was not running, or the unload has to do without a stop
            self.driver.stop(group)
        try:
            self.driver.unload(group)
        except Refused:
            if "groups" in self.capabilities and self.driver.group_state(group) not in _UNLOADED_SOON:
                raise


def _with_reason(said: str, why: str) -> str:
    return f"{said}: {why}" if why else said
