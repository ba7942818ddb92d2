"""The HTTP driver: what it sends, and what it makes of every kind of answer."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cgstate.drivers.driver import DriverTrouble, LoginRefused, Options, Refused, Unreachable
from cgstate.drivers.http_control import HttpControl
from cgstate.evidence import Cause, Dialing, GroupConfiguration
from cgstate.specification.codes import Action

if TYPE_CHECKING:
    from selftest.drivers.conftest import FakeControl

GROUP = GroupConfiguration(101, 732, "c@g", "g", "c", None, "8001", None, "1", 1, 1, 80)
GROUP_PATH = "/conformance/campaign-groups/101/732"


@pytest.fixture
def driver(control: "FakeControl") -> Iterator[HttpControl]:
    made = HttpControl(control.base, timeout=2.0)
    yield made
    made.close()


def test_the_five_requests_are_those_of_the_control_api(control: "FakeControl", driver: HttpControl) -> None:
    driver.load(GROUP)
    driver.start(GROUP, Dialing(1, 1, 80))
    driver.set_dialing_mode(GROUP, Dialing(2))
    driver.stop(GROUP)
    driver.unload(GROUP)
    plain = {"data": {"campaignId": 101, "groupId": 732, "requestProperties": []}}
    assert [entry[:3] for entry in control.asked[1:]] == [
        ("POST", "/load-campaign", plain),
        (
            "POST",
            "/start-dialing",
            {"data": {"campaignId": 101, "groupId": 732, "dialMode": 1, "optimizeBy": 1, "optimizeGoal": 80}},
        ),
        ("POST", "/set-dialing-mode", {"data": {"campaignId": 101, "groupId": 732, "dialMode": 2}}),
        ("POST", "/stop-dialing", plain),
        ("POST", "/unload-campaign", plain),
    ]


def test_the_hooks_are_those_of_the_control_api(control: "FakeControl", driver: HttpControl) -> None:
    driver.set_options(Options(enabled=True, uri="http://127.0.0.1:9/x?y=1", interval=3600))
    driver.create_group(replace(GROUP, drain_seconds=1.5))
    driver.automatic(GROUP, Action.START, Cause.SCHEDULE)
    control.answer("GET", GROUP_PATH, 200, {"state": 4})
    assert driver.group_state(GROUP) == 4
    control.answer("DELETE", GROUP_PATH, 204)
    driver.delete_group(GROUP)
    asked = {(method, path): body for method, path, body, _ in control.asked}
    assert asked["PUT", "/conformance/options"] == {
        "send-campaigngroup-states": True,
        "campaigngroup-states-uri": "http://127.0.0.1:9/x?y=1",
        "campaigngroup-states-interval": 3600,
    }
    assert asked["PUT", GROUP_PATH] == {
        "name": "c@g",
        "groupName": "g",
        "campaignName": "c",
        "campaignTemplateName": None,
        "queueName": "8001",
        "tenantName": None,
        "tenantCcid": "1",
        "dialMode": 1,
        "optimizeBy": 1,
        "optimizeGoal": 80,
        "drainSeconds": 1.5,
    }
    assert asked["POST", "/conformance/automatic"] == {
        "data": {"campaignId": 101, "groupId": 732},
        "request": "start-dialing",
        "cause": "schedule",
    }


def test_options_are_read_with_their_defaults(control: "FakeControl", driver: HttpControl) -> None:
    control.answer("GET", "/conformance/options", 200, {"campaigngroup-states-uri": "http://r/"})
    assert driver.options() == Options(enabled=False, uri="http://r/", interval=10)
    control.answer("GET", "/conformance/options", 200, {"campaigngroup-states-interval": True})
    with pytest.raises(DriverTrouble, match="campaigngroup-states-interval is no number"):
        driver.options()


def test_a_group_that_is_gone_is_deleted(control: "FakeControl", driver: HttpControl) -> None:
    control.answer("DELETE", GROUP_PATH, 404, {"status": {"code": 404}})
    driver.delete_group(GROUP)
    assert control.asked[-1][:2] == ("DELETE", GROUP_PATH)


def test_what_the_emitter_declares_is_what_the_driver_has(control: "FakeControl") -> None:
    control.answer(
        "GET",
        "/conformance",
        200,
        {"capabilities": ["groups", "drain"], "actors": {"client": 1}, "dialModes": [2, 3], "more": 1},
    )
    driver = HttpControl(control.base)
    assert driver.capabilities == {"groups", "drain"}
    assert driver.actors == {"client": 1}
    assert driver.dial_modes == frozenset({2, 3})
    driver.close()


@pytest.mark.parametrize(
    ("status", "document"),
    [(404, None), (405, b"no"), (501, b""), (200, b"<html>"), (200, [1]), (200, {}), (302, b"")],
)
def test_an_emitter_without_hooks_has_none(control: "FakeControl", status: int, document: object) -> None:
    control.answer("GET", "/conformance", status, document)
    driver = HttpControl(control.base)
    assert (driver.capabilities, driver.actors, driver.dial_modes) == (frozenset(), None, None)
    driver.close()


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ({"capabilities": ["option"]}, r"unknown capability 'option' \(did you mean options\?\)"),
        ({"capabilities": "options"}, "capabilities is no array of strings"),
        ({"actors": {"clients": 1}}, r"unknown actor 'clients' \(did you mean client\?\)"),
        ({"actors": {"client": True}}, "actors is no object of integers"),
        ({"dialModes": [12]}, "dialModes is no array of dial modes"),
        ({"dialModes": []}, "dialModes is empty"),
    ],
)
def test_a_strange_declaration_is_trouble(control: "FakeControl", document: object, text: str) -> None:
    control.answer("GET", "/conformance", 200, document)
    with pytest.raises(DriverTrouble, match=text):
        HttpControl(control.base)


@pytest.mark.parametrize("status", [404, 409])
def test_a_refusal_is_told_with_status_and_message(control: "FakeControl", driver: HttpControl, status: int) -> None:
    control.answer("POST", "/start-dialing", status, {"status": {"code": 7, "message": "not\nloaded"}})
    with pytest.raises(Refused, match=f"^{status}: not loaded$"):
        driver.start(GROUP, Dialing(3))


@pytest.mark.parametrize(
    ("status", "document", "text"),
    [
        (500, b"boom\x1b[31m", r"^POST /load-campaign: answered 500: boom\\x1b\[31m$"),
        (400, {"status": {"code": 1, "message": "unreadable"}}, "answered 400: unreadable"),
        (200, b"OK", "answered 200 with something that is no JSON object"),
        (200, b"[" * 100_000, "answered 200 with something that is no JSON object"),
        (200, {"status": {"code": 5, "message": "limit"}}, "status code 5: limit"),
    ],
)
def test_a_failing_control_api_is_the_drivers_trouble(
    control: "FakeControl", driver: HttpControl, status: int, document: object, text: str
) -> None:
    control.answer("POST", "/load-campaign", status, document)
    with pytest.raises(DriverTrouble, match=text):
        driver.load(GROUP)


def test_an_empty_acceptance_is_an_acceptance(control: "FakeControl", driver: HttpControl) -> None:
    control.answer("POST", "/load-campaign", 204)
    driver.load(GROUP)
    assert control.asked[-1][1] == "/load-campaign"


def test_options_that_are_declared_and_missing_are_trouble(control: "FakeControl", driver: HttpControl) -> None:
    control.answer("PUT", "/conformance/options", 404)
    with pytest.raises(DriverTrouble, match="PUT /conformance/options: answered 404"):
        driver.set_options(Options())


def test_a_redirect_is_not_followed(control: "FakeControl", driver: HttpControl) -> None:
    control.answer("POST", "/load-campaign", 307, Location="https://u:secret@else.where/x")
    with pytest.raises(DriverTrouble, match=r"redirected \(307\) to https://\*\*\*@else.where/x"):
        driver.load(GROUP)
    assert [path for _, path, _, _ in control.asked] == ["/conformance", "/load-campaign"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_login_is_unreachable(control: "FakeControl", status: int) -> None:
    control.answer("GET", "/conformance", status)
    with pytest.raises(Unreachable, match=rf"refused the login \({status}\).*--emitter-header"):
        HttpControl(control.base)


@pytest.mark.parametrize("status", [401, 403])
def test_a_login_refused_at_the_first_load_names_the_options(control: "FakeControl", status: int) -> None:
    control.answer("POST", "/load-campaign", status)
    missing = rf"refused the login \({status}\).*--emitter-header .*--emitter-cert"
    with contextlib.closing(HttpControl(control.base)) as driver, pytest.raises(LoginRefused, match=missing):
        driver.load(GROUP)


def test_credentials_that_are_refused_are_not_shown(control: "FakeControl") -> None:
    control.answer("POST", "/load-campaign", 403)
    with (
        contextlib.closing(HttpControl(control.base, headers={"Authorization": "Bearer wrong"})) as driver,
        pytest.raises(LoginRefused, match=r"whatever --emitter-header says") as refused,
    ):
        driver.load(GROUP)
    assert "wrong" not in str(refused.value)


def test_headers_go_with_every_request(control: "FakeControl") -> None:
    driver = HttpControl(control.base, headers={"Authorization": "Bearer abc"})
    driver.load(GROUP)
    driver.close()
    assert [headers["Authorization"] for *_, headers in control.asked] == ["Bearer abc", "Bearer abc"]


def test_silence_is_trouble_and_names_the_time(control: "FakeControl") -> None:
    driver = HttpControl(control.base, timeout=0.2)
    release = threading.Event()

    def silence() -> None:
        release.wait(5)

    control.answers["POST", "/load-campaign"] = silence
    with pytest.raises(DriverTrouble, match=r"^POST /load-campaign: no answer within 0.2 s$"):
        driver.load(GROUP)
    release.set()
    driver.close()


def test_an_emitter_that_hangs_up_is_trouble(control: "FakeControl", driver: HttpControl) -> None:
    control.answers["POST", "/load-campaign"] = lambda: None
    with pytest.raises(DriverTrouble, match="the connection broke before a readable answer came"):
        driver.load(GROUP)


def test_nobody_at_the_port_is_unreachable_and_keeps_the_secret() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable) as caught:
        HttpControl(f"http://user:secret@127.0.0.1:{port}/ocs")
    assert str(caught.value) == (
        f"nothing answers at http://***@127.0.0.1:{port}/ocs: "
        "connection refused; check host and port, and that the emitter runs"
    )


def test_an_unknown_host_is_unreachable() -> None:
    with pytest.raises(Unreachable, match=r"nothing answers at http://nowhere\.invalid/x: the host name is unknown"):
        HttpControl("http://nowhere.invalid/x")


def test_tls_where_none_is_spoken_is_unreachable(control: "FakeControl") -> None:
    with pytest.raises(Unreachable, match="TLS failed"):
        HttpControl(control.base.replace("http:", "https:"), timeout=2)


@pytest.mark.parametrize(
    "uri", ["", "localhost:80", "ftp://h/x", "http://", "http://h:x/", "http://h/x?y=1", "http://[::/"]
)
def test_what_is_no_base_uri_is_a_usage_error(uri: str) -> None:
    with pytest.raises(ValueError, match="URI"):
        HttpControl(uri)


def test_a_proxy_in_the_environment_does_not_capture_loopback(
    control: "FakeControl", monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    driver = HttpControl(control.base)
    driver.load(GROUP)
    driver.close()
    assert [path for _, path, _, _ in control.asked] == ["/conformance", "/load-campaign"]


def test_a_netrc_does_not_replace_the_users_credentials(
    control: "FakeControl", monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    driver = HttpControl(control.base, headers={"Authorization": "Bearer mine"})
    driver.close()
    assert control.asked[0][3]["Authorization"] == "Bearer mine"


def test_threads_drive_different_groups_at_once(control: "FakeControl", driver: HttpControl) -> None:
    meeting = threading.Barrier(4, timeout=5)

    def meet() -> tuple[int, bytes, dict[str, str]]:
        meeting.wait()
        return 200, b"", {}

    control.answers["POST", "/load-campaign"] = meet
    failures: list[BaseException] = []

    def run(action: Callable[[], None]) -> None:
        try:
            action()
        except BaseException as error:  # noqa: BLE001 - carried to the test's own thread
            failures.append(error)

    threads = [
        threading.Thread(target=run, args=(lambda n=n: driver.load(replace(GROUP, group_id=n)),)) for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert failures == []
    assert {body["data"]["groupId"] for _, path, body, _ in control.asked if path == "/load-campaign"} == {0, 1, 2, 3}
