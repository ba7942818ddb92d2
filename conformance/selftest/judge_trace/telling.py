"""Write evidence as a story: what was asked of a group when, and which message came of it.

Times are seconds from the beginning of the run. A right emitter's messages are written by default; a test
then changes the one it is about.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pytest

from cgstate.evidence import (
    Act,
    Bounds,
    Cause,
    Dialing,
    Emitter,
    Evidence,
    Exchange,
    GroupConfiguration,
    Reply,
    Setting,
    Traits,
    Window,
)
from cgstate.judge.judge import judge
from cgstate.judge.ruling import Ruling
from cgstate.specification.codes import PREDICTIVE, Action, GroupState

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet

BEGIN: Final = 1_700_000_000.0
URI: Final = "http://receiver.test:9/notifications?source=test"
ELSEWHERE: Final = "http://receiver.test:9/elsewhere"
TARGET: Final = "/notifications?source=test"
LATENCY: Final = 0.01
ACTORS: Final = {"client": 1, "schedule": 2, "condition": 3}
STATISTICS: Final = {
    "GSW_STAT_BUSY_FACTOR": 0.85,
    "GSW_STAT_OVERDIAL_RATE": 0,
    "GSW_STAT_HIT_RATIO": 0.5,
    "GSW_STAT_TIME_TO_COMPLETE": None,
}
PREDICT: Final = Dialing(1, 1, 80)
PROGRESS: Final = Dialing(2)
STATES: Final = {
    Action.LOAD: GroupState.ACTIVE,
    Action.START: GroupState.RUNNING,
    Action.SET_DIALING_MODE: GroupState.RUNNING,
    Action.STOP: GroupState.ACTIVE,
    Action.UNLOAD: GroupState.NOT_LOADED,
}
TRAITS: Final = Traits(
    "story", complete_from_start=True, has_bytes=True, has_arrival=True, has_request=True, has_response=True
)


def group(number: int, **changes: Any) -> GroupConfiguration:  # noqa: ANN401 - any field
    """Return a Campaign Group whose names begin with its token, as those of the suite do."""
    token = f"cgstate-test-{number}-"
    configured: dict[str, Any] = {
        "campaign_id": 100 + number,
        "group_id": number,
        "name": f"{token}campaign@group",
        "group_name": f"{token}group",
        "campaign_name": f"{token}campaign",
        "campaign_template_name": f"{token}template",
        "queue_name": f"{token}8001",
        "tenant_name": f"{token}tenant",
        "tenant_ccid": f"{token}1",
        "dial_mode": 1,
        "optimize_by": 1,
        "optimize_goal": 80,
    }
    return GroupConfiguration(**(configured | changes))


@dataclass
class Draft:
    """A message that can still be changed; `body` as bytes is sent as it is."""

    arrival: float
    body: dict[str, Any] | bytes
    answer: str = "200"
    connection: int = 1
    method: str = "POST"
    target: str = TARGET

    @property
    def said(self) -> dict[str, Any]:
        """The body as it is written."""
        assert isinstance(self.body, dict)
        return self.body

    @property
    def raw(self) -> bytes:
        """The bytes that are sent."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class Tale:
    """A run in the making."""

    settings: list[Setting] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    groups: dict[int, GroupConfiguration] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    named: dict[str, Draft] = field(default_factory=dict)
    """Events by group and action, for example ``1.load``; the last one of each."""
    dialing: dict[int, Dialing] = field(default_factory=dict)
    last: dict[int, Action] = field(default_factory=dict)
    lives: dict[int, int] = field(default_factory=dict)
    latency: float = LATENCY
    clock: float = 0.0
    """How far the emitter's clock is ahead, in seconds."""
    target: str = TARGET
    ended: float | None = 100.0
    died: float | None = None
    bounds: Bounds = field(default_factory=Bounds)
    redirects: frozenset[str] = frozenset()
    capabilities: frozenset[str] = frozenset({"options", "groups", "automatic", "drain"})

    def options(
        self,
        at: float,
        *,
        interval: float = 3600,
        enabled: bool = True,
        uri: str | None = URI,
        default: bool = False,
        known: bool = True,
    ) -> None:
        """Change the emitter's options."""
        asked = BEGIN + at
        self.settings.append(Setting(asked, asked + 0.005, enabled, uri, interval, default, known))
        self.target = uri.removeprefix("http://receiver.test:9") if uri else self.target

    def know(self, number: int, **changes: Any) -> None:  # noqa: ANN401 - any field
        """Make a group."""
        self.groups[number] = group(number, **changes)

    def window(self, rule: str, began: float, ended: float, *numbers: int) -> None:
        """Take down a stretch of time with a rule."""
        keys = frozenset(self.groups[number].key for number in numbers)
        self.windows.append(Window(rule, BEGIN + began, BEGIN + ended, keys=keys))

    def ask(
        self,
        at: float,
        number: int,
        action: Action,
        dialing: Dialing | None = None,
        *,
        cause: Cause = Cause.CLIENT,
        reply: Reply = Reply.ACCEPTED,
        took: float = 0.005,
    ) -> Act:
        """Ask for something of which no message comes."""
        if number not in self.groups:
            self.know(number)
        if dialing is None and cause is Cause.CLIENT and action in (Action.START, Action.SET_DIALING_MODE):
            dialing = PREDICT
        key, asked = self.groups[number].key, BEGIN + at
        act = Act(len(self.acts) + 1, key, action, asked, asked + took, reply, cause, dialing)
        self.acts.append(act)
        if reply is Reply.ACCEPTED:
            self.last[number] = action
            if action is Action.LOAD:
                self.lives[number] = self.lives.get(number, 0) + 1
                configured = self.groups[number]
                self.dialing[number] = Dialing(configured.dial_mode, configured.optimize_by, configured.optimize_goal)
            self.dialing[number] = dialing or self.dialing.get(number, PREDICT)
        return act

    def do(self, at: float, number: int, action: Action, dialing: Dialing | None = None, **more: Any) -> Draft:  # noqa: ANN401 - of ask and say
        """Ask for something and write its event; `late`: after how many seconds it comes."""
        late = more.pop("late", self.latency)
        answer, connection = more.pop("answer", "200"), more.pop("connection", 1)
        cause = more.get("cause", Cause.CLIENT)
        self.ask(at, number, action, dialing, **more)
        draft = self.say(at + late, number, action, STATES[action], moment=at, cause=cause)
        draft.answer, draft.connection = answer, connection
        self.named[f"{number}.{action.words}"] = draft
        return draft

    def say(
        self,
        at: float,
        number: int,
        action: Action,
        state: GroupState,
        *,
        moment: float | None = None,
        cause: Cause = Cause.CLIENT,
        statistics: bool = False,
    ) -> Draft:
        """Write a message that arrives then; its own time is `moment`."""
        configured = self.groups[number]
        happened = BEGIN + (at - self.latency if moment is None else moment) + 0.001 + self.clock
        body: dict[str, Any] = {
            "GSW_TENANT_NAME": configured.tenant_name if configured.tenant_name is not None else "undefined",
            "GSW_TENANT_CCID": configured.tenant_ccid,
            "GSW_CAMPAIGN_GROUP_NAME": configured.name,
            "GSW_CAMPAIGN_GROUP_GUID": f"guid-{number}-{self.lives.get(number, 0)}",
            "GSW_GROUP_NAME": configured.group_name,
            "GSW_CAMPAIGN_NAME": configured.campaign_name,
            "GSW_CAMPAIGN_TEMPLATE_NAME": configured.campaign_template_name,
            "GSW_QUEUE_NAME": configured.queue_name,
            "GSW_CAMPAIGN_GROUP_STATE": int(state),
            "GSW_CAMPAIGN_GROUP_ACTION": int(action),
            "GSW_CAMPAIGN_GROUP_ACTOR": ACTORS[cause],
            "GSW_DATE_TIME": f"{happened:.3f}",
        }
        body = {key: value for key, value in body.items() if value is not None}
        if state is GroupState.RUNNING:
            dialing = self.dialing.get(number, PREDICT)
            body["GSW_DIAL_MODE"] = dialing.dial_mode
            if dialing.dial_mode in PREDICTIVE:
                body |= {"GSW_OPTIMIZE_BY": dialing.optimize_by, "GSW_OPTIMIZE_GOAL": dialing.optimize_goal}
        if statistics:
            body |= STATISTICS
        draft = Draft(at, body, target=self.target)
        self.drafts.append(draft)
        return draft

    def periodic(self, times: Iterable[float], number: int, state: GroupState = GroupState.RUNNING) -> list[Draft]:
        """Write periodic messages, in the name of the last request."""
        return [self.say(at, number, self.last[number], state, statistics=True) for at in times]

    def again(self, draft: Draft, later: float, **changes: Any) -> Draft:  # noqa: ANN401 - any field
        """Write a message a second time."""
        body = draft.body if isinstance(draft.body, bytes) else draft.body | changes
        second = Draft(draft.arrival + later, body, target=draft.target)
        self.drafts.append(second)
        return second

    def lose(self, *drafts: Draft) -> None:
        """Let messages never arrive."""
        self.drafts = [draft for draft in self.drafts if not any(draft is lost for lost in drafts)]

    def fence(self, at: float = 90.0) -> None:
        """Show at the end that the emitter is alive."""
        self.do(at, 99, Action.LOAD)
        self.do(at + 1, 99, Action.UNLOAD)

    def evidence(self) -> Evidence:
        """Return the whole as evidence."""
        ordered = sorted(self.drafts, key=lambda draft: draft.arrival)
        return Evidence(
            traits=TRAITS,
            exchanges=tuple(
                Exchange(
                    number,
                    draft.raw,
                    arrival=BEGIN + draft.arrival,
                    connection=draft.connection,
                    method=draft.method,
                    target=draft.target,
                    version="HTTP/1.1",
                    headers=(("Content-Type", "application/json"),),
                    answer=draft.answer,
                )
                for number, draft in enumerate(ordered, 1)
            ),
            acts=tuple(sorted(self.acts, key=lambda act: act.asked)),
            settings=tuple(self.settings),
            windows=tuple(self.windows),
            groups={configured.key: configured for configured in self.groups.values()},
            emitter=Emitter("story", self.capabilities, ACTORS),
            bounds=self.bounds,
            redirects=self.redirects,
            ended=None if self.ended is None else BEGIN + self.ended,
            died=None if self.died is None else BEGIN + self.died,
        )

    def judged(self) -> list[Ruling]:
        """Judge it."""
        return judge(self.evidence())

    def faults(self) -> dict[str, str]:
        """Return the broken requirements, each with its first sentence."""
        found: dict[str, str] = {}
        for ruling in self.judged():
            if ruling.fault is not None:
                found.setdefault(ruling.requirement, ruling.fault.sentence)
        return found

    def met(self) -> set[str]:
        """Return the requirements that are met somewhere and broken nowhere."""
        judged = self.judged()
        return {r.requirement for r in judged if r.fault is None} - {r.requirement for r in judged if r.fault}


