"""Connections are kept and ended as HTTP has it; a close that crosses a request is told from a receiver's fault."""

from __future__ import annotations

import signal
import socket
import threading
import time
from itertools import count
from typing import Any

import pytest

from cgstate.clock import now
from cgstate.peer import Peer
from cgstate.sending import Delivery, Expect, Parcel, Sending, Trouble
from cgstate.sources.sender import Sender
from cgstate.sources.sender_connection import Connection
from cgstate.sources.sender_reach import reach, route_to
from cgstate.sources.sender_waits import Waits
from selftest.sender.serving import BODY, NO_CONTENT, PATIENCE, Line, Serving, parcel, send


def ten(**more: object) -> list[Parcel]:
    return [parcel(number, **more) for number in range(1, 11)]


def test_messages_of_a_lane_go_over_one_connection_in_order() -> None:
    parcels = [parcel(number, b'{"n":%d}' % number) for number in range(1, 11)]
    with Serving(Line.answer_all) as server:
        sendings = send(server.peer(), *parcels)
    assert [request.body for request in server.requests] == [each.body for each in parcels]
    assert {each.exchange.connection for each in sendings} == {1}
    assert [each.reused for each in sendings] == [False] + [True] * 9
    assert server.lines == 1


def test_a_connection_is_kept_from_one_call_to_the_next() -> None:
    sendings: list[Sending] = []
    with Serving(Line.answer_all) as server:
        sender = Sender(server.peer(), timeout=PATIENCE)
        for number in range(1, 4):
            sender.send([parcel(number)], sendings.append)
        sender.close()
    assert [each.exchange.connection for each in sendings] == [1, 1, 1]


def test_lanes_go_side_by_side() -> None:
    together = threading.Barrier(3, timeout=PATIENCE)

    def handle(line: Line) -> None:
        while line.request() is not None:
            together.wait()
            line.answer()

    with Serving(handle) as server:
        sendings = send(server.peer(), *(parcel(number, lane=number % 3) for number in range(1, 10)))
    assert [each.status for each in sendings] == [200] * 9
    assert len({each.exchange.connection for each in sendings}) == 3


def test_a_fresh_parcel_has_a_connection_of_its_own_and_the_kept_one_stays() -> None:
    with Serving(Line.answer_all) as server:
        sendings = send(server.peer(), parcel(1), parcel(2, fresh=True), parcel(3))
    assert [each.exchange.connection for each in sendings] == [1, 2, 1]
    assert [each.reused for each in sendings] == [False, False, True]


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.0 200 OK\r\n\r\n"]
)
def test_a_server_that_closes_and_says_so_gets_a_new_connection_for_each(answer: bytes) -> None:
    def handle(line: Line) -> None:
        line.request()
        line.send(answer)

    with Serving(handle) as server:
        sendings = send(server.peer(), *ten())
    assert [(each.status, each.ignored) for each in sendings] == [(200, False)] * 10
    assert server.lines == 10


def test_a_server_that_closes_unannounced_after_each_answer_loses_at_most_one_and_gets_none_twice() -> None:
    def handle(line: Line) -> None:
        line.request()
        line.answer()

    with Serving(handle) as server:
        sendings = send(server.peer(), *ten(body=BODY))
    ignored = [each for each in sendings if each.ignored]
    assert len(ignored) <= 1, "after the first such close the sender is wary"
    assert [each.status for each in sendings if not each.ignored] == [200] * (10 - len(ignored))
    assert len(server.requests) == 10 - len(ignored)


def test_a_connection_closed_while_idle_is_replaced_and_nothing_is_ignored() -> None:
    closed = threading.Event()

    def handle(line: Line) -> None:
        line.request()
        line.answer()
        if line.number == 1:
            line.close()
            closed.set()
        else:
            line.answer_all()

    with Serving(handle) as server:
        sendings: list[Sending] = []
        sender = Sender(server.peer(), timeout=PATIENCE)
        sender.send([parcel(1)], sendings.append)
        assert closed.wait(PATIENCE)
        sender.send([parcel(2)], sendings.append)
        sender.close()
    assert [(each.status, each.reused, each.ignored) for each in sendings] == [(200, False, False)] * 2
    assert server.lines == 2


def closes_as_the_next_goes_out(line: Line) -> None:
    """Decide to end the idle connection, and do so with the next request unread."""
    if line.request() is not None:
        line.answer()
        if line.number == 1:
            line.await_bytes()
            line.close()
        else:
            line.answer_all()


