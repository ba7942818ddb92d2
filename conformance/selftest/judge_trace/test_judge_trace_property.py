"""A right emitter, simulated over any life cycles with any lawful manners, is never accused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cgstate.generate import life_cycles
from cgstate.generate.group import GroupChoice
from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from cgstate.generate.life import LifeCycle, Moment
    from selftest.judge_trace.telling import BEGIN, STATES, STATISTICS, Draft, Tale
else:
    from telling import BEGIN, STATES, STATISTICS, Draft, Tale

SMALL = st.floats(0, 0.4)


class Manners:
    """What a right emitter may do in one way or another, drawn once for a run."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.interval = draw(st.sampled_from([2.0, 10.0, 3600.0]), label="interval")
        self.known = draw(st.booleans(), label="options are known")
        self.clock = draw(st.floats(-4, 4), label="clock")
        self.waits = draw(st.booleans(), label="who drives waits for events")
        self.statistics = draw(st.booleans(), label="statistics in events")
        self.tells = draw(st.booleans(), label="reports what changes nothing")
        self.stops = draw(st.booleans(), label="reports a stop before an unload")
        self.drains = draw(st.sets(st.sampled_from([1, 2])), label="states on the way")
        self.old_time = draw(st.booleans(), label="periodic messages have the last action's time")
        self.answers = draw(st.lists(st.sampled_from(["200", "204", "302", "500", "reset"]), min_size=1, max_size=5))


class Simulated:
    """Leads a life and takes down what a right emitter sends."""

    def __init__(self, draw: st.DrawFn, manners: Manners, tale: Tale) -> None:
        self.draw, self.manners, self.tale = draw, manners, tale
        self.modes: dict[int, int] = {}

    def lead(self, number: int, life: LifeCycle, at: float) -> float:
        manners, tale = self.manners, self.tale
        tale.know(number, **_configured(life, number))
        state, changed, running = GroupState.NOT_LOADED, at, False
        for moment in life.moments():
            pause = self.draw(st.floats(0.6, 5) if manners.waits else st.floats(0.05, 3))
            self._tick(number, state, changed, changed + pause)
            changed += pause
            self._act(number, moment, changed, state, running=running)
            running = running or moment.step.action is Action.START
            running = running and moment.step.action is not Action.LOAD
            state = moment.state
        return changed

    def _act(self, number: int, moment: Moment, at: float, before: GroupState, *, running: bool) -> None:
        manners, tale, step = self.manners, self.tale, moment.step
        tale.ask(at, number, step.action, step.dialing, cause=step.cause)
        mode, tale.dialing[number] = self.modes.get(number), moment.dialing
        self.modes[number] = moment.dialing.dial_mode
        unload = step.action is Action.UNLOAD
        late = self.draw(SMALL)
        if unload and running and moment.drains:
            late += 0.3
        if unload and before is GroupState.RUNNING and manners.stops:
            self._dress(tale.say(at + self.draw(SMALL), number, Action.STOP, GroupState.ACTIVE, moment=at))
        if unload and running:
            for state in sorted(manners.drains):
                self._dress(tale.say(at + self.draw(SMALL), number, Action.UNLOAD, GroupState(state), moment=at))
        owed = step.action is not Action.SET_DIALING_MODE or moment.dialing.dial_mode != mode
        if owed or manners.tells:
            self._dress(tale.say(at + late, number, step.action, STATES[step.action], moment=at, cause=step.cause))

    def _dress(self, draft: Draft) -> None:
        """Add what an event may have besides, and answer it somehow."""
        if self.manners.statistics:
            draft.said.update(STATISTICS)
        draft.answer = self.manners.answers[len(self.tale.drafts) % len(self.manners.answers)]

    def _tick(self, number: int, state: GroupState, since: float, until: float) -> None:
        if self.manners.interval >= 3600 or state is GroupState.NOT_LOADED:
            return
        phase = number / 10
        at = ((since - phase) // self.manners.interval + 1) * self.manners.interval + phase
        while at < until:
            if at > since:
                draft = self.tale.periodic([at], number, state)[0]
                draft.arrival += self.draw(st.floats(0, 0.1))
                draft.said["GSW_DATE_TIME"] = (
                    f"{BEGIN + (since if self.manners.old_time else at) + self.manners.clock:.3f}"
                )
            at += self.manners.interval


def _configured(life: LifeCycle, number: int) -> dict[str, object]:
    made = life.group.configuration(100 + number, number, f"cgstate-test-{number}-")
    return {field: getattr(made, field) for field in GroupChoice.__slots__}


@st.composite
def runs(draw: st.DrawFn) -> Tale:
    manners = Manners(draw)
    tale = Tale(clock=manners.clock)
    tale.options(0, interval=manners.interval, known=manners.known)
    emitter = Simulated(draw, manners, tale)
    ends = [
        emitter.lead(number, draw(life_cycles(max_steps=6, drain=True)), 1 + number / 7)
        for number in range(1, draw(st.integers(2, 4)))
    ]
    tale.fence(max(ends) + 1)
    tale.ended = max(ends) + 30
    return tale


@settings(max_examples=250, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(runs())
def test_a_right_emitter_is_never_accused(tale: Tale) -> None:
    judged = tale.judged()
    assert {(r.requirement, r.fault) for r in judged if r.fault is not None} == set()
    assert any(ruling.requirement == "event.load.reported" for ruling in judged)
