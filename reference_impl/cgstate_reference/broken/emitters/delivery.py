"""Wrong about how a notification gets to the receiver."""

import time
from dataclasses import replace

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.group import Key
from cgstate_reference.notifier import Notification, Notifier


@deviation(
    "retries-once",
    primary="failure.no-retry",
    consequences={
        "event.once": "the receiver may have taken the first POST before it failed it",
        "trace.not-loaded-once": "the retried message may be that of an unload",
        "event.none-while-not-loaded": "the retry of an unload's message comes after its end",
    },
)
class RetriesOnce(Notifier):
    """Sends a notification once more when its POST failed."""

    async def attempt(self, uri: str, body: bytes) -> str | None:
        """POST, and POST again if that failed."""
        failure = await super().attempt(uri, body)
        return failure if failure is None else await super().attempt(uri, body)


@deviation(
    "loses-event-after-failed",
    primary="failure.next-event",
    consequences={
        "event.load.reported": "the event after a failed one may be a load",
        "event.start.reported": "the event after a failed one may be a start",
        "event.stop.reported": "the event after a failed one may be a stop",
        "event.unload.reported": "the event after a failed one may be an unload",
        "event.set-dialing-mode.reported": "the event after a failed one may be a set-dialing-mode",
    },
)
class LosesEventAfterFailed(Notifier):
    """Does not send the notification of a group that follows a failed one."""

    _failed: frozenset[Key] = frozenset()

    async def deliver(self, notification: Notification) -> None:
        """Send, unless the last one of this group failed."""
        key = notification.event.group.key
        if key in self._failed:
            self._failed -= {key}
            return
        uri = self.target()
        if uri is not None and self.wanted() and await self.attempt(uri, notification.body) is not None:
            self._failed |= {key}


@deviation("time-of-sending", primary="date-time.when-it-happened")
class TimeOfSending(Notifier):
    """Sends in GSW_DATE_TIME when the notification is sent."""

    async def deliver(self, notification: Notification) -> None:
        """Send with the present time."""
        event = replace(notification.event, at=time.time())
        await super().deliver(replace(notification, body=self.writer.body(event, notification.statistics)))


@deviation("drops-query", primary="http.configured-uri")
class DropsQuery(Notifier):
    """Sends to the configured URI without its query."""

    def target(self) -> str | None:
        """Return the URI up to the question mark."""
        uri = super().target()
        return uri and uri.partition("?")[0]


@deviation("text-plain", primary="http.content-type")
class TextPlain(Notifier):
    """Sends the body as text/plain."""

    content_type = "text/plain"


@deviation(
    "puts",
    primary="http.post",
    consequences={"failure.no-retry": "HTTP libraries repeat a PUT on a kept connection that was reset"},
)
class Puts(Notifier):
    """Sends notifications by PUT."""

    method = "PUT"