def test_a_close_that_crosses_the_next_request_is_ignored_once_and_never_sent_again() -> None:
    with Serving(closes_as_the_next_goes_out) as server:
        sendings = send(server.peer(), *(parcel(number, b'{"n":%d}' % number) for number in range(1, 6)))
    assert [each.ignored for each in sendings] == [False, True, False, False, False]
    crossed = sendings[1]
    assert (crossed.trouble, crossed.status, crossed.reused) == (Trouble.CLOSED, None, True)
    assert "may have been on its way" in crossed.detail
    assert [each.status for each in sendings if not each.ignored] == [200] * 4
    assert [request.body for request in server.requests] == [b'{"n":%d}' % number for number in (1, 3, 4, 5)]


def test_an_end_that_came_before_the_request_may_have_crossed_it() -> None:
    closed = threading.Event()

    def handle(line: Line) -> None:
        line.request()
        line.send(NO_CONTENT)
        line.close()
        closed.set()

    request = b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
    with Serving(handle) as server:
        waits = Waits()
        route = route_to(server.peer())
        connection = Connection(1, reach(route, waits, now() + PATIENCE), route, waits)
        assert connection.exchange(request, timeout=PATIENCE).answer
        assert closed.wait(PATIENCE)
        outcome = connection.exchange(request, timeout=PATIENCE)
        waits.close()
    assert (outcome.trouble, outcome.crossed) == (Trouble.CLOSED, True)


@pytest.mark.parametrize(
    ("more", "ignored"),
    [
        ({"expect": Expect.EITHER}, True),
        ({"expect": Expect.REFUSED}, True),
        ({"delivery": Delivery.CHUNKED}, True),
        ({"delivery": Delivery.CUT}, False),
    ],
    ids=["either", "refused", "chunked", "cut"],
)
def test_only_what_is_whole_is_ignored(more: dict[str, object], *, ignored: bool) -> None:
    with Serving(closes_as_the_next_goes_out) as server:
        sendings = send(server.peer(), parcel(1), parcel(2, **more))
    assert (sendings[1].trouble, sendings[1].reused, sendings[1].ignored) == (Trouble.CLOSED, True, ignored)


def test_what_is_large_has_a_new_connection_which_is_kept() -> None:
    with Serving(Line.answer_all) as server:
        sendings = send(server.peer(), parcel(1), parcel(2, body=b" " * 20_000), parcel(3))
    assert [(each.status, each.reused) for each in sendings] == [(200, False), (200, False), (200, True)]
    assert sendings[1].exchange.connection == sendings[2].exchange.connection


def test_a_new_connection_that_ends_before_anything_is_sent_is_made_again() -> None:
    def handle(line: Line) -> None:
        if next(connections) < 3:
            return
        line.answer_all(204)

    def late(*given: Any) -> socket.socket:  # noqa: ANN401 - what `reach` takes
        made = reach(*given)
        time.sleep(0.1)
        return made

    connections = count(1)
    with Serving(handle) as server, pytest.MonkeyPatch.context() as patched:
        # As on a machine that has something else to do between the connection and the request.
        patched.setattr("cgstate.sources.sender.reach", late)
        sendings = send(server.peer(), parcel(1))
    assert [(each.status, each.exchange.connection) for each in sendings] == [(204, 3)]


def test_a_receiver_that_takes_a_message_and_hangs_up_is_not_hidden_by_a_kept_connection() -> None:
    def handle(line: Line) -> None:
        for number, _ in enumerate(iter(line.request, None), 1):
            if number == 3:
                return
            line.answer()

    with Serving(handle) as server:
        sendings = send(server.peer(), *ten()[:3])
    last = sendings[2]
    assert (last.trouble, last.reused, last.ignored) == (Trouble.CLOSED, True, False)
    assert last.detail == "the connection ended before any answer"


@pytest.mark.parametrize("how", [Line.close, Line.reset])
def test_a_fresh_connection_that_ends_before_an_answer_is_the_receivers_fault(how: object) -> None:
    def handle(line: Line) -> None:
        line.await_bytes()
        how(line)  # type: ignore[operator] # one of the two above

    with Serving(handle) as server:
        sendings = send(server.peer(), parcel(1), parcel(2, fresh=True))
    assert [(each.trouble, each.reused, each.ignored) for each in sendings] == [(Trouble.CLOSED, False, False)] * 2
    assert all("before any answer" in each.detail for each in sendings)


def test_a_reset_in_the_middle_of_an_answer_is_never_ignored() -> None:
    def handle(line: Line) -> None:
        line.request()
        line.answer()
        line.request()
        line.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")
        line.reset()

    with Serving(handle) as server:
        sendings = send(server.peer(), parcel(1), parcel(2))
    assert (sendings[1].trouble, sendings[1].reused, sendings[1].ignored) == (Trouble.CLOSED, True, False)
    assert "in the middle of an answer" in sendings[1].detail


