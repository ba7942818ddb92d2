"""Read back what a receiver stored: from an Elasticsearch index, or from a URI with ``{guid}`` in it.

Nothing here changes anything at the receiver, and no trouble is an exception once a run goes on.
"""

from collections.abc import Collection, Mapping
from typing import Final, Protocol
from urllib.parse import quote

from cgstate.drivers.text import one_line
from cgstate.peer import Peer
from cgstate.sending import Stored
from cgstate.sources.elasticsearch import GUID, OWN, BadIndex, Index, run_of, sent_by_suite
from cgstate.sources.fetching import Fetcher, FetchTrouble, read_json

PLACE: Final = "{guid}"
"""What stands for the GUID in a URI."""
_NOTHING_STORED: Final = 404
Message = Mapping[str, object]


class BadReadBack(ValueError):  # noqa: N818 - named for the fact
    """There is nothing to read back from as the user described it; the text is one line."""


class ReadBack(Protocol):
    """Somewhere to read back from; not for several threads at once."""

    def existing(self) -> int | None:
        """Return how many messages of others are there already, or None where that cannot be told.

        Raise `FetchTrouble` with one line where it does not answer.
        """

    def read(self, guids: Collection[str]) -> Stored:
        """Return what is stored with these GUIDs; what goes wrong is its `trouble`.

        Messages that only their group's name shows to be of this run stand under the empty GUID, where the store can
        find them.
        """

    def close(self) -> None:
        """Close the connections."""


def read_back(spec: str, peer: Peer, *, run_id: str, timeout: float = 10.0) -> ReadBack:
    """Return where to read back from: a URI with ``{guid}``, or the URL of an index; `BadReadBack` for anything else.

    `run_id` is what stands after ``cgstate-`` in this run's GUIDs; `timeout` in seconds, for each wait.
    """
    if PLACE in spec:
        return UriReadBack(peer, timeout=timeout)
    try:
        return IndexReadBack(peer, run_id=run_id, timeout=timeout)
    except BadIndex as bad:
        raise BadReadBack(f"{bad}, nor has it {PLACE} in it") from bad


class UriReadBack:
    """A URI that answers a JSON array of the messages stored with a GUID; 404 where there are none."""

    def __init__(self, peer: Peer, *, timeout: float = 10.0) -> None:
        """Connect to nothing yet."""
        self._fetcher = Fetcher(peer, timeout=timeout)
        self._shown = peer.shown
        self._uri = peer.uri

    def existing(self) -> None:
        """Return None: what is not asked for by its GUID is not seen."""

    def read(self, guids: Collection[str]) -> Stored:
        """Ask for each GUID, one request each, until one is not answered."""
        messages: dict[str, tuple[Message, ...]] = {}
        try:
            for guid in guids:
                messages[guid] = self._messages(guid)
        except FetchTrouble as trouble:
            return Stored(messages, trouble=str(trouble))
        return Stored(messages, ordered=True)

    def close(self) -> None:
        """Close the connection."""
        self._fetcher.close()

    def _messages(self, guid: str) -> tuple[Message, ...]:
        answer = self._fetcher.ask("GET", self._uri.replace(PLACE, quote(guid, safe="")))
        if answer.status == _NOTHING_STORED:
            return ()
        if not answer.success:
            said = one_line(answer.body[:400].decode(errors="replace"), 120)
            raise FetchTrouble(f"{self._shown}: answers {answer.status} for {guid}{f': {said}' if said else ''}")
        try:
            found = read_json(answer.body, around=1)
        except ValueError as error:
            raise FetchTrouble(f"{self._shown}: the answer for {guid} is no JSON: {one_line(str(error))}") from error
        if not isinstance(found, list) or not all(isinstance(message, dict) for message in found):
            raise FetchTrouble(f"{self._shown}: the answer for {guid} is no JSON array of messages")
        return tuple(found)


class IndexReadBack:
    """An index of Elasticsearch or OpenSearch that the receiver stores into, or is."""

    def __init__(self, peer: Peer, *, run_id: str, timeout: float = 10.0) -> None:
        """Connect to nothing yet; `BadIndex` where the URL is none of an index."""
        self._index = Index(peer, timeout=timeout)
        self._run = run_id

    def existing(self) -> int:
        """Return how many documents no run of the suite sent; 0 where there is no such index yet."""
        self._index.refresh()
        everything = self._index.count()
        hits = self._index.hits(sent_by_suite()) if everything else ()
        own = sum(run_of(hit.source) is not None for hit in hits)
        return everything - own

    def read(self, guids: Collection[str]) -> Stored:
        """Read all that this run stored, in pages, and keep what has one of these GUIDs, or none that can be read."""
        wanted = frozenset(guids)
        found: dict[str, list[Message]] = {guid: [] for guid in guids}
        try:
            self._index.refresh()
            for hit in self._index.hits(sent_by_suite(self._run)):
                if run_of(hit.source) != self._run:
                    continue
                guid = hit.source.get(GUID)
                if not (isinstance(guid, str) and guid.startswith(f"{OWN}{self._run}-")):
                    found.setdefault("", []).append(hit.source)
                elif guid in wanted:
                    found[guid].append(hit.source)
        except FetchTrouble as trouble:
            return Stored(_frozen(found), trouble=str(trouble))
        return Stored(_frozen(found), ordered=self._index.one_shard)

    def close(self) -> None:
        """Close the connection."""
        self._index.close()


def _frozen(found: Mapping[str, list[Message]]) -> dict[str, tuple[Message, ...]]:
    return {guid: tuple(messages) for guid, messages in found.items()}
