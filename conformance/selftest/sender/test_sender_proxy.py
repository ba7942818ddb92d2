"""Proxies by the environment: http by the whole URI, https through a tunnel, logins, and who goes past them."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import pytest
import trustme

from cgstate.peer import BadPeer, Peer, read_peer
from cgstate.sending import Trouble
from selftest.sender.serving import BODY, Line, Serving, parcel, send, write

if TYPE_CHECKING:
    from pathlib import Path

HOST = "receiver.example"
"""A name that no resolver knows: whoever reaches it has gone through the proxy."""
LOGIN = "Basic am86c2VzYW1l"


class Proxy(Serving):
    """Leads every host to one port of this machine."""

    def __init__(self, port: int, *, login: bool = False, refuses: int = 0) -> None:
        super().__init__(self._lead)
        self._port, self._login, self._refuses = port, login, refuses

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _lead(self, line: Line) -> None:
        while (request := line.request()) is not None:
            if self._login and dict(request.headers).get("Proxy-Authorization") != LOGIN:
                line.answer(407, b"", 'Proxy-Authenticate: Basic realm="x"')
            elif self._refuses:
                line.answer(self._refuses)
            elif request.method == "CONNECT":
                line.send(b"HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n")
                self._tunnel(line)
                return
            else:
                parts = urlsplit(request.target or "")
                assert (parts.scheme, parts.hostname) == ("http", HOST)
                with socket.create_connection(("127.0.0.1", self._port)) as onward:
                    head = [f"{request.method} {parts.path} HTTP/1.1", *(f"{n}: {v}" for n, v in request.headers)]
                    onward.sendall("\r\n".join([*head, "", ""]).encode() + request.body)
                    onward.shutdown(socket.SHUT_WR)
                    while data := onward.recv(65536):
                        line.send(data)

    def _tunnel(self, line: Line) -> None:
        with socket.create_connection(("127.0.0.1", self._port)) as onward:
            back = threading.Thread(target=relay, args=(onward, line.sock))
            back.start()
            relay(line.sock, onward)
            back.join(10)


def relay(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def secure(tmp_path: Path) -> tuple[ssl.SSLContext, str]:
    """Return a server's context and the file of its authority."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    return context, write(tmp_path / "ca.pem", authority.cert_pem.bytes())


def test_http_goes_to_the_proxy_by_the_whole_uri(monkeypatch: pytest.MonkeyPatch) -> None:
    with Serving(Line.answer_all) as server, Proxy(server.port) as proxy:
        monkeypatch.setenv("http_proxy", proxy.uri)
        sendings = send(read_peer("--receiver", f"http://{HOST}:8080/a?b=c"), parcel(1), parcel(2))
    assert [(each.status, each.reused) for each in sendings] == [(200, False), (200, True)]
    assert [request.target for request in proxy.requests] == [f"http://{HOST}:8080/a?b=c"] * 2
    assert [request.body for request in server.requests] == [BODY] * 2
    assert sendings[0].exchange.target == "/a?b=c"


