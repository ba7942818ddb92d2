"""Strategies for Campaign Groups and for their lives."""

from collections.abc import Set as AbstractSet
from functools import cache

from hypothesis import strategies as st

from cgstate.evidence import Cause, Dialing, GroupConfiguration
from cgstate.generate.exhaustive import CLIENT_ONLY, DRAIN_SECONDS, methods_of
from cgstate.generate.group import GroupChoice
from cgstate.generate.life import LifeCycle, Step, after, may_change
from cgstate.generate.text import names
from cgstate.specification import life_cycle
from cgstate.specification.codes import PREDICTIVE, Action, DialMode, GroupState, OptimizationMethod

PERCENTAGES = frozenset({OptimizationMethod.BUSY_FACTOR, OptimizationMethod.OVERDIAL_RATE})
"""Methods whose goal is a percentage; the others' is in seconds."""

LONGEST_GOAL = 1000
"""Seconds: user interfaces allow no more."""

ALL_MODES = frozenset(int(mode) for mode in DialMode if mode is not DialMode.NO_DIAL_MODE)
"""The dial modes a group can be started with."""


def dialings(modes: AbstractSet[int] = ALL_MODES) -> st.SearchStrategy[Dialing]:
    """Return a strategy for what a start may ask for: one branch for each mode, and all that the mode takes."""
    return _dialings(frozenset(modes))


# Strategies are made once and kept: making them anew for each draw cost four times the draw.
@cache
def _dialings(modes: frozenset[int]) -> st.SearchStrategy[Dialing]:
    return st.sampled_from(sorted(modes)).flatmap(_dialing)


@cache
def _dialing(mode: int) -> st.SearchStrategy[Dialing]:
    if mode not in PREDICTIVE:
        return st.just(Dialing(mode))
    return st.sampled_from(methods_of(mode)).flatmap(lambda method: _optimized(mode, method))


@cache
def _optimized(mode: int, method: int) -> st.SearchStrategy[Dialing]:
    return goals(method).map(lambda goal: Dialing(mode, method, goal))


@cache
def goals(method: int) -> st.SearchStrategy[int]:
    """Return a strategy for the goals that a method may have."""
    if method == OptimizationMethod.NO_OPTIMIZATION_METHOD:
        return st.just(0)
    return st.integers(0, 100 if method in PERCENTAGES else LONGEST_GOAL)


def group_choices(
    *, dial_modes: AbstractSet[int] | None = None, drain: bool = False, max_name: int = 255
) -> st.SearchStrategy[GroupChoice]:
    """Return a strategy for names, tenant and configured dialing, in every combination of what may be missing.

    Method and goal are configured in every mode, as a real configuration has them.
    """
    return _group_choices(_usable(dial_modes), drain, max_name)


@cache
def _group_choices(modes: frozenset[int], drain: bool, max_name: int) -> st.SearchStrategy[GroupChoice]:  # noqa: FBT001 - a key of the cache
    drains = st.sampled_from([0.0, DRAIN_SECONDS] if drain else [0.0])
    return _group_choice(names(max_size=max_name), st.sampled_from(sorted(modes)), drains)


@st.composite
def _group_choice(
    draw: st.DrawFn, text: st.SearchStrategy[str], modes: st.SearchStrategy[int], drains: st.SearchStrategy[float]
) -> GroupChoice:
    campaign, template, tenant = draw(_COMBINATIONS, label="configured")
    method = draw(_METHODS, label="configured method")
    return GroupChoice(
        name=draw(text, label="name"),
        group_name=draw(text, label="group name"),
        campaign_name=draw(text, label="campaign name") if campaign else None,
        campaign_template_name=draw(text, label="template name") if template else None,
        queue_name=draw(text, label="queue name"),
        tenant_name=draw(text, label="tenant name") if tenant else None,
        tenant_ccid=draw(_CCIDS, label="contact center id"),
        dial_mode=draw(modes, label="configured mode"),
        optimize_by=method,
        optimize_goal=draw(goals(method), label="configured goal"),
        drain_seconds=draw(drains, label="drain seconds"),
    )


_COMBINATIONS = st.sampled_from([(bool(n & 1), bool(n & 2), bool(n & 4)) for n in reversed(range(8))])
_METHODS = st.sampled_from(methods_of(DialMode.PREDICT))
_CCIDS = st.text("0123456789abcdef-", min_size=1, max_size=36)


def group_configurations(
    *,
    token: str = "",
    campaign_id: int = 1,
    group_id: int = 1,
    dial_modes: AbstractSet[int] | None = None,
    drain: bool = False,
) -> st.SearchStrategy[GroupConfiguration]:
    """Return a strategy for Campaign Groups with these ids, whose every name begins with the ASCII `token`.

    With a token of its own for each group even an unreadable body can be attributed to its group.
    Names have up to 255 code points, token included. `dial_modes`: what may be configured; None: 1 to 11.
    """
    choices = group_choices(dial_modes=dial_modes, drain=drain, max_name=255 - len(token))
    return choices.map(lambda choice: choice.configuration(campaign_id, group_id, token))


