"""What a message puts to the test, met or broken, and nothing else: silence is no evidence."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cgstate.evidence import Exchange, Traits
from cgstate.judge.message import read_message
from cgstate.judge.ruling import Ruling, met, one_fault_one_accusation
from cgstate.specification.schemas import schema

LOADED: dict[str, Any] = schema()["examples"][0]
NAMES = ("tenant-name", "tenant-ccid", "campaign-group-name", "guid", "group-name", "campaign-name")
STORE = Traits("store")
GONE = object()


def test_a_ruling_need_not_rest_on_a_message() -> None:
    assert Ruling("a.b").exchanges == ()


def ruled(message: dict[str, Any]) -> set[str]:
    """Return the requirements that are ruled on, each once."""
    body = json.dumps({key: value for key, value in message.items() if value is not GONE}).encode()
    rulings = [ruling.requirement for ruling in read_message(Exchange(1, body), STORE).rulings]
    assert len(set(rulings)) == len(rulings)
    return set(rulings)


def test_a_loaded_group_puts_what_it_has_to_the_test() -> None:
    names = {slug for slug in NAMES if slug != "campaign-name" or "GSW_CAMPAIGN_NAME" in LOADED} | {"queue-name"}
    always = {f"{slug}.present" for slug in names - {"campaign-name"}} | {
        f"{slug}.{rule}"
        for slug in ("state", "action", "actor")
        for rule in ("present", "integer", "known-code" if slug != "actor" else "not-negative")
    }
    of_names = {f"{slug}.{rule}" for slug in names for rule in ("string", "length")} - {"tenant-ccid.length"}
    filled = {f"{slug}.not-empty" for slug in names - {"queue-name"}}
    moment = {"date-time.present", "date-time.string", "date-time.form"}
    absent = {"dial-mode.only-when-running", "optimize-by.only-when-predictive", "optimize-goal.only-when-predictive"}
    assert ruled(LOADED) == {"body.object"} | always | of_names | filled | moment | absent


RUNNING = {"dial-mode.present-when-running"}
MODE = {"dial-mode.integer", "dial-mode.known-code"}
BY, GOAL = {"optimize-by.integer", "optimize-by.known-code"}, {"optimize-goal.integer"}
ONLY = {"optimize-by.only-when-predictive", "optimize-goal.only-when-predictive"}
PRESENT = {"optimize-by.present-when-predictive", "optimize-goal.present-when-predictive"}


@pytest.mark.parametrize(
    ("changes", "more", "less"),
    [
        ({"STATE": 5}, RUNNING, ONLY | {"dial-mode.only-when-running"}),
        ({"STATE": 5.0}, RUNNING, ONLY | {"dial-mode.only-when-running"}),
        ({"STATE": 5, "MODE": 2}, RUNNING | MODE, {"dial-mode.only-when-running"}),
        ({"STATE": 5, "MODE": 1}, RUNNING | MODE | PRESENT, ONLY | {"dial-mode.only-when-running"}),
        ({"STATE": 5, "MODE": 10}, RUNNING | MODE | PRESENT, ONLY | {"dial-mode.only-when-running"}),
        ({"STATE": 0}, set(), set()),
        ({"STATE": "5"}, set(), {*ONLY, "dial-mode.only-when-running"}),
        ({"STATE": 4.5}, set(), {*ONLY, "dial-mode.only-when-running"}),
        ({"STATE": True}, set(), {*ONLY, "dial-mode.only-when-running"}),
        ({"STATE": GONE}, set(), {*ONLY, "dial-mode.only-when-running", "state.integer", "state.known-code"}),
        ({"MODE": 2}, MODE, set()),
        ({"STATE": 5, "MODE": "2"}, RUNNING | MODE, {*ONLY, "dial-mode.only-when-running"}),
        ({"BY": 1, "GOAL": 5}, BY | GOAL | {"optimize-goal.percentage"}, set()),
        ({"BY": 3, "GOAL": 5}, BY | GOAL | {"optimize-goal.seconds"}, set()),
        ({"BY": 3, "GOAL": "5"}, BY | GOAL, set()),
        ({"BY": 0, "GOAL": 5}, BY | GOAL, set()),
        ({"GOAL": 5}, GOAL, set()),
        ({"HIT": 0.5}, {"stat-hit-ratio.number", "stat-hit-ratio.not-negative"}, set()),
        ({"HIT": 1}, {"stat-hit-ratio.number", "stat-hit-ratio.not-negative"}, set()),
        ({"HIT": None}, {"stat-hit-ratio.number"}, set()),
        ({"HIT": True}, {"stat-hit-ratio.number"}, set()),
        ({"HIT": "1"}, {"stat-hit-ratio.number"}, set()),
        ({"HIT": [1]}, {"stat-hit-ratio.number"}, set()),
        ({"QUEUE": 7}, set(), {"queue-name.length"}),
        ({"QUEUE": None}, set(), {"queue-name.length"}),
        ({"QUEUE": GONE}, set(), {"queue-name.length", "queue-name.string"}),
        ({"GUID": 7}, set(), {"guid.length", "guid.not-empty"}),
        ({"ACTOR": "1"}, set(), {"actor.not-negative"}),
        ({"DATE": 7}, set(), {"date-time.form"}),
        ({"unknown": 7}, set(), set()),
    ],
)
def test_what_changes_in_a_message_changes_what_it_puts_to_the_test(
    changes: dict[str, Any], more: set[str], less: set[str]
) -> None:
    names = {
        "STATE": "GSW_CAMPAIGN_GROUP_STATE",
        "MODE": "GSW_DIAL_MODE",
        "BY": "GSW_OPTIMIZE_BY",
        "GOAL": "GSW_OPTIMIZE_GOAL",
        "HIT": "GSW_STAT_HIT_RATIO",
        "QUEUE": "GSW_QUEUE_NAME",
        "GUID": "GSW_CAMPAIGN_GROUP_GUID",
        "ACTOR": "GSW_CAMPAIGN_GROUP_ACTOR",
        "DATE": "GSW_DATE_TIME",
    }
    before, after = ruled(LOADED), ruled(LOADED | {names.get(key, key): value for key, value in changes.items()})
    assert (after - before, before - after) == (more, less)


def test_a_ruling_rests_on_exchanges_and_acts() -> None:
    ruling = met("a.b", [1, 2], [2])
    assert ruling == Ruling("a.b", exchanges=(1, 2), acts=(2,), fault=None)
    assert ruling.tokens == {("exchange", 1), ("exchange", 2), ("act", 2)}
    assert met("a.b").tokens == frozenset()


def test_one_fault_is_one_accusation() -> None:
    def broken(name: str, *exchanges: int, acts: tuple[int, ...] = ()) -> Ruling:
        from cgstate.judge.ruling import broken  # noqa: PLC0415

        return broken(name, "it is broken", expected="that", seen="this", exchanges=exchanges, acts=acts)

    needs = {"a.b": frozenset({"x.y", "z.z"})}
    first, other, act = broken("x.y", 1), broken("x.y", 3), broken("x.y", acts=(1,))
    assert (first.exchanges, first.acts, act.exchanges, act.acts) == ((1,), (), (), (1,))
    same, twin, elsewhere = broken("a.b", 1), Ruling("a.b", (1, 2)), Ruling("a.b", (2,), (1,))
    assert one_fault_one_accusation([same, first, twin, elsewhere, other], needs) == [first, elsewhere, other]
    assert one_fault_one_accusation([same, act, elsewhere], needs) == [same, act]
    assert one_fault_one_accusation([same, first], {}) == [same, first]
    assert one_fault_one_accusation([same, Ruling("x.y", (1,))], needs) == [same, Ruling("x.y", (1,))]
