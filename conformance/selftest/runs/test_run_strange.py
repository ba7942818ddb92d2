"""Right emitters that are slow or strange on the wire: none of them is accused."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from selftest.runs.proxies import NotificationProxy
from selftest.runs.running import BRIEF, free_port, start_pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _delays(least: float, most: float) -> Callable[[], float]:
    drawn = random.Random(5)  # noqa: S311 - no secret
    return lambda: drawn.uniform(least, most)


STRANGE: dict[str, Callable[[int], NotificationProxy]] = {
    "a new connection each, chunked bodies, a charset": lambda port: NotificationProxy(
        port, chunked=True, content_type="application/json;charset=UTF-8"
    ),
    "notifications 50 to 500 ms late": lambda port: NotificationProxy(port, delay=_delays(0.05, 0.5)),
}

ENUMERATED = {
    "campaign-name.left-out",
    "campaign-template-name.left-out",
    "optimize-goal.seconds",
    "tenant-name.undefined",
}
"""What only the enumerated lives show, which these runs leave out to be short."""


@pytest.mark.parametrize("how", sorted(STRANGE))
def test_a_right_emitter_is_not_accused_for_being_strange(tmp_path: Path, how: str) -> None:
    port = free_port()
    with STRANGE[how](port) as proxy:
        addresses = (f"--cgstate-listen=127.0.0.1:{port}", f"--cgstate-advertise={proxy.base}")
        done = start_pytest(tmp_path, *BRIEF, *addresses, "--cgstate-deadline=5").done()
    done.assert_no_traceback()
    assert (done.status, done.accused) == (0, set()), done.told
    assert done.having("not exercised") <= ENUMERATED