def test_a_body_cut_short_is_half_of_it_in_good_order_and_is_answered() -> None:
    def handle(line: Line) -> None:
        request = line.request()
        line.answer(400 if request and request.fault else 200)

    with Serving(handle) as server:
        (sending,) = send(server.peer(), parcel(delivery=Delivery.CUT))
    assert sending.status == 400
    (request,) = server.requests
    assert request.fault == "the connection ended in the middle of the request"
    assert request.body == BODY[: len(BODY) // 2]
    assert ("Content-Length", str(len(BODY))) in request.headers
    assert sending.exchange.body == BODY, "what the parcel says"


def test_after_a_dropped_connection_the_lane_goes_on_with_a_new_one() -> None:
    resets: list[str] = []

    def handle(line: Line) -> None:
        try:
            line.answer_all()
        except ConnectionResetError:
            resets.append("reset")

    with Serving(handle) as server:
        sendings = send(server.peer(), parcel(1), parcel(2, delivery=Delivery.DROPPED), parcel(3))
    dropped = sendings[1]
    assert (dropped.status, dropped.trouble, dropped.exchange.answer) == (None, None, None)
    assert dropped.detail == "the connection was reset in the middle of the request, as planned"
    assert [each.exchange.connection for each in sendings] == [1, 1, 2]
    assert sendings[2].status == 200
    assert resets == ["reset"]


def test_nobody_there_is_unreached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    (sending,) = send(Peer(f"http://127.0.0.1:{port}/"))
    assert (sending.trouble, sending.exchange.connection) == (Trouble.UNREACHED, 0)
    assert "connection refused" in sending.detail
    (sending,) = send(Peer("http://receiver.invalid/"))
    assert sending.trouble is Trouble.UNREACHED
    assert "the host name is unknown" in sending.detail


def test_a_parcel_that_is_not_to_go_on_is_left_out() -> None:
    sendings: list[Sending] = []
    with Serving(Line.answer_all) as server:
        sender = Sender(server.peer(), timeout=PATIENCE)
        sender.send(ten(), sendings.append, go_on=lambda each: each.number % 2 == 1)
        sender.close()
    assert [each.parcel.number for each in sendings] == [1, 3, 5, 7, 9]
    assert len(server.requests) == 5


@pytest.mark.parametrize("lane", [0, 1])
def test_an_error_of_the_caller_ends_all_lanes_and_is_raised(lane: int) -> None:
    def take(sending: Sending) -> None:
        if sending.parcel.lane == lane:
            raise RuntimeError("the caller's")

    with Serving(Line.answer_all) as server:
        sender = Sender(server.peer(), timeout=PATIENCE)
        parcels = [parcel(number, lane=number % 2) for number in range(2000)]
        with pytest.raises(RuntimeError, match="the caller's"):
            sender.send(parcels, take)
        sender.close()
    assert len(server.requests) < 2000


@pytest.mark.parametrize("lanes", [1, 3])
def test_an_interrupt_from_another_thread_ends_the_waiting(lanes: int) -> None:
    asked = threading.Barrier(lanes + 1, timeout=PATIENCE)

    def handle(line: Line) -> None:
        line.request()
        asked.wait()
        server.over.wait()

    sendings: list[Sending] = []
    with Serving(handle) as server:
        sender = Sender(server.peer(), timeout=60)

        def interrupt() -> None:
            asked.wait()
            sender.interrupt()

        other = threading.Thread(target=interrupt)
        other.start()
        began = now()
        sender.send([parcel(number, lane=number % lanes) for number in range(1, 10)], sendings.append)
        other.join()
        sender.send([parcel(99)], sendings.append)
        assert now() - began < 30
        sender.close()
    assert sendings == []
    assert len(server.requests) == lanes


def test_an_interrupt_from_a_signal_handler_ends_the_waiting() -> None:
    def handle(line: Line) -> None:
        line.request()
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
        server.over.wait()

    sendings: list[Sending] = []
    with Serving(handle) as server:
        sender = Sender(server.peer(), timeout=60)
        before = signal.signal(signal.SIGUSR1, lambda *_: sender.interrupt())
        try:
            sender.send(ten(), sendings.append)
        finally:
            signal.signal(signal.SIGUSR1, before)
        sender.close()
    assert sendings == []


def test_a_keyboard_interrupt_ends_all_lanes() -> None:
    def handle(line: Line) -> None:
        line.request()
        both.wait()
        if line.number == 1:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        server.over.wait()

    both = threading.Barrier(2, timeout=PATIENCE)
    with Serving(handle) as server:
        sender = Sender(server.peer(), timeout=60)
        with pytest.raises(KeyboardInterrupt):
            sender.send([parcel(1), parcel(2, lane=1)], lambda _: None)
        sender.close()
    assert len(server.requests) == 2
