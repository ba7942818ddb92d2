"""Reads what the capture server records, once, sorts it by group, and wakes whoever waits for that group."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

from cgstate.evidence import GroupConfiguration
from cgstate.judge.message import Message, read_message
from cgstate.judge.trace.attribution import Attribution
from cgstate.sources.capture import CaptureServer

T = TypeVar("T")


class Feed:
    """All messages so far, read on a thread of its own: judging a body never holds up the capture server."""

    def __init__(self, capture: CaptureServer) -> None:
        """Follow the capture server."""
        self._capture = capture
        self._news = threading.Condition()
        self._messages: list[Message] = []
        self._by_group: dict[tuple[int, int], list[Message]] = defaultdict(list)
        self._attribution = Attribution({})
        self._owners: dict[int, tuple[int, int]] = {}
        self._ended = False
        self._read = 0
        self._thread = threading.Thread(target=self._follow, name="cgstate-feed", daemon=True)
        self._thread.start()

    def know(self, group: GroupConfiguration) -> None:
        """Take note of a new group, before anything can come of it."""
        with self._news:
            self._attribution.add(group)

    @property
    def messages(self) -> tuple[Message, ...]:
        """All messages so far, by number; what was recorded before this call is among them."""
        last = len(self._capture.exchanges)
        with self._news:
            self._news.wait_for(lambda: self._read >= last or self._ended, timeout=60)
            return tuple(self._messages)

    def of(self, key: tuple[int, int]) -> tuple[Message, ...]:
        """Return the messages of one group so far."""
        with self._news:
            return tuple(self._by_group.get(key, ()))

    def group_of(self, number: int) -> tuple[int, int] | None:
        """Return whose message the exchange of that number holds, if anybody's."""
        with self._news:
            return self._owners.get(number)

    def await_group(
        self,
        key: tuple[int, int],
        found: Callable[[tuple[Message, ...]], T | None],
        seconds: float,
        given_up: Callable[[], bool] = lambda: False,
    ) -> T | None:
        """Wait until `found` finds something among the group's messages; None when the time or the run is over.

        `given_up` is asked whenever something comes, and after each `look_again`.
        """
        until = time.monotonic() + seconds
        seen = -1

        def news() -> bool:
            return len(self._by_group.get(key, ())) != seen or self._ended or given_up()

        while True:
            left = until - time.monotonic()
            with self._news:
                self._news.wait_for(news, timeout=max(left, 0.0))
                messages = tuple(self._by_group.get(key, ()))
            if len(messages) == seen:
                return None
            seen = len(messages)
            # Looked at without the lock: what comes meanwhile is looked at together, so that a burst costs no more
            # than a few looks.
            result = found(messages)
            if result is not None or left <= 0:
                return result

    def look_again(self) -> None:
        """Let whoever waits ask whether that has been given up."""
        with self._news:
            self._news.notify_all()

    def interrupt(self) -> None:
        """End all waits now and for good."""
        with self._news:
            self._ended = True
            self._news.notify_all()

    @property
    def interrupted(self) -> bool:
        """Whether waiting is over."""
        return self._ended

    def close(self) -> None:
        """Stop following; the thread ends by itself, nobody waits for it."""
        self.interrupt()

    def _follow(self) -> None:
        while not self._ended:
            new = self._capture.await_until(lambda exchanges: tuple(exchanges) or None, 0.5, since=self._read)
            if not new:
                continue
            # One message at a time: whoever waits for the first of a burst need not wait for its last.
            for exchange in new:
                message = read_message(exchange, self._capture.traits)
                with self._news:
                    self._read += 1
                    self._messages.append(message)
                    key = self._attribution.of(message)
                    if key is not None:
                        self._by_group[key].append(message)
                        self._owners[exchange.number] = key
                    self._news.notify_all()
