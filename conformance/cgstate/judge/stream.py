"""Judges a recording of any length, one message after another, in memory that does not grow with it."""

from collections.abc import Callable, Iterable, Iterator

from cgstate.evidence import Exchange, Traits
from cgstate.judge.message import Message, read_message
from cgstate.judge.ruling import Ruling, one_fault_one_accusation
from cgstate.judge.trace import recorded
from cgstate.specification.registry import registry

Take = Callable[[Ruling, Exchange], None]


def judge_stream(exchanges: Iterable[Exchange], traits: Traits, take: Take) -> int:
    """Hand each ruling and the exchange it is about to `take`; return how many exchanges there were.

    The rulings are those of `cgstate.judge.judge.judge` on the same exchanges, in another order.
    """
    needed = registry().prerequisites
    faults: dict[int, tuple[Ruling, ...]] = {}
    count = 0
    current: Exchange | None = None

    def read() -> Iterator[Message]:
        nonlocal count, current
        for exchange in exchanges:
            message = read_message(exchange, traits)
            count, current = count + 1, exchange
            broken = tuple(ruling for ruling in message.rulings if ruling.fault is not None)
            if broken:
                faults[exchange.number] = broken
            for ruling in one_fault_one_accusation(message.rulings, needed) if broken else message.rulings:
                take(ruling, exchange)
            yield message

    # The rule asks for one message after another and rules on the one it was given last.
    for ruling in recorded.rule_on_not_loaded(read()):
        of_these = [fault for number in ruling.exchanges for fault in faults.get(number, ())]
        if current is not None and ruling in one_fault_one_accusation([*of_these, ruling], needed):
            take(ruling, current)
    return count
