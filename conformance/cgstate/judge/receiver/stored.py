"""What is stored beside what was sent: each message that was taken is there, once, and as it was sent."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from cgstate.judge.checks import check
from cgstate.judge.reading import Reading
from cgstate.judge.receiver.pairing import DATE_TIME, Kept, Pairs, Sent, Standing, paired
from cgstate.judge.receiver.scene import Scene, is_legal
from cgstate.judge.receiver.values import MISSING, became, key_of
from cgstate.judge.receiver.words import listed
from cgstate.judge.ruling import Ruling, broken, met
from cgstate.judge.shown import shown
from cgstate.sending import Delivery, ReceiverEvidence, Sending, Stored
from cgstate.specification.schemas import attributes

_CUT: Final = frozenset({Delivery.CUT, Delivery.DROPPED})
_NUL: Final = "accepts.nul"
_ONCE: Final = "stored.once"
_UNALTERED: Final = "stored.unaltered"
_NUL_KEPT: Final = "stored.nul"
_UNKNOWN: Final = "stored.unknown-attributes"


def disagreeing(evidence: ReceiverEvidence) -> Collection[str]:
    """Return the GUIDs whose messages are not all there, or not as they were sent: reading again may help."""
    stored = evidence.stored
    if stored is None or stored.trouble:
        return frozenset()
    scene = Scene(evidence, {})
    return frozenset(guid for guid, pairs in _by_guid(scene, stored).items() if not _agrees(pairs))


def _agrees(pairs: Pairs) -> bool:
    if any(sent.standing is Standing.DUE for sent in pairs.missing):
        return False
    return not any(_changes(sent, kept) for sent, kept in pairs.found if sent.standing is Standing.DUE)


@check(
    "stored.every",
    _ONCE,
    _UNALTERED,
    _UNKNOWN,
    "stored.order",
    "stored.repetition",
    _NUL_KEPT,
    "stored.only-accepted",
)
def rule_on_stored(scene: Scene) -> Iterator[Ruling]:
    """Compare what was read back with what was sent, GUID by GUID. Where reading back failed nothing is judged."""
    stored = scene.evidence.stored
    if stored is None or stored.trouble:
        return
    pairs = _by_guid(scene, stored)
    yield from _every(scene, pairs)
    yield from _unaltered(scene, pairs)
    for of_guid in pairs.values():
        yield from _once(of_guid)
        yield from _only_accepted(of_guid)
        if stored.ordered:
            yield from _order(of_guid)


def _by_guid(scene: Scene, stored: Stored) -> Mapping[str, Pairs]:
    """Pair what was sent with each GUID with what is stored with it."""
    by_guid: defaultdict[str, list[Sent]] = defaultdict(list)
    for sending in scene.evidence.sendings:
        if sending.parcel.guid:
            message = _read(sending)
            by_guid[sending.parcel.guid].append(Sent(sending, message, _standing(sending), key_of(message)))
    universe = frozenset(name for all_sent in by_guid.values() for sent in all_sent for name in sent.message)
    return {guid: _settled(paired(sent, stored.messages.get(guid, ()), universe)) for guid, sent in by_guid.items()}


def _settled(pairs: Pairs) -> Pairs:
    """Lay what nobody else sent to messages that may be stored in any form: duplicate keys, a body that was cut."""
    open_ = [sent for sent in pairs.missing if sent.standing is Standing.OPEN and not _time(sent.message)]
    for sent in open_[: len(pairs.strangers)]:
        pairs.found.append((sent, pairs.strangers.pop()))
        pairs.missing.remove(sent)
    return pairs


def _read(sending: Sending) -> Mapping[str, object]:
    """Return the message, or an empty one where the body cannot be read."""
    value = Reading(sending.parcel.body.decode("utf-8", "replace")).value
    return value if isinstance(value, dict) else {}


def _standing(sending: Sending) -> Standing:
    if sending.parcel.delivery in _CUT or (sending.refused and not sending.ignored):
        return Standing.BARRED
    due = is_legal(sending.parcel) and sending.taken and not sending.ignored
    return Standing.DUE if due else Standing.OPEN


def _has_nul(scene: Scene, sent: Sent) -> bool:
    return any(mark.requirement == _NUL for mark in scene.marks(sent.sending.parcel))


def _every(scene: Scene, pairs: Mapping[str, Pairs]) -> Iterator[Ruling]:
    """Nothing that was taken is lost. One of several with the same values is another matter: stored.repetition."""
    lost: list[Sent] = []
    any_found = any(of_guid.found for of_guid in pairs.values())
    for of_guid in pairs.values():
        here = [sent for sent, _ in of_guid.found if sent.standing is Standing.DUE]
        gone = [sent for sent in of_guid.missing if sent.standing is Standing.DUE]
        times = Counter(sent.key for sent in (*here, *gone))
        there = Counter(sent.key for sent in here)
        for sent in here:
            number = sent.sending.parcel.number
            yield met("stored.every", [number])
            if times[sent.key] > 1 and there[sent.key] == times[sent.key]:
                yield met("stored.repetition", [number])
        for sent in gone:
            if there[sent.key]:
                yield broken(
                    "stored.repetition",
                    "of messages whose values are all the same not all are stored",
                    expected=f"{times[sent.key]} of them",
                    seen=f"{there[sent.key]} of them",
                    exchanges=[sent.sending.parcel.number],
                )
            else:
                lost.append(sent)
    if not lost:
        return
    words = _in_common(scene, lost, pairs) if any_found and len(lost) > 1 else ""
    nul, verb = all(_has_nul(scene, sent) for sent in lost), "is" if len(lost) == 1 else "are"
    for sent in lost:
        sentence = f"a message{words} that was taken is not stored" if any_found else "nothing that was taken is stored"
        yield broken(
            _NUL_KEPT if nul else "stored.every",
            "a message with U+0000 in a name is taken and not stored" if nul else sentence,
            expected="every message that was answered 2xx",
            seen=f"none with GSW_DATE_TIME {shown(sent.message.get(DATE_TIME))}; {len(lost)} {verb} lost in all"
            if any_found
            else "not one message: is --readback the place where this receiver stores?",
            exchanges=[sent.sending.parcel.number],
        )


def _in_common(scene: Scene, lost: Sequence[Sent], pairs: Mapping[str, Pairs]) -> str:
    """Return what every lost message has and no stored one, in words."""
    common = frozenset.intersection(*(scene.marks(sent.sending.parcel) for sent in lost))
    for of_guid in pairs.values():
        for sent, _ in of_guid.found:
            common -= scene.marks(sent.sending.parcel)
    words = sorted(mark.words for mark in common)
    return f" {words[0]}" if words else ""


def _changes(sent: Sent, kept: Kept) -> dict[str, str]:
    """Return attribute to what became of it. What the store adds is not looked at."""
    told = {name: became(name, value, kept.message.get(name, MISSING)) for name, value in sent.message.items()}
    return {name: change for name, change in told.items() if change}


def _unaltered(scene: Scene, pairs: Mapping[str, Pairs]) -> Iterator[Ruling]:
    """Every attribute is there with its value. Attributes that came to the same grief are told in one sentence."""
    due = [pair for of_guid in pairs.values() for pair in of_guid.found if pair[0].standing is Standing.DUE]
    changes = [(sent, kept, _changes(sent, kept)) for sent, kept in due]
    # What becomes of other texts as well is not U+0000's doing.
    anyway = {
        (name, change)
        for sent, _, changed in changes
        for name, change in changed.items()
        if not _has_nul(scene, sent) or "\0" not in str(sent.message[name])
    }
    touched: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    told: list[tuple[str, str, str, Sent, Kept]] = []
    for sent, kept, changed in changes:
        requirements = _judged_by(scene, sent)
        first: dict[tuple[str, str], str] = {}
        for name, change in changed.items():
            requirement = _requirement_of(name, requirements, ordinary=(name, change) in anyway)
            touched[requirement, change].add(name)
            first.setdefault((requirement, change), name)
        told += [(requirement, change, name, sent, kept) for (requirement, change), name in first.items()]
        kept_to = requirements - {requirement for requirement, _ in first}
        yield from (met(requirement, [sent.sending.parcel.number]) for requirement in sorted(kept_to))
    for requirement, change, name, sent, kept in told:
        yield broken(
            requirement,
            f"{listed(sorted(touched[requirement, change]))} {change}",
            expected=f"{name}: {shown(sent.message[name])}",
            seen=f"{name}: {shown(kept.message[name])}" if name in kept.message else f"no {name}",
            exchanges=[sent.sending.parcel.number],
        )


def _judged_by(scene: Scene, sent: Sent) -> set[str]:
    """Return the requirements that say something about a message's values."""
    found = {_UNALTERED}
    if any(name not in attributes() for name in sent.message):
        found.add(_UNKNOWN)
    if _has_nul(scene, sent):
        found.add(_NUL_KEPT)
    return found


