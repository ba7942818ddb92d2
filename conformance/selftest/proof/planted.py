"""Deviations that selfcheck must not take for killed, each for a reason of its own, and one that it must."""

from aiohttp import web

from cgstate_reference.broken import emitters, receivers
from cgstate_reference.codes import Action, State
from cgstate_reference.core import Emitter
from cgstate_reference.life_cycle import Event, LifeCycle
from cgstate_reference.statistics import Statistics
from cgstate_reference.taking import Receiver
from cgstate_reference.writer import Attributes, Writer


class _KeepsTheDialMode(Writer):
    def dialing(self, event: Event) -> Attributes:
        return super().dialing(event) or {"GSW_DIAL_MODE": 2}


@emitters.deviation(
    "planted-killed", primary="dial-mode.only-when-running", shows="is sent though the group is not running"
)
class Killed(_KeepsTheDialMode):
    """Sends the dial mode always."""


@emitters.deviation("planted-harmless", primary="dial-mode.only-when-running")
class Harmless(Writer):
    """Does nothing wrong."""


@emitters.deviation("planted-two-faults", primary="dial-mode.only-when-running")
class TwoFaults(_KeepsTheDialMode):
    """Sends the dial mode always, and says so; and another queue, and does not say so."""

    def attributes(self, event: Event, statistics: Statistics | None) -> Attributes:
        return super().attributes(event, statistics) | {"GSW_QUEUE_NAME": "nobody's"}


@emitters.deviation("planted-other-reason", primary="dial-mode.only-when-running", shows="is null")
class OtherReason(_KeepsTheDialMode):
    """Sends the dial mode always, where something else is said to be wrong."""


@emitters.deviation("planted-stumbles", primary="event.start.reported")
class Stumbles(Writer):
    """Fails itself where it is to write of a start."""

    def attributes(self, event: Event, statistics: Statistics | None) -> Attributes:
        if event.action is Action.START and event.state is State.RUNNING:
            raise LookupError("no template for starts")
        return super().attributes(event, statistics)


@emitters.deviation("planted-refuses", primary="event.stop.reported")
class Refuses(LifeCycle):
    """Fails in its control API where it is to stop."""

    def stop(self) -> None:
        raise LookupError("no way to stop")


@emitters.deviation("planted-never-up", primary="event.load.reported")
class NeverUp(Emitter):
    """Does not even begin."""

    def __init__(self, *_: object) -> None:
        """Raise."""
        raise LookupError("no configuration")


@receivers.deviation("planted-stumbles", primary="accepts.actors")
class ReceiverStumbles(Receiver):
    """Fails itself over actor 0."""

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        if b'"GSW_CAMPAIGN_GROUP_ACTOR":0,' in body.replace(b" ", b""):
            raise LookupError("no name for actor 0")
        await super().take(request, body)
