"""What is generated can be done: the bundled emitter takes every group and every step."""

from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import given, settings

from cgstate.drivers.bundled import Bundled
from cgstate.drivers.driver import Options
from cgstate.evidence import Cause, GroupConfiguration
from cgstate.generate import LifeCycle, Step, exhaustive_life_cycles, life_cycles
from cgstate.generate.life import after
from cgstate.specification.codes import Action, GroupState

IDS = count(1)


@pytest.fixture(scope="module")
def driver() -> Iterator[Bundled]:
    made = Bundled()
    made.set_options(Options(enabled=False))
    yield made
    made.close()


def _ask(driver: Bundled, group: GroupConfiguration, step: Step) -> None:
    if step.cause is not Cause.CLIENT:
        driver.automatic(group, step.action, step.cause)
    elif step.action is Action.START and step.dialing is not None:
        driver.start(group, step.dialing)
    elif step.action is Action.SET_DIALING_MODE and step.dialing is not None:
        driver.set_dialing_mode(group, step.dialing)
    else:
        {Action.LOAD: driver.load, Action.STOP: driver.stop, Action.UNLOAD: driver.unload}[step.action](group)


def _lead(driver: Bundled, life: LifeCycle) -> None:
    number = next(IDS)
    group = life.group.configuration(number, 1, f"t{number}-")
    driver.create_group(group)
    state = GroupState.NOT_LOADED
    for step in life.steps:
        _ask(driver, group, step)
        state = after(state, step.action)
        if not group.drain_seconds:
            assert driver.group_state(group) == state
    driver.delete_group(group)


def test_the_enumerated_lives_can_be_led(driver: Bundled) -> None:
    for life in exhaustive_life_cycles(causes=frozenset(Cause), drain=True):
        _lead(driver, life)


def test_drawn_lives_can_be_led(driver: Bundled) -> None:
    @settings(max_examples=40, deadline=None, database=None)
    @given(life_cycles(causes=frozenset(Cause)))
    def lead(life: LifeCycle) -> None:
        _lead(driver, life)

    lead()
