"""Each broken emitter is wrong in the way it says, and the right one is not; all play one scene side by side."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from cgstate_reference.broken.emitters import deviations
from cgstate_reference.codes import Action, Cause
from cgstate_reference.core import Emitter, Parts, build
from cgstate_reference.group import Dialing, DialingRequest, GroupConfiguration
from cgstate_reference.life_cycle import NotPossible
from cgstate_reference.options import INTERVAL as INTERVAL_OPTION
from cgstate_reference.options import URI, Options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

INTERVAL = 0.4
NOTHING = DialingRequest()


@dataclass(frozen=True)
class Message:
    """What came, in which phase of the scene."""

    phase: str
    arrival: float
    method: str
    target: str
    kind: str
    raw: bytes

    @property
    def data(self) -> dict[str, Any]:
        with contextlib.suppress(ValueError):
            parsed = json.loads(self.raw.decode("utf-8", "replace"))
            if isinstance(parsed, dict):
                return parsed
        return {}

    @property
    def event(self) -> bool:
        return not any(key.startswith("GSW_STAT_") for key in self.data)


@dataclass
class Seen:
    """All that one emitter sent."""

    messages: list[Message] = field(default_factory=list)
    took: dict[str, float] = field(default_factory=dict)
    """Seconds that requests took, by phase."""

    def of(self, phase: str, action: Action | None = None) -> list[Message]:
        return [
            one
            for one in self.messages
            if one.phase == phase and (action is None or one.data.get("GSW_CAMPAIGN_GROUP_ACTION") == action)
        ]

    def values(self, attribute: str, phase: str = "life", action: Action | None = None) -> list[Any]:
        return [one.data[attribute] for one in self.of(phase, action) if attribute in one.data]

    def gaps(self, phase: str) -> list[float]:
        samples = [one for one in self.of(phase) if not one.event]
        arrivals = [one.arrival for one in samples if one.data["GSW_CAMPAIGN_GROUP_NAME"] == "Paced"]
        return [late - early for early, late in pairwise(arrivals)]


class Scene:
    """One emitter in one event loop with its own receiver; the group's name says which phase it belongs to."""

    def __init__(self, parts: Parts) -> None:
        self.emitter: Emitter = build(parts)
        self.seen = Seen()
        self.stalled = asyncio.Event()
        self.phase = "off"
        self.number = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while line := await reader.readline():
                method, target, _ = line.decode().split()
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: (\d+)", head)
                kind = re.search(rb"(?i)content-type: ([^\r]*)", head)
                assert length is not None
                assert kind is not None
                body = await reader.readexactly(int(length[1]))
                self.seen.messages.append(Message(self.phase, time.time(), method, target, kind[1].decode(), body))
                if self.phase == "stall":
                    await self.stalled.wait()
                if self.phase == "interval" and b"GSW_STAT" in body:
                    await asyncio.sleep(0.2)
                status = 500 if self.phase == "failure" and b'ACTION":9' in body else 200
                writer.write(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % status)
        writer.close()

    async def ask(
        self, key: tuple[int, int], action: Action, asked: DialingRequest = NOTHING, cause: Cause = Cause.CLIENT
    ) -> None:
        began = time.perf_counter()
        with contextlib.suppress(NotPossible):
            await self.emitter.request(key, action, asked, cause)
        took = time.perf_counter() - began
        self.seen.took[self.phase] = max(took, self.seen.took.get(self.phase, 0.0))

    def group(self, **fields: object) -> tuple[int, int]:
        self.number += 1
        base: dict[str, Any] = {
            "campaign_id": 1,
            "group_id": self.number,
            "name": f"Group{self.number}",
            "group_name": "Agents",
            "campaign_name": "Kampagne Öl",
            "campaign_template_name": None,
            "queue_name": "q" * 100,
            "tenant_name": None,
            "tenant_ccid": "ccid",
            "dialing": Dialing(2, 1, 80),
        }
        configuration = GroupConfiguration(**{**base, **fields})
        self.emitter.configure(configuration)
        return configuration.key

    async def enter(self, phase: str, options: Options) -> None:
        """Change the options, let what is on its way arrive, and begin a phase."""
        self.emitter.set_options(options)
        await asyncio.sleep(0.15)
        self.phase = phase

    async def play(self) -> Seen:
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        uri = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/states?key=1"
        on = Options(enabled=True, uri=uri, interval=3600)
        self.emitter.set_options(self.emitter.read_options({URI: uri, INTERVAL_OPTION: 3600}))
        await self.ask(self.group(), Action.LOAD)
        await self.enter("life", on)
        await self.life()
        await asyncio.sleep(0.15)
        await self.enter("failure", on)
        key = self.group()
        for action in (Action.LOAD, Action.START, Action.STOP):
            await self.ask(key, action)
        await asyncio.sleep(0.15)
        await self.enter("stall", on)
        await self.stall()
        await asyncio.sleep(0.15)
        await self.enter("interval", Options(enabled=True, uri=uri, interval=INTERVAL))
        key, loaded = self.group(name="Paced"), self.group(name="Loaded")
        for action in (Action.LOAD, Action.START):
            await self.ask(key, action)
        await self.ask(loaded, Action.LOAD)
        await asyncio.sleep(4.2 * INTERVAL)
        await self.enter("changed", Options(enabled=True, uri=uri, interval=INTERVAL / 4))
        await asyncio.sleep(INTERVAL)
        await self.enter("unloaded", Options(enabled=True, uri=uri, interval=INTERVAL / 4))
        await self.ask(key, Action.UNLOAD)
        await asyncio.sleep(INTERVAL)
        await self.enter("zero", Options(enabled=True, uri=uri, interval=0))
        await asyncio.sleep(0.6)
        await self.enter("elsewhere", Options(enabled=True, uri=uri.replace("states", "other"), interval=3600))
        await self.ask(loaded, Action.START)
        await asyncio.sleep(0.15)
        await self.enter("off again", Options(enabled=False, uri=uri, interval=3600))
        await self.ask(loaded, Action.STOP)
        await asyncio.sleep(0.15)
        await self.emitter.close(0)
        server.close()
        return self.seen

    async def life(self) -> None:
        first, second = self.group(), self.group(campaign_name=None, drain_seconds=0.1)
        for action in (Action.LOAD, Action.START, Action.START, Action.STOP):
            await self.ask(first, action, DialingRequest(4) if action is Action.START else NOTHING)
            await self.ask(second, action)
        await self.ask(first, Action.START, cause=Cause.SCHEDULE)
        await self.ask(first, Action.SET_DIALING_MODE, DialingRequest(1, 1, 83))
        await self.ask(second, Action.START)
        await self.ask(first, Action.UNLOAD, cause=Cause.CONDITION)
        await self.ask(second, Action.UNLOAD)
        await asyncio.sleep(0.15)

    async def stall(self) -> None:
        key = self.group()

        async def release() -> None:
            await asyncio.sleep(0.3)
            self.stalled.set()

        releasing = asyncio.create_task(release())
        await self.ask(key, Action.LOAD)
        await self.ask(key, Action.START)
        await releasing


