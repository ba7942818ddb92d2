"""The life cycle of a Campaign Group: what may be asked of it, what follows, and what has to be reported.

Pure, and shared by whoever makes life cycles up and whoever judges them. What the server does by itself,
by schedule or by a condition of the group, is the same request with another actor. Source: facts, "Life
cycle"; numbers of states are those of `codes.GroupState`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from cgstate.specification.codes import MODE_CHANGES, Action, GroupState


class Event(StrEnum):
    """Whether a request has to be reported."""

    OWED = "owed"
    """Exactly one event has to come (of an unload: one with state 0)."""
    TOLERATED = "tolerated"
    """An event may come, once, and need not."""
    NONE = "none"
    """The request is not lawful, so nothing is owed: where it is refused, nothing may come."""


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one request in one state."""

    state: GroupState
    action: Action
    lawful: bool
    """Whether an emitter has to take it; it may refuse what is not."""
    event: Event
    expected: GroupState | None
    """The state after it, which its event names; None where it is not lawful."""
    allowed: frozenset[GroupState]
    """The states that its event may name without breaking a MUST."""
    on_the_way: tuple[GroupState, ...] = ()
    """States of optional messages with the same action before the event, in this order, once each."""
    why: str = ""
    """Why it is not lawful, or why its event is only tolerated."""

    @property
    def changes(self) -> bool:
        """Whether the state of the group is another one afterwards."""
        return self.expected is not None and self.expected is not self.state


LOADED = frozenset(GroupState) - {GroupState.NOT_LOADED, GroupState.RUNNING}
"""The states a loaded group that does not run may report; `GroupState.ACTIVE` is expected."""
DRAINING = (GroupState.WAITING_UNLOAD, GroupState.UNLOAD_IN_PROGRESS)
"""The optional states of an unload before its end, in order."""
PERIODIC = frozenset({GroupState.ACTIVE, GroupState.RUNNING})
"""The states in which periodic messages are sent."""
PERIODIC_TOLERATED = frozenset(DRAINING)
"""The states in which they are tolerated besides."""

_LAWFUL_IN = {
    Action.LOAD: frozenset({GroupState.NOT_LOADED}),
    Action.START: frozenset({GroupState.ACTIVE}),
    Action.STOP: frozenset({GroupState.RUNNING}),
    Action.SET_DIALING_MODE: frozenset({GroupState.RUNNING}),
    Action.UNLOAD: frozenset(GroupState) - {GroupState.NOT_LOADED},
}
_EXPECTED = {
    Action.LOAD: GroupState.ACTIVE,
    Action.START: GroupState.RUNNING,
    Action.STOP: GroupState.ACTIVE,
    Action.SET_DIALING_MODE: GroupState.RUNNING,
    Action.UNLOAD: GroupState.NOT_LOADED,
}
_ALLOWED = {
    Action.LOAD: LOADED,
    Action.START: frozenset({GroupState.RUNNING}),
    Action.STOP: LOADED,
    Action.SET_DIALING_MODE: frozenset(GroupState),
    Action.UNLOAD: frozenset({GroupState.NOT_LOADED}),
}
_REFUSED = {
    Action.LOAD: "only a group that is not loaded is loaded",
    Action.START: "only a loaded group that does not run is started",
    Action.STOP: "only a running group is stopped",
    Action.SET_DIALING_MODE: "only a running group has a dial mode to change",
    Action.UNLOAD: "only a loaded group is unloaded",
}


