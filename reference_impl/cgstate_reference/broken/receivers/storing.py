"""Answer well, and store something else than what came."""

import asyncio
import contextlib
import json
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from unicodedata import normalize

from aiohttp import web

from cgstate_reference.broken.receivers import deviation
from cgstate_reference.checking import (
    STATE,
    STATISTICS,
    Checker,
    Message,
    Refused,
    Written,
    written,
)
from cgstate_reference.store import Notification, Store
from cgstate_reference.taking import Archive, Receiver

_KNOWN = {*Checker.required, *Checker.longest, *Checker.codes, *STATISTICS}


class _Rewriting(Archive):
    """Stores a message as something else makes it."""

    def rewritten(self, message: Message) -> Message:
        """Return what is stored of a message."""
        return message

    async def keep(self, notification: Notification) -> None:
        """Store what is rewritten, and what is not as it came."""
        made = self.rewritten(notification.message)
        if made is not notification.message:
            notification = replace(notification, body=written(made))
        await super().keep(notification)


def _texts(message: Message, change: Callable[[str], str]) -> Message:
    """Return the message with its texts changed, but for the GUID, by which it must be found."""
    changed = {
        key: change(value) if type(value) is str and key != "GSW_CAMPAIGN_GROUP_GUID" else value
        for key, value in message.items()
    }
    return message if changed == message else changed


@deviation("optional-key-lost", primary="stored.unaltered", shows="GSW_CAMPAIGN_TEMPLATE_NAME is lost")
class OptionalKeyLost(_Rewriting):
    """Loses GSW_CAMPAIGN_TEMPLATE_NAME when it stores a message."""

    def rewritten(self, message: Message) -> Message:
        """Leave the template out."""
        if "GSW_CAMPAIGN_TEMPLATE_NAME" not in message:
            return message
        return {key: value for key, value in message.items() if key != "GSW_CAMPAIGN_TEMPLATE_NAME"}


@deviation(
    "integer-stored-as-string", primary="stored.unaltered", shows="GSW_CAMPAIGN_GROUP_STATE is stored as a string"
)
class IntegerStoredAsString(_Rewriting):
    """Stores the state as a string."""

    def rewritten(self, message: Message) -> Message:
        """Put quotes around the state."""
        return {**message, STATE: str(message[STATE])}


@deviation("every-hundredth-lost", primary="stored.every", shows="a message that was taken is not stored")
class EveryHundredthLost(Archive):
    """Loses every hundredth message that it answers."""

    _number = 0

    async def keep(self, notification: Notification) -> None:
        """Store all but every hundredth."""
        self._number += 1
        if self._number % 100:
            await super().keep(notification)


@deviation("answers-before-storing", primary="stored.every", shows="nothing that was taken is stored")
class AnswersBeforeStoring(Archive):
    """Answers at once and stores half a minute later: what ends it before that loses them."""

    seconds = 30.0

    def __init__(self, store: Store) -> None:
        """Begin with nothing to store."""
        super().__init__(store)
        self._storing: set[asyncio.Task[None]] = set()

    async def keep(self, notification: Notification) -> None:
        """Store it, but not now."""
        task = asyncio.create_task(self._keep_later(notification))
        self._storing.add(task)
        task.add_done_callback(self._storing.discard)

    async def _keep_later(self, notification: Notification) -> None:
        await asyncio.sleep(self.seconds)
        await super().keep(notification)


@deviation("stores-by-the-dozen", primary="stored.every", shows="a message that was taken is not stored")
class StoresByTheDozen(Archive):
    """Stores when there are twelve, so that the last ones of a burst are lost."""

    def __init__(self, store: Store) -> None:
        """Begin with none waiting."""
        super().__init__(store)
        self._waiting: list[Notification] = []

    async def keep(self, notification: Notification) -> None:
        """Wait for the dozen."""
        self._waiting.append(notification)
        if len(self._waiting) == 12:  # noqa: PLR2004 - a dozen
            dozen, self._waiting = self._waiting, []
            for one in dozen:
                await super().keep(one)


@deviation("stores-twice", primary="stored.once", shows="a message is stored more than once")
class StoresTwice(Archive):
    """Stores every tenth message twice."""

    _number = 0

    async def keep(self, notification: Notification) -> None:
        """Store it, and maybe once more."""
        self._number += 1
        await super().keep(notification)
        if self._number % 10 == 0:
            await super().keep(notification)


@deviation(
    "keeps-the-last",
    primary="stored.every",
    shows="a message that was taken is not stored",
    consequences={
        "stored.repetition": "only one message of a group is ever there",
        "stored.nul": "only one message of a group is ever there",
        "stored.unknown-attributes": "only one message of a group is ever there",
        "stored.order": "only one message of a group is ever there",
    },
)
class KeepsTheLast(Archive):
    """Keeps one message of each life of a Campaign Group, the last."""

    async def kept(self, guid: str) -> list[bytes]:
        """Return the last."""
        return (await super().kept(guid))[-1:]


@deviation(
    "keyed-by-time",
    primary="stored.every",
    shows="a message that was taken is not stored",
    consequences={"stored.repetition": "what is sent twice has the same time as well"},
)
class KeyedByTime(Archive):
    """Keeps one message of each GUID and time: a second one with both takes the first one's place."""

    async def kept(self, guid: str) -> list[bytes]:
        """Return the last of each time."""
        return list({json.loads(body)["GSW_DATE_TIME"]: body for body in await super().kept(guid)}.values())


