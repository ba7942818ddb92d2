"""Periodic messages: that they come, how often, and what they carry."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

from cgstate.evidence import Setting
from cgstate.judge.checks import check
from cgstate.judge.message import Message
from cgstate.judge.ruling import Ruling, broken, met
from cgstate.judge.shown import counted, shown
from cgstate.judge.trace import reading
from cgstate.judge.trace.neighbours import with_next
from cgstate.judge.trace.reading import STATISTICS, arrival_of, has_statistics
from cgstate.judge.trace.scene import Scene
from cgstate.judge.trace.story import Step, Story
from cgstate.judge.trace.timeline import GRACE, LONG
from cgstate.specification.codes import GroupState

DRIFT = 0.25
"""A period longer than the interval by more than this many seconds, where the receiver answers slowly, drifts."""


MADE = 0.5
"""A message whose own time is earlier than a request by more than this was made before it, in seconds."""


def tolerance(interval: float) -> float:
    """Return how much longer than the interval the median gap may be, in seconds."""
    return max(0.15 * interval, 0.5)


def tolerance_before(interval: float) -> float:
    """Return how much shorter than the interval the median gap may be: less than half, for that is a fault of its own.

    What holds a message up makes the next gap shorter by no more than it made the one before longer.
    """
    return min(tolerance(interval), 0.4 * interval)


def longest_wait(scene: Scene, setting: Setting) -> float:
    """Return how long a lawful emitter may let nothing be heard of a group, in seconds."""
    return setting.interval + tolerance(setting.interval) + scene.evidence.bounds.soon


@dataclass(frozen=True, slots=True)
class Stretch:
    """The periodic messages of one group under one setting of the interval."""

    story: Story
    setting: Setting
    began: float
    ended: float
    messages: tuple[Message, ...]
    known: bool

    @property
    def arrivals(self) -> list[float]:
        """When they came."""
        return sorted(arrival_of(message) for message in self.messages)

    @property
    def events(self) -> list[float]:
        """When events with statistics came: each may be a periodic message, and its event lost."""
        arrivals = (arrival_of(e) for e in self.story.events.values() if has_statistics(e))
        return [arrival for arrival in arrivals if self.began <= arrival <= self.ended]

    @property
    def waited(self) -> float:
        """For how long nothing had come at its end, in seconds."""
        return self.ended - max([self.began, *self.arrivals, *self.events])

    @property
    def gaps(self) -> list[float]:
        """The times between them, in seconds."""
        return _gaps(self.arrivals)

    @property
    def made(self) -> list[float]:
        """The times between them by their own times, in seconds; empty where those are not the times of samples.

        However long each was on its way, on a busy machine for example: they tell when it was made.
        """
        moments = [moment for m in self.messages if (moment := reading.date_time(m)) is not None]
        gaps = _gaps(moments)
        return gaps if len(moments) == len(self.messages) and all(gap > 0 for gap in gaps) else []


def _gaps(moments: Iterable[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(sorted(moments))]


def stretches(scene: Scene) -> Iterator[Stretch]:
    """Yield, for each setting with a short interval, what came of each group that stayed loaded in it."""
    settings = scene.timeline.settings
    for setting, following in with_next(settings):
        sends = not setting.known or (setting.enabled and setting.uri is not None)
        if not sends or not 0 < setting.interval < LONG:
            continue
        until = following.asked if following else (scene.evidence.ended or setting.answered)
        until = until if scene.evidence.died is None else min(until, scene.evidence.died)
        for story in scene.stories:
            span = _loaded_within(story, setting.answered, until)
            if span is None:
                continue
            began, ended = span
            messages = tuple(m for m in story.periodic if began <= arrival_of(m) <= ended)
            yield Stretch(story, setting, began, ended, messages, known=setting.known)


def _loaded_within(story: Story, began: float, ended: float) -> tuple[float, float] | None:
    """Return the part of the time in which the group was loaded without interruption, up to its unload."""
    loaded_since: float | None = None
    for step in story.steps:
        if step.act.asked > ended:
            break
        if not step.certain:
            ended = step.act.asked
            break
        if step.after is GroupState.NOT_LOADED and step.before is not GroupState.NOT_LOADED:
            if loaded_since is not None and step.act.asked > began:
                return max(began, loaded_since), step.act.asked
            loaded_since = None
        elif step.after is not GroupState.NOT_LOADED and step.before is GroupState.NOT_LOADED:
            loaded_since = step.act.answered
    return None if loaded_since is None else (max(began, loaded_since), ended)


@check("periodic.reported", "periodic.default-interval")
def rule_on_reported(scene: Scene) -> Iterator[Ruling]:
    """A loaded group is reported once an interval; who does that at an interval that is set has another default."""
    found = list(stretches(scene))
    at_a_set_interval = any(s.messages and s.known and not s.setting.default_interval for s in found)
    for stretch in found:
        if stretch.messages:
            yield met("periodic.reported", [message.exchange.number for message in stretch.messages])
        elif stretch.known and stretch.waited > longest_wait(scene, stretch.setting):
            step = stretch.story.step_at(stretch.ended)
            only_the_default = stretch.setting.default_interval and at_a_set_interval
            yield broken(
                "periodic.default-interval" if only_the_default else "periodic.reported",
                "no periodic message comes at the default interval"
                if only_the_default
                else "no periodic message comes for a loaded group",
                expected=f"one every {stretch.setting.interval:g} s",
                seen=f"none within {stretch.ended - stretch.began:.1f} s",
                acts=[step.act.number] if step else [],
            )


@check("periodic.interval", "periodic.default-interval", "option.interval-change")
def rule_on_period(scene: Scene) -> Iterator[Ruling]:
    """The median gap is the interval; the first wait after a change does not count."""
    for stretch in stretches(scene):
        setting, gaps = stretch.setting, stretch.gaps
        if not stretch.known or not stretch.messages or _answered_slowly(scene, stretch):
            continue
        numbers = [message.exchange.number for message in stretch.messages]
        if stretch.waited > longest_wait(scene, setting):
            gaps = [*gaps, stretch.waited]
            others = []
        elif len(gaps) < (1 if setting.default_interval else 2):
            continue
        else:
            others = list(_other_readings(stretch))
            if not all(others):
                continue  # What is left without those that may be events is too little to tell.
            others += [stretch.made] if stretch.made else []
        gap = median(gaps)
        if any(_is_near(median(each), setting.interval) for each in (gaps, *others)):
            yield met("periodic.default-interval" if setting.default_interval else "periodic.interval", numbers)
            if not setting.default_interval and _earlier_intervals(scene, setting):
                yield met("option.interval-change", numbers)
        else:
            requirement, sentence = _wrong_period(scene, setting, gap)
            yield broken(
                requirement,
                sentence,
                expected=_near(setting.interval),
                seen=f"{gap:.2f} s (median of {counted(len(gaps), 'gap')})",
                exchanges=numbers,
            )


def _is_near(gap: float, interval: float) -> bool:
    return -tolerance_before(interval) <= gap - interval <= tolerance(interval)


def _near(interval: float) -> str:
    """Return in words what `_is_near` takes."""
    before, after = tolerance_before(interval), tolerance(interval)
    if before == after:
        return f"{interval:g} s, give or take {after:g} s"
    return f"{interval:g} s, at most {before:g} s less or {after:g} s more"


def _other_readings(stretch: Stretch) -> Iterator[list[float]]:
    """Yield the gaps where events with statistics are taken for periodic messages, or what may be an event for one.

    Nothing on the wire tells them apart, so nobody is accused who is right by one of the readings.
    """
    events = stretch.events
    changes = [step.act.asked for step in stretch.story.steps if step.may_stay_silent]
    settled = [a for a in stretch.arrivals if not any(asked <= a <= asked + GRACE for asked in changes)]
    for arrivals in ([*stretch.arrivals, *events], settled, [*settled, *events]):
        yield _gaps(arrivals)


def _earlier_intervals(scene: Scene, setting: Setting) -> set[float]:
    """Return the other intervals that were set before."""
    return {s.interval for s in scene.timeline.settings if s.asked < setting.asked and s.interval != setting.interval}


def _wrong_period(scene: Scene, setting: Setting, gap: float) -> tuple[str, str]:
    """Return the requirement that a wrong gap breaks, and how: an interval set before tells what became of a change."""
    if setting.default_interval:
        return "periodic.default-interval", "periodic messages come at another interval than the default"
    if _is_an_earlier_interval(scene, setting, gap):
        return "option.interval-change", "periodic messages still come at an earlier interval"
    return "periodic.interval", "periodic messages come at another interval than the one that is set"


def _is_an_earlier_interval(scene: Scene, setting: Setting, gap: float) -> bool:
    return any(i > 0 and abs(gap - i) <= tolerance(i) for i in _earlier_intervals(scene, setting))


def _answered_slowly(scene: Scene, stretch: Stretch) -> bool:
    return any(stretch.story.group.key in window.keys for window in scene.timeline.named(["slow"]))


@check("periodic.no-drift")
def rule_on_drift(scene: Scene) -> Iterator[Ruling]:
    """Periods are counted from a clock, not from the end of the last notification."""
    measurable = [s for s in stretches(scene) if s.known and len(s.gaps) >= 2]  # noqa: PLR2004 - as for a set interval
    for stretch in measurable:
        if not _answered_slowly(scene, stretch) or _is_an_earlier_interval(scene, stretch.setting, fmean(stretch.gaps)):
            continue
        # Every period of one that drifts is longer; of one that does not, a late message or one that is left out
        # makes one longer and the next shorter.
        shortest = min(*stretch.gaps, *stretch.made)
        numbers = [message.exchange.number for message in stretch.messages]
        # Gaps are as long as their ends are late: what they are off where answers are prompt is not the slow answer's.
        prompt = [s for s in measurable if s.setting is stretch.setting and not _answered_slowly(scene, s)]
        jitter = max((abs(fmean(s.gaps) - s.setting.interval) for s in prompt), default=0.0)
        if shortest - stretch.setting.interval <= DRIFT + jitter:
            yield met("periodic.no-drift", numbers)
        else:
            yield broken(
                "periodic.no-drift",
                "periodic messages drift when the receiver answers slowly",
                expected=f"one every {stretch.setting.interval:g} s, however long an answer takes",
                seen=f"one every {fmean(stretch.gaps):.2f} s",
                exchanges=numbers,
            )


def made_before(scene: Scene, message: Message, step: Step) -> bool:
    """Whether the message's own time is earlier than the request: it was long on its way."""
    moment, off = reading.date_time(message), scene.offset
    return moment is not None and off is not None and moment + off < step.act.asked - MADE


