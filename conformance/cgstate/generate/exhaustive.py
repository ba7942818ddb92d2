"""The small product, enumerated: lives that show each reachable combination at least once. No Hypothesis."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import cycle, islice

from cgstate.evidence import Cause, Dialing
from cgstate.generate.group import GroupChoice
from cgstate.generate.life import LifeCycle, Step, may_change
from cgstate.generate.samples import NAMES
from cgstate.specification.codes import PREDICTIVE, Action, DialMode, OptimizationMethod

CLIENT_ONLY = frozenset({Cause.CLIENT})
DRAIN_SECONDS = 0.03
"""How long calls take to drain where a life shows it."""

_LOAD, _STOP, _UNLOAD = Step(Action.LOAD), Step(Action.STOP), Step(Action.UNLOAD)
_CONFIGURED = [(bool(n & 1), bool(n & 2), bool(n & 4)) for n in reversed(range(8))]

# Modes that a running group may change into each other share a life; the rest are grouped to make lives of like length.
_SHARED = ((1, 2, 3), (4, 5, 6), (7, 8, 9), (10, 11))

_GOALS: Mapping[int, tuple[int, ...]] = {0: (0,), 1: (80, 0, 100), 2: (5, 100, 0), 3: (30, 0, 1000), 4: (15, 0, 600)}
"""Goals of each method: first the usual one."""


def exhaustive_life_cycles(
    *,
    dial_modes: AbstractSet[int] | None = None,
    causes: AbstractSet[Cause] = CLIENT_ONLY,
    drain: bool = False,
) -> tuple[LifeCycle, ...]:
    """Return lives that together cover what the modes, causes and hooks of an emitter allow.

    - Every state and action that an event can name, for each actor;
    - every dial mode with each combination of configured and missing names (campaign, template, tenant),
      by start or by set-dialing-mode;
    - every dial mode with each of its methods, and every documented change of mode;
    - unloads of groups that run, that were stopped and that were never started.

    `dial_modes` of None: 1 to 11. The result is always the same for the same arguments.
    """
    modes = _usable(dial_modes)
    names = cycle(NAMES)
    lives = [
        _client_life(modes, shared, combination, number, names)
        for combination in range(len(_CONFIGURED))
        for number, shared in enumerate(_SHARED)
        if set(shared) & set(modes)
    ]
    lives.append(LifeCycle((_LOAD, _UNLOAD), _group(names, modes, 0)))
    lives += _causes(modes, [cause for cause in Cause if cause in causes], names, drain=drain)
    return tuple(lives)


def methods_of(mode: int) -> tuple[int, ...]:
    """Return the methods of a dial mode; none where it is not predictive."""
    if mode not in PREDICTIVE:
        return ()
    return tuple(
        int(method)
        for method in OptimizationMethod
        if method is not OptimizationMethod.DISTRIBUTION_TIME or mode == DialMode.PREDICT_GVP
    )


def _client_life(
    modes: Sequence[int], shared: Sequence[int], combination: int, number: int, names: Iterator[str]
) -> LifeCycle:
    """One combination of names, with the modes that share a life; each other time in the other order."""
    here = [mode for mode in shared if mode in modes]
    if combination % 2 and len(here) > 1:
        # 2 to 1 as well as 1 to 2; the last mode stays, where it is one that cannot be changed into.
        here[0], here[1] = here[1], here[0]
    steps = [_LOAD]
    running: int | None = None
    for mode in here:
        dialing = dialing_in_turn(mode, combination // 2 if mode != DialMode.PREDICT_GVP else combination)
        if running is not None and running != mode and may_change(running, mode):
            steps.append(Step(Action.SET_DIALING_MODE, dialing))
        else:
            if running is not None:
                steps.append(_STOP)
            steps.append(Step(Action.START, dialing))
        running = mode
    if (combination + number) % 2 == 0:
        steps.append(_STOP)
    return LifeCycle((*steps, _UNLOAD), _group(names, modes, combination))


def _causes(modes: Sequence[int], causes: Sequence[Cause], names: Iterator[str], *, drain: bool) -> Iterator[LifeCycle]:
    """For each cause one life that it leads through, and with `drain` one that ends slowly."""
    for number, cause in enumerate(causes):
        by_itself = cause is not Cause.CLIENT
        group = _group(names, modes, number)
        mode = modes[number % len(modes)]
        start = Step(Action.START, None if by_itself else dialing_in_turn(mode, number), cause)
        load, stop, unload = (Step(action, None, cause) for action in (Action.LOAD, Action.STOP, Action.UNLOAD))
        if by_itself:
            yield LifeCycle((load, start, stop, unload), group)
            again = Step(Action.START, dialing_in_turn(mode, number))
            # What a client asked for holds when the server starts the group again.
            yield LifeCycle((_LOAD, again, stop, start, unload), group)
        if drain:
            yield LifeCycle((load, start, unload), replace(group, drain_seconds=DRAIN_SECONDS))


def _group(names: Iterator[str], modes: Sequence[int], combination: int) -> GroupChoice:
    campaign, template, tenant = _CONFIGURED[combination % len(_CONFIGURED)]
    name, group_name, campaign_name, template_name, queue_name, tenant_name = islice(names, 6)
    mode = modes[combination % len(modes)]
    method = combination % (OptimizationMethod.WAIT_TIME + 1)
    return GroupChoice(
        name=name,
        group_name=group_name,
        campaign_name=campaign_name if campaign else None,
        campaign_template_name=template_name if template else None,
        queue_name=queue_name,
        tenant_name=tenant_name if tenant else None,
        tenant_ccid=f"ccid-{combination}",
        dial_mode=mode,
        optimize_by=method,
        optimize_goal=_GOALS[method][0],
    )


def dialing_in_turn(mode: int, turn: int) -> Dialing:
    """Return what a start asks for: all that the mode takes, method and goal by turns."""
    methods = methods_of(mode)
    if not methods:
        return Dialing(mode)
    method = methods[turn % len(methods)]
    goals = _GOALS[method]
    return Dialing(mode, method, goals[turn // len(methods) % len(goals)])


def _usable(dial_modes: AbstractSet[int] | None) -> list[int]:
    usable = [int(mode) for mode in DialMode if mode and (dial_modes is None or mode in dial_modes)]
    if not usable:
        raise ValueError("no dial mode that a group could be started with")
    return usable
