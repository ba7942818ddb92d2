"""Refusals are laid to the one requirement that is broken, whichever it is; right receivers are accused of nothing."""

import random
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest

from cgstate.generate import traffic
from cgstate.generate.traffic import MARKS, Scope
from cgstate.sending import Delivery, Expect, Parcel, Trouble
from cgstate.specification.registry import Role, registry

if TYPE_CHECKING:
    from selftest.judge_receiver.acting import LEGAL, Answer, Receiver, judged, kept, parcels, play, right, sending
else:
    from acting import LEGAL, Answer, Receiver, judged, kept, parcels, play, right, sending


def refusing(mark: str, answer: Answer = 400) -> Receiver:
    return lambda parcel: answer if mark in parcel.marks else right(parcel)


def refusing_one_of(marks: set[str]) -> Receiver:
    return lambda parcel: 400 if marks & parcel.marks else right(parcel)


def failing_at(numbers: set[int], answer: Answer) -> Receiver:
    return lambda parcel: answer if parcel.number in numbers else right(parcel)


def legal(parcel: Parcel) -> bool:
    return parcel.expect is Expect.TAKEN


def marks_in(sent: list[Parcel]) -> list[str]:
    return sorted({mark for parcel in sent if legal(parcel) for mark in parcel.marks})


@pytest.mark.parametrize("fast", [True, False])
def test_a_right_receiver_is_accused_of_nothing_and_meets_every_requirement(*, fast: bool) -> None:
    result = judged(kept(play(parcels(fast=fast))))
    assert result.accused == {}
    of_receivers = {r.id for r in registry().requirements.values() if r.role is Role.RECEIVER}
    assert of_receivers - result.met == {"accepts.flood"}


@pytest.mark.parametrize("answer", [400, 500, Trouble.CLOSED, Trouble.SILENCE])
@pytest.mark.parametrize("seed", range(2))
def test_whichever_mark_is_refused_its_requirement_alone_is_accused(seed: int, answer: Answer) -> None:
    sent = parcels(seed)
    found = {mark: set(judged(play(sent, refusing(mark, answer))).accused) for mark in marks_in(sent)}
    assert found == {mark: {MARKS[mark]} for mark in found}
    assert len(found) > 50


def test_in_a_long_run_as_well() -> None:
    sent = parcels(fast=False)
    for mark in random.Random(4).sample(marks_in(sent), 25):  # noqa: S311 - reproducible
        assert set(judged(play(sent, refusing(mark))).accused) == {MARKS[mark]}, mark


def test_two_refused_marks_of_two_requirements_are_two_accusations() -> None:
    sent = parcels()
    draw = random.Random(5)  # noqa: S311 - reproducible
    for _ in range(40):
        one, other = draw.sample(marks_in(sent), 2)
        found = judged(play(sent, refusing_one_of({one, other})))
        # A mark that stands beside the other one only is covered by it.
        assert set(found.accused) <= {MARKS[one], MARKS[other]}, (one, other)
        assert found.accused, (one, other)


@pytest.mark.parametrize(
    ("mark", "answer", "sentence"),
    [
        ("dial mode 8", 400, "a message with dial mode 8 is refused"),
        ("actor 0", 400, "a message with actor 0 is refused"),
        ("an emoji in a name", 500, "a message with an emoji in a name is answered by 500"),
        ("actor 0", 302, "a message with actor 0 is answered by a redirect"),
        ("actor 0", Trouble.SILENCE, "a message with actor 0 gets no answer"),
        ("actor 0", Trouble.GARBAGE, "a message with actor 0 is answered by something that is no HTTP"),
    ],
)
def test_the_sentence_names_the_culprit(mark: str, answer: Answer, sentence: str) -> None:
    assert judged(play(parcels(), refusing(mark, answer))).accused == {MARKS[mark]: {sentence}}