def test_https_goes_through_a_tunnel_that_sees_nothing(
    monkeypatch: pytest.MonkeyPatch, secure: tuple[ssl.SSLContext, str]
) -> None:
    context, cacert = secure
    with Serving(Line.answer_all, tls=context) as server, Proxy(server.port) as proxy:
        monkeypatch.setenv("https_proxy", proxy.uri)
        peer = read_peer("--receiver", f"https://{HOST}/a", headers=["Authorization: Bearer tunnelled"], cacert=cacert)
        sendings = send(peer, parcel(1), parcel(2))
    assert [(each.status, each.reused) for each in sendings] == [(200, False), (200, True)]
    (connect,) = proxy.requests
    assert (connect.method, connect.target) == ("CONNECT", f"{HOST}:443")
    assert "Authorization" not in dict(connect.headers)
    assert dict(server.requests[0].headers)["Authorization"] == "Bearer tunnelled"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_proxys_login_goes_to_the_proxy_alone(
    monkeypatch: pytest.MonkeyPatch, secure: tuple[ssl.SSLContext, str], scheme: str
) -> None:
    context, cacert = secure
    tls, ca = (context, cacert) if scheme == "https" else (None, None)
    with Serving(Line.answer_all, tls=tls) as server, Proxy(server.port, login=True) as proxy:
        monkeypatch.setenv(f"{scheme}_proxy", proxy.uri.replace("//", "//jo:sesame@"))
        (let_in,) = send(read_peer("--receiver", f"{scheme}://{HOST}/", cacert=ca))
        monkeypatch.setenv(f"{scheme}_proxy", proxy.uri)
        (kept_out,) = send(read_peer("--receiver", f"{scheme}://{HOST}/", cacert=ca))
    assert let_in.status == 200
    assert "Proxy-Authorization" not in repr(let_in)
    assert (kept_out.status, kept_out.trouble) == (None, Trouble.UNREACHED)
    assert "(407)" in kept_out.detail
    assert f"{scheme}_proxy" in kept_out.detail
    assert kept_out.exchange.answer == "unreached"


def test_a_tunnel_that_is_refused_is_unreached(
    monkeypatch: pytest.MonkeyPatch, secure: tuple[ssl.SSLContext, str]
) -> None:
    with Proxy(1, refuses=403) as proxy:
        monkeypatch.setenv("https_proxy", proxy.uri)
        (sending,) = send(read_peer("--receiver", f"https://{HOST}/", cacert=secure[1]))
    assert sending.trouble is Trouble.UNREACHED
    assert "the proxy refused the connection (403)" in sending.detail


def test_a_proxy_that_is_not_there_is_unreached(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("http_proxy", f"127.0.0.1:{port}")
    (sending,) = send(read_peer("--receiver", f"http://{HOST}/"))
    assert (sending.trouble, sending.detail.split(";")[0]) == (Trouble.UNREACHED, "the proxy: connection refused")


@pytest.mark.parametrize("no_proxy", [HOST, ".example", "*", f"other.test, {HOST}:80"])
def test_no_proxy_goes_past_it(monkeypatch: pytest.MonkeyPatch, no_proxy: str) -> None:
    with Proxy(1) as proxy:
        monkeypatch.setenv("http_proxy", proxy.uri)
        monkeypatch.setenv("no_proxy", no_proxy)
        (sending,) = send(read_peer("--receiver", f"http://{HOST}:80/"))
    assert "the host name is unknown" in sending.detail
    assert proxy.lines == 0


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_this_machine_itself_is_never_reached_through_a_proxy(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:1")
    with Serving(Line.answer_all) as server:
        (sending,) = send(read_peer("--receiver", f"http://{host}:{server.port}/"))
    assert sending.status == 200


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "https://127.0.0.1:1", "http://", "http://127.0.0.1:x"])
def test_a_proxy_that_cannot_be_used_is_said_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    with pytest.raises(BadPeer, match=r"^--receiver: the environment's proxy, .* is no http:// URI$"):
        read_peer("--receiver", f"http://{HOST}/")


def test_a_session_of_requests_goes_the_same_way(
    monkeypatch: pytest.MonkeyPatch, secure: tuple[ssl.SSLContext, str]
) -> None:
    context, cacert = secure
    with Serving(Line.answer_all, tls=context) as server, Proxy(server.port) as proxy:
        monkeypatch.setenv("https_proxy", proxy.uri)
        peer = read_peer("--readback", f"https://{HOST}/x", cacert=cacert)
        with peer.requests_session() as session:
            assert session.get(peer.uri, timeout=10).status_code == 200
        with Peer(f"http://localhost:{server.port}").requests_session() as session:
            assert not session.proxies
    assert [request.method for request in proxy.requests] == ["CONNECT"]
