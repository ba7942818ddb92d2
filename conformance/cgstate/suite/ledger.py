"""The book of a run: what was asked of the emitter, with which options, while the receiver did what."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from cgstate import clock
from cgstate.evidence import Act, GroupConfiguration, Setting, Window


class Ledger:
    """Written by many threads, read as tuples in the order of numbers."""

    def __init__(self) -> None:
        """Begin an empty book."""
        self._lock = threading.Lock()
        self._next_act = 1
        self._acts: dict[tuple[int, int], list[Act]] = {}
        self._settings: list[Setting] = []
        self._windows: list[Window] = []
        self.groups: dict[tuple[int, int], GroupConfiguration] = {}
        self.cases: dict[tuple[int, int], str] = {}
        """Which case a group was made for, in words."""

    def next_number(self) -> int:
        """Return the number of an act that is about to be asked."""
        with self._lock:
            number = self._next_act
            self._next_act += 1
            return number

    def enter(self, act: Act) -> None:
        """Take down an act."""
        with self._lock:
            self._acts.setdefault(act.key, []).append(act)

    def know(self, group: GroupConfiguration, case: str) -> None:
        """Take down a group and the case that plays with it."""
        with self._lock:
            self.groups[group.key] = group
            self.cases[group.key] = case

    def set(self, setting: Setting) -> None:
        """Take down that the options changed."""
        with self._lock:
            self._settings.append(setting)

    @contextmanager
    def window(self, rule: str, keys: frozenset[tuple[int, int]] = frozenset()) -> Iterator[None]:
        """Take down a stretch of time with that rule; it is in the book from its beginning."""
        began = clock.now()
        running = Window(rule, began, float("inf"), keys=keys)
        with self._lock:
            self._windows.append(running)
        try:
            yield
        finally:
            with self._lock:
                self._windows[self._windows.index(running)] = replace(running, ended=clock.now())

    def acts_of(self, key: tuple[int, int]) -> tuple[Act, ...]:
        """Return the acts on one group."""
        with self._lock:
            return tuple(self._acts.get(key, ()))

    @property
    def acts(self) -> tuple[Act, ...]:
        """All acts by number."""
        with self._lock:
            return tuple(sorted((act for acts in self._acts.values() for act in acts), key=lambda act: act.number))

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings of the options, in order."""
        with self._lock:
            return tuple(self._settings)

    @property
    def windows(self) -> tuple[Window, ...]:
        """All windows, in order of their beginning."""
        with self._lock:
            return tuple(self._windows)
