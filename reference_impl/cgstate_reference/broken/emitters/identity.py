"""Wrong about the GUID, by which receivers tell Campaign Groups apart."""

from dataclasses import replace
from typing import ClassVar
from uuid import UUID

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.codes import Action, Cause
from cgstate_reference.core import Emitter
from cgstate_reference.group import DialingRequest
from cgstate_reference.life_cycle import Event, LifeCycle
from cgstate_reference.options import Options


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


@deviation(
    "guid-of-the-campaign",
    primary="guid.distinct",
    shows="two groups that are loaded at the same time have one GUID",
)
class GuidOfTheCampaign(LifeCycle):
    """Makes the GUID from the campaign's id: a campaign that is loaded with several groups has one for all."""

    def new_guid(self) -> str:
        """Return what is always the same for the campaign."""
        return str(UUID(int=self.group.campaign_id))


@deviation(
    "guid-of-the-agents",
    primary="guid.distinct",
    shows="two groups that are loaded at the same time have one GUID",
)
class GuidOfTheAgents(LifeCycle):
    """Makes the GUID from the id of the agents' group: those that dial for several campaigns have one for all."""

    def new_guid(self) -> str:
        """Return what is always the same for the agents."""
        return str(UUID(int=self.group.group_id))


@deviation("new-guid-when-turned-on", primary="guid.constant", shows="the GUID changes between load and unload")
class NewGuidWhenTurnedOn(Emitter):
    """Gives every loaded Campaign Group another GUID when the feature is turned on."""

    def set_options(self, options: Options) -> None:
        """Change the options; begin as if nothing had been reported."""
        if options.on and not self.options.on:
            for life in self.groups.values():
                life.guid = life.new_guid()
        super().set_options(options)


@deviation("first-guid-when-periodic", primary="guid.constant", shows="the GUID changes between load and unload")
class FirstGuidWhenPeriodic(LifeCycle):
    """Goes on sending the GUID of the first life of a Campaign Group in periodic messages."""

    _first = ""

    def load(self) -> None:
        """Load, and remember the first GUID."""
        super().load()
        self._first = self._first or self.guid

    def sample(self, at: float) -> Event | None:
        """Return the current state of the first life."""
        event = super().sample(at)
        return None if event is None else replace(event, guid=self._first)
