"""Builds the blocks of the report: failures with the same cause folded into one, with all that repeats it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from cgstate.evidence import Act, Evidence, Exchange
from cgstate.judge.ruling import Ruling
from cgstate.verdict.redact import redact
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


def failures(rulings: Iterable[Ruling], evidence: Evidence, tell: Teller = no_scene) -> tuple[Failure, ...]:
    """Return one failure for each requirement and fault sentence, in the order in which they were first seen.

    Of several messages with the same fault the smallest is shown, of equally small ones the first.
    """
    exchanges = {exchange.number: exchange for exchange in evidence.exchanges}
    acts = {act.number: act for act in evidence.acts}
    times: dict[tuple[str, str], int] = {}
    chosen: dict[tuple[str, str], tuple[tuple[bool, int], Ruling]] = {}
    for ruling in rulings:
        if ruling.fault is None:
            continue
        cause = (ruling.requirement, ruling.fault.sentence)
        times[cause] = times.get(cause, 0) + 1
        shown = exchanges.get(ruling.exchanges[0]) if ruling.exchanges else None
        size = (shown is None, len(shown.body) if shown else 0)
        if cause not in chosen or size < chosen[cause][0]:
            chosen[cause] = (size, ruling)
    built = []
    for cause, (_, ruling) in chosen.items():
        exchange = next((exchanges[n] for n in ruling.exchanges if n in exchanges), None)
        # The last one: what repeats it begins with the group's first act and ends here.
        act = next((acts[n] for n in sorted(ruling.acts, reverse=True) if n in acts), None)
        built.append(replace(failure_of(ruling, exchange, tell(exchange, act)), times=times[cause]))
    return tuple(built)


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


def fold(blocks: Iterable[Failure]) -> tuple[Failure, ...]:
    """Merge failures of one requirement with the same sentence: the first, smallest message; times added up.

    One that came back when judged again is shown rather than one that did not.
    """
    folded: dict[tuple[str, str], Failure] = {}
    for block in blocks:
        cause = (block.requirement, block.sentence)
        before = folded.get(cause)
        if before is None:
            folded[cause] = block
            continue
        shown = block if _weight(block) < _weight(before) else before
        folded[cause] = replace(shown, times=before.times + block.times)
    return tuple(folded.values())


def _weight(block: Failure) -> tuple[bool, bool, bool, int]:
    message = block.message
    return (block.unstable, block.replay is None, message is None, len(message or ""))
