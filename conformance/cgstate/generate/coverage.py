"""What lives cover, as matrices for the verdict: each reachable cell with how often it was shown, 0 included."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from cgstate.evidence import Cause, Dialing
from cgstate.generate.exhaustive import methods_of
from cgstate.generate.life import LifeCycle
from cgstate.specification.codes import Action, DialMode, GroupState, OptimizationMethod
from cgstate.specification.life_cycle import COMBINATIONS, DRAINING, Reach

Matrices = dict[str, dict[str, dict[str, int]]]
"""By title: row, column, how often. A cell that cannot be reached is not there."""

BY_ACTOR = "state and action, by {}"
METHODS = "dial mode and method"
CONFIGURED = "dial mode and configured names"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one event shows."""

    state: GroupState
    action: Action
    cause: Cause
    dialing: Dialing | None
    """What a start or set-dialing-mode asked for; None for what carries none."""
    configured: tuple[bool, bool, bool]
    """Whether campaign, template and tenant have a name."""


def cells(life: LifeCycle) -> list[Cell]:
    """Return what a life shows, event by event; `BadLifeCycle` where it is not lawful."""
    found = []
    for moment in life.moments():
        states = (*DRAINING, moment.state) if moment.drains else (moment.state,)
        step = moment.step
        found += [Cell(state, step.action, step.cause, step.dialing, life.group.configured) for state in states]
    return found


def reachable(
    causes: AbstractSet[Cause], *, drain: bool = False, changes: bool = True
) -> frozenset[tuple[GroupState, Action, Cause]]:
    """Return each state, action and cause that an event of a driven life can name.

    `drain`: whether calls can be made to drain; `changes`: whether the emitter has two dial modes that a
    running group may change into each other. Only a client sets a dialing mode: the hook `automatic`
    has no words for one.
    """
    return frozenset(
        (state, action, cause)
        for (state, action), combination in COMBINATIONS.items()
        for cause in causes
        if combination.reach is Reach.EXPECTED or (drain and state in DRAINING and action is Action.UNLOAD)
        if action is not Action.SET_DIALING_MODE or (changes and cause is Cause.CLIENT)
    )


def matrices(
    shown: Iterable[Cell],
    *,
    dial_modes: AbstractSet[int] | None = None,
    causes: AbstractSet[Cause] = frozenset(Cause),
    drain: bool = True,
) -> Matrices:
    """Count cells: state and action by actor, dial mode and method, dial mode and configured names."""
    made = _empty(dial_modes, causes, drain=drain)
    for cell in shown:
        _count(made, BY_ACTOR.format(cell.cause), _state(cell.state), cell.action.words)
        if cell.dialing is not None:
            mode = _mode(cell.dialing.dial_mode)
            _count(made, METHODS, mode, _method(cell.dialing.optimize_by))
            _count(made, CONFIGURED, mode, configured_words(cell.configured))
    return made


def missing(of: Mapping[str, Mapping[str, Mapping[str, int]]]) -> list[tuple[str, str, str]]:
    """Return title, row and column of each reachable cell that was never shown."""
    return [
        (title, row, column)
        for title, rows in of.items()
        for row, columns in rows.items()
        for column, times in columns.items()
        if times == 0
    ]


def configured_words(configured: tuple[bool, bool, bool]) -> str:
    """Return which names are configured, for example ``campaign, tenant``."""
    words = [word for word, there in zip(("campaign", "template", "tenant"), configured, strict=True) if there]
    return ", ".join(words) or NONE


def _empty(dial_modes: AbstractSet[int] | None, causes: AbstractSet[Cause], *, drain: bool) -> Matrices:
    modes = [mode for mode in DialMode if mode and (dial_modes is None or mode in dial_modes)]
    changes = {1, 2} <= {*modes} or {4, 5} <= {*modes}
    made: Matrices = {}
    for state, action, cause in sorted(reachable(causes, drain=drain, changes=changes), key=_in_order):
        made.setdefault(BY_ACTOR.format(cause), {}).setdefault(_state(state), {})[action.words] = 0
    for rows in made.values():
        for state in GroupState:
            rows.setdefault(_state(state), {})  # nothing leads there: a row without a cell
    for mode in modes:
        methods = methods_of(mode) or (None,)
        made.setdefault(METHODS, {})[_mode(mode)] = {_method(method): 0 for method in methods}
        made.setdefault(CONFIGURED, {})[_mode(mode)] = {
            configured_words((bool(n & 1), bool(n & 2), bool(n & 4))): 0 for n in range(8)
        }
    return made


_LIFE = (Action.LOAD, Action.START, Action.SET_DIALING_MODE, Action.STOP, Action.UNLOAD)
"""Actions as they follow each other in a life; an unload leads from 1 over 2 to 0."""


def _in_order(cell: tuple[GroupState, Action, Cause]) -> tuple[int, int, int]:
    state, action, cause = cell
    return (list(Cause).index(cause), _LIFE.index(action), (state - 1) % len(GroupState))


def _count(made: Matrices, title: str, row: str, column: str) -> None:
    columns = made.setdefault(title, {}).setdefault(row, {})
    columns[column] = columns.get(column, 0) + 1


def _state(state: GroupState) -> str:
    return f"{int(state)} {state.name.lower().replace('_', ' ')}"


def _mode(mode: int) -> str:
    return f"{mode} {DialMode(mode).name.lower().replace('_', ' ')}"


def _method(method: int | None) -> str:
    if method is None:
        return NONE
    return f"{method} {OptimizationMethod(method).name.lower().replace('_', ' ')}"
