"""What the rules over several messages look at: which events came in time to tell, and signs of life."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Exchange
from cgstate.judge.judge import read_all
from cgstate.judge.trace.neighbours import with_next
from cgstate.judge.trace.scene import Scene, answered_badly
from cgstate.specification.codes import Action

if TYPE_CHECKING:
    from selftest.judge_trace.telling import BEGIN, Tale, untimed
else:
    from telling import BEGIN, untimed


def scene_of(tale: Tale) -> Scene:
    evidence = tale.evidence()
    return Scene.of(evidence, read_all(evidence.exchanges, evidence.traits))


@pytest.mark.parametrize(
    ("answer", "badly"),
    [
        (None, False),
        ("200", False),
        ("204", False),
        ("299", False),
        ("302", True),
        ("404", True),
        ("500", True),
        ("20", True),
        ("2000", True),
        ("", True),
        ("reset", True),
        ("silence", True),
    ],
)
def test_any_answer_but_a_2xx_is_bad(answer: str | None, *, badly: bool) -> None:
    assert answered_badly(Exchange(1, b"", answer=answer)) is badly


@pytest.mark.parametrize(("items", "pairs"), [("", []), ("a", ["a-"]), ("abc", ["ab", "bc", "c-"])])
def test_each_has_the_one_after_it(items: str, pairs: list[str]) -> None:
    assert [item + (following or "-") for item, following in with_next(items)] == pairs


def unreadable(arrival: float, *, second: bool = True) -> Scene:
    """A body that names nobody comes; the loads of two groups are outstanding, or of one."""
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.ask(2, 1, Action.START)
    tale.do(2.5, 3, Action.LOAD)
    if second:
        tale.ask(3, 2, Action.LOAD)
    draft = tale.do(arrival - 0.25, 4, Action.LOAD, late=0.25)
    draft.body = b"GSW:"
    tale.acts.pop()
    del tale.groups[4]
    return scene_of(tale)


def taken(scene: Scene) -> list[tuple[int, int]]:
    """Return the acts whose event is said wrongly, each with its group."""
    return [(story.group.group_id, number) for story in scene.stories for number in story.misfits]


@pytest.mark.parametrize(
    ("arrival", "second", "found"),
    [
        (2.75, True, [(1, 2)]),
        (3, True, [(2, 4)]),
        (5, True, [(2, 4)]),
        (13, True, [(2, 4)]),
        (13.25, True, []),
        (12, False, [(1, 2)]),
        (12.25, False, []),
    ],
)
def test_what_names_nobody_is_the_event_that_was_asked_for_last(
    arrival: float, found: list[tuple[int, int]], *, second: bool
) -> None:
    assert taken(unreadable(arrival, second=second)) == found


def test_what_names_nobody_is_nothing_where_nothing_is_outstanding() -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(1, 2, Action.LOAD)
    tale.again(tale.named["1.load"], 1).body = b"GSW:"
    assert taken(scene_of(tale)) == []
    tale = untimed()
    tale.do(1, 1, Action.LOAD).body = b"GSW:"
    tale.groups.clear()
    assert scene_of(tale).stories == ()


def test_what_can_be_read_and_names_nobody_is_nobodys() -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD).body = b"{}"
    scene = scene_of(tale)
    assert taken(scene) == []
    assert list(scene.events()) == []
    assert len(scene.messages) == 1


def test_what_followed_a_redirect_is_no_message() -> None:
    tale = untimed()
    tale.redirects = frozenset({"/moved"})
    tale.do(1, 1, Action.LOAD)
    tale.again(tale.named["1.load"], 1).target = "/moved"
    assert [m.exchange.number for m in scene_of(tale).messages] == [1]


@pytest.mark.parametrize(("late", "timed"), [(59.75, True), (60, False), (60.25, False)])
def test_an_event_that_comes_a_minute_late_tells_no_clock(late: float, *, timed: bool) -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD, late=late).said["GSW_DATE_TIME"] = f"{BEGIN + 1 + late - 0.25:.3f}"
    scene = scene_of(tale)
    assert len(scene.timed) == timed
    assert scene.offset == (0.25 if timed else None)
    assert scene.delays == (late,)


def test_what_a_stall_holds_back_and_what_drains_tells_no_delay() -> None:
    tale = untimed()
    tale.window("stall", 4, 6)
    tale.do(1, 1, Action.LOAD, late=0.25)
    tale.do(2, 1, Action.UNLOAD, late=0.5)
    tale.do(3, 1, Action.LOAD, late=0.75)
    tale.do(5, 1, Action.START, late=3)
    tale.do(9, 1, Action.STOP, late=0.125)
    tale.do(10, 1, Action.UNLOAD, late=5)
    scene = scene_of(tale)
    assert scene.delays == (0.25, 0.5, 0.75, 0.125)
    assert [step.act.number for _, step, _ in scene.events()] == [1, 2, 3, 4, 5, 6]
    assert [step.act.number for step, *_ in scene.timed] == [1, 2, 3, 5, 6]


def test_the_emitter_lives_until_the_last_request_whose_event_came() -> None:
    tale = untimed()
    assert scene_of(tale).last_sign_of_life == 0
    tale.do(1, 1, Action.LOAD)
    tale.do(3, 2, Action.LOAD, late=2)
    tale.do(4, 2, Action.LOAD, late=2)
    tale.ask(6, 1, Action.START)
    scene = scene_of(tale)
    assert scene.last_sign_of_life == BEGIN + 3
    assert [scene.alive_after(BEGIN + at) for at in (1, 3, 3.25)] == [True, True, False]


def test_of_a_group_that_nothing_was_asked_of_no_story_is_told() -> None:
    tale = untimed()
    tale.know(1)
    assert [story.steps for story in scene_of(tale).stories] == [()]
