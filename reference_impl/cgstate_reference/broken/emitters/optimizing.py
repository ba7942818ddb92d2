"""Wrong about when dial mode, optimisation method and goal are sent, and what goes with what."""

from cgstate_reference.broken.emitters.rewriting import is_periodic, rewrites
from cgstate_reference.codes import Action
from cgstate_reference.life_cycle import Event
from cgstate_reference.writer import Attributes

_PROGRESS = 2
_PREDICT_GVP = 10
_DISTRIBUTION_TIME = 4
_OTHER = "a periodic message no longer says what the start asked for"


@rewrites(
    "mode-in-events-only",
    primary="dial-mode.present-when-running",
    shows="GSW_DIAL_MODE is missing though the group is running",
)
def _mode_in_events_only(attributes: Attributes, _: Event) -> None:
    """Leaves the dial mode out of periodic messages."""
    if is_periodic(attributes):
        attributes.pop("GSW_DIAL_MODE", None)


@rewrites(
    "changes-without-mode",
    primary="dial-mode.present-when-running",
    shows="GSW_DIAL_MODE is missing though the group is running",
)
def _changes_without_mode(attributes: Attributes, event: Event) -> None:
    """Reports a change of the dial mode without the dial mode."""
    if event.action is Action.SET_DIALING_MODE:
        attributes.pop("GSW_DIAL_MODE", None)


@rewrites(
    "goal-of-every-mode",
    primary="optimize-goal.only-when-predictive",
    shows="GSW_OPTIMIZE_GOAL is sent though no predictive mode is running",
)
def _goal_of_every_mode(attributes: Attributes, event: Event) -> None:
    """Sends the goal of the configuration, without its method, in modes that are not predictive too."""
    if "GSW_DIAL_MODE" in attributes:
        attributes["GSW_OPTIMIZE_GOAL"] = event.dialing.optimize_goal


@rewrites(
    "null-goal",
    primary="optimize-goal.only-when-predictive",
    shows="GSW_OPTIMIZE_GOAL is sent though no predictive mode is running",
)
def _null_goal(attributes: Attributes, _: Event) -> None:
    """Sends null for the goal of a Campaign Group that has none."""
    attributes.setdefault("GSW_OPTIMIZE_GOAL", None)


@rewrites(
    "mode-ten-not-predictive",
    primary="optimize-by.present-when-predictive",
    shows="GSW_OPTIMIZE_BY is missing though a predictive mode is running",
    consequences={"optimize-goal.present-when-predictive": "method and goal are left out together"},
)
def _mode_ten_not_predictive(attributes: Attributes, event: Event) -> None:
    """Mistakes mode 10, PredictGVP, for one that is not predictive."""
    if event.dialing.mode == _PREDICT_GVP:
        attributes.pop("GSW_OPTIMIZE_BY", None)
        attributes.pop("GSW_OPTIMIZE_GOAL", None)


@rewrites(
    "goal-without-method",
    primary="optimize-by.present-when-predictive",
    shows="GSW_OPTIMIZE_BY is missing though a predictive mode is running",
)
def _goal_without_method(attributes: Attributes, _: Event) -> None:
    """Leaves the optimisation method out and sends the goal alone."""
    attributes.pop("GSW_OPTIMIZE_BY", None)


@rewrites(
    "omits-method-zero",
    primary="optimize-by.present-when-predictive",
    shows="GSW_OPTIMIZE_BY is missing though a predictive mode is running",
)
def _omits_method_zero(attributes: Attributes, _: Event) -> None:
    """Omits the optimisation method where it is 0, as serializers do that leave out defaults."""
    if attributes.get("GSW_OPTIMIZE_BY") == 0:
        del attributes["GSW_OPTIMIZE_BY"]


