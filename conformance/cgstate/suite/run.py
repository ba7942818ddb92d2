"""What a run against an emitter and one against a receiver have in common: how pytest and the user see them."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from cgstate import clock
from cgstate.judge.ruling import Ruling
from cgstate.specification.registry import Level, registry
from cgstate.suite.settings import Settings
from cgstate.verdict.verdict import Failure, Verdict


@dataclass(kw_only=True)
class Run(ABC):
    """One side's run; texts say what happened, empty: it did not."""

    settings: Settings
    unreachable: str = ""
    suite_error: str = ""
    interrupted: str = ""
    stopped: str = ""
    """Why nothing more is played."""
    rulings: list[Ruling] = field(default_factory=list)
    """What was judged last."""
    phase: Callable[[str], None] = lambda _: None
    step: Callable[[str], None] = lambda _: None
    say: Callable[[str], object] = lambda _: None
    told_by_case: bool = True
    """Whether each test is to fail with what its case shows: then everything is judged after every case."""
    began: float = field(default_factory=clock.now)
    started: float = field(default_factory=time.time)
    _reported: set[tuple[str, str]] = field(default_factory=set)

    @abstractmethod
    def judge(self) -> None:
        """Judge everything so far."""

    @abstractmethod
    def blocks(self, rulings: Collection[Ruling]) -> tuple[Failure, ...]:
        """Return the blocks that show these rulings, each of which holds a fault."""

    @abstractmethod
    def shows(self, ruling: Ruling, case: str) -> bool:
        """Whether a fault shows in that case."""

    @abstractmethod
    def verdict(self) -> Verdict:
        """Conclude from what was judged last."""

    @abstractmethod
    def interrupt(self) -> None:
        """Await nothing any more."""

    @abstractmethod
    def close(self) -> None:
        """Put everything back, whatever happened; once is enough, twice does no harm."""

    def finish(self) -> None:
        """Judge for the last time."""
        self.judge()

    def new_failures(self, case: str | None) -> list[Failure]:
        """Return the failures that show in a case (None: in any) and were not returned before; warnings if strict."""
        if not self.told_by_case:
            return []
        found = [
            ruling
            for ruling in self.rulings
            if ruling.fault is not None
            and self._fails(ruling)
            and (ruling.requirement, ruling.fault.sentence) not in self._reported
            and (case is None or self.shows(ruling, case))
        ]
        blocks = self.blocks(found)
        self._reported.update((block.requirement, block.sentence) for block in blocks)
        return list(blocks)

    def _fails(self, ruling: Ruling) -> bool:
        requirement = registry().requirements[ruling.requirement]
        wanted = self.settings.wanted
        if wanted is not None and ruling.requirement not in wanted:
            return False
        return requirement.level is Level.MUST or (self.settings.strict and requirement.level is Level.SHOULD)
