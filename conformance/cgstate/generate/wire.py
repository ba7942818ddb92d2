"""Strategies for legal messages: what a receiver has to take."""

from functools import cache

from hypothesis import strategies as st

from cgstate.evidence import GroupConfiguration
from cgstate.generate.kinds import KINDS, STATISTICS, Kind, Message, dialing_of, naming_of
from cgstate.generate.strategies import dialings, group_configurations
from cgstate.generate.text import names
from cgstate.specification.codes import Action

GUID_LENGTH = 64
"""Characters that a GUID is expected to have at most."""


def messages(
    *,
    guid_prefix: str = "",
    groups: st.SearchStrategy[GroupConfiguration] | None = None,
    kinds: tuple[Kind, ...] = KINDS,
) -> st.SearchStrategy[Message]:
    """Return a strategy for legal messages, which also meet all that is merely expected.

    Every GUID begins with `guid_prefix`; `groups` says whose names and tenants stand in them; `kinds`
    restricts the branches. Some have statistics, some have keys that nobody knows.
    """
    configured = group_configurations() if groups is None else groups
    return st.one_of([message_of(kind, guid_prefix, configured) for kind in kinds])


@st.composite
def message_of(
    draw: st.DrawFn, kind: Kind, guid_prefix: str, configured: st.SearchStrategy[GroupConfiguration]
) -> Message:
    """Draw a legal message of one kind."""
    group = draw(configured, label="group")
    guid = guid_prefix + draw(_guids(GUID_LENGTH - len(guid_prefix)), label="guid")
    message = naming_of(group, guid)
    if draw(_ONE_IN_THREE, label="no queue"):
        message["GSW_QUEUE_NAME"] = ""
    if kind.modes:
        message |= dialing_of(draw(dialings(kind.modes), label="dialing"))
    message["GSW_CAMPAIGN_GROUP_STATE"] = int(kind.state)
    message["GSW_CAMPAIGN_GROUP_ACTION"] = int(draw(_actions(kind.actions), label="action"))
    message["GSW_CAMPAIGN_GROUP_ACTOR"] = draw(_ACTORS, label="actor")
    message["GSW_DATE_TIME"] = draw(date_times(), label="time")
    if kind.periodic or draw(_ONE_IN_THREE, label="with statistics"):
        message |= draw(_statistics(), label="statistics")
    if draw(_ONE_IN_THREE, label="with unknown keys"):
        message |= draw(_unknown_keys(), label="unknown keys")
    order = draw(_ORDERS, label="order")
    if order == "as in the table":
        return message
    return dict(sorted(message.items(), reverse=order == "reversed"))


@cache
def date_times() -> st.SearchStrategy[str]:
    """Return a strategy for GSW_DATE_TIME: UTC seconds since 1970 with three decimals."""
    seconds = st.integers(1_500_000_000, 2_000_000_000) | st.sampled_from([0, 1, 2**31 - 1, 2**31, 253402300799])
    milliseconds = st.sampled_from([0, 4, 40, 250, 999]) | st.integers(0, 999)
    return st.tuples(seconds, milliseconds).map(lambda time: f"{time[0]}.{time[1]:03d}")


@cache
def _guids(room: int) -> st.SearchStrategy[str]:
    if room < 1:
        raise ValueError(f"guid_prefix leaves no room: a GUID has at most {GUID_LENGTH} characters")
    hexadecimal = st.text("0123456789abcdef", min_size=min(8, room), max_size=min(32, room))
    return hexadecimal | st.uuids().map(lambda guid: str(guid)[:room]) | names(max_size=min(12, room))


@cache
def _statistics() -> st.SearchStrategy[Message]:
    numbers = st.floats(0, 2, allow_nan=False) | st.integers(0, 100_000) | st.none()
    return st.dictionaries(st.sampled_from(STATISTICS), numbers, min_size=1, max_size=len(STATISTICS))


@cache
def _unknown_keys() -> st.SearchStrategy[Message]:
    text = names(max_size=30)
    leaves = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e9, 1e9) | text
    values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3))
    keys = st.sampled_from(["GSW_CAMPAIGN_GROUP_DBID", "GSW_STAT_AGENTS", "vendor"]) | text.map("x-{}".format)
    return st.dictionaries(keys, values, min_size=1, max_size=3)


@cache
def _actions(actions: tuple[Action, ...]) -> st.SearchStrategy[Action]:
    return st.sampled_from(actions)


_ONE_IN_THREE = st.sampled_from([False, False, True])
_ACTORS = st.integers(0, 3) | st.sampled_from([4, 255, 2**31 - 1])
_ORDERS = st.sampled_from(["as in the table", "sorted", "reversed"])
