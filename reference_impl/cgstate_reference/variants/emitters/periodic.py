"""Otherwise in periodic messages: when they come, and what they say beside the state and the statistics."""

from collections.abc import Iterable
from dataclasses import replace

from cgstate_reference.codes import ACTIVE_STATES, Action, Cause, State
from cgstate_reference.core import Emitter
from cgstate_reference.life_cycle import Event, LifeCycle
from cgstate_reference.pacer import Pacer
from cgstate_reference.variants.chance import CHANCE
from cgstate_reference.variants.emitters import variant


class TimeOfLastAction(LifeCycle):
    """Says in a periodic message when the last action happened."""

    def sample(self, at: float) -> Event | None:
        """Return the current state at the time of the action before."""
        return super().sample(at if self._last is None else self._last.at)


variant("time-of-last-action")(TimeOfLastAction)


class AnyAction(LifeCycle):
    """Says in a periodic message any of the five codes for ACTION."""

    def sample(self, at: float) -> Event | None:
        """Return the current state as if anything had led to it."""
        event = super().sample(at)
        return event and replace(event, action=CHANCE.choice(list(Action)))


variant("any-action")(AnyAction)


class AnyActor(LifeCycle):
    """Says in a periodic message anybody for ACTOR."""

    def sample(self, at: float) -> Event | None:
        """Return the current state as if anybody had led to it."""
        event = super().sample(at)
        return event and replace(event, cause=CHANCE.choice(list(Cause)))


variant("any-actor")(AnyActor)


class SamplesAtOnce(Pacer):
    """Sends the first periodic message right after the load, and right after the interval is changed."""

    def first(self, now: float) -> float:
        """Return now."""
        return now


variant("samples-at-once")(SamplesAtOnce)


@variant("common-tick")
class CommonTick(Pacer):
    """Sends the periodic messages of all groups at the same time."""

    def first(self, now: float) -> float:
        """Return the next multiple of the interval."""
        return now + self.interval - now % self.interval if self.interval > 0 else now


class SamplesWhileDraining(Emitter):
    """Goes on with periodic messages in states 1 and 2."""

    sampled_in = ACTIVE_STATES | {State.WAITING_UNLOAD, State.UNLOAD_IN_PROGRESS}


variant("samples-while-draining")(SamplesWhileDraining)


@variant("restarts-interval")
class RestartsInterval(Emitter):
    """Counts the interval anew from each change of state."""

    def changed(self, life: LifeCycle, events: Iterable[Event]) -> None:
        """Begin again."""
        self.pacer.leave(life.group.key)
        super().changed(life, events)
