"""The capture server over real sockets: nothing is lost, everything is as it was sent, every answer is possible."""

import asyncio
import errno
import http.client
import json
import socket
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from cgstate import clock
from cgstate.evidence import Exchange
from cgstate.sources.answers import Answer, Redirect, Reset, Silence, Slow, Status
from cgstate.sources.capture import CannotListen, CaptureServer

WITHIN = 10.0
REQUEST = b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture
def server() -> Iterator[CaptureServer]:
    with CaptureServer(patience=0.3) as running:
        yield running
        running.check()


def post(server: CaptureServer, body: bytes = b"{}", target: str = "/x") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=WITHIN)
    try:
        connection.request("POST", target, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
        return response
    finally:
        connection.close()


def connect(server: CaptureServer) -> socket.socket:
    return socket.create_connection((server.host, server.port), timeout=WITHIN)


def send(server: CaptureServer, data: bytes, *, shut_down: bool = True) -> bytes:
    with connect(server) as client:
        client.sendall(data)
        if shut_down:
            client.shutdown(socket.SHUT_WR)
        received = b""
        while more := client.recv(65536):
            received += more
        return received


def arrived(server: CaptureServer, count: int) -> tuple[Exchange, ...]:
    seen = 0

    def enough(exchanges: Sequence[Exchange]) -> bool:
        nonlocal seen
        seen += len(exchanges)
        return seen >= count

    assert server.await_until(enough, WITHIN), f"{seen} of {count} exchanges came"
    return server.exchanges


def test_a_request_is_recorded_as_it_was_sent(server: CaptureServer) -> None:
    before = clock.now()
    answer = send(
        server,
        b"PUT //a/%7E/?x=%2f#&y HTTP/1.1\r\nhOST: h\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 3\r\n"
        b"Connection: close\r\n\r\n\xff\x00\r",
    )
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\n{}")
    (exchange,) = server.exchanges
    assert (exchange.method, exchange.target, exchange.version) == ("PUT", "//a/%7E/?x=%2f#&y", "HTTP/1.1")
    assert exchange.headers[:3] == (("hOST", "h"), ("X-A", "1"), ("x-a", "2"))
    assert exchange.body == b"\xff\x00\r"
    assert exchange.arrival is not None
    assert before <= exchange.arrival <= clock.now()
    assert (exchange.number, exchange.connection, exchange.answer, exchange.malformed) == (1, 1, "200", None)


def test_a_connection_is_kept_and_its_requests_share_its_number(server: CaptureServer) -> None:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=WITHIN)
    for _ in range(3):
        connection.request("POST", "/x", b"{}")
        assert connection.getresponse().read() == b"{}"
    connection.close()
    post(server)
    assert [exchange.connection for exchange in server.exchanges] == [1, 1, 1, 2]
    assert server.connections == 2


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS", "PATCH", "BREW"])
def test_any_method_is_recorded_and_answered(server: CaptureServer, method: str) -> None:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=WITHIN)
    connection.request(method, "/x", b"{}" if method == "PATCH" else None)
    response = connection.getresponse()
    assert (response.status, response.read()) == (200, b"" if method == "HEAD" else b"{}")
    connection.close()
    assert [exchange.method for exchange in server.exchanges] == [method]


def test_requests_sent_at_once_are_answered_in_their_order(server: CaptureServer) -> None:
    server.answer_with(lambda exchange: Status(200 + exchange.number, delay=0.05 if exchange.number == 1 else 0.0))
    answers = send(server, REQUEST * 3)
    codes = [answers.find(b"HTTP/1.1 %d" % code) for code in (201, 202, 203)]
    assert -1 not in codes
    assert codes == sorted(codes)


def test_a_chunked_body_is_put_together(server: CaptureServer) -> None:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=WITHIN)
    connection.request("POST", "/x", iter([b'{"a":', b"1}"]), encode_chunked=True)
    assert connection.getresponse().read() == b"{}"
    connection.close()
    assert server.exchanges[0].body == b'{"a":1}'


def test_a_client_that_expects_a_continue_gets_it(server: CaptureServer) -> None:
    with connect(server) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert client.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"{}")
        assert client.recv(4096).startswith(b"HTTP/1.1 200 ")
    assert [exchange.body for exchange in server.exchanges] == [b"{}"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00", 400),
        (b"\x00\xff garbage", 400),
        (b"POST /\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: h\r\n\r\n{}", 411),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n{}", 400),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 999999999999\r\n\r\n{}", 413),
        (b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
        (REQUEST[:-1], 400),
    ],
)
def test_malformed_http_is_recorded_and_refused(server: CaptureServer, data: bytes, code: int) -> None:
    assert send(server, data).startswith(b"HTTP/1.1 %d " % code)
    (exchange,) = server.exchanges
    assert exchange.malformed
    assert exchange.answer == str(code)
    assert post(server).status == 200


