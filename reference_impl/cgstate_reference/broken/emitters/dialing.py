"""Wrong about dial mode, method and goal."""

from dataclasses import replace

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.codes import Action, Cause, State
from cgstate_reference.group import Dialing, DialingRequest
from cgstate_reference.life_cycle import Event, LifeCycle
from cgstate_reference.writer import Attributes, Writer

_PERCENT = 100


@deviation(
    "configured-mode-after-stop",
    primary="dial-mode.only-when-running",
    shows="GSW_DIAL_MODE is sent though the group is not running",
)
class ConfiguredModeAfterStop(Writer):
    """Sends the dial mode of the configuration when dialing has stopped."""

    def dialing(self, event: Event) -> Attributes:
        """Return the configured mode after a stop."""
        stopped = event.action is Action.STOP and event.state is State.ACTIVE
        return {"GSW_DIAL_MODE": event.group.dialing.mode} if stopped else super().dialing(event)


@deviation(
    "keeps-first-mode",
    primary="dial-mode.as-requested",
    shows="GSW_DIAL_MODE is not what",
    consequences={"dialing.kept": "periodic messages carry the first mode, too"},
)
class KeepsFirstMode(LifeCycle):
    """Dials in the mode of the first start for as long as the group is loaded."""

    def start(self, asked: DialingRequest) -> None:
        """Start, again as before."""
        super().start(DialingRequest() if self.started else asked)


class _SaysWhatWasBefore(LifeCycle):
    """Reports a change of the dial mode with something of what it ends."""

    kept: tuple[str, ...] = ()

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Return the event of a change with what it changes."""
        before = {field: getattr(self.dialing, field) for field in self.kept}
        events = super().request(action, asked, cause, at)
        if action is not Action.SET_DIALING_MODE:
            return events
        return [replace(event, dialing=replace(event.dialing, **before)) for event in events]


@deviation(
    "mode-before-change",
    primary="dial-mode.as-requested",
    shows="GSW_DIAL_MODE is not what",
    consequences={
        "optimize-by.as-requested": "the method before is sent, too",
        "optimize-goal.as-requested": "the goal before is sent, too",
    },
)
class ModeBeforeChange(_SaysWhatWasBefore):
    """Reports a change with the dial mode before it."""

    kept = ("mode", "optimize_by", "optimize_goal")


@deviation(
    "method-before-change",
    primary="optimize-by.as-requested",
    shows="GSW_OPTIMIZE_BY is not what",
    consequences={"optimize-goal.percentage": "the goal that was asked for may be no percentage"},
)
class MethodBeforeChange(_SaysWhatWasBefore):
    """Reports a change of the dial mode with the optimisation method before it."""

    kept = ("optimize_by",)


@deviation("goal-before-change", primary="optimize-goal.as-requested", shows="GSW_OPTIMIZE_GOAL is not what")
class GoalBeforeChange(_SaysWhatWasBefore):
    """Reports a change of the dial mode with the goal before it."""

    kept = ("optimize_goal",)


@deviation(
    "configured-method",
    primary="optimize-by.as-requested",
    shows="GSW_OPTIMIZE_BY is not what",
    consequences={
        "dialing.kept": "periodic messages carry the same method",
        "optimize-goal.percentage": "the goal that was asked for may be no percentage",
    },
)
class ConfiguredMethod(Writer):
    """Sends the optimisation method of the configuration."""

    def dialing(self, event: Event) -> Attributes:
        """Return the configured method where there has to be one."""
        attributes = super().dialing(event)
        if "GSW_OPTIMIZE_BY" in attributes:
            attributes["GSW_OPTIMIZE_BY"] = event.group.dialing.optimize_by
        return attributes


@deviation(
    "goal-in-percent",
    primary="optimize-goal.as-requested",
    shows="GSW_OPTIMIZE_GOAL is not what",
    consequences={"dialing.kept": "periodic messages carry the same goal"},
)
class GoalInPercent(Writer):
    """Takes every goal for a percentage: it sends no more than 100."""

    def dialing(self, event: Event) -> Attributes:
        """Return a goal that is no more than the whole."""
        attributes = super().dialing(event)
        goal = attributes.get("GSW_OPTIMIZE_GOAL")
        return attributes | {"GSW_OPTIMIZE_GOAL": min(goal, _PERCENT)} if isinstance(goal, int) else attributes


@deviation("periodic-as-configured", primary="dialing.kept", shows="of a later message is not the one in force")
class PeriodicAsConfigured(LifeCycle):
    """Sends mode, method and goal of the configuration in periodic messages."""

    def sample(self, at: float) -> Event | None:
        """Return the current state with what is configured."""
        event = super().sample(at)
        return None if event is None else replace(event, dialing=self.group.dialing)


@deviation("periodic-mode-of-the-start", primary="dialing.kept", shows="of a later message is not the one in force")
class PeriodicModeOfTheStart(LifeCycle):
    """Goes on sending mode, method and goal of the start in periodic messages, whatever is changed."""

    _begun: Dialing | None = None

    def start(self, asked: DialingRequest) -> None:
        """Remember what it is started with."""
        super().start(asked)
        self._begun = self.dialing

    def sample(self, at: float) -> Event | None:
        """Return the current state with what was true at the start."""
        event = super().sample(at)
        return event if event is None or self._begun is None else replace(event, dialing=self._begun)


@deviation(
    "rounds-goal",
    primary="optimize-goal.as-requested",
    shows="GSW_OPTIMIZE_GOAL is not what",
    consequences={"dialing.kept": "periodic messages carry the same goal"},
)
class RoundsGoal(Writer):
    """Rounds the goal down to a multiple of five: only a goal that nobody thought of shows it."""

    def dialing(self, event: Event) -> Attributes:
        """Return the goal as a slider with steps of five would."""
        attributes = super().dialing(event)
        goal = attributes.get("GSW_OPTIMIZE_GOAL")
        return attributes | {"GSW_OPTIMIZE_GOAL": goal // 5 * 5} if isinstance(goal, int) else attributes
