"""Wrong about what happens to a group, and what of it is reported."""

from collections.abc import Iterable

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.codes import Action, Cause, State
from cgstate_reference.core import Emitter
from cgstate_reference.group import DialingRequest, GroupConfiguration, Key
from cgstate_reference.life_cycle import Event, LifeCycle, NotPossible

_PASSES_FOR_THE_LOAD = "where it comes after the load was asked for it passes for its event, which is one more then"


@deviation(
    "one-guid-for-all-groups",
    primary="guid.distinct",
    shows="two groups that are loaded at the same time have one GUID",
)
class OneGuidForAllGroups(LifeCycle):
    """Gives every Campaign Group the same GUID."""

    def new_guid(self) -> str:
        """Return the one GUID."""
        return "5e2b7c1a-0d4f-4c57-9a53-2f1d8a6b9c30"


@deviation("new-guid-on-start", primary="guid.constant", shows="the GUID changes between load and unload")
class NewGuidOnStart(LifeCycle):
    """Gives a Campaign Group another GUID when dialing starts."""

    def start(self, asked: DialingRequest) -> None:
        """Start under another GUID."""
        super().start(asked)
        self.guid = self.new_guid()


@deviation(
    "reports-start-twice",
    primary="event.once",
    shows="an event is reported more than once",
    consequences={
        "failure.no-retry": "the second report of a start looks like a retry of the first",
        "event.none-after-refusal": "the second report of a start may come after a refused request",
    },
)
class ReportsStartTwice(LifeCycle):
    """Reports every start twice."""

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Return the event of a start two times."""
        events = super().request(action, asked, cause, at)
        return events * 2 if action is Action.START else events


@deviation(
    "says-nothing-of-a-stop",
    primary="event.stop.reported",
    shows="the event of stop-dialing is not reported",
    consequences={
        "action.as-requested": "no message names the stop",
        "state.after-stop": "no message shows the state after a stop",
        "automatic.reported": "an automatic stop is not reported either",
        "failure.next-event": "the event after a failed one may be a stop",
        "failure.group-goes-on": "the event that shows it may be a stop",
    },
)
class SaysNothingOfAStop(LifeCycle):
    """Does not report that dialing stopped."""

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Return no event of a stop."""
        events = super().request(action, asked, cause, at)
        return [] if action is Action.STOP else events


@deviation(
    "says-nothing-of-an-unload",
    primary="event.unload.reported",
    shows="the event of unload-campaign is not reported",
    consequences={
        "state.after-unload": "no message shows the state after an unload",
        "failure.next-event": "the event after a failed one may be an unload",
        "failure.group-goes-on": "the event that shows it may be an unload",
        "automatic.reported": "an automatic unload is not reported either",
    },
)
class SaysNothingOfAnUnload(LifeCycle):
    """Does not report that a Campaign Group is unloaded."""

    def request(self, action: Action, asked: DialingRequest, cause: Cause, at: float) -> list[Event]:
        """Return no event with state 0."""
        return [e for e in super().request(action, asked, cause, at) if e.state is not State.NOT_LOADED]

    def step(self, at: float) -> list[Event]:
        """Return no event with state 0."""
        return [event for event in super().step(at) if event.state is not State.NOT_LOADED]


@deviation(
    "set-dialing-mode-as-start",
    primary="action.as-requested",
    shows="the ACTION of an event is not the request's (set-dialing-mode)",
    consequences={
        "event.set-dialing-mode.reported": "no message names the request",
        "state.after-set-dialing-mode": "no message shows the state after the request",
        "event.once": "one more message names a start",
        "failure.no-retry": "one more message names a start",
        "failure.next-event": "the event after a failed one may be a set-dialing-mode",
        "failure.group-goes-on": "the event that shows it may be a set-dialing-mode",
        "automatic.reported": "an automatic change is misnamed too",
    },
)
class SetDialingModeAsStart(LifeCycle):
    """Names a change of the dial mode a start."""

    def happened(self, action: Action, cause: Cause, at: float) -> Event:
        """Return the event under the wrong action."""
        return super().happened(Action.START if action is Action.SET_DIALING_MODE else action, cause, at)


@deviation(
    "drains-backwards",
    primary="drain.order",
    shows="the states on the way of an unload come in another order than 1, 2, 0",
)
class DrainsBackwards(LifeCycle):
    """Reports UnloadInProgress before WaitingUnload."""

    drain_states = (State.UNLOAD_IN_PROGRESS, State.WAITING_UNLOAD)


@deviation(
    "running-after-stop",
    primary="state.after-stop",
    shows="the state after stop-dialing is wrong",
    consequences={
        "event.stop.reported": "no message of a stop shows a state that fits it",
        "state.active-when-loaded": "the state after a stop is not 4",
        "failure.next-event": "the event after a failed one may be a stop",
        "failure.group-goes-on": "the event that shows it may be a stop",
        "automatic.reported": "an automatic stop shows the wrong state too",
    },
)
class RunningAfterStop(LifeCycle):
    """Reports state 5 in the event of a stop."""

    def happened(self, action: Action, cause: Cause, at: float) -> Event:
        """Return the event of a stop with the state before it."""
        if action is not Action.STOP:
            return super().happened(action, cause, at)
        self.state = State.RUNNING
        event = super().happened(action, cause, at)
        self.state = State.ACTIVE
        return event