def _requirement_of(name: str, requirements: set[str], *, ordinary: bool) -> str:
    if name not in attributes():
        return _UNKNOWN
    return _UNALTERED if ordinary or _NUL_KEPT not in requirements else _NUL_KEPT


def _once(pairs: Pairs) -> Iterator[Ruling]:
    """Nothing is stored more often than it was sent."""
    there = [sent for sent, _ in pairs.found]
    by_time = {_time(sent.message): sent for sent in there}
    doubled = set()
    for kept in pairs.strangers:
        time = _time(kept.message)
        twin = by_time.get(time)
        if time is not None and twin is not None:
            doubled.add(twin.sending.parcel.number)
            yield broken(
                _ONCE,
                "a message is stored more than once",
                expected="once, as it was sent",
                seen=f"another one with GSW_DATE_TIME {shown(time)}",
                exchanges=[twin.sending.parcel.number],
            )
            continue
        yield broken(
            _ONCE,
            "a message is stored that was not sent",
            expected="the messages that were sent",
            seen=f"GSW_DATE_TIME {shown(time)}, beside {len(there)} that were sent",
            exchanges=[sent.sending.parcel.number for sent in (*there, *pairs.missing)[:1]],
        )
    for sent in there:
        number = sent.sending.parcel.number
        if sent.standing is Standing.DUE and number not in doubled:
            yield met(_ONCE, [number])


