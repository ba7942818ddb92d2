"""Which messages have to carry mode, method and goal of the request, and which carry them on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Cause, Dialing
from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from selftest.judge_trace.telling import Tale, timed, untimed
else:
    from telling import timed, untimed

KEPT = "dialing.kept"
ASKED = {"dial-mode.as-requested", "optimize-by.as-requested", "optimize-goal.as-requested"}


def told(tale: Tale, *requirements: str) -> list[tuple[str, tuple[int, ...], bool]]:
    """Return what is said of these requirements: of which messages, and whether it is met."""
    return [(r.requirement, r.exchanges, r.fault is None) for r in tale.judged() if r.requirement in requirements]


def running(dialing: Dialing, **said: int | None) -> Tale:
    """A group is loaded and started; its event says something else. None: nothing."""
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    event = tale.do(2, 1, Action.START, dialing).said
    for attribute in ("GSW_DIAL_MODE", "GSW_OPTIMIZE_BY", "GSW_OPTIMIZE_GOAL"):
        event.pop(attribute, None)
    event.update({f"GSW_{key}": value for key, value in said.items() if value is not None})
    return tale


@pytest.mark.parametrize(
    ("dialing", "said", "met", "broken"),
    [
        (Dialing(1, 1, 80), {"DIAL_MODE": 1, "OPTIMIZE_BY": 1, "OPTIMIZE_GOAL": 80}, "mby", ""),
        (Dialing(1, 1, 80), {"DIAL_MODE": 5, "OPTIMIZE_BY": 2, "OPTIMIZE_GOAL": 81}, "", "m"),
        (Dialing(1, 1, 80), {"DIAL_MODE": 1, "OPTIMIZE_BY": 2, "OPTIMIZE_GOAL": 80}, "my", "b"),
        (Dialing(1, 1, 80), {"DIAL_MODE": 1, "OPTIMIZE_GOAL": 81}, "m", "y"),
        (Dialing(1, 1, 80), {}, "", ""),
        (Dialing(1), {"DIAL_MODE": 1, "OPTIMIZE_BY": 2, "OPTIMIZE_GOAL": 81}, "m", ""),
        (Dialing(1, None, 80), {"DIAL_MODE": 1, "OPTIMIZE_BY": 2, "OPTIMIZE_GOAL": 80}, "my", ""),
        (Dialing(2, 1, 80), {"DIAL_MODE": 2, "OPTIMIZE_BY": 2, "OPTIMIZE_GOAL": 81}, "m", ""),
    ],
)
def test_what_is_said_is_held_against_what_was_asked_for(
    dialing: Dialing, said: dict[str, int], met: str, broken: str
) -> None:
    slugs = {"dial-mode.as-requested": "m", "optimize-by.as-requested": "b", "optimize-goal.as-requested": "y"}
    found = told(running(dialing, **said), *ASKED)
    assert "".join(slugs[requirement] for requirement, _, fine in found if fine) == met
    assert "".join(slugs[requirement] for requirement, _, fine in found if not fine) == broken
    assert {exchanges for _, exchanges, _ in found} <= {(2,)}


def test_nothing_says_what_holds_after_a_change_that_changes_nothing() -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.say(2.01, 1, Action.SET_DIALING_MODE, GroupState.ACTIVE).said["GSW_DIAL_MODE"] = 3
    tale.ask(2, 1, Action.SET_DIALING_MODE, Dialing(2))
    tale.do(3, 1, Action.START, Dialing(1, 1, 80)).said["GSW_DIAL_MODE"] = 5
    assert told(tale, "dial-mode.as-requested") == [("dial-mode.as-requested", (3,), False)]


def test_a_later_message_carries_on_what_was_asked_for_from_a_second_after_the_answer() -> None:
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.periodic([1.5], 1, GroupState.ACTIVE)[0].said["GSW_DIAL_MODE"] = 5
    tale.periodic([3], 1, GroupState.ACTIVE)[0].said["GSW_DIAL_MODE"] = 5
    tale.do(4, 1, Action.START, Dialing(1, 1, 80), took=0)
    for at, changes in (
        (4.5, {"GSW_DIAL_MODE": 5}),
        (5, {}),
        (6, {"GSW_OPTIMIZE_BY": 2, "GSW_OPTIMIZE_GOAL": 81}),
        (7, {"GSW_DIAL_MODE": "predictive", "GSW_OPTIMIZE_BY": None, "GSW_OPTIMIZE_GOAL": None}),
        (8, {"GSW_OPTIMIZE_GOAL": 81}),
    ):
        tale.periodic([at], 1)[0].said.update(changes)
    assert told(tale, KEPT) == [(KEPT, (6,), True), (KEPT, (7,), False), (KEPT, (9,), False)]
    faults = [r.fault for r in tale.judged() if r.requirement == KEPT and r.fault]
    assert [(f.expected, f.seen) for f in faults] == [("1", "2"), ("80", "81")]


def test_a_start_by_itself_is_held_against_the_configuration_alone() -> None:
    tale = untimed()
    tale.know(1, dial_mode=2, optimize_by=1, optimize_goal=80)
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START, Dialing(1, 1, 80))
    tale.do(3, 1, Action.STOP)
    tale.do(4, 1, Action.START, cause=Cause.SCHEDULE).said["GSW_DIAL_MODE"] = 5
    tale.do(5, 1, Action.STOP)
    tale.do(6, 1, Action.UNLOAD)
    tale.do(7, 1, Action.LOAD)
    tale.do(8, 1, Action.START, cause=Cause.CONDITION)
    tale.do(9, 1, Action.STOP)
    tale.do(10, 1, Action.START, cause=Cause.CONDITION).said["GSW_DIAL_MODE"] = 5
    assert told(tale, KEPT) == [(KEPT, (8,), True), (KEPT, (10,), False)]


def test_what_comes_while_the_group_does_not_run_is_held_against_nothing() -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.options(4)
    tale.periodic([4.5], 1)[0].said["GSW_DIAL_MODE"] = 5
    assert told(tale, KEPT) == []
    tale.do(2, 1, Action.START, Dialing(1, 1, 80))
    assert told(tale, KEPT) == [(KEPT, (3,), False)]
