"""The story of one Campaign Group: what was asked of it, and which message is the event of which request.

The wire does not say whether a message is an event or a periodic one, so this follows what was asked for:
the first message that fits an outstanding request is its event (facts, "An event or a periodic message?").
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf

from cgstate.evidence import Act, GroupConfiguration
from cgstate.judge.message import Message
from cgstate.judge.trace import reading
from cgstate.judge.trace.neighbours import with_next
from cgstate.judge.trace.pairing import answered_by, contradicts_dialing, fits, repeated, says_the_same
from cgstate.judge.trace.reading import arrival_of, has_statistics
from cgstate.judge.trace.steps import Standing, Step, steps_of
from cgstate.judge.trace.timeline import GRACE, Timeline
from cgstate.specification.codes import Action, GroupState

__all__ = ["Standing", "Step", "Story", "Stray", "adopt", "fits", "steps_of", "tell"]

_DRAINING = (GroupState.WAITING_UNLOAD, GroupState.UNLOAD_IN_PROGRESS)


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
    undetermined: list[Message] = field(default_factory=list)
    """What came while nobody knew the group's state: it is held against nothing but the configuration."""
    strays: list[Stray] = field(default_factory=list)

    def step_at(self, moment: float) -> Step | None:
        """Return the last step asked before that moment."""
        last = None
        for step in self.steps:
            if step.act.asked > moment:
                break
            last = step
        return last

    def change_at(self, moment: float) -> Step | None:
        """Return the last step asked before that moment that changed the group's state."""
        return next((s for s in reversed(self.steps) if s.act.asked <= moment and s.changes), None)

    def loaded_at(self, moment: float) -> float:
        """Return when the load was asked for that was the last before that moment; 0 where none was."""
        loads = (s for s in reversed(self.steps) if s.act.action is Action.LOAD and s.changes)
        return next((s.act.asked for s in loads if s.act.asked <= moment), 0.0)

    def may_be_periodic(self, message: Message, timeline: Timeline) -> bool:
        """Whether the options and the group's load let this message be a periodic one."""
        arrival = arrival_of(message)
        by_interval = timeline.may_be_periodic(arrival, self.loaded_at(arrival))
        return by_interval or self.may_be_first_sample(message, timeline)

    def may_be_first_sample(self, message: Message, timeline: Timeline) -> bool:
        """Whether it may be the first periodic message of an interval however long.

        When that comes is open, so it may come at once: within a second after the load or its event, or after the
        options changed. It carries statistics and is no event said again.
        """
        arrival = arrival_of(message)
        if not has_statistics(message) or self.is_verbatim(message):
            return False
        load = next((s for s in reversed(self.steps) if s.act.action is Action.LOAD and s.act.asked <= arrival), None)
        if load is None or not timeline.samples(arrival):
            return False
        event = self.events.get(load.act.number)
        reported = arrival if event is None else arrival_of(event)
        return arrival <= max(load.act.answered, reported, timeline.changed_before(arrival)) + GRACE

    def is_verbatim(self, message: Message) -> bool:
        """Whether it is an earlier event to the last byte."""
        return any(e.exchange.body == message.exchange.body and e is not message for e in self.events.values())

    def leaving_at(self, moment: float) -> Step | None:
        """Return the unload that the group is on the way of.

        Several connections may reorder, so its messages may come within a second after its end or the next load.
        """
        changes = [s for s in self.steps if s.act.asked <= moment and s.changes]
        for step, following in reversed(list(with_next(changes))):
            if step.act.action is Action.UNLOAD:
                event = self.events.get(step.act.number)
                ends = [following.act.asked] if following else []
                ends += [arrival_of(event)] if event else []
                return step if moment <= min(ends, default=moment) + GRACE else None
        return None

    def unloaded_at(self, moment: float) -> float | None:
        """Return when the message of the last unload before that moment came, if the group is unloaded then."""
        last = self.change_at(moment)
        if last is None or last.act.action is not Action.UNLOAD:
            return None
        event = self.events.get(last.act.number)
        return arrival_of(event) if event is not None and arrival_of(event) <= moment else None

    def outstanding_since(self, moment: float) -> float:
        """Return when the last request before that moment was asked whose event is missing; minus infinity: none."""
        missing = (s.act.asked for s in self.steps if s.standing is Standing.OWED and s.act.number not in self.events)
        return max((asked for asked in missing if asked <= moment), default=-inf)

    def certain_at(self, moment: float) -> bool:
        """Whether the group's state is known then, and was a second ago."""
        before = [s for s in self.steps if s.act.asked <= moment]
        if not before:
            # Where the first load is refused somebody else has the group.
            return not self.steps or self.steps[0].standing is not Standing.REFUSED or self.steps[0].certain
        recent = [
            s for s, following in with_next(before) if following is None or moment <= following.act.answered + GRACE
        ]
        return all(s.certain for s in recent)


