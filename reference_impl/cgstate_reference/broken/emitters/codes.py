"""Wrong about the codes of an enumeration."""

from cgstate_reference.broken.emitters.rewriting import is_periodic, rewrites
from cgstate_reference.codes import PREDICTIVE, Action, Cause, State
from cgstate_reference.life_cycle import Event
from cgstate_reference.writer import Attributes

_STOPPED = 6
_FORCED_UNLOAD = 29
_FLAG = 0x100


@rewrites("stopped-as-state-six", primary="state.known-code", shows="GSW_CAMPAIGN_GROUP_STATE is no known code")
def _stopped_as_state_six(attributes: Attributes, event: Event) -> None:
    """Has a state of its own, 6, for a Campaign Group that was stopped."""
    if event.action is Action.STOP and event.state is State.ACTIVE:
        attributes["GSW_CAMPAIGN_GROUP_STATE"] = _STOPPED


@rewrites("forced-unload", primary="action.known-code", shows="GSW_CAMPAIGN_GROUP_ACTION is no known code")
def _forced_unload(attributes: Attributes, event: Event) -> None:
    """Sends 29, CM_ReqForceUnloadCampaign, where a condition unloads the Campaign Group."""
    if event.action is Action.UNLOAD and event.cause is Cause.CONDITION:
        attributes["GSW_CAMPAIGN_GROUP_ACTION"] = _FORCED_UNLOAD


@rewrites("no-request-as-zero", primary="action.known-code", shows="GSW_CAMPAIGN_GROUP_ACTION is no known code")
def _no_request_as_zero(attributes: Attributes, _: Event) -> None:
    """Sends 0 for the action of periodic messages, which no request caused."""
    if is_periodic(attributes):
        attributes["GSW_CAMPAIGN_GROUP_ACTION"] = 0


@rewrites("flag-in-dial-mode", primary="dial-mode.known-code", shows="GSW_DIAL_MODE is no known code")
def _flag_in_dial_mode(attributes: Attributes, event: Event) -> None:
    """Sets a bit of its own in the code of predictive dial modes."""
    if "GSW_DIAL_MODE" in attributes and event.dialing.mode in PREDICTIVE:
        attributes["GSW_DIAL_MODE"] = event.dialing.mode | _FLAG


@rewrites("no-method-as-minus-one", primary="optimize-by.known-code", shows="GSW_OPTIMIZE_BY is no known code")
def _no_method_as_minus_one(attributes: Attributes, _: Event) -> None:
    """Sends -1 instead of 0 for no optimisation method."""
    if attributes.get("GSW_OPTIMIZE_BY") == 0:
        attributes["GSW_OPTIMIZE_BY"] = -1


@rewrites("nobody-as-minus-one", primary="actor.not-negative", shows="GSW_CAMPAIGN_GROUP_ACTOR is negative")
def _nobody_as_minus_one(attributes: Attributes, _: Event) -> None:
    """Sends -1 for the actor of periodic messages, for nobody acted."""
    if is_periodic(attributes):
        attributes["GSW_CAMPAIGN_GROUP_ACTOR"] = -1
