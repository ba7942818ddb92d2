"""The GUID identifies a loaded Campaign Group: one from load to unload, another for each group."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf

from cgstate.judge.checks import check
from cgstate.judge.message import Message
from cgstate.judge.ruling import Ruling, broken, met
from cgstate.judge.shown import shown
from cgstate.judge.trace import reading
from cgstate.judge.trace.reading import arrival_of
from cgstate.judge.trace.scene import Scene
from cgstate.judge.trace.story import Step, Story
from cgstate.judge.trace.timeline import GRACE
from cgstate.specification.codes import Action


@dataclass(slots=True)
class _Life:
    """What came of a group from one load to the unload after it."""

    story: Story
    began: float = inf
    """When the load was seen: from then on it is certainly loaded."""
    ended: float = -inf
    """When its unload was asked for, or the last message of it came: until then it is."""
    messages: list[Message] = field(default_factory=list)

    @property
    def guid(self) -> str | None:
        """The GUID that most of its messages have, the first of them where several are as frequent."""
        said = Counter(guid for m in self.messages if (guid := reading.text(m, reading.GUID)) is not None)
        return said.most_common(1)[0][0] if said else None

    @property
    def first(self) -> Message:
        """The first of its messages."""
        return min(self.messages, key=lambda m: m.exchange.number)


def _lives(story: Story) -> list[_Life]:
    """Return the lives of a group: events belong to their requests, periodic messages to the time they come in.

    What comes within a second after a load may be of the life before, and what comes while nobody knows the
    group's state is of none.
    """
    lives: list[_Life] = []
    life_of: dict[int, _Life] = {}
    current: _Life | None = None
    for step in story.steps:
        if step.act.action is Action.LOAD and step.changes:
            current = _Life(story)
            lives.append(current)
        if current is None or not step.certain:
            current = None
            continue
        life_of[step.act.number] = current
        event = story.events.get(step.act.number)
        if event is not None:
            _add(current, step, event)
        if step.act.action is Action.UNLOAD and step.changes:
            current.ended = step.act.asked
    for step, message in (*story.drains, *story.stops):
        life = life_of.get(step.act.number)
        # What comes so soon after a load may be of the unload before it, held up on another connection.
        settled = arrival_of(message) > story.loaded_at(step.act.asked) + GRACE
        if life is not None and (settled or life is lives[0]):
            life.messages.append(message)
    for message in story.periodic:
        arrival = arrival_of(message)
        at = story.step_at(arrival)
        loaded = story.loaded_at(arrival)
        if (
            at is not None
            and at.act.number in life_of
            and (arrival > loaded + GRACE or life_of[at.act.number] is lives[0])
        ):
            life_of[at.act.number].messages.append(message)
    return [life for life in lives if life.messages]


def _add(life: _Life, step: Step, event: Message) -> None:
    arrival = arrival_of(event)
    life.messages.append(event)
    if step.act.action is not Action.UNLOAD:
        life.began = min(life.began, arrival)
        life.ended = max(life.ended, arrival)


@check("guid.constant")
def rule_on_constant(scene: Scene) -> Iterator[Ruling]:
    """Hold the messages of a life against each other."""
    for story in scene.stories:
        for life in _lives(story):
            expected = life.guid
            told = [(m, guid) for m in life.messages if (guid := reading.text(m, reading.GUID)) is not None]
            if expected is None or len(told) == 1:
                continue
            for message, guid in told:
                if guid == expected:
                    yield met("guid.constant", [message.exchange.number])
                else:
                    yield broken(
                        "guid.constant",
                        "the GUID changes between load and unload",
                        expected=f"{shown(expected)}, as in other messages of the group",
                        seen=shown(guid),
                        exchanges=[message.exchange.number],
                    )


@check("guid.distinct")
def rule_on_distinct(scene: Scene) -> Iterator[Ruling]:
    """Hold the GUIDs of groups that are loaded at the same time against each other."""
    lives = [life for story in scene.stories for life in _lives(story) if life.began < life.ended]
    lives.sort(key=lambda life: life.began)
    shared: set[str] = set()
    longest: dict[str | None, _Life] = {}
    last: _Life | None = None
    for life in lives:
        guid = life.guid
        if guid is None:
            continue
        other = longest.get(guid)
        if other is not None and other.story is not life.story and life.began < other.ended:
            if guid not in shared:
                yield broken(
                    "guid.distinct",
                    "two groups that are loaded at the same time have one GUID",
                    expected="a GUID for each",
                    seen=shown(guid),
                    exchanges=[life.first.exchange.number, other.first.exchange.number],
                )
            shared.add(guid)
        elif last is not None and last.story is not life.story and life.began < last.ended:
            yield met("guid.distinct", [life.first.exchange.number])
        if other is None or life.ended > other.ended:
            longest[guid] = life
        if last is None or life.ended > last.ended:
            last = life
