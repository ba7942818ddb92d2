"""Which sides a run judges: an emitter, a receiver, or both."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cgstate.specification.registry import registry
from cgstate.suite import session
from cgstate.suite.receiving import session as receiving_session
from cgstate.suite.receiving.session import ReceivingSession
from cgstate.suite.run import Run
from cgstate.suite.session import Session
from cgstate.verdict.merged import merged
from cgstate.verdict.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Sides:
    """The runs of a pytest session; one that is not judged is None."""

    emitter: Session | None = None
    receiver: ReceivingSession | None = None

    @property
    def runs(self) -> Sequence[Run]:
        """Those that are judged."""
        return [run for run in (self.emitter, self.receiver) if run is not None]

    def verdict(self) -> Verdict:
        """Return the verdict on both."""
        first, *others = (run.verdict() for run in self.runs)
        return merged(first, others[0]) if others else first


@dataclass(frozen=True, slots=True)
class Judged:
    """Which sides are judged."""

    emitter: bool
    receiver: bool


def judged(*, emitter_named: bool, receiver_named: bool, wanted: Collection[str] | None) -> Judged:
    """Return the sides that are named, or both where none is, less those of which no requirement is wanted."""
    neither = not emitter_named and not receiver_named
    roles = None if wanted is None else {registry().requirements[each].role for each in wanted}
    return Judged(
        emitter=(emitter_named or neither) and (roles is None or bool(roles & session.ROLES)),
        receiver=(receiver_named or neither) and (roles is None or bool(roles & receiving_session.ROLES)),
    )
