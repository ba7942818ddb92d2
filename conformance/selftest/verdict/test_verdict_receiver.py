"""A receiver's failures are shown with a line that repeats them byte for byte; two verdicts make one."""

import json
import subprocess
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import product
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

import cgstate.specification.data as schemas
from cgstate.evidence import Exchange
from cgstate.faces.console import lines
from cgstate.faces.junit import as_junit
from cgstate.faces.report_json import as_report
from cgstate.judge.receiver import judge_receiver
from cgstate.sending import Delivery, Expect, Parcel, ReceiverEvidence, Sending, Stored, Trouble
from cgstate.specification.registry import Role, registry
from cgstate.verdict.conclude import Judged, conclude
from cgstate.verdict.decide import Facts
from cgstate.verdict.merged import merged
from cgstate.verdict.sent import command, notes, teller
from cgstate.verdict.verdict import PRECEDENCE, ExitStatus, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

NASTY = '{"GSW_CAMPAIGN_GROUP_NAME": "it\'s $(rm) `x` \\n \u202e % ! 企业 \U0001f4de"}'
URI = "http://receiver.test:9/states?a=b&c"


def parcel(number: int = 1, body: bytes = b"{}", **more: Any) -> Parcel:  # noqa: ANN401 - any field
    return Parcel(number, more.pop("requirement", "accepts.life-cycle"), more.pop("expect", Expect.TAKEN), body, **more)


def sent(each: Parcel, status: int | None = 204, seconds: float = 0.002, trouble: Trouble | None = None) -> Sending:
    began = 1.7e9 + each.number
    exchange = Exchange(each.number, each.body, method=each.method, headers=each.headers, answer=str(status))
    return Sending(each, exchange, began, began + seconds, status=status, trouble=trouble)


def evidence(*sendings: Sending, stored: Stored | None = None) -> ReceiverEvidence:
    cases = {sending.parcel.number: "a case in words" for sending in sendings}
    return ReceiverEvidence("a receiver", URI, sendings, cases, stored=stored)


def verdict_on(seen: ReceiverEvidence) -> Verdict:
    return conclude(
        registry(),
        seen,
        judge_receiver(seen),
        Judged(subject=seen.name, driver="messages of the suite's own"),
        Facts(allow_incomplete=True),
        roles={Role.RECEIVER},
        tell=teller(seen),
        notes=notes(seen),
    )


@pytest.fixture
def broken() -> Verdict:
    mode = parcel(2, NASTY.encode(), marks=frozenset({"dial mode 8"}), requirement="accepts.dial-modes")
    return verdict_on(evidence(sent(parcel()), sent(mode, 400)))


def test_a_run_of_receivers_lists_their_requirements_alone(broken: Verdict) -> None:
    assert {result.requirement.role for result in broken.results} == {Role.RECEIVER}
    assert broken.status is ExitStatus.DOES_NOT_CONFORM
    failed = [result.requirement.id for result in broken.results if result.outcome is Outcome.FAILED]
    assert failed == ["accepts.dial-modes"]


def test_every_face_shows_the_failure_and_how_to_repeat_it(broken: Verdict) -> None:
    told = "\n".join(line.text for line in lines(broken))
    assert "a message with dial mode 8 is refused" in told
    assert "receiver: 2 of " in told
    assert "emitter" not in told
    assert "a case in words" in told
    report = as_report(broken)
    jsonschema.validate(report, json.loads(schemas.read("report.schema.json")))
    (failure,) = [f for each in report["requirements"] for f in each["failures"]]
    (repeat,) = failure["repeat"]
    assert "curl" in repeat
    assert repeat in told
    assert b"curl" in as_junit(broken)


def test_what_needs_reading_back_says_so() -> None:
    def reason(stored: Stored | None) -> str:
        found = verdict_on(evidence(sent(parcel()), stored=stored))
        return next(result.reason for result in found.results if result.requirement.id == "stored.every")

    assert "--readback" in reason(None)
    assert "401" in reason(Stored({}, trouble="401 Unauthorized"))


def test_the_notes_count_and_time() -> None:
    gone = replace(sent(parcel(4), None, trouble=Trouble.CLOSED), ignored=True)
    dropped = parcel(5, delivery=Delivery.DROPPED, expect=Expect.EITHER)
    seen = evidence(
        sent(parcel(), seconds=0.25), sent(parcel(2), 400), sent(parcel(3), None, 10.0, Trouble.SILENCE), gone,
        sent(dropped, None, trouble=Trouble.CLOSED), sent(parcel(6), 503),
    )  # fmt: skip
    counted, timed = notes(seen)
    assert counted.startswith("6 requests sent: 1 taken, 1 refused, 1 answered otherwise")
    assert "1 without an answer" in counted
    assert "1 dropped on purpose" in counted
    assert "250.0 ms at most" in timed
    assert notes(evidence()) == ()


