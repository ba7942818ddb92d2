"""Reading HTTP from bytes: what is whole, what is broken, and that the pieces it comes in make no difference."""

import pytest

from cgstate.sources.wire import LARGEST_HEAD, Request, RequestReader

POST = b"POST /x HTTP/1.1\r\nHost: h\r\n"
SIZED = POST + b"Content-Length: 2\r\n\r\n{}"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n1;note=a\r\n{\r\n01\r\n}\r\n0\r\nTrailer: t\r\n\r\n"


def read(data: bytes, step: int | None = None) -> list[Request]:
    reader = RequestReader(largest_body=1000)
    step = step or max(1, len(data))
    found = [request for at in range(0, len(data), step) for request in reader.feed(data[at : at + step], float(at))]
    last = reader.end("cut short")
    return found if last is None else [*found, last]


@pytest.mark.parametrize("step", [None, 1, 2, 7])
@pytest.mark.parametrize(
    ("data", "bodies"),
    [
        (SIZED, [b"{}"]),
        (CHUNKED, [b"{}"]),
        (SIZED + CHUNKED + SIZED, [b"{}", b"{}", b"{}"]),
        (b"\r\n\r\n" + SIZED, [b"{}"]),
        (b"GET /?q HTTP/1.0\r\n\r\n", [b""]),
        (POST + b"Content-Length: 0\r\n\r\n" + SIZED, [b"", b"{}"]),
    ],
)
def test_whole_requests_are_read_however_they_are_cut(data: bytes, bodies: list[bytes], step: int | None) -> None:
    requests = read(data, step)
    assert [(request.fault, request.body) for request in requests] == [(None, body) for body in bodies]


def test_a_request_is_kept_as_it_was_sent() -> None:
    head = (
        b"PoST //a/%7e?b=%2F&&c HTTP/1.1\r\nhost: h\r\nX-Twice:  one \r\nx-twice: tw\xf6\r\nContent-Length: 0\r\n\r\n"
    )
    (request,) = read(head)
    assert (request.method, request.target, request.version) == ("PoST", "//a/%7e?b=%2F&&c", "HTTP/1.1")
    assert request.headers == (("host", "h"), ("X-Twice", "one"), ("x-twice", "tw\xf6"), ("Content-Length", "0"))


def test_the_arrival_is_that_of_the_first_byte() -> None:
    reader = RequestReader()
    assert reader.feed(SIZED[:5], 10.0) == []
    first, second = reader.feed(SIZED[5:] + SIZED, 20.0)
    assert (first.arrival, second.arrival) == (10.0, 20.0)
    (third,) = reader.feed(SIZED, 30.0)
    assert third.arrival == 30.0


@pytest.mark.parametrize(
    ("version", "connection", "keeps"),
    [
        ("1.1", None, True),
        ("1.1", "close", False),
        ("1.1", "Upgrade, Close", False),
        ("1.0", None, False),
        ("1.0", "Keep-Alive", True),
    ],
)
def test_connections_live_by_the_rules_of_their_version(version: str, connection: str | None, *, keeps: bool) -> None:
    extra = f"Connection: {connection}\r\n" if connection else ""
    (request,) = read(f"POST / HTTP/{version}\r\nHost: h\r\n{extra}Content-Length: 0\r\n\r\n".encode())
    assert (request.fault, request.keeps_alive) == (None, keeps)


MALFORMED = {
    "the first bytes are no HTTP request line": b'{"GSW_TENANT_NAME": "undefined"}\n',
    "the first line is no HTTP request line": b"hello\r\n",
    "its HTTP version is not 1.0 or 1.1": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "its request target has a character that targets must not have": b"POST /a b HTTP/1.1\r\n",
    "a TLS handshake came where plain HTTP is spoken": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "the request line has no end": b"POST /" + b"a" * LARGEST_HEAD,
    "the headers have no end": POST + b"X: " + b"a" * LARGEST_HEAD,
    "it has no Host header": b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
    "it has more than one Host header": POST + b"host: i\r\nContent-Length: 2\r\n\r\n{}",
    "a line ends with a bare line feed": b"POST / HTTP/1.1\nHost: h\nContent-Length: 2\n\n{}",
    "a header line has no colon": POST + b"X\r\nContent-Length: 2\r\n\r\n{}",
    "a header's name has a character that names must not have": POST + b"Content-Length : 2\r\nX : 1\r\n\r\n",
    "a header's value has a control character": POST + b"X: a\x00b\r\nContent-Length: 2\r\n\r\n{}",
    "a header is folded over several lines": POST + b"X: a\r\n b\r\nContent-Length: 2\r\n\r\n{}",
    "its Content-Length is not a number": POST + b"Content-Length: -2\r\n\r\n{}",
    "it has Content-Length headers that differ": POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "it has more than one Content-Length header": POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "its Transfer-Encoding is not chunked": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
    "it has both a Content-Length and a Transfer-Encoding": POST
    + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "it is HTTP/1.0 and has a Transfer-Encoding": b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "it says neither by Content-Length nor by Transfer-Encoding where its body ends": POST + b"\r\n{}",
    "a chunk has no readable size": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    "a chunk is not as long as it says": POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
    "a chunk's size line has no end": POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 5000,
    "its body is larger than this server takes": POST + b"Content-Length: 1001\r\n\r\n{}",
    "cut short": SIZED[:-1],
}


@pytest.mark.parametrize("step", [None, 5])
@pytest.mark.parametrize(("sentence", "data"), MALFORMED.items(), ids=[s.replace(" ", "-") for s in MALFORMED])
def test_what_breaks_http_is_told_in_one_sentence(sentence: str, data: bytes, step: int | None) -> None:
    (request,) = read(data, step)
    assert request.fault == sentence
    assert not request.keeps_alive


def test_the_body_of_a_broken_request_is_kept_where_its_end_is_known() -> None:
    (request,) = read(MALFORMED["it has no Host header"])
    assert (request.body, request.refusal) == (b"{}", 400)
    (unsized,) = read(POST + b"\r\n{}")
    assert (unsized.body, unsized.refusal) == (b"{}", 411)


def test_nothing_is_read_after_a_fault() -> None:
    assert len(read(b"hello\r\n" + SIZED)) == 1


def test_an_endless_chunked_body_is_given_up_and_not_kept() -> None:
    reader = RequestReader(largest_body=1_000_000)
    reader.feed(POST + b"Transfer-Encoding: chunked\r\n\r\n", 0.0)
    found: list[Request] = []
    for _ in range(200):
        found += reader.feed(b"2710\r\n" + b"x" * 10_000 + b"\r\n", 0.0)
    (request,) = found
    assert (request.fault, request.refusal) == ("its body is larger than this server takes", 413)
    assert len(request.body) == 64 * 1024


def test_a_client_that_waits_for_continue_is_told_apart() -> None:
    reader = RequestReader()
    reader.feed(POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n", 0.0)
    assert reader.wants_continue
    (request,) = reader.feed(b"{}", 1.0)
    assert (request.body, request.fault, reader.wants_continue) == (b"{}", None, False)
