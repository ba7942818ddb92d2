"""Whole lives: every state, action, actor, dial mode and method; and what no life has."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from cgstate.evidence import Dialing
from cgstate.generate.exhaustive import dialing_in_turn, methods_of
from cgstate.generate.faults import DISCOURAGED
from cgstate.generate.traffic.faults import faulty
from cgstate.generate.traffic.life import ORDINARY, PREDICT, PROGRESS, Life
from cgstate.generate.traffic.marks import is_plain
from cgstate.generate.traffic.scope import Scope
from cgstate.sending import Expect, Parcel
from cgstate.specification.codes import MODE_CHANGES, Action, DialMode, GroupState
from cgstate.specification.life_cycle import PERIODIC

_SOME_ACTORS = (4, 7, 255, 65535)
_MANY_ACTORS = (65536, 2**31 - 1)
_IMPOSSIBLE = "survives.impossible-combinations"
_MODES: Final = tuple(int(mode) for mode in DialMode if mode)
_METHOD_4 = Dialing(10, 4, 15)
_PREDICT_GOAL: Final = (1, 80)
_PLAINEST: Final = (
    (GroupState.ACTIVE, Action.LOAD),
    (GroupState.RUNNING, Action.START),
    (GroupState.RUNNING, Action.SET_DIALING_MODE),
    (GroupState.ACTIVE, Action.STOP),
    (GroupState.NOT_LOADED, Action.UNLOAD),
)


def whole_lives(scope: Scope) -> tuple[Parcel, ...]:
    """Return the plainest messages there are: every attribute once, the statistics as fractions.

    A group that is started, changed and stopped, and one that is unloaded while it runs.
    """
    first = Life(scope, "plain-1")
    first.load()
    first.periodic()
    first.start()
    first.periodic()
    first.set(PROGRESS)
    first.periodic()
    first.stop()
    first.unload()
    second = Life(scope, "plain-2", group=scope.group(1))
    second.load()
    second.start(PROGRESS)
    second.unload()
    return (*first.parcels, *second.parcels)


def combinations(scope: Scope) -> tuple[Parcel, ...]:
    """Return lives that show each state, action, dial mode, method and goal.

    With `Scope.fast` each in a message in which nothing else is special, or with its dial mode alone beside it, which
    has a message of its own; else all of them with all actors.
    """
    return tuple(_each(scope) if scope.fast else _product(scope))


def actors(scope: Scope) -> tuple[Parcel, ...]:
    """Return a life whose every message names another actor; not `Scope.fast`: lives in which each is in each."""
    draw = scope.random("actors")
    several = [0, 2, 3, draw.choice(_SOME_ACTORS), draw.choice(_MANY_ACTORS)]
    made: list[Parcel] = []
    for turn in range(1 if scope.fast else len(several)):
        life = Life(scope, "actors", "accepts.actors", scope.group(turn))
        life.dialing = PREDICT
        for (state, action), life.actor in zip(_PLAINEST, several[turn:] + several[:turn], strict=True):
            life.say(state, action)
        made += life.parcels
    return tuple(made)


def impossible(scope: Scope) -> tuple[Parcel, ...]:
    """Return combinations that no life cycle has, and values that are only discouraged: either answer is right."""
    pairs = [(s, a) for s in GroupState for a in Action if s not in PERIODIC and not is_plain(s, a)]
    if scope.fast:
        ended = [pair for pair in pairs if pair[0] is GroupState.NOT_LOADED]
        pairs = ended + scope.random("impossible").sample([p for p in pairs if p not in ended], 1)
    life = Life(scope, "impossible", _IMPOSSIBLE, always=True)
    for state, action in pairs:
        breaks = "trace.not-loaded-action" if state is GroupState.NOT_LOADED else ""
        life.say(state, action, ORDINARY, parcel=_odd(f"action {int(action)} in state {int(state)}", breaks))
    life.set(Dialing(0), parcel=_odd("dial mode 0 in a running group"))
    life.set(Dialing(1, 4, 15), parcel=_odd("method 4 in dial mode 1", "optimize-by.distribution-time-mode"))
    return tuple(life.parcels) if scope.fast or scope.names is not None else (*life.parcels, *_discouraged(scope))


def _odd(words: str, breaks: str = "") -> dict[str, Any]:
    """Return what makes a parcel one that may be taken or refused."""
    return {"expect": Expect.EITHER, "marks": frozenset(), "fault": words, "breaks": breaks}


def _discouraged(scope: Scope) -> Iterator[Parcel]:
    """Yield values that break a SHOULD each; what may be absent is sent elsewhere."""
    life = Life(scope, "impossible", _IMPOSSIBLE, replace(scope.group(), name=f"{scope.guid_prefix}campaign@group"))
    life.start(PREDICT)
    for fault in DISCOURAGED:
        for value in fault.values:
            yield faulty(life, fault, value, _IMPOSSIBLE, expect=Expect.EITHER)


def _each(scope: Scope) -> Iterator[Parcel]:
    draw = scope.random("combinations")
    modes = Life(scope, "combinations", "accepts.dial-modes", scope.group())
    modes.load()
    for mode in _MODES[2:]:
        dialing = Dialing(mode, *_PREDICT_GOAL) if methods_of(mode) else Dialing(mode)
        running = modes.state is GroupState.RUNNING
        if running and modes.dialing is not None and (modes.dialing.dial_mode, mode) in MODE_CHANGES:
            modes.set(dialing)
        else:
            if running:
                modes.stop()
            modes.start(dialing)
        if mode == DialMode.PREDICT_GVP:
            modes.set(_METHOD_4)
    modes.stop(GroupState.UNKNOWN)
    modes.unload()
    yield from modes.parcels
    rest = Life(scope, "combinations", "accepts.methods", scope.group(1))
    rest.load()
    for action in (Action.UNLOAD, Action.START, Action.SET_DIALING_MODE):
        rest.periodic(action=action)
    rest.start()
    for action in (Action.LOAD, Action.UNLOAD, Action.STOP):
        rest.periodic(action=action)
    usual = draw.randint(5, 90)
    for method, goal in ((0, usual), (2, usual), (3, usual), (1, 0), (1, 100), (3, draw.randint(101, 1000))):
        rest.set(Dialing(1, method, goal))
    rest.stop(GroupState.INACTIVE)
    rest.unload(drains=True)
    yield from rest.parcels


def _product(scope: Scope) -> Iterator[Parcel]:
    """Each dial mode with each method, each with each actor: a life for each of them."""
    asked = [(mode, turn) for mode in _MODES for turn in range(max(1, len(methods_of(mode))))]
    after = (GroupState.ACTIVE, GroupState.ACTIVE, GroupState.INACTIVE, GroupState.ACTIVE, GroupState.UNKNOWN)
    # Every action has its turn beside state 4 with every actor: there are more dialings than actions.
    actions = tuple(Action)
    number = 0
    for turn, actor in enumerate((1, 0, 2, 3, 2**31 - 1)):
        for place, (mode, method) in enumerate(asked):
            number += 1
            dialing = dialing_in_turn(mode, method + turn * len(methods_of(mode)))
            life = Life(scope, f"combinations-{number}", "accepts.dial-modes", scope.group(number))
            life.actor = actor
            life.load()
            life.periodic(action=actions[place % len(actions)])
            life.start(dialing)
            for action in (Action.LOAD, Action.UNLOAD, Action.STOP):
                life.periodic(action=action)
            life.set(dialing)
            for _, other in [change for change in sorted(MODE_CHANGES) if change[0] == mode]:
                life.set(dialing_in_turn(other, place))
            life.stop(after[number % len(after)])
            life.unload(drains=True)
            yield from life.parcels
