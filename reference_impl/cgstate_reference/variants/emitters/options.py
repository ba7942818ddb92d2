"""Otherwise in options, actors and hooks: when a change takes effect, and what is declared."""

import asyncio

from cgstate_reference.codes import ACTORS, Cause
from cgstate_reference.control import Answer, ControlApi
from cgstate_reference.core import Emitter
from cgstate_reference.life_cycle import Event
from cgstate_reference.notifier import Notification
from cgstate_reference.variants.emitters import variant
from cgstate_reference.variants.emitters.timing import SentAlone
from cgstate_reference.writer import Writer

ON_ITS_WAY = 0.3
"""Seconds."""
MODES = (2, 3)


@variant("keeps-old-options")
class KeepsOldOptions(SentAlone):
    """Sends what was made before the options changed as they were, up to 300 ms later."""

    async def go(self, notification: Notification, uri: str) -> None:
        """Send where it was to be sent when it was made."""
        await asyncio.sleep(ON_ITS_WAY)
        await self.attempt(uri, notification.body)


class _Declares(ControlApi):
    """Declares something of its own."""

    def declared(self) -> dict[str, object]:
        """Return what it declares."""
        return {"capabilities": list(self.hooks)}

    async def answer(self, method: str, path: str, body: bytes) -> Answer:
        status, answer = await super().answer(method, path, body)
        return status, self.declared() if path == f"{self.base}/conformance" else answer


@variant("few-hooks")
class FewHooks(_Declares):
    """Has the hooks options and groups alone, tells of no actors, and has no dial modes but 2 and 3."""

    def __init__(self, emitter: Emitter, server_id: int) -> None:
        """Show two hooks."""
        super().__init__(emitter, server_id, ("options", "groups"))

    def declared(self) -> dict[str, object]:
        """Return hooks and dial modes."""
        return {**super().declared(), "dialModes": list(MODES)}


class _OtherCodes(_Declares):
    """Declares actors of its own."""

    def declared(self) -> dict[str, object]:
        return {**super().declared(), "actors": {cause: other_code(cause) for cause in Cause}}


def other_code(cause: Cause) -> int:
    """Return what stands for an actor."""
    return 2**31 - ACTORS[cause]


@variant("other-actors", _OtherCodes)
class OtherActors(Writer):
    """Has large codes for ACTOR, and declares them."""

    def actor(self, event: Event) -> object:
        """Return the code."""
        return other_code(event.cause)


@variant("unknown-actor", _Declares)
class UnknownActor(Writer):
    """Says 0 for ACTOR, unknown, whoever acted, and declares none."""

    def actor(self, event: Event) -> object:
        """Return the code for nobody knows."""
        del event
        return 0
