"""Builds the blocks of the report from rulings and the evidence they rest on; folds those with the same cause."""

from collections.abc import Iterable
from dataclasses import replace

from cgstate.evidence import Evidence
from cgstate.judge.ruling import Ruling
from cgstate.sending import ReceiverEvidence
from cgstate.verdict.tally import Tally, Teller, no_scene
from cgstate.verdict.verdict import Failure

__all__ = ["Teller", "failures", "fold", "no_scene", "tally"]


def tally(rulings: Iterable[Ruling], evidence: Evidence | ReceiverEvidence) -> Tally:
    """Count the rulings and find, for each fault, the message and the act to show."""
    exchanges = {exchange.number: exchange for exchange in evidence.exchanges}
    # A receiver is asked for nothing: the messages are the requests.
    acts = {act.number: act for act in evidence.acts} if isinstance(evidence, Evidence) else {}
    counted = Tally()
    for ruling in rulings:
        if ruling.fault is None:
            counted.add(ruling)
            continue
        exchange = next((exchanges[n] for n in ruling.exchanges if n in exchanges), None)
        # The last one: what repeats it begins with the group's first act and ends here.
        act = next((acts[n] for n in sorted(ruling.acts, reverse=True) if n in acts), None)
        counted.add(ruling, exchange, act)
    return counted


def failures(
    rulings: Iterable[Ruling], evidence: Evidence | ReceiverEvidence, tell: Teller = no_scene
) -> tuple[Failure, ...]:
    """Return one failure for each requirement and fault sentence, in the order in which they were first seen.

    Of several messages with the same fault the smallest is shown, of equally small ones the first.
    """
    return tally(rulings, evidence).failures(tell)


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
