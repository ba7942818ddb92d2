"""``cgstate report`` on real servers: a recorded trace with known answers, and strange names."""

import json
from typing import Any

import pytest

from cgstate.faces.reporting import REPORTS
from cgstate.sources.corpus import cases
from cgstate.specification import data
from cgstate.specification.queries import queries
from selftest.elasticsearch.servers import Place, Say

SPRING = {"tenant": "Resources", "group": "Spring@Sales"}
AUTUMN = {"tenant": "undefined", "group": "Autumn@[bold]Service"}
DAY = "2026-11-23T"
UNTIL = ("--until", f"{DAY}10:00:00Z")


@pytest.fixture
def trace_place(typed_place: Place) -> Place:
    typed_place.fill([arrival["message"] for arrival in cases("traces/conforming")["two-groups"]["messages"]])
    return typed_place


def rows(says: Say, place: Place, query: str, *arguments: str) -> list[dict[str, Any]]:
    said = says("report", place.uri, "--query", query, "--format", "json", *arguments)
    assert (said.status, said.err) == (0, "")
    found: list[dict[str, Any]] = json.loads(said.out)[query]["rows"]
    return found


def test_the_trace_is_lawful(says: Say) -> None:
    said = says(
        "check", "--trace", str(data.folder("fixtures") / "traces" / "conforming" / "two-groups.json"), "--strict"
    )
    assert (said.status, said.out.splitlines()[0].count("53 messages")) == (0, 1)


def test_current_state(trace_place: Place, says: Say) -> None:
    spring, autumn = rows(says, trace_place, "current-state", *UNTIL)
    assert spring == {
        **SPRING,
        "state": "0 NotLoaded",
        "dial mode": None,
        "action": "8 CM_ReqUnloadCampaign",
        "as of": f"{DAY}04:00:00.000Z",
        "GUID": "3f0c2a54-8a3e-4f6f-a1f4-0d9b7b2c6e10",
    }
    assert (autumn["state"], autumn["dial mode"], autumn["as of"]) == (
        "5 Running",
        "2 Progress",
        f"{DAY}05:30:00.000Z",
    )


def test_current_state_at_an_earlier_time(trace_place: Place, says: Say) -> None:
    spring, autumn = rows(says, trace_place, "current-state", "--until", f"{DAY}01:10:00")
    assert (spring["state"], spring["dial mode"]) == ("5 Running", "2 Progress")
    assert autumn["as of"] == f"{DAY}01:00:00.000Z"


def test_time_in_each_state(trace_place: Place, says: Say) -> None:
    assert rows(says, trace_place, "time-in-state", *UNTIL) == [
        {**SPRING, "state": "1 WaitingUnload", "seconds": 300.0},
        {**SPRING, "state": "2 UnloadInProgress", "seconds": 300.0},
        {**SPRING, "state": "4 Active", "seconds": 1200.25},
        {**SPRING, "state": "5 Running", "seconds": 12599.75},
        {**AUTUMN, "state": "4 Active", "seconds": 1800.0},
        {**AUTUMN, "state": "5 Running", "seconds": 32400.0},
    ]


def test_dial_mode_changes(trace_place: Place, says: Say) -> None:
    assert rows(says, trace_place, "dial-mode-changes", *UNTIL) == [
        {**SPRING, "time": f"{DAY}01:10:00.000Z", "from": "1 Predict", "to": "2 Progress", "actor": 1},
        {**SPRING, "time": f"{DAY}02:10:00.000Z", "from": "2 Progress", "to": "1 Predict", "actor": 1},
        {**SPRING, "time": f"{DAY}03:20:00.000Z", "from": "1 Predict", "to": "3 Preview", "actor": 1},
    ]


def test_busy_factor_over_time(trace_place: Place, says: Say) -> None:
    found = rows(says, trace_place, "busy-factor", *UNTIL, "--interval", "1h")
    told = [(row["group"], row["from"], row["average"], row["least"], row["greatest"], row["samples"]) for row in found]
    assert told == [
        ("Spring@Sales", f"{DAY}00:00:00.000Z", 0.625, 0.5, 0.75, 4),
        ("Spring@Sales", f"{DAY}01:00:00.000Z", 0.8125, 0.5, 0.875, 6),
        ("Spring@Sales", f"{DAY}02:00:00.000Z", 0.6667, 0.625, 0.875, 6),
        ("Spring@Sales", f"{DAY}03:00:00.000Z", 0.3438, 0.25, 0.625, 4),
        *(
            ("Autumn@[bold]Service", f"{DAY}0{hour}:00:00.000Z", 1.0, 1.0, 1.0, samples)
            for hour, samples in ((1, 3), (2, 4), (3, 4), (4, 4), (5, 3))
        ),
    ]


def test_groups_running_past_a_limit(trace_place: Place, says: Say) -> None:
    (autumn,) = rows(says, trace_place, "running-past", *UNTIL)
    assert autumn == {
        **AUTUMN,
        "running since": f"{DAY}01:00:00.000Z",
        "seconds": 32400.0,
        "dial mode": "2 Progress",
        "last heard": f"{DAY}05:30:00.000Z",
        "GUID": "9b1d7c66-2f0e-4c8b-8a55-6d3e0f4b7a21",
    }
    assert rows(says, trace_place, "running-past", *UNTIL, "--limit", "9h") == []
    both = rows(says, trace_place, "running-past", "--until", f"{DAY}03:00:00Z", "--limit", "1h")
    assert [row["running since"] for row in both] == [f"{DAY}00:10:00.250Z", f"{DAY}01:00:00.000Z"]


