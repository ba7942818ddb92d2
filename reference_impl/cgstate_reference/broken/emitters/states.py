"""Wrong about the state, the action or the actor that an event names."""

from collections.abc import Collection
from dataclasses import replace

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.codes import ACTORS, PREDICTIVE, Action, Cause, State
from cgstate_reference.core import Emitter
from cgstate_reference.group import DialingRequest
from cgstate_reference.life_cycle import Event, LifeCycle
from cgstate_reference.notifier import Notification, Notifier
from cgstate_reference.pacer import Pacer
from cgstate_reference.writer import Writer

_INACTIVE = 3


class _SaysAnotherState(LifeCycle):
    """Reports the event of some action with another state than the group's."""

    wrong: Collection[Action] = ()
    said = State.NOT_LOADED

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Do what is asked, and say another state."""
        events = super().request(action, asked, cause, at)
        return [replace(event, state=self.said) for event in events] if action in self.wrong else events


@deviation("not-loaded-after-load", primary="state.after-load", shows="the state after load-campaign is wrong")
class NotLoadedAfterLoad(_SaysAnotherState):
    """Reports a load with the state before it, 0."""

    wrong = (Action.LOAD,)


@deviation("running-after-load", primary="state.after-load", shows="the state after load-campaign is wrong")
class RunningAfterLoad(_SaysAnotherState):
    """Reports a group that is loaded as running at once."""

    wrong = (Action.LOAD,)
    said = State.RUNNING


@deviation("active-after-start", primary="state.after-start", shows="the state after start-dialing is wrong")
class ActiveAfterStart(_SaysAnotherState):
    """Reports a start with the state before it, 4."""

    wrong = (Action.START,)
    said = State.ACTIVE


@deviation("active-after-predictive-start", primary="state.after-start", shows="the state after start-dialing is wrong")
class ActiveAfterPredictiveStart(LifeCycle):
    """Reports a predictive start with state 4: nothing is dialed before it has learned how fast it may."""

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Do what is asked, and say 4 where the dial mode is predictive."""
        events = super().request(action, asked, cause, at)
        learns = action is Action.START and self.dialing.mode in PREDICTIVE
        return [replace(event, state=State.ACTIVE) for event in events] if learns else events


@deviation("not-loaded-after-stop", primary="state.after-stop", shows="the state after stop-dialing is wrong")
class NotLoadedAfterStop(_SaysAnotherState):
    """Reports a stop with state 0."""

    wrong = (Action.STOP,)


@deviation("active-after-unload", primary="state.after-unload", shows="the state after unload-campaign is wrong")
class ActiveAfterUnload(LifeCycle):
    """Reports an unload with state 4."""

    def happened(self, action: Action, cause: Cause, at: float) -> Event:
        """Return the event of the end with the state that most groups have before it."""
        event = super().happened(action, cause, at)
        return replace(event, state=State.ACTIVE) if event.state is State.NOT_LOADED else event


@deviation(
    "active-after-set-dialing-mode",
    primary="state.after-set-dialing-mode",
    shows="the state after set-dialing-mode is wrong",
)
class ActiveAfterSetDialingMode(_SaysAnotherState):
    """Reports a change of the dial mode as if dialing had stopped, with state 4."""

    wrong = (Action.SET_DIALING_MODE,)
    said = State.ACTIVE


@deviation(
    "inactive-when-loaded", primary="state.active-when-loaded", shows="a loaded group is in another state than Active"
)
class InactiveWhenLoaded(Writer):
    """Reports a group that is loaded and does not dial as InActive."""

    def state(self, event: Event) -> object:
        """Return 3 for 4."""
        return _INACTIVE if event.state is State.ACTIVE else super().state(event)


