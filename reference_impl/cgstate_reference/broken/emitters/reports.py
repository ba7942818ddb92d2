"""Wrong about which events are reported, how often, and how soon."""

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.codes import Action, Cause, State
from cgstate_reference.group import DialingRequest, Key
from cgstate_reference.life_cycle import Event, LifeCycle
from cgstate_reference.notifier import Notification, Notifier
from cgstate_reference.statistics import Statistics

_LATE = 2.5
"""Seconds."""
_PUSH_PREVIEW = 8
_SEIZING = frozenset({4, 5})


class _SaysNothing(LifeCycle):
    """Does what is asked and reports some of it only."""

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Return no event of what is left unsaid."""
        events = super().request(action, asked, cause, at)
        return [] if self.unsaid(action, cause) else events

    def unsaid(self, action: Action, cause: Cause) -> bool:
        """Whether nothing is said of what was just done."""
        raise NotImplementedError


@deviation("says-nothing-of-a-load", primary="event.load.reported", shows="the event of load-campaign is not reported")
class SaysNothingOfALoad(_SaysNothing):
    """Does not report that a Campaign Group is loaded."""

    def unsaid(self, action: Action, cause: Cause) -> bool:
        """Leave loads out."""
        del cause
        return action is Action.LOAD


@deviation(
    "says-nothing-of-a-second-load", primary="event.load.reported", shows="the event of load-campaign is not reported"
)
class SaysNothingOfASecondLoad(_SaysNothing):
    """Reports the first load of a Campaign Group only."""

    _known = False

    def unsaid(self, action: Action, cause: Cause) -> bool:
        """Leave loads of a known group out."""
        del cause
        known, self._known = self._known, True
        return action is Action.LOAD and known


@deviation(
    "says-nothing-of-a-start",
    primary="event.start.reported",
    shows="the event of start-dialing is not reported",
    consequences={
        "automatic.reported": "an automatic start is not reported either",
        "failure.next-event": "the event after a failed one may be a start",
    },
)
class SaysNothingOfAStart(_SaysNothing):
    """Does not report that dialing started."""

    def unsaid(self, action: Action, cause: Cause) -> bool:
        """Leave starts out."""
        del cause
        return action is Action.START


@deviation(
    "says-nothing-of-newer-modes",
    primary="event.start.reported",
    shows="the event of start-dialing is not reported",
    consequences={"automatic.reported": "the mode of an automatic start may be one of them"},
)
class SaysNothingOfNewerModes(_SaysNothing):
    """Does not report a start in a dial mode above 8, which it does not know."""

    def unsaid(self, action: Action, cause: Cause) -> bool:
        """Leave out what came later than the others."""
        del cause
        return action is Action.START and self.dialing.mode > _PUSH_PREVIEW


@deviation(
    "says-nothing-of-a-second-stop",
    primary="event.stop.reported",
    shows="the event of stop-dialing is not reported",
)
class SaysNothingOfASecondStop(_SaysNothing):
    """Reports one stop of each Campaign Group: a flag that it was said is never taken back."""

    _said = False

    def unsaid(self, action: Action, cause: Cause) -> bool:
        """Leave out the stops after the first."""
        del cause
        if action is not Action.STOP:
            return False
        said, self._said = self._said, True
        return said


@deviation(
    "says-nothing-of-a-change",
    primary="event.set-dialing-mode.reported",
    shows="the event of set-dialing-mode is not reported",
)
class SaysNothingOfAChange(_SaysNothing):
    """Does not report a change of the dial mode."""

    def unsaid(self, action: Action, cause: Cause) -> bool:
        """Leave changes out."""
        del cause
        return action is Action.SET_DIALING_MODE


@deviation(
    "says-nothing-of-seizing",
    primary="event.set-dialing-mode.reported",
    shows="the event of set-dialing-mode is not reported",
)
class SaysNothingOfSeizing(_SaysNothing):
    """Does not report a change between dial modes 4 and 5."""

    def unsaid(self, action: Action, cause: Cause) -> bool:
        """Leave out changes among the modes that seize."""
        del cause
        return action is Action.SET_DIALING_MODE and self.dialing.mode in _SEIZING


@deviation("says-nothing-of-its-own-doing", primary="automatic.reported", shows="is not reported")
class SaysNothingOfItsOwnDoing(_SaysNothing):
    """Reports only what clients ask for."""

    def unsaid(self, action: Action, cause: Cause) -> bool:
        """Leave out what nobody asked for."""
        del action
        return cause is not Cause.CLIENT


@deviation("completes-with-one-message", primary="automatic.reported", shows="is not reported")
class CompletesWithOneMessage(_SaysNothing):
    """Reports that a condition stopped a group, and not that it unloaded it then."""

    def unsaid(self, action: Action, cause: Cause) -> bool:
        """Leave out the second half of a completion."""
        return action is Action.UNLOAD and cause is Cause.CONDITION


@deviation(
    "says-only-that-it-stops", primary="event.unload.reported", shows="the event of unload-campaign is not reported"
)
class SaysOnlyThatItStops(LifeCycle):
    """Reports the unload of a running group as a stop, and nothing more."""

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Return the stop instead of the end."""
        running = self.state is State.RUNNING
        events = super().request(action, asked, cause, at)
        if running and self.state is State.NOT_LOADED:
            return [replace(event, action=Action.STOP, state=State.ACTIVE) for event in events]
        return events


