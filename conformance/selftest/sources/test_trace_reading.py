"""A trace that cannot be what it says is refused with the reason; what it leaves out is unknown, not made up."""

from typing import Any

import pytest

from cgstate.evidence import Cause, Evidence, Reply, Setting
from cgstate.sources.corpus import body_of, trace_from
from cgstate.sources.recordings import UnreadableRecording
from cgstate.specification.codes import Action

MESSAGE: dict[str, Any] = {"GSW_GROUP_NAME": "Sales"}
GROUP: dict[str, Any] = {"campaignId": 101, "groupId": 732}
LOAD = GROUP | {"asked": 1, "answered": 1.5, "request": "load-campaign"}


def bare(*messages: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"description": "a trace of a test", "messages": list(messages), **more}


def driven(**more: object) -> dict[str, Any]:
    return {**bare({"arrived": 2, "message": MESSAGE}), "began": 1000, "groups": [GROUP], "requests": [LOAD], **more}


def evidence(trace: dict[str, Any]) -> Evidence:
    return trace_from(trace, "t").evidence


def test_a_bare_recording_shows_bytes_and_nothing_else() -> None:
    found = evidence(bare({"message": MESSAGE}, {"text": " {}"}, {"bytes": "77u/e30="}))
    assert [exchange.body for exchange in found.exchanges] == [
        b'{"GSW_GROUP_NAME": "Sales"}',
        b" {}",
        b"\xef\xbb\xbf{}",
    ]
    assert [(e.number, e.arrival, e.target, e.answer) for e in found.exchanges] == [
        (n, None, None, None) for n in (1, 2, 3)
    ]
    traits = found.traits
    assert (traits.has_bytes, traits.has_arrival, traits.has_request, traits.has_response) == (
        True,
        False,
        False,
        False,
    )


def test_what_a_message_tells_of_its_request_is_there() -> None:
    (exchange,) = evidence(
        driven(messages=[{"arrived": 2.25, "connection": 7, "target": "/a?b", "answer": "reset", "message": MESSAGE}])
    ).exchanges
    assert (exchange.arrival, exchange.connection, exchange.answer) == (1002.25, 7, "reset")
    assert (exchange.method, exchange.target, exchange.header("content-type")) == ("POST", "/a?b", "application/json")


def test_a_request_may_be_told_in_full() -> None:
    more: dict[str, object] = {
        "dialMode": 1,
        "optimizeBy": 3,
        "optimizeGoal": 30,
        "cause": "schedule",
        "reply": "refused",
    }
    (act,) = evidence(driven(requests=[LOAD | {"request": "start-dialing"} | more])).acts
    assert (act.number, act.key, act.action, act.asked, act.answered) == (1, (101, 732), Action.START, 1001, 1001.5)
    assert (act.cause, act.reply) == (Cause.SCHEDULE, Reply.REFUSED)
    assert act.dialing is not None
    assert (act.dialing.dial_mode, act.dialing.optimize_by, act.dialing.optimize_goal) == (1, 3, 30)


def test_options_left_out_have_their_defaults() -> None:
    change = {"asked": 0, "answered": 0.5}
    first, second = evidence(
        driven(options=[change | {"set": {}}, change | {"known": False, "set": {"campaigngroup-states-interval": 10}}])
    ).settings
    assert first == Setting(1000, 1000.5, enabled=False, uri=None, interval=10, default_interval=True)
    assert (second.default_interval, second.known) == (False, False)


def test_what_a_group_leaves_out_is_unknown_and_null_is_not_configured() -> None:
    group = evidence(driven(groups=[GROUP | {"name": "Spring@Sales", "campaignName": None, "drainSeconds": 2}])).groups[
        101, 732
    ]
    assert (group.name, group.campaign_name, group.drain_seconds) == ("Spring@Sales", None, 2)
    assert not group.unknown & {"name", "campaign_name", "drain_seconds", "campaign_id", "group_id"}
    assert {"group_name", "tenant_name", "tenant_ccid", "queue_name", "dial_mode", "optimize_goal"} <= group.unknown


@pytest.mark.parametrize(
    ("trace", "reason"),
    [
        (bare({}), "is not valid under any of the given schemas"),
        (bare({"message": MESSAGE, "text": "{}"}), "is valid under each of"),
        (bare({"message": MESSAGE, "arrived": 1}), "should not be valid under"),
        (bare({"message": MESSAGE}, began=0), "'arrived' is a required property"),
        (bare({"message": MESSAGE}, requests=[LOAD]), "'began' is a dependency of 'requests'"),
        (bare({"bytes": "x"}), "$.messages[0].bytes: 'x' does not match"),
        (bare({"message": []}), "$.messages[0].message: [] is not of type 'object'"),
        (bare(seen=1), "'seen' was unexpected"),
        (driven(requests=[LOAD | {"request": "load"}]), "'load' is not one of"),
        (driven(requests=[LOAD | {"groupId": 733}]), "requests name a group that does not stand in groups"),
        (driven(groups=[GROUP, GROUP]), "one stands there twice"),
        (driven(options=[{"asked": 0, "answered": 1, "set": {"interval": 1}}]), "'interval' was unexpected"),
        (driven(emitter={"capabilities": ["fly"]}), "unknown capability 'fly'"),
        (driven(windows=[{"rule": "night", "began": 0, "ended": 1}]), "'night' is not one of"),
        (
            driven(messages=[{"arrived": 3, "message": MESSAGE}, {"arrived": 2, "message": MESSAGE}]),
            "messages do not stand in the order of their arrival",
        ),
        (bare({"message": {"GSW_GROUP_NAME": "\ud800"}}), "surrogates not allowed"),
        (bare({"message": {"GSW_LATER": float("nan")}}), "not JSON compliant"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(trace: dict[str, Any], reason: str) -> None:
    with pytest.raises(UnreadableRecording) as refused:
        trace_from(trace, "t.json")
    said = str(refused.value)
    assert said.startswith("t.json is no trace: ")
    assert reason in said
    assert "\n" not in said
    assert len(said) < 400


def test_a_body_is_written_as_its_form_promises() -> None:
    assert body_of({"message": {"é": 1.0}}) == '{"é": 1.0}'.encode()
    assert body_of({"text": "é\r\n"}) == b"\xc3\xa9\r\n"
    assert body_of({"bytes": "AAH/"}) == b"\x00\x01\xff"
