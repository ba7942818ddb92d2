"""Where a receiver keeps notifications: what a store does, and which one is meant."""

from dataclasses import dataclass
from typing import Protocol

from cgstate_reference.checking import Message


class StoreTrouble(Exception):  # noqa: N818 - named for the fact
    """The store cannot be used now, or at all; the text says why, in one line."""


class StoreRefuses(Exception):  # noqa: N818 - named for the fact
    """The store works and does not take this message; the text says why, in one line."""


@dataclass(frozen=True, slots=True)
class Notification:
    """A notification that is to be kept."""

    body: bytes
    """The JSON as it came: it is given back like that, numbers of any size included."""
    message: Message
    """The same, read."""

    @property
    def guid(self) -> object:
        """The GUID it is found by."""
        return self.message.get("GSW_CAMPAIGN_GROUP_GUID", "")


class Store(Protocol):
    """Keeps notifications for good, in the order in which it says that it has them."""

    async def keep(self, guid: str, body: bytes) -> None:
        """Return when the notification is kept, whatever happens next; raises `StoreTrouble` and `StoreRefuses`."""

    async def kept(self, guid: str) -> list[bytes]:
        """Return what is kept under `guid`, as it came and in the order of keeping; raises `StoreTrouble`."""

    async def close(self) -> None:
        """End when all that was begun is done."""


async def open_store(where: str | None) -> Store:
    """Open the store at `where`: a file, an index of Elasticsearch by its http URL, or None, which ends with us.

    Raises `StoreTrouble` where there can be none.
    """
    if where is not None and where.startswith(("http://", "https://")):
        from cgstate_reference.store_elasticsearch import ElasticsearchStore  # noqa: PLC0415 - only who asks needs it

        return ElasticsearchStore(where)
    from cgstate_reference.store_sqlite import SqliteStore  # noqa: PLC0415 - as above

    return SqliteStore(where)