def tell(group: GroupConfiguration, acts: Iterable[Act], messages: Iterable[Message], timeline: Timeline) -> Story:
    """Find the place of each message of a group; messages and acts in the order of their numbers."""
    story = Story(group, steps_of(acts, group, timeline))
    for message in messages:
        _place(story, message, timeline)
    _prefer_owed(story)
    _pair_misfits(story)
    return story


def _place(story: Story, message: Message, timeline: Timeline) -> None:
    arrival = arrival_of(message)
    asked = [step for step in story.steps if step.act.asked <= arrival]
    open_to_it = [s for s in asked if s.act.number not in story.events and fits(s, message)]
    step = answered_by(message, open_to_it, story.steps, story.events)
    if (
        step is not None
        and has_statistics(message)
        and (step.may_stay_silent or step.standing is Standing.SILENT or _is_of_before(story, step, message))
    ):
        # A periodic message may name a request that changed nothing, or that was never reported since the feature was
        # off, or tell the time of the action before; where none may come it is the event, for statistics may stand in
        # any.
        may_be_periodic = story.may_be_periodic(message, timeline) and _may_be_periodic(story, asked, message, timeline)
        step = None if may_be_periodic else step
    if step is not None:
        story.events[step.act.number] = message
        return
    if message.value is None and adopt(story, message):
        return
    unload = story.leaving_at(arrival)
    if unload is not None and _is_on_the_way(story, unload, message, timeline):
        return
    if not story.certain_at(arrival):
        story.undetermined.append(message)
    elif _may_be_periodic(story, asked, message, timeline) or (
        asked and _was_overtaken(story, asked[-1], message, timeline)
    ):
        _take_for_periodic(story, asked[-1], message)
    else:
        said = (*story.events.values(), *(m for _, m in (*story.stops, *story.drains)))
        story.strays.append(Stray(message, repeated(message, said)))


def _is_of_before(story: Story, step: Step, message: Message) -> bool:
    """Whether its own time is earlier than that of an event before the step: then it is not the step's."""
    moment = reading.date_time(message)
    told = (reading.date_time(event) for number, event in story.events.items() if number < step.act.number)
    return moment is not None and any(earlier is not None and moment < earlier for earlier in told)


def adopt(story: Story, message: Message) -> bool:
    """Take an unreadable message for the event that is outstanding: most likely it is that one."""
    arrival = arrival_of(message)
    for step in reversed(story.steps):
        owed = step.standing is Standing.OWED and step.act.number not in story.events
        if owed and step.act.asked <= arrival:
            story.events[step.act.number] = message
            story.misfits.add(step.act.number)
            return True
    return False


def _is_on_the_way(story: Story, unload: Step, message: Message, timeline: Timeline) -> bool:
    """Take note of states 1 and 2 on the way of an unload, and of the stop that it may report first."""
    state = reading.code(message, reading.STATE)
    if state in _DRAINING:
        failed = [m for s, m in story.drains if s is unload and says_the_same(message, m) and m.exchange.answer]
        if any(not str(m.exchange.answer).startswith("2") for m in failed) and not story.may_be_periodic(
            message, timeline
        ):
            return False
        story.drains.append((unload, message))
        return True
    stopped = unload.before is GroupState.RUNNING and reading.action(message) is Action.STOP
    first = not any(step is unload for step, _ in story.stops)
    if not stopped or not first or state in (GroupState.NOT_LOADED, GroupState.RUNNING):
        return False
    if any(says_the_same(message, event) for event in story.events.values()):
        return False
    story.stops.append((unload, message))
    return True


