"""The judge: evidence in, rulings out; pure, and the same for every source."""

from collections.abc import Iterable, Iterator, Sequence

from cgstate.evidence import Evidence, Exchange, Traits
from cgstate.judge.message import Message, read_message
from cgstate.judge.ruling import Ruling, one_fault_one_accusation
from cgstate.judge.trace import (
    configuration,
    dialing,
    drain,
    events,
    failures,
    identity,
    options,
    periodic,
    recorded,
    strays,
    timing,
)
from cgstate.judge.trace.scene import Scene
from cgstate.specification.registry import registry

RULES = (
    events.rule_on_reported,
    events.rule_on_soon,
    events.rule_on_once,
    events.rule_on_action,
    events.rule_on_state,
    events.rule_on_active,
    events.rule_on_actor,
    events.rule_on_automatic,
    events.rule_on_refused,
    events.rule_on_silence_after_unload,
    strays.rule_on_strays,
    failures.rule_on_no_retry,
    failures.rule_on_redirects,
    failures.rule_on_next_event,
    failures.rule_on_group_goes_on,
    drain.rule_on_drain,
    configuration.rule_on_configuration,
    dialing.rule_on_requested,
    dialing.rule_on_kept,
    identity.rule_on_constant,
    identity.rule_on_distinct,
    timing.rule_on_utc,
    timing.rule_on_clock,
    timing.rule_on_moment,
    options.rule_on_silence,
    options.rule_on_interval_zero,
    options.rule_on_target,
    periodic.rule_on_reported,
    periodic.rule_on_period,
    periodic.rule_on_drift,
    periodic.rule_on_state,
    periodic.rule_on_statistics,
)
"""Every rule that needs to know what was asked for, in the order of its rulings."""


def read_all(exchanges: Iterable[Exchange], traits: Traits) -> list[Message]:
    """Judge each exchange by itself and read what it says."""
    return [read_message(exchange, traits) for exchange in exchanges]


def judge(evidence: Evidence, messages: Sequence[Message] | None = None) -> list[Ruling]:
    """Return all rulings on the evidence, one accusation for each fault.

    `messages` are the exchanges of the evidence as `read_all` returns them, where that was done before.
    """
    if messages is None:
        messages = read_all(evidence.exchanges, evidence.traits)
    return one_fault_one_accusation(_rulings(evidence, messages), registry().prerequisites)


def _rulings(evidence: Evidence, messages: Sequence[Message]) -> Iterator[Ruling]:
    notifications = [m for m in messages if m.exchange.target not in evidence.redirects]
    for message in notifications:
        yield from message.rulings
    # What was asked for and what came are brought together by time: without arrivals there is nothing to say.
    timed = all(message.exchange.arrival is not None for message in messages)
    if not timed or not (evidence.acts or evidence.settings):
        yield from recorded.rule_on_not_loaded(notifications)
        return
    scene = Scene.of(evidence, messages)
    yield from recorded.rule_on_not_loaded(notifications, {event.exchange.number for _, _, event in scene.events()})
    for rule in RULES:
        yield from rule(scene)
