"""What goes out is exactly what the parcel says, with the sender's own headers, and is recorded without secrets."""

from __future__ import annotations

import pytest

import cgstate
from cgstate.peer import Peer, read_peer
from cgstate.sending import Delivery, Parcel
from selftest.sender.serving import BODY, Line, Serving, parcel, send


def received(given: Parcel, peer: Peer | None = None) -> bytes:
    """Return the bytes that a server gets, up to the client's end or a pause."""
    got: list[bytes] = []

    def handle(line: Line) -> None:
        got.append(line.head())
        line.sock.settimeout(0.2)
        try:
            while data := line.sock.recv(65536):
                got.append(data)
        except TimeoutError:
            line.answer()

    with Serving(handle) as server:
        here = Peer(server.uri, headers=peer.headers) if peer else server.peer()
        send(here, given)
        return b"".join(got).replace(str(server.port).encode(), b"PORT")


def test_a_request_is_these_bytes() -> None:
    version = cgstate.__version__.encode()
    assert received(parcel()) == (
        b"POST /x HTTP/1.1\r\nHost: localhost:PORT\r\nUser-Agent: cgstate/%b\r\nAccept: */*\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (version, len(BODY), BODY)
    )


def test_a_body_of_any_bytes_and_headers_of_any_kind_go_out_as_they_are() -> None:
    body = bytes(range(256)) * 3
    data = received(
        parcel(body=body, headers=(("Content-Type", "text/plain; x=\xe9"), ("X-Twice", "a"), ("X-Twice", "b")))
    )
    assert data.endswith(b"\r\n\r\n" + body)
    assert b"\r\nContent-Type: text/plain; x=\xe9\r\nX-Twice: a\r\nX-Twice: b\r\n" in data


@pytest.mark.parametrize(("method", "length"), [("GET", False), ("HEAD", False), ("POST", True)])
def test_a_request_without_a_body_says_so_where_one_is_expected(method: str, length: bool) -> None:  # noqa: FBT001 - a case
    data = received(parcel(body=b"", method=method, headers=()))
    assert data.startswith(f"{method} /x HTTP/1.1\r\n".encode())
    assert (b"\r\nContent-Length: 0\r\n" in data) is length


@pytest.mark.parametrize("body", [b"", b"{}", BODY, "é€𝄞".encode() * 50_000], ids=["empty", "tiny", "small", "large"])
def test_a_chunked_body_comes_in_several_chunks_and_whole(body: bytes) -> None:
    with Serving(Line.answer_all) as server:
        (sending,) = send(server.peer(), parcel(body=body, delivery=Delivery.CHUNKED))
    (request,) = server.requests
    assert (request.fault, request.body, sending.status) == (None, body, 200)
    names = {name for name, _ in request.headers}
    assert "Transfer-Encoding" in names
    assert "Content-Length" not in names
    assert ("Transfer-Encoding", "chunked") in sending.exchange.headers


def test_credentials_go_out_and_are_not_recorded() -> None:
    with Serving(Line.answer_all) as server:
        uri = f"http://jo:open%20sesame@localhost:{server.port}/a/b?token=in-the-query&x=1"
        (sending,) = send(read_peer("--receiver", uri, headers=["X-Tenant: a-tenants-key"]))
    (request,) = server.requests
    assert request.target == "/a/b?token=in-the-query&x=1"
    assert ("Authorization", "Basic am86b3BlbiBzZXNhbWU=") in request.headers
    assert ("X-Tenant", "a-tenants-key") in request.headers
    exchange = sending.exchange
    assert (exchange.number, exchange.method, exchange.target) == (1, "POST", "/a/b?token=***&x=1")
    assert (exchange.version, exchange.body, exchange.answer) == ("HTTP/1.1", BODY, "200")
    assert exchange.arrival == sending.began <= sending.ended
    recorded = repr(sending)
    assert not [secret for secret in ("am86b3", "sesame", "a-tenants-key", "in-the-query") if secret in recorded]
    assert [name for name, _ in exchange.headers] == ["Host", "User-Agent", "Accept", "Content-Type", "Content-Length"]


def test_a_receiver_that_answers_with_our_secrets_is_not_repeated() -> None:
    def handle(line: Line) -> None:
        request = line.request()
        assert request is not None
        value = dict(request.headers)["Authorization"].encode()
        line.answer(400, b'{"you sent": "' + value + b'"}' + b" " * 1940 + value)

    with Serving(handle) as server:
        peer = read_peer("--receiver", server.uri, headers=["Authorization: Bearer tell-nobody-1234"])
        (sending,) = send(peer)
    assert sending.answer.startswith(b'{"you sent": "***"}')
    assert b"tell" not in sending.answer, "nor the beginning of one at the end of what is kept"


def test_a_users_own_user_agent_replaces_ours() -> None:
    peer = read_peer("--receiver", "http://localhost/", headers=["User-Agent: theirs/1"])
    data = received(parcel(), peer)
    assert data.count(b"User-Agent: ") == 1
    assert b"\r\nUser-Agent: theirs/1\r\n" in data


@pytest.mark.parametrize(
    ("given", "target"),
    [
        ("http://localhost:{port}", "/"),
        ("http://localhost:{port}?x=1", "/?x=1"),
        ("http://localhost:{port}/%41%2F/ä?q=ü", "/%41%2F/%C3%A4?q=%C3%BC"),
        ("http://127.0.0.1:{port}//a/../b/", "//a/../b/"),
    ],
)
def test_the_target_is_the_path_as_given_and_percent_encoded_where_it_must_be(given: str, target: str) -> None:
    with Serving(Line.answer_all) as server:
        send(read_peer("--receiver", given.format(port=server.port)))
    assert server.requests[0].target == target