def test_a_request_that_is_cut_short_by_a_reset_is_recorded(server: CaptureServer) -> None:
    client = connect(server)
    client.sendall(REQUEST[:-1])
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    (exchange,) = arrived(server, 1)
    assert exchange.malformed == "the connection ended before the request was complete"
    assert exchange.body == b"{"


def test_a_request_whose_rest_never_comes_is_recorded(server: CaptureServer) -> None:
    assert send(server, REQUEST[:-1], shut_down=False).startswith(b"HTTP/1.1 400 ")
    assert server.exchanges[0].malformed == "the rest of the request did not come within 0.3 s"


def test_a_connection_without_a_request_is_counted_and_is_no_exchange(server: CaptureServer) -> None:
    assert send(server, b"") == b""
    assert (server.exchanges, server.connections) == ((), 1)


def test_a_huge_body_is_refused_before_it_is_read() -> None:
    with CaptureServer(largest_body=1_000_000) as server:
        with connect(server) as client:
            client.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in range(300):
                client.sendall(b"2710\r\n" + b"x" * 10_000 + b"\r\n")
            assert client.recv(4096).startswith(b"HTTP/1.1 413 ")
        (exchange,) = server.exchanges
        assert exchange.malformed == "its body is larger than this server takes"
        assert len(exchange.body) < 100_000


def test_a_body_of_ten_megabytes_arrives_whole(server: CaptureServer) -> None:
    body = b"x" * 10_000_000
    assert post(server, body).status == 200
    assert server.exchanges[0].body == body


@pytest.mark.parametrize(
    ("answer", "code", "body"),
    [
        (Status(), 200, b""),
        (Status(204), 204, b""),
        (Status(503, (("Retry-After", "1"),), b"no"), 503, b"no"),
        (Status(599), 599, b""),
        (Redirect("http://h/elsewhere", 308), 308, b""),
        (Slow(0.01, Status(202)), 202, b""),
    ],
)
def test_it_answers_as_it_is_told(server: CaptureServer, answer: Answer, code: int, body: bytes) -> None:
    server.answer_with(lambda _: answer)
    connection = http.client.HTTPConnection(server.host, server.port, timeout=WITHIN)
    for _ in range(2):  # the connection stays usable after each
        connection.request("POST", "/x", b"{}")
        response = connection.getresponse()
        assert (response.status, response.read()) == (code, body)
        if isinstance(answer, Redirect):
            assert response.getheader("Location") == "http://h/elsewhere"
    connection.close()
    assert [(e.answer, e.stalled) for e in server.exchanges] == [(str(code), isinstance(answer, Slow))] * 2


def test_a_reset_is_a_true_reset_without_a_byte_before_it(server: CaptureServer) -> None:
    server.answer_with(lambda _: Reset())
    with connect(server) as client:
        client.sendall(REQUEST)
        with pytest.raises(ConnectionResetError):
            client.recv(1)
    assert [exchange.answer for exchange in server.exchanges] == ["reset"]


def by_body(exchange: Exchange) -> Answer:
    held: dict[bytes, Answer] = {b"silent": Silence(), b"slow": Slow(60.0, Status(202))}
    return held.get(exchange.body, Status(201))


def test_a_silence_holds_nobody_else_up_and_ends_without_an_answer(server: CaptureServer) -> None:
    server.answer_with(by_body)
    with connect(server) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nsilent")
        arrived(server, 1)
        assert post(server, b"other").status == 201
        server.release()
        assert client.recv(1) == b""
    assert post(server, b"later").status == 201
    seen = [(exchange.body, exchange.answer, exchange.stalled) for exchange in server.exchanges]
    assert seen == [(b"silent", "silence", True), (b"other", "201", True), (b"later", "201", False)]


def test_a_release_sends_the_slow_answers(server: CaptureServer) -> None:
    server.answer_with(by_body)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(post, server, b"slow")
        arrived(server, 1)
        server.release()
        assert slow.result(WITHIN).status == 202


def test_a_chooser_that_fails_is_no_lost_exchange(server: CaptureServer) -> None:
    def broken(_: Exchange) -> Answer:
        raise LookupError("no such group")

    server.answer_with(broken)
    assert post(server).status == 500
    assert len(server.exchanges) == 1
    with pytest.raises(LookupError, match="no such group"):
        server.check()


def test_a_client_that_is_gone_as_its_connection_is_closed_makes_no_noise(
    server: CaptureServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: object) -> None:
        raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")

    # The reset has to come between two lines of asyncio: nobody can send it just then.
    monkeypatch.setattr("asyncio.selector_events._SelectorSocketTransport.write_eof", gone)
    assert send(server, REQUEST[:-1], shut_down=False).startswith(b"HTTP/1.1 400")
    assert caplog.records == []


def test_a_request_that_comes_slowly_is_whole_as_long_as_more_of_it_comes(server: CaptureServer) -> None:
    with connect(server) as client:
        for at in range(0, len(REQUEST), 5):
            client.sendall(REQUEST[at : at + 5])
            time.sleep(server.patience / 4)  # all of it takes longer than its patience
        assert client.recv(65536).startswith(b"HTTP/1.1 200")
    assert [exchange.malformed for exchange in arrived(server, 1)] == [None]


