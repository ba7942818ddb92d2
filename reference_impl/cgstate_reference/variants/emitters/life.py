"""Otherwise in the life of a Campaign Group: how it ends, and what is taken, refused and reported."""

from collections.abc import Iterable

from cgstate_reference.codes import Action, Cause, State
from cgstate_reference.control import HOOKS, ControlApi
from cgstate_reference.core import Emitter
from cgstate_reference.group import DialingRequest, Key
from cgstate_reference.life_cycle import Event, LifeCycle, NotPossible
from cgstate_reference.variants.chance import CHANCE
from cgstate_reference.variants.emitters import variant

DRAINS_FOR = 0.5, 2.0
"""Seconds that a group takes from one state of its end to the next."""
DOCUMENTED = frozenset({(1, 2), (2, 1), (4, 5), (5, 4)})
"""The changes of a running group's dial mode that the specification names."""


class DrainsAsItComes(ControlApi):
    """Has no hook that says how long calls drain."""

    def __init__(self, emitter: Emitter, server_id: int, hooks: tuple[str, ...] = HOOKS) -> None:
        """Show the other hooks."""
        super().__init__(emitter, server_id, tuple(hook for hook in hooks if hook != "drain"))


@variant("drains-for-seconds", DrainsAsItComes)
class DrainsForSeconds(LifeCycle):
    """Drains for 1 to 4 seconds, by way of states 1 and 2, whenever a group is unloaded that was started."""

    def unload(self) -> None:
        """Unload, slowly where there may be calls."""
        super().unload()
        if self.started:
            self.state = self.drain_states[0]

    @property
    def next_step_in(self) -> float | None:
        """Some time."""
        return CHANCE.uniform(*DRAINS_FOR) if self.state in self.drain_states else None


@variant("only-waits")
class OnlyWaits(LifeCycle):
    """Drains by way of state 1 alone."""

    drain_states = (State.WAITING_UNLOAD,)


@variant("only-unloads")
class OnlyUnloads(LifeCycle):
    """Drains by way of state 2 alone."""

    drain_states = (State.UNLOAD_IN_PROGRESS,)


@variant("drains-silently")
class DrainsSilently(Emitter):
    """Says nothing of an unload until it has come to its end."""

    def changed(self, life: LifeCycle, events: Iterable[Event]) -> None:
        """Report no state on the way."""
        super().changed(life, [event for event in events if event.state not in life.drain_states])


@variant("stops-before-unload")
class StopsBeforeUnload(LifeCycle):
    """Reports a stop first when a running group is unloaded."""

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Do what is asked, in two steps if need be."""
        if action is not Action.UNLOAD or self.state is not State.RUNNING:
            return super().request(action, asked, cause, at)
        stopped = super().request(Action.STOP, asked, cause, at)
        return stopped + super().request(action, asked, cause, at)


@variant("silent-about-same-mode")
class SilentAboutSameMode(LifeCycle):
    """Reports a set-dialing-mode only if the mode is another one, and not if it is the goal or the method."""

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Do what is asked, and say what is new."""
        before = self.dialing.mode
        events = super().request(action, asked, cause, at)
        return [] if action is Action.SET_DIALING_MODE and self.dialing.mode == before else events


@variant("starts-as-configured")
class StartsAsConfigured(LifeCycle):
    """Dials as configured where it starts a group by itself, whatever a client asked for before."""

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Do what is asked, forgetting what a client asked for."""
        if action is Action.START and cause is not Cause.CLIENT and self.state is State.ACTIVE:
            self.dialing = self.group.dialing
        return super().request(action, asked, cause, at)


@variant("documented-changes-only")
class DocumentedChangesOnly(LifeCycle):
    """Refuses to change a running group's dial mode but from 1 to 2, from 4 to 5 and back."""

    def set_dialing_mode(self, asked: DialingRequest) -> None:
        """Change what may be changed."""
        before = self.dialing.mode
        if self.state is State.RUNNING and asked.mode not in (None, before) and (before, asked.mode) not in DOCUMENTED:
            raise NotPossible("that dial mode needs a stop and a start")
        super().set_dialing_mode(asked)


class _TakesModeAtAnyTime(LifeCycle):
    """Takes a set-dialing-mode for a loaded group that does not run."""

    def set_dialing_mode(self, asked: DialingRequest) -> None:
        if self.state is State.ACTIVE:
            self.dialing = asked.over(self.dialing)
        else:
            super().set_dialing_mode(asked)


@variant("mode-at-any-time")
class ModeAtAnyTime(_TakesModeAtAnyTime):
    """Takes a set-dialing-mode for a loaded group that does not run, and reports it."""


@variant("mode-at-any-time-silently")
class ModeAtAnyTimeSilently(_TakesModeAtAnyTime):
    """Takes a set-dialing-mode for a loaded group that does not run, and says nothing of it."""

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Do what is asked; say what happens to groups that run."""
        events = super().request(action, asked, cause, at)
        return [] if action is Action.SET_DIALING_MODE and self.state is State.ACTIVE else events


class _TakesEverything(Emitter):
    """Accepts requests that change nothing."""

    def nothing_new(self, life: LifeCycle, action: Action, cause: Cause) -> None:
        """Do what comes of a request that changes nothing."""

    async def request(self, key: Key, action: Action, asked: DialingRequest, cause: Cause) -> None:
        life = self.life(key)
        try:
            await super().request(key, action, asked, cause)
        except NotPossible:
            fulfilled = {Action.LOAD: life.state is not State.NOT_LOADED, Action.UNLOAD: True, Action.STOP: True}
            if not fulfilled.get(action, life.state is State.RUNNING):
                raise
            self.nothing_new(life, action, cause)


@variant("takes-everything")
class TakesEverything(_TakesEverything):
    """Accepts requests that change nothing, such as a load of a loaded group, and says nothing of them."""


@variant("reports-everything")
class ReportsEverything(_TakesEverything):
    """Accepts requests that change nothing, and reports them once more where the group is loaded."""

    def nothing_new(self, life: LifeCycle, action: Action, cause: Cause) -> None:
        """Report the state that the group is in already."""
        already = {Action.LOAD: State.ACTIVE, Action.STOP: State.ACTIVE, Action.START: State.RUNNING}
        if already.get(action) is life.state:
            self.changed(life, [life.happened(action, cause, self.now())])
