"""Which messages a GUID is of, and which groups are loaded at the same time, to the very moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Reply
from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from collections.abc import Callable

    from selftest.judge_trace.telling import Draft, Tale, timed, untimed
else:
    from telling import timed, untimed

CONSTANT, DISTINCT = "guid.constant", "guid.distinct"


def guid(draft: Draft, text: str | None) -> None:
    """Give a message another GUID; None: none."""
    if text is None:
        del draft.said["GSW_CAMPAIGN_GROUP_GUID"]
    else:
        draft.said["GSW_CAMPAIGN_GROUP_GUID"] = text


def short_lives(tale: Tale, count: int) -> float:
    """Load a group for the `count`-th time, and return when that was asked for."""
    for number in range(count - 1):
        tale.do(1 + 10 * number, 1, Action.LOAD)
        tale.do(6 + 10 * number, 1, Action.UNLOAD)
    loaded = 10 * count - 9
    tale.do(loaded, 1, Action.LOAD)
    return loaded


def on_the_way(life: int, seconds: float) -> Tale:
    """A group is unloaded soon after its load, and a state on the way of that has another GUID."""
    tale = untimed()
    loaded = short_lives(tale, life)
    tale.do(loaded + 0.25, 1, Action.UNLOAD, late=3)
    guid(tale.say(loaded + seconds, 1, Action.UNLOAD, GroupState.WAITING_UNLOAD, moment=loaded + 0.25), "another")
    return tale


def periodic(life: int, seconds: float) -> Tale:
    """A periodic message that comes so soon after a load has another GUID."""
    tale = timed()
    loaded = short_lives(tale, life)
    tale.do(loaded + 3, 1, Action.UNLOAD)
    guid(tale.say(loaded + seconds, 1, Action.LOAD, GroupState.ACTIVE, statistics=True), "another")
    return tale


@pytest.mark.parametrize("tell", [on_the_way, periodic])
@pytest.mark.parametrize(
    ("life", "seconds", "changes"),
    [(1, 0.5, True), (1, 1, True), (1, 1.5, True), (2, 0.5, False), (2, 1, False), (2, 1.5, True), (3, 1.5, True)],
)
def test_what_comes_within_a_second_after_another_load_may_be_of_the_life_before(
    tell: Callable[[int, float], Tale], life: int, seconds: float, *, changes: bool
) -> None:
    assert (CONSTANT in tell(life, seconds).faults()) is changes


def test_an_unload_before_any_load_is_of_no_life() -> None:
    tale = untimed()
    guid(tale.do(1, 1, Action.UNLOAD), "another")
    tale.do(3, 1, Action.LOAD)
    tale.do(5, 1, Action.UNLOAD)
    assert not tale.faults()
    assert CONSTANT in tale.met()


def pair(ended: float, began: float, *, shared: bool) -> Tale:
    """Group 1 is unloaded at one moment; at another the load of group 2 is seen."""
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(ended, 1, Action.UNLOAD)
    tale.do(began - 0.25, 2, Action.LOAD, late=0.25)
    tale.do(9, 2, Action.UNLOAD)
    for draft in tale.drafts:
        if shared:
            guid(draft, "the same")
    return tale


@pytest.mark.parametrize(("began", "together"), [(4.75, True), (5, False), (5.25, False)])
def test_a_group_is_loaded_from_its_loads_message_until_its_unload_is_asked_for(
    began: float, *, together: bool
) -> None:
    assert (DISTINCT in pair(5, began, shared=True).faults()) is together
    assert (DISTINCT in pair(5, began, shared=False).met()) is together


@pytest.mark.parametrize(("came", "together"), [(2.5, False), (2.75, True)])
def test_a_group_that_is_never_unloaded_is_loaded_until_its_last_message(came: float, *, together: bool) -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START, late=came - 2)
    tale.do(2.25, 2, Action.LOAD, late=0.25)
    tale.do(9, 2, Action.UNLOAD)
    for draft in tale.drafts:
        guid(draft, "the same")
    assert (DISTINCT in tale.faults()) is together


def test_one_message_alone_takes_no_time() -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    guid(tale.do(2, 2, Action.LOAD), "guid-1-1")
    tale.do(3, 1, Action.UNLOAD)
    assert DISTINCT not in tale.faults()


def three(*guids: str | None) -> Tale:
    """Three groups are loaded at the same time."""
    tale = untimed()
    for number, text in enumerate(guids, 1):
        guid(tale.do(number, number, Action.LOAD), text)
    for number, text in enumerate(guids, 1):
        guid(tale.do(number + 5, number, Action.UNLOAD), text)
    return tale


def test_a_group_without_a_guid_hides_no_others() -> None:
    assert DISTINCT in three(None, "the same", "the same").faults()
    assert DISTINCT in three("the same", None, "the same").faults()


def test_one_guid_is_accused_once_however_many_have_it() -> None:
    judged = three("the same", "the same", "the same").judged()
    assert [r.exchanges for r in judged if r.fault and r.requirement == DISTINCT] == [(2, 1)]


def ending_together() -> Tale:
    """A start's message comes late, the moment that the group's next life and another group's are ended."""
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(1.5, 2, Action.LOAD)
    tale.do(2, 1, Action.START, late=7)
    tale.ask(2.5, 1, Action.STOP, reply=Reply.TROUBLE)
    tale.ask(3, 1, Action.UNLOAD)
    tale.do(5, 1, Action.LOAD)
    tale.do(9, 1, Action.UNLOAD)
    tale.do(9, 2, Action.UNLOAD)
    return tale


def test_of_lives_that_end_at_one_moment_the_first_counts() -> None:
    tale = ending_together()
    assert [r.exchanges for r in tale.judged() if r.requirement == DISTINCT] == [(2,)]
    tale.do(8, 3, Action.LOAD)
    tale.do(12, 3, Action.UNLOAD)
    for draft in tale.drafts:
        if draft.said["GSW_GROUP_NAME"] != tale.groups[2].group_name:
            guid(draft, "the same")
    assert [r.exchanges for r in tale.judged() if r.requirement == DISTINCT and r.fault] == [(4, 1)]