@rewrites(
    "omits-goal-zero",
    primary="optimize-goal.present-when-predictive",
    shows="GSW_OPTIMIZE_GOAL is missing though a predictive mode is running",
)
def _omits_goal_zero(attributes: Attributes, _: Event) -> None:
    """Omits the goal where it is 0, as serializers do that leave out defaults."""
    if attributes.get("GSW_OPTIMIZE_GOAL") == 0:
        del attributes["GSW_OPTIMIZE_GOAL"]


@rewrites(
    "method-without-goal",
    primary="optimize-goal.present-when-predictive",
    shows="GSW_OPTIMIZE_GOAL is missing though a predictive mode is running",
)
def _method_without_goal(attributes: Attributes, _: Event) -> None:
    """Leaves the goal out of periodic messages and sends the optimisation method alone."""
    if is_periodic(attributes):
        attributes.pop("GSW_OPTIMIZE_GOAL", None)


@rewrites(
    "periodic-distribution-time",
    primary="optimize-by.distribution-time-mode",
    shows="GSW_OPTIMIZE_BY is method 4 in a mode other than 10",
    consequences={"dialing.kept": _OTHER},
)
def _periodic_distribution_time(attributes: Attributes, _: Event) -> None:
    """Sends method 4, DistributionTime, in periodic messages whatever the dial mode and the method."""
    if is_periodic(attributes) and "GSW_OPTIMIZE_BY" in attributes:
        attributes["GSW_OPTIMIZE_BY"] = _DISTRIBUTION_TIME


@rewrites(
    "periodic-goal-in-per-mille",
    primary="optimize-goal.percentage",
    shows="GSW_OPTIMIZE_GOAL is no percentage though the method's goal is one",
    consequences={"dialing.kept": _OTHER},
)
def _periodic_goal_in_per_mille(attributes: Attributes, event: Event) -> None:
    """Sends goals in per mille in periodic messages."""
    if is_periodic(attributes) and "GSW_OPTIMIZE_GOAL" in attributes:
        attributes["GSW_OPTIMIZE_GOAL"] = event.dialing.optimize_goal * 10


@rewrites(
    "keeps-dial-mode-after-stop",
    primary="dial-mode.only-when-running",
    shows="GSW_DIAL_MODE is sent though the group is not running",
)
def _keeps_dial_mode_after_stop(attributes: Attributes, event: Event) -> None:
    """Goes on sending the dial mode when dialing has stopped."""
    if event.action is Action.STOP:
        attributes["GSW_DIAL_MODE"] = event.dialing.mode


@rewrites(
    "null-dial-mode",
    primary="dial-mode.only-when-running",
    shows="GSW_DIAL_MODE is sent though the group is not running",
)
def _null_dial_mode(attributes: Attributes, _: Event) -> None:
    """Sends null for the dial mode of a group that is not running."""
    attributes.setdefault("GSW_DIAL_MODE", None)


@rewrites(
    "optimizes-progressive",
    primary="optimize-by.only-when-predictive",
    shows="GSW_OPTIMIZE_BY is sent though no predictive mode is running",
    consequences={"optimize-goal.only-when-predictive": "method and goal are sent together"},
)
def _optimizes_progressive(attributes: Attributes, event: Event) -> None:
    """Sends optimisation method and goal in mode 2, Progress, too."""
    if attributes.get("GSW_DIAL_MODE") == _PROGRESS:
        attributes["GSW_OPTIMIZE_BY"] = event.dialing.optimize_by
        attributes["GSW_OPTIMIZE_GOAL"] = event.dialing.optimize_goal


@rewrites(
    "optimizes-when-stopped",
    primary="optimize-by.only-when-predictive",
    shows="GSW_OPTIMIZE_BY is sent though no predictive mode is running",
    consequences={"optimize-goal.only-when-predictive": "method and goal are sent together"},
)
def _optimizes_when_stopped(attributes: Attributes, event: Event) -> None:
    """Goes on sending optimisation method and goal when dialing has stopped."""
    if event.action is Action.STOP:
        attributes["GSW_OPTIMIZE_BY"] = event.dialing.optimize_by
        attributes["GSW_OPTIMIZE_GOAL"] = event.dialing.optimize_goal
