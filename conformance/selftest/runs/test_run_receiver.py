"""Receivers judged by their URI: right ones pass, wrong ones are accused of their fault, whatever the seed."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

import pytest

from cgstate_reference.broken.receivers import deviations
from selftest.runs.running import Done, environment, free_port, run, start_pytest, start_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST = 235
"""Requests that a run with ``--fast`` may send, read-back included."""


class Counting(BaseHTTPRequestHandler):
    """Takes every POST and stores nothing; counts what comes, and what method it has."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[list[tuple[str, bytes, dict[str, str]]]]
    status: ClassVar[int] = 204

    def _take(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        self.seen.append((self.command, body, dict(self.headers)))
        self.send_response(self.status if self.command == "POST" else 405)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET = do_HEAD = do_PUT = do_DELETE = do_PATCH = _take  # noqa: N815 - the names of http.server

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def counting(status: int = 204) -> Iterator[tuple[str, list[tuple[str, bytes, dict[str, str]]]]]:
    """Serve a receiver that answers every POST with one status."""

    class Handler(Counting):
        seen: ClassVar[list[tuple[str, bytes, dict[str, str]]]] = []

    Handler.status = status
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/states", Handler.seen
        finally:
            server.shutdown()
            thread.join(10)


@contextmanager
def reference(*arguments: str) -> Iterator[tuple[str, str]]:
    """Start the reference receiver; yield its URI and the one to read back from."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cgstate_reference.receiver", "--exit-with-stdin", *arguments],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    with process:
        try:
            uri, readback = (process.stdout.readline().decode().strip().rpartition(" ")[2] for _ in range(2))
            yield uri, readback
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """A whole run against the reference receiver by its URI."""
    with reference() as (uri, readback):
        return run(tmp_path_factory.mktemp("right"), "--receiver", uri, "--readback", readback)


def test_a_right_receiver_passes_every_requirement(right: Done) -> None:
    assert (right.status, right.err) == (0, ""), right.told
    assert right.having("passed") == set(right.requirements)
    assert all(each["role"] == "receiver" for each in right.requirements.values())
    assert len({name for _, name in right.junit}) == len(right.requirements)


def test_pytest_says_the_same_case_by_case(right: Done, tmp_path: Path) -> None:
    with reference() as (uri, readback):
        options = (f"--cgstate-receiver={uri}", f"--cgstate-readback={readback}", "--cgstate-report-json=report.json")
        done = start_pytest(tmp_path, *options).done()
    assert done.status == 0, done.out
    assert done.outcomes == right.outcomes
    assert "deselected" in done.out, "the tests of emitters are not left in"


def test_without_readback_what_is_stored_is_not_judged_and_no_core_requirement_is_missing(tmp_path: Path) -> None:
    with reference() as (uri, _):
        done = run(tmp_path, "--receiver", uri, "--fast")
    assert done.status == 0, done.told
    assert done.having("not exercised") == {name for name in done.requirements if name.startswith("stored.")}


def test_fast_sends_few_requests_and_never_deletes_or_writes(tmp_path: Path) -> None:
    with counting() as (uri, seen):
        done = run(tmp_path, "--receiver", uri, "--fast")
    assert done.status == 0, done.told
    read_back = len({json.loads(body)["GSW_CAMPAIGN_GROUP_GUID"] for _, body, _ in seen if _has_guid(body)})
    assert len(seen) + read_back <= MOST
    assert {method for method, _, _ in seen} == {"POST", "GET", "HEAD"}


def _has_guid(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body).get("GSW_CAMPAIGN_GROUP_GUID"), str)
    except (ValueError, AttributeError, RecursionError):
        return False


def test_gentle_sends_legal_messages_alone(tmp_path: Path) -> None:
    with counting() as (uri, seen):
        done = run(tmp_path, "--receiver", uri, "--gentle", "--fast")
    assert done.status == 0, done.told
    assert {method for method, _, _ in seen} == {"POST"}
    assert all(_has_guid(body) for _, body, _ in seen if body)
    assert not [name for name in done.having("passed") if name.startswith(("rejects.", "accepts.after-fault"))]


def test_every_guid_or_name_says_that_the_suite_sent_it(tmp_path: Path) -> None:
    with counting() as (uri, seen):
        run(tmp_path, "--receiver", uri, "--fast")
    readable = [json.loads(body) for _, body, _ in seen if _has_guid(body)]
    strangers = [
        message
        for message in readable
        if not message["GSW_CAMPAIGN_GROUP_GUID"].startswith("cgstate-")
        and not str(message.get("GSW_CAMPAIGN_GROUP_NAME")).startswith("cgstate-")
    ]
    assert len(readable) > 100
    assert strangers == []


@pytest.mark.parametrize(("name", "status"), [("non-ascii-500", 1), ("hangs-on-unreadable", 0)])
def test_a_broken_receiver_is_accused_of_what_it_does_and_of_nothing_else(
    name: str, status: int, tmp_path: Path
) -> None:
    deviation = deviations()[name]
    done = run(tmp_path, "--broken-receiver", name, "--fast", "--seed", "2", "--timeout", "3s")
    assert any(deviation.shows in sentence for sentence in done.sentences(deviation.primary)), done.told
    assert done.accused <= {deviation.primary, *deviation.consequences}, done.told
    assert done.status == status


def test_strict_lets_a_careless_receiver_fail(tmp_path: Path) -> None:
    done = run(tmp_path, "--broken-receiver", "state-as-string", "--fast", "--strict")
    assert (done.status, done.accused) == (1, {"rejects.wrong-type"}), done.told


def test_one_that_takes_nothing_gets_one_accusation(tmp_path: Path) -> None:
    with counting(404) as (uri, _):
        done = run(tmp_path, "--receiver", uri, "--fast")
    assert (done.status, done.accused) == (1, {"accepts.life-cycle"}), done.told


@pytest.mark.parametrize(("status", "option"), [(401, "--receiver-header"), (403, "--receiver-cert")])
def test_a_login_that_is_refused_is_no_verdict_and_names_the_option(status: int, option: str, tmp_path: Path) -> None:
    with counting(status) as (uri, seen):
        done = run(tmp_path, "--receiver", uri, "--fast")
    assert (done.status, len(seen)) == (6, 1), done.told
    assert option in done.out


def test_credentials_go_to_the_receiver_and_are_printed_nowhere(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("Bearer s3cr3t-of-the-receiver\n")
    with counting() as (uri, seen):
        done = run(tmp_path, "--receiver", uri, "--fast", "--receiver-header", "Authorization: @token", "-v")
    assert done.status == 0, done.told
    assert all(headers["Authorization"] == "Bearer s3cr3t-of-the-receiver" for _, _, headers in seen)
    written = done.out + done.err + (tmp_path / "report.json").read_text() + (tmp_path / "report.xml").read_text()
    assert "s3cr3t" not in written


def test_a_dead_uri_is_unreachable(tmp_path: Path) -> None:
    done = run(tmp_path, "--receiver", f"http://127.0.0.1:{free_port()}/states", "--fast")
    done.assert_no_traceback()
    assert (done.status, done.accused) == (6, set())
    assert "does not answer" in done.out


def test_where_the_index_to_read_back_is_dead_nothing_is_sent(tmp_path: Path) -> None:
    with counting() as (uri, seen):
        done = run(tmp_path, "--receiver", uri, "--readback", f"http://127.0.0.1:{free_port()}/states", "--fast")
    done.assert_no_traceback()
    assert (done.status, seen) == (6, [])
    assert "--readback" in done.out


def test_one_that_says_nothing_is_unreachable(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        uri = f"http://127.0.0.1:{silent.getsockname()[1]}/states"
        done = run(tmp_path, "--receiver", uri, "--fast", "--timeout", "300ms")
    assert (done.status, done.accused) == (6, set()), done.told


def test_one_that_is_still_starting_is_awaited(tmp_path: Path) -> None:
    port = free_port()
    running = start_run(tmp_path, "--receiver", f"http://127.0.0.1:{port}/campaign-group-states", "--wait-for", "30s")
    running.until("first message")
    with reference("--port", str(port)):
        done = running.done()
    assert done.status == 0, done.told


def test_one_that_dies_of_a_message_fails(tmp_path: Path) -> None:
    done = run(tmp_path, "--broken-receiver", "dies-of-deep-nesting", "--fast")
    assert done.status == 1, done.told
    assert "accepts.after-fault" in done.accused, done.told


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--receiver", "ftp://127.0.0.1/x"), "--receiver"),
        (("--receiver", "http://127.0.0.1:9/x", "--receiver-cert", "no-such.pem"), "--receiver-cert"),
        (("--receiver-header", "A: b"), "--receiver-header"),
        (("--receiver", "http://127.0.0.1:9/x", "--receiver-header", "nonsense"), "--receiver-header"),
        (("--receiver", "http://127.0.0.1:9/x", "--receiver-header", "A: env:CGSTATE_NOT_SET"), "CGSTATE_NOT_SET"),
        (("--readback", "http://127.0.0.1:9/{guid}"), "--readback"),
        (("--receiver", "http://127.0.0.1:9/x", "--readback", "http://127.0.0.1:9/"), "--readback"),
        (("--receiver", "http://127.0.0.1:9/x", "--timeout", "soon"), "--timeout"),
        (("--receiver", "http://127.0.0.1:9/x", "--requirement", "event.once"), "event.once"),
        (("--broken-receiver", "nothing"), "nothing"),
    ],
)
def test_bad_options_get_one_line_and_exit_4(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    done = run(tmp_path, *arguments)
    done.assert_no_traceback()
    assert done.status == 4, (done.out, done.err)
    assert says in done.errors[0]


def test_only_what_is_asked_for_is_judged_and_the_emitter_is_left_alone(tmp_path: Path) -> None:
    done = run(tmp_path, "--requirement", "accepts.actors", "--fast")
    assert done.status == 0, done.told
    assert done.having("passed") == {"accepts.actors"}
    assert "emitter" not in done.out


GROUPS = """\
[[group]]
campaignId = 1
groupId = 1
name = "only@this"
groupName = "this"
campaignName = "only"
campaignTemplateName = "plain"
queueName = "8001"
tenantName = "Tenant"
tenantCcid = "7"
dialMode = 1
optimizeBy = 1
optimizeGoal = 80
"""


def test_declared_groups_restrict_names_and_tenants_to_those_a_receiver_knows(tmp_path: Path) -> None:
    (tmp_path / "groups.toml").write_text(GROUPS)
    with counting() as (uri, seen):
        done = run(tmp_path, "--receiver", uri, "--groups", "groups.toml", "--gentle", "--fast")
    assert done.status == 0, done.told
    messages = [json.loads(body) for _, body, _ in seen if _has_guid(body)]
    assert len(messages) > 50
    assert {message["GSW_CAMPAIGN_GROUP_NAME"] for message in messages} == {"only@this"}
    assert {message["GSW_TENANT_NAME"] for message in messages} == {"Tenant"}
    assert done.outcomes["accepts.undefined-tenant"] == "left out"