def step(state: GroupState, action: Action, *, running_mode: int | None = None, asked_mode: int | None = None) -> Step:
    """Return what becomes of a request.

    For `Action.SET_DIALING_MODE` the event depends on the mode the group runs in and the one that is asked
    for; where either is not known (None), it is tolerated. A loaded group that does not run may be given one
    too: an emitter may refuse that, or take it with an event or without.
    """
    allowed = _ALLOWED[action]
    if state not in _LAWFUL_IN[action]:
        loaded = state is not GroupState.NOT_LOADED
        event = Event.TOLERATED if action is Action.SET_DIALING_MODE and loaded else Event.NONE
        return Step(state, action, False, event, None, allowed, why=_REFUSED[action])
    why = ""
    event = Event.OWED
    if action is Action.SET_DIALING_MODE:
        event, why = mode_change(running_mode, asked_mode)
    elif action is Action.UNLOAD and state in DRAINING:
        event, why = Event.TOLERATED, "the group is being unloaded already"
    way = DRAINING if action is Action.UNLOAD else ()
    return Step(state, action, True, event, _EXPECTED[action], allowed, on_the_way=way, why=why)


def mode_change(before: int | None, after: int | None) -> tuple[Event, str]:
    """Return whether the change of a running group's dial mode has to be reported, and why not where it need not."""
    if before is None or after is None:
        return Event.TOLERATED, "one of the two dial modes is not known"
    if before == after:
        return Event.TOLERATED, "the dial mode stays as it is"
    if (before, after) not in MODE_CHANGES:
        return Event.TOLERATED, "nothing says whether a running group may change between these dial modes"
    return Event.OWED, ""


def lawful(state: GroupState) -> tuple[Action, ...]:
    """Return the requests that an emitter has to take in a state."""
    return tuple(action for action in Action if state in _LAWFUL_IN[action])


class Reach(StrEnum):
    """Whether an event with a state and an action comes about."""

    EXPECTED = "expected"
    """Every emitter that reports as it is expected to sends it."""
    OPTIONAL = "optional"
    """It may be seen; no emitter has to send it."""
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Combination:
    """A state and an action in one event."""

    state: GroupState
    action: Action
    reach: Reach
    why: str
    """How it comes about, or why it cannot."""


_REACHED = {
    (GroupState.ACTIVE, Action.LOAD): (Reach.EXPECTED, "a group is loaded"),
    (GroupState.RUNNING, Action.START): (Reach.EXPECTED, "a loaded group is started"),
    (GroupState.ACTIVE, Action.STOP): (Reach.EXPECTED, "a running group is stopped"),
    (GroupState.RUNNING, Action.SET_DIALING_MODE): (Reach.EXPECTED, "a running group changes its dial mode"),
    (GroupState.NOT_LOADED, Action.UNLOAD): (Reach.EXPECTED, "an unload ends"),
    (GroupState.WAITING_UNLOAD, Action.UNLOAD): (Reach.OPTIONAL, "an unload waits for calls to drain"),
    (GroupState.UNLOAD_IN_PROGRESS, Action.UNLOAD): (Reach.OPTIONAL, "an unload is in progress"),
    (GroupState.ACTIVE, Action.SET_DIALING_MODE): (
        Reach.OPTIONAL,
        "the dial mode of a group that does not run is set, where the emitter takes that",
    ),
}


def _unreachable(state: GroupState, action: Action) -> str:
    match state:
        case GroupState.UNKNOWN:
            return "nothing leads to an unknown state"
        case GroupState.INACTIVE:
            return "nothing says what leads to this state"
        case GroupState.NOT_LOADED:
            return "only the end of an unload leaves a group not loaded"
        case GroupState.WAITING_UNLOAD | GroupState.UNLOAD_IN_PROGRESS:
            return "only an unload drains"
        case GroupState.ACTIVE:
            return "a started group runs" if action is Action.START else "an unloaded group is not active"
        case GroupState.RUNNING:
            return "a group runs only after a start"


def _combinations() -> Mapping[tuple[GroupState, Action], Combination]:
    table = {}
    for state in GroupState:
        for action in Action:
            reach, why = _REACHED.get((state, action), (Reach.UNREACHABLE, _unreachable(state, action)))
            table[state, action] = Combination(state, action, reach, why)
    return MappingProxyType(table)


COMBINATIONS = _combinations()
"""Every state and action, as they stand together in an event. Which actor caused it makes no difference.

A periodic message may name any action beside the states of `PERIODIC`: no transition follows from it.
"""