def life_cycles(
    *,
    dial_modes: AbstractSet[int] | None = None,
    causes: AbstractSet[Cause] = CLIENT_ONLY,
    drain: bool = False,
    min_steps: int = 2,
    max_steps: int = 8,
) -> st.SearchStrategy[LifeCycle]:
    """Return a strategy for lawful lives of one Campaign Group: each begins with a load and ends in an unload.

    `dial_modes`: the modes the emitter has (None: 1 to 11); `causes`: on whose behalf it can act;
    `drain`: whether its calls can be made to drain. Between load and unload a group that does not run is
    started, or unloaded and loaded again; one that runs is stopped, unloaded, or given another dialing by a
    documented change or of the goal only. No draw depends on what an emitter answers, so a life replays as it is.
    """
    if not 2 <= min_steps <= max_steps:  # noqa: PLR2004 - load and unload
        raise ValueError("a life has at least two steps, and min_steps is not above max_steps")
    asked = frozenset(causes)
    if not asked:
        raise ValueError("nobody to act: causes is empty")
    modes = _usable(dial_modes)
    groups = group_choices(dial_modes=modes, drain=drain)
    # Two branches: load and unload alone is worth a case, but hardly more than one.
    lengths = st.integers(min(max(min_steps, 4), max_steps), max_steps) | st.integers(min_steps, max_steps)
    return _life_cycle(modes, asked, groups, lengths)


@st.composite
def _life_cycle(
    draw: st.DrawFn,
    modes: frozenset[int],
    causes: frozenset[Cause],
    groups: st.SearchStrategy[GroupChoice],
    lengths: st.SearchStrategy[int],
) -> LifeCycle:
    group = draw(groups, label="group")
    length = draw(lengths, label="steps")
    steps: list[Step] = []
    walk = _Walk(modes, group)
    while len(steps) < length - 1:
        # The last step is an unload; one on the way needs room for the load and the unload after it.
        action = draw(walk.possible(may_unload=len(steps) + 2 < length), label="action")
        step = draw(walk.steps(action, causes), label="step")
        walk.take(step)
        steps.append(step)
    steps.append(draw(walk.steps(Action.UNLOAD, causes), label="step"))
    return LifeCycle(tuple(steps), group)


_ORDER = (
    *(Action.LOAD,),
    *(Action.START,) * 5,
    *(Action.SET_DIALING_MODE,) * 2,
    *(Action.STOP,) * 2,
    *(Action.UNLOAD,),
)
"""Drawn from with these weights, as far as it may be asked: evenly drawn, four of ten lives would never run."""


@cache
def _set(modes: frozenset[int]) -> st.SearchStrategy[Step]:
    return _dialings(modes).map(lambda dialing: Step(Action.SET_DIALING_MODE, dialing))


@cache
def _plain(action: Action, causes: frozenset[Cause]) -> st.SearchStrategy[Step]:
    return st.sampled_from([Step(action, None, cause) for cause in Cause if cause in causes])


@cache
def _starts(modes: frozenset[int], causes: frozenset[Cause]) -> st.SearchStrategy[Step]:
    """A client says the dialing; an automatic start takes what is in force."""
    by_client = _dialings(modes).map(lambda dialing: Step(Action.START, dialing))
    by_itself = [st.just(Step(Action.START, None, cause)) for cause in Cause if cause in causes - CLIENT_ONLY]
    return st.one_of([by_client] * (Cause.CLIENT in causes) + by_itself)


@cache
def _among(actions: tuple[Action, ...]) -> st.SearchStrategy[Action]:
    return st.sampled_from(actions)


class _Walk:
    """Where a life under construction stands."""

    def __init__(self, modes: frozenset[int], group: GroupChoice) -> None:
        self._modes = modes
        self._configured = group.dial_mode
        self._state = GroupState.NOT_LOADED
        self._mode = group.dial_mode

    def possible(self, *, may_unload: bool) -> st.SearchStrategy[Action]:
        """Return what may be asked now; what leads on stands there more often than what ends."""
        left_out = set() if may_unload else {Action.UNLOAD}
        if not self._changes():
            left_out.add(Action.SET_DIALING_MODE)
        lawful = set(life_cycle.lawful(self._state)) - left_out
        return _among(tuple(action for action in _ORDER if action in lawful))

    def steps(self, action: Action, causes: frozenset[Cause]) -> st.SearchStrategy[Step]:
        """Return a strategy for that request, on behalf of one of the causes."""
        if action is Action.SET_DIALING_MODE:
            return _set(self._changes())
        if action is Action.START:
            return _starts(self._modes, causes)
        return _plain(action, causes)

    def take(self, step: Step) -> None:
        self._state = after(self._state, step.action)
        if step.action is Action.LOAD:
            self._mode = self._configured
        if step.dialing is not None:
            self._mode = step.dialing.dial_mode

    def _changes(self) -> frozenset[int]:
        return frozenset(mode for mode in self._modes if may_change(self._mode, mode))


def _usable(dial_modes: AbstractSet[int] | None) -> frozenset[int]:
    """Return the modes a group can be started with, of those that the emitter has."""
    usable = ALL_MODES if dial_modes is None else ALL_MODES & dial_modes
    if not usable:
        raise ValueError("no dial mode that a group could be started with")
    return usable