@pytest.fixture
def listener() -> "Iterator[tuple[str, list[tuple[str, dict[str, str], bytes]]]]":
    """A bare server that takes down what curl sends to it."""
    seen: list[tuple[str, dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def take(self) -> None:
            body = b""
            if self.headers.get("Transfer-Encoding") == "chunked":
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
            else:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen.append((self.command, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        do_POST = do_GET = do_HEAD = take  # noqa: N815 - what the base class calls

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/states", seen
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    "again",
    [
        parcel(body=NASTY.encode()),
        parcel(body=b"@/etc/passwd"),
        parcel(body=b"\xff\x00\r\n-n"),
        parcel(body=b"", expect=Expect.REFUSED),
        parcel(body=b"{}", headers=()),
        parcel(body=b"{}", headers=(("Content-Type", "text/plain; x='y'"),)),
        parcel(body=b'{"a": 1}', delivery=Delivery.CHUNKED),
        parcel(body=b"", method="GET", headers=()),
        parcel(body=b"", method="HEAD", headers=()),
    ],
)
def test_the_curl_line_sends_the_same_request(
    again: Parcel, listener: tuple[str, list[tuple[str, dict[str, str], bytes]]]
) -> None:
    uri, seen = listener
    (line,) = command(again, uri)
    assert line.isprintable()
    subprocess.run(["/bin/sh", "-c", line], check=True, capture_output=True, timeout=20)
    ((method, headers, body),) = seen
    assert (method, body) == (again.method, again.body)
    assert headers.get("content-type") == dict(again.headers).get("Content-Type")
    assert ("transfer-encoding" in headers) == (again.delivery is Delivery.CHUNKED)


def test_a_body_cut_short_is_repeated_as_bytes() -> None:
    cut = parcel(body=b'{"a": 12345}', delivery=Delivery.CUT)
    (line,) = command(cut, "http://127.0.0.1:9/states?x")
    written = subprocess.run(
        ["/bin/sh", "-c", line.partition(" | nc ")[0]], capture_output=True, check=True, timeout=10
    ).stdout
    head, _, body = written.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /states?x HTTP/1.1\r\n")
    assert b"Content-Length: 12" in head
    assert body == b'{"a": '
    assert command(cut, "https://127.0.0.1/states") == ()


def test_a_body_too_long_for_a_command_line_has_none() -> None:
    assert command(parcel(body=b"x" * 10**6), URI) == ()


def test_what_depends_on_the_message_before_is_shown_with_it() -> None:
    fault = parcel(2, b"{'", expect=Expect.REFUSED, requirement="rejects.unreadable", fault="single quotes")
    probe = parcel(3, b'{"b": 1}', requirement="accepts.after-fault")
    again = parcel(4, b'{"b": 1}', requirement="accepts.repetition")
    seen = evidence(sent(parcel()), sent(fault, 400), sent(probe, 500), sent(again))
    tell = teller(seen)
    first, second = tell(seen.sendings[2].exchange, None).commands
    assert "{'" in first.replace("'\"'\"'", "'")
    assert '{"b": 1}' in second
    twice = tell(seen.sendings[3].exchange, None).commands
    assert len(twice) == 2
    assert twice[0] == twice[1]
    assert tell(None, None).commands == ()


@pytest.mark.parametrize(("one", "other"), [*product(PRECEDENCE, PRECEDENCE)])
def test_of_two_statuses_the_one_that_stands_first_in_the_precedence_holds(one: ExitStatus, other: ExitStatus) -> None:
    both = merged(Verdict("a", "none", one, ()), Verdict("b", "none", other, ()))
    assert both.status == next(status for status in (4, 2, 3, 1, 6, 5, 0) if status in {one, other})


def test_a_merged_verdict_keeps_what_both_say(broken: Verdict) -> None:
    passed = replace(
        broken,
        subject="an emitter",
        driver="control API",
        status=ExitStatus.UNREACHABLE,
        results=(),
        why="nobody listens",
        seed=7,
        seconds=2.0,
        started=5.0,
        notes=("the clock",),
        coverage={"matrix": {"row": {"column": 1}}},
    )
    both = merged(passed, replace(broken, seconds=1.0))
    assert both.status is ExitStatus.DOES_NOT_CONFORM
    assert both.subject == "an emitter; a receiver"
    assert both.driver == "control API; messages of the suite's own"
    assert both.results == broken.results
    assert both.why == "an emitter: nobody listens"
    assert (both.seed, both.seconds, both.started) == (7, 3.0, 5.0)
    assert both.notes == ("the clock", *broken.notes)
    assert both.coverage == passed.coverage


def test_of_two_verdicts_each_side_may_say_less() -> None:
    nothing = Verdict("a", "none", ExitStatus.CONFORMS, ())
    assert nothing.why == ""
    assert merged(nothing, nothing) == replace(nothing, subject="a")
    driven = replace(nothing, subject="b", driver="a driver", seed=3, started=4.0, strict=True, why="w")
    assert merged(driven, driven) == replace(driven, seconds=0.0)
    for both in (merged(nothing, driven), merged(driven, nothing)):
        assert (both.driver, both.seed, both.started, both.strict) == ("a driver", 3, 4.0, True)
        assert both.why == "b: w"
    later = replace(driven, started=9.0, seed=8, why="v")
    assert (merged(later, driven).started, merged(later, driven).seed) == (4.0, 8)
    assert merged(later, replace(driven, subject="c")).why == "b: v; c: w"


def test_merged_results_are_sorted(broken: Verdict) -> None:
    first, *others = broken.results
    both = merged(replace(broken, results=tuple(others)), replace(broken, results=(first,)))
    assert both.results == broken.results
