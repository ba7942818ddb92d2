"""Receivers that fail: what an emitter does about it is nothing at all."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

from cgstate import clock
from cgstate.sources.answers import Answer, Redirect, Reset, Silence, Status
from cgstate.specification.codes import Action
from cgstate.suite.case import Case, case
from cgstate.suite.played import playing
from cgstate.suite.stage import Stage

LEFT_ALONE = ("failure.no-retry", "failure.next-event")
STALL = 0.8
"""How long an answer is held back, in seconds: long enough to tell the time of the action from the time of sending."""
SURE = 0.05
"""How much longer than `Bounds.quiet` silence is watched: a second is the period of who takes zero for one."""
SLOWEST = 2.0
"""Of an emitter whose events take longer nobody waits for the attempts, in seconds."""
REFUSAL = 0.15
"""The least time for which connections are refused, in seconds."""


def _fail(stage: Stage, name: str, failure: Answer) -> None:
    """Answer the load so and the others well; then every one but the load so."""
    with playing(stage, name) as group:
        stage.answer(group.group, [failure])
        group.load()
        group.start()
        stage.answer(group.group, [failure, failure])
        group.stop()
        group.unload()


def _redirect(stage: Stage, name: str, code: int) -> None:
    elsewhere = f"/cgstate/elsewhere/{code}"
    stage.redirects.add(elsewhere)
    _fail(stage, name, Redirect(stage.base + elsewhere, code))


def answers() -> Iterator[Case]:
    """Yield the cases that run side by side: an answer for one group does not touch the others."""
    for code in (400, 401, 404, 408, 429, 500, 502, 503, 504):
        yield case(f"answer {code}", partial(_fail, failure=Status(code)), LEFT_ALONE)
    for code in (201, 202, 204):
        yield case(f"answer {code}", partial(_fail, failure=Status(code)), ["event.once"])
    yield case("answer by a reset", partial(_fail, failure=Reset()), LEFT_ALONE)
    for code in (301, 302, 307, 308):
        yield case(f"redirect {code}", partial(_redirect, code=code), LEFT_ALONE)


def _refuse(stage: Stage, name: str) -> None:
    """Close the port while a group starts: that event is lost, and stays lost."""
    with playing(stage, name) as group:
        group.load()
        with stage.refusing():
            group.ask(Action.START)
            # The attempt itself cannot be seen; a slow emitter needs as long as it usually does.
            stage.pause(max(REFUSAL, 3 * min(stage.slowest, SLOWEST)))
        group.stop()
        group.unload()


def _stall(stage: Stage, name: str) -> None:
    """Hold the answer to one message back while the group goes on, then close without one.

    The interval is zero meanwhile, and the bystander shows that this means no periodic message.
    """
    with ExitStack() as stack:
        group = stack.enter_context(playing(stage, name))
        others = [stack.enter_context(playing(stage, name)) for _ in range(1 if "groups" in stage.capabilities else 0)]
        began = clock.now()
        if "options" in stage.capabilities:
            stack.enter_context(stage.ledger.window("interval-zero"))
        with stage.ledger.window("stall"):
            stage.answer(group.group, [Silence()])
            group.load()
            acts = [group.ask(Action.START), *(other.ask(Action.LOAD) for other in others), group.ask(Action.STOP)]
            # The interval has been zero since the phase began.
            silence = stage.bounds.quiet + SURE - (clock.now() - stage.ledger.settings[-1].answered)
            stage.pause(max(STALL - (clock.now() - began), silence))
        stage.capture.release()
        for act in acts:
            stage.event(act)
        for each in (group, *others):
            each.unload()
    if "options" in stage.capabilities:
        stage.options()
    with playing(stage, name) as fence:
        fence.load()
        fence.unload()


def alone() -> Iterator[Case]:
    """Yield the cases that each run alone: they close the port, and hold an answer back."""
    yield case("connections refused", _refuse, LEFT_ALONE)
    yield case(
        "no answer for a while",
        _stall,
        [*LEFT_ALONE, "failure.group-goes-on", "date-time.when-it-happened", "option.interval-zero"],
    )
