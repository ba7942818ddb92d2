"""Lives that Hypothesis makes up, one at a time and several at once; what fails is shrunk and replayed.

Hypothesis only steers: every exchange is judged with all the others at the end of the phase.
"""

import atexit
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cgstate import clock
from cgstate.generate.life import LifeCycle
from cgstate.judge.ruling import Ruling
from cgstate.suite.case import Case, case, every_message
from cgstate.suite.cases.life import CONFIGURED, DIALED, REPORTED, TOLD, causes_of, play_life
from cgstate.suite.played import Played
from cgstate.suite.stage import CaseEnded, Replay, Stage

if TYPE_CHECKING:
    from hypothesis import strategies as st

LIVES = 20
MACHINES = 3
DRAWN = "generated life cycles"
REPLAYED = "a recorded life cycle"
AT_ONCE = 6
"""How many drawn lives are played side by side."""
WALKERS = 3
"""Groups of one walk."""
STEPS = 10
SEARCH_FOR = 10.0
"""After this many seconds no more lives are tried: with a slow emitter that is fewer of them."""
SHRINK_FOR = 4.0
"""After this many seconds a failing life is not made smaller any more."""


class Found(Exception):  # noqa: N818 - steers Hypothesis, which tells bugs apart by type
    """A life broke a requirement."""

    def __init__(self, requirement: str) -> None:
        """Name the requirement."""
        super().__init__(requirement)
        self.requirement = requirement


_CLASSES: dict[str, type[Found]] = {}


def _found(requirement: str) -> Found:
    """Return an exception whose class is the requirement's own."""
    made = _CLASSES.setdefault(requirement, type(f"Found_{requirement}", (Found,), {}))
    return made(requirement)


def _steerable(rulings: Sequence[Ruling], known: set[str]) -> str | None:
    """Return a requirement that was broken by a message and is not known to be: only that is worth shrinking.

    An absence is never shrunk: every attempt would wait for it again.
    """
    return next((r.requirement for r in rulings if r.fault and r.exchanges and r.requirement not in known), None)


def _settings(examples: int, **more: Any) -> Any:  # noqa: ANN401 - Hypothesis's settings
    import hypothesis  # noqa: PLC0415 - 0.2 s that only this phase needs

    every = {
        "max_examples": examples,
        "database": None,
        "deadline": None,
        "derandomize": False,
        "phases": (hypothesis.Phase.generate, hypothesis.Phase.shrink),
        "suppress_health_check": list(hypothesis.HealthCheck),
        "print_blob": False,
        "report_multiple_bugs": False,
        "verbosity": hypothesis.Verbosity.quiet,
        "backend": "hypothesis",
    }
    return hypothesis.settings(**(every | more))


@cache
def keep_out_of_sight() -> None:
    """Let Hypothesis keep what it stores in a folder that goes with the process, never in the user's."""
    from hypothesis.configuration import set_hypothesis_home_dir  # noqa: PLC0415 - 0.2 s that only this phase needs

    folder = tempfile.TemporaryDirectory(prefix="cgstate-")
    atexit.register(folder.cleanup)
    set_hypothesis_home_dir(Path(folder.name))


def draw(stage: Stage) -> None:
    """Draw the lives that `_lives` plays: Hypothesis imports and computes for a second before the first of them.

    It is called while a phase waits for periodic messages. Computing makes arrival stamps 10 ms late, seldom 100;
    periods are judged to half a second.
    """
    import hypothesis.stateful  # noqa: PLC0415 - 0.2 s that only this phase needs

    keep_out_of_sight()
    lives: dict[str, LifeCycle] = {}

    def keep(life: LifeCycle) -> None:
        lives[_key(life)] = life

    drawn = _settings(LIVES, phases=(hypothesis.Phase.generate,))(hypothesis.given(_strategy(stage))(keep))
    hypothesis.seed(stage.seed)(drawn)()
    stage.drawn = tuple(lives.values())


def _strategy(stage: Stage) -> "st.SearchStrategy[LifeCycle]":
    from cgstate.generate.strategies import life_cycles  # noqa: PLC0415 - 0.2 s that only this phase needs

    return life_cycles(dial_modes=stage.dial_modes, causes=causes_of(stage), drain="drain" in stage.capabilities)


def _key(life: LifeCycle) -> str:
    return json.dumps(life.as_json(), sort_keys=True)


@dataclass
class _Search:
    """Where a search for a failing case stands.

    Only a broken requirement is raised to Hypothesis: what ends the case
    otherwise would be shrunk as if it were a finding.
    """

    stage: Stage
    name: str
    """The case that searches."""
    ended: str = ""
    until: float = field(default_factory=lambda: clock.now() + SEARCH_FOR)
    shrinking: bool = False
    memory: dict[str, str | None] = field(default_factory=dict)
    smallest: dict[str, LifeCycle] = field(default_factory=dict)

    def over(self) -> bool:
        """Whether nothing more is to be tried."""
        return bool(self.ended) or clock.now() > self.until

    def judge(self, keys: Sequence[tuple[int, int]]) -> str | None:
        """Return what the groups broke that is worth shrinking; the time for that begins with the first."""
        rulings = self.stage.rulings_on(keys)
        if not any(ruling.fault for ruling in rulings):
            return None
        requirement = _steerable(rulings, self.known)
        if requirement is not None and not self.shrinking:
            self.shrinking, self.until = True, clock.now() + SHRINK_FOR
        return requirement

    @cached_property
    def known(self) -> set[str]:
        """Requirements that are broken anyway: nobody needs a generated case for them."""
        rulings = self.stage.rulings()
        return {r.requirement for r in rulings if r.fault and not self.stage.belongs(r, self.name)}

    @contextmanager
    def ending(self) -> Iterator[None]:
        """Take down why the case cannot go on, instead of raising it."""
        try:
            yield
        except CaseEnded as ended:
            self.ended = self.ended or str(ended)


