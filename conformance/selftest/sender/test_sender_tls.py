"""TLS against real servers: who is believed, who is let in, and one sentence that names the option where it fails."""

from __future__ import annotations

import datetime as dt
import ssl
from typing import TYPE_CHECKING

import pytest
import requests
import trustme

from cgstate.drivers.driver import DriverTrouble, Unreachable
from cgstate.drivers.http_control import HttpControl
from cgstate.peer import Peer, read_peer
from cgstate.sending import Delivery, Trouble
from selftest.sender.serving import BODY, Line, Serving, parcel, send, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Authority:
    """A private CA and the files that it makes."""

    def __init__(self, folder: Path) -> None:
        self._ca, self._folder = trustme.CA(), folder
        self.file = write(folder / "ca.pem", self._ca.cert_pem.bytes())

    def server(self, *names: str, expired: bool = False) -> ssl.SSLContext:
        """Return the context of a server of these names (default: localhost)."""
        ended = dt.datetime.now(dt.UTC) - dt.timedelta(days=1) if expired else None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ca.issue_cert(*(names or ("localhost", "127.0.0.1")), not_after=ended).configure_cert(context)
        return context

    def asking_server(self) -> ssl.SSLContext:
        """Return the context of one that lets in only clients with a certificate of this authority."""
        context = self.server()
        context.verify_mode = ssl.CERT_REQUIRED
        self._ca.configure_trust(context)
        return context

    def client(self, name: str = "client") -> tuple[str, str, str]:
        """Return the files of a client's certificate: both in one, certificate, key."""
        leaf = self._ca.issue_cert(f"{name}@example.org")
        certificate = write(self._folder / f"{name}.crt", *(blob.bytes() for blob in leaf.cert_chain_pems))
        key = write(self._folder / f"{name}.key", leaf.private_key_pem.bytes())
        return write(self._folder / f"{name}.pem", leaf.private_key_and_cert_chain_pem.bytes()), certificate, key


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def stranger(tmp_path: Path) -> Authority:
    (tmp_path / "stranger").mkdir()
    return Authority(tmp_path / "stranger")


VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_server_of_a_private_authority_is_believed_with_cacert(authority: Authority, version: ssl.TLSVersion) -> None:
    context = authority.server()
    context.minimum_version = context.maximum_version = version
    with Serving(Line.answer_all, tls=context) as server:
        peer = read_peer("--receiver", server.uri, cacert=authority.file)
        sendings = send(peer, *(parcel(number) for number in range(1, 6)))
    assert [(each.status, each.reused) for each in sendings] == [(200, False)] + [(200, True)] * 4
    assert [request.body for request in server.requests] == [BODY] * 5


def test_a_server_of_a_private_authority_is_not_believed_without(authority: Authority) -> None:
    with Serving(Line.answer_all, tls=authority.server()) as server:
        (sending,) = send(read_peer("--receiver", server.uri))
    assert sending.trouble is Trouble.UNREACHED
    assert "its certificate is not believed" in sending.detail
    assert "--receiver-cacert" in sending.detail
    assert server.requests == []


def test_another_authority_does_not_do(authority: Authority, stranger: Authority) -> None:
    with Serving(Line.answer_all, tls=authority.server()) as server:
        (sending,) = send(read_peer("--receiver", server.uri, cacert=stranger.file))
    assert (sending.trouble, server.requests) == (Trouble.UNREACHED, [])
    assert "--receiver-cacert" in sending.detail


def test_the_authorities_of_the_environment_are_believed(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority.file)
    with Serving(Line.answer_all, tls=authority.server()) as server:
        (sending,) = send(read_peer("--receiver", server.uri))
    assert sending.status == 200


