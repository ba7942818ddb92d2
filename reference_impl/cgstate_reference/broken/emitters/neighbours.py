"""Wrong about a Campaign Group that nobody asked for: what is configured wrong there is sent as it is.

A client cannot configure these faults, for the control API refuses them, and of its own groups another rule would tell
that they are not what is configured.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar
from uuid import NAMESPACE_URL, uuid5

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.codes import Action
from cgstate_reference.core import Emitter
from cgstate_reference.group import Dialing, GroupConfiguration
from cgstate_reference.life_cycle import Event, LifeCycle

_NEIGHBOUR = GroupConfiguration(
    campaign_id=1,
    group_id=1,
    name="Renewals@Night shift",
    group_name="Night shift",
    campaign_name="Renewals",
    campaign_template_name="Renewals template",
    queue_name="8001@switch",
    tenant_name="Resources",
    tenant_ccid="17a5b3c2",
    dialing=Dialing(1, 1, 80),
)


class _Neighbour(Emitter):
    """An emitter that reports, with each start, the start of a Campaign Group of somebody else's."""

    group: ClassVar[GroupConfiguration]

    def changed(self, life: LifeCycle, events: Iterable[Event]) -> None:
        """Report the events, and after a start the neighbour's."""
        happened = list(events)
        super().changed(life, happened)
        for event in happened:
            if event.action is Action.START:
                guid = str(uuid5(NAMESPACE_URL, event.guid))
                self.notifier.report(replace(event, group=self.group, guid=guid, dialing=self.group.dialing))


@deviation("nameless-neighbour", primary="campaign-group-name.not-empty", shows="GSW_CAMPAIGN_GROUP_NAME is empty")
class NamelessNeighbour(_Neighbour):
    """Reports a Campaign Group that has an empty name."""

    group = replace(_NEIGHBOUR, name="")


@deviation("neighbour-without-group-name", primary="group-name.not-empty", shows="GSW_GROUP_NAME is empty")
class NeighbourWithoutGroupName(_Neighbour):
    """Reports a Campaign Group whose group has an empty name."""

    group = replace(_NEIGHBOUR, group_name="")


@deviation("neighbour-without-campaign-name", primary="campaign-name.not-empty", shows="GSW_CAMPAIGN_NAME is empty")
class NeighbourWithoutCampaignName(_Neighbour):
    """Reports a Campaign Group whose campaign has an empty name."""

    group = replace(_NEIGHBOUR, campaign_name="")


@deviation(
    "neighbour-without-template-name",
    primary="campaign-template-name.not-empty",
    shows="GSW_CAMPAIGN_TEMPLATE_NAME is empty",
)
class NeighbourWithoutTemplateName(_Neighbour):
    """Reports a Campaign Group whose campaign template has an empty name."""

    group = replace(_NEIGHBOUR, campaign_template_name="")


@deviation("neighbour-without-tenant-name", primary="tenant-name.not-empty", shows="GSW_TENANT_NAME is empty")
class NeighbourWithoutTenantName(_Neighbour):
    """Reports a Campaign Group whose tenant has an empty name."""

    group = replace(_NEIGHBOUR, tenant_name="")


@deviation("neighbour-without-ccid", primary="tenant-ccid.not-empty", shows="GSW_TENANT_CCID is empty")
class NeighbourWithoutCcid(_Neighbour):
    """Reports a Campaign Group whose tenant has an empty contact center id."""

    group = replace(_NEIGHBOUR, tenant_ccid="")


@deviation(
    "neighbour-with-long-tenant-name",
    primary="tenant-name.length",
    shows="GSW_TENANT_NAME is longer than 255 characters",
)
class NeighbourWithLongTenantName(_Neighbour):
    """Reports a Campaign Group whose tenant has a name of 256 characters."""

    group = replace(_NEIGHBOUR, tenant_name="t" * 256)


@deviation(
    "neighbour-by-distribution-time",
    primary="optimize-by.distribution-time-mode",
    shows="GSW_OPTIMIZE_BY is method 4 in a mode other than 10",
)
class NeighbourByDistributionTime(_Neighbour):
    """Reports a Campaign Group that dials in mode 1 by method 4, which belongs to mode 10."""

    group = replace(_NEIGHBOUR, dialing=Dialing(1, 4, 15))


@deviation(
    "neighbour-beyond-hundred",
    primary="optimize-goal.percentage",
    shows="GSW_OPTIMIZE_GOAL is no percentage though the method's goal is one",
)
class NeighbourBeyondHundred(_Neighbour):
    """Reports a Campaign Group whose goal is a busy factor of 101 percent."""

    group = replace(_NEIGHBOUR, dialing=Dialing(5, 1, 101))


@deviation(
    "neighbour-without-patience",
    primary="optimize-goal.seconds",
    shows="GSW_OPTIMIZE_GOAL is negative though the method's goal is in seconds",
)
class NeighbourWithoutPatience(_Neighbour):
    """Reports a Campaign Group whose goal is to wait for -1 second."""

    group = replace(_NEIGHBOUR, dialing=Dialing(1, 3, -1))
