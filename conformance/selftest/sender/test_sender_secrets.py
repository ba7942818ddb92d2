"""A value that the user gave as a secret is hidden wherever it stands, in every form in which it may stand."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest

from cgstate import redact
from cgstate.redact import keep_header_secret, keep_secret, redact_bytes, redact_headers

VALUE = 'Pa$$ wörd/"+1'


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redact, "_KEPT", redact._Kept())


@pytest.mark.parametrize(
    "form",
    [
        VALUE,
        quote(VALUE, safe=""),
        quote_plus(VALUE),
        json.dumps(VALUE),
        json.dumps(VALUE, ensure_ascii=False),
        base64.b64encode(VALUE.encode()).decode(),
        base64.urlsafe_b64encode(VALUE.encode()).decode().rstrip("="),
    ],
)
def test_a_kept_value_is_hidden_in_every_form(form: str) -> None:
    assert "***" not in redact.redact(f"it said {form} to us")
    keep_secret(VALUE)
    assert redact.redact(f"it said {form} to us").replace('"', "").replace("=", "") == "it said *** to us"


def test_a_basic_login_is_hidden_encoded_and_decoded_and_so_is_its_password() -> None:
    encoded = base64.b64encode(b"jo:open:sesame").decode()
    keep_secret(f"Basic {encoded}")
    assert redact.redact(f"Basic {encoded}; {encoded}; jo:open:sesame; open:sesame; jo") == "***; ***; ***; ***; jo"


def test_the_token_of_a_bearer_login_is_hidden_without_its_scheme() -> None:
    keep_secret("Bearer abc.def.ghi")
    assert redact.redact("token abc.def.ghi of ours, Bearer of tidings") == "token *** of ours, Bearer of tidings"


@pytest.mark.parametrize("value", ["", "a", "abc", "   x   "])
def test_a_short_value_hides_nothing(value: str) -> None:
    keep_secret(value)
    assert redact.redact("abc x a, and all else") == "abc x a, and all else"


def test_the_longest_of_several_secrets_is_hidden_whole() -> None:
    keep_secret("sesame")
    keep_secret("open-sesame-now")
    assert redact.redact("open-sesame-now, sesame") == "***, ***"


def test_bytes_are_hidden_in_utf8_and_latin1_and_all_else_stays() -> None:
    keep_secret("wörd1234")
    for encoding in ("utf-8", "latin-1"):
        assert redact_bytes(b"\xff\x00" + "wörd1234".encode(encoding) + b"\xfe") == b"\xff\x00***\xfe"
    assert redact_bytes(bytes(range(256))) == bytes(range(256))


def test_the_values_of_a_header_named_by_an_option_are_hidden_whoever_sends_them() -> None:
    assert redact_headers((("X-Tenant-Pass", "v"),)) == (("X-Tenant-Pass", "v"),)
    keep_header_secret("x-tenant-pass")
    assert redact_headers((("X-Tenant-Pass", "v"), ("Host", "h"))) == (("X-Tenant-Pass", "***"), ("Host", "h"))
    assert (
        redact.redact("POST / HTTP/1.1\r\nX-TENANT-PASS: v\r\nHost: h")
        == "POST / HTTP/1.1\r\nX-TENANT-PASS: ***\r\nHost: h"
    )
    assert redact.redact("X-Tenant: v") == "X-Tenant: v"
