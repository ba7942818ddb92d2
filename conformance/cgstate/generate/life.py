"""The life of one Campaign Group as a value: what is asked of it, step by step, and what is lawful; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from cgstate.evidence import Cause, Dialing
from cgstate.generate.group import GroupChoice
from cgstate.specification import life_cycle
from cgstate.specification.codes import MODE_CHANGES, PREDICTIVE, Action, DialMode, GroupState, OptimizationMethod


class BadLifeCycle(ValueError):  # noqa: N818 - named for the fact
    """A life cycle that is not lawful, or not readable. The text says why, in one line."""


_REQUESTS = {action.request: action for action in Action}


@dataclass(frozen=True, slots=True)
class Step:
    """One request."""

    action: Action
    dialing: Dialing | None = None
    """What a client's start or set-dialing-mode asks for; an automatic start takes what is in force."""
    cause: Cause = Cause.CLIENT

    @property
    def words(self) -> str:
        """For example ``start (mode 1, method 1, goal 80) by schedule``."""
        text = self.action.words
        if self.dialing is not None:
            parts = [f"mode {self.dialing.dial_mode}"]
            if self.dialing.optimize_by is not None:
                parts.append(f"method {self.dialing.optimize_by}")
            if self.dialing.optimize_goal is not None:
                parts.append(f"goal {self.dialing.optimize_goal}")
            text += f" ({', '.join(parts)})"
        return text if self.cause is Cause.CLIENT else f"{text} by {self.cause}"


@dataclass(frozen=True, slots=True)
class Moment:
    """A step with what holds after it."""

    step: Step
    state: GroupState
    dialing: Dialing
    """The dialing in force: of the last start or set-dialing-mode, else of the configuration."""
    drains: bool
    """Whether the group goes by way of states 1 and 2: an unload after a start, of a group that drains."""


@dataclass(frozen=True, slots=True)
class LifeCycle:
    """A Campaign Group and what is asked of it, one request after the other."""

    steps: tuple[Step, ...]
    group: GroupChoice = field(default_factory=GroupChoice)

    @property
    def words(self) -> str:
        """The steps in words."""
        return ", ".join(step.words for step in self.steps)

    def moments(self) -> Iterator[Moment]:
        """Walk the life; `BadLifeCycle` at the first step that is not lawful."""
        state = GroupState.NOT_LOADED
        configured = _configured(self.group)
        dialing, started = configured, False
        for number, step in enumerate(self.steps, 1):
            fault = _fault(step, state, dialing)
            if fault:
                raise BadLifeCycle(f"step {number}, {step.words}: {fault}")
            state = after(state, step.action)
            if step.action is Action.LOAD:
                dialing, started = configured, False
            dialing = step.dialing or dialing
            started = started or step.action is Action.START
            drains = step.action is Action.UNLOAD and started and self.group.drain_seconds > 0
            yield Moment(step, state, dialing, drains)

    def check(self) -> None:
        """Raise `BadLifeCycle`, with one line, where this life is not lawful or does not end in an unload."""
        state = GroupState.NOT_LOADED
        for moment in self.moments():
            state = moment.state
        if not self.steps or state is not GroupState.NOT_LOADED:
            raise BadLifeCycle("the life does not end in an unload")

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values, for a report and for replaying."""
        return {"group": self.group.as_json(), "steps": [_step_as_json(step) for step in self.steps]}

    @classmethod
    def from_json(cls, document: object) -> Self:
        """Read what `as_json` wrote; `BadLifeCycle` with one line where it is something else or not lawful."""
        if not isinstance(document, Mapping) or not isinstance(document.get("steps"), list):
            raise BadLifeCycle("a life cycle is an object with an array of steps")
        group = document.get("group", {})
        if not isinstance(group, Mapping):
            raise BadLifeCycle("group is no object")
        steps = tuple(_step_from_json(number, step) for number, step in enumerate(document["steps"], 1))
        try:
            made = cls(steps, GroupChoice.from_json(group))
        except ValueError as error:
            raise BadLifeCycle(str(error)) from error
        made.check()
        return made


def after(state: GroupState, action: Action) -> GroupState:
    """Return the state that a lawful request leads to, once all calls are drained."""
    expected = life_cycle.step(state, action).expected
    return state if expected is None else expected


def may_change(before: int, after: int) -> bool:
    """Whether a running group may go from one dial mode to the other: the documented pairs, or the goal only."""
    return (before, after) in MODE_CHANGES or (before == after and before in PREDICTIVE)


def _configured(group: GroupChoice) -> Dialing:
    if group.dial_mode in PREDICTIVE:
        return Dialing(group.dial_mode, group.optimize_by, group.optimize_goal)
    return Dialing(group.dial_mode)


def _fault(step: Step, state: GroupState, dialing: Dialing) -> str:
    asked = life_cycle.step(state, step.action)
    if not asked.lawful:
        return asked.why
    if step.action is Action.SET_DIALING_MODE:
        if step.cause is not Cause.CLIENT or step.dialing is None:
            return "only a client says a dialing mode"
        if not may_change(dialing.dial_mode, step.dialing.dial_mode):
            return f"a change from mode {dialing.dial_mode} is not documented"
    elif (step.dialing is not None) != (step.action is Action.START and step.cause is Cause.CLIENT):
        return "a client's start has a dialing and nothing else has"
    return _dialing_fault(step.dialing) if step.dialing is not None else ""


def _dialing_fault(dialing: Dialing) -> str:
    predictive = dialing.dial_mode in PREDICTIVE
    if dialing.dial_mode not in {int(mode) for mode in DialMode}:
        return "no such dial mode"
    if (dialing.optimize_by is not None, dialing.optimize_goal is not None) != (predictive, predictive):
        return "method and goal belong to the predictive modes, and both to each"
    if predictive and dialing.optimize_by not in {int(method) for method in OptimizationMethod}:
        return "no such optimization method"
    return ""


def _step_as_json(step: Step) -> dict[str, Any]:
    written: dict[str, Any] = {"request": step.action.request, "cause": step.cause.value}
    if step.dialing is not None:
        written["dialMode"] = step.dialing.dial_mode
        if step.dialing.optimize_by is not None:
            written["optimizeBy"] = step.dialing.optimize_by
        if step.dialing.optimize_goal is not None:
            written["optimizeGoal"] = step.dialing.optimize_goal
    return written


def _step_from_json(number: int, step: object) -> Step:
    if not isinstance(step, Mapping) or step.get("request") not in _REQUESTS:
        raise BadLifeCycle(f"step {number} has no request of {', '.join(_REQUESTS)}")
    cause = step.get("cause", Cause.CLIENT.value)
    if cause not in {known.value for known in Cause}:
        raise BadLifeCycle(f"step {number} has an unknown cause")
    for unknown in sorted(set(step) - {"request", "cause", "dialMode", "optimizeBy", "optimizeGoal"}):
        raise BadLifeCycle(f"step {number} has an unknown key {unknown!r}")
    numbers = [step.get(key) for key in ("dialMode", "optimizeBy", "optimizeGoal")]
    if any(isinstance(value, bool) or not isinstance(value, int | None) for value in numbers):
        raise BadLifeCycle(f"step {number}: dialMode, optimizeBy and optimizeGoal are integers")
    mode, method, goal = numbers
    if mode is None and (method, goal) != (None, None):
        raise BadLifeCycle(f"step {number} has no dialMode")
    return Step(_REQUESTS[step["request"]], None if mode is None else Dialing(mode, method, goal), Cause(cause))
