"""GSW_DATE_TIME is judged by differences: clocks differ, and what an emitter's clock shows is not its reporting."""

from collections.abc import Iterator
from statistics import quantiles

from cgstate.judge.checks import check
from cgstate.judge.message import Message
from cgstate.judge.ruling import Ruling, broken, met
from cgstate.judge.trace import reading
from cgstate.judge.trace.scene import Scene
from cgstate.judge.trace.story import Standing, Step

ZONE = 900.0
"""Offsets of local time from UTC are multiples of 15 minutes, in seconds."""
NEAR_A_ZONE = 60.0
CLOCK = 5.0
"""A clock that is further off than this many seconds warns."""
MARGIN = 0.5
"""No moment is judged more closely than this: arrivals are stamped by a busy process."""


def _timed(scene: Scene) -> Iterator[tuple[Step, Message, float, float]]:
    """Yield each prompt event with its arrival and its GSW_DATE_TIME, in seconds."""
    for _, step, event in scene.prompt_events():
        moment, arrival = reading.date_time(event), event.exchange.arrival
        if moment is not None and arrival is not None:
            yield step, event, arrival, moment


def zone_of(difference: float) -> int:
    """Return the non-zero number of quarter hours that the difference in seconds amounts to, else 0."""
    quarters = round(difference / ZONE)
    return quarters if quarters and abs(difference - quarters * ZONE) <= NEAR_A_ZONE else 0


def offset(scene: Scene) -> float | None:
    """Return how far the emitter's clock is behind, in seconds: the least of arrival minus GSW_DATE_TIME.

    Messages in local time say nothing about the clock and do not count; None where no event is left.
    """
    differences = (arrival - moment for _, _, arrival, moment in _timed(scene))
    return min((d for d in differences if not zone_of(d)), default=None)


@check("date-time.utc")
def rule_on_utc(scene: Scene) -> Iterator[Ruling]:
    """A clock that is off by a multiple of 15 minutes shows local time."""
    for step, event, arrival, moment in _timed(scene):
        numbers = {"exchanges": [event.exchange.number], "acts": [step.act.number]}
        quarters = zone_of(arrival - moment)
        if not quarters:
            yield met("date-time.utc", **numbers)
        else:
            yield broken(
                "date-time.utc",
                "GSW_DATE_TIME is local time",
                expected=f"about {arrival:.3f} (UTC)",
                seen=f"{moment:.3f}: {-quarters * ZONE / 3600:+g} h from UTC",
                **numbers,
            )


@check("date-time.clock")
def rule_on_clock(scene: Scene) -> Iterator[Ruling]:
    """The emitter's clock should be right."""
    off = offset(scene)
    if off is None:
        return
    nearest = min((t for t in _timed(scene)), key=lambda t: abs(t[2] - t[3] - off))
    numbers = {"exchanges": [nearest[1].exchange.number], "acts": [nearest[0].act.number]}
    if abs(off) <= CLOCK:
        yield met("date-time.clock", **numbers)
    else:
        yield broken(
            "date-time.clock",
            "the emitter's clock is off",
            expected=f"within {CLOCK:g} s of the receiver's",
            seen=f"{abs(off):.1f} s {'behind' if off > 0 else 'ahead'}",
            **numbers,
        )


@check("date-time.when-it-happened")
def rule_on_moment(scene: Scene) -> Iterator[Ruling]:
    """GSW_DATE_TIME is when the action happened, even where the message is sent later."""
    off = offset(scene)
    if off is None:
        return
    usual = _usual_delay(scene, off)
    for _, step, event in scene.events():
        if step.standing is not Standing.OWED:
            continue
        moment, arrival = reading.date_time(event), event.exchange.arrival
        if moment is None or arrival is None or zone_of(arrival - moment):
            continue
        happened, act = moment + off, step.act
        numbers = {"exchanges": [event.exchange.number], "acts": [act.number]}
        # Draining takes its time between the request and the end of the unload.
        latest = arrival if step.started and act.action.words == "unload" else act.answered + usual
        if act.asked - MARGIN <= happened <= latest + MARGIN:
            yield met("date-time.when-it-happened", **numbers)
            continue
        early = happened < act.asked
        yield broken(
            "date-time.when-it-happened",
            "GSW_DATE_TIME is earlier than the action" if early else "GSW_DATE_TIME is when the message was sent",
            expected=f"{act.asked - off:.3f} (the request), give or take {MARGIN + usual:.2f} s",
            seen=f"{moment:.3f}: {abs(happened - act.asked):.2f} s {'before' if early else 'after'} the request",
            **numbers,
        )


def _usual_delay(scene: Scene, off: float) -> float:
    """Return how long after its answer this emitter usually acts: nine of ten events are within it, in seconds."""
    delays = [max(0.0, moment + off - step.act.answered) for step, _, _, moment in _timed(scene)]
    return quantiles(delays, n=10)[-1] if len(delays) > 1 else max(delays, default=0.0)
