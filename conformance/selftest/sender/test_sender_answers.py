"""Every answer that a server may give, or should not, is seen for what it is, in bounded time and space."""

from __future__ import annotations

import tracemalloc

import pytest

from cgstate.sending import Delivery, Expect, Trouble
from cgstate.sources.sender_answer import AnswerReader, Garbage
from selftest.sender.serving import NO_CONTENT, Line, Serving, answering, parcel, send

WHOLE = {
    "no content": (NO_CONTENT, 204, b""),
    "a length": (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, b"{}"),
    "a length twice, the same": (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 200, b"{}"),
    "no length": (b"HTTP/1.1 200 OK\r\n\r\nto the end", 200, b"to the end"),
    "HTTP/1.0": (b"HTTP/1.0 201 Created\r\n\r\nold", 201, b"old"),
    "no reason": (b"HTTP/1.1 202\r\nContent-Length: 0\r\n\r\n", 202, b""),
    "bare line feeds": (b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", 200, b"{}"),
    "chunks": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n",
        200,
        b"abc0123456789",
    ),
    "100, then 200": (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, b"{}"),
    "102 and 103, then 400": (
        b"HTTP/1.1 102 X\r\n\r\nHTTP/1.1 103 X\r\nLink: </x>\r\n\r\nHTTP/1.1 400 X\r\nContent-Length: 2\r\n\r\nno",
        400,
        b"no",
    ),
    "an error": (b"HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops", 500, b"oops"),
    "not modified": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", 304, b""),
}
GARBAGE = {
    "another protocol": (b"SSH-2.0-OpenSSH_9.2\r\n", "no HTTP answer came, but 'SSH-2.0"),
    "a short word": (b"ok", "no HTTP answer came, but 'ok'"),
    "TLS": (b"\x15\x03\x01\x00\x02\x02\x46", "this port speaks https"),
    "HTTP/2": (b"\x00\x00\x12\x04\x00\x00\x00\x00\x00", "but HTTP/2"),
    "HTTP/3.0": (b"HTTP/3.0 200 OK\r\n\r\n", "no HTTP answer came"),
    "no number": (b"HTTP/1.1 OK\r\n\r\n", "the status line is not readable"),
    "two lengths": (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", "that differ"),
    "a length in words": (b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}", "is no number: 'two'"),
    "a chunk without size": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "no readable size"),
    "a chunk that is longer": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
        "not as long as it says",
    ),
    "headers without end": (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000, "have no end"),
    "interim answers without end": (b"HTTP/1.1 102 Processing\r\n\r\n" * 200, "without end"),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_answer_is_told_by_its_status_and_its_body(kind: str) -> None:
    data, status, body = WHOLE[kind]
    with Serving(answering(data)) as server:
        (sending,) = send(server.peer())
    assert (sending.status, sending.trouble, sending.answer) == (status, None, body), sending.detail
    assert sending.exchange.answer == str(status)


@pytest.mark.parametrize("kind", WHOLE)
def test_an_answer_in_pieces_is_the_same_answer(kind: str) -> None:
    data, status, body = WHOLE[kind]
    for size in (1, 2, 7):
        reader = AnswerReader()
        for start in range(0, len(data), size):
            reader.feed(data[start : start + size])
        assert reader.end()
        assert (reader.status, bytes(reader.body)) == (status, body)


@pytest.mark.parametrize("kind", GARBAGE)
def test_what_is_no_answer_is_said_to_be_none(kind: str) -> None:
    data, said = GARBAGE[kind]
    with Serving(answering(data)) as server:
        (sending,) = send(server.peer())
    assert (sending.status, sending.trouble) == (None, Trouble.GARBAGE)
    assert said in sending.detail
    assert sending.detail.isprintable()
    assert sending.exchange.answer == Trouble.GARBAGE.value


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort", "in the middle of an answer with status 200"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "in the middle of an answer with status 200"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "in the middle of an answer"),
        (b"", "before any answer"),
    ],
)
def test_an_answer_that_is_cut_short_is_none(data: bytes, said: str) -> None:
    with Serving(answering(data)) as server:
        (sending,) = send(server.peer())
    assert (sending.status, sending.trouble, sending.ignored) == (None, Trouble.CLOSED, False)
    assert sending.detail.endswith(said)


def test_a_head_request_is_answered_without_a_body() -> None:
    def handle(line: Line) -> None:
        while line.request() is not None:
            line.send(b"HTTP/1.1 405 Not Allowed\r\nContent-Length: 1234\r\n\r\n")

    with Serving(handle) as server:
        sendings = send(server.peer(), parcel(1, b"", method="HEAD"), parcel(2, b"", method="HEAD"))
    assert [(each.status, each.reused) for each in sendings] == [(405, False), (405, True)]


