"""How the selftests are spread over processes by ``-n auto``: what shares a server, or a venv, stays together."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.workermanage import WorkerController

TOGETHER = ("elasticsearch", "packaging")
"""Rooms of which each is played by one process: what their tests share takes longer to make than most of them."""
FIRST = (*TOGETHER, "proof", "runs", "validators")
"""Rooms that take long: begun last, one of them would keep the others waiting."""


def _room(path: str) -> str:
    return PurePath(path).parent.name


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Use more processes than processors: half of the time a test waits for another process."""
    return 2 * (os.cpu_count() or 1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> object:
    """Spread the tests by file, and some by room."""
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 - it is there where this is called

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0]
            return _room(path) if _room(path) in TOGETHER else path

        def _assign_work_unit(self, node: WorkerController) -> None:
            ranks = {room: rank for rank, room in enumerate(FIRST)}
            first = min(self.workqueue, key=lambda scope: ranks.get(scope, ranks.get(_room(scope), len(FIRST))))
            self.workqueue.move_to_end(first, last=False)
            super()._assign_work_unit(node)

    return Scheduling(config, log)
