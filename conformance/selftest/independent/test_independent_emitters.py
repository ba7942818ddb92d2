"""What the two emitters do alike, and the whole of what they do otherwise: each with the ambiguity that allows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from cgstate.specification.registry import registry
from selftest.reference.conftest import DONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from selftest.reference.conftest import Capture, Control, Group, Received

    Step = Callable[[Control, Group], int]
    Said = tuple[int, int] | tuple[int, int, int]

NO_DATA: tuple[object, ...] = ({}, [], {"data": 5}, {"data": {}})
NO_GOALS: tuple[object, ...] = ("80", 0.5, [])
LANGUAGES = ("python", "node")
OPTIONS = "/conformance/options"
CONFIGURED: dict[str, object] = {
    "name": "C@G",
    "groupName": "G",
    "campaignName": "C",
    "campaignTemplateName": None,
    "queueName": "8000",
    "tenantName": None,
    "tenantCcid": "ccid",
    "dialMode": 1,
    "optimizeBy": 1,
    "optimizeGoal": 80,
}
IDS: dict[str, object] = {"campaignId": 4_711, "groupId": 1}
"""Of a group that nobody configured."""


def ask(request: str, **dialing: Any) -> Step:  # noqa: ANN401 - any type, lawful or not
    return lambda _, group: group.ask(request, **dialing)


def by_itself(request: str, cause: str = "schedule") -> Step:
    return lambda _, group: group.automatic(request, cause)


def configure(**changes: object) -> Step:
    """Configure the group; ... leaves a key out."""
    body = {key: value for key, value in (CONFIGURED | changes).items() if value is not ...}
    return lambda control, group: control.call("PUT", group.path, body)[0]


def set_options(**options: object) -> Step:
    """Set options, - in their names written as _, and take them back."""

    def step(control: Control, _: Group) -> int:
        status = control.call("PUT", OPTIONS, {key.replace("_", "-"): value for key, value in options.items()})[0]
        assert control.call("PUT", OPTIONS, {})[0] in DONE
        return status

    return step


def send_to(uri: object) -> Step:
    return set_options(campaigngroup_states_uri=uri)


def every(seconds: object) -> Step:
    return set_options(campaigngroup_states_interval=seconds)


def call(method: str, path: str, body: object = None) -> Step:
    return lambda control, _: control.call(method, path, body)[0]


def about(method: str) -> Step:
    return lambda control, group: control.call(method, group.path)[0]


LOAD, START, STOP, UNLOAD = (ask(r) for r in ("load-campaign", "start-dialing", "stop-dialing", "unload-campaign"))
SET = "set-dialing-mode"


@dataclass(frozen=True)
class Row:
    """Steps, and the statuses of the answers in each language; 200 stands for any success."""

    title: str
    steps: tuple[Step, ...]
    python: tuple[int, ...]
    node: tuple[int, ...]
    ambiguity: str = ""
    """Id of what lets them differ; empty: they do not."""


def alike(title: str, *pairs: tuple[Step, int]) -> Row:
    steps, statuses = tuple(step for step, _ in pairs), tuple(status for _, status in pairs)
    return Row(title, steps, statuses, statuses)


def each(title: str, status: int, steps: Iterable[Step]) -> Row:
    return alike(title, *((step, status) for step in steps))


def otherwise(title: str, ambiguity: str, *triples: tuple[Step, int, int]) -> Row:
    steps, python, node = zip(*triples, strict=True)
    return Row(title, steps, python, node, f"ambiguity.{ambiguity}")


ALIKE = (
    alike(
        "what is possible when",
        (START, 409),
        (STOP, 409),
        (UNLOAD, 409),
        (LOAD, 200),
        (LOAD, 409),
        (STOP, 409),
        (ask(SET, dialMode=2), 409),
        (START, 200),
        (START, 409),
        (LOAD, 409),
        (STOP, 200),
        (STOP, 409),
        (configure(), 409),
    ),
    alike("a mode that is set", (LOAD, 200), (START, 200), *((ask(SET, dialMode=mode), 200) for mode in (2, 2, 1))),
    alike(
        "while calls drain",
        (configure(drainSeconds=60), 200),
        (LOAD, 200),
        (START, 200),
        (UNLOAD, 200),
        (UNLOAD, 200),
        (LOAD, 409),
        (START, 409),
        (STOP, 409),
        (ask(SET, dialMode=2), 409),
        (configure(), 409),
        (about("GET"), 200),
        (about("DELETE"), 204),
        (about("DELETE"), 204),
        (about("GET"), 404),
        (LOAD, 404),
    ),
    alike("by itself", (by_itself("load-campaign"), 200), (by_itself("start-dialing", "condition"), 200)),
    each(
        "by itself what cannot be",
        400,
        [
            by_itself("load-campaign", "client"),
            by_itself(SET),
            by_itself("dial"),
            call("POST", "/conformance/automatic"),
        ],
    ),
    each(
        "a group that nobody configured",
        404,
        [call("POST", f"/{r}", {"data": IDS}) for r in ("load-campaign", "start-dialing", SET, "stop-dialing")],
    ),
    alike("an id of one more form", (call("POST", "/load-campaign", {"data": IDS | {"groupId": 1.0}}), 404)),
    each(
        "no ids",
        400,
        [
            call("POST", "/load-campaign", {"data": IDS | {"groupId": group}})
            for group in (0, -1, 1.5, "1", True, None, [1])
        ],
    ),
    each("no data", 400, [call("POST", "/load-campaign", body) for body in NO_DATA]),
    each(
        "dialing of another kind",
        400,
        [
            *(ask("start-dialing", dialMode=mode) for mode in (12, -1, "1", True, 1.5)),
            *(ask("start-dialing", dialMode=1, optimizeBy=method) for method in (5, -1, "1", False)),
            *(ask("start-dialing", dialMode=1, optimizeGoal=goal) for goal in NO_GOALS),
        ],
    ),
    each(
        "options that are none",
        400,
        [
            *(set_options(send_campaigngroup_states=value) for value in ("true", 1, None)),
            *(every(value) for value in ("10", True, None, [10])),
            *(send_to(uri) for uri in (5, "somewhere", "/states", "ftp://h/x", "http://", "http://h/a b")),
            *(send_to(uri) for uri in ("http://h/\u00fc", "http://h:99999/", "http://[::1/", "http://h/\r\nX: y")),
            call("PUT", OPTIONS, []),
        ],
    ),
    each(
        "options that are some",
        200,
        [
            *(every(value) for value in (10, 10.0, 0, -1, 86_400, 2**40)),
            *(send_to(uri) for uri in ("", None, "http://h", "http://h?x", "http://u:p@h/", "HTTP://H/a/../b#c")),
            set_options(send_campaigngroup_states=True, of_another_release=1),
            call("PUT", OPTIONS, {}),
        ],
    ),
    each(
        "configurations that are none",
        400,
        [
            *(configure(name=name) for name in (None, 5, ..., "x" * 256, "\ud800")),
            *(configure(campaignName=name) for name in (5, ["x"], "x" * 256)),
            *(configure(tenantCcid=ccid) for ccid in (None, 5, ...)),
            *(configure(dialMode=mode) for mode in (12, -1, "1", True, 1.5)),
            *(configure(drainSeconds=seconds) for seconds in (-1, "1", None, True)),
            configure(queueName=None),
        ],
    ),
    each(
        "configurations that are some",
        200,
        [
            configure(name="\U0001f600" * 255),
            configure(name="a\0b"),
            configure(queueName=""),
            configure(tenantCcid="x" * 300),
            configure(dialMode=10.0, drainSeconds=0.5),
            configure(optimizeBy=4, ofAnotherRelease=[]),
        ],
    ),
    each("no such method", 405, [call("GET", "/load-campaign"), call("POST", "/conformance"), about("POST")]),
    each(
        "no such place",
        404,
        [
            call("GET", ""),
            call("POST", "/dial-everybody", {}),
            call("GET", "/conformance/"),
            *(
                call("PUT", f"/conformance/campaign-groups/{ids}", CONFIGURED)
                for ids in ("0/1", "1/x", "-1/1", "1", "1/1/1")
            ),
        ],
    ),
)
OTHERWISE = (
    otherwise(
        "a running group's mode that goes beyond the documented pairs",
        "other-mode-changes",
        (LOAD, 200, 200),
        (START, 200, 200),
        (ask(SET, dialMode=3), 200, 409),
    ),
    otherwise(
        "configurations that say too little or too much",
        "configured-beyond",
        *(
            (configure(**{key: ""}), 400, 200)
            for key in ("name", "groupName", "campaignName", "tenantName", "tenantCcid")
        ),
        *((configure(**{key: ...}), 200, 400) for key in ("campaignName", "queueName", "tenantName", "dialMode")),
        (configure(optimizeGoal=-1), 400, 200),
        (configure(optimizeGoal=2**31), 400, 200),
        (configure(drainSeconds=10**400), 400, 200),
        (every(0.5), 200, 400),
        (every(10**400), 400, 200),
        (ask("load-campaign", dialMode=None), 200, 400),
    ),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", [pytest.param(row, id=row.title) for row in (*ALIKE, *OTHERWISE)])
def test_each_request_is_answered_as_the_table_says(emitters: dict[str, Control], row: Row, language: str) -> None:
    control = emitters[language]
    group = control.group(**CONFIGURED)
    answered = [step(control, group) for step in row.steps]
    expected = row.python if language == "python" else row.node
    assert [200 if status in DONE else status for status in answered] == [200 if s in DONE else s for s in expected]
    control.clear()


def test_they_differ_only_where_the_register_of_ambiguities_says_so() -> None:
    for row in OTHERWISE:
        assert row.python != row.node
        assert row.ambiguity in registry().ambiguities, row.title


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
    assert len({one.connection for one in python}) == 1
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