def test_a_redirect_is_told_and_not_followed() -> None:
    def handle(line: Line) -> None:
        while line.request() is not None:
            line.answer(307, b"", "Location: /elsewhere?token=hidden")

    with Serving(handle) as server:
        (sending,) = send(server.peer())
    assert (sending.status, sending.detail) == (307, "redirected to /elsewhere?token=***")
    assert len(server.requests) == 1


def test_silence_ends_at_the_time_limit() -> None:
    def handle(line: Line) -> None:
        line.request()
        server.over.wait()

    with Serving(handle) as server:
        (sending,) = send(server.peer(), timeout=0.2)
    assert (sending.trouble, sending.detail) == (Trouble.SILENCE, "no answer in time")
    assert 0.2 <= sending.seconds < 5


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n", b"z"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"z" * 65536),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nz\r\n"),
    ],
    ids=["not even a status", "headers", "a body with a length", "a flood without length", "chunks"],
)
def test_an_answer_that_trickles_or_does_not_end_is_a_silence(head: bytes, piece: bytes) -> None:
    def handle(line: Line) -> None:
        line.request()
        line.send(head)
        for part in [b"HTTP/1.1 200"] if piece == b"H" else iter(lambda: piece, b""):
            line.send(part)
            if server.over.wait(0.01 if len(piece) < 100 else 0):
                return
        server.over.wait()

    with Serving(handle) as server:
        (sending,) = send(server.peer(), timeout=0.4)
    assert (sending.status, sending.trouble) == (None, Trouble.SILENCE)
    assert sending.detail.startswith("no whole answer in time")
    assert 0.4 <= sending.seconds < 5


def test_a_huge_answer_is_whole_and_costs_little_memory() -> None:
    block = b"x" * 65536
    blocks = 512

    def handle(line: Line) -> None:
        line.request()
        line.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (blocks * len(block)))
        for _ in range(blocks):
            line.send(block)
        line.answer_all(204)

    with Serving(handle) as server:
        tracemalloc.start()
        try:
            sendings = send(server.peer(), parcel(1), parcel(2))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert [(each.status, each.reused) for each in sendings] == [(200, False), (204, True)]
    assert sendings[0].answer == b"x" * 2000
    assert peak < 2_000_000


EARLY = {
    "refused, closed": (413, "Connection: close", True),
    "refused, kept": (400, "X: y", False),
    "taken, closed": (200, "Connection: close", True),
}


@pytest.mark.parametrize("kind", EARLY)
@pytest.mark.parametrize("delivery", [Delivery.WHOLE, Delivery.CHUNKED])
def test_an_early_answer_to_ten_megabytes_is_that_answer(kind: str, delivery: Delivery) -> None:
    status, header, closes = EARLY[kind]

    def handle(line: Line) -> None:
        line.head()
        line.answer(status, b"early", header)
        if closes:
            line.close()  # with megabytes unread: a reset
        server.over.wait()

    with Serving(handle) as server:
        sendings = send(
            server.peer(),
            *(parcel(n, b" " * 10_000_000, expect=Expect.EITHER, delivery=delivery) for n in range(1, 6)),
        )
    assert [(each.status, each.answer, each.reused) for each in sendings] == [(status, b"early", False)] * 5


def test_after_an_early_success_the_rest_still_goes_out() -> None:
    body = b" " * 10_000_000

    def handle(line: Line) -> None:
        line.head()
        line.answer(200, b"early")
        left = len(body)
        while left:
            left -= len(line.sock.recv(min(left, 65536)))
        got.append(len(body) - left)
        line.answer_all(204)

    got: list[int] = []
    with Serving(handle) as server:
        sendings = send(server.peer(), parcel(1, body, expect=Expect.EITHER), parcel(2))
    assert [(each.status, each.reused) for each in sendings] == [(200, False), (204, True)]
    assert got == [len(body)]


def test_a_body_that_is_not_read_ends_at_the_time_limit() -> None:
    def handle(line: Line) -> None:
        line.head()
        server.over.wait()

    with Serving(handle) as server:
        (sending,) = send(server.peer(), parcel(1, b" " * 10_000_000), timeout=0.3)
    assert sending.trouble is Trouble.SILENCE
    assert sending.seconds < 5


def test_more_than_the_answer_ends_the_connection_and_is_not_the_next_answer() -> None:
    def handle(line: Line) -> None:
        while line.request() is not None:
            line.send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 500 Late\r\nContent-Length: 0\r\n\r\n")

    with Serving(handle) as server:
        sendings = send(server.peer(), parcel(1), parcel(2))
    assert [(each.status, each.reused) for each in sendings] == [(200, False), (200, False)]


def test_a_reader_takes_no_more_after_garbage() -> None:
    with pytest.raises(Garbage, match="HTTP/2"):
        AnswerReader().feed(b"\x00\x00\x12\x04\x00")
