"""Emitters that are registered as right, for what becomes of them: one is, one is late and says so, one is wrong."""

import asyncio

from cgstate_reference.life_cycle import Event
from cgstate_reference.notifier import Notifier
from cgstate_reference.variants.emitters import variant
from cgstate_reference.writer import Attributes, Writer


@variant("planted-right")
class Right(Writer):
    """Is like the reference emitter."""


class _Late(Notifier):
    """Sends each notification of a load 2.2 s late."""

    async def attempt(self, uri: str, body: bytes) -> str | None:
        if b'"GSW_CAMPAIGN_GROUP_ACTION":7' in body and b"GSW_STAT" not in body:
            await asyncio.sleep(2.2)
        return await super().attempt(uri, body)


variant("planted-late", may_warn=("event.soon",))(_Late)
variant("planted-late-and-silent-about-it")(_Late)


@variant("planted-wrong")
class Wrong(Writer):
    """Sends the dial mode at any time."""

    def dialing(self, event: Event) -> Attributes:
        """Return the mode of a group that does not run, too."""
        return super().dialing(event) or {"GSW_DIAL_MODE": event.dialing.mode}
