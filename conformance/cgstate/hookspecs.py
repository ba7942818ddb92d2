"""Hooks that a conftest.py may implement."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cgstate.drivers.driver import Driver


@pytest.hookspec(firstresult=True)
def pytest_cgstate_driver(config: pytest.Config) -> "Driver | None":
    """Return the driver of the emitter to judge; without it, and without an option, it is the bundled one."""
