"""Elasticsearch and OpenSearch in plain REST: search an index page by page, count, and take documents out by id.

Documents come back as they were sent (``_source``). A search changes nothing on the server, but that a point in
time, opened where an index has several shards, stays open for a minute.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from cgstate.drivers.text import one_line
from cgstate.peer import Peer
from cgstate.sources.fetching import Answer, Fetcher, FetchTrouble, read_json

GUID: Final = "GSW_CAMPAIGN_GROUP_GUID"
NAME: Final = "GSW_CAMPAIGN_GROUP_NAME"
OWN: Final = "cgstate-"
"""What the GUIDs of every run of the suite begin with; where the GUID is the fault, the group's name."""

_ANY_RUN: Final = re.compile(rf"{OWN}([a-z0-9]{{6}})-")
PAGE: Final = 1000
"""Documents in a page."""
_NOT_FOUND: Final = 404
_AROUND: Final = 4
"""Brackets around a document in an answer: the answer, its hits, their list, the hit."""
_KEPT_OPEN: Final = "1m"

Query = dict[str, Any]
ALL: Final[Query] = {"match_all": {}}


class BadIndex(ValueError):  # noqa: N818 - named for the fact
    """The URL is none of an index; the text is one line."""


class UntypedIndex(FetchTrouble):
    """The index found its types by itself, so that names are neither sorted nor grouped by."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One document."""

    index: str
    id: str
    routing: str | None
    source: Mapping[str, Any]
    """The document as it was sent."""
    ignored: tuple[str, ...] = ()
    """The attributes whose value did not fit the index's types: kept, not indexed."""


