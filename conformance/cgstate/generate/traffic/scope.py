"""What the traffic of one run has in common: its id, its seed, its numbers, its clock, the names it may use."""

from dataclasses import dataclass, field
from itertools import count
from random import Random

from cgstate import clock
from cgstate.evidence import GroupConfiguration
from cgstate.generate.group import GroupChoice

_AGO = 60.0
"""Seconds that GSW_DATE_TIME begins before now: so that not even the last message of a flood lies in the future."""
_PLAIN = GroupChoice()


@dataclass(frozen=True, slots=True)
class Names:
    """The tenants and names that a receiver knows, as its user declares them."""

    declared: tuple[GroupConfiguration, ...]

    def groups(self) -> tuple[GroupChoice, ...]:
        """Return the declared groups; what is not known of one is as plain as can be."""
        return tuple(_chosen(group) for group in self.declared)


@dataclass(slots=True)
class Scope:
    """A run's numbers and choices; what is made with is the same for the same arguments and order of asking."""

    run_id: str
    """Six of ``[a-z0-9]``."""
    seed: int
    fast: bool = False
    """Whether each value goes out once or so instead of in each combination."""
    names: Names | None = None
    """None: any name may stand in a message."""
    now: float = field(default_factory=clock.now)
    """Unix seconds near which GSW_DATE_TIME lies."""
    asked: int = 0
    """How often a message was asked for that shows whether the receiver is alive."""
    _numbers: "count[int]" = field(default_factory=lambda: count(1), repr=False)

    @property
    def guid_prefix(self) -> str:
        """What every GUID begins with."""
        return f"cgstate-{self.run_id}-"

    def number(self) -> int:
        """Return the next parcel's number, from 1."""
        return next(self._numbers)

    def date_time(self, number: int) -> str:
        """Return GSW_DATE_TIME of that parcel: each one's is a millisecond after that of the parcel before."""
        milliseconds = round((self.now - _AGO) * 1000) + number
        return f"{milliseconds // 1000}.{milliseconds % 1000:03d}"

    def random(self, case: str) -> Random:
        """Return what a case draws from: it depends on no other case."""
        return Random(f"{self.seed}/{case}")  # noqa: S311 - reproducible, and no secret

    def group(self, turn: int = 0) -> GroupChoice:
        """Return the plainest group there is, or of the declared ones each in its turn."""
        if self.names is None:
            return _PLAIN
        groups = self.names.groups()
        return groups[turn % len(groups)]


def _chosen(group: GroupConfiguration) -> GroupChoice:
    known = {
        name: getattr(group, name)
        for name in (
            "name",
            "group_name",
            "campaign_name",
            "campaign_template_name",
            "queue_name",
            "tenant_name",
            "tenant_ccid",
        )
        if name not in group.unknown
    }
    return GroupChoice(**known)