def test_while_the_listener_is_closed_connections_are_refused_and_kept_ones_end(server: CaptureServer) -> None:
    kept = connect(server)
    kept.sendall(REQUEST)
    kept.recv(4096)
    for _ in range(2):
        server.close_listener()
        with pytest.raises(ConnectionRefusedError):
            connect(server)
        server.reopen()
        assert post(server).status == 200
    assert kept.recv(1) == b""
    kept.close()
    assert len(server.exchanges) == 3


def test_the_port_is_given_to_nobody_else_while_the_server_refuses(server: CaptureServer) -> None:
    server.close_listener()
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind((server.host, server.port))
    server.reopen()
    assert post(server).status == 200


def test_a_wait_ends_with_the_exchange_it_is_for(server: CaptureServer) -> None:
    def numbered(wanted: bytes, since: int = 0) -> int | None:
        return server.await_until(
            lambda exchanges: next((e.number for e in exchanges if e.body == wanted), None), WITHIN, since=since
        )

    with ThreadPoolExecutor(20) as pool:
        waits = {number: pool.submit(numbered, b"%d" % number) for number in range(20)}
        for number in range(20):
            post(server, b"%d" % number)
            assert waits[number].result(WITHIN) == number + 1
    assert numbered(b"3") == 4
    post(server, b"3")
    assert numbered(b"3", since=10) == 21
    assert [exchange.number for exchange in server.since(18)] == [19, 20, 21]


def test_a_wait_without_its_exchange_ends_in_time(server: CaptureServer) -> None:
    post(server)
    began = clock.now()
    assert server.await_until(lambda _: None, 0.05) is None
    assert 0.05 <= clock.now() - began < WITHIN


def test_an_error_in_a_condition_reaches_who_waits(server: CaptureServer) -> None:
    post(server)
    with pytest.raises(ZeroDivisionError):
        server.await_until(lambda exchanges: 1 // (len(exchanges) - 1), WITHIN)


def test_a_burst_of_10_000_exchanges_over_2_000_connections_loses_nothing(server: CaptureServer) -> None:
    body = json.dumps({"GSW_TENANT_NAME": "undefined" * 40}).encode()

    async def client(number: int) -> None:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        for turn in range(5):
            writer.write(b"POST /%d/%d HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % (number, turn, len(body)))
            writer.write(body)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 ")
            assert await reader.readexactly(2) == b"{}"
        writer.close()
        await writer.wait_closed()

    async def burst() -> None:
        await asyncio.wait_for(asyncio.gather(*(client(number) for number in range(2000))), 60)

    asyncio.run(burst())
    exchanges = server.exchanges
    assert [exchange.number for exchange in exchanges] == list(range(1, 10_001))
    assert {exchange.target for exchange in exchanges} == {f"/{n}/{turn}" for n in range(2000) for turn in range(5)}
    assert {exchange.body for exchange in exchanges} == {body}
    assert len({exchange.connection for exchange in exchanges}) == 2000


def test_exchanges_outlive_the_server_and_its_thread_does_not() -> None:
    with CaptureServer() as server:
        post(server)
        held = connect(server)
    assert len(server.exchanges) == 1
    assert not any(thread.name == "cgstate-capture" for thread in threading.enumerate())
    assert held.recv(1) == b""
    held.close()
    with pytest.raises(ConnectionRefusedError):
        connect(server)


def test_it_shows_everything(server: CaptureServer) -> None:
    traits = server.traits
    assert all([traits.complete_from_start, traits.has_bytes, traits.has_arrival])
    assert all([traits.has_request, traits.has_response])
    assert server.uri == f"http://127.0.0.1:{server.port}"


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError as error:
        return error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6 loopback")
@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_it_listens_on_ipv6(host: str) -> None:
    with CaptureServer(host) as server:
        assert server.uri == f"http://[::1]:{server.port}"
        assert post(server).status == 200


@pytest.mark.parametrize(
    ("host", "port", "why"),
    [
        ("no-such-host.invalid", 0, "the host 'no-such-host.invalid' is not known"),
        ("203.0.113.1", 0, "no interface of this machine has that address"),
        ("127.0.0.1", 70000, "a port is a number from 0 to 65535"),
    ],
)
def test_what_cannot_be_bound_is_said_in_one_line(host: str, port: int, why: str) -> None:
    with pytest.raises(CannotListen) as raised:
        CaptureServer(host, port).start()
    assert str(raised.value) == f"cannot listen on {host}:{port}: {why}"


def test_a_port_in_use_is_said_in_one_line(server: CaptureServer) -> None:
    with pytest.raises(CannotListen) as raised:
        CaptureServer(server.host, server.port).start()
    assert str(raised.value) == (
        f"cannot listen on 127.0.0.1:{server.port}: the port is in use; choose another one, or 0 for any that is free"
    )