@deviation(
    "forgets-request",
    primary="dial-mode.as-requested",
    shows="GSW_DIAL_MODE is not what start-dialing asked for",
    consequences={
        "optimize-by.as-requested": "the configuration's method is sent instead of the requested one",
        "optimize-goal.as-requested": "the configuration's goal is sent instead of the requested one",
        "optimize-by.present-when-predictive": "the configured mode may not be predictive",
        "optimize-goal.present-when-predictive": "the configured mode may not be predictive",
        "dialing.kept": "a later start by schedule dials as configured, too",
    },
)
class ForgetsRequest(LifeCycle):
    """Dials as configured, whatever a start asks for."""

    def start(self, asked: DialingRequest) -> None:
        """Start as configured."""
        del asked
        super().start(DialingRequest())


class _ReportsRefused(Emitter):
    """Reports some of what it refuses."""

    def reported(self, life: LifeCycle, action: Action) -> bool:
        """Return whether this is reported though it is refused."""
        raise NotImplementedError

    async def request(self, key: Key, action: Action, asked: DialingRequest, cause: Cause) -> None:
        """Report what was refused, then refuse it."""
        try:
            await super().request(key, action, asked, cause)
        except NotPossible:
            life = self.life(key)
            if life.guid and self.reported(life, action):
                self.notifier.report(life.happened(action, cause, self.now()))
            raise


@deviation(
    "reports-refused-request",
    primary="event.none-after-refusal",
    shows="a refused request is reported",
    consequences={"event.once": "a refused request of the same kind as the last one looks like a second report"},
)
class ReportsRefusedRequest(_ReportsRefused):
    """Reports a request that it refused, if the group is loaded."""

    def reported(self, life: LifeCycle, action: Action) -> bool:
        """Return whether it is loaded."""
        del action
        return life.state is not State.NOT_LOADED


_NO_UNLOAD = {"trace.not-loaded-action": "the group is not loaded, and it was no unload that was refused"}


@deviation(
    "reports-refused-when-gone",
    primary="event.none-after-refusal",
    shows="a refused request is reported",
    consequences=_NO_UNLOAD,
)
class ReportsRefusedWhenGone(_ReportsRefused):
    """Reports a request that it refused because the group is not loaded any more."""

    def reported(self, life: LifeCycle, action: Action) -> bool:
        """Return whether it has been loaded."""
        del action
        return life.state is State.NOT_LOADED


@deviation(
    "reports-refused-change",
    primary="event.none-after-refusal",
    shows="a refused request is reported",
    consequences=_NO_UNLOAD,
)
class ReportsRefusedChange(_ReportsRefused):
    """Reports a change of the dial mode that it refused because the group is not loaded any more."""

    def reported(self, life: LifeCycle, action: Action) -> bool:
        """Return whether it is a change of a group that has been loaded."""
        return action is Action.SET_DIALING_MODE and life.state is State.NOT_LOADED


@deviation(
    "one-start-of-a-campaign", primary="event.start.reported", shows="the event of start-dialing is not reported"
)
class OneStartOfACampaign(Emitter):
    """Does not report that a group is started while another one of its campaign runs."""

    def changed(self, life: LifeCycle, events: Iterable[Event]) -> None:
        """Report, unless the campaign runs already."""
        own = (other for other in self.groups.values() if other is not life)
        runs = any(o.group.campaign_id == life.group.campaign_id and o.state is State.RUNNING for o in own)
        super().changed(life, (event for event in events if not (runs and event.action is Action.START)))


@deviation(
    "periodic-after-unload",
    primary="event.none-while-not-loaded",
    shows="a group is reported after its unload",
    consequences={
        "event.once": "the message repeats state and action of the unload",
        "failure.no-retry": "the message repeats state and action of the unload",
        "periodic.state": "periodic messages carry state 0",
        "periodic.interval": "periods go on over the unload",
        "event.none-after-refusal": "a message may come after a refused request",
    },
)
class PeriodicAfterUnload(Emitter):
    """Goes on sending periodic messages of an unloaded Campaign Group."""

    def changed(self, life: LifeCycle, events: Iterable[Event]) -> None:
        """Follow the group for ever."""
        super().changed(life, events)
        self.pacer.follow(life.group.key)


@deviation(
    "waits-for-receiver",
    primary="failure.group-goes-on",
    shows="a stalled receiver holds up the Campaign Group",
    consequences={
        "event.soon": "requests wait for the receiver's answer to the last event",
        "date-time.when-it-happened": "actions happen only when the receiver has answered",
    },
)
class WaitsForReceiver(Emitter):
    """Lets a Campaign Group do nothing until the receiver has answered."""

    async def request(self, key: Key, action: Action, asked: DialingRequest, cause: Cause) -> None:
        """Do what is asked, once the last event is delivered."""
        await self.notifier.settled(key)
        await super().request(key, action, asked, cause)
        await self.notifier.settled(key)


@deviation(
    "reports-when-configured",
    primary="event.none-while-not-loaded",
    shows="a group is reported before its load",
    consequences={
        "event.once": _PASSES_FOR_THE_LOAD,
        "failure.no-retry": _PASSES_FOR_THE_LOAD,
        "guid.constant": _PASSES_FOR_THE_LOAD,
        "actor.as-declared": _PASSES_FOR_THE_LOAD,
    },
)
class ReportsWhenConfigured(Emitter):
    """Reports a Campaign Group as loaded when it is configured."""

    def configure(self, group: GroupConfiguration) -> None:
        """Configure a group and say so."""
        super().configure(group)
        life = self.life(group.key)
        event = Event(group, life.new_guid(), State.ACTIVE, Action.LOAD, Cause.CLIENT, self.now(), life.dialing)
        self.notifier.report(event)
