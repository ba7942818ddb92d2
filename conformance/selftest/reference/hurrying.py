"""Time that passes at once where there is nothing to do but wait: a scene of a minute is played in a second.

However busy the machine is, nothing comes too late: time stands still while something is being done.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Coroutine

    Ready = list[tuple[selectors.SelectorKey, int]]

Result = TypeVar("Result")
NOTICED = 0.0005
"""For so many seconds what was sent to ourselves may be on its way, before nothing is to be done."""


class _Selector(selectors.DefaultSelector):
    """Lets the time that asyncio would wait pass at once where nothing comes."""

    passed = 0.0
    """Seconds since the beginning."""

    def select(self, timeout: float | None = None) -> Ready:
        ready = super().select(timeout if timeout is None else min(timeout, NOTICED))
        if not ready and timeout:
            self.passed += timeout
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.clock = _Selector()
        super().__init__(self.clock)

    def time(self) -> float:
        return self.clock.passed


def hurry(scene: Coroutine[object, object, Result]) -> Result:
    """Play a scene in an event loop that does not wait; meanwhile `time.time` goes by the loop's time, too."""
    began = time.time()
    loop = _Loop()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(time, "time", lambda: began + loop.time())
        try:
            return loop.run_until_complete(scene)
        finally:
            loop.close()
