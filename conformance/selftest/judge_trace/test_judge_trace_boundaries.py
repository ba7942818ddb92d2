"""How long is too long, and how near is near enough: what lies on the very bound is right, what lies beyond is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Dialing, Reply
from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from collections.abc import Callable

    from selftest.judge_trace.telling import BEGIN, ELSEWHERE, Tale, timed, untimed
else:
    from telling import BEGIN, ELSEWHERE, Tale, timed, untimed

# Times are sums of halves, so that none is off by what a float cannot hold.


def late_load(late: float) -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD, late=late)
    tale.fence()
    return tale


def late_load_in_a_stall(late: float) -> Tale:
    tale = late_load(late)
    tale.window("stall", 0.5, 1.5)
    return tale


def late_end(late: float, *, started: bool = True, drains: float = 4, known: bool = True) -> Tale:
    tale = untimed()
    tale.know(1, drain_seconds=drains, unknown=frozenset() if known else frozenset({"drain_seconds"}))
    tale.do(1, 1, Action.LOAD)
    if started:
        tale.do(2, 1, Action.START)
    tale.do(3, 1, Action.UNLOAD, late=late)
    tale.fence(900)
    tale.ended = 1000
    return tale


def run_that_ends(seconds: float) -> Tale:
    """A load is never reported, and the run ends so long after it."""
    tale = untimed()
    tale.ask(1, 1, Action.LOAD)
    tale.ended = 1 + seconds
    return tale


def clock_ahead(seconds: float) -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD, late=0.5).said["GSW_DATE_TIME"] = f"{BEGIN + 1.5 + seconds:.3f}"
    return tale


def dated(seconds: float) -> Tale:
    """One message of four, its own time so long after its request; the clock is right."""
    tale = untimed()
    for at, action in ((1, Action.LOAD), (2, Action.START), (3, Action.STOP), (4, Action.UNLOAD)):
        tale.do(at, 1, action, late=0.5).said["GSW_DATE_TIME"] = f"{BEGIN + at + 0.5:.3f}"
    tale.named["1.stop"].said["GSW_DATE_TIME"] = f"{BEGIN + 3 + seconds:.3f}"
    return tale


def period(interval: float, gap: float) -> Tale:
    tale = timed(interval)
    tale.do(1, 1, Action.LOAD)
    tale.periodic([2 + n * gap for n in range(5)], 1, GroupState.ACTIVE)
    tale.do(2.5 + 4 * gap, 1, Action.UNLOAD)
    return tale


def answered_slowly(gap: float) -> Tale:
    tale = period(2, gap)
    tale.window("slow", 0, 30, 1)
    return tale


def nothing_periodic(seconds: float) -> Tale:
    tale = timed()
    tale.do(1, 1, Action.LOAD, took=0)
    tale.do(1 + seconds, 1, Action.UNLOAD)
    return tale


def silent_for_an_hour(interval: float) -> Tale:
    tale = timed(interval)
    tale.do(1, 1, Action.LOAD)
    tale.do(3601, 1, Action.UNLOAD)
    tale.ended = 3602
    return tale


def held_up(seconds: float) -> Tale:
    """A request in a stall takes so long; one before it took half a second."""
    tale = untimed()
    tale.do(1, 1, Action.LOAD, took=0.5)
    tale.window("stall", 1.75, 8)
    tale.do(2, 1, Action.START, took=seconds)
    return tale


def sent_after_a_change(arrival: float) -> Tale:
    """A periodic message goes to the earlier URI, so long after the change was asked for."""
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    draft = tale.periodic([3], 1, GroupState.ACTIVE)[0]
    tale.options(4, interval=2, uri=ELSEWHERE)
    draft.arrival = 4 + arrival
    tale.do(7, 1, Action.UNLOAD)
    return tale


def off_while(arrival: float) -> Tale:
    """A periodic message comes so long after the reports were turned off; nobody knows when it was made."""
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.periodic([2], 1, GroupState.ACTIVE)
    tale.options(4, enabled=False)
    tale.window("off-again", 4.005, 9, 1)
    tale.periodic([4 + arrival], 1, GroupState.ACTIVE)[0].said["GSW_DATE_TIME"] = f"{BEGIN + 3.5:.3f}"
    return tale


def kept_after_a_change(arrival: float) -> Tale:
    """A periodic message has the mode before, so long after a set-dialing-mode was answered."""
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START, Dialing(2))
    tale.periodic([3], 1)
    tale.do(4, 1, Action.SET_DIALING_MODE, Dialing(1, 1, 80), took=0)
    tale.dialing[1] = Dialing(2)
    tale.periodic([4 + arrival], 1)
    tale.do(7, 1, Action.UNLOAD)
    return tale


def state_after_a_stop(arrival: float) -> Tale:
    """A periodic message still says running, so long after the stop was answered."""
    tale = timed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START)
    tale.periodic([3], 1)
    tale.do(4, 1, Action.STOP, took=0)
    draft = tale.periodic([4 + arrival], 1)[0]
    draft.said["GSW_DATE_TIME"] = f"{BEGIN + 4 + arrival:.3f}"
    tale.do(7, 1, Action.UNLOAD)
    return tale


def refused_late(seconds: float) -> Tale:
    """A start is refused; so long after it comes what would be its event."""
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.ask(4, 1, Action.STOP, reply=Reply.REFUSED)
    tale.say(4 + seconds, 1, Action.STOP, GroupState.ACTIVE)
    return tale


SOON, UTC, WHEN = {"event.soon"}, {"date-time.utc"}, {"date-time.when-it-happened"}
BOUNDS: list[tuple[Callable[[float], Tale], float, set[str]]] = [
    (late_load, 2, set()),
    (late_load, 2.5, SOON),
    (late_load, 10, SOON),
    (late_load, 10.5, {"event.load.reported"}),
    (late_load_in_a_stall, 10.5, set()),
    (late_end, 14, set()),
    (late_end, 14.5, {"event.unload.reported"}),
    (lambda late: late_end(late, started=False), 10, SOON),
    (lambda late: late_end(late, started=False), 10.5, {"event.unload.reported"}),
    (lambda late: late_end(late, drains=0), 10, SOON),
    (lambda late: late_end(late, drains=0), 10.5, {"event.unload.reported"}),
    (lambda late: late_end(late, known=False), 300, set()),
    (lambda late: late_end(late, known=False), 300.5, {"event.unload.reported"}),
    (run_that_ends, 9.5, set()),
    (run_that_ends, 10, {"event.load.reported"}),
    (clock_ahead, 5, set()),
    (clock_ahead, 5.5, {"date-time.clock"}),
    (clock_ahead, -5, set()),
    (clock_ahead, -5.5, {"date-time.clock"}),
    (clock_ahead, 839.5, {"date-time.clock"}),
    (clock_ahead, 840, UTC),
    (clock_ahead, -7260, UTC),
    (clock_ahead, -7260.5, {"date-time.clock"}),
    (dated, -0.5, set()),
    (dated, -1, WHEN),
    (dated, 1, set()),
    (dated, 7, WHEN),
    (lambda gap: period(2, gap), 1.5, set()),
    (lambda gap: period(2, gap), 1.25, {"periodic.interval"}),
    (lambda gap: period(2, gap), 2.5, set()),
    (lambda gap: period(2, gap), 2.75, {"periodic.interval"}),
    (lambda gap: period(10, gap), 11.5, set()),
    (lambda gap: period(10, gap), 12, {"periodic.interval"}),
    (lambda gap: period(10, gap), 8.5, set()),
    (lambda gap: period(10, gap), 8, {"periodic.interval"}),
    (answered_slowly, 2.25, set()),
    (answered_slowly, 2.5, {"periodic.no-drift"}),
    (nothing_periodic, 4.5, set()),
    (nothing_periodic, 5, {"periodic.reported"}),
    (silent_for_an_hour, 1000, set()),
    (silent_for_an_hour, 999.5, {"periodic.reported"}),
    (silent_for_an_hour, 0, set()),
    (held_up, 1.5, set()),
    (held_up, 2, {"failure.group-goes-on"}),
    (sent_after_a_change, 1, set()),
    (sent_after_a_change, 1.5, {"option.uri-change"}),
    (off_while, 1, set()),
    (off_while, 1.5, {"option.off-again"}),
    (kept_after_a_change, 0.5, set()),
    (kept_after_a_change, 1, {"dialing.kept"}),
    (state_after_a_stop, 1, set()),
    (state_after_a_stop, 1.5, {"periodic.state"}),
    (refused_late, 0.5, {"event.none-after-refusal"}),
]


@pytest.mark.parametrize(("tell", "by", "broken"), BOUNDS)
def test_a_bound_is_kept_to_the_moment(tell: Callable[[float], Tale], by: float, broken: set[str]) -> None:
    assert tell(by).faults().keys() == broken
