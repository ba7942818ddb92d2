"""What the two receivers take and refuse alike, and the whole of what they do otherwise."""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest

from cgstate.generate.traffic import Scope
from cgstate.sending import Delivery, Expect, Parcel
from cgstate.specification.registry import registry
from cgstate.suite.receiving.cases import cases
from selftest.independent.conftest import TOP
from selftest.receiver.conftest import JSON, Door, make_message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

CORPUS = sorted((TOP / "fixtures" / "messages").glob("*/*.json"))
WANTED = {"valid": 2, "discouraged": 2, "invalid": 4}
EITHER = "ambiguity.limits"


@pytest.fixture(params=["python", "node"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def door(receivers: dict[str, Door], language: str) -> Iterator[Door]:
    """A connection of one's own, and GUIDs that the other tests do not use."""
    one = Door(receivers[language].uri)
    yield one
    one.close()


def stored(door: Door, guid: str) -> bytes:
    quoted = quote(guid.encode("utf-8", "surrogatepass"), safe="")
    status, _, answer = door.call("GET", f"{door.path}/{quoted}")
    assert status == 200, answer
    return answer


def body_of(case: Mapping[str, Any]) -> bytes:
    if "bytes" in case:
        return base64.b64decode(case["bytes"])
    text = case["text"] if "text" in case else json.dumps(case["message"], ensure_ascii=False)
    return str(text).encode("utf-8", "surrogatepass")


def test_every_message_of_the_corpus_is_taken_or_refused_as_its_folder_says(door: Door, language: str) -> None:
    assert len(CORPUS) > 200
    for path in CORPUS:
        case, wanted = json.loads(path.read_bytes()), WANTED[path.parent.name]
        if language == "python" and case.get("requirement") == "body.unique-keys":
            wanted = 4  # may be taken or refused: EITHER
        body = body_of(case)
        status, answer = door.post(body)
        assert status // 100 == wanted, (path.name, status, answer)
        if status // 100 == 2:
            guid = dict(json.loads(body, parse_int=str))["GSW_CAMPAIGN_GROUP_GUID"]
            assert body.strip() in stored(door, guid), f"{path.name} is stored as it came"


def parcels() -> list[tuple[str, Parcel]]:
    """Return what the suite sends in one run, but for what is not sent whole."""
    scope = Scope("diff00", seed=1, fast=True)
    made = [(case.name, parcel) for case in cases() if not case.slow for parcel in case.parcels(scope)]
    return [(name, parcel) for name, parcel in made if parcel.delivery in (Delivery.WHOLE, Delivery.CHUNKED)]


def test_whatever_the_suite_sends_is_taken_and_refused_by_both_alike(receivers: dict[str, Door]) -> None:
    answers: dict[str, list[int]] = {}
    sent = parcels()
    for language, receiver in receivers.items():
        statuses = answers[language] = []
        for _, parcel in sent:
            door = Door(receiver.uri)  # what is too large may end its connection
            body = iter([parcel.body]) if parcel.delivery is Delivery.CHUNKED else parcel.body
            with contextlib.closing(door):
                statuses.append(door.call(parcel.method, door.path, body, dict(parcel.headers))[0] // 100)
    assert len(sent) > 100
    for (name, parcel), python, node in zip(sent, answers["python"], answers["node"], strict=True):
        about = (name, parcel.fault or sorted(parcel.marks), python, node)
        if parcel.expect is Expect.EITHER:
            assert {python, node} <= {2, 4}, about
        else:
            assert python == node == (2 if parcel.expect is Expect.TAKEN else 4), about


def written(attribute: str, number: str) -> bytes:
    """Return a message with a number as it is written."""
    return json.dumps(make_message("numbers", **{attribute.removeprefix("GSW_"): "?"})).replace('"?"', number).encode()


NUMBERS = {
    "a state of 4.0": ("GSW_CAMPAIGN_GROUP_STATE", "4.0", 2),
    "a state of 40e-1": ("GSW_CAMPAIGN_GROUP_STATE", "40e-1", 2),
    "a state of 0.4e+1": ("GSW_CAMPAIGN_GROUP_STATE", "0.4e+1", 2),
    "a state of -0": ("GSW_CAMPAIGN_GROUP_STATE", "-0", 2),
    "a state of almost 4": ("GSW_CAMPAIGN_GROUP_STATE", "4.0000000000000000001", 4),
    "an actor of 400 digits": ("GSW_CAMPAIGN_GROUP_ACTOR", "9" * 400, 2),
    "an actor of 5000 digits": ("GSW_CAMPAIGN_GROUP_ACTOR", "9" * 5000, 2),
    "an actor of 1e400": ("GSW_CAMPAIGN_GROUP_ACTOR", "1e400", 2),
    "an actor of a long exponent": ("GSW_CAMPAIGN_GROUP_ACTOR", "1e99999999999999999999", 2),
    "an actor of almost 0": ("GSW_CAMPAIGN_GROUP_ACTOR", "1e-400", 4),
    "a statistic of 1e400": ("GSW_STAT_HIT_RATIO", "1e400", 2),
    "a statistic of -0.0": ("GSW_STAT_HIT_RATIO", "-0.0e5", 2),
    "a statistic just below 0": ("GSW_STAT_HIT_RATIO", "-1e-400", 4),
    "an unknown number of many digits": ("GSW_MORE", "0.1234567890123456789012345678901234567890", 2),
}


@pytest.mark.parametrize("case", NUMBERS.values(), ids=NUMBERS)
def test_numbers_are_what_they_are_written_as(door: Door, case: tuple[str, str, int]) -> None:
    attribute, number, wanted = case
    body = written(attribute, number)
    assert door.post(body)[0] // 100 == wanted
    assert (body in stored(door, "numbers")) == (wanted == 2)


@pytest.mark.parametrize("guid", ["", ".", "../a/b?c#d%41", "a\0b", "\ud800x", "\udfff", "__proto__", "\U0001f600"])
def test_what_is_stored_is_found_by_any_guid(door: Door, guid: str) -> None:
    body = json.dumps(make_message(guid)).encode()
    assert door.post(body)[0] == 204
    found = stored(door, guid)
    assert (found[:1], found[-len(body) - 1 :]) == (b"[", body + b"]")


@dataclass(frozen=True)
class Row:
    """One body, and the status in each language."""

    title: str
    body: Callable[[], bytes]
    headers: Mapping[str, str]
    python: int
    node: int


def message(more: str = "") -> bytes:
    return (json.dumps(make_message("differences"))[:-1] + f"{more}}}").encode()


def nested(depth: int) -> bytes:
    return message(f', "GSW_MORE": {"[" * depth}{"]" * depth}')


def large(size: int) -> bytes:
    return message(f', "GSW_MORE": "{"x" * size}"')


TABLE = (
    Row("another content type", message, {"Content-Type": "text/plain"}, 415, 204),
    Row("a type of JSON of another name", message, {"Content-Type": "application/problem+json"}, 415, 204),
    Row("no content type", message, {}, 204, 204),
    Row("a charset", message, {"Content-Type": "Application/JSON; charset=latin-1"}, 204, 204),
    Row("compressed", lambda: gzip.compress(message()), JSON | {"Content-Encoding": "gzip"}, 204, 415),
    Row("said to be compressed", message, JSON | {"Content-Encoding": "gzip"}, 400, 415),
    Row("an unknown coding", message, JSON | {"Content-Encoding": "none"}, 204, 415),
    Row("the coding that is none", message, JSON | {"Content-Encoding": "identity"}, 204, 204),
    Row("a key twice", lambda: message(', "GSW_QUEUE_NAME": "x"'), JSON, 400, 204),
    Row("nested 200 deep", lambda: nested(200), JSON, 204, 204),
    Row("nested 300 deep", lambda: nested(300), JSON, 204, 400),
    Row("nested 100000 deep", lambda: nested(100_000), JSON, 400, 400),
    Row("1 MB", lambda: large(1_000_000), JSON, 204, 204),
    Row("2 MB", lambda: large(2_000_000), JSON, 204, 413),
    Row("20 MB", lambda: large(20_000_000), JSON, 413, 413),
    Row("JSON that is no notification", lambda: b"{}", JSON, 400, 422),
    Row("no JSON", lambda: b"{", JSON, 400, 400),
)


@pytest.mark.parametrize("row", [pytest.param(row, id=row.title) for row in TABLE])
def test_what_may_be_taken_or_refused_is_answered_as_the_table_says(door: Door, language: str, row: Row) -> None:
    expected = row.python if language == "python" else row.node
    try:
        status = door.call("POST", door.path, row.body(), row.headers)[0]
    except ConnectionError:
        status = 413  # the connection may be closed while it is still going out
    assert status == expected
    with contextlib.closing(Door(door.uri)) as another:
        assert another.post(message())[0] == 204, "it goes on serving"


def test_they_differ_in_taking_only_where_the_register_of_ambiguities_says_so() -> None:
    register = registry().ambiguities
    assert any(row.python // 100 != row.node // 100 for row in TABLE)
    assert {"survives.large-body", "survives.deep-nesting", "survives.duplicate-keys", "survives.content-type"} == set(
        register[EITHER].requirements
    )


def exchanged(door: Door, lines: str, body: bytes = b"") -> bytes:
    """What comes back for a request that is written by hand, up to the end of the connection."""
    parts = urlsplit(door.uri)
    with socket.create_connection((str(parts.hostname), parts.port or 0), timeout=20) as connection:
        connection.sendall(lines.replace("\n", "\r\n").encode() + body)
        with connection.makefile("rb") as stream:
            return stream.read()


@pytest.mark.parametrize(
    ("target", "headers", "status"),
    [
        ("{path}", "Host: x\n", 204),
        ("{path}?from=ocs", "Host: x\n", 204),
        ("http://x:1{path}", "Host: x\n", 204),
        ("{path}/", "Host: x\n", 405),
        ("/elsewhere", "Host: x\n", 404),
        ("{path}", "Host: x\nHost: y\n", 400),
        ("{path}", "Host: x\nContent-Length: 3\n", 400),
        ("{path}", "Host: x\nTransfer-Encoding: chunked\n", 400),
    ],
)
def test_requests_in_other_forms_are_answered_alike(door: Door, target: str, headers: str, status: int) -> None:
    body = message()
    lines = (
        f"POST {target.format(path=door.path)} HTTP/1.1\n{headers}Content-Length: {len(body)}\nConnection: close\n\n"
    )
    answer = exchanged(door, lines, body)
    assert int(answer.split(b" ", 2)[1]) == status


def test_other_methods_are_refused_alike(door: Door) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"):
        status, headers, _ = door.call(method, door.path)
        assert (status, headers["Allow"]) == (405, "POST")
    for method in ("POST", "PUT", "DELETE"):
        status, headers, _ = door.call(method, f"{door.path}/guid")
        assert (status, headers["Allow"]) == (405, "GET, HEAD")
