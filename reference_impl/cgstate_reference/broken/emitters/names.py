"""Wrong about names: other text than the configuration's, or none where there is one."""

import html
import json

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.codes import Action, State
from cgstate_reference.life_cycle import Event
from cgstate_reference.writer import Attributes, Writer

_LONGEST = 255


@deviation(
    "upper-cases-group",
    primary="campaign-group-name.as-configured",
    shows="GSW_CAMPAIGN_GROUP_NAME is not what is configured",
)
class UpperCasesGroup(Writer):
    """Writes the Campaign Group's name in capital letters."""

    def names(self, event: Event) -> Attributes:
        """Return the name as a database that ignores case keeps it."""
        return super().names(event) | {"GSW_CAMPAIGN_GROUP_NAME": event.group.name.upper()[:_LONGEST]}


@deviation(
    "makes-up-group-name",
    primary="campaign-group-name.as-configured",
    shows="GSW_CAMPAIGN_GROUP_NAME is not what is configured",
)
class MakesUpGroupName(Writer):
    """Calls every Campaign Group campaign@group, whatever it is called."""

    def names(self, event: Event) -> Attributes:
        """Return the usual name instead of the configured one."""
        usual = f"{event.group.campaign_name}@{event.group.group_name}"
        return super().names(event) | {"GSW_CAMPAIGN_GROUP_NAME": usual[:_LONGEST]}


@deviation("trims-agent-group", primary="group-name.as-configured", shows="GSW_GROUP_NAME is not what is configured")
class TrimsAgentGroup(Writer):
    """Takes white space off the ends of the group's name."""

    def names(self, event: Event) -> Attributes:
        """Return the name without what is around it."""
        return super().names(event) | {"GSW_GROUP_NAME": event.group.group_name.strip()}


@deviation("replaces-emoji", primary="group-name.as-configured", shows="GSW_GROUP_NAME is not what is configured")
class ReplacesEmoji(Writer):
    """Writes question marks for characters of the group's name that UCS-2 does not have."""

    def names(self, event: Event) -> Attributes:
        """Return the name as a database with two bytes a character keeps it."""
        kept = "".join(one if one <= "\uffff" else "?" for one in event.group.group_name)
        return super().names(event) | {"GSW_GROUP_NAME": kept}


@deviation(
    "escapes-campaign-for-html",
    primary="campaign-name.as-configured",
    shows="GSW_CAMPAIGN_NAME is not what is configured",
)
class EscapesCampaignForHtml(Writer):
    """Escapes the campaign's name for HTML."""

    def names(self, event: Event) -> Attributes:
        """Return the name as a web page needs it."""
        names = super().names(event)
        if event.group.campaign_name is not None:
            names["GSW_CAMPAIGN_NAME"] = html.escape(event.group.campaign_name)[:_LONGEST]
        return names


@deviation(
    "cuts-template-at-255-bytes",
    primary="campaign-template-name.as-configured",
    shows="GSW_CAMPAIGN_TEMPLATE_NAME is not what is configured",
)
class CutsTemplateAt255Bytes(Writer):
    """Cuts the campaign template's name off after 255 bytes."""

    def names(self, event: Event) -> Attributes:
        """Return as much of the name as a column of 255 bytes holds."""
        names = super().names(event)
        if event.group.campaign_template_name is not None:
            kept = event.group.campaign_template_name.encode()[:_LONGEST]
            names["GSW_CAMPAIGN_TEMPLATE_NAME"] = kept.decode(errors="ignore")
        return names


@deviation(
    "campaign-name-for-template",
    primary="campaign-template-name.as-configured",
    shows="GSW_CAMPAIGN_TEMPLATE_NAME is not what is configured",
)
class CampaignNameForTemplate(Writer):
    """Sends the campaign's name in place of the campaign template's, where there are both."""

    def names(self, event: Event) -> Attributes:
        """Return one name twice."""
        names = super().names(event)
        if {"GSW_CAMPAIGN_NAME", "GSW_CAMPAIGN_TEMPLATE_NAME"} <= names.keys():
            names["GSW_CAMPAIGN_TEMPLATE_NAME"] = names["GSW_CAMPAIGN_NAME"]
        return names