class Index:
    """One index, an alias of some, or a pattern of names; `FetchTrouble` from whatever fails."""

    def __init__(self, peer: Peer, *, timeout: float = 10.0) -> None:
        """Connect to nothing yet; `BadIndex` where the peer's URI is none like ``http://host:9200/index``."""
        self._base, self.name = _split(peer)
        self._fetcher = Fetcher(peer, timeout=timeout)
        self.shown = peer.shown
        self.one_shard = False
        """Whether the last search went to one primary shard only, so that its order is the order of storing."""

    def close(self) -> None:
        """Close the connection."""
        self._fetcher.close()

    def refresh(self) -> None:
        """Make what is stored visible to a search at once; where that is forbidden, the index does so by itself."""
        try:
            self._fetcher.ask("POST", f"{self._base}/{self.name}/_refresh")
        except FetchTrouble as trouble:
            if "(403)" not in str(trouble):
                raise

    def count(self, query: Query = ALL) -> int:
        """Return how many documents fit; 0 where there is no such index yet."""
        answer = self._post(f"/{self.name}/_count", {"query": query})
        if answer is None:
            return 0
        found = self._object(answer).get("count")
        if not isinstance(found, int):
            raise self._stranger()
        return found

    def search(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the answer to one search, as it came; one without hits where there is no such index yet."""
        answer = self._post(f"/{self.name}/_search", body)
        return {"hits": {"hits": [], "total": {"value": 0}}} if answer is None else self._object(answer)

    def hits(self, query: Query = ALL, *, page: int = PAGE) -> Iterator[Hit]:
        """Yield every document that fits, in the order of storing where there is one primary shard.

        None where there is no such index yet. Documents come whole: to give a part of one, the server has to read it,
        and fails where one has bytes that are no UTF-8.
        """
        body: dict[str, Any] = {
            "query": query,
            "size": page,
            "sort": [{"_seq_no": "asc"}],
            "seq_no_primary_term": True,
            "track_total_hits": True,
        }
        found = self.search(body)
        shards = found.get("_shards", {})
        self.one_shard = isinstance(shards, dict) and shards.get("total") == 1
        hits = self._hits_of(found)
        if len(hits) < page:
            yield from map(_hit, hits)
            return
        path = f"/{self.name}/_search"
        if not self.one_shard:
            # Numbers of different shards are equal: only the order of a point in time has no ties.
            path = "/_search"
            body |= {"pit": self._point_in_time(), "sort": [{"_seq_no": "asc"}, {"_shard_doc": "asc"}]}
            hits = self._page(path, body)
        while hits:
            yield from map(_hit, hits)
            if len(hits) < page:
                return
            hits = self._page(path, body | {"search_after": hits[-1]["sort"]})

    def scan(self, body: Mapping[str, Any], *, page: int = PAGE) -> Iterator[Mapping[str, Any]]:
        """Yield every hit of a sorted search as it came, all pages of it as of one point in time."""
        if not self.exists():
            return
        paged = {**body, "size": page, "pit": self._point_in_time(), "sort": [*body["sort"], {"_shard_doc": "asc"}]}
        hits = self._page("/_search", paged)
        while hits:
            yield from hits
            if len(hits) < page:
                return
            hits = self._page("/_search", paged | {"search_after": hits[-1]["sort"]})

    def buckets(self, body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Yield every bucket of a search whose one aggregation is a composite one, page by page."""
        (name, aggregation), *_ = body["aggs"].items()
        after: dict[str, Any] = {}
        while True:
            composite = aggregation["composite"] | after
            found = self.search({**body, "aggs": {name: aggregation | {"composite": composite}}})
            inner = found.get("aggregations", {}).get(name, {})
            yield from inner.get("buckets", ())
            if "after_key" not in inner:
                return
            after = {"after": inner["after_key"]}

    def exists(self) -> bool:
        """Whether there is such an index."""
        return self._post(f"/{self.name}/_count", {}) is not None

    def delete(self, hits: Iterable[Hit]) -> int:
        """Take documents out by their ids, in one request; return how many are gone.

        For `cgstate clean` only: a run deletes nothing.
        """
        lines = []
        for hit in hits:
            action = {"_index": hit.index, "_id": hit.id}
            lines.append(json.dumps({"delete": action | ({"routing": hit.routing} if hit.routing else {})}))
        body = "".join(f"{line}\n" for line in lines).encode()
        answer = self._fetcher.ask("POST", f"{self._base}/_bulk", body, "application/x-ndjson")
        items = self._object(self._checked(answer)).get("items", [])
        results = [item.get("delete", {}) for item in items if isinstance(item, dict)]
        refused = [result for result in results if result.get("status") not in {200, _NOT_FOUND}]
        if refused:
            raise FetchTrouble(f"{self.shown}: {len(refused)} documents stay: {_why(refused[0])}")
        return sum(result.get("status") == 200 for result in results)  # noqa: PLR2004 - OK

    def _page(self, path: str, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        answer = self._post(path, body)
        if answer is None:
            raise FetchTrouble(f"{self.shown}: the index vanished while it was read")
        return self._hits_of(self._object(answer))

    def _point_in_time(self) -> dict[str, str]:
        # Elasticsearch, then OpenSearch.
        for path, key in (("_pit", "id"), ("_search/point_in_time", "pit_id")):
            answer = self._fetcher.ask("POST", f"{self._base}/{self.name}/{path}?keep_alive={_KEPT_OPEN}")
            if answer.success:
                return {"id": str(self._object(answer).get(key, "")), "keep_alive": _KEPT_OPEN}
        raise FetchTrouble(f"{self.shown}: no point in time to read by: {_said(answer)}")

    def _post(self, path: str, body: Mapping[str, Any]) -> Answer | None:
        """Return the answer to a question; None where there is no such index."""
        answer = self._fetcher.ask("POST", f"{self._base}{path}", json.dumps(body).encode())
        if answer.status == _NOT_FOUND and b"index_not_found_exception" in answer.body:
            return None
        return self._checked(answer)

    def _checked(self, answer: Answer) -> Answer:
        if answer.success:
            return answer
        if b"Text fields are not optimised" in answer.body:
            raise UntypedIndex(
                f"{self.shown}: made without the index template, names are texts that nothing can be sorted by; "
                "install what cgstate elasticsearch-template prints, and fill a new index"
            )
        raise FetchTrouble(f"{self.shown}: answers {answer.status}: {_said(answer)}")

    def _object(self, answer: Answer) -> Mapping[str, Any]:
        try:
            found = read_json(answer.body, around=_AROUND)
        except ValueError:
            raise self._stranger() from None
        if not isinstance(found, dict):
            raise self._stranger()
        shards = found.get("_shards")
        if found.get("timed_out") is True or (isinstance(shards, dict) and shards.get("failed")):
            raise FetchTrouble(f"{self.shown}: not all shards answered; what came is not all there is")
        return found

    def _hits_of(self, found: Mapping[str, Any]) -> list[dict[str, Any]]:
        outer = found.get("hits")
        inner = outer.get("hits") if isinstance(outer, dict) else None
        if not isinstance(inner, list) or not all(isinstance(hit, dict) for hit in inner):
            raise self._stranger()
        return inner

    def _stranger(self) -> FetchTrouble:
        return FetchTrouble(f"{self.shown}: does not answer like Elasticsearch or OpenSearch")


def sent_by_suite(run: str = "") -> Query:
    """Return the query for what the suite sent, or one run of it; a little more may fit: see `run_of`.

    Fits an index with the template (keywords) and one that found its types by itself (text, with a keyword beside).
    """
    beginning = f"{OWN}{run}-" if run else OWN
    words = beginning.strip("-")
    ways: list[Query] = []
    for attribute in (GUID, NAME):
        ways += [{"prefix": {field: beginning}} for field in (attribute, f"{attribute}.keyword")]
        ways.append({"match_phrase": {attribute: words}})
    return {"bool": {"should": ways, "minimum_should_match": 1}}


def run_of(message: Mapping[str, object]) -> str | None:
    """Return the id of the run that sent a message, or None where the suite did not.

    It stands in the GUID; where that is the fault, in the name of the group.
    """
    for attribute in (GUID, NAME):
        value = message.get(attribute)
        found = _ANY_RUN.match(value) if isinstance(value, str) else None
        if found:
            return found[1]
    return None


def _hit(found: Mapping[str, Any]) -> Hit:
    source = found.get("_source")
    return Hit(
        str(found.get("_index", "")),
        str(found.get("_id", "")),
        found.get("_routing"),
        source if isinstance(source, dict) else {},
        tuple(found.get("_ignored", ())),
    )


def _split(peer: Peer) -> tuple[str, str]:
    """Return the server's URI and the index; ``/_doc``, where notifications are sent, may follow the index."""
    parts = urlsplit(peer.uri)
    path = parts.path.rstrip("/").removesuffix("/_doc")
    before, _, name = path.rpartition("/")
    if parts.query or not name or unquote(name).startswith("_"):
        raise BadIndex(f"{peer.option or 'the index'}: {peer.shown} is no URL of an index like http://host:9200/index")
    return f"{parts.scheme}://{parts.netloc}{before}", name


def _said(answer: Answer) -> str:
    """Return the reason that an error gives, in one line."""
    try:
        found = read_json(answer.body)
    except ValueError:
        found = None
    if isinstance(found, dict):
        error = found.get("error")
        return _why({"error": error})
    return one_line(answer.body[:400].decode(errors="replace"), 160) or "nothing"


def _why(result: Mapping[str, Any]) -> str:
    error = result.get("error")
    if isinstance(error, dict):
        roots = error.get("root_cause")
        root = roots[0] if isinstance(roots, list) and roots and isinstance(roots[0], dict) else error
        return one_line(f"{root.get('type', '')}: {root.get('reason', '')}", 160)
    return one_line(str(error), 160)