def _lives(stage: Stage, name: str) -> None:
    """Play the drawn lives side by side; where one fails, search for the smallest that does, one after another."""
    if not stage.drawn:
        draw(stage)
    search = _Search(stage, name)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="cgstate-life") as pool:
        for life, key in zip(stage.drawn, pool.map(partial(_play, search, name), stage.drawn), strict=True):
            if key is not None:
                search.memory[_key(life)] = search.judge([key])
    if search.shrinking:
        _shrink(search, name)
    if search.ended:
        raise CaseEnded(search.ended)


def _play(search: _Search, name: str, life: LifeCycle) -> tuple[int, int] | None:
    """Play one life and return its group; None where the case is over."""
    if not search.over():
        with search.ending():
            return play_life(search.stage, name, life).key
    return None


def _shrink(search: _Search, name: str) -> None:
    """Draw the same lives again, and let Hypothesis make those that failed smaller."""
    import hypothesis  # noqa: PLC0415 - 0.2 s that only this phase needs

    stage = search.stage

    def attempt(life: LifeCycle) -> None:
        key = _key(life)
        if key not in search.memory:
            played = _play(search, name, life)
            if played is None:
                return
            search.memory[key] = search.judge([played])
        requirement = search.memory[key]
        if requirement is not None:
            search.smallest[requirement] = life
            raise _found(requirement)

    _steered(hypothesis.seed(stage.seed)(_settings(LIVES)(hypothesis.given(_strategy(stage))(attempt))))
    for requirement, life in search.smallest.items():
        key = play_life(stage, name, life).key
        came_back = any(r.fault and r.requirement == requirement for r in stage.rulings_on([key]))
        document = json.dumps(life.as_json(), ensure_ascii=False)
        stage.replays[requirement] = Replay(document, key if came_back else None)


def _steered(test: Callable[[], None]) -> None:
    """Run a Hypothesis test; its exceptions only say where it looked."""
    import hypothesis.errors  # noqa: PLC0415 - 0.2 s that only this phase needs

    try:
        test()
    except (Found, hypothesis.errors.Flaky):
        return
    except BaseExceptionGroup as group:
        if group.split((Found, hypothesis.errors.Flaky))[1] is not None:
            raise


def _machine(stage: Stage, name: str) -> None:
    """Walk random lives of several groups at once; it is judged when the walk is over."""
    from hypothesis import seed, stateful  # noqa: PLC0415 - 0.2 s that only this phase needs
    from hypothesis import strategies as st  # noqa: PLC0415 - the same

    from cgstate.generate.strategies import dialings, group_choices  # noqa: PLC0415 - the same
    from cgstate.suite.walk import Walker  # noqa: PLC0415 - the same

    search = _Search(stage, name)

    class Machine(stateful.RuleBasedStateMachine):
        """Several groups, asked for anything lawful in any order."""

        def __init__(self) -> None:
            super().__init__()
            self.walkers: list[Walker] = []

        @stateful.precondition(lambda self: len(self.walkers) < WALKERS)
        @stateful.rule(choice=group_choices(dial_modes=stage.dial_modes, max_name=200))
        def load(self, choice: Any) -> None:  # noqa: ANN401 - GroupChoice
            with search.ending():
                if not search.over():
                    self.walkers.append(Walker(Played(stage, stage.group(name, choice))))
                    self.walkers[-1].load()

        @stateful.precondition(lambda self: self.walkers)
        @stateful.rule(which=st.integers(0, WALKERS - 1), dialing=dialings(stage.dial_modes))
        def go_on(self, which: int, dialing: Any) -> None:  # noqa: ANN401 - Dialing
            with search.ending():
                self.walkers[which % len(self.walkers)].go_on(dialing)

        @stateful.precondition(lambda self: self.walkers)
        @stateful.rule(which=st.integers(0, WALKERS - 1))
        def unload(self, which: int) -> None:
            with search.ending():
                self.walkers[which % len(self.walkers)].unload()

        def teardown(self) -> None:
            for walker in self.walkers:
                with search.ending():
                    walker.end()
            requirement = search.judge([walker.played.group.key for walker in self.walkers])
            if requirement is not None:
                search.known.add(requirement)  # one walk that shows it is enough: it is in the evidence
                raise _found(requirement)

    settings = _settings(MACHINES, stateful_step_count=STEPS)
    keep_out_of_sight()
    _steered(
        lambda: stateful.run_state_machine_as_test(seed(stage.seed)(Machine), settings=settings, _min_steps=STEPS // 2)
    )
    if search.ended:
        raise CaseEnded(search.ended)


def _replay(stage: Stage, name: str) -> None:
    """Play the life that ``--replay`` gives, as a failure block shows it."""
    if stage.recorded is not None:
        play_life(stage, name, stage.recorded)


def cases() -> Iterator[Case]:
    """Yield the generated cases, one after another: Hypothesis decides what comes next by what came before."""
    every = [*REPORTED, *TOLD, *DIALED, *CONFIGURED, *every_message()]
    yield case(DRAWN, _lives, every, needs=["groups"], thorough=True)
    yield case("several groups at once", _machine, every, needs=["groups"], thorough=True)


def replayed() -> Iterator[Case]:
    """Yield the case of ``--replay``, which is played alone."""
    every = [*REPORTED, *TOLD, *DIALED, *CONFIGURED, *every_message()]
    yield case(REPLAYED, _replay, every, needs=["groups"])
