"""The reference receiver takes every legal message, stores it as it came, and says in a line why it refuses another."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cgstate.sources.corpus import body_of, cases

if TYPE_CHECKING:
    from collections.abc import Callable

    from selftest.receiver.conftest import Door

    Make = Callable[..., dict[str, Any]]

ATTRIBUTES = {
    "dial-mode": "GSW_DIAL_MODE",
    "optimize-by": "GSW_OPTIMIZE_BY",
    "date-time": "GSW_DATE_TIME",
    "state": "GSW_CAMPAIGN_GROUP_STATE",
    "queue-name": "GSW_QUEUE_NAME",
    "stat-hit-ratio": "GSW_STAT_HIT_RATIO",
}


def corpus(*kinds: str) -> list[Any]:
    return [pytest.param(case, id=name) for kind in kinds for name, case in cases(f"messages/{kind}").items()]


@pytest.mark.parametrize("case", corpus("valid", "discouraged"))
def test_what_is_legal_is_stored_as_it_came(case: dict[str, Any], receiver: Door) -> None:
    body = body_of(case)
    if case.get("requirement") == "body.unique-keys":
        # What they mean, and so what would be stored, is anybody's guess.
        status, answer = receiver.post(body)
        assert (status, b"is there twice" in answer) == (400, True)
        return
    sent = json.loads(body, parse_float=lambda text: f"number {text}")
    before = receiver.stored(sent["GSW_CAMPAIGN_GROUP_GUID"])
    assert receiver.post(body) == (204, b"")
    assert receiver.post(body) == (204, b"")
    stored = receiver.stored(sent["GSW_CAMPAIGN_GROUP_GUID"])
    assert stored == [*before, sent, sent], "twice sent, twice stored, in the order of sending"
    assert [list(one) for one in stored[-2:]] == [list(sent)] * 2
    assert [list(map(type, one.values())) for one in stored[-2:]] == [list(map(type, sent.values()))] * 2


@pytest.mark.parametrize("case", corpus("invalid"))
def test_what_is_no_notification_is_refused_in_one_line(case: dict[str, Any], receiver: Door) -> None:
    status, answer = receiver.post(body_of(case))
    assert status == 400
    reason = json.loads(answer)["error"]
    assert "\n" not in reason
    slug = case["requirement"].partition(".")[0]
    assert ATTRIBUTES.get(slug, "") in reason


@pytest.mark.parametrize(
    "number", ["0", "-0.0", "0.10", "5e0", "1e400", "9007199254740993", "9" * 5000, "12345678901234567890.5"]
)
def test_a_number_of_any_size_comes_back_as_it_was_written(number: str, receiver: Door, message: Make) -> None:
    made = message(STAT_TIME_TO_COMPLETE="here")
    body = json.dumps(made).replace('"here"', number).encode()
    assert receiver.post(body) == (204, b"")
    guid = made["GSW_CAMPAIGN_GROUP_GUID"].replace("/", "%2F").replace("[", "%5B").replace("]", "%5D")
    _, _, answer = receiver.call("GET", f"{receiver.path}/{guid}")
    assert answer == b"[" + body + b"]"


@pytest.mark.parametrize(
    ("name", "number", "status"),
    [
        ("CAMPAIGN_GROUP_STATE", "5.0", 204),
        ("CAMPAIGN_GROUP_STATE", "0.5e1", 204),
        ("CAMPAIGN_GROUP_STATE", "50e-1", 204),
        ("CAMPAIGN_GROUP_STATE", "5.01", 400),
        ("CAMPAIGN_GROUP_STATE", "5e1", 400),
        ("CAMPAIGN_GROUP_STATE", "5e-1", 400),
        ("CAMPAIGN_GROUP_STATE", "1" * 5000, 400),
        ("CAMPAIGN_GROUP_ACTOR", "1" * 5000, 204),
        ("CAMPAIGN_GROUP_ACTOR", "-7", 204),
        ("CAMPAIGN_GROUP_ACTOR", "1e99999999999999999999", 204),
        ("CAMPAIGN_GROUP_ACTOR", "1e-99999999999999999999", 400),
        ("CAMPAIGN_GROUP_ACTOR", "0e-99999999999999999999", 204),
        ("STAT_HIT_RATIO", "-0.0", 204),
        ("STAT_HIT_RATIO", "-1e-400", 400),
        ("STAT_HIT_RATIO", "-1e400", 400),
    ],
)
def test_a_number_is_what_it_is_worth(name: str, number: str, status: int, receiver: Door, message: Make) -> None:
    body = json.dumps(message(**{name: "here"})).replace('"here"', number).encode()
    assert receiver.post(body)[0] == status


@pytest.mark.parametrize("mode", [..., *range(12)])
@pytest.mark.parametrize("optimized", [False, True])
def test_method_and_goal_go_with_predictive_modes(mode: object, optimized: bool, receiver: Door, message: Make) -> None:  # noqa: FBT001
    optimization = {"OPTIMIZE_BY": 1, "OPTIMIZE_GOAL": 80} if optimized else {}
    status = 204 if not optimized or mode in {..., 1, 5, 10} else 400
    assert receiver.post(message(DIAL_MODE=mode, **optimization))[0] == status


@pytest.mark.parametrize("state", [-1, 0, 1, 2, 3, 4])
@pytest.mark.parametrize("name", ["DIAL_MODE", "OPTIMIZE_BY", "OPTIMIZE_GOAL"])
def test_a_group_that_does_not_run_has_none_of_the_three(state: int, name: str, receiver: Door, message: Make) -> None:
    assert receiver.post(message(CAMPAIGN_GROUP_STATE=state))[0] == 204
    status, answer = receiver.post(message(CAMPAIGN_GROUP_STATE=state, **{name: 1}))
    assert status == 400
    assert f"GSW_{name} is there" in json.loads(answer)["error"]
    assert len(receiver.stored(message()["GSW_CAMPAIGN_GROUP_GUID"])) == 1, "what is refused is not stored"


def test_any_name_and_any_guid_come_back(receiver: Door, message: Make) -> None:
    odd = "".join(map(chr, range(0x250))) + "\u202e\u05d0\uffff\U0001f600\ud83d"
    for name in [odd[start : start + 64] for start in range(0, len(odd), 64)]:
        sent = message(CAMPAIGN_NAME=name, CAMPAIGN_GROUP_GUID=f"{name}/../?#%2F")
        assert receiver.post(sent) == (204, b"")
        assert receiver.stored(sent["GSW_CAMPAIGN_GROUP_GUID"]) == [sent]


@pytest.mark.parametrize("opening", [b'{"a":', b"["])
def test_deep_nesting_is_refused_and_survived(opening: bytes, receiver: Door, message: Make) -> None:
    body = json.dumps(message(CAMPAIGN_NAME="here")).encode().replace(b'"here"', opening * 200_000)
    assert receiver.post(body)[0] == 400
    assert receiver.post(message())[0] == 204


def test_a_reason_is_one_line_whatever_was_sent(receiver: Door, message: Make) -> None:
    status, answer = receiver.post(message(QUEUE_NAME=["\n\x1b[31m" * 100]))
    reason = json.loads(answer)["error"]
    assert status == 400
    assert reason.isprintable()
    assert len(reason) < 120
