"""Reading back from a URI with {guid} in it: one request a GUID, one line for any trouble."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest

from cgstate.peer import read_peer
from cgstate.sources.readback import ReadBack, read_back


@dataclass
class Receiver:
    """A server that answers what it was told, and remembers what it was asked."""

    uri: str = ""
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """GUID to status and body; any other: 404."""
    asked: list[str] = field(default_factory=list)
    connections: set[int] = field(default_factory=set)
    headers: list[str | None] = field(default_factory=list)

    def back(self, *, timeout: float = 10.0, headers: tuple[str, ...] = ()) -> ReadBack:
        uri = f"{self.uri}/stored/{{guid}}"
        return read_back(uri, read_peer("--readback", uri, headers=headers), run_id="abc123", timeout=timeout)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    known = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            guid = unquote(self.path.removeprefix("/stored/"))
            known.asked.append(self.path)
            known.connections.add(self.client_address[1])
            known.headers.append(self.headers.get("Authorization"))
            status, body = known.answers.get(guid, (404, b""))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        known.uri = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield known
        server.shutdown()
        thread.join()


def test_each_guid_is_asked_for_once_over_one_connection(receiver: Receiver) -> None:
    receiver.answers = {"a": (200, b'[{"n": 1}, {"n": 5.0}]'), "b": (200, b"[]")}
    back = receiver.back()
    stored = back.read(["a", "b", "c"])
    back.close()
    assert (stored.trouble, stored.ordered) == ("", True)
    assert json.dumps(stored.messages) == '{"a": [{"n": 1}, {"n": 5.0}], "b": [], "c": []}'
    assert (len(receiver.asked), len(receiver.connections)) == (3, 1)
    assert back.existing() is None


def test_a_guid_is_percent_encoded(receiver: Receiver) -> None:
    guid = "cgstate-abc123-/?#%41 é{}"
    receiver.answers = {guid: (200, b'[{"n": 1}]')}
    assert receiver.back().read([guid]).messages == {guid: ({"n": 1},)}
    assert receiver.asked == ["/stored/cgstate-abc123-%2F%3F%23%2541%20%C3%A9%7B%7D"]


def test_credentials_go_with_every_request(receiver: Receiver) -> None:
    receiver.back(headers=("Authorization: Bearer t0ken",)).read(["a", "b"])
    assert receiver.headers == ["Bearer t0ken", "Bearer t0ken"]


TROUBLES = {
    "a login": (401, b"", "--readback-header"),
    "no access": (403, b"", "--readback-header"),
    "a redirect": (302, b"", "answers 302"),
    "an error": (500, b"it\nbroke", "answers 500 for a: it broke"),
    "no JSON": (200, b"<html>", "is no JSON"),
    "no array": (200, b'{"n": 1}', "no JSON array"),
    "no messages": (200, b'["n"]', "no JSON array"),
}


@pytest.mark.parametrize(("status", "body", "said"), TROUBLES.values(), ids=TROUBLES.keys())
def test_trouble_is_one_line(receiver: Receiver, status: int, body: bytes, said: str) -> None:
    receiver.answers = {"a": (status, body)}
    stored = receiver.back().read(["a"])
    assert said in stored.trouble
    assert "\n" not in stored.trouble


def test_nobody_there_is_one_line() -> None:
    uri = "http://127.0.0.1:9/{guid}"
    stored = read_back(uri, read_peer("--readback", uri), run_id="abc123").read(["a"])
    assert "connection refused" in stored.trouble


def test_deep_nesting_and_long_numbers_are_read(receiver: Receiver) -> None:
    deep = b'{"x": ' + b"[" * 10_000 + b'"]"' + b"]" * 10_000 + b', "y": 1}'
    receiver.answers = {"a": (200, b"[" + deep + b"]"), "b": (200, b'[{"n": ' + b"9" * 5_000 + b"}]")}
    stored = receiver.back().read(["a", "b"])
    assert stored.trouble == ""
    assert stored.messages["a"][0]["y"] == 1
    assert stored.messages["b"] == ({"n": float("inf")},)


def test_bytes_that_are_no_utf_8_are_like_no_text(receiver: Receiver) -> None:
    receiver.answers = {"a": (200, b'[{"n": "\xff"}, {"n": "\xc3\xbf"}]')}
    stored = receiver.back().read(["a"])
    assert (stored.trouble, stored.messages) == ("", {"a": ({"n": "\udcff"}, {"n": "\xff"})})


def test_silence_is_trouble_within_the_time_limit() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler, bind_and_activate=True) as silent:
        # Nothing serves: a connection is taken by the system, and never answered.
        uri = f"http://127.0.0.1:{silent.server_port}/{{guid}}"
        stored = read_back(uri, read_peer("--readback", uri), run_id="abc123", timeout=0.3).read(["a"])
    assert "no answer within 0.3 s" in stored.trouble
