"""What is no notification: each way to treat it wrongly is its own warning; one that dies of it fails, once."""

import random
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest

from cgstate.sending import Delivery, Expect, Parcel, Trouble

if TYPE_CHECKING:
    from selftest.judge_receiver.acting import Answer, Receiver, judged, parcels, play, right
else:
    from acting import Answer, Receiver, judged, parcels, play, right


def taking(requirement: str, answer: Answer = 204) -> Receiver:
    return lambda p: answer if p.requirement == requirement and p.expect is not Expect.TAKEN else right(p)


REJECTS = sorted({p.requirement for p in parcels() if p.expect is Expect.REFUSED})
SURVIVES = sorted({p.requirement for p in parcels() if p.requirement.startswith("survives.")})


@pytest.mark.parametrize("requirement", REJECTS)
@pytest.mark.parametrize("answer", [204, 500, Trouble.SILENCE, 302])
def test_whoever_does_not_refuse_is_warned_for_that_alone(requirement: str, answer: Answer) -> None:
    accused = judged(play(parcels(), taking(requirement, answer))).accused
    assert set(accused) == {requirement}
    assert len(accused[requirement]) == 1


@pytest.mark.parametrize("requirement", SURVIVES)
@pytest.mark.parametrize("answer", [500, Trouble.SILENCE])
def test_whoever_does_not_survive_is_warned_for_that_alone(requirement: str, answer: Answer) -> None:
    assert set(judged(play(parcels(), taking(requirement, answer))).accused) == {requirement}


@pytest.mark.parametrize("requirement", SURVIVES)
@pytest.mark.parametrize("answer", [204, 413])
def test_taking_and_refusing_are_both_right(requirement: str, answer: Answer) -> None:
    assert judged(play(parcels(), taking(requirement, answer))).accused == {}


@pytest.mark.parametrize("requirement", ["rejects.cut-short", "survives.large-body"])
def test_the_end_of_the_connection_is_an_answer_to_what_is_cut_or_too_large(requirement: str) -> None:
    assert judged(play(parcels(), taking(requirement, Trouble.CLOSED))).accused == {}


def test_a_rejection_counts_only_where_the_same_message_without_its_fault_was_taken() -> None:
    def receiver(parcel: Parcel) -> Answer:
        # A receiver that stops taking anything before the faults come.
        return 204 if parcel.number <= 100 else 400

    assert not any(name.startswith("rejects.") for name in judged(play(parcels(), receiver)).met)


def dies_of(requirement: str, after: Answer = Trouble.UNREACHED) -> Receiver:
    dead: list[int] = []

    def receiver(parcel: Parcel) -> Answer:
        if dead:
            return after
        if parcel.requirement == requirement and parcel.expect is not Expect.TAKEN:
            dead.append(parcel.number)
            return Trouble.CLOSED if after is Trouble.UNREACHED else after
        return right(parcel)

    return receiver


@pytest.mark.parametrize("after", [Trouble.UNREACHED, Trouble.SILENCE, 500])
@pytest.mark.parametrize("requirement", [*REJECTS[:-1], "survives.deep-nesting", "survives.large-body"])
def test_whoever_dies_of_a_fault_is_accused_of_that_alone(requirement: str, after: Answer) -> None:
    accused = judged(play(parcels(), dies_of(requirement, after))).accused
    if requirement in {"rejects.cut-short", "survives.large-body"} and after == 500:
        accused.pop(requirement, None)
    assert set(accused) - {requirement} == {"accepts.after-fault"}
    (sentence,) = accused["accepts.after-fault"]
    assert "no notification" in sentence


def test_whoever_comes_back_after_a_moment_fails_for_the_message_that_was_lost() -> None:
    down: list[int] = []

    def receiver(parcel: Parcel) -> Answer:
        if down:
            down.clear()
            return Trouble.UNREACHED
        if parcel.requirement == "survives.deep-nesting":
            down.append(1)
            return Trouble.CLOSED
        return right(parcel)

    sent = parcels()
    # The legal message comes right after the fault.
    place = next(n for n, p in enumerate(sent) if p.requirement == "survives.deep-nesting")
    sent = [*sent[: place + 1], sent.pop(), *sent[place + 1 :]]
    assert set(judged(play(sent, receiver)).accused) == {"accepts.after-fault"}


@pytest.mark.parametrize("moment", [1, 12, 30, 90])
@pytest.mark.parametrize("answer", [Trouble.UNREACHED, Trouble.SILENCE, 503, 401, 429, 507])
def test_the_end_of_a_receiver_in_the_middle_of_legal_traffic_is_one_accusation(moment: int, answer: Answer) -> None:
    turn = count()
    sent = [p for p in parcels(hostile=False) if p.delivery is Delivery.WHOLE]
    result = judged(play(sent, lambda p: right(p) if next(turn) < moment else answer))
    assert len([ruling for ruling in result.rulings if ruling.fault]) == 1, result.accused


def test_a_legal_message_that_kills_the_receiver_is_named() -> None:
    dead: list[int] = []

    def receiver(parcel: Parcel) -> Answer:
        if dead:
            return Trouble.UNREACHED
        if "an emoji in a name" in parcel.marks:
            dead.append(1)
            return Trouble.CLOSED
        return right(parcel)

    accused = judged(play(parcels(), receiver)).accused
    assert set(accused) == {"accepts.names"}
    assert "an emoji in a name" in accused["accepts.names"].pop()


def test_whoever_is_lost_after_a_dropped_connection_is_accused_of_that() -> None:
    before: list[Parcel] = []

    def receiver(parcel: Parcel) -> Answer:
        lost = bool(before) and before[-1].delivery is Delivery.DROPPED
        before.append(parcel)
        return Trouble.UNREACHED if lost else right(parcel)

    assert set(judged(play(parcels(), receiver)).accused) == {"accepts.after-dropped"}


def test_a_receiver_that_sulks_after_a_fault_is_accused_of_that_alone() -> None:
    """What it answers to the next fault is what it answers to anything then."""
    before: list[Parcel] = []

    def receiver(parcel: Parcel) -> Answer:
        sulks = bool(before) and right(before[-1]) == 400
        before.append(parcel)
        return 503 if sulks else right(parcel)

    assert set(judged(play(parcels(), receiver)).accused) == {"accepts.after-fault"}


def test_a_connection_that_serves_only_so_many_is_a_matter_of_kept_connections() -> None:
    served = count()

    def receiver(parcel: Parcel) -> Answer:
        on_the_first = parcel.lane == 0 and parcel.requirement != "accepts.after-fault"
        return 503 if on_the_first and next(served) >= 60 else right(parcel)

    evidence = play(parcels(), receiver)
    sendings = tuple(
        replace(s, exchange=replace(s.exchange, connection=9)) if s.parcel.requirement == "accepts.after-fault" else s
        for s in evidence.sendings
    )
    accused = judged(replace(evidence, sendings=sendings)).accused
    assert set(accused) == {"accepts.kept-alive"}


@pytest.mark.parametrize("seed", range(5))
def test_whoever_loses_messages_side_by_side_is_not_accused_of_kept_connections(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - reproducible

    def receiver(parcel: Parcel) -> Answer:
        return 503 if parcel.requirement == "accepts.connections" and draw.random() < 0.6 else right(parcel)

    assert set(judged(play(parcels(fast=False, hostile=False), receiver)).accused) == {"accepts.connections"}
