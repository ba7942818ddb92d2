"""The phases of a run against an emitter, in the order in which they run.

Options are the emitter's, not a case's: a phase begins by setting them, and its cases share them.
"""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from cgstate.suite.case import Case
from cgstate.suite.cases import failing, generated, life, settings, timed
from cgstate.suite.stage import CaseEnded, Stage

AT_ONCE = 8
"""How many cases of a phase play side by side: enough to overlap waiting, few enough for an emitter on two cores."""


@dataclass(frozen=True, slots=True)
class Phase:
    """Cases that share the emitter's options."""

    title: str
    cases: tuple[Case, ...]
    begin: Callable[[Stage], object]
    """Sets the options."""
    side_by_side: bool = False
    meanwhile: Callable[[Stage], None] | None = None
    """What is computed while the cases, side by side, wait."""


def phases() -> tuple[Phase, ...]:
    """Return all phases; building them reads the registry and the enumerated life cycles."""

    def untimed(stage: Stage) -> object:
        return stage.options()

    def at_zero(stage: Stage) -> object:
        return stage.options(interval=0)

    def default(stage: Stage) -> object:
        return stage.options(interval=None)

    def every_second(stage: Stage) -> object:
        # To another URI as well: periodic messages go there, too.
        return stage.options(interval=timed.INTERVAL, path=settings.OTHER_PATH)

    def phase(
        title: str,
        cases: Iterable[Case],
        begin: Callable[[Stage], object],
        *,
        side_by_side: bool = False,
        meanwhile: Callable[[Stage], None] | None = None,
    ) -> Phase:
        return Phase(title, tuple(cases), begin, side_by_side, meanwhile)

    # What is told by periodic messages alone comes first: drawing lives fills the wait.
    return (
        phase("a set interval", timed.at_a_set_interval(), every_second, side_by_side=True, meanwhile=generated.draw),
        phase(
            "life cycles",
            [*timed.at_no_interval(), *life.cases(), *failing.answers()],
            untimed,
            side_by_side=True,
        ),
        phase("generated life cycles", generated.cases(), untimed),
        phase("a recorded life cycle", generated.replayed(), untimed),
        phase("the URI changed", settings.uri(), untimed),
        phase("a receiver that is away, or stalls", failing.alone(), at_zero),
        phase("the default interval, about 20 s", timed.at_the_default(), default, side_by_side=True),
        phase("off and on", settings.off_and_on(), untimed),
    )


@dataclass
class Played:
    """What became of the cases of a phase."""

    ended: dict[str, str] = field(default_factory=dict)
    """Name of a case that could not go on: why."""


def play(phase: Phase, stage: Stage, chosen: Iterable[Case], step: Callable[[str], None]) -> Played:
    """Play the chosen cases of the phase; what a case raises beside `CaseEnded` is raised here, after all are over."""
    played = Played()
    cases = list(chosen)
    if not cases:
        return played
    try:
        phase.begin(stage)
    except CaseEnded as ended:
        played.ended = {case.name: str(ended) for case in cases}
        return played
    lock = threading.Lock()

    def play_one(case: Case) -> None:
        step(case.name)
        try:
            case.play(stage, case.name)
        except CaseEnded as ended:
            with lock:
                played.ended[case.name] = str(ended)

    if phase.side_by_side:
        _side_by_side(phase, stage, cases, play_one)
    else:
        for case in cases:
            play_one(case)
    return played


def _side_by_side(phase: Phase, stage: Stage, cases: Iterable[Case], play_one: Callable[[Case], None]) -> None:
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="cgstate-case") as pool:
        futures = [pool.submit(play_one, case) for case in cases]
        try:
            if phase.meanwhile is not None:
                phase.meanwhile(stage)
            for future in futures:
                future.result()
        except BaseException:
            stage.interrupt()
            for future in futures:
                future.cancel()
            raise
