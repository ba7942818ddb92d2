"""What the two emitters report alike, and all that they report otherwise, with the ambiguities that allow it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from cgstate.specification.registry import registry
from selftest.independent.asking import CONFIGURED, LANGUAGES, LOAD, SET, START, STOP, UNLOAD, ask, by_itself

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selftest.independent.asking import Step
    from selftest.reference.conftest import Capture, Control, Received

    Said = tuple[int, int] | tuple[int, int, int]


@dataclass(frozen=True)
class Told:
    """Steps, and what is reported of them: action and state, and the dial mode of a running group."""

    title: str
    steps: tuple[Step, ...]
    python: tuple[Said, ...]
    node: tuple[Said, ...]
    ambiguities: tuple[str, ...] = ()


def told(title: str, *steps: Step, python: Iterable[Said], node: Iterable[Said], by: Iterable[str] = ()) -> Told:
    return Told(title, (LOAD, *steps), ((7, 4), *python), ((7, 4), *node), tuple(f"ambiguity.{name}" for name in by))


RUNS = (9, 5, 1)
LEFT = (STOP, UNLOAD)
LEAVES: tuple[Said, ...] = ((10, 4), (8, 0))
SLOWLY: tuple[Said, ...] = ((10, 4), (8, 1), (8, 2), (8, 0))
STORIES = (
    told("a load and an unload", UNLOAD, python=[(8, 0)], node=[(8, 0)]),
    told("an unload after a stop", START, *LEFT, python=[RUNS, *LEAVES], node=[RUNS, *SLOWLY], by=["drain-states"]),
    told(
        "an unload of a running group",
        START,
        UNLOAD,
        python=[RUNS, (8, 0)],
        node=[RUNS, *SLOWLY],
        by=["unload-stops-first", "drain-states"],
    ),
    told(
        "a mode that is set to what it is",
        START,
        ask(SET, dialMode=1, optimizeBy=1, optimizeGoal=70),
        ask(SET, dialMode=2),
        *LEFT,
        python=[RUNS, (11, 5, 1), (11, 5, 2), *LEAVES],
        node=[RUNS, (11, 5, 2), *SLOWLY],
        by=["no-change", "drain-states"],
    ),
    told(
        "a start by itself after a client's",
        ask("start-dialing", dialMode=5, optimizeBy=1, optimizeGoal=80),
        STOP,
        by_itself("start-dialing"),
        *LEFT,
        python=[(9, 5, 5), (10, 4), (9, 5, 5), *LEAVES],
        node=[(9, 5, 5), (10, 4), (9, 5, 1), *SLOWLY],
        by=["automatic-start", "drain-states"],
    ),
)


def said(message: Received) -> Said:
    data = message.data
    event = data["GSW_CAMPAIGN_GROUP_ACTION"], data["GSW_CAMPAIGN_GROUP_STATE"]
    return (*event, data["GSW_DIAL_MODE"]) if "GSW_DIAL_MODE" in data else event


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("story", [pytest.param(story, id=story.title) for story in STORIES])
def test_each_life_is_reported_as_the_table_says(
    emitters: dict[str, Control], captures: dict[str, Capture], story: Told, language: str
) -> None:
    control, capture = emitters[language], captures[language]
    control.options(capture.uri)
    name, fence = f"{story.title}@G", control.group(**(CONFIGURED | {"name": f"after {story.title}"}))
    group = control.group(**(CONFIGURED | {"name": name}))
    assert [step(control, group) for step in story.steps] == [200] * len(story.steps)
    expected = sorted(story.python if language == "python" else story.node)
    capture.until(lambda seen: len(seen) >= len(expected), name)
    group.until_unloaded()
    fence.ask("load-campaign")
    capture.wait(1, fence.name)
    # Over several connections they may come in any order.
    assert sorted(map(said, capture.of(name))) == expected
    assert len({message.data["GSW_CAMPAIGN_GROUP_GUID"] for message in capture.of(name)}) == 1
    control.clear()


def test_lives_are_reported_otherwise_only_where_the_register_of_ambiguities_says_so() -> None:
    for story in STORIES:
        assert (story.python != story.node) == bool(story.ambiguities), story.title
        assert set(story.ambiguities) <= set(registry().ambiguities), story.title


def test_the_wire_shows_the_freedoms_that_the_readme_names(
    emitters: dict[str, Control], captures: dict[str, Capture]
) -> None:
    seen: dict[str, list[Received]] = {}
    for language, control in emitters.items():
        control.options(captures[language].uri, interval=1)
        group = control.group(**(CONFIGURED | {"name": f"\u00fc\U0001f600 {language}"}))
        group.ask("load-campaign")
        seen[language] = captures[language].wait(3, group.name)
        control.clear()
        control.options(None)
    python, node = (seen[language] for language in LANGUAGES)
    assert {one.headers.get("Transfer-Encoding") for one in python} == {None}
    assert {one.headers.get("Transfer-Encoding") for one in node} == {"chunked"}
    # On a busy machine a message may go out before the connection of the one before is free again.
    assert len({one.connection for one in python}) < len(python)
    assert len({one.connection for one in node}) == len(node)
    assert [one.raw.isascii() for one in (python[0], node[0])] == [False, True]
    assert list(python[0].data) != [key for key in node[0].data if key in python[0].data]
    assert set(node[0].data) - set(python[1].data) == {"GSW_SERVER_NAME"}
    statistics = {key for key in node[0].data if key.startswith("GSW_STAT_")}
    assert (len(statistics), statistics & set(python[0].data)) == (4, set())
    assert statistics <= set(python[1].data)
    # A periodic message has the time of the sample, or that of the last action.
    assert len({one.data["GSW_DATE_TIME"] for one in python}) == len(python)
    assert len({one.data["GSW_DATE_TIME"] for one in node}) == 1
