"""One scene for every receiver, right or broken: what is sent step by step, and what is seen of each step."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import socket
import struct
import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cgstate_reference.serving import listening
from cgstate_reference.store_sqlite import SqliteStore
from cgstate_reference.taking import PATH, Parts, build
from selftest.receiver.conftest import JSON, Door, make_message

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from cgstate_reference.taking import Receiver

    Step = Callable[["Player"], object]

STEPS: dict[str, Step] = {}
SILENCE = 3.0
"""Seconds after which no answer is one: two megabytes take a while on a busy machine."""
SLOW = 0.7
"""Seconds beyond which an answer is slow."""
LANES = 4

TAKEN: dict[str, dict[str, object]] = {
    "state 3": {"CAMPAIGN_GROUP_STATE": 3},
    "state -1": {"CAMPAIGN_GROUP_STATE": -1},
    "state 0": {"CAMPAIGN_GROUP_STATE": 0, "CAMPAIGN_GROUP_ACTION": 8},
    "state 1": {"CAMPAIGN_GROUP_STATE": 1, "CAMPAIGN_GROUP_ACTION": 8},
    "any action": {"CAMPAIGN_GROUP_ACTION": 7},
    "actor 0": {"CAMPAIGN_GROUP_ACTOR": 0},
    "actor 4": {"CAMPAIGN_GROUP_ACTOR": 4},
    "mode 8": {"DIAL_MODE": 8},
    "mode 0": {"DIAL_MODE": 0},
    "no mode": {"DIAL_MODE": ...},
    "method 0": {"DIAL_MODE": 1, "OPTIMIZE_BY": 0, "OPTIMIZE_GOAL": 80},
    "method in mode 10": {"DIAL_MODE": 10, "OPTIMIZE_BY": 1, "OPTIMIZE_GOAL": 80},
    "method 4": {"DIAL_MODE": 10, "OPTIMIZE_BY": 4, "OPTIMIZE_GOAL": 15},
    "goal in seconds": {"DIAL_MODE": 1, "OPTIMIZE_BY": 3, "OPTIMIZE_GOAL": 300},
    "accents": {"CAMPAIGN_NAME": "\u00e9t\u00e9"},
    "emoji": {"CAMPAIGN_NAME": "\U0001f600"},
    "Hebrew": {"CAMPAIGN_NAME": "\u05d0\u05d1"},
    "control characters": {"CAMPAIGN_NAME": "a\tb"},
    "U+0000": {"CAMPAIGN_NAME": "a\0b"},
    "255 characters": {"CAMPAIGN_NAME": "a" * 255},
    "255 accents": {"CAMPAIGN_NAME": "\u00e9" * 255},
    "white space around": {"CAMPAIGN_NAME": " a "},
    "no queue name": {"QUEUE_NAME": ""},
    "undefined": {"TENANT_NAME": "undefined"},
    "no campaign": {"CAMPAIGN_NAME": ...},
    "no template": {"CAMPAIGN_TEMPLATE_NAME": ...},
    "more attributes": {"MORE": [1, {"a": None}]},
    "null": {"STAT_BUSY_FACTOR": None, "STAT_OVERDIAL_RATE": 0, "STAT_HIT_RATIO": 0, "STAT_TIME_TO_COMPLETE": 0},
    "a factor of 2": {"STAT_BUSY_FACTOR": 2, "STAT_OVERDIAL_RATE": 0, "STAT_HIT_RATIO": 0, "STAT_TIME_TO_COMPLETE": 0},
    "long": {"STAT_BUSY_FACTOR": 0, "STAT_OVERDIAL_RATE": 0, "STAT_HIT_RATIO": 0, "STAT_TIME_TO_COMPLETE": 2**40},
    "fractions": {
        "STAT_BUSY_FACTOR": 0.125,
        "STAT_OVERDIAL_RATE": 0,
        "STAT_HIT_RATIO": 0,
        "STAT_TIME_TO_COMPLETE": 0,
    },
    "one statistic": {"STAT_HIT_RATIO": 0},
    "exponent": {"STAT_HIT_RATIO": 1e-7},
    "goal 0": {"DIAL_MODE": 1, "OPTIMIZE_BY": 1, "OPTIMIZE_GOAL": 0},
    "no at sign": {"CAMPAIGN_GROUP_NAME": "campaign"},
}
"""Steps that send one legal message and read it back, by what is special about it."""

REFUSED: dict[str, dict[str, object]] = {
    "state in quotes": {"CAMPAIGN_GROUP_STATE": "5"},
    "actor 1.5": {"CAMPAIGN_GROUP_ACTOR": 1.5},
    "actor true": {"CAMPAIGN_GROUP_ACTOR": True},
    "null for a name": {"GROUP_NAME": None},
    "no GUID": {"CAMPAIGN_GROUP_GUID": ...},
    "queue missing": {"QUEUE_NAME": ...},
    "state 6": {"CAMPAIGN_GROUP_STATE": 6, "DIAL_MODE": ...},
    "mode 99": {"DIAL_MODE": 99},
    "action 12": {"CAMPAIGN_GROUP_ACTION": 12},
    "mode while stopped": {"CAMPAIGN_GROUP_STATE": 4, "CAMPAIGN_GROUP_ACTION": 10, "DIAL_MODE": 2},
    "method in mode 2": {"DIAL_MODE": 2, "OPTIMIZE_BY": 1},
    "time in words": {"DATE_TIME": "yesterday"},
    "two decimals": {"DATE_TIME": "1700000000.25"},
    "queue of 256": {"QUEUE_NAME": "8" * 256},
    "256 characters": {"CAMPAIGN_NAME": "a" * 256},
    "below 0": {"STAT_BUSY_FACTOR": -1, "STAT_OVERDIAL_RATE": 0, "STAT_HIT_RATIO": 0, "STAT_TIME_TO_COMPLETE": 0},
    "over already": {
        "STAT_BUSY_FACTOR": 0,
        "STAT_OVERDIAL_RATE": 0,
        "STAT_HIT_RATIO": 0,
        "STAT_TIME_TO_COMPLETE": -1,
    },
}
"""Steps that send one message with one fault, and look whether it is stored."""


class Player:
    """Plays steps against the receiver at `uri`, each with a connection and a Campaign Group of its own."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.guid = ""

    def seen(self, step: str) -> object:
        self.guid = f"group of {step}"
        try:
            return STEPS[step](self)
        except TimeoutError:
            return "silence"
        except (OSError, http.client.HTTPException):
            return "closed"

    @contextlib.contextmanager
    def door(self) -> Iterator[Door]:
        door = Door(self.uri)
        door.connection.timeout = SILENCE
        try:
            yield door
        finally:
            door.close()

    def message(self, **changes: object) -> dict[str, Any]:
        running = changes.get("CAMPAIGN_GROUP_STATE", 5) == 5
        return make_message(self.guid, **({"DIAL_MODE": 2} if running else {}) | changes)

    def post(self, body: object, headers: Mapping[str, str] = JSON) -> int:
        with self.door() as door:
            return door.post(body, headers)[0]

    def stored(self) -> list[Any]:
        with self.door() as door:
            return door.stored(self.guid)

    def kept(self, sent: dict[str, Any]) -> str:
        """How one message is stored."""
        text = json.dumps(sent, sort_keys=True)
        stored = [json.dumps(one, sort_keys=True) for one in self.stored()]
        # A number with a fraction is read as the text that it is written with.
        text = json.dumps(json.loads(text, parse_float=lambda number: f"number {number}"), sort_keys=True)
        return "stored" if stored == [text] else "altered" if stored else "lost"


