"""The emitter's options: changed on the way, turned off, left to their defaults."""

from collections.abc import Iterator

from cgstate import clock
from cgstate.judge.trace.timeline import GRACE
from cgstate.specification.codes import Action
from cgstate.suite.case import Case, case
from cgstate.suite.cases.timed import INTERVAL
from cgstate.suite.played import Played, playing
from cgstate.suite.stage import Stage

OTHER_PATH = "/cgstate/elsewhere?changed=yes"
SILENT = 0.05
"""How long after the last request nothing is awaited, in seconds: what comes later is still seen."""


def _fence(stage: Stage, name: str) -> None:
    """Show that the emitter is alive and reports: only then was the silence before it one."""
    with playing(stage, name) as group:
        group.load()
        group.unload()


def _uri_changed(stage: Stage, name: str) -> None:
    with playing(stage, name) as group:
        group.load()
        stage.options(path=OTHER_PATH)
        group.start()
        group.stop()
        group.unload()


def _silently(group: Played) -> None:
    """Ask for a whole life, awaiting nothing."""
    for action in (Action.LOAD, Action.START, Action.STOP, Action.UNLOAD):
        group.ask(action)


def _off(stage: Stage, name: str) -> None:
    """Turn the feature off while a group is loaded; then leave the option out, which turns it off as well."""
    with playing(stage, name) as active, playing(stage, name) as fresh, playing(stage, name) as third:
        stage.options(interval=INTERVAL)
        active.load()
        stage.options(enabled=False, interval=INTERVAL)
        began = clock.now()
        keys = frozenset(stage.ledger.groups) - {fresh.group.key, third.group.key}
        with stage.ledger.window("off-again", keys), stage.ledger.window("off", frozenset({fresh.group.key})):
            active.ask(Action.START)
            _silently(fresh)
            stage.pause(SILENT)
            active.ask(Action.STOP)
            # A period after the change at the latest, a message comes that was made after it.
            stage.pause(INTERVAL + SILENT - (clock.now() - began))
        stage.options(enabled=None, interval=INTERVAL)
        with stage.ledger.window("off-by-default", frozenset({third.group.key})):
            _silently(third)
            stage.pause(SILENT)
        # Alive, it reports again; and the group that was loaded all the time is still the same.
        stage.options()
        active.unload()


def _no_uri(stage: Stage, name: str) -> None:
    with playing(stage, name) as group:
        stage.options(path=None, interval=INTERVAL)
        with stage.ledger.window("no-uri", frozenset({group.group.key})):
            _silently(group)
            # What comes in the second after the next change may be on its way for that.
            stage.pause(GRACE + SILENT)
    stage.options()
    _fence(stage, name)


def uri() -> Iterator[Case]:
    """Yield the change of the URI."""
    yield case("the URI changed", _uri_changed, ["option.uri-change", "http.configured-uri"], needs=["options"])


def off_and_on() -> Iterator[Case]:
    """Yield what is silent; one after another, since the options are the emitter's."""
    yield case(
        "off and on",
        _off,
        ["option.off", "option.off-again", "option.off-by-default", "guid.constant"],
        needs=["options", "groups"],
    )
    yield case("no URI", _no_uri, ["option.no-uri"], needs=["options", "groups"])
