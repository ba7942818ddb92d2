"""How long events are awaited: in full, until enough of one kind did not come."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from cgstate.specification.codes import Action

GRACE = 0.3
"""How long is awaited what need not come: an event of what changes nothing, or a fitting one after another, in s."""
SHORT = 0.1
"""How long an event is awaited of a kind that does not come, in seconds: most others come within a hundredth."""
ENOUGH = 3
"""After so many missing events of one kind no more of them are waited for."""


class Patience:
    """Counts, by action, what did not come and what came wrong; side by side, so whoever waits is counted too.

    To go on before the deadline is over accuses nobody: what comes later is judged by when it came, and what never
    comes is called missing only when its deadline is over.
    """

    def __init__(self) -> None:
        """Begin with all the patience there is."""
        self._lock = threading.Lock()
        self._waiting: Counter[Action] = Counter()
        self._missing: Counter[Action] = Counter()
        self._misfits: Counter[Action] = Counter()
        self._lost: set[Action] = set()

    @contextmanager
    def waiting(self, action: Action) -> Iterator[None]:
        """Count whoever awaits an event of that kind meanwhile."""
        with self._lock:
            self._waiting[action] += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting[action] -= 1

    def missed(self, action: Action) -> None:
        """Count an event that did not come; others that are waited for meanwhile do not come either."""
        with self._lock:
            self._missing[action] += 1
            if self._missing[action] + self._waiting[action] >= ENOUGH:
                self._lost.add(action)

    def lost(self, action: Action) -> bool:
        """Whether no more events of that kind are to be waited for."""
        return action in self._lost

    def misfit(self, action: Action) -> None:
        """Count an event that came wrong, and was followed by no right one."""
        with self._lock:
            self._misfits[action] += 1

    def wrong(self, action: Action) -> bool:
        """Whether events of that kind come wrong: no right one is to be waited for."""
        with self._lock:
            return self._misfits[action] >= ENOUGH
