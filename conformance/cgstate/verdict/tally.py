"""Counts rulings as they come; keeps of those with the same fault the one to show, so that memory does not grow."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from cgstate.evidence import Act, Exchange
from cgstate.judge.ruling import Ruling
from cgstate.redact import redact
from cgstate.verdict.verdict import Failure

MOST_CHARACTERS = 20_000
"""Of a message that are kept to be shown; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a fault was seen: the case in words, and the command lines that repeat it."""

    case: str = ""
    commands: tuple[str, ...] = ()


Teller = Callable[[Exchange | None, Act | None], Scene]
"""Tells the scene of the message at fault (if there is one) and of the act it belongs to (if one is known)."""


def no_scene(_exchange: Exchange | None, act: Act | None) -> Scene:
    """Tell only what the act says of itself."""
    return Scene(act.case if act else "")


@dataclass(slots=True)
class _Cause:
    """What is kept of all rulings of one requirement with the same sentence."""

    ruling: Ruling
    exchange: Exchange | None
    act: Act | None
    times: int = 1


class Tally:
    """How often each requirement was judged, and the first, smallest example of each fault."""

    def __init__(self) -> None:
        """Begin with nothing judged."""
        self.times: Counter[str] = Counter()
        """Requirement id to the number of rulings."""
        self._causes: dict[tuple[str, str], _Cause] = {}

    def add(self, ruling: Ruling, exchange: Exchange | None = None, act: Act | None = None) -> None:
        """Count a ruling; `exchange` and `act` are the message and the request to show if it holds a fault."""
        self.times[ruling.requirement] += 1
        if ruling.fault is None:
            return
        cause = (ruling.requirement, ruling.fault.sentence)
        kept = self._causes.get(cause)
        if kept is None:
            self._causes[cause] = _Cause(ruling, exchange, act)
            return
        kept.times += 1
        if _size(exchange) < _size(kept.exchange):
            kept.ruling, kept.exchange, kept.act = ruling, exchange, act

    def failures(self, tell: Teller = no_scene) -> tuple[Failure, ...]:
        """Return one failure for each requirement and fault sentence, in the order in which they were first seen."""
        return tuple(
            replace(failure_of(kept.ruling, kept.exchange, tell(kept.exchange, kept.act)), times=kept.times)
            for kept in self._causes.values()
        )


def _size(exchange: Exchange | None) -> tuple[bool, int]:
    return (exchange is None, 0 if exchange is None else len(exchange.body))


def failure_of(ruling: Ruling, exchange: Exchange | None, scene: Scene) -> Failure:
    """Return the block of one ruling that holds a fault."""
    if ruling.fault is None:
        raise ValueError(f"{ruling.requirement} is met: there is nothing to report")
    return Failure(
        requirement=ruling.requirement,
        sentence=ruling.fault.sentence,
        expected=redact(ruling.fault.expected),
        seen=redact(ruling.fault.seen),
        message=None if exchange is None else message_text(exchange.body),
        case=redact(scene.case),
        curl=tuple(redact(command) for command in scene.commands),
    )


def message_text(body: bytes) -> str:
    r"""Return a body as text: bytes that are no UTF-8 as ``\xNN``, what is too long cut off and counted."""
    text = redact(body[: 4 * MOST_CHARACTERS].decode("utf-8", "backslashreplace"))
    if len(text) <= MOST_CHARACTERS and len(body) <= 4 * MOST_CHARACTERS:
        return text
    return f"{text[:MOST_CHARACTERS]}... (cut; {len(body)} bytes in all)"
