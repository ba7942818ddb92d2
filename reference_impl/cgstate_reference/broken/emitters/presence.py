"""Wrong about which attributes stand in every message."""

from cgstate_reference.broken.emitters.rewriting import is_periodic, rewrites
from cgstate_reference.codes import Cause, State
from cgstate_reference.life_cycle import Event
from cgstate_reference.writer import Attributes


@rewrites("leaves-out-ccid", primary="tenant-ccid.present", shows="GSW_TENANT_CCID is missing")
def _ccid(attributes: Attributes, _: Event) -> None:
    """Leaves GSW_TENANT_CCID out of periodic messages."""
    if is_periodic(attributes):
        del attributes["GSW_TENANT_CCID"]


@rewrites(
    "leaves-out-campaign-group-name", primary="campaign-group-name.present", shows="GSW_CAMPAIGN_GROUP_NAME is missing"
)
def _campaign_group_name(attributes: Attributes, event: Event) -> None:
    """Leaves GSW_CAMPAIGN_GROUP_NAME out where the campaign is named: that and the group make it up."""
    if event.group.campaign_name is not None:
        del attributes["GSW_CAMPAIGN_GROUP_NAME"]


@rewrites("leaves-out-guid-after-unload", primary="guid.present", shows="GSW_CAMPAIGN_GROUP_GUID is missing")
def _guid(attributes: Attributes, event: Event) -> None:
    """Leaves GSW_CAMPAIGN_GROUP_GUID out of the message of the unload: nothing is loaded any more."""
    if event.state is State.NOT_LOADED:
        del attributes["GSW_CAMPAIGN_GROUP_GUID"]


@rewrites("leaves-out-group-name", primary="group-name.present", shows="GSW_GROUP_NAME is missing")
def _group_name(attributes: Attributes, event: Event) -> None:
    """Leaves GSW_GROUP_NAME out of messages about what it did by itself."""
    if event.cause is not Cause.CLIENT:
        del attributes["GSW_GROUP_NAME"]


@rewrites("leaves-out-queue-name", primary="queue-name.present", shows="GSW_QUEUE_NAME is missing")
def _queue_name(attributes: Attributes, event: Event) -> None:
    """Leaves GSW_QUEUE_NAME out while the Campaign Group does not run, and so uses no queue."""
    if event.state is not State.RUNNING:
        del attributes["GSW_QUEUE_NAME"]


@rewrites("leaves-out-state", primary="state.present", shows="GSW_CAMPAIGN_GROUP_STATE is missing")
def _state(attributes: Attributes, _: Event) -> None:
    """Leaves GSW_CAMPAIGN_GROUP_STATE out of periodic messages: it has not changed."""
    if is_periodic(attributes):
        del attributes["GSW_CAMPAIGN_GROUP_STATE"]


@rewrites("omits-state-zero", primary="state.present", shows="GSW_CAMPAIGN_GROUP_STATE is missing")
def _state_zero(attributes: Attributes, event: Event) -> None:
    """Omits GSW_CAMPAIGN_GROUP_STATE where it is 0, as serializers do that leave out defaults."""
    if event.state is State.NOT_LOADED:
        del attributes["GSW_CAMPAIGN_GROUP_STATE"]


@rewrites("leaves-out-action", primary="action.present", shows="GSW_CAMPAIGN_GROUP_ACTION is missing")
def _action(attributes: Attributes, _: Event) -> None:
    """Leaves GSW_CAMPAIGN_GROUP_ACTION out of periodic messages: no request caused them."""
    if is_periodic(attributes):
        del attributes["GSW_CAMPAIGN_GROUP_ACTION"]


@rewrites("leaves-out-actor", primary="actor.present", shows="GSW_CAMPAIGN_GROUP_ACTOR is missing")
def _actor(attributes: Attributes, event: Event) -> None:
    """Leaves GSW_CAMPAIGN_GROUP_ACTOR out where the schedule acted."""
    if event.cause is Cause.SCHEDULE:
        del attributes["GSW_CAMPAIGN_GROUP_ACTOR"]


@rewrites("leaves-out-time", primary="date-time.present", shows="GSW_DATE_TIME is missing")
def _date_time(attributes: Attributes, _: Event) -> None:
    """Leaves GSW_DATE_TIME out of periodic messages: no action happened."""
    if is_periodic(attributes):
        del attributes["GSW_DATE_TIME"]


@rewrites("leaves-out-tenant-name", primary="tenant-name.present", shows="GSW_TENANT_NAME is missing")
def _tenant_name(attributes: Attributes, event: Event) -> None:
    """Leaves GSW_TENANT_NAME out when it is not set."""
    if event.group.tenant_name is None:
        del attributes["GSW_TENANT_NAME"]


@rewrites(
    "periodic-without-campaign",
    primary="campaign-name.present-if-configured",
    shows="GSW_CAMPAIGN_NAME is missing though it is configured",
)
def _periodic_without_campaign(attributes: Attributes, _: Event) -> None:
    """Leaves the campaign's name out of periodic messages."""
    if is_periodic(attributes):
        attributes.pop("GSW_CAMPAIGN_NAME", None)