def _time(message: Mapping[str, object]) -> str | None:
    value = message.get(DATE_TIME)
    return value if isinstance(value, str) else None


def _only_accepted(pairs: Pairs) -> Iterator[Ruling]:
    """What was refused, cut or dropped is not there."""
    name = "stored.only-accepted"
    for sent, _ in pairs.found:
        if sent.standing is Standing.BARRED:
            sending = sent.sending
            did, why = (
                ("refused", f"answered {sending.status}") if sending.refused else ("cut off", "half of it was sent")
            )
            fault = f": {sending.parcel.fault}" if sending.parcel.fault else ""
            yield broken(
                name,
                f"what was {did} is stored",
                expected="nothing of it in the store",
                seen=f"it is there ({why}){fault}",
                exchanges=[sending.parcel.number],
            )
    for sent in pairs.missing:
        if sent.standing is Standing.BARRED:
            yield met(name, [sent.sending.parcel.number])


def _order(pairs: Pairs) -> Iterator[Ruling]:
    """What came over one connection is stored in the order in which it came."""
    connections: defaultdict[int, list[tuple[Sent, Kept]]] = defaultdict(list)
    for sent, kept in pairs.found:
        if sent.standing is Standing.DUE:
            connections[sent.sending.exchange.connection].append((sent, kept))
    for one in connections.values():
        in_order = sorted(one, key=lambda pair: (pair[0].sending.began, pair[0].sending.parcel.number))
        for (before, first), (after, then) in pairwise(in_order):
            numbers = [after.sending.parcel.number, before.sending.parcel.number]
            if first.place < then.place:
                yield met("stored.order", numbers)
                continue
            yield broken(
                "stored.order",
                "messages of one group that came over one connection are stored in another order",
                expected="the order in which they came",
                seen=f"number {after.sending.parcel.number} stands before number {before.sending.parcel.number}",
                exchanges=numbers,
            )
