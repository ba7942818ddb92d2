"""The story of one Campaign Group: what was asked of it, and which message is the event of which request.

The wire does not say whether a message is an event or a periodic one, so this follows what was asked for:
the first message that fits an outstanding request is its event (facts, "An event or a periodic message?").
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from cgstate.evidence import Act, Cause, Dialing, GroupConfiguration, Reply
from cgstate.judge.message import Message
from cgstate.judge.trace import reading
from cgstate.judge.trace.neighbours import with_next
from cgstate.judge.trace.reading import has_statistics
from cgstate.judge.trace.timeline import GRACE, Timeline
from cgstate.specification import life_cycle
from cgstate.specification.codes import Action, GroupState


class Standing(Enum):
    """What is owed for a request."""

    OWED = auto()
    TOLERATED = auto()
    """It was accepted and changes nothing, or nothing that must be reported: an event may come."""
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


@dataclass(frozen=True, slots=True)
class Stray:
    """A message that no request accounts for."""

    message: Message
    repeats: Message | None
    """The earlier event it says again, if any."""


@dataclass(slots=True)
class Story:
    """All messages of one group, each with its place."""

    group: GroupConfiguration
    steps: tuple[Step, ...]
    events: dict[int, Message] = field(default_factory=dict)
    """Act number to its event."""
    misfits: set[int] = field(default_factory=set)
    """Acts whose event does not say what was asked; it was the only message that came."""
    drains: list[tuple[Step, Message]] = field(default_factory=list)
    """States 1 and 2 on the way of an unload."""
    stops: list[tuple[Step, Message]] = field(default_factory=list)
    """The stop that the unload of a running group may report first."""
    periodic: list[Message] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)

    def step_at(self, moment: float) -> Step | None:
        """Return the last step asked before that moment."""
        last = None
        for step in self.steps:
            if step.act.asked > moment:
                break
            last = step
        return last

    def loaded_at(self, moment: float) -> float:
        """Return when the load was asked for that was the last before that moment; 0 where none was."""
        loads = [s.act.asked for s in self.steps if s.act.action is Action.LOAD and s.act.asked <= moment]
        return loads[-1] if loads else 0.0

    def may_be_periodic(self, message: Message, timeline: Timeline) -> bool:
        """Whether the options and the group's load let this message be a periodic one."""
        arrival = message.exchange.arrival or 0.0
        return timeline.may_be_periodic(arrival, self.loaded_at(arrival))

    def unloaded_at(self, moment: float) -> float | None:
        """Return when the message of the last unload before that moment came, if the group is unloaded then."""
        last = self.step_at(moment)
        if last is None or last.act.action is not Action.UNLOAD or last.after is not GroupState.NOT_LOADED:
            return None
        event = self.events.get(last.act.number)
        arrival = event.exchange.arrival if event else None
        return arrival if arrival is not None and arrival <= moment else None


def steps_of(acts: Iterable[Act], group: GroupConfiguration, timeline: Timeline) -> tuple[Step, ...]:
    """Follow the life of a group through what was asked of it, from not loaded."""
    state, started = GroupState.NOT_LOADED, False
    configured = Dialing(group.dial_mode, group.optimize_by, group.optimize_goal)
    dialing: Dialing | None = configured
    steps = []
    for act in acts:
        before, owed = state, False
        if act.reply is Reply.ACCEPTED:
            modes = dialing.dial_mode if dialing else None, act.dialing.dial_mode if act.dialing else None
            next_step = life_cycle.step(state, act.action, running_mode=modes[0], asked_mode=modes[1])
            owed = next_step.event is life_cycle.Event.OWED
            if next_step.expected is not None:
                state = next_step.expected
                dialing = _in_force(dialing, act, configured, owed=owed)
                started = act.action is not Action.LOAD and (started or act.action is Action.START)
            elif act.action is Action.SET_DIALING_MODE:
                dialing = None  # Taken for a group that does not run: nothing says what holds now.
        steps.append(Step(act, _standing(act, timeline, owed=owed), before, state, dialing, started))
    return tuple(steps)


def _in_force(before: Dialing | None, act: Act, configured: Dialing, *, owed: bool) -> Dialing | None:
    """Return mode, method and goal after a lawful request; None where they are undetermined."""
    match act.action:
        case Action.LOAD:
            return configured
        case Action.START:
            return act.dialing if act.cause is Cause.CLIENT else before
        case Action.SET_DIALING_MODE:
            same = before is not None and act.dialing is not None and before.dial_mode == act.dialing.dial_mode
            return act.dialing if owed or same else None
        case _:
            return before


def _standing(act: Act, timeline: Timeline, *, owed: bool) -> Standing:
    if act.reply is Reply.REFUSED:
        return Standing.REFUSED
    if act.reply is Reply.TROUBLE:
        return Standing.TROUBLE
    if not timeline.reports(act.asked):
        return Standing.SILENT
    if timeline.window("closed", act.asked):
        return Standing.UNSEEN
    return Standing.OWED if owed else Standing.TOLERATED


