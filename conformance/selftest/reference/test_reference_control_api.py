from __future__ import annotations

import socket
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from selftest.reference.conftest import Capture, Control

REQUESTS = ("load-campaign", "start-dialing", "set-dialing-mode", "stop-dialing", "unload-campaign")
UNREADABLE = {
    "nothing": b"",
    "half an object": b'{"data": {"campaignId": 1',
    "not UTF-8": b'{"data": "\xff"}',
    "an array": b"[]",
    "no data": b"{}",
    "data no object": b'{"data": 5}',
    "no ids": b'{"data": {}}',
    "an id as a string": b'{"data": {"campaignId": "1", "groupId": 1}}',
    "an id as a fraction": b'{"data": {"campaignId": 1.5, "groupId": 1}}',
    "an id of 0": b'{"data": {"campaignId": 0, "groupId": 1}}',
    "an id as true": b'{"data": {"campaignId": true, "groupId": 1}}',
    "a dial mode out of range": b'{"data": {"campaignId": 1, "groupId": 1, "dialMode": 12}}',
    "a dial mode as a string": b'{"data": {"campaignId": 1, "groupId": 1, "dialMode": "1"}}',
    "a method out of range": b'{"data": {"campaignId": 1, "groupId": 1, "optimizeBy": 5}}',
    "a negative goal": b'{"data": {"campaignId": 1, "groupId": 1, "optimizeGoal": -1}}',
    "NaN": b'{"data": {"campaignId": NaN, "groupId": 1}}',
    "properties no array": b'{"data": {"campaignId": 1, "groupId": 1, "requestProperties": {}}}',
    "deep nesting": b"[" * 100_000,
}
CONFIGURATION = {"name": "C@G", "groupName": "G", "tenantCcid": "ccid"}


@pytest.mark.parametrize("request_name", REQUESTS)
@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_request_is_answered_with_400_and_the_reason(
    emitter: Control, request_name: str, body: bytes
) -> None:
    status, answer = emitter.call("POST", f"/{request_name}", body)
    assert status == 400
    assert answer["status"]["code"] != 0
    assert answer["status"]["message"]


@pytest.mark.parametrize("request_name", REQUESTS)
def test_an_unknown_group_is_answered_with_404(emitter: Control, request_name: str) -> None:
    status, answer = emitter.call("POST", f"/{request_name}", {"data": {"campaignId": 1, "groupId": 999_999}})
    assert status == 404
    assert answer["status"]["code"] != 0


def test_requests_lead_through_the_life_cycle_and_are_refused_out_of_turn(emitter: Control) -> None:
    emitter.options(None, enabled=False)
    group = emitter.group(drainSeconds=0)
    assert (group.state, group.ask("start-dialing")) == (0, 409)
    assert (group.ask("load-campaign"), group.state) == (200, 4)
    assert (group.ask("load-campaign"), group.ask("stop-dialing"), group.ask("set-dialing-mode")) == (409, 409, 409)
    assert (group.ask("start-dialing", dialMode=1, optimizeBy=1, optimizeGoal=80), group.state) == (200, 5)
    assert (group.ask("start-dialing"), group.ask("load-campaign")) == (409, 409)
    assert (group.ask("set-dialing-mode", dialMode=2), group.state) == (200, 5)
    assert (group.ask("stop-dialing"), group.state) == (200, 4)
    assert (group.ask("unload-campaign"), group.state) == (200, 0)
    assert group.ask("unload-campaign") == 409


def test_a_second_unload_while_draining_is_taken_and_the_end_comes_once(emitter: Control, capture: Capture) -> None:
    emitter.options(capture.uri)
    group, fence = emitter.group(drainSeconds=0.3), emitter.group()
    requests = ("load-campaign", "start-dialing", "unload-campaign", "unload-campaign")
    assert [group.ask(request) for request in requests] == [200, 200, 200, 200]
    assert group.state == 1
    messages = [message.data for message in capture.wait(5, group.name)]
    assert [message["GSW_CAMPAIGN_GROUP_STATE"] for message in messages] == [4, 5, 1, 2, 0]
    end, begin = (float(messages[at]["GSW_DATE_TIME"]) for at in (-1, 2))
    assert end - begin >= 0.29
    fence.ask("load-campaign")
    capture.wait(1, fence.name)
    assert len(capture.of(group.name)) == 5


def test_an_integer_is_one_however_it_is_written(emitter: Control) -> None:
    emitter.options(None, enabled=False)
    group = emitter.group()
    campaign, number = group.path.split("/")[-2:]
    body = f'{{"data": {{"campaignId": {campaign}.0, "groupId": {number}e0}}}}'.encode()
    assert (emitter.call("POST", "/load-campaign", body)[0], group.state) == (200, 4)


def test_the_conformance_document_names_every_hook_and_the_actors(emitter: Control) -> None:
    status, document = emitter.call("GET", "/conformance")
    assert status == 200
    assert set(document["capabilities"]) == {"options", "groups", "automatic", "drain"}
    assert document["actors"] == {"client": 1, "schedule": 2, "condition": 3}


def test_options_left_out_go_back_to_their_defaults(emitter: Control) -> None:
    names = ("send-campaigngroup-states", "campaigngroup-states-uri", "campaigngroup-states-interval")
    values = (True, "http://127.0.0.1:9/x?y", 7)
    assert emitter.call("PUT", "/conformance/options", dict(zip(names, values, strict=True)))[0] == 200
    assert emitter.call("GET", "/conformance/options") == (200, dict(zip(names, values, strict=True)))
    assert emitter.call("PUT", "/conformance/options", {})[0] == 200
    assert emitter.call("GET", "/conformance/options") == (200, dict(zip(names, (False, None, 10), strict=True)))


