"""Wrong about the JSON type of an attribute."""

from cgstate_reference.broken.emitters.rewriting import is_periodic, rewrites
from cgstate_reference.codes import Action, State
from cgstate_reference.life_cycle import Event
from cgstate_reference.writer import Attributes

_MODES = ("NoDialMode", "Predict", "Progress", "Preview", "ProgressAndSeize", "PredictAndSeize")
_OTHER_MODES = ("Power", "PowerAndSeize", "PushPreview", "ProgressGVP", "PredictGVP", "PowerGVP")
_METHODS = ("NoOptimizationMethod", "BusyFactor", "OverdialRate", "WaitTime", "DistributionTime")
_REQUESTS = {
    Action.LOAD: "CM_ReqLoadCampaign",
    Action.UNLOAD: "CM_ReqUnloadCampaign",
    Action.START: "CM_ReqStartDialing",
    Action.STOP: "CM_ReqStopDialing",
    Action.SET_DIALING_MODE: "CM_ReqSetDialingMode",
}


@rewrites("null-tenant-name", primary="tenant-name.string", shows="GSW_TENANT_NAME is not a string")
def _null_tenant_name(attributes: Attributes, event: Event) -> None:
    """Sends null for a tenant name that is not set."""
    attributes["GSW_TENANT_NAME"] = event.group.tenant_name


@rewrites("number-for-ccid", primary="tenant-ccid.string", shows="GSW_TENANT_CCID is not a string")
def _number_for_ccid(attributes: Attributes, _: Event) -> None:
    """Sends the number under which the tenant is stored instead of its contact center id."""
    attributes["GSW_TENANT_CCID"] = 101


@rewrites("name-in-two-parts", primary="campaign-group-name.string", shows="GSW_CAMPAIGN_GROUP_NAME is not a string")
def _name_in_two_parts(attributes: Attributes, event: Event) -> None:
    """Sends GSW_CAMPAIGN_GROUP_NAME as an array of what stands before and after the at sign."""
    attributes["GSW_CAMPAIGN_GROUP_NAME"] = event.group.name.split("@", 1)


@rewrites("guid-in-an-object", primary="guid.string", shows="GSW_CAMPAIGN_GROUP_GUID is not a string")
def _guid_in_an_object(attributes: Attributes, event: Event) -> None:
    """Sends the GUID inside an object that tells its type, as some databases write JSON."""
    attributes["GSW_CAMPAIGN_GROUP_GUID"] = {"$uuid": event.guid}


@rewrites("null-guid-after-unload", primary="guid.string", shows="GSW_CAMPAIGN_GROUP_GUID is not a string")
def _null_guid_after_unload(attributes: Attributes, event: Event) -> None:
    """Sends null for the GUID of a Campaign Group that is not loaded any more."""
    if event.state is State.NOT_LOADED:
        attributes["GSW_CAMPAIGN_GROUP_GUID"] = None


@rewrites("number-for-group-name", primary="group-name.string", shows="GSW_GROUP_NAME is not a string")
def _number_for_group_name(attributes: Attributes, event: Event) -> None:
    """Sends the id of the group in place of its name."""
    attributes["GSW_GROUP_NAME"] = event.group.group_id


@rewrites(
    "null-template-name", primary="campaign-template-name.string", shows="GSW_CAMPAIGN_TEMPLATE_NAME is not a string"
)
def _null_template_name(attributes: Attributes, event: Event) -> None:
    """Sends null for a campaign template name that is not configured."""
    attributes["GSW_CAMPAIGN_TEMPLATE_NAME"] = event.group.campaign_template_name


@rewrites("null-queue-name", primary="queue-name.string", shows="GSW_QUEUE_NAME is not a string")
def _null_queue_name(attributes: Attributes, event: Event) -> None:
    """Sends null for the queue of a Campaign Group that does not run."""
    if event.state is not State.RUNNING:
        attributes["GSW_QUEUE_NAME"] = None


@rewrites("time-as-number", primary="date-time.string", shows="GSW_DATE_TIME is not a string")
def _time_as_number(attributes: Attributes, event: Event) -> None:
    """Sends GSW_DATE_TIME as a number of seconds."""
    attributes["GSW_DATE_TIME"] = round(event.at, 3)


@rewrites("milliseconds-as-integer", primary="date-time.string", shows="GSW_DATE_TIME is not a string")
def _milliseconds_as_integer(attributes: Attributes, event: Event) -> None:
    """Sends GSW_DATE_TIME as an integer number of milliseconds."""
    attributes["GSW_DATE_TIME"] = round(event.at * 1000)


