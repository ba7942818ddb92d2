"""Wrong about how a notification gets to the receiver."""

import asyncio
import errno
import os
import time
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import aiohttp

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.group import Key
from cgstate_reference.life_cycle import Event
from cgstate_reference.notifier import Notification, Notifier
from cgstate_reference.statistics import Statistics

_REFUSED = os.strerror(errno.ECONNREFUSED).lower()


@deviation(
    "retries-once",
    primary="failure.no-retry",
    shows="a notification is sent again after a 5xx answer",
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
    "retries-after-reset", primary="failure.no-retry", shows="a notification is sent again after a connection reset"
)
class RetriesAfterReset(Notifier):
    """Sends a notification once more when its connection was reset, as HTTP libraries do with a kept one."""

    async def post(self, uri: str, body: bytes) -> int:
        """POST, and POST again over another connection."""
        try:
            return await super().post(uri, body)
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            return await super().post(uri, body)


class _PostsAgain(Notifier):
    """Sends a notification once more after some answers."""

    after = 0.0
    """Seconds between the two."""

    def again(self, status: int) -> bool:
        """Return whether it is sent again after this answer."""
        raise NotImplementedError

    async def post(self, uri: str, body: bytes) -> int:
        """POST, and POST again after such an answer."""
        status = await super().post(uri, body)
        if not self.again(status):
            return status
        await asyncio.sleep(self.after)
        return await super().post(uri, body)


@deviation(
    "retries-a-second-later", primary="failure.no-retry", shows="a notification is sent again after a 5xx answer"
)
class RetriesASecondLater(_PostsAgain):
    """Sends a notification once more a second after it was answered with 503."""

    after = 1.0

    def again(self, status: int) -> bool:
        """Return whether the receiver is busy."""
        return status == HTTPStatus.SERVICE_UNAVAILABLE


@deviation(
    "retries-when-throttled", primary="failure.no-retry", shows="a notification is sent again after a 4xx answer"
)
class RetriesWhenThrottled(_PostsAgain):
    """Sends a notification once more when it was answered with 408 or 429, as HTTP libraries offer."""

    def again(self, status: int) -> bool:
        """Return whether the receiver asks for time."""
        return status in {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}


@deviation("repeats-unless-200", primary="event.once", shows="an event is reported more than once")
class RepeatsUnless200(_PostsAgain):
    """Takes 200 alone for success, and sends once more what was answered with another 2xx."""

    def again(self, status: int) -> bool:
        """Return whether it is a success that it does not know."""
        return HTTPStatus.OK < status < HTTPStatus.MULTIPLE_CHOICES


