"""The content of a notification: an event as a JSON object in bytes."""

import json
from collections.abc import Mapping

from cgstate_reference.codes import ACTORS, PREDICTIVE, State
from cgstate_reference.life_cycle import Event
from cgstate_reference.statistics import Statistics

Attributes = dict[str, object]


class Writer:
    """Writes notifications; each method answers for one part of the message."""

    def body(self, event: Event, statistics: Statistics | None = None) -> bytes:
        """Return the notification of `event`; a periodic one carries statistics."""
        return self.encoded(self.attributes(event, statistics))

    def attributes(self, event: Event, statistics: Statistics | None) -> Attributes:
        """Return all attributes of the message, in the manual's order."""
        return {
            **self.tenant(event),
            **self.names(event),
            **self.dialing(event),
            "GSW_CAMPAIGN_GROUP_STATE": self.state(event),
            "GSW_CAMPAIGN_GROUP_ACTION": self.action(event),
            "GSW_CAMPAIGN_GROUP_ACTOR": self.actor(event),
            "GSW_DATE_TIME": self.date_time(event),
            **self.statistics(statistics),
        }

    def tenant(self, event: Event) -> Attributes:
        """Return the tenant's attributes; a name that is not set is reported as ``undefined``."""
        name = event.group.tenant_name
        return {
            "GSW_TENANT_NAME": "undefined" if name is None else name,
            "GSW_TENANT_CCID": event.group.tenant_ccid,
        }

    def names(self, event: Event) -> Attributes:
        """Return names and GUID; campaign and template stand there only where they are configured."""
        group = event.group
        names: Attributes = {
            "GSW_CAMPAIGN_GROUP_NAME": group.name,
            "GSW_CAMPAIGN_GROUP_GUID": event.guid,
            "GSW_GROUP_NAME": group.group_name,
        }
        if group.campaign_name is not None:
            names["GSW_CAMPAIGN_NAME"] = group.campaign_name
        if group.campaign_template_name is not None:
            names["GSW_CAMPAIGN_TEMPLATE_NAME"] = group.campaign_template_name
        names["GSW_QUEUE_NAME"] = group.queue_name
        return names

    def dialing(self, event: Event) -> Attributes:
        """Return dial mode, method and goal: of running groups only, the latter two of predictive modes only."""
        if event.state is not State.RUNNING:
            return {}
        dialing = event.dialing
        attributes: Attributes = {"GSW_DIAL_MODE": dialing.mode}
        if dialing.mode in PREDICTIVE:
            attributes["GSW_OPTIMIZE_BY"] = dialing.optimize_by
            attributes["GSW_OPTIMIZE_GOAL"] = dialing.optimize_goal
        return attributes

    def state(self, event: Event) -> object:
        """Return the group's state."""
        return int(event.state)

    def action(self, event: Event) -> object:
        """Return the request that led there."""
        return int(event.action)

    def actor(self, event: Event) -> object:
        """Return who made that request."""
        return ACTORS[event.cause]

    def date_time(self, event: Event) -> str:
        """Return when the action happened: UTC seconds since 1970, to the millisecond."""
        return f"{event.at:.3f}"

    def statistics(self, statistics: Statistics | None) -> Mapping[str, object]:
        """Return the statistics of a periodic message; an event carries none."""
        return statistics or {}

    def encoded(self, attributes: Attributes) -> bytes:
        """Return the attributes as one JSON object in UTF-8."""
        return json.dumps(attributes, ensure_ascii=False, separators=(",", ":")).encode()