def _may_be_periodic(story: Story, asked: list[Step], message: Message, timeline: Timeline) -> bool:
    arrival = arrival_of(message)
    by_interval = story.may_be_periodic(message, timeline) or (
        timeline.interval_is_zero(arrival) and has_statistics(message) and not story.is_verbatim(message)
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


def _was_overtaken(story: Story, last: Step, message: Message, timeline: Timeline) -> bool:
    """Whether a first sample came before the message, and was taken for the event that it is."""
    taken = story.events.get(last.act.number)
    return (
        taken is not None and _is_rather_the_event(message, taken, last) and story.may_be_first_sample(taken, timeline)
    )


def _is_rather_the_event(message: Message, taken: Message, step: Step) -> bool:
    return has_statistics(taken) and not has_statistics(message) and fits(step, message)


def _take_for_periodic(story: Story, last: Step, message: Message) -> None:
    """Take the message for a periodic one, unless it is the event and one that was taken for it is periodic.

    A periodic message may name the last request before that one's own event comes; statistics tell them apart.
    """
    taken = story.events.get(last.act.number)
    if taken is not None and _is_rather_the_event(message, taken, last):
        story.events[last.act.number], message = message, taken
    story.periodic.append(message)


def _prefer_owed(story: Story) -> None:
    """Give an event that need not have come to the request just before it whose event had to."""
    for step in story.steps:
        if step.standing is not Standing.OWED or step.act.number in story.events:
            continue
        for other in story.steps:
            event = story.events.get(other.act.number)
            just_after = 0 <= other.act.asked - step.act.asked <= GRACE
            if event is None or not other.may_stay_silent or not just_after:
                continue
            if fits(step, event) and not contradicts_dialing(step, event):
                story.events[step.act.number] = story.events.pop(other.act.number)
                break


def _pair_misfits(story: Story) -> None:
    """Take what is left for the event of a request that got none: it says it wrongly."""
    for step, following in with_next(story.steps):
        taken = story.events.get(step.act.number)
        if step.standing is Standing.OWED:
            message = _misfit(story, step, following) if taken is None else _before_periodic(story, step, taken)
        elif taken is None and _may_be_misfit(step):
            strays = _unexplained(story, step)
            message = _named(step, strays, _asked_again(story, step)) or _led_to(step, strays, following)
        else:
            continue
        if message is not None:
            if taken is not None:
                story.periodic.append(taken)  # in another order than they came: rules sort by arrival
            story.events[step.act.number] = message
            story.misfits.add(step.act.number)
            story.strays = [stray for stray in story.strays if stray.message is not message]
            story.periodic = [periodic for periodic in story.periodic if periodic is not message]


def _may_be_misfit(step: Step) -> bool:
    """Whether an event need not have come, and one that did could say its request wrongly.

    Of what is taken and changes nothing only a change of the dial mode is told by a state, that of a running group.
    """
    running = step.after is GroupState.RUNNING and step.act.action is Action.SET_DIALING_MODE
    return step.standing is Standing.UNSURE or (step.standing is Standing.TOLERATED and running)


def _led_to(step: Step, strays: Iterable[Message], following: Step | None) -> Message | None:
    """Return the first of the strays with the state that the request led to, before anything else was asked for."""
    until = following.act.asked if following else inf
    return next(
        (m for m in strays if step.changes and reading.code(m, reading.STATE) == step.after and arrival_of(m) < until),
        None,
    )


def _before_periodic(story: Story, step: Step, taken: Message) -> Message | None:
    """Return what came before the periodic message that was taken for the event: it names the request as well."""
    if not has_statistics(taken):
        return None
    until = min(arrival_of(taken), step.act.asked + GRACE)
    return next(
        (
            message
            for message in (*_unexplained(story, step), *story.periodic)
            if step.act.asked <= arrival_of(message) < until
            and not has_statistics(message)
            and reading.action(message) is step.act.action
        ),
        None,
    )


def _misfit(story: Story, step: Step, following: Step | None) -> Message | None:
    asked, action = step.act.asked, step.act.action
    until = following.act.asked if following else inf
    strays = _unexplained(story, step)
    named = _named(step, strays, _asked_again(story, step))
    if named is not None:
        return named
    for message in strays:
        if arrival_of(message) < until:
            return message
    if action is Action.UNLOAD and step.started:
        # While calls drain, periodic messages may name the unload: those have statistics.
        ends = (m for m in story.periodic if asked <= arrival_of(m) < until)
        return next((m for m in ends if reading.action(m) is action and not has_statistics(m)), None)
    for message in story.periodic:
        arrival = arrival_of(message)
        event_like = not has_statistics(message) and arrival <= asked + GRACE
        if asked <= arrival < until and (reading.action(message) is action or event_like):
            return message
    return None


def _unexplained(story: Story, step: Step) -> list[Message]:
    """Return the strays since the request that do not merely repeat an event."""
    return [
        s.message
        for s in story.strays
        if arrival_of(s.message) >= step.act.asked and not (s.repeats and says_the_same(s.message, s.repeats))
    ]


def _asked_again(story: Story, step: Step) -> float:
    """Return when the same was asked for the next time; infinity where it was not."""
    later = (s.act.asked for s in story.steps if s.act.action is step.act.action and s.act.asked > step.act.asked)
    return min(later, default=inf)


def _named(step: Step, strays: Iterable[Message], until: float) -> Message | None:
    """Return the first of the strays that names the request, before it was asked for again."""
    return next((m for m in strays if reading.action(m) is step.act.action and arrival_of(m) < until), None)