@deviation(
    "drops-controls-from-queue", primary="queue-name.as-configured", shows="GSW_QUEUE_NAME is not what is configured"
)
class DropsControlsFromQueue(Writer):
    """Leaves control characters out of the queue's name."""

    def names(self, event: Event) -> Attributes:
        """Return what can be printed in ASCII, and what lies beyond."""
        kept = "".join(one for one in event.group.queue_name if one >= " " and one != "\x7f")
        return super().names(event) | {"GSW_QUEUE_NAME": kept}


@deviation("forgets-tenant", primary="tenant-name.as-configured", shows="GSW_TENANT_NAME is not what is configured")
class ForgetsTenant(Writer):
    """Reports every tenant as undefined, whatever its name."""

    def tenant(self, event: Event) -> Attributes:
        """Return the default in any case."""
        return super().tenant(event) | {"GSW_TENANT_NAME": "undefined"}


@deviation("ccid-for-tenant", primary="tenant-name.as-configured", shows="GSW_TENANT_NAME is not what is configured")
class CcidForTenant(Writer):
    """Sends the contact center id for the tenant's name."""

    def tenant(self, event: Event) -> Attributes:
        """Return the id twice, unless the tenant has no name."""
        tenant = super().tenant(event)
        return tenant if event.group.tenant_name is None else tenant | {"GSW_TENANT_NAME": event.group.tenant_ccid}


@deviation(
    "first-tenant-for-all", primary="tenant-ccid.as-configured", shows="GSW_TENANT_CCID is not what is configured"
)
class FirstTenantForAll(Writer):
    """Keeps the contact center id of the first tenant that it reports, and sends it for all."""

    _first: str | None = None

    def tenant(self, event: Event) -> Attributes:
        """Return the first id."""
        self._first = self._first or event.group.tenant_ccid
        return super().tenant(event) | {"GSW_TENANT_CCID": self._first}


@deviation(
    "ccid-without-dashes", primary="tenant-ccid.as-configured", shows="GSW_TENANT_CCID is not what is configured"
)
class CcidWithoutDashes(Writer):
    """Leaves the dashes out of the contact center id."""

    def tenant(self, event: Event) -> Attributes:
        """Return letters and digits."""
        return super().tenant(event) | {"GSW_TENANT_CCID": event.group.tenant_ccid.replace("-", "")}


@deviation(
    "environment-for-no-tenant",
    primary="tenant-name.undefined",
    shows="GSW_TENANT_NAME is not the literal undefined though no name is set",
)
class EnvironmentForNoTenant(Writer):
    """Reports a tenant whose name is not set as Environment."""

    def tenant(self, event: Event) -> Attributes:
        """Return the name of the tenant that every configuration has."""
        tenant = super().tenant(event)
        return tenant | {"GSW_TENANT_NAME": "Environment"} if event.group.tenant_name is None else tenant


@deviation(
    "loses-campaign-at-unload",
    primary="campaign-name.present-if-configured",
    shows="GSW_CAMPAIGN_NAME is missing though it is configured",
)
class LosesCampaignAtUnload(Writer):
    """Leaves the campaign's name out of the message of an unload: it has let go of the campaign by then."""

    def names(self, event: Event) -> Attributes:
        """Return no campaign of a group that is not loaded any more."""
        names = super().names(event)
        if event.state is State.NOT_LOADED:
            names.pop("GSW_CAMPAIGN_NAME", None)
        return names


@deviation(
    "group-name-for-campaign",
    primary="campaign-name.left-out",
    shows="GSW_CAMPAIGN_NAME is sent though it is not configured",
)
class GroupNameForCampaign(Writer):
    """Sends the Campaign Group's name up to the @ where no campaign name is configured."""

    def names(self, event: Event) -> Attributes:
        """Return a campaign's name in any case."""
        return {"GSW_CAMPAIGN_NAME": event.group.name.partition("@")[0], **super().names(event)}


