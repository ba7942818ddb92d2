"""What is read back: a right store in any disguise is accused of nothing, a wrong one of the one thing it does."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from cgstate.generate import traffic
from cgstate.generate.traffic import Scope
from cgstate.judge.receiver import disagreeing
from cgstate.sending import Delivery, Expect, Parcel, ReceiverEvidence, Stored, Trouble
from cgstate.specification.schemas import attributes

if TYPE_CHECKING:
    from selftest.judge_receiver.acting import Answer, Message, judged, kept, parcels, play, right, sending
else:
    from acting import Answer, Message, judged, kept, parcels, play, right, sending

Change = Callable[[Message], Message]
OPTIONAL = "GSW_CAMPAIGN_NAME"


def stored(change: Change, *, only: Callable[[Message], bool] = lambda _: True) -> dict[str, set[str]]:
    def each(messages: list[Message]) -> list[Message]:
        return [change(dict(message)) if only(message) else message for message in messages]

    return judged(kept(play(parcels()), each)).accused


def setting(name: str, convert: Callable[[Any], Any]) -> Change:
    return lambda message: message | ({name: convert(message[name])} if name in message else {})


def without(name: str) -> Change:
    return lambda message: {key: value for key, value in message.items() if key != name}


@pytest.mark.parametrize(
    "change",
    [
        lambda message: message,
        lambda message: dict(reversed(message.items())),
        lambda message: {"@timestamp": "2026-01-01", "_id": 5, **message},
        lambda message: {OPTIONAL: None, "GSW_DIAL_MODE": None} | message,
        lambda message: {"GSW_DIAL_MODE": 0} | message,
        setting("GSW_STAT_OVERDIAL_RATE", lambda v: None if v is None else float(v)),
    ],
)
def test_what_a_store_may_do(change: Change) -> None:
    assert stored(change) == {}


def test_a_store_without_an_order_is_not_judged_by_it() -> None:
    evidence = kept(play(parcels()), lambda messages: messages[::-1], ordered=False)
    assert judged(evidence).accused == {}
    ordered = judged(kept(play(parcels()), lambda messages: messages[::-1]))
    assert set(ordered.accused) == {"stored.order"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (without(OPTIONAL), f"{OPTIONAL} is lost"),
        (setting("GSW_CAMPAIGN_GROUP_STATE", str), "GSW_CAMPAIGN_GROUP_STATE is stored as a string"),
        (setting("GSW_CAMPAIGN_GROUP_STATE", float), "GSW_CAMPAIGN_GROUP_STATE is stored as a number with a fraction"),
        (setting("GSW_CAMPAIGN_GROUP_ACTOR", bool), "GSW_CAMPAIGN_GROUP_ACTOR is stored as a boolean"),
        (setting(OPTIONAL, lambda _: None), f"{OPTIONAL} is stored as null"),
        (setting("GSW_TENANT_NAME", lambda name: name + " "), "GSW_TENANT_NAME is altered"),
        (setting("GSW_DATE_TIME", float), "GSW_DATE_TIME is stored as a number"),
        (setting("GSW_DATE_TIME", lambda t: t.partition(".")[0]), "GSW_DATE_TIME is altered"),
        (without("GSW_DATE_TIME"), "GSW_DATE_TIME is lost"),
        (setting("GSW_STAT_BUSY_FACTOR", lambda v: v and v + 1e-7), "GSW_STAT_BUSY_FACTOR is altered"),
    ],
)
def test_what_became_of_an_attribute_is_named(change: Change, sentence: str) -> None:
    accused = stored(change)
    assert accused == {"stored.unaltered": {sentence}}


def test_one_altered_message_of_all_is_found() -> None:
    seen: list[Message] = []

    def third(message: Message) -> bool:
        seen.append(message)
        return len(seen) == 3

    assert stored(setting("GSW_CAMPAIGN_GROUP_STATE", str), only=third) == {
        "stored.unaltered": {"GSW_CAMPAIGN_GROUP_STATE is stored as a string"}
    }


def test_every_number_as_a_string_is_one_sentence() -> None:
    def texts(message: Message) -> Message:
        return {key: str(value) if type(value) is int and key in INTEGERS else value for key, value in message.items()}

    (sentence,) = stored(texts)["stored.unaltered"]
    assert sentence.endswith("is stored as a string")
    assert "more" in sentence


INTEGERS = frozenset(
    ("GSW_CAMPAIGN_GROUP_STATE", "GSW_CAMPAIGN_GROUP_ACTION", "GSW_CAMPAIGN_GROUP_ACTOR", "GSW_DIAL_MODE")
)


def evidence_of(change: Callable[[list[Message]], list[Message]]) -> dict[str, set[str]]:
    return judged(kept(play(parcels(hostile=False)), change)).accused


@pytest.mark.parametrize("every", [2, 10, 100])
def test_what_is_lost_is_lost_and_nothing_else(every: int) -> None:
    accused = evidence_of(lambda messages: [m for n, m in enumerate(messages, 1) if n % every])
    accused.pop("stored.repetition", None)
    assert accused == {"stored.every": {"a message that was taken is not stored"}}


def test_what_is_lost_for_what_is_special_about_it_is_named() -> None:
    accused = evidence_of(lambda messages: [m for m in messages if "\U0001f4de" not in str(m) and "😀" not in str(m)])
    assert set(accused) <= {"stored.every"}


def test_a_store_in_another_place_is_one_accusation() -> None:
    assert evidence_of(lambda _: []) == {"stored.every": {"nothing that was taken is stored"}}


def test_nul_that_is_not_stored_at_all_is_a_should() -> None:
    accused = evidence_of(
        lambda messages: [m for m in messages if "\0" not in str(m.values()) and "\\x00" not in str(m)]
    )
    assert accused == {"stored.nul": {"a message with U+0000 in a name is taken and not stored"}}


@pytest.mark.parametrize("which", [slice(None), slice(3, 4), slice(0, None, 7)])
def test_what_is_doubled_is_doubled_and_nothing_else(which: slice) -> None:
    assert evidence_of(lambda messages: messages + messages[which]) == {
        "stored.once": {"a message is stored more than once"}
    }


def test_a_message_nobody_sent_is_told_as_such() -> None:
    stranger = {"GSW_DATE_TIME": "1.000", "GSW_TENANT_NAME": "x"}
    guid = "GSW_CAMPAIGN_GROUP_GUID"
    accused = evidence_of(lambda messages: [*messages, {guid: messages[0][guid], **stranger}])
    assert accused == {"stored.once": {"a message is stored that was not sent"}}


def test_the_same_values_stored_once_are_a_warning_only() -> None:
    def unique(messages: list[Message]) -> list[Message]:
        return list({str({k: v for k, v in m.items() if k != "id"}): m for m in messages}.values())

    assert set(evidence_of(unique)) == {"stored.repetition"}


def test_unknown_attributes_are_a_should_of_their_own() -> None:
    def known(messages: list[Message]) -> list[Message]:
        return [{key: v for key, v in message.items() if key in attributes()} for message in messages]

    accused = evidence_of(known)
    assert set(accused) == {"stored.unknown-attributes"}


def test_nul_that_is_cut_off_is_a_should_of_its_own() -> None:
    def cut(messages: list[Message]) -> list[Message]:
        return [{k: v.partition("\0")[0] if isinstance(v, str) else v for k, v in m.items()} for m in messages]

    assert set(evidence_of(cut)) == {"stored.nul"}


def test_what_was_refused_cut_or_dropped_is_not_there() -> None:
    refused = play(parcels())
    taken = play(parcels(), lambda p: right(p) if p.delivery is not Delivery.WHOLE or p.method != "POST" else 204)
    # Stored as if everything had been taken.
    everything = kept(taken).stored
    accused = judged(replace(refused, stored=everything)).accused
    assert set(accused) == {"stored.only-accepted"}


@pytest.mark.parametrize("answer", [500, 503, Trouble.SILENCE, Trouble.CLOSED])
@pytest.mark.parametrize("there", [True, False])
def test_what_became_of_an_unanswered_message_is_open(answer: Answer, *, there: bool) -> None:
    sent = parcels(hostile=False)
    whole = kept(play(sent))
    some = play(sent, lambda p: answer if p.number in {5, 50} else right(p))
    evidence = replace(some, stored=whole.stored) if there else kept(some)
    assert not any(name.startswith("stored.") for name in judged(evidence).accused)


@pytest.mark.parametrize("there", [True, False])
def test_what_met_a_closed_connection_may_be_there(*, there: bool) -> None:
    whole = kept(play(parcels(hostile=False)))
    lost = whole.sendings[7]
    again = sending(replace(lost.parcel, number=9_999), 204, lost.began + 0.001, lost.ended + 0.001)
    ignored = sending(lost.parcel, Trouble.CLOSED, lost.began, lost.ended, ignored=True)
    evidence = replace(whole, sendings=(*whole.sendings[:7], ignored, again, *whole.sendings[8:]))
    assert evidence.stored is not None
    if there:
        twice = {
            guid: (*m, *(x for x in m if x["id"] == f"{lost.parcel.number}"))
            for guid, m in evidence.stored.messages.items()
        }
        evidence = replace(evidence, stored=Stored(twice))
    assert judged(evidence).accused == {}


def test_where_reading_back_failed_nothing_is_judged() -> None:
    evidence = replace(play(parcels()), stored=Stored({}, trouble="401"))
    assert not any("stored." in ruling.requirement for ruling in judged(evidence).rulings)
    assert not disagreeing(evidence)


def test_only_what_disagrees_has_to_be_read_again() -> None:
    evidence = kept(play(parcels(hostile=False)))
    assert evidence.stored is not None
    assert not disagreeing(evidence)
    first = next(iter(evidence.stored.messages))
    messages = {guid: found[1:] if guid == first else found for guid, found in evidence.stored.messages.items()}
    assert set(disagreeing(replace(evidence, stored=Stored(messages)))) == {first}


def flood() -> ReceiverEvidence:
    scope = Scope("abc123", 0, now=1.7e9)
    plain: list[Parcel] = [*traffic.whole_lives(scope), *traffic.flood(scope)]
    assert all(parcel.expect is Expect.TAKEN for parcel in plain)
    return play(plain)


@pytest.mark.parametrize("change", [lambda m: m, setting("GSW_CAMPAIGN_GROUP_STATE", str), without("GSW_DATE_TIME")])
def test_ten_thousand_messages_are_compared_in_reasonable_time(change: Change) -> None:
    """Twenty seconds are far more than it takes (about one) and far less than comparing each with each would."""
    evidence = kept(flood(), lambda messages: [change(message) for message in messages])
    before = time.process_time()
    accused = judged(evidence).accused
    assert time.process_time() - before < 20
    assert set(accused) <= {"stored.unaltered"}