def step(name: str) -> Callable[[Step], Step]:
    def register(play: Step) -> Step:
        STEPS[name] = play
        return play

    return register


def _taken(changes: dict[str, object]) -> Step:
    def play(player: Player) -> object:
        sent = player.message(**changes)
        return player.post(sent), player.kept(sent)

    return play


def _refused(changes: dict[str, object]) -> Step:
    def play(player: Player) -> object:
        status = player.post(player.message(**changes))
        return status, "stored" if player.stored() else "not stored"

    return play


STEPS |= {name: _taken(changes) for name, changes in TAKEN.items()}
STEPS |= {name: _refused(changes) for name, changes in REFUSED.items()}


@step("life")
def _life(player: Player) -> object:
    """Load, start, set the dialing mode, a periodic message, stop, unload: over one connection, with all names."""
    statistics = dict.fromkeys(
        ("STAT_BUSY_FACTOR", "STAT_OVERDIAL_RATE", "STAT_HIT_RATIO", "STAT_TIME_TO_COMPLETE"), 0.5
    )
    life: list[dict[str, object]] = [
        {"CAMPAIGN_GROUP_STATE": 4, "CAMPAIGN_GROUP_ACTION": 7},
        {"DIAL_MODE": 1, "OPTIMIZE_BY": 1, "OPTIMIZE_GOAL": 80},
        {"CAMPAIGN_GROUP_ACTION": 11},
        {"CAMPAIGN_GROUP_ACTION": 11, **statistics},
        {"CAMPAIGN_GROUP_STATE": 4, "CAMPAIGN_GROUP_ACTION": 10},
    ]
    with player.door() as door:
        return [door.post(player.message(**changes, DATE_TIME=f"{n}.000"))[0] for n, changes in enumerate(life)]


@step("order")
def _order(player: Player) -> object:
    sent = [player.message(DATE_TIME=f"{number}.000") for number in range(3)]
    with player.door() as door:
        return [door.post(one)[0] for one in sent], [one["GSW_DATE_TIME"] for one in player.stored()]


@step("150 in a row")
def _many(player: Player) -> object:
    with player.door() as door:
        statuses = {door.post(player.message(DATE_TIME=f"{number}.000"))[0] for number in range(150)}
    return statuses, len(player.stored()), len({one["GSW_DATE_TIME"] for one in player.stored()})


@step("the same twice")
def _twice(player: Player) -> object:
    return [player.post(player.message()) for _ in range(2)], len(player.stored())