def test_the_time_asked_for_may_begin_later(trace_place: Place, says: Say) -> None:
    found = rows(says, trace_place, "dial-mode-changes", "--since", f"{DAY}01:30:00Z", *UNTIL)
    assert [row["time"] for row in found] == [f"{DAY}02:10:00.000Z", f"{DAY}03:20:00.000Z"]


def test_tables_show_every_report_with_names_as_they_are(trace_place: Place, says: Say) -> None:
    said = says("report", trace_place.uri, *UNTIL)
    assert said.status == 0
    assert all(query.title in said.out for query in queries().values())
    assert "Autumn@[bold]Service" in said.out
    assert "9:00:00" in said.out


def test_a_hostile_name_is_shown_escaped(typed_place: Place, says: Say) -> None:
    message = {
        "GSW_TENANT_NAME": ":smile: [red]",
        "GSW_CAMPAIGN_GROUP_NAME": "\x1b[31mred\n",
        "GSW_CAMPAIGN_GROUP_STATE": 4,
        "GSW_DATE_TIME": "1527516447.250",
    }
    assert typed_place.post(message).status_code == 201
    said = says("report", typed_place.uri, "--query", "current-state")
    assert "\\x1b[31mred\\n" in said.out
    assert ":smile: [red]" in said.out
    assert "\x1b" not in said.out


def test_malformed_values_stop_no_report(trace_place: Place, says: Say) -> None:
    before = rows(says, trace_place, "time-in-state", *UNTIL)
    strange = (
        {**SPRING_MESSAGE, "GSW_CAMPAIGN_GROUP_STATE": "5"},
        {**SPRING_MESSAGE, "GSW_CAMPAIGN_GROUP_STATE": [4, 5]},
    )
    for message in (*strange, {**SPRING_MESSAGE, "GSW_DATE_TIME": "yesterday"}, {"GSW_DATE_TIME": "1795392000.000"}):
        assert trace_place.post(message).status_code == 201
    no_utf_8 = json.dumps({**SPRING_MESSAGE, "GSW_QUEUE_NAME": "800"}).encode().replace(b"800", b"\xed\xa0\x80800")
    assert trace_place.post(no_utf_8).status_code in {201, 400}
    assert rows(says, trace_place, "time-in-state", *UNTIL) == before
    assert len(rows(says, trace_place, "current-state", *UNTIL)) == 2


SPRING_MESSAGE = {
    "GSW_TENANT_NAME": "Resources",
    "GSW_CAMPAIGN_GROUP_NAME": "Spring@Sales",
    "GSW_CAMPAIGN_GROUP_STATE": 4,
    "GSW_DATE_TIME": "1795392001.000",
}


def test_more_than_a_page_of_groups(typed_place: Place, says: Say) -> None:
    loaded = {"GSW_TENANT_NAME": "T", "GSW_CAMPAIGN_GROUP_STATE": 4, "GSW_DATE_TIME": "1795392000.000"}
    typed_place.fill([{**loaded, "GSW_CAMPAIGN_GROUP_NAME": f"{number:04}"} for number in range(1_100)])
    names = [f"{number:04}" for number in range(1_100)]
    for query in ("current-state", "time-in-state"):
        assert [row["group"] for row in rows(says, typed_place, query, *UNTIL)] == names


def test_no_index_yet_is_nothing_to_show(bare_place: Place, says: Say) -> None:
    said = says("report", bare_place.uri)
    assert (said.status, said.out.count("nothing to show")) == (0, len(REPORTS))


def test_an_index_without_the_template_is_told_in_one_line(bare_place: Place, says: Say) -> None:
    assert bare_place.post(SPRING_MESSAGE).status_code == 201
    said = says("report", bare_place.uri)
    assert said.status == 4
    assert "cgstate elasticsearch-template" in said.err


def test_every_query_is_documented() -> None:
    readme = (data.folder("schemas") / "elasticsearch" / "README.md").read_text(encoding="utf-8")
    assert sorted(queries()) == sorted(REPORTS)
    for name, query in queries().items():
        assert f"| [`{name}`](queries/{name}.json) | {query.title} | {query.answers} |" in readme
        assert query.parameters.keys() >= {"since", "until"}


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["http://127.0.0.1:9/x"], 6, "connection refused"),
        (["http://127.0.0.1:9/x", "--until", "tomorrow"], 4, "is no time"),
        (["http://127.0.0.1:9/x", "--since", "5", "--until", "4"], 4, "--since is later than --until"),
        (["http://127.0.0.1:9/x", "--interval", "1 week"], 4, "no length of time"),
        (["http://127.0.0.1:9/x", "--limit", "0"], 4, "--limit"),
        (["http://127.0.0.1:9/x", "--query", "nonsense"], 4, "--query"),
    ],
)
def test_bad_input_is_one_line(says: Say, arguments: list[str], status: int, said: str) -> None:
    result = says("report", *arguments)
    assert result.status == status
    assert said in result.err.splitlines()[0]
