"""Periodic messages: that they come, at the interval that is set, with what they have to carry."""

from collections.abc import Iterator
from functools import partial

from cgstate.evidence import Dialing
from cgstate.judge.trace.timeline import GRACE as ON_ITS_WAY
from cgstate.sources.answers import OK, Slow, Status
from cgstate.specification.codes import MODE_CHANGES, PREDICTIVE, Action
from cgstate.suite.case import Case, case
from cgstate.suite.played import Played, playing
from cgstate.suite.stage import Stage

CARRIED = ("periodic.reported", "periodic.state", "periodic.statistics", "periodic.all-statistics", "guid.constant")
SLOW = 0.35
"""How long the receiver takes for an answer where drift is looked for, in seconds."""
DEFAULT = 10
INTERVAL = 1
BYSTANDERS = 3 * INTERVAL
"""The interval at which the group of the preflight is loaded, which nobody asks for anything: unlike any other, and
unlike what an emitter makes of another that takes it twice or half as long."""


def _within(stage: Stage, interval: float, gaps: int) -> float:
    """Return how long `gaps` gaps after a first message may take, in seconds."""
    return (gaps + 1) * interval * 1.15 + 1.0 + min(stage.bounds.deadline, 5.0)


def _watch(stage: Stage, name: str, *, started: bool, interval: float, gaps: int) -> None:
    with playing(stage, name) as group:
        group.load()
        if started:
            group.start(_unlike(group, stage))
        group.messages(gaps + 1, _within(stage, interval, gaps))
        if started:
            group.stop()  # long after the load: an event that says when the group was loaded shows


def _watch_changed(stage: Stage, name: str) -> None:
    """Watch a group whose dial mode changes as it may while it runs: it must not go back to that of its start."""
    modes = stage.dial_modes
    changes = [(before, after) for before, after in MODE_CHANGES if {before, after} <= modes]
    # To a predictive mode: method and goal change with it.
    before, after = min(changes, key=lambda each: (each[1] not in PREDICTIVE, each), default=(min(modes),) * 2)
    with playing(stage, name) as group:
        group.load()
        group.start(stage.dialing(before))
        group.do(Action.SET_DIALING_MODE, stage.dialing(after))
        # What comes in the first second may have been made before the change.
        group.messages(3, _within(stage, INTERVAL, 2))


def _watch_stopped(stage: Stage, name: str) -> None:
    """Watch a group that has been running."""
    with playing(stage, name) as group:
        group.load()
        group.start()
        group.stop()
        group.messages(3, _within(stage, INTERVAL, 2))


def _watch_second_life(stage: Stage, name: str) -> None:
    """Watch a group in its second life, started for the second time in it: nothing of what was before may show."""
    with playing(stage, name) as group:
        group.load()
        group.unload()
        group.load()
        group.start()
        group.stop()
        group.start(_unlike(group, stage))
        group.messages(3, _within(stage, INTERVAL, 2))


def _watch_failed(stage: Stage, name: str) -> None:
    """Let an event and a periodic message fail: the period goes on."""
    with playing(stage, name) as group:
        stage.answer(group.group, [Status(500), Status(500)])
        group.load()
        group.messages(3, _within(stage, INTERVAL, 2))


def _unlike(group: Played, stage: Stage) -> Dialing:
    """Return a dialing that is not the group's configured one: what a periodic message says can be told from that."""
    others = stage.dial_modes - {group.group.dial_mode} or stage.dial_modes
    mode = min(others & PREDICTIVE or others)
    return Dialing(mode, 1, 37) if mode in PREDICTIVE else Dialing(mode)


def _unloaded(stage: Stage, name: str) -> None:
    """Unload a group at the beginning of the time in which the others are watched: it must stay silent in it."""
    with playing(stage, name) as group:
        group.load()
        group.unload()


def _slow_receiver(stage: Stage, name: str) -> None:
    with playing(stage, name) as group, stage.ledger.window("slow", frozenset({group.group.key})):
        stage.answers.every_message(group.group, Slow(SLOW))
        group.load()
        group.messages(3, _within(stage, INTERVAL + SLOW, 2))
        # The event of the unload need not wait for the last answer.
        stage.answers.every_message(group.group, OK)
        stage.capture.release()


def _as_before(stage: Stage, name: str) -> None:
    """Wait until the group of the preflight would be reported at the interval at which it was loaded.

    What comes in the first second may have been on its way when the interval changed.
    """
    del name
    stage.pause(BYSTANDERS + ON_ITS_WAY + SLOW)


def at_the_default() -> Iterator[Case]:
    """Yield what is watched over the default period."""
    for title, started in (("a running group", True), ("a loaded group", False)):
        yield case(
            f"{title} at the default interval",
            partial(_watch, started=started, interval=DEFAULT, gaps=1),
            ["periodic.default-interval", "dialing.kept", *CARRIED],
            slow=True,
        )


def at_a_set_interval() -> Iterator[Case]:
    """Yield what is watched side by side after the interval was changed."""
    period = ["periodic.interval", "option.interval-change", *CARRIED]
    yield case(
        "a loaded group at a set interval",
        partial(_watch, started=False, interval=INTERVAL, gaps=2),
        period,
        needs=["options"],
    )
    yield case(
        "a running group at a set interval",
        partial(_watch, started=True, interval=INTERVAL, gaps=2),
        [*period, "dialing.kept"],
        needs=["options"],
    )
    yield case(
        "a changed dial mode at a set interval",
        _watch_changed,
        [*period, "dialing.kept"],
        needs=["options"],
    )
    yield case("a stopped group at a set interval", _watch_stopped, period, needs=["options"])
    yield case("a second life at a set interval", _watch_second_life, [*period, "dialing.kept"], needs=["options"])
    yield case("failures at a set interval", _watch_failed, period, needs=["options"])
    yield case("silence after the unload", _unloaded, ["event.none-while-not-loaded"], needs=["options"])
    yield case("a slow receiver", _slow_receiver, ["periodic.no-drift"], needs=["options"])


def at_no_interval() -> Iterator[Case]:
    """Yield what is watched while no periodic message is due: whether one comes as it did before."""
    yield case(
        "an earlier interval",
        _as_before,
        ["option.interval-change"],
        needs=["options", "groups"],
        slow=True,
    )