@deviation("retries-with-the-next", primary="failure.no-retry", shows="a notification is sent again after")
class RetriesWithTheNext(Notifier):
    """Sends a notification that failed again before the group's next one."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - those of any notifier
        """Begin with none that failed."""
        super().__init__(*arguments, **named)
        self._failed: dict[Key, bytes] = {}

    async def deliver(self, notification: Notification) -> None:
        """Send what failed, then what is new."""
        uri, key = self.target(), notification.event.group.key
        if uri is None or not self.wanted():
            return
        old = self._failed.pop(key, None)
        if old is not None:
            await self.attempt(uri, old)
        if await self.attempt(uri, notification.body) is not None:
            self._failed[key] = notification.body


@deviation(
    "tries-until-connected", primary="failure.no-retry", shows="a notification is sent again after a refused connection"
)
class TriesUntilConnected(Notifier):
    """Tries again as long as connections are refused."""

    async def attempt(self, uri: str, body: bytes) -> str | None:
        """POST until somebody takes it, a hundred times at most."""
        failure = await super().attempt(uri, body)
        for _ in range(99):
            if failure != _REFUSED:
                break
            await asyncio.sleep(0.05)
            failure = await super().attempt(uri, body)
        return failure


@deviation(
    "loses-event-after-failed",
    primary="failure.next-event",
    shows="the event after a failed notification is not reported",
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


@deviation(
    "sends-only-the-newest", primary="failure.next-event", shows="the event after a failed notification is not reported"
)
class SendsOnlyTheNewest(Notifier):
    """Sends of the notifications of a group that wait for the receiver only the newest."""

    def report(self, event: Event, statistics: Statistics | None = None) -> None:
        """Put a notification in the place of those that wait."""
        super().report(event, statistics)
        waiting = self._queues.get(event.group.key)
        while waiting is not None and len(waiting) > 1:
            waiting.popleft()


@deviation(
    "spares-a-failing-receiver",
    primary="failure.next-event",
    shows="the event after a failed notification is not reported",
    consequences={
        f"event.{action}.reported": "it may come while the receiver is spared"
        for action in ("load", "start", "stop", "unload", "set-dialing-mode")
    },
)
class SparesAFailingReceiver(Notifier):
    """Sends nothing for two seconds when three notifications running have failed, as circuit breakers do."""

    most = 3
    seconds = 2.0
    _failed = 0
    _until = 0.0

    async def attempt(self, uri: str, body: bytes) -> str | None:
        """POST, unless the receiver is spared."""
        now = time.monotonic()
        if now < self._until:
            return "the receiver has failed before"
        failure = await super().attempt(uri, body)
        self._failed = 0 if failure is None else self._failed + 1
        if self._failed >= self.most:
            self._failed, self._until = 0, time.monotonic() + self.seconds
        return failure


@deviation(
    "no-samples-after-a-failure",
    primary="periodic.reported",
    shows="no periodic message comes for a loaded group",
)
class NoSamplesAfterAFailure(Notifier):
    """Sends no periodic messages of a Campaign Group any more when one of its notifications has failed."""

    _failed: frozenset[Key] = frozenset()

    async def deliver(self, notification: Notification) -> None:
        """Send, unless it is a sample of a group that had a failure."""
        key, uri = notification.event.group.key, self.target()
        if uri is None or not self.wanted() or (notification.statistics is not None and key in self._failed):
            return
        if await self.attempt(uri, notification.body) is not None:
            self._failed |= {key}


@deviation("time-of-sending", primary="date-time.when-it-happened", shows="GSW_DATE_TIME is when the message was sent")
class TimeOfSending(Notifier):
    """Sends in GSW_DATE_TIME when the notification is sent."""

    async def deliver(self, notification: Notification) -> None:
        """Send with the present time."""
        event = replace(notification.event, at=time.time())
        await super().deliver(replace(notification, body=self.writer.body(event, notification.statistics)))


@deviation("drops-query", primary="http.configured-uri", shows="a message goes to another URI than the configured one")
class DropsQuery(Notifier):
    """Sends to the configured URI without its query."""

    def target(self) -> str | None:
        """Return the URI up to the question mark."""
        uri = super().target()
        return uri and uri.partition("?")[0]


@deviation(
    "decodes-query", primary="http.configured-uri", shows="a message goes to another URI than the configured one"
)
class DecodesQuery(Notifier):
    """Sends to the configured URI with the escapes of its query decoded."""

    def target(self) -> str | None:
        """Return the URI as a library writes it anew."""
        uri = super().target()
        parts = urlsplit(uri or "")
        return uri and urlunsplit(parts._replace(query=unquote(parts.query)))


@deviation(
    "appends-slash", primary="http.configured-uri", shows="a message goes to another URI than the configured one"
)
class AppendsSlash(Notifier):
    """Ends the path of the configured URI with a slash."""

    def target(self) -> str | None:
        """Return the URI of a folder."""
        uri = super().target()
        parts = urlsplit(uri or "")
        return uri and urlunsplit(parts._replace(path=parts.path + "/"))


@deviation("form-content-type", primary="http.content-type", shows="the Content-Type is not application/json")
class FormContentType(Notifier):
    """Sends the body as a form, as curl does unless it is told otherwise."""

    content_type = "application/x-www-form-urlencoded"


@deviation("text-plain", primary="http.content-type", shows="the Content-Type is not application/json")
class TextPlain(Notifier):
    """Sends the body as text/plain."""

    content_type = "text/plain"


@deviation(
    "puts",
    primary="http.post",
    shows="a notification is not sent by POST",
    consequences={"failure.no-retry": "HTTP libraries repeat a PUT on a kept connection that was reset"},
)
class Puts(Notifier):
    """Sends notifications by PUT."""

    method = "PUT"
