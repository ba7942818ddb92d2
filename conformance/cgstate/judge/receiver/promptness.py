"""A legal message is answered within the bound.

One slow answer is a pause of the receiver's memory manager, or of this machine: no fault. Accused is whoever answers
more than one in twenty messages late, or each of the messages that have something in common (two or more of them).
Not counted are messages that were not taken, and those of floods and of connections side by side: their answers wait
for the suite's own load.
"""

from collections import Counter
from collections.abc import Iterator
from statistics import median
from typing import Final

from cgstate.judge.checks import check
from cgstate.judge.receiver.scene import LOAD, Mark, Scene, own_requirement
from cgstate.judge.ruling import Ruling, broken, met

_MOST_SLOW: Final = 0.05
_FEWEST: Final = 2
_ID: Final = "answers.promptly"


@check(_ID)
def rule_on_promptness(scene: Scene) -> Iterator[Ruling]:
    """Hold the time of each answer against the bound."""
    bound = scene.evidence.answer_within
    judged = [s for s in scene.taken if own_requirement(s.parcel) not in LOAD]
    slow = [sending for sending in judged if sending.seconds > bound]
    common = _common(scene, {s.parcel.number for s in slow})
    usual = median(s.seconds for s in judged) if judged else 0.0
    generally = len(slow) >= _FEWEST and len(slow) > _MOST_SLOW * len(judged)
    for sending in judged:
        number = sending.parcel.number
        of_it = [mark for mark in common if mark in scene.marks(sending.parcel)]
        if sending.seconds <= bound or not (generally or of_it):
            yield met(_ID, [number])
            continue
        what = "messages are" if generally else f"a message {of_it[0].words} is"
        yield broken(
            _ID,
            f"{what} answered late",
            expected=f"an answer within {bound:g} s",
            seen=f"it came after {sending.seconds:.2f} s; the median is {usual:.3f} s",
            exchanges=[number],
        )


def _common(scene: Scene, slow: set[int]) -> list[Mark]:
    """Return the marks whose every message is slow; the one with most messages first."""
    judged: Counter[Mark] = Counter()
    late: Counter[Mark] = Counter()
    for sending in scene.taken:
        if own_requirement(sending.parcel) not in LOAD:
            marks = scene.marks(sending.parcel)
            judged.update(marks)
            if sending.parcel.number in slow:
                late.update(marks)
    return sorted((m for m, n in late.items() if n == judged[m] and n >= _FEWEST), key=lambda m: (-late[m], m))
