"""Everything the rules over several messages look at, worked out once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf

from cgstate.evidence import Act, Evidence, Exchange
from cgstate.judge.message import Message
from cgstate.judge.trace import reading
from cgstate.judge.trace.attribution import by_group
from cgstate.judge.trace.clocks import NEAR_A_ZONE, behind, tells_no_clock
from cgstate.judge.trace.reading import arrival_of
from cgstate.judge.trace.story import Step, Story, adopt, tell
from cgstate.judge.trace.timeline import Timeline
from cgstate.specification.codes import Action


def answered_badly(exchange: Exchange) -> bool:
    """Whether the receiver answered this POST with anything but a 2xx, or not at all."""
    return exchange.answer is not None and not (len(exchange.answer) == 3 and exchange.answer.startswith("2"))  # noqa: PLR2004 - digits of a status


def _adopt(stories: Sequence[Story], message: Message, deadline: float) -> None:
    """Take a message that cannot be read, and so tells of no group, for the event that was asked for last."""
    arrival = arrival_of(message)
    awaiting = [(story.outstanding_since(arrival), story) for story in stories]
    since, story = max(awaiting, key=lambda each: each[0], default=(-inf, None))
    if story is not None and arrival - since <= deadline:
        adopt(story, message)


@dataclass(frozen=True)
class Scene:
    """The evidence, the line of settings and the story of each group."""

    evidence: Evidence
    messages: tuple[Message, ...]
    timeline: Timeline
    stories: tuple[Story, ...]

    @classmethod
    def of(cls, evidence: Evidence, messages: Sequence[Message]) -> "Scene":
        """Sort the messages into stories; requests that followed a redirect are none of them."""
        notifications = tuple(m for m in messages if m.exchange.target not in evidence.redirects)
        timeline = Timeline(evidence.settings, evidence.windows)
        sorted_messages = by_group(notifications, evidence.groups)
        acts: dict[tuple[int, int], list[Act]] = {}
        for act in evidence.acts:
            acts.setdefault(act.key, []).append(act)
        stories = tuple(
            tell(group, acts.get(key, ()), sorted_messages.get(key, ()), timeline)
            for key, group in evidence.groups.items()
        )
        for message in sorted_messages.get(None, ()):
            if message.value is None:
                _adopt(stories, message, evidence.bounds.deadline)
        return cls(evidence, notifications, timeline, stories)

    def events(self) -> Iterator[tuple[Story, Step, Message]]:
        """Yield each request with its event."""
        for story in self.stories:
            for step in story.steps:
                event = story.events.get(step.act.number)
                if event is not None:
                    yield story, step, event

    def prompt_events(self) -> Iterator[tuple[Story, Step, Message]]:
        """Yield the events of what had to be reported that no answer of the receiver held back."""
        for story, step, event in self.events():
            if step.binds and not self.timeline.window("stall", step.act.asked):
                yield story, step, event

    @cached_property
    def timed(self) -> tuple[tuple[Step, Message, float, float], ...]:
        """The prompt events with their arrival and their GSW_DATE_TIME, in seconds.

        Without those that came a minute or more after their request: their time may be the request's.
        """
        found = []
        for _, step, event in self.prompt_events():
            moment, arrival = reading.date_time(event), arrival_of(event)
            if moment is not None and arrival - step.act.asked < NEAR_A_ZONE:
                found.append((step, event, arrival, moment))
        return tuple(found)

    @cached_property
    def offset(self) -> float | None:
        """How far the emitter's clock is behind, in seconds; None where nothing tells."""
        return behind(a - moment for _, _, a, moment in self.timed if not tells_no_clock(moment, a))

    @cached_property
    def delays(self) -> tuple[float, ...]:
        """How long the prompt events took from their requests to their arrival, in seconds."""
        return tuple(
            arrival_of(event) - step.act.asked
            for _, step, event in self.prompt_events()
            if not (step.act.action is Action.UNLOAD and step.started)
        )

    @cached_property
    def last_sign_of_life(self) -> float:
        """When the last request was made whose event came: silence before it is evidence."""
        return max((step.act.asked for _, step, _ in self.events() if step.binds), default=0.0)

    def alive_after(self, moment: float) -> bool:
        """Whether an event asked for after that moment came."""
        return self.last_sign_of_life >= moment