@pytest.mark.parametrize(("names", "expired", "said"), [((), True, "expired"), (("other.example",), False, "mismatch")])
def test_an_expired_certificate_or_another_host_name_does_not_do(
    authority: Authority,
    names: tuple[str, ...],
    expired: bool,  # noqa: FBT001 - a case
    said: str,
) -> None:
    with Serving(Line.answer_all, tls=authority.server(*names, expired=expired)) as server:
        (sending,) = send(read_peer("--receiver", server.uri, cacert=authority.file))
        (careless,) = send(read_peer("--receiver", server.uri, insecure=True))
    assert (sending.trouble, careless.status) == (Trouble.UNREACHED, 200)
    assert said in sending.detail
    assert len(server.requests) == 1


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("two_files", [False, True])
def test_a_client_certificate_lets_in(authority: Authority, version: ssl.TLSVersion, two_files: bool) -> None:  # noqa: FBT001 - a case
    both, certificate, key = authority.client()
    context = authority.asking_server()
    context.minimum_version = context.maximum_version = version
    cert = f"{certificate},{key}" if two_files else both
    with Serving(Line.answer_all, tls=context) as server:
        (sending,) = send(read_peer("--receiver", server.uri, cacert=authority.file, cert=cert))
    assert sending.status == 200


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("whose", ["nobody's", "a stranger's"])
def test_without_the_right_client_certificate_nothing_is_reached_and_the_option_is_named(
    authority: Authority, stranger: Authority, version: ssl.TLSVersion, whose: str
) -> None:
    context = authority.asking_server()
    context.minimum_version = context.maximum_version = version
    cert = None if whose == "nobody's" else stranger.client()[0]
    with Serving(Line.answer_all, tls=context) as server:
        (sending,) = send(read_peer("--receiver", server.uri, cacert=authority.file, cert=cert))
    assert (sending.trouble, server.requests) == (Trouble.UNREACHED, []), sending.detail
    assert "--receiver-cert" in sending.detail


