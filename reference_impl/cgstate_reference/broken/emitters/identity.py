"""Wrong about the GUID, by which receivers tell Campaign Groups apart."""

from dataclasses import replace
from typing import ClassVar

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.codes import Action, Cause
from cgstate_reference.group import DialingRequest
from cgstate_reference.life_cycle import Event, LifeCycle


@deviation(
    "guid-of-the-group-before",
    primary="guid.distinct",
    shows="two groups that are loaded at the same time have one GUID",
)
class GuidOfTheGroupBefore(LifeCycle):
    """Gives every second Campaign Group the GUID of the one that was loaded before it."""

    _given: ClassVar[list[str]] = []

    def new_guid(self) -> str:
        """Return a GUID for two."""
        if self._given:
            return self._given.pop()
        guid = super().new_guid()
        self._given.append(guid)
        return guid


@deviation("new-guid-at-unload", primary="guid.constant", shows="the GUID changes between load and unload")
class NewGuidAtUnload(LifeCycle):
    """Reports the end of a Campaign Group under another GUID than its life."""

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Do what is asked; an unload ends something else."""
        events = super().request(action, asked, cause, at)
        return [replace(event, guid=self.new_guid()) for event in events] if action is Action.UNLOAD else events


@deviation("upper-case-guid-when-periodic", primary="guid.constant", shows="the GUID changes between load and unload")
class UpperCaseGuidWhenPeriodic(LifeCycle):
    """Writes the GUID in capital letters in periodic messages, and in small ones in events."""

    def sample(self, at: float) -> Event | None:
        """Return the current state of a group of another spelling."""
        event = super().sample(at)
        return None if event is None else replace(event, guid=event.guid.upper())
