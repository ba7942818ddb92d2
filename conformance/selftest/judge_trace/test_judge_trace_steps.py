"""What each request leads to: the state, how it is dialed, and whether anybody knows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Act, Cause, Dialing, Reply
from cgstate.judge.trace.steps import Standing, Step, steps_of
from cgstate.judge.trace.timeline import Timeline
from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from selftest.judge_trace.telling import group
else:
    from telling import group

LOAD, UNLOAD, START, STOP, CHANGE = Action.LOAD, Action.UNLOAD, Action.START, Action.STOP, Action.SET_DIALING_MODE
ACCEPTED, REFUSED, TROUBLE = Reply.ACCEPTED, Reply.REFUSED, Reply.TROUBLE
CONFIGURED = Dialing(1, 1, 80)
Asked = tuple[Action, Reply] | tuple[Action, Dialing | None] | tuple[Action, Cause] | Action


def act(number: int, asked: Asked) -> Act:
    action, detail = asked if isinstance(asked, tuple) else (asked, None)
    made = Act(number, (101, 1), action, float(number), number + 0.1, ACCEPTED)
    if isinstance(detail, Reply):
        return replace(made, reply=detail, dialing=CONFIGURED)
    if isinstance(detail, Cause):
        return replace(made, cause=detail)
    return replace(made, dialing=detail)


def follow(*asked: Asked) -> tuple[Step, ...]:
    """Follow a group that is configured to dial by 1, 1 and 80."""
    return steps_of([act(number, each) for number, each in enumerate(asked, 1)], group(1), Timeline(()))


@pytest.mark.parametrize(
    ("asked", "states"),
    [
        ((LOAD, (START, CONFIGURED), (CHANGE, Dialing(2)), STOP, UNLOAD), "45540"),
        ((LOAD, (START, REFUSED), (START, TROUBLE), (STOP, REFUSED)), "4444"),
        ((LOAD, LOAD, STOP, (CHANGE, Dialing(2))), "4444"),
        (((LOAD, REFUSED), (START, CONFIGURED), UNLOAD, LOAD), "0004"),
        ((LOAD, (START, CONFIGURED), UNLOAD, LOAD, UNLOAD), "45040"),
    ],
)
def test_which_state_each_request_leads_to(asked: tuple[Asked, ...], states: str) -> None:
    steps = follow(*asked)
    assert "".join(str(step.after.value) for step in steps) == states
    assert "".join(str(step.before.value) for step in steps) == "0" + states[:-1]
    assert [step.changes for step in steps] == [a != b for a, b in zip("0" + states, states, strict=False)]


@pytest.mark.parametrize(
    ("asked", "started"),
    [
        ((LOAD, (START, CONFIGURED), STOP, UNLOAD, LOAD, UNLOAD), "nyyynn"),
        ((LOAD, (START, REFUSED), (START, TROUBLE), UNLOAD), "nnnn"),
        ((LOAD, (START, CONFIGURED), LOAD, (CHANGE, Dialing(2)), UNLOAD), "nyyyy"),
        ((UNLOAD, (START, REFUSED), LOAD), "nnn"),
    ],
)
def test_whether_it_was_started_since_its_load(asked: tuple[Asked, ...], started: str) -> None:
    assert "".join("y" if step.started else "n" for step in follow(*asked)) == started


@pytest.mark.parametrize(
    ("asked", "certain"),
    [
        ((LOAD, (START, CONFIGURED), STOP, UNLOAD), "yyyy"),
        ((LOAD, (START, TROUBLE), STOP, UNLOAD, LOAD), "ynnyy"),
        ((LOAD, (START, REFUSED), (STOP, REFUSED), UNLOAD), "ynny"),
        ((LOAD, (STOP, REFUSED), (START, CONFIGURED)), "yyy"),
        ((LOAD, STOP, UNLOAD), "yny"),
        ((LOAD, STOP, (CHANGE, Dialing(2)), (UNLOAD, REFUSED)), "ynnn"),
        ((LOAD, (CHANGE, REFUSED), (CHANGE, Dialing(2)), (CHANGE, TROUBLE), (CHANGE, REFUSED)), "yyynn"),
        ((LOAD, (START, CONFIGURED), (CHANGE, REFUSED), (UNLOAD, REFUSED)), "yyyn"),
        (((LOAD, REFUSED), LOAD), "nn"),
        ((UNLOAD, LOAD), "yy"),
    ],
)
def test_whether_the_state_is_known(asked: tuple[Asked, ...], certain: str) -> None:
    assert "".join("y" if step.certain else "n" for step in follow(*asked)) == certain


@pytest.mark.parametrize(
    ("asked", "standings"),
    [
        ((LOAD, (START, CONFIGURED), (CHANGE, Dialing(2)), STOP, UNLOAD), "OOOOO"),
        ((LOAD, (START, CONFIGURED), (CHANGE, Dialing(1, 2, 7)), (CHANGE, None), UNLOAD), "OOTTO"),
        ((LOAD, (START, TROUBLE), STOP, UNLOAD, LOAD), "OTTTO"),
        ((LOAD, LOAD, UNLOAD, UNLOAD), "OTTT"),
        ((LOAD, (STOP, REFUSED), (START, CONFIGURED)), "ORO"),
    ],
)
def test_whether_its_event_is_owed(asked: tuple[Asked, ...], standings: str) -> None:
    assert "".join(step.standing.name[0] for step in follow(*asked)) == standings


@pytest.mark.parametrize(
    ("asked", "dialing"),
    [
        ((), CONFIGURED),
        (((START, Dialing(1, 3, 20)),), Dialing(1, 3, 20)),
        (((START, Dialing(5)), STOP), Dialing(5)),
        (((START, Dialing(5)), STOP, UNLOAD, LOAD), CONFIGURED),
        (((START, REFUSED), LOAD), None),
        (((START, REFUSED),), CONFIGURED),
        (((STOP, TROUBLE),), CONFIGURED),
        ((UNLOAD, UNLOAD), CONFIGURED),
        # A start that no client asks for dials as configured, or as the client before: where these agree.
        (((START, Cause.SCHEDULE),), CONFIGURED),
        (((START, Dialing(1, 3, 20)), STOP, (START, Cause.SCHEDULE)), Dialing(1)),
        (((START, Dialing(1, 1, 20)), STOP, (START, Cause.CONDITION)), Dialing(1, 1)),
        (((START, Dialing(1, 3, 80)), STOP, (START, Cause.CONDITION)), Dialing(1, None, 80)),
        (((START, Dialing(2)), STOP, (START, Cause.SCHEDULE)), None),
        ((LOAD, (START, Cause.SCHEDULE)), None),
        # A change of a running group that has to be reported, or that keeps the mode.
        (((START, CONFIGURED), (CHANGE, Dialing(2))), Dialing(2)),
        (((START, CONFIGURED), (CHANGE, Dialing(1, 3, 20))), Dialing(1, 3, 20)),
        (((START, CONFIGURED), (CHANGE, Dialing(1, 3, 20)), STOP), Dialing(1, 3, 20)),
        # Nothing says whether these are taken.
        (((START, CONFIGURED), (CHANGE, None)), None),
        (((START, CONFIGURED), (CHANGE, None), (CHANGE, CONFIGURED)), None),
        (((CHANGE, Dialing(2)),), None),
    ],
)
def test_how_it_is_dialed_after_a_load_and_what_follows(asked: tuple[Asked, ...], dialing: Dialing | None) -> None:
    assert follow(LOAD, *asked)[-1].dialing == dialing


@pytest.mark.parametrize(
    ("standing", "binds", "silent"),
    [
        (Standing.OWED, True, False),
        (Standing.UNSURE, True, True),
        (Standing.TOLERATED, False, True),
        (Standing.REFUSED, False, False),
        (Standing.UNSEEN, False, False),
    ],
)
def test_what_an_event_has_to_say_and_whether_it_has_to_come(standing: Standing, *, binds: bool, silent: bool) -> None:
    step = replace(follow(LOAD)[0], standing=standing)
    assert (step.binds, step.may_stay_silent) == (binds, silent)


def test_before_its_first_request_a_group_is_not_loaded_and_dialed_as_configured() -> None:
    assert follow() == ()
    first = follow((START, REFUSED))[0]
    assert (first.before, first.dialing) == (GroupState.NOT_LOADED, CONFIGURED)


def test_the_state_is_known_where_nothing_else_is_said() -> None:
    of = follow(LOAD)[0]
    assert Step(of.act, of.standing, of.before, of.after, of.dialing, of.started).certain is True
