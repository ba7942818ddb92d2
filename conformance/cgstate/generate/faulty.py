"""Strategies for messages with exactly one fault each, in the rules that a schema can hold: the tables of `faults`."""

from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from hypothesis import strategies as st

from cgstate.evidence import GroupConfiguration
from cgstate.generate.faults import BROKEN, DISCOURAGED, Fault
from cgstate.generate.kinds import Kind, Message
from cgstate.generate.strategies import group_configurations
from cgstate.generate.wire import message_of


class Faulty(NamedTuple):
    """A message and the one requirement it breaks."""

    message: Message
    requirement: str


def broken_messages(
    *,
    requirements: Collection[str] | None = None,
    guid_prefix: str = "",
    groups: st.SearchStrategy[GroupConfiguration] | None = None,
) -> st.SearchStrategy[Faulty]:
    """Return a strategy for illegal messages, each with the one MUST that it breaks; a branch for each requirement.

    `requirements` restricts them (None: all of `BROKEN`). Every GUID begins with `guid_prefix`; where
    the GUID itself is the fault, GSW_CAMPAIGN_GROUP_NAME begins with it instead.
    """
    return _one_fault(BROKEN, requirements, guid_prefix, groups)


def discouraged_messages(
    *,
    requirements: Collection[str] | None = None,
    guid_prefix: str = "",
    groups: st.SearchStrategy[GroupConfiguration] | None = None,
) -> st.SearchStrategy[Faulty]:
    """Return a strategy for legal messages that break one SHOULD each; parameters as of `broken_messages`."""
    return _one_fault(DISCOURAGED, requirements, guid_prefix, groups)


def _one_fault(
    faults: tuple[Fault, ...],
    requirements: Collection[str] | None,
    guid_prefix: str,
    groups: st.SearchStrategy[GroupConfiguration] | None,
) -> st.SearchStrategy[Faulty]:
    by_requirement: dict[str, list[Fault]] = {}
    for fault in faults:
        if requirements is None or fault.requirement in requirements:
            by_requirement.setdefault(fault.requirement, []).append(fault)
    if not by_requirement:
        raise ValueError("none of these requirements is broken by a message of this kind")
    configured = group_configurations() if groups is None else groups
    return (
        st.sampled_from(list(by_requirement.values()))
        .flatmap(st.sampled_from)
        .flatmap(lambda fault: _faulty(fault, guid_prefix, configured))
    )


@st.composite
def _faulty(
    draw: st.DrawFn, fault: Fault, guid_prefix: str, configured: st.SearchStrategy[GroupConfiguration]
) -> Faulty:
    kind = draw(_one_of(fault.kinds), label="kind")
    message = dict(draw(message_of(kind, guid_prefix, configured), label="message"))
    message.update(fault.first or {})
    if fault.values:
        message[fault.attribute] = fault.values[draw(_positions(len(fault.values)), label="fault")]
    else:
        del message[fault.attribute]
    if fault.attribute == "GSW_CAMPAIGN_GROUP_GUID" and guid_prefix:
        message["GSW_CAMPAIGN_GROUP_NAME"] = (guid_prefix + message["GSW_CAMPAIGN_GROUP_NAME"])[:255]
    return Faulty(message, fault.requirement)


@cache
def _one_of(kinds: tuple[Kind, ...]) -> st.SearchStrategy[Kind]:
    return st.sampled_from(kinds)


@cache
def _positions(length: int) -> st.SearchStrategy[int]:
    return st.integers(0, length - 1)