def fits(step: Step, message: Message) -> bool:
    """Whether the message says what was asked for: the ACTION, and a state that may follow it."""
    if reading.action(message) is not step.act.action:
        return False
    state = reading.code(message, reading.STATE)
    match step.act.action:
        case Action.LOAD | Action.STOP:
            return state not in (GroupState.NOT_LOADED, GroupState.RUNNING)
        case Action.START:
            return state == GroupState.RUNNING
        case Action.SET_DIALING_MODE:
            return state == step.after
        case Action.UNLOAD:
            return state == GroupState.NOT_LOADED


def tell(group: GroupConfiguration, acts: Iterable[Act], messages: Iterable[Message], timeline: Timeline) -> Story:
    """Find the place of each message of a group; messages and acts in the order of their numbers."""
    story = Story(group, steps_of(acts, group, timeline))
    for message in messages:
        _place(story, message, timeline)
    _pair_misfits(story)
    return story


def _place(story: Story, message: Message, timeline: Timeline) -> None:
    arrival = message.exchange.arrival or 0.0
    asked = [step for step in story.steps if step.act.asked <= arrival]
    step = _nearest([s for s in asked if s.act.number not in story.events and fits(s, message)], message)
    if step is not None:
        story.events[step.act.number] = message
        return
    outstanding = [s for s in asked if s.standing is Standing.OWED and s.act.number not in story.events]
    if message.value is None and outstanding:
        # An unreadable message where an event is outstanding is most likely that event.
        story.events[outstanding[-1].act.number] = message
        story.misfits.add(outstanding[-1].act.number)
        return
    last = asked[-1] if asked else None
    unload = last if last and last.act.action is Action.UNLOAD and last.after is GroupState.NOT_LOADED else None
    state = reading.code(message, reading.STATE)
    if unload and state in (GroupState.WAITING_UNLOAD, GroupState.UNLOAD_IN_PROGRESS):
        story.drains.append((unload, message))
    elif unload and _is_stop_on_the_way(story, unload, message):
        story.stops.append((unload, message))
    elif _may_be_periodic(story, asked, message, timeline):
        story.periodic.append(message)
    else:
        story.strays.append(Stray(message, _repeated(story, message)))


def _nearest(candidates: list[Step], message: Message) -> Step | None:
    """Return the request that the message's time is nearest to; what is owed goes before what is not."""
    owed = [s for s in candidates if s.standing is Standing.OWED] or [
        s for s in candidates if s.standing is not Standing.REFUSED
    ]
    if len(owed) < 2:  # noqa: PLR2004 - nothing to choose
        return owed[0] if owed else None
    moment = reading.date_time(message)
    return owed[0] if moment is None else min(owed, key=lambda s: abs(s.act.asked - moment))


def _is_stop_on_the_way(story: Story, unload: Step, message: Message) -> bool:
    return (
        unload.before is GroupState.RUNNING
        and unload.act.number not in story.events
        and reading.action(message) is Action.STOP
        and reading.code(message, reading.STATE) not in (GroupState.NOT_LOADED, GroupState.RUNNING)
        and not any(step is unload for step, _ in story.stops)
    )


def _may_be_periodic(story: Story, asked: list[Step], message: Message, timeline: Timeline) -> bool:
    arrival = message.exchange.arrival or 0.0
    by_interval = story.may_be_periodic(message, timeline) or (
        timeline.interval_is_zero(arrival) and has_statistics(message) and not _is_verbatim(story, message)
    )
    if not asked or not by_interval:
        return False
    if reading.code(message, reading.STATE) == GroupState.NOT_LOADED:
        return False
    if asked[-1].after is not GroupState.NOT_LOADED:
        return True
    # Several connections may reorder, so a periodic message may come just after the unload's.
    gone = story.unloaded_at(arrival)
    loaded_before = any(step.after is not GroupState.NOT_LOADED for step in asked)
    return loaded_before and (gone is None or arrival <= gone + GRACE)


def _is_verbatim(story: Story, message: Message) -> bool:
    return any(earlier.exchange.body == message.exchange.body for earlier in story.events.values())


def _repeated(story: Story, message: Message) -> Message | None:
    said = (reading.code(message, reading.ACTION), reading.code(message, reading.STATE))
    for earlier in reversed(story.events.values()):
        same = (reading.code(earlier, reading.ACTION), reading.code(earlier, reading.STATE)) == said
        if (same and message.value is not None) or earlier.exchange.body == message.exchange.body:
            return earlier
    return None


def _pair_misfits(story: Story) -> None:
    """Take a stray for the event of a request that got none before the next request: it says it wrongly."""
    for step, following in with_next(story.steps):
        if step.standing is not Standing.OWED or step.act.number in story.events:
            continue
        for stray in story.strays:
            arrival = stray.message.exchange.arrival or 0.0
            if step.act.asked <= arrival and (following is None or arrival < following.act.asked):
                story.events[step.act.number] = stray.message
                story.misfits.add(step.act.number)
                story.strays.remove(stray)
                break
