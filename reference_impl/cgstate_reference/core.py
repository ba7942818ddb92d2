"""The emitter itself: Campaign Groups, options, and what is reported of them."""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cgstate_reference.codes import ACTIVE_STATES, Action, Cause
from cgstate_reference.group import DialingRequest, GroupConfiguration, Key
from cgstate_reference.life_cycle import Event, LifeCycle
from cgstate_reference.notifier import Notifier, Outcome
from cgstate_reference.options import Options, read_options
from cgstate_reference.pacer import Pacer
from cgstate_reference.statistics import statistics
from cgstate_reference.writer import Writer


class UnknownGroup(Exception):  # noqa: N818 - named for the fact
    """No Campaign Group of these ids is configured."""


class Emitter:
    """What an outbound contact server is to its clients; lives in one event loop."""

    sampled_in = ACTIVE_STATES
    """States in which periodic messages are sent."""

    def __init__(self, writer: Writer, notifier: Notifier, life_cycle: type[LifeCycle], pacer: type[Pacer]) -> None:
        """Begin without a group and with the default options; needs a running event loop."""
        self.writer = writer
        self.notifier = notifier
        self.life_cycle = life_cycle
        self.pacer = pacer(self.sample)
        self.options = Options()
        self.groups: dict[Key, LifeCycle] = {}
        self._drains: dict[Key, asyncio.TimerHandle] = {}

    def now(self) -> float:
        """Return Unix time in seconds."""
        return time.time()

    def set_options(self, options: Options) -> None:
        """Change the options; they take effect at once."""
        self.options = options
        self.notifier.set_options(options)
        self.pacer.set_interval(options.interval if options.on else 0)

    def read_options(self, data: object) -> Options:
        """Read options as clients send them, what is left out as its default; raises `Unreadable`."""
        return read_options(data)

    def configure(self, group: GroupConfiguration) -> None:
        """Configure a group that is not loaded; raises `NotPossible` if it is."""
        life = self.groups.get(group.key)
        if life is None:
            self.groups[group.key] = self.life_cycle(group)
        else:
            life.configure(group)

    def delete(self, key: Key) -> None:
        """Take a group away whatever its state, without a notification."""
        self.groups.pop(key, None)
        self.pacer.leave(key)
        drain = self._drains.pop(key, None)
        if drain is not None:
            drain.cancel()

    def life(self, key: Key) -> LifeCycle:
        """Return a group's life; raises `UnknownGroup`."""
        try:
            return self.groups[key]
        except KeyError:
            raise UnknownGroup(f"no Campaign Group {key[1]} of campaign {key[0]} is configured") from None

    async def request(self, key: Key, action: Action, asked: DialingRequest, cause: Cause) -> None:
        """Do what a client, the schedule or a condition asks for; raises `UnknownGroup` and `NotPossible`."""
        life = self.life(key)
        self.changed(life, life.request(action, asked, cause, self.now()))

    def changed(self, life: LifeCycle, events: Iterable[Event]) -> None:
        """Report events of a group and see to what follows from its new state."""
        for event in events:
            self.notifier.report(event)
        key = life.group.key
        if life.state in self.sampled_in:
            self.pacer.follow(key)
        else:
            self.pacer.leave(key)
        if life.next_step_in is not None and key not in self._drains:
            loop = asyncio.get_running_loop()
            self._drains[key] = loop.call_later(life.next_step_in, self._step, life)

    def sample(self, key: Key) -> None:
        """Send the periodic message of a group."""
        life = self.groups.get(key)
        event = None if life is None else life.sample(self.now())
        if event is not None:
            self.notifier.report(event, statistics(event))

    async def close(self, grace: float = 0.5) -> None:
        """Stop all that moves by itself and give what is on its way `grace` seconds."""
        for drain in self._drains.values():
            drain.cancel()
        self.pacer.close()
        await self.notifier.close(grace)

    def _step(self, life: LifeCycle) -> None:
        del self._drains[life.group.key]
        self.changed(life, life.step(self.now()))


@dataclass(frozen=True, slots=True)
class Parts:
    """The classes an emitter is made of; a broken emitter replaces one of them."""

    emitter: type[Emitter] = Emitter
    life_cycle: type[LifeCycle] = LifeCycle
    writer: type[Writer] = Writer
    notifier: type[Notifier] = Notifier
    pacer: type[Pacer] = Pacer


def build(parts: Parts, told: Callable[[Outcome], object] | None = None) -> Emitter:
    """Put an emitter together; `told` is called with what becomes of each notification. Needs a running event loop."""
    writer = parts.writer()
    return parts.emitter(writer, parts.notifier(writer, told=told), parts.life_cycle, parts.pacer)