def test_a_body_cut_short_over_tls_ends_or_is_answered_and_the_lane_goes_on(authority: Authority) -> None:
    def handle(line: Line) -> None:
        request = line.request()
        line.answer(400 if request and request.fault else 200)

    with Serving(handle, tls=authority.server()) as server:
        peer = read_peer("--receiver", server.uri, cacert=authority.file)
        cut, dropped, last = send(
            peer, parcel(1, delivery=Delivery.CUT), parcel(2, delivery=Delivery.DROPPED), parcel(3)
        )
    # What ends without a close_notify is a broken connection to many servers: they answer by an alert.
    assert cut.status == 400 or cut.trouble is Trouble.CLOSED, cut.detail
    assert server.requests[0].body == BODY[: len(BODY) // 2]
    assert (dropped.status, dropped.trouble) == (None, None)
    assert last.status == 200


def test_an_early_answer_over_tls_is_that_answer(authority: Authority) -> None:
    def handle(line: Line) -> None:
        line.head()
        line.answer(413, b"early", "Connection: close")
        line.close()
        server.over.wait()

    with Serving(handle, tls=authority.server()) as server:
        peer = read_peer("--receiver", server.uri, cacert=authority.file)
        sendings = send(peer, *(parcel(number, b" " * 10_000_000) for number in range(1, 4)))
    assert [(each.status, each.answer) for each in sendings] == [(413, b"early")] * 3


def test_an_idle_tls_connection_that_the_server_closed_is_replaced(authority: Authority) -> None:
    def handle(line: Line) -> None:
        line.request()
        line.answer()

    with Serving(handle, tls=authority.server()) as server:
        peer = read_peer("--receiver", server.uri, cacert=authority.file)
        sendings = send(peer, *(parcel(number) for number in range(1, 6)))
    assert len([each for each in sendings if each.ignored]) <= 1
    assert {each.status for each in sendings if not each.ignored} == {200}


def test_http_where_tls_is_spoken_and_tls_where_it_is_not_are_told(authority: Authority) -> None:
    with Serving(Line.answer_all, tls=authority.server()) as server:
        (sending,) = send(Peer(server.uri.replace("https", "http")))
    assert sending.trouble in {Trouble.GARBAGE, Trouble.CLOSED}
    with Serving(lambda line: line.send(b"HTTP/1.1 400 X\r\n\r\n")) as server:
        (sending,) = send(Peer(server.uri.replace("http", "https")))
    assert sending.trouble is Trouble.UNREACHED
    assert "no TLS is spoken at this port; is it an http:// URI?" in sending.detail


def test_a_handshake_that_never_ends_is_unreached() -> None:
    def handle(line: Line) -> None:
        line.await_bytes()
        server.over.wait()

    with Serving(handle) as server:
        (sending,) = send(Peer(server.uri.replace("http", "https")), timeout=0.2)
    assert sending.trouble is Trouble.UNREACHED
    assert "took too long" in sending.detail


def basic(line: Line) -> None:
    """Let in only who knows the password."""
    while (request := line.request()) is not None:
        known = ("Authorization", "Basic am86b3BlbiBzZXNhbWU=") in request.headers
        line.answer(204 if known else 401, b"", "WWW-Authenticate: Basic realm=x")


def bearer(line: Line) -> None:
    """Let in only who has the token."""
    while (request := line.request()) is not None:
        known = ("Authorization", "Bearer open-sesame") in request.headers
        line.answer(204 if known else 403)


LOGINS: dict[str, tuple[Callable[[Line], None], list[str], int]] = {
    "basic": (basic, ["Authorization: Basic am86b3BlbiBzZXNhbWU="], 204),
    "basic, none": (basic, [], 401),
    "basic, wrong": (basic, ["Authorization: Basic d3Jvbmc6d3Jvbmc="], 401),
    "bearer": (bearer, ["Authorization: Bearer open-sesame"], 204),
    "bearer, none": (bearer, [], 403),
    "bearer, wrong": (bearer, ["Authorization: Bearer open-seseme"], 403),
}


@pytest.mark.parametrize("kind", LOGINS)
def test_a_login_is_what_the_header_says(authority: Authority, kind: str) -> None:
    handle, headers, status = LOGINS[kind]
    with Serving(handle, tls=authority.server()) as server:
        peer = read_peer("--receiver", server.uri, headers=headers, cacert=authority.file)
        (sending,) = send(peer)
    assert sending.status == status
    hint = peer.login_hint(status)
    assert "--receiver-header" in hint
    assert ("--receiver-cert" in hint) is not bool(headers)


def test_a_user_in_the_uri_is_a_basic_login(authority: Authority) -> None:
    with Serving(basic, tls=authority.server()) as server:
        uri = server.uri.replace("localhost", "jo:open%20sesame@localhost")
        (sending,) = send(read_peer("--receiver", uri, cacert=authority.file))
    assert sending.status == 204


def test_a_session_of_requests_believes_and_shows_the_same(authority: Authority, stranger: Authority) -> None:
    cert = authority.client()[0]
    with Serving(bearer, tls=authority.asking_server()) as server:

        def status(**options: str) -> int:
            peer = read_peer("--readback", server.uri, headers=["Authorization: Bearer open-sesame"], **options)  # type: ignore[arg-type] # str
            with peer.requests_session() as session:
                return session.get(server.uri, timeout=10).status_code

        assert status(cacert=authority.file, cert=cert) == 204
        for options in ({"cert": cert}, {"cacert": authority.file}, {"cacert": stranger.file, "cert": cert}):
            with pytest.raises(requests.ConnectionError):
                status(**options)


def test_the_control_api_of_an_emitter_believes_and_shows_the_same(authority: Authority) -> None:
    cert = ",".join(authority.client()[1:])
    with Serving(lambda line: line.answer_all(404), tls=authority.asking_server()) as server:
        peer = read_peer("--emitter", server.uri, cacert=authority.file, cert=cert)
        HttpControl(peer.uri, headers=dict(peer.headers), verify=peer.verify, cert=peer.cert_files).close()
        assert len(server.requests) == 1
        with pytest.raises(Unreachable, match="--emitter-cacert"):
            HttpControl(peer.uri, cert=peer.cert_files)
        with pytest.raises((Unreachable, DriverTrouble)):
            HttpControl(peer.uri, verify=peer.verify)
    assert len(server.requests) == 1
