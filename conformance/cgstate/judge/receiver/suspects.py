"""Who is to blame: names what messages that were refused have in common, and no taken message has.

Three questions, one after another. What does a plain message say that was refused? Which mark of a special one? And if
each mark was taken elsewhere: is it two things together, or chance?
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, NamedTuple

from cgstate.judge.receiver.scene import LIFE_CYCLE, LOAD, RAW, Mark, Scene, codes, own_requirement
from cgstate.judge.receiver.words import Answer, answer_of, did_all, may_be_chance, the_same
from cgstate.sending import Sending

_MOST_LIKELY: Final = 0.001
"""Where chance alone refuses all messages with a mark this often or more, the mark is not accused."""
_MOSTLY: Final = 0.8
_SEVERAL: Final = 3
_CONNECTIONS: Final = "accepts.connections"


@dataclass(frozen=True)
class Accusation:
    """A requirement that was broken."""

    requirement: str
    sentence: str
    expected: str
    sendings: tuple[Sending, ...]


class Trait(NamedTuple):
    """A mark of a message, or one of its codes."""

    is_code: bool
    """Marks say more: they are what was tried."""
    words: str


def accuse(scene: Scene, refused: Sequence[Sending]) -> Iterator[Accusation]:
    """Return whom the refusals of these legal messages are laid to: each message to one cause."""
    plain = list(_plain(scene, refused))
    yield from (accusation for _, accusation in plain)
    rest = [s for s in refused if not any(said <= codes(s.parcel) for said, _ in plain)]
    special = [s for s in rest if scene.suspects(s)]
    others = [s for s in rest if not scene.suspects(s)]
    likely = _likely(scene, others)
    by_chance = {s.parcel.number for s in special if _is_chance(scene, s, likely)}
    yield from _fold(_by_marks(scene, [s for s in special if s.parcel.number not in by_chance]))
    others = [s for s in rest if not scene.suspects(s) or s.parcel.number in by_chance]
    by_answer: dict[Answer, list[Sending]] = {}
    for sending in others:
        by_answer.setdefault(answer_of(sending), []).append(sending)
    for alike in by_answer.values():
        yield from _unexplained(scene, alike)


def _plain(scene: Scene, refused: Sequence[Sending]) -> Iterator[tuple[frozenset[str], Accusation]]:
    """Accuse codes that no taken message has, where messages were refused that have nothing else to stumble over.

    One message is enough where nothing is special about it.
    """
    known = frozenset(code for sending in scene.taken for code in codes(sending.parcel))
    found: dict[frozenset[str], list[Sending]] = {}
    for sending in refused:
        said = codes(sending.parcel) - known
        if said and not scene.suspects(sending):
            found.setdefault(said, []).append(sending)
    for said, alike in found.items():
        plain = any(not scene.marks(sending.parcel) for sending in alike)
        if plain or len(alike) > 1:
            words = f"a {'plain ' * plain}message with {' and '.join(sorted(said))}"
            own = {own_requirement(sending.parcel) for sending in alike}
            requirement = LIFE_CYCLE if plain and LIFE_CYCLE in own else _commonest(alike)
            if said == {RAW}:
                requirement = "accepts.forms"
            yield said, Accusation(requirement, f"{words} {did_all(alike)}", "a 2xx", tuple(alike))


def _by_marks(scene: Scene, refused: Sequence[Sending]) -> Iterator[tuple[tuple[Mark, ...], tuple[Sending, ...]]]:
    """Return the marks at fault (more than one: which of them cannot be told) with the messages each explains.

    A mark that is the only suspect somewhere is at fault, and explains every message it stands in. Of the others
    always the one that explains most.
    """
    left = {sending.parcel.number: (sending, scene.suspects(sending)) for sending in refused}
    alone = dict.fromkeys(next(iter(marks)) for _, marks in left.values() if len(marks) == 1)
    while left:
        if alone:
            culprits: tuple[Mark, ...] = (next(iter(alone)),)
            del alone[culprits[0]]
        else:
            culprits = _covering(left.values())
        explained = [number for number, (_, marks) in left.items() if culprits[0] in marks]
        yield culprits, tuple(left.pop(number)[0] for number in explained)


def _covering(left: Collection[tuple[Sending, frozenset[Mark]]]) -> tuple[Mark, ...]:
    """Return the mark that stands in most messages, and those that stand in exactly the same ones."""
    where: dict[Mark, list[Sending]] = {}
    for sending, marks in left:
        for mark in marks:
            where.setdefault(mark, []).append(sending)
    best = max(sorted(where), key=lambda mark: len(where[mark]))
    alike = [mark for mark, sendings in where.items() if sendings == where[best]]
    own = {own_requirement(sending.parcel) for sending in where[best]}
    # What the message was sent for comes first.
    return tuple(sorted(alike, key=lambda mark: (mark.requirement not in own, mark)))


def _fold(found: Iterable[tuple[tuple[Mark, ...], tuple[Sending, ...]]]) -> Iterator[Accusation]:
    """Return one accusation for all marks of a requirement with which the receiver does the same."""
    folded: dict[tuple[str, str], tuple[list[str], list[Sending]]] = {}
    for culprits, sendings in sorted(found, key=lambda pair: min(s.parcel.number for s in pair[1])):
        words = " or ".join(mark.words for mark in culprits)
        effect = did_all(sendings)
        causes, refused = folded.setdefault((culprits[0].requirement, effect), ([], []))
        causes.append(words)
        refused.extend(sendings)
    for (requirement, effect), (causes, refused) in folded.items():
        sentence = f"a message {causes[0]} {effect}{the_same(causes)}"
        yield Accusation(requirement, sentence, "a 2xx", tuple(refused))


def _likely(scene: Scene, others: Sequence[Sending]) -> dict[Answer, float]:
    """Return how often each answer comes to messages in which there is nothing to stumble over."""
    counted = Counter(answer_of(s) for s in others if own_requirement(s.parcel) not in LOAD)
    taken = sum(1 for s in scene.taken if own_requirement(s.parcel) not in LOAD)
    whole = taken + counted.total()
    return {answer: times / whole for answer, times in counted.items() if may_be_chance(answer) or times >= _SEVERAL}


def _is_chance(scene: Scene, sending: Sending, likely: dict[Answer, float]) -> bool:
    rate = likely.get(answer_of(sending))
    if rate is None:
        return False
    suspects = scene.suspects(sending)
    times = max(scene.times[mark] for mark in suspects)
    return rate**times > _MOST_LIKELY


def _unexplained(scene: Scene, alike: Sequence[Sending]) -> Iterator[Accusation]:
    """Accuse two things together where that explains several refusals; chance for the rest."""
    left = list(alike)
    # Among what comes by chance some pair is always unheard of: there it has to explain nearly all.
    fewest = max(2, _MOSTLY * len(left)) if may_be_chance(answer_of(left[0])) else 2
    for pair, explained in _pairs(scene, left, fewest):
        numbers = {sending.parcel.number for sending in explained}
        left = [sending for sending in left if sending.parcel.number not in numbers]
        words = f"a message {pair[0].words} and {pair[1].words}"
        sentence = f"{words} {did_all(explained)}, though each of them by itself is taken"
        yield Accusation(_commonest(explained), sentence, "a 2xx", tuple(explained))
    if not left:
        return
    own = Counter(own_requirement(sending.parcel) for sending in left)
    requirement, times = own.most_common(1)[0]
    if sum(own[each] for each in LOAD) >= _MOSTLY * len(left) and own[_CONNECTIONS]:
        # Whoever has trouble with several connections has it in a flood of them, too.
        requirement = _CONNECTIONS
    elif times < _MOSTLY * len(left):
        requirement = LIFE_CYCLE
    words = "now and then a message" if len(left) > 1 else "a message"
    sentence = f"{words} {did_all(left)}, though others like it are taken"
    yield Accusation(requirement, sentence, "a 2xx, as the others got", tuple(left))


def _pairs(
    scene: Scene, refused: Sequence[Sending], fewest: float
) -> Iterator[tuple[tuple[Trait, Trait], list[Sending]]]:
    """Return pairs of peculiarities, each of which some taken message has, but none both, with the refused ones.

    Each pair stands in so many of these.
    """
    shapes = {_shape(scene, sending) for sending in scene.taken}
    known: frozenset[Trait] = frozenset().union(*shapes)
    taken: set[Hashable] = set()
    for shape in shapes:
        taken.update(combinations(shape, 2))
    left = {}
    for sending in refused:
        pairs = combinations([each for each in _shape(scene, sending) if each in known], 2)
        left[sending.parcel.number] = (sending, frozenset(pairs) - taken)
    while True:
        times = Counter(pair for _, pairs in left.values() for pair in pairs)
        most = max(times.values(), default=0)
        if most < fewest:
            return
        best = min((pair for pair, n in times.items() if n == most), key=lambda p: (p[0].is_code + p[1].is_code, p))
        yield best, [left.pop(n)[0] for n in [n for n, (_, pairs) in left.items() if best in pairs]]


def _shape(scene: Scene, sending: Sending) -> tuple[Trait, ...]:
    marks = {mark.words for mark in scene.marks(sending.parcel)}
    said = {f"with {code}" for code in codes(sending.parcel)} - marks
    return tuple(sorted([Trait(False, words) for words in marks] + [Trait(True, words) for words in said]))


def _commonest(sendings: Sequence[Sending]) -> str:
    return Counter(own_requirement(sending.parcel) for sending in sendings).most_common(1)[0][0]
