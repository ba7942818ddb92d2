"""How long the suite waits for events that do not come: once in full, side by side, and for no longer than it must."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from cgstate.drivers.driver import Driver, Options
from cgstate.evidence import Bounds, Dialing, GroupConfiguration
from cgstate.sources.capture import CaptureServer
from cgstate.specification.codes import Action
from cgstate.suite.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

DEADLINE = 1.5
STAGGER = 0.7
SOON = 1.2
"""Sooner than any deadline is over, in seconds."""


class Mute(Driver):
    """An emitter that takes everything and reports nothing."""

    name = "mute"
    capabilities = frozenset({"options", "groups"})
    ends_with_run = True

    def load(self, group: GroupConfiguration) -> None:
        """Take it."""

    def start(self, group: GroupConfiguration, dialing: Dialing) -> None:
        """Take it."""

    def set_dialing_mode(self, group: GroupConfiguration, dialing: Dialing) -> None:
        """Take it."""

    def options(self) -> Options:
        return Options()

    def set_options(self, options: Options) -> None:
        """Take them."""

    def create_group(self, group: GroupConfiguration) -> None:
        """Take it."""


@pytest.fixture
def stage() -> Iterator[Stage]:
    capture = CaptureServer("127.0.0.1", 0)
    capture.start()
    stage = Stage(Mute(), capture, bounds=Bounds(deadline=DEADLINE))
    stage.options()
    yield stage
    stage.close()
    capture.stop()


def awaited(stage: Stage, action: Action, dialing: Dialing | None = None, *, after: float = 0.0) -> float:
    """Ask a new group for it and return how long its event was awaited, in seconds."""
    stage.pause(after)
    act = stage.act(stage.group("case"), action, dialing)
    began = time.monotonic()
    assert stage.event(act) is None
    return time.monotonic() - began


def test_the_first_that_misses_its_deadline_ends_the_waits_beside_it(stage: Stage) -> None:
    with ThreadPoolExecutor(3) as pool:
        waits = [pool.submit(awaited, stage, Action.LOAD, after=after) for after in (0.0, STAGGER, STAGGER)]
        first, *others = [wait.result(10) for wait in waits]
    assert first >= DEADLINE
    assert max(others) < SOON
    assert awaited(stage, Action.LOAD) < SOON


def test_one_after_another_each_is_awaited_in_full_until_three_are_missing(stage: Stage) -> None:
    assert all(awaited(stage, Action.LOAD) >= DEADLINE for _ in range(3))
    assert awaited(stage, Action.LOAD) < SOON


def test_what_need_not_come_is_hardly_awaited_and_is_not_missing(stage: Stage) -> None:
    progress = Dialing(2)
    for _ in range(4):
        group = stage.group("case")
        for action, dialing in ((Action.LOAD, None), (Action.START, progress)):
            stage.act(group, action, dialing)
        began = time.monotonic()
        assert stage.event(stage.act(group, Action.SET_DIALING_MODE, progress)) is None
        assert time.monotonic() - began < SOON
    began = time.monotonic()
    assert stage.event(stage.act(group, Action.SET_DIALING_MODE, Dialing(1, 1, 80))) is None
    assert time.monotonic() - began >= DEADLINE
