"""Connections: kept, side by side, dropped; a chunked body; a flood."""

from itertools import chain, zip_longest
from typing import Any

from cgstate.generate.traffic.life import PROGRESS, Life
from cgstate.generate.traffic.marks import CHUNKED
from cgstate.generate.traffic.scope import Scope
from cgstate.sending import Delivery, Expect, Parcel

LANES = 8
FLOOD = 10_000
"""Messages of the flood, over `LANES` connections."""
_TAG = "forms"


def kept_alive(scope: Scope) -> tuple[Parcel, ...]:
    """Return a life whose messages go over one connection, one after another."""
    return tuple(_busy(scope, _TAG, "accepts.kept-alive", 4 if scope.fast else 100).parcels)


def side_by_side(scope: Scope) -> tuple[Parcel, ...]:
    """Return lives that go over a connection each, all at once."""
    lanes, messages = (3, 2) if scope.fast else (LANES, 12)
    return _together([_busy(scope, f"lane-{n}", "accepts.connections", messages, n) for n in range(lanes)])


def dropped(scope: Scope) -> tuple[Parcel, ...]:
    """Return lives in which a connection is dropped in the middle of a request; the message after it is the test."""
    life = Life(scope, _TAG, "accepts.after-dropped")
    for turn in range(1 if scope.fast else 4):
        life.group = scope.group(turn)
        life.load()
        if turn % 2:
            life.start()
        life.periodic(
            parcel={
                "requirement": life.theme,
                "expect": Expect.EITHER,
                "delivery": Delivery.DROPPED,
                "fault": "a request in whose middle the connection is dropped",
            }
        )
        life.unload(parcel={"requirement": life.theme})
    return tuple(life.parcels)


def chunked(scope: Scope) -> tuple[Parcel, ...]:
    """Return a life whose messages are sent in chunks."""
    life = Life(scope, _TAG, "accepts.chunked")
    more: dict[str, Any] = {"marks": (CHUNKED,), "parcel": {"delivery": Delivery.CHUNKED}}
    life.load(**more)
    if not scope.fast:
        life.start(**more)
        life.periodic(**more)
        life.stop(**more)
    life.unload(**more)
    return tuple(life.parcels)


def flood(scope: Scope) -> tuple[Parcel, ...]:
    """Return thousands of periodic messages, of a group for each connection."""
    return _together([_busy(scope, f"flood-{n}", "accepts.flood", FLOOD // LANES, n) for n in range(LANES)])


def _busy(scope: Scope, tag: str, theme: str, messages: int, lane: int = 0) -> Life:
    """Return a life of so many messages, most of them periodic."""
    life = Life(scope, tag, theme, scope.group(lane), always=True, lane=lane)
    life.load()
    for turn in range(messages - 2):
        if turn == messages // 2:
            life.start(PROGRESS)
        else:
            life.periodic()
    life.unload()
    return life


def _together(lives: list[Life]) -> tuple[Parcel, ...]:
    """Deal the messages of several lives, so that none has to wait for the others to end."""
    dealt = chain.from_iterable(zip_longest(*(life.parcels for life in lives)))
    return tuple(parcel for parcel in dealt if parcel is not None)
