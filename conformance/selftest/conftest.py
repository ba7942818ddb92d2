"""Which selftests stay together where pytest-xdist spreads them over processes (``-n auto --dist loadgroup``)."""

from pathlib import Path

import pytest

_SELFTEST = Path(__file__).parent
_ONE_PROCESS = {"packaging", "elasticsearch", "two_sides"}
"""Folders whose tests share what is dear: a venv with the wheel, servers, whole runs."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep a file's tests together, and those of some folders."""
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        if item.path.is_relative_to(_SELFTEST):
            place = item.path.relative_to(_SELFTEST)
            item.add_marker(pytest.mark.xdist_group(place.parts[0] if place.parts[0] in _ONE_PROCESS else str(place)))
