"""A run like the suite's, every phase of it, played by a right emitter: a test changes the one thing it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cgstate.evidence import Cause, Dialing, Reply
from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from selftest.judge_trace.telling import BEGIN, ELSEWHERE, LATENCY, PREDICT, TARGET, Tale, life, untimed
else:
    from telling import BEGIN, ELSEWHERE, LATENCY, PREDICT, TARGET, Tale, life, untimed


def whole_run(*, clock: float = 0.0, latency: float = LATENCY) -> Tale:
    """Tell a run like the suite's: every phase, played by a right emitter."""
    tale = untimed()
    tale.clock, tale.latency = clock, latency
    life(tale, 1, 1)
    tale.ask(4.5, 1, Action.STOP, reply=Reply.REFUSED)
    _unnamed_and_drained(tale, 2)
    _by_itself(tale, 3)
    _answered_badly(tale, 4)
    _refused_and_stalled(tale, 5, 6, 7)
    _at_intervals(tale)
    _options_changed(tale)
    tale.fence()
    return tale


def _unnamed_and_drained(tale: Tale, number: int) -> None:
    tale.know(number, campaign_name=None, campaign_template_name=None, tenant_name=None, drain_seconds=1.0)
    tale.do(1.5, number, Action.LOAD)
    tale.do(2.5, number, Action.START, Dialing(3))
    for at, state in ((5.8, GroupState.WAITING_UNLOAD), (6.1, GroupState.UNLOAD_IN_PROGRESS)):
        tale.named[f"{number}.{state.value}"] = tale.say(at, number, Action.UNLOAD, state)
    tale.do(5.5, number, Action.UNLOAD, late=1.0).said["GSW_DATE_TIME"] = f"{BEGIN + 6.49 + tale.clock:.3f}"


def _by_itself(tale: Tale, number: int) -> None:
    tale.do(7, number, Action.LOAD, cause=Cause.SCHEDULE)
    tale.do(8, number, Action.START, cause=Cause.SCHEDULE)
    tale.do(9, number, Action.STOP, cause=Cause.CONDITION)
    tale.do(9.5, number, Action.UNLOAD, cause=Cause.CONDITION)


def _answered_badly(tale: Tale, number: int) -> None:
    tale.do(10, number, Action.LOAD, answer="500")
    tale.do(11, number, Action.START)
    tale.do(12, number, Action.STOP, answer="reset")
    tale.do(13, number, Action.UNLOAD, answer="302")


def _refused_and_stalled(tale: Tale, lost: int, idle: int, stalled: int) -> None:
    tale.do(13.5, lost, Action.LOAD)
    tale.window("closed", 14, 15)
    tale.ask(14.1, lost, Action.START)
    tale.do(15.5, lost, Action.STOP)
    tale.do(16, lost, Action.UNLOAD)
    tale.options(16.5, interval=0)
    tale.do(17, idle, Action.LOAD)
    tale.window("interval-zero", 17.05, 19)
    tale.window("stall", 17.1, 18.8)
    tale.do(17.2, stalled, Action.LOAD, answer="silence")
    tale.do(17.3, stalled, Action.START, late=1.6)
    tale.do(17.35, stalled, Action.STOP, late=1.56)
    tale.do(19.2, stalled, Action.UNLOAD)
    tale.do(19.3, idle, Action.UNLOAD)


def _at_intervals(tale: Tale) -> None:
    tale.options(20, interval=10, default=True)
    tale.do(20.5, 10, Action.LOAD)
    tale.do(21, 10, Action.START, PREDICT)
    tale.named["10.periodic"] = tale.periodic([31, 41], 10)[0]
    tale.do(42, 10, Action.UNLOAD)
    tale.options(43, interval=2)
    tale.know(12)
    tale.window("slow", 43.2, 51, 12)
    tale.do(43.4, 12, Action.LOAD)
    tale.periodic([45.5, 47.5, 49.5], 12, GroupState.ACTIVE)
    tale.do(43.5, 11, Action.LOAD)
    tale.do(44, 11, Action.START, PREDICT)
    tale.named["11.periodic"] = tale.periodic([45.6, 47.6, 49.6], 11)[1]
    tale.do(43.6, 13, Action.LOAD)
    tale.do(44.2, 13, Action.UNLOAD)
    tale.do(50, 11, Action.UNLOAD)
    tale.do(50.2, 12, Action.UNLOAD)


def _options_changed(tale: Tale) -> None:
    tale.options(51)
    tale.do(51.5, 20, Action.LOAD)
    tale.options(52, uri=ELSEWHERE)
    tale.do(52.5, 20, Action.START)
    tale.do(53, 20, Action.STOP)
    tale.do(53.5, 20, Action.UNLOAD)
    tale.options(54, interval=2)
    for number in (21, 22, 23, 24):
        tale.know(number)
    tale.do(54.5, 21, Action.LOAD)
    tale.options(55, enabled=False, interval=2)
    tale.window("off-again", 55.01, 57.5, 21)
    tale.window("off", 55.01, 57.5, 22)
    tale.ask(55.5, 21, Action.START)
    tale.ask(55.6, 22, Action.LOAD)
    tale.ask(55.7, 22, Action.UNLOAD)
    tale.ask(57, 21, Action.STOP)
    tale.options(58, enabled=False, interval=2)
    tale.window("off-by-default", 58.01, 59, 23)
    tale.ask(58.2, 23, Action.LOAD)
    tale.ask(58.3, 23, Action.UNLOAD)
    tale.ask(59, 21, Action.UNLOAD)
    tale.options(60, uri=None, interval=2)
    tale.window("no-uri", 60.01, 61, 24)
    tale.ask(60.2, 24, Action.LOAD)
    tale.ask(60.3, 24, Action.UNLOAD)
    tale.options(62)
    tale.target = TARGET