@deviation(
    "ends-in-the-drain",
    primary="event.unload.reported",
    shows="the event of unload-campaign is not reported",
    consequences={"automatic.reported": "an unload by the emitter itself ends in the drain, too"},
)
class EndsInTheDrain(LifeCycle):
    """Reports states 1 and 2 on the way of an unload, and not that it has ended."""

    def step(self, at: float) -> list[Event]:
        """Return no event with state 0."""
        return [event for event in super().step(at) if event.state is not State.NOT_LOADED]


@deviation(
    "reports-end-of-drain-twice", primary="trace.not-loaded-once", shows="the end of one unload is reported twice"
)
class ReportsEndOfDrainTwice(LifeCycle):
    """Reports the end of an unload twice where calls had to drain."""

    def step(self, at: float) -> list[Event]:
        """Return the last event two times."""
        return [event for event in super().step(at) for _ in range(2 if event.state is State.NOT_LOADED else 1)]


@deviation("reports-unload-before-drain", primary="event.once", shows="an event is reported more than once")
class ReportsUnloadBeforeDrain(LifeCycle):
    """Reports state 0 when an unload is asked for, and again when the calls have drained."""

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Return the end before the beginning of the drain."""
        events = super().request(action, asked, cause, at)
        drains = action is Action.UNLOAD and self.state is not State.NOT_LOADED
        return [*(replace(event, state=State.NOT_LOADED) for event in events if drains), *events]


@deviation(
    "stops-to-change",
    primary="event.once",
    shows="a message comes that no request accounts for",
    consequences={"periodic.interval": "what is reported beside a change may be taken for a periodic message"},
)
class StopsToChange(LifeCycle):
    """Reports a stop before a change of the dial mode, and a start after it."""

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Return three events of a change."""
        events = super().request(action, asked, cause, at)
        if action is not Action.SET_DIALING_MODE:
            return events
        stops = [replace(event, action=Action.STOP, state=State.ACTIVE) for event in events]
        return [*stops, *events, *(replace(event, action=Action.START) for event in events)]


@deviation(
    "repeats-waiting-unload",
    primary="drain.order",
    shows="the states on the way of an unload come in another order than 1, 2, 0",
)
class RepeatsWaitingUnload(LifeCycle):
    """Reports WaitingUnload twice."""

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Return the first event of a drain two times."""
        events = super().request(action, asked, cause, at)
        return events * 2 if self.state is State.WAITING_UNLOAD else events


@deviation("late-when-by-itself", primary="event.soon", shows="an event comes late")
class LateWhenByItself(Notifier):
    """Reports what it does by itself two and a half seconds late."""

    async def deliver(self, notification: Notification) -> None:
        """Wait before an event that nobody asked for."""
        if notification.statistics is None and notification.event.cause is not Cause.CLIENT:
            await asyncio.sleep(_LATE)
        await super().deliver(notification)


@deviation("late-when-unloaded", primary="event.soon", shows="an event comes late")
class LateWhenUnloaded(Notifier):
    """Reports an unload two and a half seconds late, when all of it is put away."""

    async def deliver(self, notification: Notification) -> None:
        """Wait before the end."""
        if notification.event.state is State.NOT_LOADED:
            await asyncio.sleep(_LATE)
        await super().deliver(notification)


@deviation(
    "debounces",
    primary="event.start.reported",
    shows="the event of start-dialing is not reported",
    consequences={
        "event.load.reported": "a start may come soon after the load",
        "event.stop.reported": "an unload may come soon after the stop",
        "failure.next-event": "while a receiver stalls requests come soon after one another",
    },
)
class Debounces(Notifier):
    """Waits a twentieth of a second before it reports, and reports only the last of what happened meanwhile."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - those of any notifier
        """Begin with nothing waiting."""
        super().__init__(*arguments, **named)
        self._timers: dict[Key, asyncio.TimerHandle] = {}

    def report(self, event: Event, statistics: Statistics | None = None) -> None:
        """Put it in the place of what waits."""
        timer = self._timers.pop(event.group.key, None)
        if timer is not None:
            timer.cancel()
        later = partial(super().report, event, statistics)
        self._timers[event.group.key] = asyncio.get_running_loop().call_later(0.05, later)