def test_what_all_names_that_are_not_ascii_come_to_is_told_once() -> None:
    """Names in escapes are ASCII: that these are taken says more."""
    assert judged(play(parcels(), refusing("a name that is not ASCII", 500))).accused == {
        "accepts.names": {"a message with a name that is not ASCII is answered by 500"}
    }

    def receiver(parcel: Parcel) -> Answer:
        return 500 if legal(parcel) and not parcel.body.isascii() else right(parcel)

    accused = judged(play(parcels(), receiver)).accused
    assert accused == {"accepts.forms": {"a message with bytes beyond ASCII is answered by 500"}}


def test_many_marks_of_one_requirement_fold_into_one_sentence() -> None:
    accused = judged(play(parcels(), lambda p: 400 if any(m.startswith("dial mode") for m in p.marks) else right(p)))
    (sentences,) = accused.accused.values()
    (sentence,) = sentences
    assert sentence.startswith("a message with dial mode ")
    assert "more)" in sentence


def test_nul_is_a_should_and_what_stands_beside_it_is_not_blamed() -> None:
    accused = judged(play(parcels(), refusing(traffic.marks.NUL))).accused
    assert set(accused) == {"accepts.nul"}
    scope = Scope("abc123", 0, fast=True, now=1.7e9)
    plain, other = traffic.whole_lives(scope)[:2]
    both = replace(other, marks=frozenset({traffic.marks.NUL, "dial mode 8"}))
    evidence = play([plain, both], refusing("dial mode 8"))
    assert set(judged(evidence).accused) == {"accepts.nul"}


def test_two_suspects_that_cannot_be_told_apart_are_both_named() -> None:
    scope = Scope("abc123", 0, fast=True, now=1.7e9)
    plain, other = traffic.whole_lives(scope)[:2]
    both = replace(other, marks=frozenset({"actor 0", "dial mode 8"}), requirement="accepts.actors")
    accused = judged(play([plain, both], refusing("dial mode 8"))).accused
    assert accused == {"accepts.actors": {"a message with actor 0 or with dial mode 8 is refused"}}


def test_a_state_that_is_refused_in_plain_messages_is_one_accusation() -> None:
    def receiver(parcel: Parcel) -> Answer:
        return 400 if legal(parcel) and b'"GSW_CAMPAIGN_GROUP_STATE": 0' in spaced(parcel) else right(parcel)

    accused = judged(play(parcels(hostile=False), receiver)).accused
    assert set(accused) == {"accepts.life-cycle"}
    assert any("state 0" in sentence for sentence in accused["accepts.life-cycle"])


def spaced(parcel: Parcel) -> bytes:
    return parcel.body.replace(b'"GSW_CAMPAIGN_GROUP_STATE":', b'"GSW_CAMPAIGN_GROUP_STATE": ').replace(b":  ", b": ")


def test_two_things_that_are_refused_together_only_are_named_together() -> None:
    """In a long run many messages have both: the requirement they were sent for is accused, once."""

    def receiver(parcel: Parcel) -> Answer:
        return 400 if {"dial mode 8", "actor 0"} <= parcel.marks else right(parcel)

    accused = judged(play(parcels(fast=False), receiver)).accused
    assert list(accused.values()) == [
        {"a message with actor 0 and with dial mode 8 is refused, though each of them by itself is taken"}
    ]


@pytest.mark.parametrize("every", [7, 31, 100])
@pytest.mark.parametrize("answer", [503, 429, Trouble.CLOSED])
def test_a_receiver_that_fails_now_and_then_is_accused_once(every: int, answer: Answer) -> None:
    for seed in range(5):
        draw = random.Random(f"{every} {seed}")  # noqa: S311 - reproducible
        sent = parcels(seed, fast=every < 100, hostile=False)
        failing = {parcel.number for parcel in sent if legal(parcel) and draw.random() < 1 / every}
        result = judged(play(sent, failing_at(failing, answer)))
        assert len(result.accused) == 1, (seed, result.accused)