@step("raw accents")
def _raw(player: Player) -> object:
    return player.post(json.dumps(player.message(CAMPAIGN_NAME="\u00e9"), ensure_ascii=False).encode())


@step("keys sorted")
def _sorted(player: Player) -> object:
    return player.post(json.dumps(player.message(), sort_keys=True).encode())


@step("spaced")
def _spaced(player: Player) -> object:
    return player.post(json.dumps(player.message(), indent=1).encode())


@step("escaped solidus")
def _escaped_solidus(player: Player) -> object:
    return player.post(json.dumps(player.message(QUEUE_NAME="8001/2")).replace("/", "\\/").encode())


@step("small headers")
def _small_headers(player: Player) -> object:
    return player.post(player.message(), {"content-type": "application/json"})


@step("charset")
def _charset(player: Player) -> object:
    return player.post(player.message(), {"Content-Type": "application/json; charset=UTF-8"})


@step("text/plain")
def _plain(player: Player) -> object:
    return player.post(player.message(), {"Content-Type": "text/plain"})


@step("chunked")
def _chunked(player: Player) -> object:
    body = json.dumps(player.message()).encode()
    with player.door() as door:
        return door.call("POST", door.path, iter([body[:9], body[9:]]), JSON)[0]


@step("side by side")
def _side_by_side(player: Player) -> object:
    statuses: list[int] = []
    together = threading.Barrier(LANES, timeout=SILENCE)

    def send(lane: int) -> None:
        with player.door() as door:
            for number in range(5):
                together.wait()
                statuses.append(door.post(player.message(DATE_TIME=f"{lane}.{number:03}"))[0])

    threads = [threading.Thread(target=send, args=(lane,)) for lane in range(LANES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return set(statuses), len(player.stored())


def _cut(player: Player, *, reset: bool) -> str:
    parts = urlsplit(player.uri)
    body = json.dumps(player.message()).encode()
    lines = (f"POST {parts.path} HTTP/1.1", "Host: x", *map(": ".join, JSON.items()), f"Content-Length: {len(body)}")
    head = "".join(f"{line}\r\n" for line in (*lines, "")).encode()
    with socket.create_connection((str(parts.hostname), parts.port or 0), timeout=SILENCE) as connection:
        connection.sendall(head + body[:100])
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return "dropped"
        connection.shutdown(socket.SHUT_WR)
        return connection.recv(99).decode().partition("\r\n")[0] or "closed"


@step("body cut short")
def _cut_short(player: Player) -> object:
    return _cut(player, reset=False)


@step("after a drop")
def _after_drop(player: Player) -> object:
    # When it is noticed, only the receiver knows: one of the messages after it comes after that.
    return _cut(player, reset=True), {player.post(player.message(DATE_TIME=f"{n}.000")) for n in range(50)}


@step("GET")
def _get(player: Player) -> object:
    with player.door() as door:
        return [door.call(method, door.path)[0] for method in ("GET", "HEAD")]


@step("two megabytes")
def _large(player: Player) -> object:
    return player.post(player.message(MORE="x" * 2_000_000))


@step("deep")
def _deep(player: Player) -> object:
    return player.post(json.dumps(player.message(MORE="here")).encode().replace(b'"here"', b"[" * 300 + b"]" * 300))


@step("a key twice")
def _key_twice(player: Player) -> object:
    return player.post(json.dumps(player.message()).encode()[:-1] + b',"GSW_MORE":1,"GSW_MORE":2}')


@step("prompt")
def _prompt(player: Player) -> object:
    slowest = 0.0
    with player.door() as door:
        for number in range(30):
            began = time.monotonic()
            door.post(player.message(DATE_TIME=f"{number}.000"))
            slowest = max(slowest, time.monotonic() - began)
    return "slow" if slowest > SLOW else "prompt"


@step("no JSON")
def _no_json(player: Player) -> object:
    return player.post(b"{no JSON")


@step("not a number")
def _not_a_number(player: Player) -> object:
    player.post(player.message())  # whatever was before is over
    return player.post(json.dumps(player.message(STAT_HIT_RATIO=float("nan"))).encode())


@step("after no JSON")
def _after_no_json(player: Player) -> object:
    player.post(player.message())  # whatever was before is over
    with contextlib.suppress(TimeoutError):
        player.post(b"{no JSON")
    return player.post(player.message(DATE_TIME="1.000"))


@step("empty")
def _empty(player: Player) -> object:
    return player.post(b"")


def play(parts: Parts, steps: Collection[str] = tuple(STEPS)) -> dict[str, object]:
    """Play steps against a receiver of these parts, in this process; what is seen, by step."""
    seen: dict[str, object] = {}

    def perform(uri: str) -> None:
        player = Player(uri)
        seen.update({name: player.seen(name) for name in steps})

    asyncio.run(_serve(parts, perform))
    return seen


async def _serve(parts: Parts, perform: Callable[[str], None]) -> None:
    store = SqliteStore(None)
    receiver: Receiver = build(parts, store)
    async with listening(receiver.server(), "127.0.0.1", 0) as base:
        await asyncio.to_thread(perform, base + PATH)
    await store.close()
