"""What a user says of a peer wrongly is told in one line that names the option; what is said rightly is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from cgstate.peer import BadPeer, Peer, read_peer
from selftest.sender.serving import write

if TYPE_CHECKING:
    from pathlib import Path

URI, SECURE = "http://receiver.example/x", "https://receiver.example/x"


def refused(option: str, uri: str = URI, **more: object) -> str:
    """Return the one line that tells what is wrong."""
    with pytest.raises(BadPeer) as error:
        read_peer(option, uri, **more)  # type: ignore[arg-type] # as the test says
    text = str(error.value)
    assert text.isprintable(), "one line"
    return text


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "receiver",
        "ftp://host/",
        "http://",
        "http://host:0/",
        "http://host:99999/",
        "http://host:x/",
        "http://[::1/",
    ],
)
def test_what_is_no_uri_is_refused(uri: str) -> None:
    assert refused("--receiver", uri).startswith("--receiver: ")
    assert "is no http or https URI" in refused("--receiver", uri)


@pytest.mark.parametrize("uri", ["http://host/a b", "http://host/a\r\nX: y", "http://host/\x00", " http://host/"])
def test_blanks_and_line_ends_in_a_uri_are_refused(uri: str) -> None:
    assert "has a blank or a control character" in refused("--receiver", uri)


def test_a_fragment_is_refused() -> None:
    assert "has a fragment" in refused("--receiver", f"{URI}#here")


def test_a_password_in_a_bad_uri_is_not_shown() -> None:
    assert "sesame" not in refused("--receiver", "ftp://jo:sesame@host/")
    assert "sesame" not in refused("--receiver", "http://jo:sesame@host/#x")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("no colon here", "no colon"),
        ("Two words: x", "name has letters"),
        (": x", "name has letters"),
        ("X-Key:", "X-Key has an empty value"),
        ("X-Key: a\r\nX-Other: b", "X-Key has a line end"),
        ("X-Key: a\nb", "X-Key has a line end"),
        ("X-Key: a\x00b", "X-Key has a line end or another control character"),
        ("X-Key: \u20ac\u20ac\u20ac\u20ac", "X-Key has a character that headers cannot have"),
        ("Content-Length: 5", "Content-Length is set by the suite itself"),
        ("host: other", "host is set by the suite itself"),
        ("X-Key: @/no/such/file", "cannot read /no/such/file: No such file"),
        ("X-Key: env:CGSTATE_NOT_SET", "'CGSTATE_NOT_SET' is not set"),
        ("X-Key: env:CGSTATE_EMPTY", "'CGSTATE_EMPTY' is empty"),
        ("@/no/such/file", "cannot read /no/such/file: No such file"),
        ("env:CGSTATE_NOT_SET", "'CGSTATE_NOT_SET' is not set"),
        ("@/", "cannot read /: Is a directory"),
    ],
)
def test_a_header_that_cannot_be_sent_is_refused(monkeypatch: pytest.MonkeyPatch, header: str, said: str) -> None:
    monkeypatch.setenv("CGSTATE_EMPTY", "")
    monkeypatch.delenv("CGSTATE_NOT_SET", raising=False)
    told = refused("--receiver", headers=[header])
    assert told.startswith("--receiver-header: ")
    assert said in told
    assert "\u20ac" not in told


@pytest.mark.parametrize(
    ("content", "said"), [(b"\xff\xfe", "no text in UTF-8"), (b" \n", "is empty"), (b"x" * 70_000, "64 kB")]
)
def test_a_file_that_holds_no_header_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    file = write(tmp_path / "secret", content)
    assert said in refused("--receiver", headers=[f"X-Key: @{file}"])
    assert said in refused("--receiver", headers=[f"@{file}"])


def test_headers_come_out_of_files_and_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token = write(tmp_path / "token", b"Bearer from-a-file\r\n")
    lines = write(tmp_path / "headers", b"\xef\xbb\xbf# those of staging\r\nX-One: first-1\r\n\r\nX-Two: second-2\n")
    monkeypatch.setenv("CGSTATE_TOKEN", "from-the-environment")
    monkeypatch.setenv("CGSTATE_HEADER", "X-Three: third-3")
    given = [
        "X-Plain: a: b, c",
        f"Authorization: @{token}",
        "X-Env: env:CGSTATE_TOKEN",
        f"@{lines}",
        "env:CGSTATE_HEADER",
    ]
    assert read_peer("--receiver", URI, headers=given).headers == (
        ("X-Plain", "a: b, c"),
        ("Authorization", "Bearer from-a-file"),
        ("X-Env", "from-the-environment"),
        ("X-One", "first-1"),
        ("X-Two", "second-2"),
        ("X-Three", "third-3"),
    )


def test_an_injection_by_a_file_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "token", b"abcd\r\nX-Other: injected")
    assert "X-Key has a line end" in refused("--receiver", headers=[f"X-Key: @{file}"])


def test_a_header_given_twice_is_refused() -> None:
    told = refused("--receiver", headers=["X-Key: abcd", "x-key: efgh"])
    assert told == "--receiver-header: X-Key is given more than once"


def test_a_user_in_the_uri_and_an_authorization_are_one_too_many() -> None:
    told = refused("--receiver", "http://jo:sesame@host/", headers=["authorization: Bearer xyzw"])
    assert told.startswith("--receiver-header: Authorization is given, and the URI names a user too")


def test_a_user_in_the_uri_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("http_proxy", raising=False)
    peer = read_peer("--readback", "http://jo:sesame@host:8080/x/{guid}?token=abcd")
    assert peer.uri == "http://host:8080/x/{guid}?token=abcd"
    assert peer.shown == "http://host:8080/x/{guid}?token=***"
    assert [name for name, _ in peer.headers] == ["Authorization"]
    assert "Authorization" not in repr(peer)


class Files:
    """Certificates and keys in files, right and wrong."""

    def __init__(self, folder: Path) -> None:
        leaf, other = trustme.CA().issue_cert("x@example.org"), trustme.CA().issue_cert("y@example.org")
        key = serialization.load_pem_private_key(leaf.private_key_pem.bytes(), None)
        locked = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"sesame"),
        )
        self.cert = write(folder / "cert.pem", leaf.cert_chain_pems[0].bytes())
        self.key = write(folder / "key.pem", leaf.private_key_pem.bytes())
        self.other_key = write(folder / "other.pem", other.private_key_pem.bytes())
        self.locked = write(folder / "locked.pem", locked)
        self.locked_both = write(folder / "locked-both.pem", locked, leaf.cert_chain_pems[0].bytes())
        self.both = write(folder / "a, b.pem", leaf.private_key_and_cert_chain_pem.bytes())
        self.text = write(folder / "text", b"no PEM at all")
        self.empty = write(folder / "empty", b"")


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_a_client_certificate_that_cannot_be_used_is_refused(files: Files) -> None:
    cases = {
        "/no/such/file": "cannot read /no/such/file: No such file or directory",
        files.cert: "holds no key: give CERT,KEY",
        f"{files.cert},/no/such/key": "cannot read /no/such/key: No such file or directory",
        f"{files.cert},{files.cert}": "holds no key",
        f"{files.cert},{files.other_key}": "does not belong to the certificate",
        f"{files.cert},{files.locked}": "is encrypted; give one without a password",
        files.locked_both: "is encrypted; give one without a password",
        f"{files.text},{files.key}": "holds no certificate and key in PEM form",
        files.key: "holds no certificate and key in PEM form",
        files.text: "holds no key",
    }
    for cert, said in cases.items():
        told = refused("--emitter", SECURE, cert=cert)
        assert told.startswith("--emitter-cert: "), cert
        assert said in told, cert


def test_a_certificate_with_its_key_is_used(files: Files) -> None:
    assert read_peer("--receiver", SECURE, cert=files.both).cert_files == files.both, "a comma in a file's name"
    assert read_peer("--receiver", SECURE, cert=f"{files.cert},{files.key}").cert_files == (files.cert, files.key)


def test_authorities_that_cannot_be_read_are_refused(files: Files) -> None:
    for cacert, said in {
        "/no/such/file": "cannot read /no/such/file",
        files.text: "holds no certificate in PEM form",
        files.empty: "holds no certificate in PEM form",
        files.key: "holds no certificate in PEM form",
    }.items():
        told = refused("--readback", SECURE, cacert=cacert)
        assert told.startswith("--readback-cacert: ")
        assert said in told


def test_a_bad_bundle_of_the_environment_is_named_as_such(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", files.text)
    assert refused("--receiver", SECURE).startswith("the environment's CA bundle: ")


def test_options_that_contradict_one_another_are_refused(files: Files) -> None:
    told = refused("--receiver", SECURE, cacert=files.cert, insecure=True)
    assert told == "--receiver-insecure: it checks nothing, and --receiver-cacert says what to check; give one"
    assert refused("--receiver", URI, cacert=files.cert).startswith("--receiver-cacert: an http:// URI has no TLS")
    assert refused("--receiver", URI, cert=files.both).startswith("--receiver-cert: an http:// URI has no TLS")


def test_options_are_named_after_the_one_that_gave_the_uri() -> None:
    assert refused("", "nowhere").startswith("the URI: ")
    assert refused("", headers=["x"]).startswith("--header: ")
    assert refused("readback", headers=["x"]).startswith("--readback-header: ")


@pytest.mark.parametrize(("status", "said"), [(401, "the login is refused"), (403, "access is refused")])
def test_a_refused_login_names_the_option(status: int, said: str) -> None:
    nothing, header = Peer(URI, option="--receiver"), Peer(URI, (("X", "y"),), option="--receiver")
    given = f"{said} ({status}): give its credentials, for example --receiver-header 'Authorization: ...'"
    assert nothing.login_hint(status) == f"{given}, or --receiver-cert"
    assert Peer(URI, cert="x", option="--receiver").login_hint(status) == given
    assert header.login_hint(status) == f"{said} ({status}): see --receiver-header, whose credentials it does not take"