def _settled(scene: Scene) -> Iterator[tuple[Message, GroupState]]:
    """Yield each periodic message that comes well after the last request, with the group's state by then."""
    for stretch in stretches(scene):
        for message in stretch.messages:
            arrival = arrival_of(message)
            step = stretch.story.step_at(arrival)
            if step is not None and arrival > step.act.answered + GRACE and not made_before(scene, message, step):
                yield message, step.after


@check("periodic.state")
def rule_on_state(scene: Scene) -> Iterator[Ruling]:
    """A periodic message carries the current state."""
    for message, state in _settled(scene):
        said = reading.code(message, reading.STATE)
        if said is None:
            continue
        running = state is GroupState.RUNNING
        if (said == GroupState.RUNNING) if running else said not in (GroupState.RUNNING, GroupState.NOT_LOADED):
            yield met("periodic.state", [message.exchange.number])
        else:
            yield broken(
                "periodic.state",
                "a periodic message carries another state than the group's",
                expected="5 (Running)" if running else "loaded and not running",
                seen=shown(said),
                exchanges=[message.exchange.number],
            )


@check("periodic.statistics", "periodic.all-statistics")
def rule_on_statistics(scene: Scene) -> Iterator[Ruling]:
    """A periodic message carries statistics."""
    for message, _ in _settled(scene):
        if message.value is None:
            continue
        numbers = [message.exchange.number]
        missing = [name for name in STATISTICS if name not in message.value]
        if has_statistics(message):
            yield met("periodic.statistics", numbers)
        else:
            yield broken(
                "periodic.statistics",
                "a periodic message carries no statistics",
                expected="at least one GSW_STAT_ attribute",
                seen="none",
                exchanges=numbers,
            )
        if not missing:
            yield met("periodic.all-statistics", numbers)
        else:
            yield broken(
                "periodic.all-statistics",
                "a periodic message lacks statistics",
                expected=", ".join(STATISTICS),
                seen=f"without {', '.join(missing)}",
                exchanges=numbers,
            )
