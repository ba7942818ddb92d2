"""Plays mutants: pytest collects once, then each mutant has a forked process of its own, in which its tests run.

A mutant of a function is put into the function that is there already; where that shows nothing, since the function has
done its work when the module was imported, the process imports everything again, with the mutant's source.
Nothing is written to the checkout.
"""

from __future__ import annotations

import ast
import builtins
import functools
import gc
import importlib.abc
import importlib.util
import os
import pickle
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from selftest.mutation.choice import CONFORMANCE
    from selftest.mutation.mutants import Mutant
else:
    from choice import CONFORMANCE

SLOW = 2.0
"""A test that takes longer, in seconds of the processor, is left out: it proves speed, on thousands of messages."""
_MEMORY = 2 * 2**30
"""Bytes that a mutant may take beyond what is there when it begins."""
_ARGUMENTS = ("-p", "no:terminal", "-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin", "-o", "addopts=", "-s")

Where = tuple[str, str]
"""A file and the qualified name of a function in it."""


@dataclass(slots=True)
class Covered:
    """What the tests do when nothing is wrong."""

    seconds: dict[str, float] = field(default_factory=dict)
    """Test to how long it takes, of the processor."""
    tests: dict[Where, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Function to the tests in which it is called."""
    slow: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutant."""

    state: str
    """``killed``, ``timeout`` (killed, too), ``survived``, ``no test`` or ``not code``."""
    test: str = ""
    """The test that failed."""


class _TooSlow(BaseException):
    pass


class _Calls:
    """Notes which functions of these files are called; slowly."""

    def __init__(self, files: frozenset[str]) -> None:
        self._files = files
        self.seen: set[Where] = set()

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code.co_filename in self._files:
            self.seen.add((frame.f_code.co_filename, frame.f_code.co_qualname.partition(".<locals>")[0]))


class _First:
    """A pytest plugin that knows whether a test has failed."""

    def __init__(self) -> None:
        self.failed = False
        self.why = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed |= report.failed
        if report.failed:
            self.why = report.longreprtext

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.failed |= report.failed


class Playing:
    """A pytest plugin: takes the place of running the tests."""

    def __init__(self, files: frozenset[str], play: Callable[[Playing], None]) -> None:
        """Note which functions of `files` are called; `play` is what to do once the tests are collected."""
        self._files = files
        self._play = play
        self._items: dict[str, pytest.Item] = {}
        self._functions: dict[Where, list[FunctionType]] = defaultdict(list)
        self._caches: list[Any] = []
        self._killers: dict[Where, Counter[str]] = defaultdict(Counter)
        self._early = _Calls(files)
        self.covered = Covered()

    def run(self, rooms: Sequence[str]) -> int:
        """Collect these folders of the selftests and play; return pytest's exit status."""
        # The judge of this checkout, wherever another is installed.
        sys.path[:0] = [str(CONFORMANCE), str(CONFORMANCE.parent / "reference_impl")]
        sys.setprofile(self._early)
        return int(pytest.main([*_ARGUMENTS, *(str(CONFORMANCE / "selftest" / room) for room in rooms)], [self]))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        sys.setprofile(None)
        if not session.testsfailed:
            self._items = {item.nodeid: item for item in session.items}
            self._look_around()
            gc.freeze()
            self.covered = self._cover()
            self._play(self)
        return True

    def _look_around(self) -> None:
        """Find the functions to put mutants into, and the caches of judge and tests."""
        for found in gc.get_objects():
            if isinstance(found, FunctionType) and found.__code__.co_filename in self._files:
                self._functions[found.__code__.co_filename, found.__code__.co_qualname].append(found)
            elif isinstance(found, functools._lru_cache_wrapper):
                code = getattr(found.__wrapped__, "__code__", None)
                if code and Path(code.co_filename).is_relative_to(CONFORMANCE) and code.co_filename not in _DATA:
                    self._caches.append(found)

    def outcomes(self, chosen: Iterable[tuple[Mutant, str]], processes: int) -> Iterator[tuple[Mutant, Outcome]]:
        """Play mutants, each of the module in that file, a few side by side; yield them as they end."""
        running: dict[int, tuple[Mutant, _Child]] = {}

        def ended() -> tuple[Mutant, Outcome]:
            pid, status = os.wait()
            mutant, child = running.pop(pid)
            outcome = child.outcome(status)
            self._killers[child.where][outcome.test] += 1
            return mutant, outcome

        for mutant, path in chosen:
            child = self._begin(mutant, path)
            if child is None:
                yield mutant, Outcome("no test")
                continue
            running[child.pid] = mutant, child
            if len(running) == processes:
                yield ended()
        while running:
            yield ended()

    def _begin(self, mutant: Mutant, path: str) -> _Child | None:
        """Start a process that plays the mutant, unless no test calls its function."""
        where = (path, mutant.key.function)
        early = where in self._early.seen
        chosen = self.covered.tests.get(where, set())
        swaps = mutant.swaps and not early
        if not swaps:
            # What stands outside of functions shows in any of the module; or in all that was imported with it.
            of_module = (tests for (file, _), tests in self.covered.tests.items() if file == path)
            chosen = set().union(*of_module) if not early else set()
            chosen = chosen or set(self.covered.seconds)
        if not chosen:
            return None
        killers = self._killers[where]
        ranked = sorted(chosen, key=lambda test: (-killers[test], self.covered.seconds[test], test))
        if swaps:
            return _Child(where, lambda tell: self._swap_and_run(mutant, path, ranked, tell))
        return _Child(where, lambda tell: self._import_and_run(mutant, path, ranked, tell))

    def _cover(self) -> Covered:
        """Run each test once, in two processes, and see what it calls."""
        names = list(self._items)
        halves = (names[::2], names[1::2])
        children = [_Child(("", ""), functools.partial(self._cover_these, half)) for half in halves]
        whole = Covered()
        for child in children:
            part: Covered = pickle.loads(child.read())  # noqa: S301 - our own process wrote it
            os.waitpid(child.pid, 0)
            whole.seconds |= part.seconds
            whole.slow += part.slow
            whole.wrong += part.wrong
            for where, tests in part.tests.items():
                whole.tests[where] |= tests
        return whole

    def _cover_these(self, names: Sequence[str], tell: Callable[[bytes], None]) -> int:
        too_slow = False

        def stop(_number: int, _frame: object) -> None:
            nonlocal too_slow
            too_slow = True
            raise _TooSlow

        signal.signal(signal.SIGPROF, stop)
        called: set[Where] = set()
        self._tell_of_calls(called)
        covered = Covered()
        for name in names:
            called.clear()
            self._forget()
            first, began, too_slow = _First(), time.process_time(), False
            try:
                signal.setitimer(signal.ITIMER_PROF, SLOW)
                self._run(name, first)
            except _TooSlow:
                pass
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            if too_slow:
                covered.slow.append(name)
                continue
            if first.failed:
                covered.wrong.append(f"{name}\n{first.why}")
                continue
            covered.seconds[name] = time.process_time() - began
            for where in called:
                covered.tests[where].add(name)
        covered.tests = dict(covered.tests)
        tell(pickle.dumps(covered))
        return 0

    def _tell_of_calls(self, called: set[Where]) -> None:
        """Let each function put itself into this set when it is called."""
        for path in self._files:
            for function, code in _telling(path, called).items():
                for found in self._functions[path, function]:
                    found.__code__ = code

    def _forget(self) -> None:
        """Empty the caches: they hold what was worked out before."""
        for cached in self._caches:
            cached.cache_clear()

    def _run(self, name: str, first: _First) -> None:
        item = self._items[name]
        item.config.pluginmanager.register(first)
        try:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        finally:
            item.config.pluginmanager.unregister(first)

    def _limit(self, names: Sequence[str], extra: float = 1.0) -> None:
        """Let the system end this process when these tests take much longer than they should."""
        usual = sum(self.covered.seconds[name] for name in names)
        signal.setitimer(signal.ITIMER_PROF, 4 * usual + extra)
        signal.setitimer(signal.ITIMER_REAL, 60 * usual + 120)

    def _swap_and_run(self, mutant: Mutant, path: str, ranked: Sequence[str], tell: Callable[[bytes], None]) -> int:
        try:
            changed = _code(compile(mutant.source, path, "exec", dont_inherit=True), mutant.key.function)
        except SyntaxError:
            return _NOT_CODE
        for function in self._functions[path, mutant.key.function]:
            function.__code__ = changed
        self._forget()
        for name in ranked:
            self._limit([name])
            first = _First()
            self._run(name, first)
            if first.failed:
                tell(name.encode())
                return _KILLED
        return 0

    def _import_and_run(self, mutant: Mutant, path: str, ranked: Sequence[str], tell: Callable[[bytes], None]) -> int:
        try:
            code = compile(mutant.source, path, "exec", dont_inherit=True)
        except SyntaxError:
            return _NOT_CODE
        for name, module in list(sys.modules.items()):
            if Path(getattr(module, "__file__", None) or "/").is_relative_to(CONFORMANCE) and name != "__main__":
                del sys.modules[name]
        sys.meta_path.insert(0, _Finder(mutant.key.module, path, code))
        by_file: dict[str, list[str]] = defaultdict(list)
        for name in ranked:
            by_file[name.partition("::")[0]].append(name)
        for names in by_file.values():
            self._limit(names, 10.0)
            first = _First()
            status = pytest.main(
                ["--maxfail=1", *_ARGUMENTS, "--rootdir", str(CONFORMANCE.parent), *names], [first, _Order(names)]
            )
            if status or first.failed:
                tell(names[0].encode())
                return _KILLED
        return 0


_NOTE = "__called_by_a_test__"
_KILLED = 10
_NOT_CODE = 11
_DATA = frozenset(map(str, (CONFORMANCE / "cgstate" / "specification").glob("*.py")))
"""What is read from schemas and registry is the same whatever the judge does."""


class _Order:
    """A pytest plugin that runs these tests in this order."""

    def __init__(self, names: Sequence[str]) -> None:
        self._place = {name: place for place, name in enumerate(names)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: self._place.get(item.nodeid, len(self._place)))


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from the mutant's code."""

    def __init__(self, module: str, path: str, code: CodeType) -> None:
        self._module = module
        self._path = path
        self._code = code

    def find_spec(self, fullname: str, _path: object, _target: object = None) -> ModuleSpec | None:
        if fullname != self._module:
            return None
        places = [str(Path(self._path).parent)] if self._path.endswith("__init__.py") else None
        return importlib.util.spec_from_file_location(
            fullname, self._path, loader=self, submodule_search_locations=places
        )

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)  # noqa: S102 - what a loader does