def test_what_fails_in_the_flood_alone_is_the_floods() -> None:
    turn = count()
    scope = Scope("abc123", 0, now=1.7e9)
    sent = [*parcels(hostile=False), *traffic.flood(scope)[:2000]]
    sent = [replace(parcel, number=number) for number, parcel in enumerate(sent, 1)]
    result = judged(
        play(sent, lambda p: 503 if p.requirement == "accepts.flood" and next(turn) % 50 == 0 else right(p))
    )
    assert set(result.accused) == {"accepts.flood"}


def test_what_fails_side_by_side_as_well_as_in_the_flood_is_told_once() -> None:
    turn = count()
    scope = Scope("abc123", 0, now=1.7e9)
    sent = [*parcels(hostile=False), *traffic.flood(scope)[:2000]]
    sent = [replace(parcel, number=number) for number, parcel in enumerate(sent, 1)]
    load = {"accepts.flood", "accepts.connections"}
    result = judged(play(sent, lambda p: 503 if p.requirement in load and next(turn) % 3 == 0 else right(p)))
    assert set(result.accused) == {"accepts.connections"}


@pytest.mark.parametrize("answer", [404, 405, 301, 415, 500, Trouble.SILENCE])
def test_a_receiver_that_takes_nothing_is_accused_once(answer: Answer) -> None:
    result = judged(play(parcels(), lambda _: answer))
    assert set(result.accused) == {"accepts.life-cycle"}
    assert len([ruling for ruling in result.rulings if ruling.fault]) == 1
    assert result.met == set()


@pytest.mark.parametrize(
    ("answer", "hint"), [(404, "is the URI right?"), (405, "POST"), (308, "redirect"), (415, "JSON"), (401, "login")]
)
def test_the_answer_to_the_first_message_hints_at_the_reason(answer: int, hint: str) -> None:
    (ruling,) = judged(play(parcels(), lambda _: answer)).rulings
    assert ruling.fault is not None
    assert hint in ruling.fault.seen


def test_a_receiver_that_was_never_reached_is_not_judged() -> None:
    assert judged(play(parcels(), lambda _: Trouble.UNREACHED)).rulings == []


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_will_do(status: int) -> None:
    found = judged(play(parcels(), lambda p: status if right(p) == 204 else right(p)))
    assert found.accused == {}


def test_what_met_a_closed_connection_is_judged_by_nothing() -> None:
    sent = parcels(hostile=False)
    evidence = play(sent)
    ignored = tuple(
        sending(s.parcel, Trouble.CLOSED, s.began, s.ended, ignored=True) if n % 2 else s
        for n, s in enumerate(evidence.sendings)
    )
    found = judged(replace(evidence, sendings=ignored))
    assert found.accused == {}


def test_impossible_combinations_may_be_refused() -> None:
    def receiver(parcel: Parcel) -> Answer:
        return 422 if parcel.expect is Expect.EITHER and parcel.delivery is Delivery.WHOLE else right(parcel)

    assert judged(kept(play(parcels(), receiver))).accused == {}


def test_one_slow_answer_is_no_fault_and_many_are() -> None:
    sent = parcels(hostile=False)
    once = judged(play(sent, seconds=lambda p: 3.0 if p.number == 40 else 0.01))
    assert once.accused == {}
    always = judged(play(sent, seconds=lambda _: 1.5))
    assert always.accused == {"answers.promptly": {"messages are answered late"}}


def test_what_is_always_slow_is_named() -> None:
    long = "a name of 255 characters"
    slow = judged(play(parcels(hostile=False, fast=False), seconds=lambda p: 2.0 if long in p.marks else 0.01))
    assert slow.accused == {"answers.promptly": {f"a message with {long} is answered late"}}


def test_the_floods_answers_may_take_their_time() -> None:
    sent = traffic.flood(Scope("abc123", 0, now=1.7e9))[:500]
    assert "answers.promptly" not in judged(play([*parcels(), *sent], seconds=lambda p: 5.0 * (p in sent))).accused


def test_every_case_of_the_suite_is_played() -> None:
    assert len({case.__name__ for case in LEGAL}) == len(LEGAL)
