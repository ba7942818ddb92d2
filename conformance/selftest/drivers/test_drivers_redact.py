"""What is printed holds no secret and stays on its line."""

import pytest

from cgstate.drivers.nearest import nearest
from cgstate.drivers.text import one_line
from cgstate.redact import redact


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("http://user:p%40ss@host:1/x", "http://***@host:1/x"),
        ("http://user:p@ss@host/x", "http://***@host/x"),
        ("https://host/x?a=1&token=abc&b=2", "https://host/x?a=1&token=***&b=2"),
        ("https://host/x?X-Api-Key=abc", "https://host/x?X-Api-Key=***"),
        ("https://host/x?a=b@c", "https://host/x?a=b@c"),
        ("not a uri", "not a uri"),
    ],
)
def test_secrets_in_a_uri_are_hidden(uri: str, shown: str) -> None:
    assert redact(uri) == shown


def test_uris_within_a_text_are_redacted() -> None:
    assert redact("see http://a:b@h/ and 'https://h?password=1'") == "see http://***@h/ and 'https://h?password=***'"


def test_foreign_text_stays_on_one_printable_line() -> None:
    assert one_line("a\r\nb\x07\u202ec\ud800") == "a b\\x07\\u202ec\\ud800"
    assert len(one_line("x" * 500)) == 200


def test_a_near_miss_is_pointed_out_and_else_the_known_names() -> None:
    assert nearest("campaignid", ["campaignId", "groupId"]) == "'campaignid' (did you mean campaignId?)"
    assert nearest("zzz", ["b", "a"]) == "'zzz' (known: a, b)"
