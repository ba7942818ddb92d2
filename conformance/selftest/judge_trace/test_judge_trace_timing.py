"""What a message's own time tells: how far the clock is off, and whether it is the time of the action."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cgstate.specification.codes import Action

if TYPE_CHECKING:
    from selftest.judge_trace.telling import BEGIN, Draft, Tale, untimed
else:
    from telling import BEGIN, untimed

CLOCK, UTC, WHEN = "date-time.clock", "date-time.utc", "date-time.when-it-happened"
SENT = "GSW_DATE_TIME is when the message was sent"
EARLY = "GSW_DATE_TIME is earlier than the action"
LATER = "GSW_DATE_TIME is later than the message"


def dated(draft: Draft, moment: float) -> None:
    """Give a message its own time."""
    draft.said["GSW_DATE_TIME"] = f"{BEGIN + moment:.3f}"


def prompt(tale: Tale, number: int, at: float, action: Action, delay: float = 0, *, off: float = 0) -> None:
    """Ask for something that is done so much later, and reported at once; the clock is `off` seconds behind."""
    dated(tale.do(at, number, action, took=0, late=delay), at + delay - off)


@pytest.mark.parametrize(("first", "second", "shown"), [(0.25, -0.25, 2), (-0.25, 0.25, 1), (0.5, 0.25, 2)])
def test_the_event_that_shows_the_clock_is_the_nearest_to_it(first: float, second: float, shown: int) -> None:
    tale = untimed()
    prompt(tale, 1, 1, Action.LOAD, off=first)
    prompt(tale, 1, 2, Action.START, off=second)
    assert [(r.exchanges, r.acts) for r in tale.judged() if r.requirement == CLOCK] == [((shown,), (shown,))]


@pytest.mark.parametrize(("off", "seen"), [(6, "6.0 s behind"), (-6, "6.0 s ahead"), (5, None), (-5, None)])
def test_how_far_the_clock_is_off_is_told(off: float, seen: str | None) -> None:
    tale = untimed()
    prompt(tale, 1, 1, Action.LOAD, off=off)
    assert [r.fault.seen for r in tale.judged() if r.requirement == CLOCK and r.fault] == ([seen] if seen else [])


@pytest.mark.parametrize(("times", "broken"), [(99, False), (100, False), (100.25, True)])
def test_what_counts_no_seconds_is_a_hundred_times_as_far(times: float, *, broken: bool) -> None:
    tale = untimed()
    prompt(tale, 1, 1, Action.LOAD)
    prompt(tale, 1, 2, Action.START)
    tale.named["1.load"].said["GSW_DATE_TIME"] = f"{(BEGIN + 1) * times:.3f}"
    assert (UTC in tale.faults()) is broken


def test_each_message_is_looked_at_by_itself() -> None:
    tale = untimed()
    for at, action in enumerate((Action.LOAD, Action.START, Action.STOP, Action.UNLOAD), 1):
        prompt(tale, 1, at, action)
    del tale.named["1.load"].said["GSW_DATE_TIME"]
    dated(tale.named["1.start"], 2 + 7200)
    dated(tale.named["1.unload"], 1)
    judged = [r for r in tale.judged() if r.requirement == WHEN]
    assert [(r.exchanges, r.acts, r.fault is None) for r in judged] == [((3,), (3,), True), ((4,), (4,), False)]


def held_back(arrival: float, made: float, *delays: float, off: float = 0) -> Tale:
    """A load in a stall comes and has a time so long after its request; others are done with those delays."""
    tale = untimed()
    for number, delay in enumerate(delays, 2):
        prompt(tale, number, 1, Action.LOAD, delay, off=off)
    tale.window("stall", 30, 60)
    dated(tale.do(40, 1, Action.LOAD, took=0, late=arrival), 40 + made - off)
    return tale


@pytest.mark.parametrize(
    ("arrival", "made", "delays", "found"),
    [
        # Not held back.
        (0.5, 0.5, [0], "nothing"),
        (0.5, 0, [0], "nothing"),
        (0.75, 0, [0], "met"),
        (0.75, 0.5, [0], "met"),
        (0.75, 0.75, [0], SENT),
        (0.75, 1.25, [0], SENT),
        (0.75, 1.375, [0], LATER),
        (0.75, -0.5, [0], "met"),
        (0.75, -0.625, [0], EARLY),
        # One that acts later may do so here, too.
        (0.75, 0.75, [0.25], "nothing"),
        (1, 0.75, [0.25], "met"),
        (1, 0.875, [0.25], SENT),
        (1, 0.75, [0.25, 0.25], "met"),
        (1, 0.875, [0.25, 0.25], SENT),
        # 49 of 50 events are within the usual delay.
        (15, 8.25, [0, 8], "met"),
        (15, 8.438, [0, 8], SENT),
        (5, 0.75, [0.25] * 50 + [8.25], "met"),
        (5, 0.813, [0.25] * 50 + [8.25], SENT),
        (15, 8.75, [0.25] * 49 + [8.25] * 2, "met"),
        (15, 8.875, [0.25] * 49 + [8.25] * 2, SENT),
    ],
)
def test_what_a_stall_held_back_has_the_time_of_the_action(
    arrival: float, made: float, delays: list[float], found: str
) -> None:
    judged = [
        r for r in held_back(arrival, made, *delays).judged() if r.requirement == WHEN and r.acts[0] > len(delays)
    ]
    assert [r.fault.sentence if r.fault else "met" for r in judged] == ([] if found == "nothing" else [found])


@pytest.mark.parametrize("off", [-2, 2])
@pytest.mark.parametrize(("made", "broken"), [(0.75, False), (0.875, True)])
def test_how_late_actions_are_is_told_by_the_emitters_clock(off: float, made: float, *, broken: bool) -> None:
    assert (WHEN in held_back(5, made, 0.25, 0.25, off=off).faults()) is broken


@pytest.mark.parametrize(("started", "found"), [(True, "met"), (False, SENT)])
def test_the_end_of_an_unload_in_a_stall_may_drain(found: str, *, started: bool) -> None:
    tale = untimed()
    prompt(tale, 1, 1, Action.LOAD)
    if started:
        prompt(tale, 1, 2, Action.START)
    tale.window("stall", 30, 60)
    dated(tale.do(40, 1, Action.UNLOAD, took=0, late=8), 48)
    judged = [r for r in tale.judged() if r.requirement == WHEN]
    assert [r.fault.sentence if r.fault else "met" for r in judged][-1] == found


@pytest.mark.parametrize(("made", "found"), [(1.5, "met"), (1.625, SENT)])
@pytest.mark.parametrize("stop", [True, False])
def test_what_drains_does_not_show_how_late_actions_are(made: float, found: str, *, stop: bool) -> None:
    tale = untimed()
    tale.window("stall", 0.5, 3.5)
    dated(tale.do(1, 1, Action.LOAD, took=0, late=4), made)
    dated(tale.do(2, 1, Action.START, took=0, late=4), 2)
    if stop:
        prompt(tale, 1, 8, Action.STOP)
    prompt(tale, 1, 10, Action.UNLOAD, 9)
    judged = [r for r in tale.judged() if r.requirement == WHEN and r.acts == (1,)]
    assert [r.fault.sentence if r.fault else "met" for r in judged] == [found]


@pytest.mark.parametrize(("made", "found"), [(41.25, "met"), (41.625, SENT)])
def test_an_unload_of_what_never_ran_does(made: float, found: str) -> None:
    tale = untimed()
    prompt(tale, 1, 1, Action.LOAD)
    prompt(tale, 1, 3, Action.UNLOAD, 1)
    tale.window("stall", 30, 60)
    dated(tale.do(40, 1, Action.LOAD, took=0, late=4), made)
    judged = [r for r in tale.judged() if r.requirement == WHEN and r.acts == (3,)]
    assert [r.fault.sentence if r.fault else "met" for r in judged] == [found]
