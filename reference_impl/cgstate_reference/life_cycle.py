"""The life of one Campaign Group: which request is possible when, and what it leads to. Pure: no clock, no I/O."""

from dataclasses import dataclass, replace
from uuid import uuid4

from cgstate_reference.codes import Action, Cause, State
from cgstate_reference.group import Dialing, DialingRequest, GroupConfiguration


class NotPossible(Exception):  # noqa: N818 - named for the fact
    """The request is not possible in the group's state."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a Campaign Group, with all that a notification of it says."""

    group: GroupConfiguration
    guid: str
    state: State
    action: Action
    cause: Cause
    at: float
    """Unix seconds: when the action happened."""
    dialing: Dialing
    """What the group would dial with, running or not."""


class LifeCycle:
    """One Campaign Group from configuration on."""

    drain_states: tuple[State, ...] = (State.WAITING_UNLOAD, State.UNLOAD_IN_PROGRESS)
    """The way from an unload to `State.NOT_LOADED` while calls drain."""

    def __init__(self, group: GroupConfiguration) -> None:
        """Begin not loaded."""
        self.group = group
        self.state = State.NOT_LOADED
        self.guid = ""
        self.dialing = group.dialing
        self.started = False
        self._last: Event | None = None

    def configure(self, group: GroupConfiguration) -> None:
        """Change the configuration of a group that is not loaded."""
        if self.state is not State.NOT_LOADED:
            raise NotPossible("the Campaign Group is loaded")
        self.group = group
        self.dialing = group.dialing

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Do what is asked at Unix time `at` and return what there is to report; raises `NotPossible`."""
        if action is Action.UNLOAD and self.state in self.drain_states:
            return []  # It is being unloaded: a second request makes the end come neither sooner nor twice.
        match action:
            case Action.LOAD:
                self.load()
            case Action.UNLOAD:
                self.unload()
            case Action.START:
                self.start(asked)
            case Action.STOP:
                self.stop()
            case Action.SET_DIALING_MODE:
                self.set_dialing_mode(asked)
        return [self.happened(action, cause, at)]

    def load(self) -> None:
        """Load: the configuration's dialing holds, and the group gets a GUID for as long as it is loaded."""
        self._only_in(State.NOT_LOADED)
        self.state = State.ACTIVE
        self.guid = self.new_guid()
        self.dialing = self.group.dialing
        self.started = False

    def start(self, asked: DialingRequest) -> None:
        """Start dialing; what is asked holds until the next such request or the unload."""
        self._only_in(State.ACTIVE)
        self.state = State.RUNNING
        self.dialing = asked.over(self.dialing)
        self.started = True

    def stop(self) -> None:
        """Stop dialing."""
        self._only_in(State.RUNNING)
        self.state = State.ACTIVE

    def set_dialing_mode(self, asked: DialingRequest) -> None:
        """Change what a running group dials with."""
        self._only_in(State.RUNNING)
        self.dialing = asked.over(self.dialing)

    def unload(self) -> None:
        """Unload, running or not; a group that was started may have calls to drain first."""
        self._only_in(State.ACTIVE, State.RUNNING)
        drains = self.started and self.group.drain_seconds > 0
        self.state = self.drain_states[0] if drains else State.NOT_LOADED

    def new_guid(self) -> str:
        """Return the GUID of a group that is being loaded."""
        return str(uuid4())

    @property
    def next_step_in(self) -> float | None:
        """Seconds from one state of the drain to the next; None where the group is not draining."""
        return self.group.drain_seconds / len(self.drain_states) if self.state in self.drain_states else None

    def step(self, at: float) -> list[Event]:
        """Take the next step of the drain at Unix time `at`."""
        if self._last is None or self.state not in self.drain_states:
            return []
        way = (*self.drain_states, State.NOT_LOADED)
        self.state = way[way.index(self.state) + 1]
        return [self.happened(self._last.action, self._last.cause, at)]

    def sample(self, at: float) -> Event | None:
        """Return the current state at Unix time `at`, with the last request's action and cause; None: never loaded."""
        return None if self._last is None else replace(self._last, state=self.state, at=at, dialing=self.dialing)

    def happened(self, action: Action, cause: Cause, at: float) -> Event:
        """Return the event that led to the group's state."""
        self._last = Event(self.group, self.guid, self.state, action, cause, at, self.dialing)
        return self._last

    def _only_in(self, *states: State) -> None:
        if self.state not in states:
            possible = " or ".join(state.name for state in states)
            raise NotPossible(f"the Campaign Group is in state {self.state.name}, not {possible}")
