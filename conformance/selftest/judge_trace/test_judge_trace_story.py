"""What the story of a group says of any moment, to the very moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Reply
from cgstate.judge.judge import read_all
from cgstate.judge.trace.story import Standing, Story, tell
from cgstate.judge.trace.timeline import Timeline
from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from selftest.judge_trace.telling import BEGIN, STATISTICS, Draft, Tale, timed, untimed
else:
    from telling import BEGIN, STATISTICS, Draft, Tale, timed, untimed

NEVER = float("-inf")


def story_of(tale: Tale) -> Story:
    evidence = tale.evidence()
    messages = read_all(evidence.exchanges, evidence.traits)
    return tell(tale.groups[1], evidence.acts, messages, Timeline(evidence.settings, evidence.windows))


def two_lives() -> Tale:
    """Two lives of a group, each request answered after a tenth of a second and its event there after two."""
    tale = untimed()
    for at, action in (
        (1, Action.LOAD),
        (2, Action.START),
        (3, Action.SET_DIALING_MODE),
        (4, Action.UNLOAD),
        (6, Action.LOAD),
        (7, Action.UNLOAD),
    ):
        tale.do(at, 1, action, took=0.1, late=0.2)
    return tale


LIVES = story_of(two_lives())


@pytest.mark.parametrize(
    ("moment", "step", "change", "loaded"),
    [
        (0.9, None, None, None),
        (1, 1, 1, 1),
        (1.9, 1, 1, 1),
        (2, 2, 2, 1),
        (3, 3, 2, 1),
        (4, 4, 4, 1),
        (5.9, 4, 4, 1),
        (6, 5, 5, 6),
        (7, 6, 6, 6),
        (99, 6, 6, 6),
    ],
)
def test_what_was_asked_last(moment: float, step: int | None, change: int | None, loaded: float | None) -> None:
    at, changed = LIVES.step_at(BEGIN + moment), LIVES.change_at(BEGIN + moment)
    assert (at and at.act.number, changed and changed.act.number) == (step, change)
    assert LIVES.loaded_at(BEGIN + moment) == (0.0 if loaded is None else BEGIN + loaded)


@pytest.mark.parametrize(
    ("moment", "unload"),
    [(3.9, None), (4, 4), (5.25, None), (5.1, 4), (6, None), (7, 6), (7.9, 6), (8.3, None)],
)
def test_an_unload_is_left_behind_a_second_after_its_end(moment: float, unload: int | None) -> None:
    leaving = LIVES.leaving_at(BEGIN + moment)
    assert (leaving and leaving.act.number) == unload


def test_or_a_second_after_the_next_load() -> None:
    tale = two_lives()
    tale.lose(*(d for d in tale.drafts if d.said["GSW_CAMPAIGN_GROUP_STATE"] == GroupState.NOT_LOADED))
    story = story_of(tale)
    unloads = {at: step and step.act.number for at in (4, 6, 6.9, 7, 99) for step in [story.leaving_at(BEGIN + at)]}
    assert unloads == {4: 4, 6: 4, 6.9: 4, 7: 6, 99: 6}
    lost_end = LIVES.events[4].exchange.arrival
    assert lost_end is not None
    assert LIVES.leaving_at(lost_end + 1) is LIVES.steps[3]


@pytest.mark.parametrize(
    ("moment", "gone"), [(3.9, None), (4.1, None), (4.2, 4.2), (5.9, 4.2), (6, None), (7.1, None), (7.2, 7.2)]
)
def test_a_group_is_gone_once_its_end_was_told(moment: float, gone: float | None) -> None:
    assert LIVES.unloaded_at(BEGIN + moment) == (None if gone is None else BEGIN + gone)


def test_an_end_that_was_never_told_tells_nothing() -> None:
    tale = two_lives()
    tale.lose(tale.named["1.unload"])
    assert story_of(tale).unloaded_at(BEGIN + 99) is None


def test_the_last_request_whose_event_is_missing() -> None:
    tale = two_lives()
    tale.lose(tale.drafts[0], tale.named["1.start"])
    tale.ask(9, 1, Action.START, reply=Reply.REFUSED)
    story = story_of(tale)
    found = [story.outstanding_since(BEGIN + at) for at in (0.9, 1, 1.9, 2, 99)]
    assert found == [NEVER, BEGIN + 1, BEGIN + 1, BEGIN + 2, BEGIN + 2]
    assert LIVES.outstanding_since(BEGIN + 99) == NEVER


def _troubled() -> Tale:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.ask(2, 1, Action.START, reply=Reply.TROUBLE, took=0.5)
    tale.do(4, 1, Action.UNLOAD, took=0.5)
    tale.do(8, 1, Action.LOAD)
    return tale


@pytest.mark.parametrize(
    ("moment", "certain"),
    [(0.5, True), (1, True), (1.9, True), (2, False), (3.9, False), (4, False), (5.5, False), (5.6, True), (9, True)],
)
def test_the_state_is_known_a_second_after_an_answer_that_tells(moment: float, *, certain: bool) -> None:
    assert story_of(_troubled()).certain_at(BEGIN + moment) is certain


@pytest.mark.parametrize(("reply", "certain"), [(Reply.REFUSED, False), (Reply.ACCEPTED, True), (Reply.TROUBLE, True)])
def test_whose_first_load_is_refused_somebody_else_has(reply: Reply, *, certain: bool) -> None:
    tale = untimed()
    tale.ask(1, 1, Action.LOAD, reply=reply)
    assert story_of(tale).certain_at(BEGIN + 0.5) is certain


def test_a_first_request_that_is_refused_lawfully_says_nothing_about_others() -> None:
    tale = untimed()
    tale.ask(1, 1, Action.STOP, reply=Reply.REFUSED)
    assert story_of(tale).certain_at(BEGIN + 0.5)
    assert Story(tale.groups[1], ()).certain_at(BEGIN)


def _sampled(*, interval: float = 3600, enabled: bool = True, at: float = 1.5) -> tuple[Tale, Draft]:
    tale = timed(interval)
    tale.do(1, 1, Action.LOAD, took=0.5, late=0.25)
    if not enabled:
        tale.options(1.01, enabled=False)
    return tale, tale.say(at, 1, Action.LOAD, GroupState.ACTIVE, statistics=True)


@pytest.mark.parametrize(
    ("at", "first"),
    [(0.9, False), (1, True), (2.4, True), (2.5, True), (2.6, False)],
)
def test_the_first_sample_comes_within_a_second_after_the_load(at: float, *, first: bool) -> None:
    tale, sample = _sampled(at=at)
    assert _may_be_first(tale, sample) is first


def _may_be_first(tale: Tale, sample: Draft) -> bool:
    evidence = tale.evidence()
    timeline = Timeline(evidence.settings, evidence.windows)
    message = next(m for m in read_all(evidence.exchanges, evidence.traits) if m.exchange.body == sample.raw)
    return story_of(tale).may_be_first_sample(message, timeline)


def test_or_after_the_event_that_is_late() -> None:
    tale, sample = _sampled(at=4)
    tale.named["1.load"].arrival = 3.0
    assert _may_be_first(tale, sample)
    sample.arrival = 4.1
    assert not _may_be_first(tale, sample)


def test_or_after_the_options_changed() -> None:
    tale, sample = _sampled(at=8)
    tale.options(6.995)
    assert _may_be_first(tale, sample)
    sample.arrival = 8.1
    assert not _may_be_first(tale, sample)


def test_only_where_samples_are_taken_at_all() -> None:
    assert not _may_be_first(*_sampled(interval=0))
    tale, sample = _sampled(enabled=False, at=2.4)
    assert not _may_be_first(tale, sample)
    tale, sample = _sampled()
    for name in STATISTICS:
        del sample.said[name]
    assert not _may_be_first(tale, sample)


def test_what_is_owed_for_each_request() -> None:
    tale = untimed()
    tale.window("closed", 6, 7)
    tale.ask(1, 1, Action.START, reply=Reply.REFUSED)
    tale.ask(2, 1, Action.LOAD)
    tale.ask(3, 1, Action.LOAD)
    tale.ask(4, 1, Action.START, reply=Reply.TROUBLE)
    tale.ask(5, 1, Action.UNLOAD)
    tale.ask(6.5, 1, Action.LOAD)
    tale.options(10, enabled=False)
    tale.ask(9.5, 1, Action.START)
    tale.ask(11.5, 1, Action.STOP)
    assert [step.standing for step in story_of(tale).steps] == [
        Standing.REFUSED,
        Standing.OWED,
        Standing.TOLERATED,
        Standing.TROUBLE,
        Standing.TOLERATED,
        Standing.UNSEEN,
        Standing.UNSURE,
        Standing.SILENT,
    ]
