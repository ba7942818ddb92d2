"""GSW_DATE_TIME is judged by differences: clocks differ, and what an emitter's clock shows is not its reporting."""

from collections.abc import Iterator
from statistics import quantiles

from cgstate.judge.checks import check
from cgstate.judge.ruling import Ruling, broken, met
from cgstate.judge.trace import reading
from cgstate.judge.trace.clocks import CLOCK, UNITS, ZONE, tells_no_clock, zone_of
from cgstate.judge.trace.reading import arrival_of
from cgstate.judge.trace.scene import Scene
from cgstate.judge.trace.story import Step
from cgstate.specification.codes import Action

MARGIN = 0.5
"""No moment is judged more closely than this: arrivals are stamped by a busy process."""


def offset(scene: Scene) -> float | None:
    """Return how far the emitter's clock is behind, in seconds; None where no event tells."""
    return scene.offset


@check("date-time.utc")
def rule_on_utc(scene: Scene) -> Iterator[Ruling]:
    """A clock that is off by a multiple of 15 minutes shows local time; no clock shows the year 3000."""
    for step, event, arrival, moment in scene.timed:
        numbers = {"exchanges": [event.exchange.number], "acts": [step.act.number]}
        quarters = zone_of(arrival - moment)
        if quarters:
            sentence, seen = "GSW_DATE_TIME is local time", f"{-quarters * ZONE / 3600:+g} h from UTC"
        elif moment > UNITS * arrival:
            sentence, seen = "GSW_DATE_TIME does not count seconds", "far in the future"
        else:
            yield met("date-time.utc", **numbers)
            continue
        yield broken(
            "date-time.utc", sentence, expected=f"about {arrival:.3f} (UTC)", seen=f"{moment:.15g}: {seen}", **numbers
        )


@check("date-time.clock")
def rule_on_clock(scene: Scene) -> Iterator[Ruling]:
    """The emitter's clock should be right."""
    off = offset(scene)
    if off is None:
        return
    nearest = min(scene.timed, key=lambda t: abs(t[2] - t[3] - off))
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
    """GSW_DATE_TIME is when the action happened, even where the message is sent later.

    An emitter may take a request and act on it later, so a time after the request shows the time of sending only
    where a stalled receiver held the message back, for longer than this emitter's actions usually take.
    """
    off = scene.offset
    if off is None:
        return
    slack = _usual_delay(scene, off)
    for _, step, event in scene.events():
        moment, arrival = reading.date_time(event), arrival_of(event)
        if not step.binds or moment is None or tells_no_clock(moment, arrival):
            continue
        happened, act = moment + off, step.act
        numbers = {"exchanges": [event.exchange.number], "acts": [act.number]}
        latest = arrival
        # Draining takes its time between the request and the end of the unload.
        if scene.timeline.window("stall", act.asked) and not (step.started and act.action is Action.UNLOAD):
            latest = act.answered + slack
            if arrival <= latest + MARGIN:
                continue  # Not held back, so both times are the same.
        if act.asked - MARGIN <= happened <= latest + MARGIN:
            yield met("date-time.when-it-happened", **numbers)
            continue
        yield broken(
            "date-time.when-it-happened",
            _wrong_moment(happened, act.asked, arrival),
            expected=f"{act.asked - off:.3f} (the request) to {latest - off:.3f}, give or take {MARGIN:g} s",
            seen=f"{moment:.3f}: {abs(happened - act.asked):.2f} s "
            f"{'before' if happened < act.asked else 'after'} the request",
            **numbers,
        )


def _wrong_moment(happened: float, asked: float, arrival: float) -> str:
    if happened < asked:
        return "GSW_DATE_TIME is earlier than the action"
    if happened > arrival + MARGIN:
        return "GSW_DATE_TIME is later than the message"
    return "GSW_DATE_TIME is when the message was sent"


def _usual_delay(scene: Scene, off: float) -> float:
    """Return how long after its answer this emitter usually acts: 49 of 50 events are within it, in seconds."""
    delays = [max(0.0, moment + off - step.act.answered) for step, _, _, moment in scene.timed if _step_acts(step)]
    return quantiles(delays, n=50, method="inclusive")[-1] if len(delays) > 1 else max(delays, default=0.0)


def _step_acts(step: Step) -> bool:
    """Whether the action is done at once: the end of an unload may wait for calls to drain."""
    return not (step.started and step.act.action is Action.UNLOAD)