@pytest.mark.parametrize(
    "options",
    [
        [],
        {"send-campaigngroup-states": "true"},
        {"send-campaigngroup-states": 1},
        {"campaigngroup-states-interval": "10"},
        {"campaigngroup-states-interval": True},
        {"campaigngroup-states-interval": 10**400},
        {"campaigngroup-states-uri": 5},
        {"campaigngroup-states-uri": "http://host/\u00fc"},
        {"campaigngroup-states-uri": "somewhere"},
        {"campaigngroup-states-uri": "http://"},
        {"campaigngroup-states-uri": "http://[::1/"},
        {"campaigngroup-states-uri": "http://host:99999/"},
        {"campaigngroup-states-uri": "http://host/\r\nX: y"},
    ],
)
def test_options_of_the_wrong_type_are_answered_with_400_and_change_nothing(emitter: Control, options: object) -> None:
    emitter.options("http://127.0.0.1:9/", enabled=False)
    before = emitter.call("GET", "/conformance/options")
    assert emitter.call("PUT", "/conformance/options", options)[0] == 400
    assert emitter.call("GET", "/conformance/options") == before


@pytest.mark.parametrize(
    "change",
    [
        {"name": None},
        {"name": 5},
        {"name": "x" * 256},
        {"name": "\ud800"},
        {"groupName": ""},
        {"campaignName": ["x"]},
        {"tenantCcid": None},
        {"dialMode": -1},
        {"drainSeconds": -1},
        {"drainSeconds": "1"},
        {"drainSeconds": 10**400},
    ],
)
def test_an_unreadable_configuration_is_answered_with_400(emitter: Control, change: dict[str, object]) -> None:
    path = "/conformance/campaign-groups/77/77"
    assert emitter.call("PUT", path, {**CONFIGURATION, **change})[0] == 400
    assert emitter.call("GET", path)[0] == 404


def test_a_loaded_group_is_not_configured_anew_and_is_taken_away_in_any_state(
    emitter: Control, capture: Capture
) -> None:
    emitter.options(capture.uri)
    group = emitter.group()
    assert group.ask("load-campaign") == 200
    assert emitter.call("PUT", group.path, CONFIGURATION)[0] == 409
    assert emitter.call("DELETE", group.path) == (204, None)
    assert emitter.call("DELETE", group.path) == (204, None)
    assert emitter.call("GET", group.path)[0] == 404
    fence = emitter.group()
    fence.ask("load-campaign")
    capture.wait(1, fence.name)
    assert len(capture.of(group.name)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"cause": "client"},
        {"cause": 2},
        {"request": "dial"},
        {"request": "set-dialing-mode"},
        {"request": []},
        {"data": 1},
    ],
)
def test_an_unreadable_automatic_action_is_answered_with_400(emitter: Control, change: dict[str, object]) -> None:
    body = {"data": {"campaignId": 1, "groupId": 1}, "request": "stop-dialing", "cause": "schedule", **change}
    assert emitter.call("POST", "/conformance/automatic", body)[0] == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/load-campaign", 405),
        ("POST", "/conformance", 405),
        ("DELETE", "/conformance/options", 405),
        ("POST", "/conformance/campaign-groups/1/1", 405),
        ("POST", "/dial-everybody", 404),
        ("GET", "/conformance/secrets", 404),
        ("GET", "/conformance/campaign-groups/one/1", 404),
        ("PUT", "/conformance/campaign-groups/0/1", 404),
        ("GET", "", 404),
        ("GET", "/../../../other", 404),
    ],
)
def test_what_is_not_there_is_said_to_be_so(emitter: Control, method: str, path: str, status: int) -> None:
    answered, body = emitter.call(method, path, {})
    assert (answered, body["status"]["code"]) == (status, status)


def test_head_is_answered_as_get_is_and_a_wrong_method_with_the_right_ones(emitter: Control) -> None:
    parts = urlsplit(emitter.base)
    connection = HTTPConnection(str(parts.hostname), parts.port or 0, timeout=5)
    for method, path, status, allow in (
        ("HEAD", "/conformance", 200, None),
        ("DELETE", "/conformance/options", 405, "GET, PUT"),
        ("HEAD", "/load-campaign", 405, "POST"),
    ):
        connection.request(method, parts.path + path)
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Allow")) == (status, allow)
        assert (answer.read() == b"") == (method == "HEAD")
    connection.close()


def test_a_body_that_is_not_what_its_header_says_is_answered_with_400(emitter: Control) -> None:
    parts = urlsplit(emitter.base)
    connection = HTTPConnection(str(parts.hostname), parts.port or 0, timeout=5)
    connection.request("POST", f"{parts.path}/load-campaign", b"no gzip", {"Content-Encoding": "gzip"})
    assert connection.getresponse().status == 400
    connection.close()


def test_garbage_is_answered_with_400_and_the_next_request_as_ever(emitter: Control) -> None:
    parts = urlsplit(emitter.base)
    with socket.create_connection((str(parts.hostname), parts.port or 0), timeout=5) as connection:
        connection.sendall(b"no HTTP at all\r\n\r\n")
        assert b" 400 " in connection.recv(4096).partition(b"\r\n")[0]
    assert emitter.call("GET", "/conformance")[0] == 200
