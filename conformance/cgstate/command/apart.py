"""Plays the suite with pytest, apart from the user's own: settings, plugins and folders change no verdict."""

import gc
import os
import warnings
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import cgstate
from cgstate.verdict.verdict import ExitStatus, Verdict

_ENVIRONMENT = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": None, "PYTEST_PLUGINS": None}
_APART = ("-c", os.devnull, "--rootdir", str(Path(cgstate.__file__).parent), "--noconftest", "--capture=no")
_UNUSED = ("cacheprovider", "terminal", "logging", "doctest", "unittest", "junitxml", "pastebin", "legacypath")
_PLUGINS = (*(f"no:{plugin}" for plugin in _UNUSED), "cgstate.plugin")


@dataclass(frozen=True, slots=True)
class Played:
    """How the run went."""

    verdict: Verdict | None
    usage: str
    """What is wrong with the options, if something is."""
    status: int
    """What pytest makes of it; means something only where there is neither verdict nor usage error."""


def play(arguments: Sequence[str]) -> Played:
    """Play the suite with these options of `cgstate.plugin`."""
    pickup = _Pickup()
    plugins = [part for plugin in _PLUGINS for part in ("-p", plugin)]
    with _environment(_ENVIRONMENT), _little_collecting(), warnings.catch_warnings():
        # The user's -W error and PYTHONWARNINGS are about the user's code.
        warnings.simplefilter("ignore")
        status = pytest.main([*_APART, *plugins, "--pyargs", "cgstate.suite", *arguments], plugins=[pickup])
    return Played(pickup.verdict, pickup.usage, int(status))


@contextmanager
def _little_collecting() -> Iterator[None]:
    """Look for garbage seldom: a run keeps tens of thousands of small values to its end, and few are garbage."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Pickup:
    """Takes from the suite's plugin what it has to say."""

    def __init__(self) -> None:
        self.verdict: Verdict | None = None
        self.usage = ""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self) -> Generator[None, None, None]:
        """Take what is wrong with the options, which pytest would print in its own way."""
        try:
            yield
        except pytest.UsageError as error:
            self.usage = str(error)
            pytest.exit(self.usage, returncode=ExitStatus.USAGE)

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Take the verdict when all is over."""
        from cgstate.plugin import VERDICT  # noqa: PLC0415 - pytest loads it first, to rewrite its assertions

        self.verdict = config.stash.get(VERDICT, None)


@contextmanager
def _environment(changes: Mapping[str, str | None]) -> Iterator[None]:
    """Set (None: unset) environment variables and put them back."""
    before = {name: os.environ.get(name) for name in changes}
    try:
        _set(changes)
        yield
    finally:
        _set(before)


def _set(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