async def _play_all() -> dict[str, Seen]:
    scenes = {"right": Scene(Parts())} | {name: Scene(each.parts()) for name, each in deviations().items()}
    played = await asyncio.gather(*(scene.play() for scene in scenes.values()))
    return dict(zip(scenes, played, strict=True))


@pytest.fixture(scope="module")
def played() -> Mapping[str, Seen]:
    return asyncio.run(_play_all())


def delay(seen: Seen) -> float:
    """Return how long after its time the last event of the stall arrived, in seconds."""
    last = seen.of("stall")[-1]
    return last.arrival - float(last.data["GSW_DATE_TIME"])


def any_of(phase: str, condition: Callable[[Message], object], seen: Seen) -> bool:
    return any(condition(one) for one in seen.of(phase))


def running_dialing(seen: Seen) -> set[tuple[Any, ...]]:
    return {(one.data.get("GSW_DIAL_MODE"), "GSW_OPTIMIZE_BY" in one.data) for one in seen.of("life")}


def guids(seen: Seen) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for one in seen.of("life"):
        names.setdefault(one.data["GSW_CAMPAIGN_GROUP_NAME"], set()).add(one.data["GSW_CAMPAIGN_GROUP_GUID"])
    return names


def times_reported(seen: Seen, action: Action, phase: str = "life") -> int:
    return len([one for one in seen.of(phase, action) if one.event])


