"""Where each message of a group has its place: with which request, among the periodic ones, or nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Dialing, Reply
from cgstate.judge.judge import read_all
from cgstate.judge.trace.story import Story, tell
from cgstate.judge.trace.timeline import Timeline
from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cgstate.judge.message import Message
    from selftest.judge_trace.telling import BEGIN, PROGRESS, STATISTICS, Draft, Tale, timed, untimed
else:
    from telling import BEGIN, PROGRESS, STATISTICS, timed, untimed

LOAD, START, STOP, UNLOAD, MODE = Action.LOAD, Action.START, Action.STOP, Action.UNLOAD, Action.SET_DIALING_MODE
WAITING, UNLOADING, ACTIVE = GroupState.WAITING_UNLOAD, GroupState.UNLOAD_IN_PROGRESS, GroupState.ACTIVE
RUNNING, GONE, INACTIVE = GroupState.RUNNING, GroupState.NOT_LOADED, GroupState.INACTIVE


@dataclass
class Places:
    """Numbers of messages by their places."""

    events: dict[int, int]
    """By the number of the request."""
    periodic: Sequence[int] = ()
    strays: Sequence[int] = ()
    drains: Sequence[int] = ()
    stops: Sequence[int] = ()
    undetermined: Sequence[int] = ()
    misfits: Sequence[int] = ()
    """Of the events, those that say their request wrongly."""


def story_of(tale: Tale) -> Story:
    evidence = tale.evidence()
    messages = read_all(evidence.exchanges, evidence.traits)
    return tell(tale.groups[1], evidence.acts, messages, Timeline(evidence.settings, evidence.windows))


def places(tale: Tale) -> Places:
    story = story_of(tale)

    def numbers(messages: Iterable[Message]) -> tuple[int, ...]:
        return tuple(message.exchange.number for message in messages)

    return Places(
        {number: message.exchange.number for number, message in story.events.items()},
        numbers(story.periodic),
        numbers(stray.message for stray in story.strays),
        numbers(message for _, message in story.drains),
        numbers(message for _, message in story.stops),
        numbers(story.undetermined),
        numbers(story.events[number] for number in sorted(story.misfits)),
    )


def loaded(begin: Callable[[], Tale] = untimed) -> Tale:
    tale = begin()
    tale.do(1, 1, LOAD)
    return tale


def running(begin: Callable[[], Tale] = untimed, dialing: Dialing | None = None) -> Tale:
    tale = loaded(begin)
    tale.do(2, 1, START, dialing)
    return tale


def unreadable(draft: Draft) -> None:
    draft.body = b"[" + draft.raw + b"]"


def test_an_event_may_come_at_the_moment_of_its_request() -> None:
    tale = untimed()
    tale.do(1, 1, LOAD, late=0)
    assert places(tale) == Places({1: 1})


@pytest.mark.parametrize(
    ("event", "moment", "leaving"),
    [(None, 7, 3), (None, 7.0625, None), (2, 7, 3), (0.5, 6.5, 3), (0.5, 6.5625, None)],
)
def test_a_group_is_left_behind_a_second_after_its_end_or_the_next_load(
    event: float | None, moment: float, leaving: int | None
) -> None:
    tale = running()
    if event is None:
        tale.ask(5, 1, UNLOAD)
    else:
        tale.do(5, 1, UNLOAD, late=event)
    tale.do(6, 1, LOAD)
    step = story_of(tale).leaving_at(BEGIN + moment)
    assert (step and step.act.number) == leaving


@pytest.mark.parametrize(("begin", "strays"), [(untimed, (4,)), (timed, ())])
def test_a_way_that_is_told_again_after_a_failure_is_a_second_attempt_unless_it_may_be_periodic(
    begin: Callable[[], Tale], strays: tuple[int, ...]
) -> None:
    tale = running(begin)
    tale.ask(5, 1, UNLOAD)
    first = tale.say(6, 1, UNLOAD, WAITING)
    first.answer = "500"
    tale.again(first, 1)
    tale.say(8, 1, UNLOAD, UNLOADING)
    assert places(tale) == Places({1: 1, 2: 2}, strays=strays, drains=(3, 5) if strays else (3, 4, 5))


def test_a_way_that_is_told_again_without_a_failure_is_on_the_way() -> None:
    tale = running()
    tale.ask(5, 1, UNLOAD)
    tale.again(tale.say(6, 1, UNLOAD, WAITING), 1)
    assert places(tale) == Places({1: 1, 2: 2}, drains=(3, 4))


@pytest.mark.parametrize(("state", "stops"), [(ACTIVE, (3,)), (INACTIVE, (3,)), (RUNNING, ()), (GONE, ())])
def test_an_unload_may_report_its_stop_first_and_once(state: GroupState, stops: tuple[int, ...]) -> None:
    tale = running()
    tale.ask(5, 1, UNLOAD)
    tale.say(6, 1, STOP, state)
    tale.do(7, 1, LOAD)
    tale.do(8, 1, START)
    tale.ask(9, 1, UNLOAD)
    for at in (9.5, 9.75):
        tale.say(at, 1, STOP, ACTIVE)
    tale.do(10, 1, LOAD)
    placed = places(tale)
    assert placed.stops == (*stops, 6)
    assert 7 in placed.strays or 7 in placed.misfits


def test_a_stop_that_was_reported_and_is_said_again_is_not_the_unloads() -> None:
    tale = running()
    tale.do(3, 1, STOP)
    tale.do(4, 1, START)
    tale.ask(5, 1, UNLOAD)
    tale.again(tale.named["1.stop"], 3)
    tale.say(7, 1, UNLOAD, GONE)
    assert places(tale) == Places({1: 1, 2: 2, 3: 3, 4: 4, 5: 6}, strays=(5,))


@pytest.mark.parametrize(("moment", "misfits"), [(1.0, ()), (0.9375, (2,))])
def test_a_sample_with_a_time_before_that_of_an_earlier_event_is_no_event(
    moment: float, misfits: tuple[int, ...]
) -> None:
    tale = timed()
    tale.do(1, 1, LOAD).said["GSW_DATE_TIME"] = f"{BEGIN + 1:.3f}"
    tale.do(3, 1, START).said.update(STATISTICS, GSW_DATE_TIME=f"{BEGIN + moment:.3f}")
    assert places(tale) == Places({1: 1, 2: 2}, misfits=misfits)


@pytest.mark.parametrize(("interval", "statistics", "event"), [(2, True, False), (2, False, True), (0, True, True)])
def test_a_sample_may_name_what_was_asked_for_while_the_feature_was_off(
    interval: float, *, statistics: bool, event: bool
) -> None:
    tale = running()
    tale.options(4, enabled=False)
    tale.ask(6, 1, STOP)
    tale.options(8, interval=interval)
    tale.say(8.25, 1, STOP, ACTIVE, moment=6, statistics=statistics)
    assert places(tale) == (Places({1: 1, 2: 2, 3: 3}) if event else Places({1: 1, 2: 2}, periodic=(3,)))


def test_what_cannot_be_read_is_the_event_that_is_missing() -> None:
    tale = untimed()
    unreadable(tale.do(1, 1, LOAD))
    tale.do(2, 1, START)
    assert places(tale) == Places({1: 1, 2: 2}, misfits=(1,))


def test_what_cannot_be_read_takes_no_events_place_and_none_that_need_not_come() -> None:
    tale = running(dialing=PROGRESS)
    tale.ask(3, 1, MODE, PROGRESS)
    unreadable(tale.say(4, 1, MODE, RUNNING))
    assert places(tale) == Places({1: 1, 2: 2}, strays=(3,))


@pytest.mark.parametrize(
    ("action", "state", "periodic"), [(LOAD, ACTIVE, (2,)), (LOAD, WAITING, (2,)), (LOAD, GONE, ())]
)
def test_no_periodic_message_says_that_the_group_is_gone(
    action: Action, state: GroupState, periodic: tuple[int, ...]
) -> None:
    tale = loaded(timed)
    tale.say(3, 1, action, state)
    assert places(tale) == Places({1: 1}, periodic=periodic, strays=() if periodic else (2,))


def test_nor_does_one_come_before_the_group_was_ever_loaded() -> None:
    tale = timed()
    tale.ask(1, 1, UNLOAD, reply=Reply.REFUSED)
    tale.say(3, 1, UNLOAD, ACTIVE)
    assert places(tale) == Places({}, strays=(1,))


@pytest.mark.parametrize(("arrival", "periodic"), [(6.5, True), (6.5625, False)])
def test_a_periodic_message_may_come_a_second_after_the_unloads(arrival: float, *, periodic: bool) -> None:
    tale = loaded(timed)
    tale.do(5, 1, UNLOAD, late=0.5)
    tale.say(arrival, 1, LOAD, ACTIVE, statistics=True)
    assert places(tale) == Places({1: 1, 2: 2}, periodic=(3,) * periodic, strays=(3,) * (not periodic))


@pytest.mark.parametrize(
    ("asked", "later", "number"),
    [
        # The second changes nothing: what names it with its own time may be the event of the first.
        (5, 5, 3),
        (5, 5.5, 3),
        (5, 6, 3),
        (5, 6.0625, 4),
    ],
)
def test_an_event_that_need_not_have_come_is_that_of_the_request_just_before(
    asked: float, later: float, number: int
) -> None:
    tale = running()
    tale.ask(asked, 1, MODE, PROGRESS)
    tale.ask(later, 1, MODE, PROGRESS)
    tale.say(later + 0.25, 1, MODE, RUNNING, moment=later)
    assert places(tale) == Places({1: 1, 2: 2, number: 3})


def test_unless_it_says_another_mode_than_that_asked_for() -> None:
    tale = running()
    tale.ask(5, 1, MODE, PROGRESS)
    tale.ask(5.25, 1, MODE, Dialing(3))
    tale.say(5.5, 1, MODE, RUNNING, moment=5.25)
    assert places(tale) == Places({1: 1, 2: 2, 4: 3})


def test_or_had_to_come() -> None:
    tale = running()
    tale.ask(5, 1, MODE, PROGRESS)
    tale.ask(5.25, 1, MODE)
    tale.say(5.5, 1, MODE, RUNNING, moment=5.25)
    assert places(tale).events == {1: 1, 2: 2, 4: 3}


def test_each_request_gets_its_own_event_back() -> None:
    tale = running()
    for at, dialing in ((5, PROGRESS), (8, Dialing(1, 1, 80))):
        tale.ask(at, 1, MODE, dialing)
        tale.ask(at + 0.25, 1, MODE, dialing)
        tale.say(at + 0.5, 1, MODE, RUNNING, moment=at + 0.25)
    assert places(tale) == Places({1: 1, 2: 2, 3: 3, 5: 4})


@pytest.mark.parametrize(("at", "taken"), [(2.75, True), (3, False), (5, False)])
def test_what_names_nothing_says_a_request_wrongly_that_was_the_last(at: float, *, taken: bool) -> None:
    tale = untimed()
    tale.ask(1, 1, LOAD)
    tale.ask(3, 1, START)
    tale.say(at, 1, UNLOAD, INACTIVE)
    tale.say(5.5, 1, START, RUNNING, moment=3)
    assert places(tale) == (Places({1: 1, 2: 2}, misfits=(1,)) if taken else Places({2: 2}, strays=(1,)))


def turned_off(action: Action, dialing: Dialing | None = None) -> Tale:
    """A running group is asked for something so soon before the feature is off that its event need not come."""
    tale = running(dialing=PROGRESS)
    tale.ask(4.5, 1, action, dialing)
    tale.options(5, enabled=False)
    return tale


@pytest.mark.parametrize(
    ("action", "state", "arrival", "taken"),
    [
        (LOAD, ACTIVE, 4.625, True),
        (LOAD, RUNNING, 4.625, False),
        (LOAD, ACTIVE, 4.75, False),
        (STOP, INACTIVE, 4.625, True),
    ],
)
def test_what_need_not_have_come_is_told_by_its_name_or_by_the_state_that_it_led_to(
    action: Action, state: GroupState, arrival: float, *, taken: bool
) -> None:
    tale = turned_off(STOP)
    tale.say(arrival, 1, action, state)
    tale.ask(4.75, 1, START)
    placed = places(tale)
    assert (placed.events.get(3) == 3) is taken
    assert (3 in placed.strays) is not taken


def test_a_state_that_was_so_before_tells_of_no_request() -> None:
    tale = turned_off(MODE, PROGRESS)
    tale.say(4.625, 1, LOAD, RUNNING)
    assert places(tale) == Places({1: 1, 2: 2}, strays=(3,))


@pytest.mark.parametrize(
    ("run", "action", "state", "misfits"),
    [
        # Taken though it changes nothing: only a mode that is set of a running group is told by a state.
        (True, MODE, ACTIVE, (3,)),
        (True, START, ACTIVE, ()),
        (False, MODE, RUNNING, ()),
    ],
)
def test_of_what_changes_nothing_only_a_dial_mode_can_be_said_wrongly(
    action: Action, state: GroupState, misfits: tuple[int, ...], *, run: bool
) -> None:
    tale = running(dialing=PROGRESS) if run else loaded()
    tale.ask(4, 1, action, PROGRESS)
    tale.say(4.5, 1, action, state)
    assert places(tale).misfits == misfits


@pytest.mark.parametrize(
    ("arrival", "taken"), [(2.9375, False), (3, True), (3.5, True), (3.9375, True), (4, False), (4.5, False)]
)
def test_a_misfit_may_come_within_a_second_before_the_sample_that_was_taken_for_the_event(
    arrival: float, *, taken: bool
) -> None:
    tale = loaded(timed)
    tale.ask(3, 1, START)
    tale.say(arrival, 1, START, ACTIVE)
    tale.say(4.5, 1, START, RUNNING, moment=3, statistics=True)
    placed = places(tale)
    assert (placed.events[2], placed.misfits) == ((2, (2,)) if taken else (3, ()))


def test_nothing_that_comes_with_a_sample_comes_before_it() -> None:
    tale = loaded(timed)
    tale.ask(3, 1, START)
    tale.say(3.5, 1, START, RUNNING, moment=3, statistics=True)
    tale.say(3.5, 1, START, ACTIVE)
    assert places(tale) == Places({1: 1, 2: 2}, periodic=(3,))


@pytest.mark.parametrize(("arrival", "number"), [(1, 1), (5, 1), (7, 4)])
def test_what_names_a_request_says_it_wrongly_until_the_same_is_asked_for_again(arrival: float, number: int) -> None:
    tale = untimed()
    tale.ask(1, 1, LOAD)
    tale.say(arrival, 1, LOAD, RUNNING)
    tale.do(3, 1, START, took=0)
    tale.do(6, 1, UNLOAD)
    tale.ask(7, 1, LOAD)
    placed = places(tale)
    message = {1.0: 1, 5.0: 2, 7.0: 3}[arrival]
    assert (placed.events.get(number), placed.misfits, placed.strays) == (message, (message,), ())


@pytest.mark.parametrize(
    ("arrival", "action", "statistics", "taken"),
    [
        (4.9375, UNLOAD, False, False),
        (5, UNLOAD, False, True),
        (6, UNLOAD, False, True),
        (6, UNLOAD, True, False),
        (6, LOAD, False, False),
        (8, UNLOAD, False, False),
    ],
)
def test_while_calls_drain_only_what_names_the_unload_without_statistics_is_its_end(
    arrival: float, action: Action, *, statistics: bool, taken: bool
) -> None:
    tale = running(timed)
    tale.ask(5, 1, UNLOAD)
    draft = tale.say(arrival, 1, action, INACTIVE, statistics=statistics)
    tale.do(8, 1, LOAD)
    draft.said["GSW_CAMPAIGN_GROUP_GUID"] = "guid-1-1"
    assert (3 in places(tale).misfits) is taken


@pytest.mark.parametrize(
    ("arrival", "action", "statistics", "taken"),
    [
        (2.9375, LOAD, False, False),
        (3, LOAD, False, True),
        (4, LOAD, False, True),
        (4.0625, LOAD, False, False),
        (3.5, LOAD, True, False),
        (4.5, START, True, True),
        (5, START, True, False),
        (3, START, True, True),
    ],
)
def test_a_periodic_message_is_a_misfit_where_it_names_the_request_or_is_like_an_event(
    arrival: float, action: Action, *, statistics: bool, taken: bool
) -> None:
    tale = loaded(timed)
    tale.ask(3, 1, START)
    tale.say(arrival, 1, action, ACTIVE, statistics=statistics)
    tale.do(5, 1, STOP)
    assert (2 in places(tale).misfits) is taken


def test_of_two_requests_of_one_moment_the_one_whose_event_had_to_come_has_it() -> None:
    tale = running()
    tale.ask(5, 1, MODE)
    tale.ask(5, 1, MODE, PROGRESS)
    del tale.say(5.25, 1, MODE, RUNNING, moment=5).said["GSW_DIAL_MODE"]
    assert places(tale) == Places({1: 1, 2: 2, 4: 3})
