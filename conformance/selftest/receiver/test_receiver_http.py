"""The reference receiver speaks HTTP as its users' emitters and tools do: what a right one takes, and what it says."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import struct
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from cgstate_reference.store_sqlite import SqliteStore
from cgstate_reference.taking import BrokenBody, Parts, build

if TYPE_CHECKING:
    from collections.abc import Callable

    from selftest.receiver.conftest import Door

    Make = Callable[..., dict[str, Any]]


def connected(receiver: Door) -> socket.socket:
    parts = urlsplit(receiver.uri)
    return socket.create_connection((str(parts.hostname), parts.port or 0), timeout=10)


def head(receiver: Door, length: int, *lines: str) -> bytes:
    more = "".join(f"{line}\r\n" for line in lines)
    return (
        f"POST {receiver.path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{more}"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_not_allowed_where_notifications_go(method: str, receiver: Door) -> None:
    status, headers, answer = receiver.call(method, receiver.path)
    assert (status, headers["Allow"]) == (405, "POST")
    assert (answer == b"") is (method == "HEAD")


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
def test_what_is_stored_is_only_read(method: str, receiver: Door) -> None:
    status, headers, _ = receiver.call(method, f"{receiver.path}/guid")
    assert (status, headers["Allow"]) == (405, "GET, HEAD")


def test_an_unknown_group_has_nothing_stored_and_an_unknown_path_is_nowhere(receiver: Door) -> None:
    assert receiver.stored("never sent") == []
    status, headers, answer = receiver.call("HEAD", f"{receiver.path}/never%20sent")
    assert (status, headers["Content-Type"], answer) == (200, "application/json", b"")
    assert receiver.call("POST", "/elsewhere", b"{}")[0] == 404


@pytest.mark.parametrize("quoted", ["%C3", "%FF%FE"])
def test_a_path_that_is_no_utf_8_names_no_group(quoted: str, receiver: Door) -> None:
    assert receiver.call("GET", f"{receiver.path}/{quoted}")[::2] == (200, b"[]")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 204),
        ("application/json; charset=UTF-8", 204),
        ("Application/JSON;charset=utf-8;q=1", 204),
        (None, 204),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/jsonp", 415),
    ],
)
def test_the_content_type_is_jsons(kind: str | None, status: int, receiver: Door, message: Make) -> None:
    assert receiver.post(message(), {"Content-Type": kind} if kind else {})[0] == status


def test_a_body_may_come_in_chunks_or_compressed(receiver: Door, message: Make) -> None:
    body = json.dumps(message()).encode()
    chunked = receiver.call("POST", receiver.path, iter([body[:7], body[7:]]), {"Content-Type": "application/json"})
    assert chunked[0] == 204
    kind = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert receiver.post(gzip.compress(body), kind)[0] == 204
    status, headers, _ = receiver.call("POST", receiver.path, body, kind)
    assert (status, headers["Connection"]) == (400, "close"), "what follows on this connection cannot be found"
    assert len(receiver.stored(message()["GSW_CAMPAIGN_GROUP_GUID"])) == 2


def test_ten_megabytes_are_taken_and_seventeen_are_not(receiver: Door, message: Make) -> None:
    large = message(LONG="x" * 10_000_000)
    assert receiver.post(large) == (204, b"")
    assert receiver.stored(large["GSW_CAMPAIGN_GROUP_GUID"]) == [large]
    status, answer = receiver.post(message(LONG="x" * 17_000_000))
    assert (status, b"more than 16777216 bytes" in answer) == (413, True)


def test_who_waits_for_100_continue_gets_it(receiver: Door, message: Make) -> None:
    body = json.dumps(message()).encode()
    with connected(receiver) as connection, connection.makefile("rb") as answers:
        connection.sendall(head(receiver, len(body), "Expect: 100-continue"))
        assert answers.readline() == b"HTTP/1.1 100 Continue\r\n"
        assert answers.readline() == b"\r\n"
        connection.sendall(body)
        assert answers.readline() == b"HTTP/1.1 204 No Content\r\n"


@pytest.mark.parametrize("how", ["ended", "reset"])
def test_a_body_cut_short_is_not_stored_and_harms_nobody(how: str, receiver: Door, message: Make) -> None:
    body = json.dumps(message()).encode()
    with connected(receiver) as connection:
        connection.sendall(head(receiver, len(body)) + body[:-10])
        if how == "ended":
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(1) == b"", "the connection ends"
        else:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert receiver.post(message())[0] == 204
    assert receiver.stored(message()["GSW_CAMPAIGN_GROUP_GUID"]) == [message()]


class _Gone(web.BaseRequest):
    """A request whose connection had ended before anybody began to read its body: aiohttp's own words."""

    def __init__(self) -> None:
        pass

    headers: Any = {}  # noqa: RUF012 - only read

    async def read(self) -> bytes:
        raise RuntimeError("Connection closed.")


def test_a_connection_that_ended_before_its_body_was_read_is_a_broken_body() -> None:
    async def body() -> bytes:
        return await build(Parts(), SqliteStore(None)).body(_Gone())

    with pytest.raises(BrokenBody, match="the connection ended"):
        asyncio.run(body())


def test_pipelined_messages_are_answered_and_stored_in_order(receiver: Door, message: Make) -> None:
    sent = [message(DATE_TIME=f"{number}.000") for number in range(20)]
    with connected(receiver) as connection, connection.makefile("rb") as answers:
        for one in sent:
            body = json.dumps(one).encode()
            connection.sendall(head(receiver, len(body)) + body)
        statuses = [line for line in (answers.readline() for _ in range(4 * len(sent))) if line.startswith(b"HTTP")]
    assert statuses == [b"HTTP/1.1 204 No Content\r\n"] * len(sent)
    assert receiver.stored(message()["GSW_CAMPAIGN_GROUP_GUID"]) == sent


def test_what_is_no_http_is_answered_400(receiver: Door) -> None:
    with connected(receiver) as connection:
        connection.sendall(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
        assert connection.recv(4096).startswith((b"HTTP/1.0 400", b"HTTP/1.1 400"))
