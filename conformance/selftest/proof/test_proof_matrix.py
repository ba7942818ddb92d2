"""What is made of runs: killed, missed, accused of more; and when the whole holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cgstate.proof.console import last_line
from cgstate.proof.matrix import Fate, Matrix, Row, Score, guarded, row
from cgstate.proof.seen import Accusation, Seen
from cgstate.proof.subjects import Subject
from cgstate.specification.registry import registry
from cgstate.verdict.verdict import ExitStatus, Outcome

UTC, CLOCK = "date-time.utc", "date-time.clock"
LOCAL = Subject("emitter", "local", primary=UTC, consequences={CLOCK: "so it is"}, shows="local time")
RIGHT = Subject("emitter", "right", broken=False)


def seen(*requirements: str, says: str = "GSW_DATE_TIME is local time", whole: bool = False, trouble: str = "") -> Seen:
    return Seen({each: Accusation(Outcome.FAILED, (says,)) for each in requirements}, trouble=trouble, whole=whole)


def judged(subject: Subject, *runs: Seen) -> Row:
    return row(subject, runs, registry().requirements)


@pytest.mark.parametrize(
    ("run", "fate", "why"),
    [
        (seen(UTC), Fate.KILLED, ()),
        (seen(UTC, CLOCK), Fate.KILLED, ()),
        (seen(CLOCK), Fate.MISSED, (f"{UTC} was met",)),
        (replace(seen(), not_exercised=frozenset({UTC})), Fate.MISSED, (f"{UTC} was not exercised",)),
        (seen(UTC, trouble="it died"), Fate.MISSED, ("shows nothing: it died",)),
        (seen(UTC, says="it is late"), Fate.MISSED, (f"{UTC} fails for another reason than 'local time': it is late",)),
        (seen(UTC, "body.json"), Fate.UNDECLARED, ("accused of body.json: GSW_DATE_TIME is local time",)),
    ],
)
def test_one_run_against_a_broken_one(run: Seen, fate: Fate, why: tuple[str, ...]) -> None:
    found = judged(LOCAL, run)
    assert (found.fate, found.why, found.came_once) == (fate, why, ())


@pytest.mark.parametrize(
    ("run", "fate", "why"),
    [
        (seen(), Fate.CLEAN, ()),
        (seen(UTC), Fate.ACCUSED, (f"accused of {UTC}: GSW_DATE_TIME is local time",)),
        (seen(trouble="it died"), Fate.ACCUSED, ("nothing could be judged: it died",)),
        (replace(seen(whole=True), not_exercised=frozenset({UTC})), Fate.ACCUSED, (f"{UTC} was not exercised",)),
    ],
)
def test_one_run_against_a_right_one(run: Seen, fate: Fate, why: tuple[str, ...]) -> None:
    found = judged(RIGHT, run)
    assert (found.fate, found.why) == (fate, why)


def test_what_came_once_is_told_and_the_run_that_was_played_alone_counts() -> None:
    found = judged(LOCAL, seen(UTC, "event.soon"), replace(seen(UTC), alone=True))
    assert (found.fate, found.why) == (Fate.KILLED, ())
    assert found.came_once == ("accused of event.soon: GSW_DATE_TIME is local time",)


def test_what_showed_only_as_a_whole_did_not_come_once() -> None:
    assert judged(LOCAL, seen(), seen(UTC, whole=True)).came_once == ()


@pytest.mark.parametrize(
    ("rows", "requirements", "holds"),
    [
        ([judged(LOCAL, seen(UTC)), judged(RIGHT, seen())], (UTC,), True),
        ([judged(LOCAL, seen(UTC)), judged(RIGHT, seen(UTC))], (UTC,), False),
        ([judged(LOCAL, seen(UTC, "body.json"))], (UTC,), False),
        ([judged(LOCAL, seen())], (UTC,), False),
        ([judged(LOCAL, seen(UTC))], (UTC, CLOCK), False),
        ([], (CLOCK,), False),
    ],
)
def test_all_have_to_be_as_they_should_and_nothing_left_unguarded(
    rows: list[Row], requirements: tuple[str, ...], *, holds: bool
) -> None:
    matrix = Matrix(tuple(rows), requirements)
    status = ExitStatus.CONFORMS if holds else ExitStatus.DOES_NOT_CONFORM
    assert (matrix.holds, matrix.status) == (holds, status)
    assert last_line(matrix).endswith(f"(exit {int(status)})")


def test_of_several_seeds_each_has_to_kill() -> None:
    rows = (judged(LOCAL, seen(UTC)), judged(LOCAL, replace(seen(), seed=2)))
    assert Matrix(rows, (UTC, CLOCK)).scores == (Score(UTC, 0, 1), Score(CLOCK, 0, 0))
    assert Matrix(rows, (UTC, CLOCK)).unguarded == (CLOCK,)


def test_every_must_and_should_is_to_be_guarded() -> None:
    assert set(guarded(registry().requirements.values())) == set(registry().requirements)
