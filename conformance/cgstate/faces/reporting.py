"""What the documented queries answer, as rows: reckoned from hits and buckets as they come, one group at a time.

Pure. Times are Unix seconds, durations seconds. The servers' small distributions cannot reckon these themselves.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from cgstate.specification.codes import GroupState
from cgstate.specification.schemas import attributes

TENANT: Final = "GSW_TENANT_NAME"
GROUP: Final = "GSW_CAMPAIGN_GROUP_NAME"
STATE: Final = "GSW_CAMPAIGN_GROUP_STATE"
MODE: Final = "GSW_DIAL_MODE"
ACTION: Final = "GSW_CAMPAIGN_GROUP_ACTION"
GUID: Final = "GSW_CAMPAIGN_GROUP_GUID"
ACTOR: Final = "GSW_CAMPAIGN_GROUP_ACTOR"

Row = dict[str, Any]
Hits = Iterable[Mapping[str, Any]]
Buckets = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Span:
    """What the rows depend on besides the notifications."""

    until: float
    """Unix time of the end of the time asked for."""
    limit: float
    """Seconds that a group may run without a break."""


def current_state(buckets: Buckets, _span: Span) -> Iterator[Row]:
    """Yield a row for each group from its latest notification."""
    for bucket in buckets:
        hit = bucket["latest"]["hits"]["hits"][0]
        yield {
            **_whose(hit),
            "state": code(STATE, _of(hit, STATE)),
            "dial mode": code(MODE, _of(hit, MODE)),
            "action": code(ACTION, _of(hit, ACTION)),
            "as of": hit["sort"][0] / 1000,
            "GUID": _of(hit, GUID),
        }


def time_in_state(hits: Hits, span: Span) -> Iterator[Row]:
    """Yield a row for each group and state: how long the group was in it. What NotLoaded lasts is not counted."""
    for _, group in groupby(hits, key=_key):
        spent: Counter[int] = Counter()
        last: Mapping[str, Any] = {}
        for hit in group:
            if last:
                spent[_state(last)] += _milliseconds(hit) - _milliseconds(last)
            last = hit
        spent[_state(last)] += max(0, round(span.until * 1000) - _milliseconds(last))
        del spent[GroupState.NOT_LOADED]
        for state, milliseconds in sorted(spent.items()):
            yield {**_whose(last), "state": code(STATE, state), "seconds": milliseconds / 1000}


def dial_mode_changes(hits: Hits, _span: Span) -> Iterator[Row]:
    """Yield a row for each change of the dial mode between two notifications of one group and GUID."""
    for _, loaded in groupby(hits, key=lambda hit: (_key(hit), _of(hit, GUID))):
        before = None
        for hit in loaded:
            mode = _of(hit, MODE)
            if before not in (None, mode):
                yield {
                    **_whose(hit),
                    "time": _time(hit),
                    "from": code(MODE, before),
                    "to": code(MODE, mode),
                    "actor": _of(hit, ACTOR),
                }
            before = mode


def busy_factor(buckets: Buckets, _span: Span) -> Iterator[Row]:
    """Yield a row for each group and interval."""
    for bucket in buckets:
        key, found = bucket["key"], bucket["busy_factor"]
        yield {
            "tenant": key["tenant"],
            "group": key["group"],
            "from": key["time"] / 1000,
            "average": round(found["avg"], 4),
            "least": found["min"],
            "greatest": found["max"],
            "samples": found["count"],
        }


def running_past(hits: Hits, span: Span) -> Iterator[Row]:
    """Yield a row for each group that runs at the end of the time asked for, for longer than the limit."""
    for _, group in groupby(hits, key=_key):
        since: Mapping[str, Any] | None = None
        last: Mapping[str, Any] = {}
        for hit in group:
            last = hit
            runs = _state(hit) == GroupState.RUNNING
            since = (since or hit) if runs else None
        if since is not None and span.until - _time(since) > span.limit:
            yield {
                **_whose(last),
                "running since": _time(since),
                "seconds": round(span.until - _time(since), 3),
                "dial mode": code(MODE, _of(last, MODE)),
                "last heard": _time(last),
                "GUID": _of(last, GUID),
            }


@dataclass(frozen=True, slots=True)
class Report:
    """How a query becomes rows."""

    by_buckets: bool
    """Whether it is made from the buckets of a composite aggregation, not from sorted hits."""
    rows: Callable[[Iterable[Mapping[str, Any]], Span], Iterator[Row]]


REPORTS: Final[Mapping[str, Report]] = {
    "current-state": Report(by_buckets=True, rows=current_state),
    "time-in-state": Report(by_buckets=False, rows=time_in_state),
    "dial-mode-changes": Report(by_buckets=False, rows=dial_mode_changes),
    "busy-factor": Report(by_buckets=True, rows=busy_factor),
    "running-past": Report(by_buckets=False, rows=running_past),
}
"""Every documented query by its name, in the order in which they are printed."""

TIMES: Final = frozenset({"as of", "time", "from", "running since", "last heard"})
"""Columns that hold a time where they hold a number."""


def code(attribute: str, value: object) -> str | None:
    """Return a code with its name, for example ``5 Running``; None where there is none."""
    if not isinstance(value, int | float):
        return None
    name = attributes()[attribute].get("x-codes", {}).get(str(int(value)), "")
    return f"{int(value)} {name}".strip()


def _of(hit: Mapping[str, Any], attribute: str) -> Any:  # noqa: ANN401 - JSON
    """Return the value of an attribute as the index has read it; None where it has none, or one that does not fit."""
    return next(iter(hit.get("fields", {}).get(attribute, ())), None)


def _state(hit: Mapping[str, Any]) -> int:
    return int(_of(hit, STATE))


def _key(hit: Mapping[str, Any]) -> tuple[object, object]:
    return _of(hit, TENANT), _of(hit, GROUP)


def _whose(hit: Mapping[str, Any]) -> Row:
    tenant, group = _key(hit)
    return {"tenant": tenant, "group": group}


def _milliseconds(hit: Mapping[str, Any]) -> int:
    """Return when it happened, in Unix milliseconds: the index has read GSW_DATE_TIME to sort by it."""
    return int(hit["sort"][2])


def _time(hit: Mapping[str, Any]) -> float:
    return _milliseconds(hit) / 1000
