"""What the two emitters answer alike, and all that they answer otherwise, with the ambiguity that allows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from cgstate.specification.registry import registry
from selftest.independent.asking import (
    CONFIGURED,
    LANGUAGES,
    LOAD,
    OPTIONS,
    SET,
    START,
    STOP,
    UNLOAD,
    about,
    ask,
    by_itself,
    call,
    configure,
    every,
    send_to,
    set_options,
)
from selftest.reference.conftest import DONE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selftest.independent.asking import Step
    from selftest.reference.conftest import Control

NO_DATA: tuple[object, ...] = ({}, [], {"data": 5}, {"data": {}})
NO_GOALS: tuple[object, ...] = ("80", 0.5, [])
IDS: dict[str, object] = {"campaignId": 4_711, "groupId": 1}
"""Of a group that nobody configured."""


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