@deviation("drops-unknown-attributes", primary="stored.unknown-attributes", shows="is lost")
class DropsUnknownAttributes(_Rewriting):
    """Stores only the attributes that it knows."""

    def rewritten(self, message: Message) -> Message:
        """Leave out the others."""
        if message.keys() <= _KNOWN:
            return message
        return {key: value for key, value in message.items() if key in _KNOWN}


@deviation("unknown-as-text", primary="stored.unknown-attributes", shows="is stored as a string")
class UnknownAsText(_Rewriting):
    """Stores the values of attributes that it does not know as text."""

    def rewritten(self, message: Message) -> Message:
        """Write as text what has no column."""
        if message.keys() <= _KNOWN:
            return message
        return {
            key: value if key in _KNOWN or type(value) is str else written(value).decode()
            for key, value in message.items()
        }


@deviation("names-cut-in-storage", primary="stored.unaltered", shows="is altered")
class NamesCutInStorage(_Rewriting):
    """Stores the first 128 characters of a text."""

    def rewritten(self, message: Message) -> Message:
        """Cut long texts."""
        return _texts(message, lambda text: text[:128])


@deviation("names-trimmed", primary="stored.unaltered", shows="is altered")
class NamesNormalized(_Rewriting):
    """Stores names in Unicode's composed form and without white space around them."""

    def rewritten(self, message: Message) -> Message:
        """Change what looks the same."""
        return _texts(message, lambda text: normalize("NFC", text).strip(" \t\r\n"))


@deviation("fractions-rounded", primary="stored.unaltered", shows="is altered")
class FractionsRounded(_Rewriting):
    """Stores statistics with one decimal."""

    def rewritten(self, message: Message) -> Message:
        """Round what has more."""
        long = {
            key: Written(f"{float(value):.1f}")
            for key, value in message.items()
            if key in STATISTICS and isinstance(value, Written) and re.search(r"\.[0-9]{2}", value)
        }
        return {**message, **long} if long else message


@deviation("null-statistic-lost", primary="stored.unaltered", shows="is lost")
class NullStatisticLost(_Rewriting):
    """Stores no statistic that is null."""

    def rewritten(self, message: Message) -> Message:
        """Leave out what is null."""
        if not any(key in message and message[key] is None for key in STATISTICS):
            return message
        return {key: value for key, value in message.items() if value is not None or key not in STATISTICS}


@deviation(
    "order-reversed",
    primary="stored.order",
    shows="messages of one group that came over one connection are stored in another order",
)
class OrderReversed(Archive):
    """Tells the newest message first."""

    async def kept(self, guid: str) -> list[bytes]:
        """Return them in the wrong order."""
        return (await super().kept(guid))[::-1]


@deviation(
    "ordered-by-digest",
    primary="stored.order",
    shows="messages of one group that came over one connection are stored in another order",
)
class OrderedByDigest(Archive):
    """Tells messages in the order of a digest of their text, which is their key."""

    async def kept(self, guid: str) -> list[bytes]:
        """Return them in an order that has nothing to do with their coming."""
        return sorted(await super().kept(guid), key=lambda body: sha256(body).digest())


@deviation(
    "repetition-lost", primary="stored.repetition", shows="of messages whose values are all the same not all are stored"
)
class RepetitionLost(Archive):
    """Stores a message once, even if one with all the same values comes again."""

    def __init__(self, store: Store) -> None:
        """Begin with none seen."""
        super().__init__(store)
        self._seen: defaultdict[object, set[bytes]] = defaultdict(set)

    async def keep(self, notification: Notification) -> None:
        """Store it unless it has been seen."""
        body = json.dumps(notification.message, sort_keys=True).encode()
        if body not in self._seen[notification.guid]:
            self._seen[notification.guid].add(body)
            await super().keep(notification)


@deviation("loses-nul", primary="stored.nul", shows="is altered")
class LosesNul(_Rewriting):
    """Stores texts without U+0000."""

    def rewritten(self, message: Message) -> Message:
        """Take U+0000 out."""
        return _texts(message, lambda text: text.replace("\0", ""))


@deviation("ends-at-nul", primary="stored.nul", shows="is altered")
class EndsAtNul(_Rewriting):
    """Stores of a text what stands before U+0000, as languages do for which that ends it."""

    def rewritten(self, message: Message) -> Message:
        """Cut texts off."""
        return _texts(message, lambda text: text.partition("\0")[0])


@deviation("keeps-the-refused", primary="stored.only-accepted", shows="what was refused is stored")
class KeepsTheRefused(Receiver):
    """Stores what it refuses too, where it can read it."""

    async def take(self, request: web.BaseRequest, body: bytes) -> None:
        """Store it before it is refused."""
        try:
            await super().take(request, body)
        except Refused:
            with contextlib.suppress(Refused):
                await self.archive.keep(Notification(body, self.checker.read(body)))
            raise


@deviation("loses-side-by-side", primary="stored.every", shows="a message that was taken is not stored")
class LosesSideBySide(Archive):
    """Loses messages that come while another is being stored."""

    _busy = False

    async def keep(self, notification: Notification) -> None:
        """Store it, if nothing else is being stored."""
        if self._busy:
            return
        self._busy = True
        try:
            # As long as a slow store takes: another message must be able to come meanwhile.
            await asyncio.sleep(0.001)
            await super().keep(notification)
        finally:
            self._busy = False
