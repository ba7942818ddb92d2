"""A driver of the user's own: found by ``module:factory`` or ``path.py:factory``, checked before it is used."""

import importlib
import importlib.util
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from cgstate.drivers.driver import Driver
from cgstate.drivers.nearest import nearest
from cgstate.drivers.text import one_line
from cgstate.drivers.wire import CAPABILITIES, is_integer
from cgstate.evidence import Cause
from cgstate.specification.codes import DialMode

T = TypeVar("T")

REQUESTS = ("load", "unload", "start", "stop", "set_dialing_mode")
"""What every driver can do."""

_HOOKS = {
    "options": ("options", "set_options"),
    "groups": ("create_group", "delete_group", "group_state"),
    "automatic": ("automatic",),
    "drain": ("create_group",),
}


class BadDriver(Exception):  # noqa: N818 - named for the fact
    """The user's driver cannot be used. The text says why, in one line."""


def load_driver(spec: str) -> Driver:
    """Make the driver that ``module:factory`` or ``path.py:factory`` names; `BadDriver` in one line where that fails.

    The factory (a class, mostly) is called without arguments. What it returns need not derive from
    `Driver`: whatever has the five client requests will do.
    """
    where, colon, name = spec.rpartition(":")
    if not colon or not where or not name:
        raise BadDriver(f"driver {spec!r}: expected module:factory or path.py:factory, for example my_driver.py:make")
    module = _from_file(spec, Path(where)) if where.endswith(".py") else _from_module(spec, where)
    factory: Any = module
    for part in name.split("."):
        factory = getattr(factory, part, None)
        if factory is None:
            public = [known for known in vars(module) if not known.startswith("_")]
            raise BadDriver(f"driver {spec!r}: there is no {nearest(name, public)} in it")
    if not callable(factory):
        raise BadDriver(f"driver {spec!r}: {name} cannot be called; a factory or a class is needed")
    return usable(_guarded(spec, factory), spec)


def usable(made: object, origin: str) -> Driver:
    """Return it as a `Driver`; `BadDriver` where it lacks what it needs or declares what it does not have.

    `origin` says in the error where it came from.
    """
    if isinstance(made, type):
        raise BadDriver(f"driver {origin!r}: got the class {made.__name__}, not an instance of it")
    missing = [name for name in REQUESTS if not _has(made, name)]
    if missing:
        what = "None" if made is None else f"a {type(made).__name__}"
        raise BadDriver(f"driver {origin!r}: {what} is no driver, it has no method {', '.join(missing)}")
    driver = made if isinstance(made, Driver) else _Wrapped(made)
    _check_declaration(driver, made, origin)
    return driver


class _Wrapped(Driver):
    """A driver that does not derive from `Driver`: what it lacks comes from there."""

    def __init__(self, inner: object) -> None:
        self.name = getattr(inner, "name", type(inner).__name__)
        self.capabilities = getattr(inner, "capabilities", frozenset())
        self.actors = getattr(inner, "actors", None)
        self.dial_modes = getattr(inner, "dial_modes", None)
        self.acts_by_itself = getattr(inner, "acts_by_itself", True) is not False
        hooks = [name for names in _HOOKS.values() for name in names]
        for name in (*REQUESTS, *hooks, "close"):
            if callable(getattr(inner, name, None)):
                setattr(self, name, getattr(inner, name))


def _check_declaration(driver: Driver, made: object, origin: str) -> None:
    declared: Any = driver.capabilities
    if isinstance(declared, str) or not _iterable_of(declared, str):
        raise BadDriver(f"driver {origin!r}: capabilities is no set of strings")
    for unknown in sorted(set(declared) - CAPABILITIES):
        raise BadDriver(f"driver {origin!r}: unknown capability {nearest(unknown, CAPABILITIES)}")
    for capability in sorted(declared):
        for hook in _HOOKS[capability]:
            if not _has(made, hook):
                raise BadDriver(f"driver {origin!r}: declares the capability {capability} and has no method {hook}")
    actors: Any = driver.actors
    causes = {cause.value for cause in Cause}
    if actors is not None and not (
        isinstance(actors, Mapping) and set(actors) <= causes and all(is_integer(code) for code in actors.values())
    ):
        raise BadDriver(f"driver {origin!r}: actors maps none but {', '.join(sorted(causes))} to integers")
    modes: Any = driver.dial_modes
    known = {int(mode) for mode in DialMode}
    if modes is not None and not (_iterable_of(modes, int) and set(modes) <= known and set(modes)):
        raise BadDriver(f"driver {origin!r}: dial_modes is no set of dial modes (0 to 11)")
    if not isinstance(driver.name, str):
        raise BadDriver(f"driver {origin!r}: name is no string")
    driver.capabilities = frozenset(declared)
    driver.dial_modes = None if modes is None else frozenset(int(mode) for mode in modes)


def _has(made: object, name: str) -> bool:
    """Whether it has a method of its own of that name: the base class's only says that there is none."""
    method = getattr(made, name, None)
    if not callable(method):
        return False
    return getattr(method, "__func__", method) is not getattr(Driver, name)


def _iterable_of(value: object, kind: type) -> bool:
    return isinstance(value, (set, frozenset, list, tuple)) and all(isinstance(item, kind) for item in value)


def _from_file(spec: str, path: Path) -> ModuleType:
    if not path.is_file():
        raise BadDriver(f"driver {spec!r}: there is no file {path}")
    name = f"cgstate_driver_{path.stem}"
    found = importlib.util.spec_from_file_location(name, path)
    if found is None or found.loader is None:
        raise BadDriver(f"driver {spec!r}: {path} cannot be read as Python")
    module = importlib.util.module_from_spec(found)
    # Dataclasses and pickles in the file look their module up by name; its neighbours are importable as in a script.
    sys.modules[name] = module
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.append(folder)
    loader = found.loader
    _guarded(spec, lambda: loader.exec_module(module))
    return module


def _from_module(spec: str, name: str) -> ModuleType:
    folder = str(Path.cwd())
    added = folder not in sys.path and "" not in sys.path
    if added:
        # As `python -m` has it; at the end, so that nothing there stands in for an installed module.
        sys.path.append(folder)
    return _guarded(spec, lambda: importlib.import_module(name))


def _guarded(spec: str, action: Callable[[], T]) -> T:
    """Run the user's code; whatever it raises becomes one line that says where."""
    try:
        return action()
    except SyntaxError as error:
        raise BadDriver(
            f"driver {spec!r}: syntax error in {error.filename}, line {error.lineno}: {error.msg}"
        ) from error
    except (Exception, SystemExit) as error:  # the user's code may raise anything
        frames = traceback.extract_tb(error.__traceback__)
        where = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if len(frames) > 1 else ""
        raise BadDriver(
            f"driver {spec!r}: {type(error).__name__}: {one_line(str(error)) or 'no text'}{where}"
        ) from error