class _Child:
    """A forked process that works on its own and tells something through a pipe."""

    def __init__(self, where: Where, work: Callable[[Callable[[bytes], None]], int]) -> None:
        self.where = where
        self._pipe, write = os.pipe()
        self.pid = os.fork()
        if self.pid:
            os.close(write)
            return
        status = 1
        try:
            silent = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(silent, descriptor)
            _bound_memory()

            def tell(message: bytes) -> None:
                with os.fdopen(write, "wb") as pipe:
                    pipe.write(message)

            status = work(tell)
        finally:
            # Nothing of the parent's may be put away twice.
            os._exit(status)

    def read(self) -> bytes:
        """Return all that it tells, once it has ended."""
        with os.fdopen(self._pipe, "rb") as pipe:
            return pipe.read()

    def outcome(self, status: int) -> Outcome:
        """Say what its wait status means."""
        test = self.read().decode()
        code = os.waitstatus_to_exitcode(status)
        if code in {-signal.SIGPROF, -signal.SIGALRM}:
            return Outcome("timeout")
        if code == _NOT_CODE:
            return Outcome("not code")
        return Outcome("survived" if code == 0 else "killed", test)


def _bound_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + _MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _telling(path: str, called: set[Where]) -> dict[str, CodeType]:
    """Return the code of each function in a file, changed so that it notes in `called` that it was called."""
    setattr(builtins, _NOTE, called.add)
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    names = []

    def change(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                names.append(prefix + node.name)
                node.body.insert(0, ast.parse(f"{_NOTE}({(path, names[-1])!r})").body[0])
            elif isinstance(node, ast.ClassDef):
                change(node.body, f"{prefix}{node.name}.")

    change(tree.body, "")
    module = compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)
    return {name: _code(module, name) for name in names}


def _code(module: CodeType, function: str) -> CodeType:
    """Find the code of a function or method in that of its module."""
    rest = [module]
    while rest:
        code = rest.pop()
        if code.co_qualname == function and code is not module:
            return code
        rest += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    raise LookupError(function)
