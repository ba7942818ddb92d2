"""The Campaign Groups of a run: made one by one where the emitter can be told to, else lent to one case at a time."""

import secrets
import threading
from collections.abc import Sequence
from dataclasses import replace

from cgstate.evidence import GroupConfiguration
from cgstate.generate.group import GroupChoice

_OF_CAMPAIGN = ("campaign_id", "campaign_name", "campaign_template_name", "tenant_name", "tenant_ccid")
_OF_AGENTS = ("group_id", "group_name", "tenant_name", "tenant_ccid")


class Groups:
    """What can be played with, what is loaded just now, and what was made."""

    def __init__(self, run_id: str, declared: Sequence[GroupConfiguration]) -> None:
        """`declared` are the groups of an emitter that cannot be told to make some."""
        self._run_id = run_id
        self._lock = threading.Lock()
        self._made = 0
        self._first_id = secrets.randbelow(1_000_000) * 1_000 + 1
        self._free = list(declared)
        self._lent = 0
        """How many cases play with one just now."""
        self._returned = threading.Condition()
        self._over = False
        self._somebody_elses: set[tuple[int, int]] = set()
        self.loaded: dict[tuple[int, int], GroupConfiguration] = {}
        """What may be loaded, and so has to be unloaded at the end."""
        self.created: dict[tuple[int, int], GroupConfiguration] = {}

    def configured(
        self,
        choice: GroupChoice,
        *,
        campaign_of: GroupConfiguration | None = None,
        agents_of: GroupConfiguration | None = None,
    ) -> GroupConfiguration:
        """Return a new group as it is chosen, with ids and a token of its own.

        Of `campaign_of` it has the campaign and of `agents_of` the group of agents, each with what belongs to it.
        """
        with self._lock:
            self._made += 1
            number = self._made
        # Every name begins with the token: it tells the group even in a body that cannot be read.
        made = choice.configuration(self._first_id + number, number, f"cgstate-{self._run_id}-{number}-")
        for other, shared in ((campaign_of, _OF_CAMPAIGN), (agents_of, _OF_AGENTS)):
            if other is not None:
                made = replace(made, **{field: getattr(other, field) for field in shared})
        return made

    def borrow(self) -> GroupConfiguration | None:
        """Return a declared group that nobody plays with, once there is one; None where none comes any more."""
        with self._returned:
            # A group that could not be unloaded, or that somebody else has loaded, does not come back.
            self._returned.wait_for(lambda: self._free or not self._lent or self._over)
            if self._over or not self._free:
                return None
            self._lent += 1
            return self._free.pop(0)

    def take_back(self, group: GroupConfiguration) -> None:
        """Let the next case have a declared group."""
        with self._returned:
            self._lent -= 1
            if group.key not in self.loaded and group.key not in self._somebody_elses:
                self._free.append(group)
            self._returned.notify_all()

    def leave_alone(self, group: GroupConfiguration) -> None:
        """Take note that somebody else has loaded the group."""
        self._somebody_elses.add(group.key)

    @property
    def left(self) -> int:
        """How many declared groups nobody plays with just now."""
        return len(self._free)

    def interrupt(self) -> None:
        """End the waiting for a declared group."""
        with self._returned:
            self._over = True
            self._returned.notify_all()
