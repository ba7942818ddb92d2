"""Lives: lawful by the model, serialisable, and together covering what can be reached."""

import json
import subprocess
import sys
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cgstate.evidence import Cause, Dialing
from cgstate.generate import LifeCycle, Step, exhaustive_life_cycles, life_cycles
from cgstate.generate.coverage import Cell, cells, configured_words, matrices, missing, reachable
from cgstate.generate.group import GroupChoice
from cgstate.generate.life import BadLifeCycle
from cgstate.specification import life_cycle
from cgstate.specification.codes import PREDICTIVE, Action, GroupState

QUIET = settings(max_examples=120, deadline=None, database=None)
EVERY_CAUSE = frozenset(Cause)
CLIENT = frozenset({Cause.CLIENT})


@QUIET
@given(life_cycles(causes=EVERY_CAUSE, drain=True, max_steps=12))
def test_a_life_is_lawful_by_the_model(life: LifeCycle) -> None:
    state, mode = GroupState.NOT_LOADED, None
    for step in life.steps:
        asked = step.dialing.dial_mode if step.dialing else None
        told = life_cycle.step(state, step.action, running_mode=mode, asked_mode=asked)
        assert told.lawful
        assert told.expected is not None
        state = told.expected
        mode = asked or mode
        if step.dialing is not None:
            predictive = step.dialing.dial_mode in PREDICTIVE
            assert (step.dialing.optimize_by is not None) is predictive
            assert (step.dialing.optimize_goal is not None) is predictive
    assert life.steps[-1].action is Action.UNLOAD
    assert state is GroupState.NOT_LOADED
    life.check()


@QUIET
@given(life_cycles(causes=EVERY_CAUSE, drain=True))
def test_a_life_survives_json(life: LifeCycle) -> None:
    assert LifeCycle.from_json(json.loads(json.dumps(life.as_json()))) == life


@settings(max_examples=100, deadline=None, database=None)
@given(st.data(), st.integers(2, 6), st.integers(0, 6))
def test_a_life_keeps_to_what_it_was_told(data: st.DataObject, least: int, more: int) -> None:
    life = data.draw(life_cycles(dial_modes=frozenset({0, 2, 3}), min_steps=least, max_steps=least + more))
    assert least <= len(life.steps) <= least + more
    assert {step.cause for step in life.steps} == {Cause.CLIENT}
    assert {step.dialing.dial_mode for step in life.steps if step.dialing} <= {2, 3}
    assert life.group.drain_seconds == 0
    assert life.group.dial_mode in {2, 3}


def test_an_emitter_without_a_dial_mode_has_no_lives() -> None:
    with pytest.raises(ValueError, match="no dial mode that a group could be started with"):
        exhaustive_life_cycles(dial_modes=frozenset({0}))


def test_no_part_of_a_life_is_rare() -> None:
    count: Counter[str] = Counter()

    @settings(max_examples=250, deadline=None, database=None, derandomize=True)
    @given(life_cycles())
    def collect(life: LifeCycle) -> None:
        count["all"] += 1
        shown = list(life.moments())
        count["running"] += any(moment.state is GroupState.RUNNING for moment in shown)
        count["predictive"] += any(m.step.dialing and m.step.dialing.dial_mode in PREDICTIVE for m in shown)
        count["mode set"] += any(moment.step.action is Action.SET_DIALING_MODE for moment in shown)
        count["loaded again"] += sum(moment.step.action is Action.LOAD for moment in shown) > 1

    collect()
    assert count["running"] >= 0.6 * count["all"], count
    assert count["predictive"] >= 0.25 * count["all"], count
    assert count["mode set"] >= 0.1 * count["all"], count
    assert count["loaded again"] >= 0.05 * count["all"], count


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        ((Step(Action.START, Dialing(2)),), "step 1, start .mode 2.: only a loaded group"),
        ((Step(Action.LOAD),), "does not end in an unload"),
        ((), "does not end in an unload"),
        ((Step(Action.LOAD), Step(Action.START), Step(Action.UNLOAD)), "a client's start has a dialing"),
        ((Step(Action.LOAD), Step(Action.START, Dialing(1)), Step(Action.UNLOAD)), "method and goal belong"),
        ((Step(Action.LOAD), Step(Action.START, Dialing(2, 1, 80)), Step(Action.UNLOAD)), "method and goal belong"),
        ((Step(Action.LOAD), Step(Action.START, Dialing(12)), Step(Action.UNLOAD)), "no such dial mode"),
        (
            (Step(Action.LOAD), Step(Action.START, Dialing(2)), Step(Action.SET_DIALING_MODE, Dialing(3))),
            "a change from mode 2 is not documented",
        ),
        (
            (
                Step(Action.LOAD),
                Step(Action.START, Dialing(2)),
                Step(Action.SET_DIALING_MODE, Dialing(1, 1, 80), Cause.SCHEDULE),
            ),
            "only a client says a dialing mode",
        ),
    ],
)
def test_an_unlawful_life_is_refused_with_the_step_at_fault(steps: tuple[Step, ...], text: str) -> None:
    with pytest.raises(BadLifeCycle, match=text):
        LifeCycle(steps).check()


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (5, "an object with an array of steps"),
        ({"steps": [], "group": 5}, "group is no object"),
        ({"steps": [], "group": {"nam": "x"}}, "unknown key 'nam'"),
        ({"steps": [], "group": {"dial_mode": "1"}}, "dial_mode is no int"),
        ({"steps": [], "group": {"name": None}}, "name is no str"),
        ({"steps": [{"request": "load"}]}, "step 1 has no request of load-campaign"),
        ({"steps": [{"request": "load-campaign", "cause": "me"}]}, "step 1 has an unknown cause"),
        ({"steps": [{"request": "load-campaign", "mode": 1}]}, "step 1 has an unknown key 'mode'"),
        ({"steps": [{"request": "start-dialing", "dialMode": "1"}]}, "step 1: dialMode, optimizeBy and"),
        ({"steps": [{"request": "start-dialing", "optimizeBy": 1}]}, "step 1 has no dialMode"),
        ({"steps": [{"request": "load-campaign"}]}, "does not end in an unload"),
    ],
)
def test_what_is_no_life_is_refused_in_one_line(document: object, text: str) -> None:
    with pytest.raises(BadLifeCycle, match=text):
        LifeCycle.from_json(document)


