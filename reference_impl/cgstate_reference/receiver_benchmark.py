"""How fast the reference receiver takes notifications: ``python -m cgstate_reference.receiver_benchmark``.

Sends the same messages over the same number of kept connections by the same client to the receiver, storing into a
file, and to a bare server that parses JSON and answers 204; in turns, so that a busy machine slows both. Processor time
includes the start of each; the rest of the receiver's time is waiting for the disk, before it answers.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from cgstate_reference.process import processor_seconds, program, receiver_process

_HEAD = "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
_BODY = (
    '{{"GSW_TENANT_NAME":"Resources","GSW_TENANT_CCID":"17a5b3c2-5b6f-4f2b-9d3f-9f2d6c1f0b11",'
    '"GSW_CAMPAIGN_GROUP_NAME":"Spring@Sales","GSW_CAMPAIGN_GROUP_GUID":"benchmark-{number}",'
    '"GSW_GROUP_NAME":"Sales","GSW_CAMPAIGN_NAME":"Spring","GSW_QUEUE_NAME":"8000@switch","GSW_DIAL_MODE":1,'
    '"GSW_OPTIMIZE_BY":1,"GSW_OPTIMIZE_GOAL":80,"GSW_CAMPAIGN_GROUP_STATE":5,"GSW_CAMPAIGN_GROUP_ACTION":9,'
    '"GSW_CAMPAIGN_GROUP_ACTOR":1,"GSW_DATE_TIME":"1527516447.250","GSW_STAT_BUSY_FACTOR":0.85,'
    '"GSW_STAT_OVERDIAL_RATE":0.03,"GSW_STAT_HIT_RATIO":0.4,"GSW_STAT_TIME_TO_COMPLETE":null}}'
)
_GROUPS = 50


def requests(uri: str, number: int) -> list[bytes]:
    """Return whole requests to `uri`, of some Campaign Groups in turn."""
    parts = urlsplit(uri)
    bodies = [_BODY.format(number=group) for group in range(_GROUPS)]
    made = [_HEAD.format(path=parts.path, host=parts.netloc, length=len(body)) + body for body in bodies]
    return [made[one % _GROUPS].encode() for one in range(number)]


async def measure(uri: str, number: int, connections: int) -> float:
    """Return the seconds that `number` exchanges over `connections` take; raises `RuntimeError` at another than 204."""
    parts = urlsplit(uri)
    waiting = iter(requests(uri, number))
    opened = [await asyncio.open_connection(parts.hostname, parts.port) for _ in range(connections)]
    began = time.perf_counter()
    await asyncio.gather(*(_send(waiting, *streams) for streams in opened))
    took = time.perf_counter() - began
    for _, writer in opened:
        writer.close()
    return took


async def _send(waiting: Iterator[bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for request in waiting:
        writer.write(request)
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 204"):
            raise RuntimeError(f"it answers {answer.splitlines()[0]!r}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark, print its figures and return the exit status."""
    parser = argparse.ArgumentParser(prog="cgstate_reference.receiver_benchmark", description=__doc__)
    parser.add_argument("--exchanges", type=int, default=4000, help="in each round (%(default)s)")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args(arguments)
    took: dict[str, list[float]] = {"receiver": [], "bare server": []}
    with (
        tempfile.TemporaryDirectory() as folder,
        receiver_process("--store", str(Path(folder) / "benchmark.sqlite")) as (process, receiver),
        program("bare") as (bare_process, bare),
    ):
        for _ in range(asked.rounds):
            for name, uri in (("receiver", receiver), ("bare server", bare)):
                took[name].append(asyncio.run(measure(uri, asked.exchanges, asked.connections)))
        exchanges = asked.exchanges * asked.rounds
        busy = [1e6 * processor_seconds(one.pid) / exchanges for one in (process, bare_process)]
    ratios = [mine / its for mine, its in zip(took["receiver"], took["bare server"], strict=True)]
    for (name, seconds), each in zip(took.items(), busy, strict=True):
        per_second = asked.exchanges / statistics.median(seconds)
        sys.stdout.write(f"{name:12} {per_second:7.0f} exchanges/s, {each:4.0f} us of a processor for each\n")
    shown = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    sys.stdout.write(f"time         {statistics.median(ratios):7.2f} of the bare server's ({shown})\n")
    sys.stdout.write(f"processor    {busy[0] / (busy[1] or 1):7.2f} of the bare server's\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