@rewrites("dial-mode-by-name", primary="dial-mode.integer", shows="GSW_DIAL_MODE is not an integer")
def _dial_mode_by_name(attributes: Attributes, event: Event) -> None:
    """Sends the name of the dial mode instead of its code."""
    if "GSW_DIAL_MODE" in attributes:
        attributes["GSW_DIAL_MODE"] = (*_MODES, *_OTHER_MODES)[event.dialing.mode]


@rewrites("dial-mode-as-string", primary="dial-mode.integer", shows="GSW_DIAL_MODE is not an integer")
def _dial_mode_as_string(attributes: Attributes, event: Event) -> None:
    """Sends the dial mode as a string of digits."""
    if "GSW_DIAL_MODE" in attributes:
        attributes["GSW_DIAL_MODE"] = str(event.dialing.mode)


@rewrites("method-as-boolean", primary="optimize-by.integer", shows="GSW_OPTIMIZE_BY is not an integer")
def _method_as_boolean(attributes: Attributes, event: Event) -> None:
    """Sends the optimisation methods 0 and 1 as false and true, as weakly typed languages do."""
    if "GSW_OPTIMIZE_BY" in attributes and event.dialing.optimize_by in {0, 1}:
        attributes["GSW_OPTIMIZE_BY"] = bool(event.dialing.optimize_by)


@rewrites("method-by-name", primary="optimize-by.integer", shows="GSW_OPTIMIZE_BY is not an integer")
def _method_by_name(attributes: Attributes, event: Event) -> None:
    """Sends the optimisation method's name instead of its code."""
    if "GSW_OPTIMIZE_BY" in attributes:
        attributes["GSW_OPTIMIZE_BY"] = _METHODS[event.dialing.optimize_by]


@rewrites("goal-with-percent-sign", primary="optimize-goal.integer", shows="GSW_OPTIMIZE_GOAL is not an integer")
def _goal_with_percent_sign(attributes: Attributes, event: Event) -> None:
    """Sends a goal that is a percentage as text with a percent sign."""
    if "GSW_OPTIMIZE_GOAL" in attributes and event.dialing.optimize_by in {1, 2}:
        attributes["GSW_OPTIMIZE_GOAL"] = f"{event.dialing.optimize_goal} %"


@rewrites("goal-as-fraction", primary="optimize-goal.integer", shows="GSW_OPTIMIZE_GOAL is not an integer")
def _goal_as_fraction(attributes: Attributes, event: Event) -> None:
    """Sends a goal that is a percentage as a fraction of one."""
    if "GSW_OPTIMIZE_GOAL" in attributes and event.dialing.optimize_by in {1, 2}:
        attributes["GSW_OPTIMIZE_GOAL"] = event.dialing.optimize_goal / 100


@rewrites("state-by-name", primary="state.integer", shows="GSW_CAMPAIGN_GROUP_STATE is not an integer")
def _state_by_name(attributes: Attributes, event: Event) -> None:
    """Sends the name of the state instead of its code."""
    attributes["GSW_CAMPAIGN_GROUP_STATE"] = event.state.name


@rewrites("action-by-name", primary="action.integer", shows="GSW_CAMPAIGN_GROUP_ACTION is not an integer")
def _action_by_name(attributes: Attributes, event: Event) -> None:
    """Sends the name of the request instead of its code."""
    attributes["GSW_CAMPAIGN_GROUP_ACTION"] = _REQUESTS[event.action]


@rewrites("null-action", primary="action.integer", shows="GSW_CAMPAIGN_GROUP_ACTION is not an integer")
def _null_action(attributes: Attributes, _: Event) -> None:
    """Sends null for the action of periodic messages, which no request caused."""
    if is_periodic(attributes):
        attributes["GSW_CAMPAIGN_GROUP_ACTION"] = None


@rewrites("actor-by-name", primary="actor.integer", shows="GSW_CAMPAIGN_GROUP_ACTOR is not an integer")
def _actor_by_name(attributes: Attributes, event: Event) -> None:
    """Sends a word for the actor instead of a code."""
    attributes["GSW_CAMPAIGN_GROUP_ACTOR"] = event.cause.value


@rewrites("state-as-string", primary="state.integer", shows="GSW_CAMPAIGN_GROUP_STATE is not an integer")
def _state_as_string(attributes: Attributes, event: Event) -> None:
    """Sends the state as a string of digits."""
    attributes["GSW_CAMPAIGN_GROUP_STATE"] = str(int(event.state))


@rewrites("null-campaign-name", primary="campaign-name.string", shows="GSW_CAMPAIGN_NAME is not a string")
def _null_campaign_name(attributes: Attributes, event: Event) -> None:
    """Sends null for a campaign name that is not configured."""
    attributes["GSW_CAMPAIGN_NAME"] = event.group.campaign_name