def test_the_words_of_a_life_say_what_is_asked() -> None:
    steps = (
        Step(Action.LOAD, None, Cause.SCHEDULE),
        Step(Action.START, Dialing(1, 2, 5)),
        Step(Action.SET_DIALING_MODE, Dialing(2)),
        Step(Action.UNLOAD),
    )
    life = LifeCycle(steps)
    assert life.words == "load by schedule, start (mode 1, method 2, goal 5), set-dialing-mode (mode 2), unload"


@pytest.mark.parametrize("drain", [False, True])
@pytest.mark.parametrize("causes", [CLIENT, EVERY_CAUSE])
@pytest.mark.parametrize("modes", [None, {2, 3}, {10}, {1, 4, 5}, {7, 9, 11}])
def test_the_enumerated_lives_cover_all_that_can_be_reached(
    drain: bool,  # noqa: FBT001 - a parameter of the test
    causes: frozenset[Cause],
    modes: set[int] | None,
) -> None:
    lives = exhaustive_life_cycles(dial_modes=modes, causes=causes, drain=drain)
    for life in lives:
        life.check()
    shown = [cell for life in lives for cell in cells(life)]
    covered = matrices(shown, dial_modes=modes, causes=causes, drain=drain)
    assert missing(covered) == []
    empty = matrices([], dial_modes=modes, causes=causes, drain=drain)
    assert {title: {row: set(columns) for row, columns in rows.items()} for title, rows in covered.items()} == {
        title: {row: set(columns) for row, columns in rows.items()} for title, rows in empty.items()
    }, "nothing is shown that was held to be out of reach"


def test_the_enumerated_lives_are_few_and_always_the_same() -> None:
    lives = exhaustive_life_cycles(causes=EVERY_CAUSE, drain=True)
    assert lives == exhaustive_life_cycles(causes=EVERY_CAUSE, drain=True)
    assert len(lives) <= 45
    assert sum(len(life.steps) for life in lives) <= 260
    changes = {
        (before.dialing.dial_mode, after.dialing.dial_mode)
        for life in lives
        for before, after in pairwise(life.moments())
        if after.step.action is Action.SET_DIALING_MODE
    }
    assert changes == {(1, 2), (2, 1), (4, 5), (5, 4)}
    assert any(len(life.group.configuration(1, 1, "token-").name) == 255 for life in lives)
    assert any([step.action for step in life.steps] == [Action.LOAD, Action.UNLOAD] for life in lives)


def test_a_group_that_drains_shows_the_states_on_the_way() -> None:
    steps = (Step(Action.LOAD), Step(Action.START, Dialing(3)), Step(Action.UNLOAD))
    assert [int(cell.state) for cell in cells(LifeCycle(steps, GroupChoice(drain_seconds=1)))] == [4, 5, 1, 2, 0]
    assert [int(cell.state) for cell in cells(LifeCycle(steps))] == [4, 5, 0]
    never_started = LifeCycle((steps[0], steps[2]), GroupChoice(drain_seconds=1))
    assert [int(cell.state) for cell in cells(never_started)] == [4, 0]


def test_the_coverage_counts_and_names_what_is_missing() -> None:
    cell = Cell(GroupState.RUNNING, Action.START, Cause.CLIENT, Dialing(10, 4, 30), (True, False, True))
    counted = matrices([cell, cell], dial_modes={10}, causes=CLIENT, drain=False)
    assert counted["state and action, by client"]["5 running"] == {"start": 2}
    assert counted["dial mode and method"]["10 predict gvp"]["4 distribution time"] == 2
    assert counted["dial mode and configured names"]["10 predict gvp"]["campaign, tenant"] == 2
    assert ("state and action, by client", "4 active", "load") in missing(counted)
    assert configured_words((False, False, False)) == "none"


def test_only_a_client_sets_a_dialing_mode() -> None:
    setters = {cause for _, action, cause in reachable(EVERY_CAUSE) if action is Action.SET_DIALING_MODE}
    assert setters == {Cause.CLIENT}


def test_the_enumerated_lives_and_the_package_do_not_import_hypothesis() -> None:
    code = "import sys, cgstate.generate as g; g.exhaustive_life_cycles(); sys.exit('hypothesis' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == 0


def test_what_is_public_is_there() -> None:
    import cgstate.generate as public  # noqa: PLC0415

    assert all(getattr(public, name) is not None for name in public.__all__)
    assert public.groups is public.group_configurations
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        public.nothing  # noqa: B018
