"""How well the reference emitter keeps its periods: ``python -m cgstate_reference.benchmark``.

Starts the emitter and a bare receiver as two processes (this one is the receiver), loads many groups, watches some
default periods and prints how far each period was from what it should be.
"""

import argparse
import asyncio
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

import aiohttp

from cgstate_reference.options import ENABLED, INTERVAL, URI
from cgstate_reference.process import emitter_process, processor_seconds

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_NAME = re.compile(rb'"GSW_CAMPAIGN_GROUP_NAME":"([^"]*)"')
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
_LOADERS = 16


class Receiver(asyncio.Protocol):
    """Takes notifications, notes when each arrived, and answers 200: as little as a receiver can do."""

    def __init__(self, periodic: dict[bytes, list[float]], events: dict[bytes, int]) -> None:
        """Note arrivals of periodic messages and the number of events, both by group, in the given dictionaries."""
        self._periodic = periodic
        self._events = events
        self._read = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what answers go to."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is whole."""
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._read, 0, end)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._read) < whole:
                return
            self._note(self._read[end + 4 : whole])
            self._read = self._read[whole:]
            if self._transport is not None:
                self._transport.write(_ANSWER)

    def _note(self, body: bytes) -> None:
        name = _NAME.search(body)
        if name is None:
            return
        if b'"GSW_STAT_HIT_RATIO"' in body:
            self._periodic[name[1]].append(time.perf_counter())
        else:
            self._events[name[1]] += 1


async def measure(base: str, pid: int, groups: int, periods: int, interval: float) -> list[str]:
    """Load `groups` groups, watch `periods` periods of `interval` seconds, and return what is to be printed."""
    periodic: dict[bytes, list[float]] = defaultdict(list)
    events: dict[bytes, int] = defaultdict(int)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Receiver(periodic, events), "127.0.0.1", 0, backlog=1024)
    uri = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/states"
    async with aiohttp.ClientSession() as session:
        options = {ENABLED: True, URI: uri, INTERVAL: interval}
        await _call(session, "PUT", f"{base}/conformance/options", options)
        began = time.perf_counter()
        numbers = iter(range(groups))
        await asyncio.gather(*(_load(session, base, numbers) for _ in range(_LOADERS)))
        loaded = time.perf_counter() - began
    # The first message comes within an interval, and then the periods are watched.
    await asyncio.sleep(interval)
    processor = processor_seconds(pid)
    watched = time.perf_counter()
    await asyncio.sleep(interval * periods + 0.5)
    busy = processor_seconds(pid) - processor
    watched = time.perf_counter() - watched
    server.close()

    gaps = [late - early for times in periodic.values() for early, late in pairwise(times)]
    off = sorted(abs(gap - interval) for gap in gaps)
    if not off:
        return ["no periods were seen"]
    fewest = min(map(len, periodic.values())) - 1
    messages = sum(len(times) for times in periodic.values()) + sum(events.values())
    return [
        f"groups              {len(events)} loaded in {loaded:.1f} s, {len(periodic)} seen with periodic messages",
        f"messages            {messages}",
        f"periods             {len(gaps)} of {interval:g} s, at least {fewest} of each group",
        f"off, median         {statistics.median(off) * 1000:.1f} ms",
        f"off, 99 of 100      {off[int(len(off) * 0.99)] * 1000:.1f} ms",
        f"off, worst          {off[-1] * 1000:.1f} ms",
        f"slipped             {sum(1 for gap in off if gap > max(0.15 * interval, 0.5))} (by more than 15 % and 0.5 s)",
        f"emitter's processor {busy:.1f} s in {watched:.1f} s, {100 * busy / watched:.0f} % of one core",
    ]


async def _load(session: aiohttp.ClientSession, base: str, numbers: Iterator[int]) -> None:
    for number in numbers:
        group = {"name": f"Campaign{number}@Group", "groupName": "Group", "tenantCcid": "benchmark", "dialMode": 1}
        await _call(session, "PUT", f"{base}/conformance/campaign-groups/1/{number}", group)
        await _call(session, "POST", f"{base}/load-campaign", {"data": {"campaignId": 1, "groupId": number}})


async def _call(session: aiohttp.ClientSession, method: str, uri: str, body: object) -> None:
    async with session.request(method, uri, json=body) as response:
        response.raise_for_status()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark, print its figures and return the exit status."""
    parser = argparse.ArgumentParser(prog="cgstate_reference.benchmark", description=__doc__)
    parser.add_argument("--groups", type=int, default=5000)
    parser.add_argument("--periods", type=int, default=3)
    parser.add_argument("--interval", type=float, default=10)
    asked = parser.parse_args(arguments)
    with emitter_process() as (process, base):
        lines = asyncio.run(measure(base, process.pid, asked.groups, asked.periods, asked.interval))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
