"""Proves that what is sent as legal is legal: by the suite's own judge message by message, and as lives of groups; and
that it is complete: every combination, every mark, each mark where nothing else can be to blame."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from cgstate.generate import traffic
from cgstate.generate.exhaustive import methods_of
from cgstate.generate.traffic import MARKS, Names
from cgstate.generate.traffic.marks import EXPONENT, marks_of
from cgstate.judge.trace.recorded import rule_on_not_loaded
from cgstate.sending import Parcel
from cgstate.specification import life_cycle
from cgstate.specification.codes import Action, GroupState
from cgstate.specification.registry import Role, registry

if TYPE_CHECKING:
    from selftest.traffic.carriage import (
        DECLARED,
        LEGAL_CASES,
        OTHER,
        all_of,
        arrives,
        broken_by,
        flat,
        is_legal,
        read,
        says,
        scope,
    )
else:
    from carriage import DECLARED, LEGAL_CASES, OTHER, all_of, arrives, broken_by, flat, is_legal, read, says, scope

MEANT = {
    "no dial mode in a running group": "dial-mode.present-when-running",
    "no method in a predictive mode": "optimize-by.present-when-predictive",
    "no goal in a predictive mode": "optimize-goal.present-when-predictive",
}
"""SHOULDs that are broken on purpose, by the mark of the message."""
NAMED = Names((DECLARED, OTHER))


def legal(made_with: traffic.Scope) -> list[Parcel]:
    return [p for p in flat(all_of(made_with)) if is_legal(p)]


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("names", [None, NAMED])
def test_legal_messages_break_only_what_they_are_meant_to(fast: bool, seed: int, names: Names | None) -> None:  # noqa: FBT001
    for parcel in legal(scope(seed, fast=fast, names=names)):
        assert broken_by(parcel) == {MEANT[mark] for mark in parcel.marks & MEANT.keys()}, (parcel.marks, parcel.body)


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("names", [None, NAMED])
def test_within_a_guid_messages_follow_a_lawful_life(fast: bool, names: Names | None) -> None:  # noqa: FBT001
    """A receiver that keeps a state machine for each GUID finds nothing to refuse."""
    states: dict[str, GroupState] = defaultdict(lambda: GroupState.NOT_LOADED)
    called: dict[str, object] = {}
    for parcel in [*legal(scope(4, fast=fast, names=names)), *traffic.flood(scope(names=names))]:
        message = says(parcel)
        state, action = (GroupState(message["GSW_CAMPAIGN_GROUP_STATE"]), Action(message["GSW_CAMPAIGN_GROUP_ACTION"]))
        before = states[parcel.guid]
        step = life_cycle.step(before, action)
        follows = step.lawful and (state in step.allowed or state in step.on_the_way)
        assert follows or (state is before and state is not GroupState.NOT_LOADED), (before, parcel)
        name = message["GSW_CAMPAIGN_GROUP_NAME"]
        if before is GroupState.NOT_LOADED:
            called[parcel.guid] = name
        assert called[parcel.guid] == name  # one group from its load to its unload
        states[parcel.guid] = state


@pytest.mark.parametrize("fast", [True, False])
def test_the_judge_of_recordings_finds_no_contradiction(fast: bool) -> None:  # noqa: FBT001
    messages = [read(parcel) for parcel in legal(scope(1, fast=fast))]
    assert [ruling for ruling in rule_on_not_loaded(messages) if ruling.fault is not None] == []


def test_the_first_messages_are_the_plainest_with_every_attribute() -> None:
    first, second, *rest = traffic.whole_lives(scope())
    assert {mark for parcel in (first, second, *rest) for mark in parcel.marks} == set()
    assert {parcel.requirement for parcel in (first, second, *rest)} == {"accepts.life-cycle"}
    message = says(second)
    assert len(message) == 16
    assert all(isinstance(v, float) and v % 1 for k, v in message.items() if k.startswith("GSW_STAT_"))
    dialed = [says(parcel) for parcel in rest]
    assert any({"GSW_DIAL_MODE", "GSW_OPTIMIZE_BY", "GSW_OPTIMIZE_GOAL"} <= m.keys() for m in dialed)


@pytest.mark.parametrize("fast", [True, False])
def test_marks_are_what_the_message_shows(fast: bool) -> None:  # noqa: FBT001
    of_writing = {"accepts.forms", "accepts.repetition", "accepts.chunked", "accepts.life-cycle"}
    for parcel in legal(scope(2, fast=fast)):
        written = {mark for mark in parcel.marks if MARKS[mark] in of_writing}
        assert parcel.marks - written == marks_of(says(parcel)) - {EXPONENT}
        assert (EXPONENT in parcel.marks) == bool(re.search(rb": [0-9.]+e", parcel.body))


@pytest.mark.parametrize("seed", range(10))
def test_every_mark_can_be_told_from_the_others(seed: int) -> None:
    """By a message in which it is the only one, once the marks of messages that were taken are no suspects any more."""
    parcels = legal(scope(seed))
    sent = {mark for parcel in parcels for mark in parcel.marks}
    for mark in sent:
        exonerated = {other for parcel in parcels if mark not in parcel.marks for other in parcel.marks}
        assert any(parcel.marks - exonerated == {mark} for parcel in parcels if mark in parcel.marks), mark


def test_most_marks_stand_alone_somewhere() -> None:
    parcels = legal(scope())
    never_alone = {mark for p in parcels for mark in p.marks} - {
        next(iter(p.marks)) for p in parcels if len(p.marks) == 1
    }
    assert never_alone == {
        "an actor above 65535",  # is above 3 too, and so on: what is more special says what is special as well
        "method 4",
        "a goal above 100",
        "an emoji in a name",
        "right-to-left text in a name",
        "a combining character in a name",
        "a noncharacter in a name",
        "a name of more than 255 bytes",
        "an unknown attribute that is a text",
        "an unknown attribute that is a boolean",
        "an unknown attribute that is an array",
        "an unknown attribute that is an object",
        "an unknown attribute that is null",
    }


@pytest.mark.parametrize("fast", [True, False])
def test_every_mark_that_can_be_legal_is_sent(fast: bool) -> None:  # noqa: FBT001
    sent = {mark for parcel in legal(scope(fast=fast)) for mark in parcel.marks}
    impossible = {
        f"action {int(a)} in state {int(s)}" for s in GroupState for a in Action if s not in life_cycle.PERIODIC
    }
    assert MARKS.keys() - sent == (MARKS.keys() & impossible) | {"dial mode 0"}
    assert sent <= MARKS.keys()


def test_marks_and_parcels_name_requirements_of_receivers() -> None:
    known = {r.id for r in registry().requirements.values() if r.role is Role.RECEIVER}
    assert set(MARKS.values()) <= known
    assert {p.requirement for p in flat(all_of(scope()))} | {traffic.probe(scope()).requirement} <= known


@pytest.mark.parametrize(
    ("case", "requirements"),
    [
        (traffic.combinations, {"accepts.states", "accepts.actions", "accepts.dial-modes", "accepts.methods"}),
        (traffic.actors, {"accepts.actors"}),
        (traffic.names, {"accepts.names", "accepts.undefined-tenant"}),
        (traffic.absent, {"accepts.absent-attributes"}),
        (traffic.statistics, {"accepts.statistics"}),
        (traffic.forms, {"accepts.forms"}),
        (traffic.repetition, {"accepts.repetition"}),
        (traffic.unknown, {"accepts.unknown-attributes"}),
        (traffic.kept_alive, {"accepts.kept-alive"}),
        (traffic.side_by_side, {"accepts.connections"}),
        (traffic.dropped, {"accepts.after-dropped"}),
        (traffic.chunked, {"accepts.chunked"}),
        (traffic.nul, {"accepts.nul"}),
        (traffic.flood, {"accepts.flood"}),
    ],
)
def test_a_case_sends_what_it_is_for(
    case: Callable[[traffic.Scope], tuple[Parcel, ...]], requirements: set[str]
) -> None:
    for fast in (True, False):
        sent = {parcel.requirement for parcel in case(scope(fast=fast)) if is_legal(parcel) and arrives(parcel)}
        assert requirements <= sent


def test_in_full_every_combination_of_a_life_is_sent_with_every_actor() -> None:
    shown = set()
    for parcel in traffic.combinations(scope(fast=False)):
        m = says(parcel)
        dialing = (m.get("GSW_DIAL_MODE"), m.get("GSW_OPTIMIZE_BY"))
        shown.add(
            (m["GSW_CAMPAIGN_GROUP_STATE"], m["GSW_CAMPAIGN_GROUP_ACTION"], m["GSW_CAMPAIGN_GROUP_ACTOR"], dialing)
        )
    actors = (0, 1, 2, 3, 2**31 - 1)
    dialings = [(mode, method) for mode in range(1, 12) for method in methods_of(mode) or (None,)]
    running = {(5, action, actor, dialing) for action in range(7, 12) for actor in actors for dialing in dialings}
    ended = {(state, 8, actor, (None, None)) for state in (0, 1, 2) for actor in actors}
    active = {(4, action, actor, (None, None)) for action in range(7, 12) for actor in actors}
    assert (running | ended | active) <= shown
    assert {state for state, *_ in shown} == set(range(-1, 6))


def test_every_control_character_stands_in_a_name_in_fast_too() -> None:
    controls = {chr(code) for code in (*range(1, 0x20), 0x7F)}
    said = "".join(says(parcel)["GSW_CAMPAIGN_NAME"] for parcel in traffic.names(scope()))
    assert controls <= set(said)
    assert "\0" not in said


def test_names_are_of_all_kinds_in_every_name_attribute() -> None:
    for attribute in ("TENANT_NAME", "CAMPAIGN_GROUP_NAME", "GROUP_NAME", "CAMPAIGN_NAME", "QUEUE_NAME"):
        said = {says(parcel)[f"GSW_{attribute}"] for parcel in traffic.names(scope())}
        assert 255 in map(len, said)
        assert any('"' in name or "\\" in name or "'" in name for name in said)
        assert any(max(name, default="") > "\uffff" for name in said)


def test_statistics_are_of_all_kinds_alone_and_together() -> None:
    alone: set[tuple[str, object]] = set()
    together: set[object] = set()
    for parcel in traffic.statistics(scope(fast=False)):
        sent = {k: v for k, v in says(parcel).items() if k.startswith("GSW_STAT_")}
        if len(sent) == 1:
            alone |= set(sent.items())
        elif len(set(sent.values())) == 1:
            together |= set(sent.values())
    for value in (None, 0, 10**10, 1.75):
        assert value in together
        assert sum(found == value for _, found in alone) == 4


def test_a_repeated_message_is_the_same_byte_for_byte() -> None:
    first, second = traffic.repetition(scope())[1:3]
    assert (first.body, first.guid, first.headers) == (second.body, second.guid, second.headers)
    assert second.marks - first.marks == {"the same values as a message before"}


def test_forms_say_the_same_as_they_would_otherwise() -> None:
    for parcel in traffic.forms(scope()):
        assert says(parcel)["GSW_CAMPAIGN_GROUP_STATE"] in range(6)
    bodies = [parcel.body for parcel in traffic.forms(scope()) if "characters written as escapes" in parcel.marks]
    assert len(bodies) == 3
    assert all(b"\\u" in body for body in bodies)
    assert sum(b"\\ud83d\\ude00" in body for body in bodies) == 2


def test_unknown_attributes_have_one_type_each_no_dots_and_no_first_place() -> None:
    types: dict[str, set[type]] = defaultdict(set)
    for parcel in traffic.unknown(scope(fast=False)):
        message = says(parcel)
        assert next(iter(message)) == "GSW_TENANT_NAME"
        for name in message.keys() - says(traffic.whole_lives(scope())[1]).keys():
            if not name.startswith(("GSW_DIAL", "GSW_OPTIMIZE")):
                types[name].add(type(message[name]))
    assert len(types) == 6
    assert all(len(found) == 1 and "." not in name for name, found in types.items())


@pytest.mark.parametrize("fast", [True, False])
def test_with_declared_groups_no_other_name_or_tenant_is_sent(fast: bool) -> None:  # noqa: FBT001
    allowed = {
        "GSW_TENANT_NAME": {"Environment", "undefined"},
        "GSW_TENANT_CCID": {"101", "1"},  # the one that nobody declared is the plainest
        "GSW_CAMPAIGN_GROUP_NAME": {"Renewals@Agents", "Весна@Agents"},
        "GSW_GROUP_NAME": {"Agents"},
        "GSW_CAMPAIGN_NAME": {"Renewals"},
        "GSW_CAMPAIGN_TEMPLATE_NAME": {"Outbound"},
        "GSW_QUEUE_NAME": {"8001", "8002"},
    }
    by_case = all_of(scope(fast=fast, names=NAMED))
    assert by_case["nul"] == ()
    assert {says(p)["GSW_CAMPAIGN_GROUP_NAME"] for p in by_case["names"]} == allowed["GSW_CAMPAIGN_GROUP_NAME"]
    assert {MARKS[m] for p in by_case["names"] for m in p.marks} >= {"accepts.names", "accepts.undefined-tenant"}
    for parcel in flat({case: by_case[case] for case in (*LEGAL_CASES, "impossible", "one_fault")}):
        message = says(parcel)
        for attribute, values in allowed.items():
            if attribute in message:
                assert message[attribute] in values


def test_a_probe_is_a_load_and_then_a_periodic_message_of_the_same_group() -> None:
    made_with = scope()
    first, second = traffic.probe(made_with), traffic.probe(made_with)
    assert first.guid == second.guid
    assert (first.requirement, first.marks) == ("accepts.after-fault", frozenset())
    assert says(first)["GSW_CAMPAIGN_GROUP_STATE"] == says(second)["GSW_CAMPAIGN_GROUP_STATE"] == 4
    assert "GSW_STAT_HIT_RATIO" not in says(first)