def untimed() -> Tale:
    """Begin a run in which no periodic message can come."""
    tale = Tale()
    tale.options(0)
    return tale


def life(tale: Tale, number: int, at: float, *, latency: float | None = None) -> None:
    """Lead a life of all five requests, a second apart."""
    tale.latency = tale.latency if latency is None else latency
    tale.do(at, number, Action.LOAD)
    tale.do(at + 1, number, Action.START, PREDICT)
    tale.do(at + 2, number, Action.SET_DIALING_MODE, PROGRESS)
    tale.do(at + 3, number, Action.STOP)
    tale.do(at + 4, number, Action.UNLOAD)


def timed(interval: float = 2.0, *, known: bool = True, default: bool = False) -> Tale:
    """Begin a run with an interval in which periodic messages come."""
    tale = Tale()
    tale.options(0, interval=interval, known=known, default=default)
    return tale


class Stories(dict[str, Callable[[], Tale]]):
    """Stories by their titles."""

    def story(self, write: Callable[[], Tale]) -> Callable[[], Tale]:
        """Take a function for a story; its name is the title."""
        self[write.__name__.replace("_", " ")] = write
        return write

    def parameters(self) -> "list[ParameterSet]":
        """Return the stories as parameters of a test."""
        return [pytest.param(write, id=title) for title, write in self.items()]
