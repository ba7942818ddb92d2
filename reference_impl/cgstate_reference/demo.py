"""Traffic for whoever builds a receiver: ``python -m cgstate_reference.demo --to URI``.

Plays the lives of some Campaign Groups against a URI and prints what happens, line by line.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

from cgstate_reference.codes import ACTIVE_STATES, REQUESTS, Action, Cause, State
from cgstate_reference.core import Emitter, Parts, build
from cgstate_reference.group import DialingRequest, GroupConfiguration, Unreadable
from cgstate_reference.life_cycle import LifeCycle
from cgstate_reference.log import redacted, shown
from cgstate_reference.notifier import Outcome
from cgstate_reference.options import Options, checked_uri
from cgstate_reference.scenes import group, life

Say = Callable[[str], object]

_NAMES = {action: name for name, action in REQUESTS.items()}
_GOLDEN = 0.6180339887498949
_STAGGER = 0.3
_ALL_BEGUN = 5.0
_FAREWELL = 10.0
_MARGIN = 0.2


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the notifications of a demonstration."""

    delivered: int = 0
    failed: int = 0


class Reporter:
    """Says each notification in a line, and once what is the matter with the receiver."""

    def __init__(self, say: Say) -> None:
        """Say lines with `say`, without a line feed."""
        self.say = say
        self.tally = Tally()
        self._failure: str | None = None

    def told(self, outcome: Outcome) -> None:
        """Take note of what became of a notification."""
        if outcome.failure != self._failure:
            uri = redacted(outcome.uri)
            self.say(
                f"{uri} takes notifications again"
                if outcome.failure is None
                else f"nothing gets through to {uri}: {outcome.failure}; going on, nothing is sent again"
            )
            self._failure = outcome.failure
        if outcome.failure is None:
            self.tally = replace(self.tally, delivered=self.tally.delivered + 1)
        else:
            self.tally = replace(self.tally, failed=self.tally.failed + 1)
        self.say(_line(outcome))


def _line(outcome: Outcome) -> str:
    event = outcome.notification.event
    what = "periodic" if outcome.notification.statistics is not None else _NAMES[event.action]
    if outcome.notification.statistics is None and event.cause is not Cause.CLIENT:
        what += f" by {event.cause.value}"
    mode = f" mode {event.dialing.mode}" if event.state is State.RUNNING else ""
    lost = "" if outcome.failure is None else "  (not delivered)"
    time = datetime.fromtimestamp(event.at, UTC).strftime("%H:%M:%S.%f")[:-3]
    name = shown(event.group.name) if not event.group.name.isprintable() else event.group.name
    return f"{time}  {name:28} {what:30} -> {event.state.value} {event.state.name}{mode}{lost}"


def demonstrate(
    uri: str,
    *,
    groups: int = 5,
    seconds: float | None = None,
    interval: float = 10,
    pause: float = 4.0,
    say: Say | None = None,
) -> Tally:
    """Play the lives of `groups` Campaign Groups against `uri` and return what became of the notifications.

    It ends after `seconds`, or at SIGINT or SIGTERM, and unloads every group before. `interval` is that of periodic
    messages and `pause` the usual time between two actions of a group, in seconds; `say` takes lines (default:
    standard output). The GUIDs begin with ``cgstate-``, so that what a real receiver has stored can be found again.
    Raises `Unreadable` (a ValueError) for what is no http or https URI.
    """
    checked_uri(uri)
    reporter = Reporter(say or _print)
    return asyncio.run(_demonstrate(Options(True, uri, interval), reporter, groups, seconds, pause))


async def _demonstrate(options: Options, reporter: Reporter, groups: int, seconds: float | None, pause: float) -> Tally:
    run = uuid4().hex[:8]

    class Found(LifeCycle):
        """A group whose GUID shows where it comes from."""

        def new_guid(self) -> str:
            return f"cgstate-{run}-{uuid4().hex}"

    emitter = build(replace(Parts(), life_cycle=Found), reporter.told)
    emitter.set_options(options)
    uri = redacted(options.uri or "")
    reporter.say(
        f"playing {groups} Campaign Groups against {uri}; their GUIDs begin with cgstate-{run}-, times are UTC"
    )
    stagger = min(_STAGGER, _ALL_BEGUN / groups)
    configured = [group(number) for number in range(groups)]
    lives = [asyncio.create_task(_live(emitter, one, number * stagger, pause)) for number, one in enumerate(configured)]
    try:
        await _until_told(seconds, lives)
    finally:
        for one in lives:
            one.cancel()
        await asyncio.gather(*lives, return_exceptions=True)
        await _unload_all(emitter)
        await emitter.close(_FAREWELL)
    tally = reporter.tally
    reporter.say(f"{tally.delivered} notifications delivered, {tally.failed} failed")
    return tally


async def _until_told(seconds: float | None, lives: Iterable[asyncio.Task[None]]) -> None:
    """Wait for the time to be over, or for a signal; a second one is not ours any more."""
    loop = asyncio.get_running_loop()
    end = asyncio.Event()
    signals = (signal.SIGTERM, signal.SIGINT)
    # Neither on Windows nor outside the main thread.
    with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
        for number in signals:
            loop.add_signal_handler(number, end.set)
    told = loop.create_task(end.wait())
    over, _ = await asyncio.wait({told, *lives}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
        for number in signals:
            loop.remove_signal_handler(number)
    for one in over:
        one.result()  # a life has no end of its own: if it ended, this raises why


async def _live(emitter: Emitter, configured: GroupConfiguration, wait: float, pause: float) -> None:
    """Lead one life after the other."""
    emitter.configure(configured)
    steps = count(configured.group_id)
    await asyncio.sleep(wait)
    for turn in count():
        for scene in life(configured, turn):
            await emitter.request(configured.key, scene.action, scene.dialing, scene.cause)
            await asyncio.sleep(pause * (0.5 + next(steps) * _GOLDEN % 1))
        await asyncio.sleep(configured.drain_seconds)


async def _unload_all(emitter: Emitter) -> None:
    """Unload what is loaded, and wait for calls to drain."""
    drain = 0.0
    for one in emitter.groups.values():
        if one.state in ACTIVE_STATES:
            await emitter.request(one.group.key, Action.UNLOAD, DialingRequest(), Cause.CLIENT)
        if one.state is not State.NOT_LOADED:
            drain = max(drain, one.group.drain_seconds)
    if drain:
        await asyncio.sleep(drain + _MARGIN)


def _print(line: str) -> None:
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # Nobody reads any more: end as if asked to, and say the rest to nobody.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the process ends
        signal.raise_signal(signal.SIGTERM)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def _groups(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not int(text):
        raise argparse.ArgumentTypeError("the number of groups is 1 or more")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demonstration; 1: nothing was delivered, 2: usage."""
    parser = _Parser(prog="cgstate_reference.demo", description="Plays Campaign Groups against a receiver.")
    parser.add_argument("--to", required=True, metavar="URI", help="where to POST notifications")
    parser.add_argument("--groups", type=_groups, default=5, help="how many (%(default)s)")
    parser.add_argument("--for", type=float, dest="seconds", metavar="SECONDS", help="how long; else until Ctrl-C")
    parser.add_argument("--interval", type=float, default=10, help="of periodic messages, in seconds (%(default)s)")
    asked = parser.parse_args(arguments)
    try:
        tally = demonstrate(asked.to, groups=asked.groups, seconds=asked.seconds, interval=asked.interval)
    except Unreadable as fact:
        parser.error(str(fact))
    except KeyboardInterrupt:
        return 0
    return 0 if tally.delivered else 1


if __name__ == "__main__":
    sys.exit(main())
