"""What was asked of one Campaign Group, step by step, and what is owed for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from cgstate.evidence import Act, Cause, Dialing, GroupConfiguration, Reply
from cgstate.judge.trace.timeline import Timeline
from cgstate.specification import life_cycle
from cgstate.specification.codes import Action, GroupState


class Standing(Enum):
    """What is owed for a request."""

    OWED = auto()
    TOLERATED = auto()
    """It was accepted and changes nothing, or nothing that must be reported: an event may come."""
    UNSURE = auto()
    """The options change about then: an event need not come, and one that comes says what was asked for."""
    REFUSED = auto()
    TROUBLE = auto()
    UNSEEN = auto()
    """The receiver refused connections just then: the event is lost, and stays so."""
    SILENT = auto()
    """The options say that nothing is reported."""


@dataclass(frozen=True, slots=True)
class Step:
    """One act in the life of its group."""

    act: Act
    standing: Standing
    before: GroupState
    after: GroupState
    dialing: Dialing | None
    """Mode, method and goal in force after it; None where undetermined."""
    started: bool
    """Whether the group was started at some time between its load and this act."""
    certain: bool = True
    """Whether the state after it is known: not after trouble, and not after answers that belie the state before."""

    @property
    def binds(self) -> bool:
        """Whether an event of it, where one comes, has to say what was asked for."""
        return self.standing in (Standing.OWED, Standing.UNSURE)

    @property
    def may_stay_silent(self) -> bool:
        """Whether an event of it may come and need not."""
        return self.standing in (Standing.TOLERATED, Standing.UNSURE)

    @property
    def changes(self) -> bool:
        """Whether the group's state is another one after it."""
        return self.before is not self.after


def steps_of(acts: Iterable[Act], group: GroupConfiguration, timeline: Timeline) -> tuple[Step, ...]:
    """Follow the life of a group through what was asked of it, from not loaded."""
    state, started, certain = GroupState.NOT_LOADED, False, True
    configured = Dialing(group.dial_mode, group.optimize_by, group.optimize_goal)
    dialing: Dialing | None = configured
    steps = []
    for act in acts:
        modes = dialing.dial_mode if dialing else None, act.dialing.dial_mode if act.dialing else None
        asked = life_cycle.step(state, act.action, running_mode=modes[0], asked_mode=modes[1])
        before, owed = state, False
        if act.reply is Reply.ACCEPTED:
            owed = certain and asked.event is life_cycle.Event.OWED
            if asked.expected is not None:
                state = asked.expected
                dialing = _in_force(dialing, act, configured, owed=owed)
                started = act.action is not Action.LOAD and (started or act.action is Action.START)
            elif act.action is not Action.UNLOAD:
                dialing = None  # Taken though it changes nothing: nothing says what holds now.
        certain = _is_certain(act, asked, certain=certain)
        steps.append(Step(act, _standing(act, timeline, owed=owed), before, state, dialing, started, certain))
    return tuple(steps)


def _is_certain(act: Act, asked: life_cycle.Step, *, certain: bool) -> bool:
    if act.reply is Reply.TROUBLE:
        return False
    if act.action is Action.SET_DIALING_MODE:
        return certain  # Whatever becomes of it, the state stays as it is.
    if act.reply is Reply.REFUSED:
        # What is lawful is refused where the group is in another state, for example because somebody else has it.
        return certain and not asked.lawful
    return act.action is Action.UNLOAD or (certain and asked.lawful)


def _in_force(before: Dialing | None, act: Act, configured: Dialing, *, owed: bool) -> Dialing | None:
    """Return mode, method and goal after a lawful request; None where they are undetermined."""
    match act.action:
        case Action.LOAD:
            return configured
        case Action.START:
            return act.dialing if act.cause is Cause.CLIENT else _agreed(before, configured)
        case Action.SET_DIALING_MODE:
            same = before is not None and act.dialing is not None and before.dial_mode == act.dialing.dial_mode
            return act.dialing if owed or same else None
        case _:
            return before


def _agreed(before: Dialing | None, configured: Dialing) -> Dialing | None:
    """Return what holds after a start that no client asked for: what the last request and the configuration agree on.

    The facts let a request's mode hold until the next one, the control API lets such a start dial as configured.
    """
    if before is None or before.dial_mode != configured.dial_mode:
        return None
    return Dialing(
        before.dial_mode,
        before.optimize_by if before.optimize_by == configured.optimize_by else None,
        before.optimize_goal if before.optimize_goal == configured.optimize_goal else None,
    )


def _standing(act: Act, timeline: Timeline, *, owed: bool) -> Standing:
    if act.reply is Reply.REFUSED:
        return Standing.REFUSED
    if act.reply is Reply.TROUBLE:
        return Standing.TROUBLE
    reports = timeline.reports_all(act.asked, act.answered)
    if reports is False:
        return Standing.SILENT
    if timeline.window("closed", act.asked):
        return Standing.UNSEEN
    if not owed:
        return Standing.TOLERATED
    return Standing.OWED if reports else Standing.UNSURE
