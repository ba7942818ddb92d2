"""What the judge says: rulings, one requirement at a time, each with the evidence it rests on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """How a requirement was broken. `sentence` states the fact and holds no run-dependent value."""

    sentence: str
    """For example ``the dial mode of a stopped group is sent``; failures with the same one fold into one block."""
    expected: str
    seen: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """One requirement held against one piece of evidence: met where `fault` is None."""

    requirement: str
    exchanges: tuple[int, ...] = ()
    """Numbers of the exchanges it rests on; the first one is the message to show."""
    acts: tuple[int, ...] = ()
    """Numbers of the acts it rests on."""
    fault: Fault | None = None

    @property
    def tokens(self) -> frozenset[tuple[str, int]]:
        """The pieces of evidence, comparable between rulings."""
        return frozenset([("exchange", n) for n in self.exchanges] + [("act", n) for n in self.acts])


def met(requirement: str, exchanges: Iterable[int] = (), acts: Iterable[int] = ()) -> Ruling:
    """Rule that the requirement was met on this evidence."""
    return Ruling(requirement, tuple(exchanges), tuple(acts))


def broken(
    requirement: str,
    sentence: str,
    *,
    expected: str,
    seen: str,
    exchanges: Iterable[int] = (),
    acts: Iterable[int] = (),
) -> Ruling:
    """Rule that the requirement was broken on this evidence."""
    return Ruling(requirement, tuple(exchanges), tuple(acts), Fault(sentence, expected, seen))


def one_fault_one_accusation(rulings: Iterable[Ruling], prerequisites: Mapping[str, frozenset[str]]) -> list[Ruling]:
    """Drop each ruling whose prerequisite failed on the same evidence.

    `prerequisites` maps a requirement to all it depends on, directly or not.
    """
    kept = list(rulings)
    failed: dict[str, set[tuple[str, int]]] = {}
    for ruling in kept:
        if ruling.fault is not None:
            failed.setdefault(ruling.requirement, set()).update(ruling.tokens)
    if not failed:
        return kept
    return [
        ruling
        for ruling in kept
        if not any(
            not failed[needed].isdisjoint(ruling.tokens)
            for needed in prerequisites.get(ruling.requirement, frozenset())
            if needed in failed
        )
    ]
