"""`pytest conformance` in a checkout judges the bundled emitter; what proves the suite runs when it is asked for."""

from pathlib import Path

import pytest

_SELFTEST = Path(__file__).parent / "selftest"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the selftests out, but for those that the command line, or testpaths, names."""
    if not collection_path.is_relative_to(_SELFTEST):
        return None
    folder = config.invocation_params.dir
    # A node id is a path, then names after colons.
    named = [(folder / argument.partition("::")[0]).resolve() for argument in config.args]
    leads_there = any(
        path.is_relative_to(_SELFTEST)
        and (path.is_relative_to(collection_path) or collection_path.is_relative_to(path))
        for path in named
    )
    return None if leads_there else True
