"""The exchanges recorded so far, for several threads to read and to wait on."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from cgstate.evidence import Exchange

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Waiter(Generic[T]):
    condition: Callable[[Sequence[Exchange]], T | None]
    over: threading.Event = field(default_factory=threading.Event)
    found: T | None = None
    error: BaseException | None = None

    def show(self, exchanges: Sequence[Exchange]) -> bool:
        """Show the condition these exchanges; return whether the wait is over."""
        try:
            self.found = self.condition(exchanges)
        except Exception as error:  # noqa: BLE001 - the caller's code; raised again on the caller's thread
            self.error = error
        if self.found or self.error is not None:
            self.over.set()
        return self.over.is_set()


class ExchangeLog:
    """Exchanges by number, without a gap.

    A wait is woken by the exchange it waits for and by no other: with dozens of cases side by side, waking
    all of them at every arrival costs more than everything else.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self._exchanges: list[Exchange] = []
        self._waiters: list[_Waiter[object]] = []
        self._lock = threading.Lock()

    @property
    def next_number(self) -> int:
        """The number of the next exchange; only who adds may rely on it."""
        return len(self._exchanges) + 1

    def add(self, exchange: Exchange) -> None:
        """Add the next exchange and end the waits that it fulfils."""
        with self._lock:
            self._exchanges.append(exchange)
            if self._waiters:
                shown = (exchange,)
                self._waiters = [waiter for waiter in self._waiters if not waiter.show(shown)]

    def all(self) -> tuple[Exchange, ...]:
        """Return all exchanges so far."""
        return tuple(self._exchanges)

    def since(self, number: int) -> tuple[Exchange, ...]:
        """Return the exchanges after that number."""
        return tuple(self._exchanges[number:])

    def await_until(self, condition: Callable[[Sequence[Exchange]], T | None], seconds: float, since: int) -> T | None:
        """Return the first true thing that `condition` finds in exchanges after `since`, or None after that time."""
        waiter: _Waiter[T] = _Waiter(condition)
        with self._lock:
            here = self._exchanges[since:]
            if not (here and waiter.show(here)):
                self._waiters.append(waiter)  # type: ignore[arg-type] # a waiter keeps its type to itself
        try:
            waiter.over.wait(min(max(0.0, seconds), threading.TIMEOUT_MAX))
        finally:  # an interrupt must not leave the condition behind
            with self._lock:
                if waiter in self._waiters:
                    self._waiters.remove(waiter)  # type: ignore[arg-type]
        if waiter.error is not None:
            raise waiter.error
        return waiter.found or None
