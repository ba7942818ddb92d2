"""Which request a message answers to: by its ACTION and STATE, then by mode, method and goal, then by its time."""

from collections.abc import Iterable, Mapping, Sequence

from cgstate.judge.message import Message
from cgstate.judge.trace import reading
from cgstate.judge.trace.clocks import NEAR_A_ZONE
from cgstate.judge.trace.reading import arrival_of
from cgstate.judge.trace.steps import Standing, Step
from cgstate.specification.codes import PREDICTIVE, Action, GroupState

DIALING = {"GSW_DIAL_MODE": "dial_mode", "GSW_OPTIMIZE_BY": "optimize_by", "GSW_OPTIMIZE_GOAL": "optimize_goal"}
JUST_BEFORE = 0.5
"""A message whose own time is earlier than this before a request is not its event, in seconds."""


def fits(step: Step, message: Message) -> bool:
    """Whether the message says what was asked for: the ACTION, and a state that may follow it.

    What cannot be read of the two fits: its own rules accuse it.
    """
    if not _may_name(step, message):
        return False
    state = reading.code(message, reading.STATE)
    if state is None:
        return True
    match step.act.action:
        case Action.UNLOAD:
            return state == GroupState.NOT_LOADED
        case Action.START:
            return state == GroupState.RUNNING
        case Action.SET_DIALING_MODE if step.after is GroupState.RUNNING:
            return state == GroupState.RUNNING
        case _:
            return state not in (GroupState.NOT_LOADED, GroupState.RUNNING)


def _may_name(step: Step, message: Message) -> bool:
    """Whether ACTION names the request, or none of the five where statistics do not tell a periodic message."""
    named = reading.action(message)
    if named is None:
        return message.value is not None and not reading.has_statistics(message)
    return named is step.act.action


def says_the_same(message: Message, earlier: Message) -> bool:
    """Whether both are one event: the same bytes, or the same ACTION and STATE at the same GSW_DATE_TIME."""
    if message.exchange.body == earlier.exchange.body:
        return True
    moment = reading.date_time(message)
    return moment is not None and moment == reading.date_time(earlier) and _said(message) == _said(earlier)


def repeated(message: Message, earlier: Sequence[Message]) -> Message | None:
    """Return the last one of the earlier messages that this one says again, by ACTION and STATE at least."""
    if message.value is not None:
        exact = next((e for e in reversed(earlier) if says_the_same(message, e)), None)
        return exact or next((e for e in reversed(earlier) if _said(e) == _said(message)), None)
    return next((e for e in reversed(earlier) if e.exchange.body == message.exchange.body), None)


def _said(message: Message) -> tuple[int | None, int | None]:
    return reading.code(message, reading.ACTION), reading.code(message, reading.STATE)


def contradicts_dialing(step: Step, message: Message) -> bool:
    """Whether mode, method or goal of the message are not those that the request asked for."""
    dialing = step.act.dialing
    if dialing is None or step.act.action not in (Action.START, Action.SET_DIALING_MODE):
        return False
    for attribute, field in DIALING.items():
        if attribute != "GSW_DIAL_MODE" and dialing.dial_mode not in PREDICTIVE:
            continue
        wanted, said = getattr(dialing, field), reading.code(message, attribute)
        if wanted is not None and said is not None and wanted != said:
            return True
    return False


def answered_by(
    message: Message, candidates: Iterable[Step], steps: Iterable[Step], events: Mapping[int, Message]
) -> Step | None:
    """Return the one of the candidates, requests without an event that it fits, that the message is the event of.

    A message that says an earlier event again is none of them, unless its time could be theirs.
    """
    arrival, moment = arrival_of(message), reading.date_time(message)
    open_to_it = [s for s in candidates if s.standing is not Standing.REFUSED]
    if not open_to_it:
        return None
    if moment is not None and abs(arrival - moment) < NEAR_A_ZONE:
        by_number = {s.act.number: s for s in steps}
        said_again = [by_number[n] for n, e in events.items() if n in by_number and says_the_same(message, e)]
        if said_again and all(s.act.asked > said_again[-1].act.answered + _just_before(moment) for s in open_to_it):
            return None
    if len(open_to_it) == 1:
        return open_to_it[0]
    if moment is None:
        return next((s for s in open_to_it if s.standing is Standing.OWED), open_to_it[0])
    behind = _behind(steps, events)
    if behind is None:
        behind = 0.0 if abs(arrival - moment) < NEAR_A_ZONE else arrival - moment
    happened = moment + behind
    return min(open_to_it, key=lambda s: (contradicts_dialing(s, message), abs(s.act.asked - happened)))


def _just_before(moment: float) -> float:
    """Return how much earlier than a request a message may say its event happened, in seconds.

    A clock of whole seconds shows the same time for all that happens in one.
    """
    return JUST_BEFORE + (1.0 if moment.is_integer() else 0.0)


def _behind(steps: Iterable[Step], events: Mapping[int, Message]) -> float | None:
    """Return how far the emitter's clock is behind by the group's last event, in seconds."""
    found = None
    for step in steps:
        event = events.get(step.act.number)
        moment = reading.date_time(event) if event else None
        if moment is not None:
            found = step.act.asked - moment
    return found
