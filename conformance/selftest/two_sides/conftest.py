"""What whole runs against a receiver send: played once for all that looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from selftest.two_sides.sending_side import played

if TYPE_CHECKING:
    from selftest.two_sides.sending_side import Sent


@pytest.fixture(scope="session", params=[(1, True), (2, True), (3, False)], ids=["fast-1", "fast-2", "full"])
def sent(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sent:
    seed, fast = request.param
    return played(tmp_path_factory.mktemp("run"), seed=seed, fast=fast)