@deviation(
    "undefined-campaign",
    primary="campaign-name.left-out",
    shows="GSW_CAMPAIGN_NAME is sent though it is not configured",
)
class UndefinedCampaign(Writer):
    """Sends the literal undefined for a campaign name that is not configured, as for tenants."""

    def names(self, event: Event) -> Attributes:
        """Return a campaign's name in any case."""
        return {"GSW_CAMPAIGN_NAME": "undefined", **super().names(event)}


@deviation(
    "template-at-load-only",
    primary="campaign-template-name.present-if-configured",
    shows="GSW_CAMPAIGN_TEMPLATE_NAME is missing though it is configured",
)
class TemplateAtLoadOnly(Writer):
    """Sends the campaign template's name with the load, and not again."""

    def names(self, event: Event) -> Attributes:
        """Return the template's name with a load."""
        names = super().names(event)
        if event.action is not Action.LOAD:
            names.pop("GSW_CAMPAIGN_TEMPLATE_NAME", None)
        return names


@deviation(
    "empty-template-name",
    primary="campaign-template-name.left-out",
    shows="GSW_CAMPAIGN_TEMPLATE_NAME is sent though it is not configured",
)
class EmptyTemplateName(Writer):
    """Sends an empty string for a campaign template name that is not configured."""

    def names(self, event: Event) -> Attributes:
        """Return the template's name in any case."""
        return {"GSW_CAMPAIGN_TEMPLATE_NAME": "", **super().names(event)}


@deviation(
    "template-of-the-group-before",
    primary="campaign-template-name.left-out",
    shows="GSW_CAMPAIGN_TEMPLATE_NAME is sent though it is not configured",
)
class TemplateOfTheGroupBefore(Writer):
    """Sends, for a template name that is not configured, what it sent last."""

    _last: object = None

    def names(self, event: Event) -> Attributes:
        """Return what is left in the buffer."""
        names = super().names(event)
        if self._last is not None:
            names.setdefault("GSW_CAMPAIGN_TEMPLATE_NAME", self._last)
        self._last = names.get("GSW_CAMPAIGN_TEMPLATE_NAME")
        return names


@deviation(
    "campaign-name-for-no-template",
    primary="campaign-template-name.left-out",
    shows="GSW_CAMPAIGN_TEMPLATE_NAME is sent though it is not configured",
)
class CampaignNameForNoTemplate(Writer):
    """Sends the campaign's name where no campaign template name is configured."""

    def names(self, event: Event) -> Attributes:
        """Return the campaign's name, if the template has none."""
        names = super().names(event)
        if "GSW_CAMPAIGN_NAME" in names:
            names.setdefault("GSW_CAMPAIGN_TEMPLATE_NAME", names["GSW_CAMPAIGN_NAME"])
        return names


@deviation(
    "escapes-twice",
    primary="campaign-name.as-configured",
    shows="GSW_CAMPAIGN_NAME is not what is configured",
    consequences={"campaign-name.length": "an escaped character takes six"},
)
class EscapesTwice(Writer):
    """Escapes the non-ASCII characters of the campaign's name twice."""

    def names(self, event: Event) -> Attributes:
        """Return the campaign's name as it would stand in ASCII JSON."""
        names = super().names(event)
        name = names.get("GSW_CAMPAIGN_NAME")
        if isinstance(name, str) and not name.isascii():
            names["GSW_CAMPAIGN_NAME"] = json.dumps(name)[1:-1]
        return names


@deviation("truncates-queue-name", primary="queue-name.as-configured", shows="GSW_QUEUE_NAME is not what is configured")
class TruncatesQueueName(Writer):
    """Cuts queue names off after 64 characters."""

    def names(self, event: Event) -> Attributes:
        """Return a short queue name."""
        return {**super().names(event), "GSW_QUEUE_NAME": event.group.queue_name[:64]}


@deviation(
    "empty-tenant-name",
    primary="tenant-name.undefined",
    shows="GSW_TENANT_NAME is not the literal undefined though no name is set",
)
class EmptyTenantName(Writer):
    """Sends an empty string for a tenant name that is not set."""

    def tenant(self, event: Event) -> Attributes:
        """Return the tenant's name or nothing."""
        return {**super().tenant(event), "GSW_TENANT_NAME": event.group.tenant_name or ""}
