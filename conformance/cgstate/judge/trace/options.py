"""The three options: off means silence, changes take effect at once, the URI is the configured one."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from cgstate.evidence import Window
from cgstate.judge.checks import check
from cgstate.judge.message import Message
from cgstate.judge.ruling import Ruling, broken, met
from cgstate.judge.shown import counted
from cgstate.judge.trace import reading
from cgstate.judge.trace.reading import arrival_of
from cgstate.judge.trace.scene import Scene
from cgstate.judge.trace.story import Standing, Step
from cgstate.judge.trace.timeline import GRACE
from cgstate.specification.codes import Action, GroupState

_SILENT = {
    "off": ("option.off", "an event is reported though the feature is off"),
    "off-again": ("option.off-again", "messages still come after the feature was turned off"),
    "off-by-default": ("option.off-by-default", "an event is reported though send-campaigngroup-states is left out"),
    "no-uri": ("option.no-uri", "a message comes though no URI is set"),
}


MADE = 0.5
"""A message whose own time is later than this after a change was not on its way, in seconds."""


@check(*(requirement for requirement, _ in _SILENT.values()))
def rule_on_silence(scene: Scene) -> Iterator[Ruling]:
    """Nothing comes while the options say so: no event of what was asked then, nothing periodic after a second."""
    for window in scene.timeline.named(_SILENT):
        requirement, sentence = _SILENT[window.rule]
        heard = sorted(_heard(scene, window), key=lambda m: m.exchange.number)
        if heard:
            yield broken(
                requirement,
                sentence,
                expected=f"nothing within {window.ended - window.began:.1f} s",
                seen=_seen(heard, window),
                exchanges=[message.exchange.number for message in heard],
            )
        elif scene.alive_after(window.ended):
            kept_silent = [
                s.act.number for s in _asked_in(scene, window) if s.standing is Standing.SILENT and s.changes
            ]
            if kept_silent:
                yield met(requirement, acts=kept_silent)


def _seen(heard: Sequence[Message], window: Window) -> str:
    first = min(arrival_of(message) for message in heard)
    return f"{counted(len(heard), 'message')}, the first after {first - window.began:.2f} s"


def _follows_the_next(scene: Scene, step: Step, event: Message) -> bool:
    """Whether the options had changed again when it came, and within a second of the request: it may follow those.

    The end of an unload may come much later than its request, for calls drain before it.
    """
    again, arrival = scene.timeline.turned_on(step.act.asked), arrival_of(event)
    drains = step.act.action is Action.UNLOAD and step.started
    return again is not None and again <= (arrival if drains else min(arrival, step.act.answered + GRACE))


def _asked_in(scene: Scene, window: Window) -> Iterator[Step]:
    for story in scene.stories:
        if window.keys and story.group.key not in window.keys:
            continue
        for step in story.steps:
            if window.began <= step.act.asked <= window.ended:
                yield step


def _heard(scene: Scene, window: Window) -> Iterator[Message]:
    for story in scene.stories:
        if window.keys and story.group.key not in window.keys:
            continue
        for step in story.steps:
            event = story.events.get(step.act.number)
            asked_in_it = step.standing is Standing.SILENT and window.began <= step.act.asked <= window.ended
            if event and asked_in_it and not _follows_the_next(scene, step, event):
                yield event
        others = [message for _, message in (*story.drains, *story.stops)]
        for message in (*(stray.message for stray in story.strays), *story.periodic, *others):
            arrival = arrival_of(message)
            if window.began <= arrival <= window.ended and not _was_on_its_way(scene, message, window):
                yield message


def _was_on_its_way(scene: Scene, message: Message, window: Window) -> bool:
    """Whether the message may follow the setting before: it came within a second and was not made after the change."""
    if not scene.timeline.may_report(arrival_of(message)):
        return False
    made, off = reading.date_time(message), scene.offset
    return made is None or off is None or made + off <= window.began + MADE


@check("option.interval-zero")
def rule_on_interval_zero(scene: Scene) -> Iterator[Ruling]:
    """With an interval of zero or less no periodic message comes."""
    for window in scene.timeline.named(["interval-zero"]):
        heard = [
            message
            for story in scene.stories
            for message in story.periodic
            if window.began <= arrival_of(message) <= window.ended and not _on_its_way(scene, message)
        ]
        if heard:
            yield broken(
                "option.interval-zero",
                "periodic messages come though the interval is zero",
                expected=f"none within {window.ended - window.began:.1f} s",
                seen=_seen(heard, window),
                exchanges=[message.exchange.number for message in heard],
            )
        elif scene.alive_after(window.ended):
            loaded = [change.act.number for change in _loaded_in(scene, window)]
            if loaded:
                yield met("option.interval-zero", acts=loaded)


def _loaded_in(scene: Scene, window: Window) -> Iterator[Step]:
    """Yield the step by which each group that is loaded at the end of the window came to its state."""
    for story in scene.stories:
        change = story.change_at(window.ended)
        if change is not None and change.after is not GroupState.NOT_LOADED and change.certain:
            yield change


def _on_its_way(scene: Scene, message: Message) -> bool:
    """Whether a setting in force up to a second ago still allows this periodic message."""
    possible = scene.timeline.possible(arrival_of(message))
    return any(s.enabled and s.uri is not None and s.interval > 0 for s in possible)


@lru_cache(maxsize=256)
def target_of(uri: str) -> str:
    """Return the request target a POST to that URI must have: path and query exactly as configured."""
    parts = urlsplit(uri)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query or uri.partition("#")[0].endswith("?") else "")


@check("http.configured-uri", "option.uri-change")
def rule_on_target(scene: Scene) -> Iterator[Ruling]:
    """Every request goes to the URI that is configured when it is made.

    An event follows a setting from its request on; of other messages nobody knows when they were made, so those
    that come within a second after a change may follow either.
    """
    asked = {event.exchange.number: step.act.asked for _, step, event in scene.events()}
    settings = scene.timeline.settings
    for message in scene.messages:
        exchange, arrival = message.exchange, arrival_of(message)
        if exchange.target is None or exchange.malformed:
            continue
        current = scene.timeline.at(arrival)
        if current is None or current.uri is None:
            continue
        since = asked.get(exchange.number, arrival - GRACE)
        allowed = {target_of(s.uri) for s in scene.timeline.between(since, arrival) if s.uri is not None}
        earlier = {target_of(s.uri) for s in settings if s.uri is not None and s.asked < current.asked}
        seen, wanted = _path_of(exchange.target), target_of(current.uri)
        if seen in allowed:
            yield met("http.configured-uri", [exchange.number])
            if seen == wanted and earlier - {wanted}:
                yield met("option.uri-change", [exchange.number])
        elif seen in earlier:
            yield broken(
                "option.uri-change",
                "messages still go to the earlier URI",
                expected=f"{wanted}, set {arrival - current.answered:.1f} s before",
                seen=seen,
                exchanges=[exchange.number],
            )
        else:
            yield broken(
                "http.configured-uri",
                "a message goes to another URI than the configured one",
                expected=wanted,
                seen=exchange.target,
                exchanges=[exchange.number],
            )


def _path_of(target: str) -> str:
    """Return path and query of a request target; the absolute form is lawful HTTP too."""
    if not target.lower().startswith(("http://", "https://")):
        return target
    try:
        return target_of(target)
    except ValueError:  # what stands for the host is none
        return target
