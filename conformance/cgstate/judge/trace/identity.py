"""The GUID identifies a loaded Campaign Group: one from load to unload, another for each group."""

from collections.abc import Iterator
from itertools import pairwise

from cgstate.judge.checks import check
from cgstate.judge.message import Message
from cgstate.judge.ruling import Ruling, broken, met
from cgstate.judge.trace import reading
from cgstate.judge.trace.configuration import messages_of
from cgstate.judge.trace.neighbours import with_next
from cgstate.judge.trace.scene import Scene
from cgstate.judge.trace.story import Story
from cgstate.specification.codes import Action


def _lives(story: Story) -> Iterator[list[Message]]:
    """Yield the messages of each time between a load and the end of its unload, by arrival."""
    loads = [step for step in story.steps if step.act.action is Action.LOAD and step.act.number in story.events]
    messages = sorted(messages_of(story), key=lambda m: m.exchange.number)
    for load, following in with_next(loads):
        first = story.events[load.act.number].exchange.number
        until = story.events[following.act.number].exchange.number if following else None
        yield [m for m in messages if m.exchange.number >= first and (until is None or m.exchange.number < until)]


@check("guid.constant")
def rule_on_constant(scene: Scene) -> Iterator[Ruling]:
    """Hold every message of a life against its load's."""
    for story in scene.stories:
        for life in _lives(story):
            first = reading.text(life[0], reading.GUID)
            for message in life[1:]:
                guid = reading.text(message, reading.GUID)
                if first is None or guid is None:
                    continue
                numbers = [message.exchange.number, life[0].exchange.number]
                if guid == first:
                    yield met("guid.constant", numbers[:1])
                else:
                    yield broken(
                        "guid.constant",
                        "the GUID changes between load and unload",
                        expected=f"{first!r}, as in the load's message",
                        seen=repr(guid),
                        exchanges=numbers[:1],
                    )


@check("guid.distinct")
def rule_on_distinct(scene: Scene) -> Iterator[Ruling]:
    """Hold the GUIDs of groups that are loaded at the same time against each other."""
    lives: dict[str, list[tuple[Story, list[Message]]]] = {}
    for story in scene.stories:
        for life in _lives(story):
            guid = reading.text(life[0], reading.GUID)
            if guid is not None:
                lives.setdefault(guid, []).append((story, life))
    for guid, owners in lives.items():
        shared = _overlap(owners)
        if shared is None:
            yield met("guid.distinct", [owners[0][1][0].exchange.number])
        else:
            yield broken(
                "guid.distinct",
                "two groups that are loaded at the same time have one GUID",
                expected="a GUID for each",
                seen=repr(guid),
                exchanges=[shared[1].exchange.number, shared[0].exchange.number],
            )


def _overlap(owners: list[tuple[Story, list[Message]]]) -> tuple[Message, Message] | None:
    spans = sorted(((life[0], life[-1], story) for story, life in owners), key=lambda span: span[0].exchange.number)
    for (begin, end, story), (following, _, other) in pairwise(spans):
        if story is not other and following.exchange.number < end.exchange.number:
            return begin, following
    return None
