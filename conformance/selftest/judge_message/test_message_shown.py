"""Values, keys and places of a text as a report shows them."""

from typing import Any

import pytest

from cgstate.evidence import Exchange, Traits
from cgstate.judge.message import read_message
from cgstate.judge.shown import excerpt, names, shown

WHOLE = Traits("capture", has_bytes=True, has_request=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({}, "an object with 0 keys"),
        ({"a": 1}, "an object with 1 key"),
        ({"a": 1, "b": 2}, "an object with 2 keys"),
        ([], "an array of 0 values"),
        ([{}], "an array of 1 value"),
        (["a", "b"], "an array of 2 values"),
        (None, "null"),
        (True, "true"),
        (-0.25, "-0.25"),
        (10**40 - 1, "9" * 40),
        (1 - 10**40, "-" + "9" * 40),
        (10**40, "an integer of more than 40 digits"),
        (-(10**40), "an integer of more than 40 digits"),
        ("", '""'),
        ('é"\n', '"é\\"\\n"'),
        ("\ud83d", '"\\ud83d"'),
        ("x" * 80, f'"{"x" * 80}"'),
        ("x" * 81, f'"{"x" * 60}"... (81 characters)'),
    ],
)
def test_a_value_is_shown_on_one_line(value: object, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (0, "0123456789" * 4),
        (20, "0123456789" * 4),
        (21, "1234567890" * 4),
        (97, "7890123456789012345678901234567890123"),
    ],
)
def test_an_excerpt_shows_twenty_characters_before_the_place(at: int, text: str) -> None:
    assert excerpt("0123456789" * 11 + "0123"[:4], at) == f'"{text}"'


def test_an_excerpt_is_as_it_is_or_in_ascii() -> None:
    assert excerpt('"é\n', 0) == '"\\"é\\n"'
    assert excerpt('"é\n', 0, escaped=True) == '"\\"\\u00e9\\n"'


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["a"], '"a"'),
        (["a", "b", "c"], '"a", "b", "c"'),
        (["a", "b", "c", "d"], '"a", "b", "c" and 1 more'),
        (["a", "b", "c", "d", "e"], '"a", "b", "c" and 2 more'),
    ],
)
def test_of_many_keys_three_are_named(keys: list[str], text: str) -> None:
    assert names(keys) == text


JSON = ("Content-Type", "application/json")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"malformed": "it has no Host header"},
            (
                "http.well-formed",
                "a request is no readable HTTP",
                "an HTTP/1.0 or 1.1 request (RFC 9112) whose body is whole",
                "it has no Host header",
            ),
        ),
        ({"method": "PUT"}, ("http.post", "a notification is not sent by POST", "POST", '"PUT"')),
        (
            {"headers": ()},
            ("http.content-type", "a notification has no Content-Type", "application/json", "no such header"),
        ),
        (
            {"headers": (("Host", "h"), ("Content-Type", "text/plain"))},
            ("http.content-type", "the Content-Type is not application/json", "application/json", '"text/plain"'),
        ),
        (
            {"headers": (JSON, ("content-type", "application/json; charset=x"))},
            (
                "http.content-type",
                "the Content-Type is not application/json",
                "application/json",
                '"application/json" and "application/json; charset=x"',
            ),
        ),
    ],
)
def test_a_fault_of_http_is_told_in_these_words(changes: dict[str, Any], told: tuple[str, str, str, str]) -> None:
    right: dict[str, Any] = {"method": "POST", "headers": (JSON,)}
    rulings = read_message(Exchange(7, b"{}", **(right | changes)), WHOLE).rulings
    (ruling,) = [ruling for ruling in rulings if ruling.fault and ruling.requirement.startswith("http.")]
    assert ruling.fault is not None
    assert (ruling.requirement, ruling.fault.sentence, ruling.fault.expected, ruling.fault.seen) == told
    assert {ruling.exchanges for ruling in rulings} == {(7,)}


@pytest.mark.parametrize(
    ("body", "requirement", "seen"),
    [
        (b'{"a":1,"b":1,"a":2,"c":3,"b":4,"a":5}', "body.unique-keys", 'more than once: "a", "b"'),
        (b'{"x":["\\ud800",{"\\udfff":1},"\\ud83d\\ude00"]}', "body.no-lone-surrogates", '"\\udfff", "\\ud800"'),
        (b'{"a":9007199254740992,"b":-9007199254740993}', "body.safe-integers", "9007199254740992"),
        (b"12", "body.object", "12"),
        (b"\xff", "body.utf8", "the bytes ff at position 0: invalid start byte"),
        (b'{"a":"\xe4bcdef"}', "body.utf8", "the bytes e4 62 63 64 at position 6: invalid continuation byte"),
        (b'{"a": -Infinity}', "body.json", '-Infinity is no JSON value, at character 6: "{\\"a\\": -Infinity}"'),
    ],
)
def test_what_is_seen_of_a_body(body: bytes, requirement: str, seen: str) -> None:
    rulings = read_message(Exchange(7, body), Traits("bytes", has_bytes=True)).rulings
    (fault,) = [ruling.fault for ruling in rulings if ruling.requirement == requirement]
    assert fault is not None
    assert fault.seen == seen