def draining(seen: Seen) -> list[int]:
    return [s for s in seen.values("GSW_CAMPAIGN_GROUP_STATE", action=Action.UNLOAD) if s in {1, 2}]


def duplicated(seen: Seen) -> bool:
    pairs = [json.loads(one.raw, object_pairs_hook=lambda p: p) for one in seen.of("life")]
    return any(max(Counter(key for key, _ in keys).values()) > 1 for keys in pairs)


def not_utf8(one: Message) -> bool:
    try:
        one.raw.decode()
    except UnicodeDecodeError:
        return True
    return False


def when(attribute: str, value: object, phase: str = "life") -> Callable[[Seen], bool]:
    return lambda seen: any(type(v) is type(value) and v == value for v in seen.values(attribute, phase))


WRONG: dict[str, Callable[[Seen], bool]] = {
    "actor-always-client": lambda seen: set(seen.values("GSW_CAMPAIGN_GROUP_ACTOR")) == {1},
    "array-of-one": lambda seen: any_of("life", lambda m: m.raw.startswith(b"[{"), seen),
    "byte-order-mark": lambda seen: any_of("life", lambda m: m.raw.startswith(b"\xef\xbb\xbf{"), seen),
    "drains-backwards": lambda seen: draining(seen) == [2, 1],
    "drifts": lambda seen: median(seen.gaps("interval")) > INTERVAL * 1.25,
    "drops-query": lambda seen: any_of("life", lambda m: m.target == "/states", seen),
    "duplicate-keys": duplicated,
    "empty-template-name": when("GSW_CAMPAIGN_TEMPLATE_NAME", ""),
    "empty-tenant-name": when("GSW_TENANT_NAME", ""),
    "escapes-twice": when("GSW_CAMPAIGN_NAME", r"Kampagne \u00d6l"),
    "forgets-request": lambda seen: 4 not in seen.values("GSW_DIAL_MODE"),
    "ignores-interval-change": lambda seen: len(seen.gaps("changed")) < 2,
    "ignores-off": lambda seen: bool(seen.of("off again")),
    "ignores-uri-change": lambda seen: any_of("elsewhere", lambda m: m.target.startswith("/states"), seen),
    "keeps-dial-mode-after-stop": lambda seen: bool(seen.values("GSW_DIAL_MODE", action=Action.STOP)),
    "leaves-out-tenant-name": lambda seen: not seen.values("GSW_TENANT_NAME"),
    "local-time": lambda seen: any_of("life", lambda m: float(m.data["GSW_DATE_TIME"]) - m.arrival > 7000, seen),
    "loses-event-after-failed": lambda seen: not times_reported(seen, Action.STOP, "failure"),
    "negative-statistics": lambda seen: any(v and v < 0 for v in seen.values("GSW_STAT_OVERDIAL_RATE", "interval")),
    "new-guid-on-start": lambda seen: any(len(each) > 1 for each in guids(seen).values()),
    "newline-after-time": lambda seen: any(v.endswith("\n") for v in seen.values("GSW_DATE_TIME")),
    "no-periodic": lambda seen: not seen.gaps("interval"),
    "no-statistics": lambda seen: len(seen.of("interval", Action.START)) > 2 and not seen.gaps("interval"),
    "null-campaign-name": when("GSW_CAMPAIGN_NAME", None),
    "null-dial-mode": when("GSW_DIAL_MODE", None),
    "on-by-default": lambda seen: bool(seen.of("off")) and not seen.of("off again"),
    "one-guid-for-all-groups": lambda seen: len(set.union(*guids(seen).values())) == 1,
    "optimizes-progressive": lambda seen: (2, True) in running_dialing(seen),
    "period-too-long": lambda seen: median(seen.gaps("interval")) > INTERVAL * 1.25,
    "periodic-after-unload": lambda seen: any_of(
        "unloaded", lambda m: m.data["GSW_CAMPAIGN_GROUP_STATE"] == 0 and not m.event, seen
    ),
    "periodic-of-running-only": lambda seen: (
        not any(one.data["GSW_CAMPAIGN_GROUP_NAME"] == "Loaded" and not one.event for one in seen.of("interval"))
    ),
    "puts": lambda seen: any_of("life", lambda m: m.method == "PUT", seen),
    "reports-refused-request": lambda seen: seen.values("GSW_CAMPAIGN_GROUP_STATE", action=Action.START).count(5) == 6,
    "reports-start-twice": lambda seen: times_reported(seen, Action.START) == 8,
    "retries-once": lambda seen: times_reported(seen, Action.START, "failure") == 2,
    "rounds-goal": lambda seen: 83 not in seen.values("GSW_OPTIMIZE_GOAL"),
    "running-after-stop": lambda seen: 5 in seen.values("GSW_CAMPAIGN_GROUP_STATE", action=Action.STOP),
    "says-nothing-of-a-stop": lambda seen: not times_reported(seen, Action.STOP),
    "says-nothing-of-an-unload": lambda seen: (
        draining(seen) == [1, 2] and not when("GSW_CAMPAIGN_GROUP_STATE", 0)(seen)
    ),
    "set-dialing-mode-as-start": lambda seen: not times_reported(seen, Action.SET_DIALING_MODE),
    "state-as-string": when("GSW_CAMPAIGN_GROUP_STATE", "5"),
    "text-plain": lambda seen: any_of("life", lambda m: m.kind == "text/plain", seen),
    "time-in-seconds": lambda seen: any(v.isdigit() for v in seen.values("GSW_DATE_TIME")),
    "time-of-sending": lambda seen: delay(seen) < 0.15,
    "truncates-queue-name": when("GSW_QUEUE_NAME", "q" * 64),
    "waits-for-receiver": lambda seen: seen.took["stall"] > 0.2,
    "windows-1252": partial(any_of, "life", not_utf8),
    "zero-interval-as-default": lambda seen: any_of("zero", lambda m: not m.event, seen),
}
"""How each deviation shows in what it sent."""


def test_every_deviation_is_proven_here_and_says_how_it_is_wrong() -> None:
    assert set(WRONG) == set(deviations())
    for each in deviations().values():
        assert re.fullmatch(r"[A-Z].*\.", each.sentence), each.name
        assert "\n" not in each.sentence
        assert re.fullmatch(r"[a-z0-9.-]+\.[a-z0-9-]+", each.primary), each.name
        assert each.primary not in each.consequences
        assert all(each.consequences.values())


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_broken_emitter_is_wrong_in_the_way_it_says_and_the_right_one_is_not(
    played: Mapping[str, Seen], name: str
) -> None:
    assert WRONG[name](played[name])
    assert not WRONG[name](played["right"])


def test_the_right_emitter_reports_the_scene_as_it_was(played: Mapping[str, Seen]) -> None:
    seen = played["right"]
    assert seen.of("off") == seen.of("off again") == []
    assert Counter(seen.values("GSW_CAMPAIGN_GROUP_ACTION")) == {7: 2, 9: 4, 10: 2, 11: 1, 8: 4}
    assert seen.gaps("unloaded") == []
    assert [one.target for one in seen.of("elsewhere")] == ["/other?key=1"]
