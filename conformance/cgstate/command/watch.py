"""``cgstate watch``: take what an emitter sends, say what each notification is, and judge all of it at the end."""

import queue
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

import click

from cgstate import clock
from cgstate.command.errors import Stopped
from cgstate.command.options import Address, Judging, address, judging_options, seconds
from cgstate.specification.registry import Role, registry
from cgstate.verdict.verdict import ExitStatus, Verdict

if TYPE_CHECKING:
    from types import FrameType

    from cgstate.evidence import Exchange
    from cgstate.judge.message import Message
    from cgstate.sources.capture import CaptureServer

ROLES = frozenset({Role.MESSAGE, Role.EMITTER, Role.TRACE})
_ENDLESS = 1e6
"""Seconds of one wait for requests: nothing happens between two of them."""
_NOTHING = (
    "nothing was received: is send-campaigngroup-states true, campaigngroup-states-uri the URI above, "
    "and that URI reachable from where the emitter runs?"
)
_Arrivals = queue.SimpleQueue["Exchange | None"]


@click.command(short_help="Take what an emitter sends and judge it.")
@click.option(
    "--listen", callback=address, default="127.0.0.1:0", metavar="HOST:PORT", help="Where to listen (port 0: any)."
)
@click.option("--for", "within", type=float, callback=seconds, metavar="SECONDS", help="End after that time.")
@click.option(
    "--answer", type=click.IntRange(200, 599), default=200, metavar="STATUS", help="HTTP status of every answer."
)
@judging_options
def watch(*, listen: Address, within: float | None, answer: int, judging: Judging) -> ExitStatus:
    """Take what an emitter sends and judge it.

    Prints the URI to configure in the emitter, then a line for each notification. Ctrl-C, or the end of
    --for, ends it with the verdict.
    """
    from cgstate.faces.deliver import deliver  # noqa: PLC0415 - late: --help is quick
    from cgstate.sources.capture import CannotListen, CaptureServer, Status  # noqa: PLC0415

    judging.chosen(registry(), ROLES)
    out = judging.reports.console
    began, started = clock.now(), time.time()
    arrivals: _Arrivals = queue.SimpleQueue()
    try:
        with _ending(arrivals, within), CaptureServer(listen.host, listen.port) as capture:
            capture.answer_with(lambda _: Status(answer))
            click.echo(f"Set campaigngroup-states-uri to {capture.uri}/ in the emitter. Ctrl-C ends.", file=out)
            messages = _follow(capture, arrivals, out)
    except CannotListen as error:
        raise Stopped(str(error)) from error
    verdict = _verdict(messages, capture, judging, started, clock.now() - began)
    click.echo("", file=out)
    deliver(verdict, judging.reports, verbose=judging.verbose)
    return verdict.status


@contextmanager
def _ending(arrivals: _Arrivals, within: float | None) -> Iterator[None]:
    """Put None among the arrivals at Ctrl-C, at SIGTERM and when the time is over: the regular ends of watching."""

    def end(_number: int, _frame: "FrameType | None") -> None:
        arrivals.put(None)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    timer = threading.Timer(within, arrivals.put, [None]) if within is not None else None
    try:
        if timer is not None:
            timer.daemon = True
            timer.start()
        yield
    finally:
        if timer is not None:
            timer.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)


def _follow(capture: "CaptureServer", arrivals: _Arrivals, out: IO[str]) -> "list[Message]":
    """Write the lines of each notification as it comes, until None arrives; return all that came."""
    from cgstate.faces.notification import notification_lines  # noqa: PLC0415
    from cgstate.judge.message import read_message  # noqa: PLC0415
    from cgstate.judge.ruling import one_fault_one_accusation  # noqa: PLC0415

    rules = registry()
    messages: list[Message] = []

    def take(exchanges: "Sequence[Exchange]", *, say: bool) -> None:
        for exchange in exchanges:
            message = read_message(exchange, capture.traits)
            messages.append(message)
            rulings = one_fault_one_accusation(message.rulings, rules.prerequisites)
            if say:
                for line in notification_lines(exchange, message.value, rulings, rules.requirements):
                    click.echo(line, file=out)

    # A thread waits for requests, so that this one can be woken by a signal at any time.
    threading.Thread(target=_feed, args=(capture, arrivals), name="cgstate-watch", daemon=True).start()
    say = True
    while (exchange := arrivals.get()) is not None:
        try:
            take([exchange], say=say)
        except BrokenPipeError:
            say = False
    capture.stop()
    take(capture.since(len(messages)), say=say)
    return messages


def _feed(capture: "CaptureServer", arrivals: _Arrivals) -> None:
    seen = 0
    while True:
        for exchange in capture.await_until(lambda found: found, _ENDLESS, since=seen) or ():
            arrivals.put(exchange)
            seen = exchange.number


def _verdict(
    messages: "Sequence[Message]", capture: "CaptureServer", judging: Judging, started: float, took: float
) -> Verdict:
    from cgstate.evidence import Evidence  # noqa: PLC0415
    from cgstate.judge.judge import judge  # noqa: PLC0415
    from cgstate.verdict.conclude import Judged, conclude  # noqa: PLC0415
    from cgstate.verdict.scene import teller  # noqa: PLC0415

    rules = registry()
    chosen = judging.chosen(rules, ROLES)
    evidence = Evidence(capture.traits, tuple(message.exchange for message in messages), ended=clock.now())
    notes = [f"requests: {len(messages)}, connections: {capture.connections}"] if messages else [_NOTHING]
    return conclude(
        rules,
        evidence,
        judge(evidence, messages),
        Judged(f"what was sent to {capture.uri}", "none (watching)", started, took),
        judging.facts(chosen),
        roles=ROLES,
        tell=teller(evidence, None),
        left_out=chosen.left_out,
        notes=notes,
    )