@deviation(
    "inactive-after-stop", primary="state.active-when-loaded", shows="a loaded group is in another state than Active"
)
class InactiveAfterStop(Writer):
    """Reports a group that was stopped as InActive."""

    def state(self, event: Event) -> object:
        """Return 3 where a stop came last."""
        stopped = event.state is State.ACTIVE and event.action is Action.STOP
        return _INACTIVE if stopped else super().state(event)


@deviation(
    "unload-named-stop",
    primary="trace.not-loaded-action",
    shows="a message with state NotLoaded names another ACTION than the unload",
)
class UnloadNamedStop(LifeCycle):
    """Names the unload of a group that runs a stop: that is how it unloads it."""

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Do what is asked; what stops the dialing is called a stop."""
        running = self.state is State.RUNNING
        events = super().request(action, asked, cause, at)
        if running and self.state is State.NOT_LOADED:
            return [replace(event, action=Action.STOP) for event in events]
        return events


@deviation(
    "end-named-after-last-request",
    primary="trace.not-loaded-action",
    shows="a message with state NotLoaded names another ACTION than the unload",
)
class EndNamedAfterLastRequest(LifeCycle):
    """Names in the message of an unload the request before it."""

    _before = Action.LOAD

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Do what is asked, and keep in mind what it was."""
        events = super().request(action, asked, cause, at)
        if self.state is State.NOT_LOADED:
            return [replace(event, action=self._before) for event in events]
        self._before = action
        return events


@deviation(
    "condition-names-what-follows",
    primary="action.as-requested",
    shows="the ACTION of an event is not the request's (stop-dialing)",
)
class ConditionNamesWhatFollows(LifeCycle):
    """Names a stop by a condition of the group an unload, since that follows."""

    def happened(self, action: Action, cause: Cause, at: float) -> Event:
        """Return the event of an automatic stop under the wrong action."""
        completed = action is Action.STOP and cause is Cause.CONDITION
        return super().happened(Action.UNLOAD if completed else action, cause, at)


@deviation("actor-always-client", primary="actor.as-declared", shows="the ACTOR of an action by")
class ActorAlwaysClient(Writer):
    """Says that a client asked for what the emitter did by itself."""

    def actor(self, event: Event) -> object:
        """Return the client's code."""
        del event
        return ACTORS[Cause.CLIENT]


@deviation(
    "actor-unknown", primary="actor.as-declared", shows="the ACTOR of an action by condition is not the declared one"
)
class ActorUnknown(Writer):
    """Sends 0, unknown, for what a condition of the group asked for, though it declares a code."""

    def actor(self, event: Event) -> object:
        """Return 0 for a condition."""
        return 0 if event.cause is Cause.CONDITION else super().actor(event)


@deviation(
    "state-when-sent",
    primary="state.after-start",
    shows="the state after start-dialing is wrong",
    consequences={
        "state.after-load": "the group may be started before the message of the load goes out",
        "state.after-stop": "the group may be unloaded before the message of the stop goes out",
    },
)
class StateWhenSent(Emitter):
    """Sends the state that the group has when the notification goes out, not that which the action led to."""

    def __init__(self, writer: Writer, notifier: Notifier, life_cycle: type[LifeCycle], pacer: type[Pacer]) -> None:
        """Look at the groups before each notification."""
        super().__init__(writer, notifier, life_cycle, pacer)
        deliver = notifier.deliver

        async def deliver_now(notification: Notification) -> None:
            life = self.groups.get(notification.event.group.key)
            event = notification.event if life is None else replace(notification.event, state=life.state)
            await deliver(replace(notification, body=writer.body(event, notification.statistics)))

        notifier.deliver = deliver_now  # type: ignore[method-assign]


@deviation("condition-as-schedule", primary="actor.as-declared", shows="the ACTOR of an action by condition")
class ConditionAsSchedule(Writer):
    """Sends the schedule's code for what a condition of the group led to."""

    def actor(self, event: Event) -> object:
        """Return one code for all that it does by itself."""
        return ACTORS[Cause.SCHEDULE] if event.cause is Cause.CONDITION else super().actor(event)
