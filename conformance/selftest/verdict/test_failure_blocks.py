import json
import shlex
import subprocess
from dataclasses import replace

import pytest

from cgstate.evidence import (
    Act,
    Cause,
    Dialing,
    Emitter,
    Evidence,
    Exchange,
    GroupConfiguration,
    Reply,
    Setting,
    Traits,
)
from cgstate.judge.ruling import Fault, Ruling
from cgstate.redact import redact, redact_headers
from cgstate.specification.codes import Action
from cgstate.verdict.failure import failures, fold
from cgstate.verdict.scene import as_json, check_again, printf, teller
from cgstate.verdict.tally import MOST_CHARACTERS, Scene, failure_of, message_text
from cgstate.verdict.verdict import Failure

BASE = "http://127.0.0.1:7000/ocs/v3/servers/156"
NASTY = 'it\'s "q" $(rm) `x` \\n \n \x1b[31m \u202e % ! 企业 \U0001f4de'
KEY = (101, 732)


def group(name: str = NASTY) -> GroupConfiguration:
    return GroupConfiguration(101, 732, name, "g", None, None, "q", None, "c", 1, 1, 80)


def act(number: int, action: Action, *, dialing: Dialing | None = None, cause: Cause = Cause.CLIENT) -> Act:
    return Act(number, KEY, action, number, number + 0.1, Reply.ACCEPTED, cause, dialing, case="load, start, stop")


def evidence(*exchanges: Exchange, acts: tuple[Act, ...] = (), hooks: frozenset[str] = frozenset()) -> Evidence:
    return Evidence(
        Traits("test"), exchanges=exchanges, acts=acts, groups={KEY: group()}, emitter=Emitter("it", capabilities=hooks)
    )


def broken(*exchanges: int, acts: tuple[int, ...] = (), sentence: str = "it is broken") -> Ruling:
    return Ruling("a.b", exchanges, acts, Fault(sentence, "that", "this"))


def test_failures_with_one_cause_fold_and_show_the_smallest_message() -> None:
    seen = evidence(Exchange(1, b'{"long": 1}'), Exchange(2, b"{}"), Exchange(3, b"[]"), Exchange(4, b"1"))
    told = failures([broken(1), broken(2), broken(3), Ruling("a.b", (4,)), broken(4, sentence="x")], seen)
    assert [(f.sentence, f.times, f.message) for f in told] == [("it is broken", 3, "{}"), ("x", 1, "1")]


def test_a_fault_without_a_message_has_none() -> None:
    (failure,) = failures([broken(acts=(1,))], evidence(acts=(act(1, Action.LOAD),)))
    assert (failure.message, failure.case) == (None, "load, start, stop")


def test_unreadable_bytes_are_shown_and_long_bodies_cut() -> None:
    assert message_text(b"\xff\xfe{}") == "\\xff\\xfe{}"
    cut = message_text(b"x" * 10_000_000)
    assert len(cut) < MOST_CHARACTERS + 100
    assert "10000000 bytes" in cut


def test_folding_prefers_what_came_back_and_adds_up() -> None:
    first = Failure("a.b", "s", "e", "first", message="{}", times=2, unstable=True)
    second = Failure("a.b", "s", "e", "second", message='{"a": 1}', times=3)
    (folded,) = fold([first, second])
    assert (folded.seen, folded.times, folded.unstable) == ("second", 5, False)


def block(seen: str, *, replay: str | None = "{}", message: str | None = "{}", unstable: bool = False) -> Failure:
    return Failure("a.b", "s", "e", seen, message, replay=replay, unstable=unstable)


@pytest.mark.parametrize(
    ("shown", "other"),
    [
        (block("1", message="longer"), block("2", unstable=True)),
        (block("1", message="longer"), block("2", replay=None)),
        (block("1", message="longer"), block("2", message=None)),
        (block("1", replay=None, message=None), block("2", unstable=True)),
        (block("1", message=None), block("2", replay=None)),
        (block("1"), block("2", message="longer")),
        (block("1", message=""), block("2", message="x")),
    ],
)
def test_of_two_blocks_the_one_that_tells_most_is_shown(shown: Failure, other: Failure) -> None:
    for pair in ((shown, other), (other, shown)):
        (folded,) = fold(pair)
        assert folded == replace(shown, times=2)
    assert [each.seen for each in fold([shown, replace(shown, seen="later"), replace(other, sentence="t")])] == [
        "1",
        "2",
    ]


def test_the_last_of_several_acts_is_shown() -> None:
    acts = (act(1, Action.LOAD), replace(act(2, Action.START), case="the last"))
    for numbers in ((1, 2, 9), (2, 1)):
        (failure,) = failures([broken(acts=numbers)], evidence(acts=acts))
        assert failure.case == "the last"


def test_a_message_is_shown_rather_than_none_and_of_equal_ones_the_first() -> None:
    seen = evidence(Exchange(1, b"[1]"), Exchange(2, b"[2]"))
    (failure,) = failures([broken(acts=(9,)), broken(9, 1), broken(2)], seen)
    assert (failure.message, failure.times) == ("[1]", 3)


def test_what_is_met_is_no_failure() -> None:
    with pytest.raises(ValueError, match=r"a\.b is met: there is nothing to report"):
        failure_of(Ruling("a.b"), None, Scene())


@pytest.mark.parametrize("length", [MOST_CHARACTERS, MOST_CHARACTERS + 1, 4 * MOST_CHARACTERS])
def test_a_body_is_cut_where_it_is_too_long(length: int) -> None:
    cut = "x" * MOST_CHARACTERS + ("" if length == MOST_CHARACTERS else f"... (cut; {length} bytes in all)")
    assert message_text(b"x" * length) == cut


def test_many_bytes_of_few_characters_are_whole() -> None:
    text = "\U0001f4de" * MOST_CHARACTERS
    assert message_text(text.encode()) == text
    assert message_text(text.encode() + b"x") == text + f"... (cut; {4 * MOST_CHARACTERS + 1} bytes in all)"


def arguments(command: str) -> list[str]:
    done = subprocess.run(
        ["/bin/sh", "-c", command.replace("curl ", "printf '%s\\0' ", 1)], capture_output=True, check=True, timeout=10
    )
    return done.stdout.decode().split("\0")[:-1]


def test_the_curl_lines_repeat_the_way_from_the_last_load_and_survive_a_shell() -> None:
    acts = (
        act(1, Action.LOAD),
        act(2, Action.UNLOAD),
        act(3, Action.LOAD),
        act(4, Action.START, dialing=Dialing(2)),
        act(5, Action.STOP, cause=Cause.SCHEDULE),
        act(6, Action.UNLOAD),
    )
    body = json.dumps({"GSW_CAMPAIGN_GROUP_NAME": NASTY}).encode()
    seen = evidence(Exchange(1, body, arrival=5.5), acts=acts, hooks=frozenset({"groups"}))
    (failure,) = failures([broken(1)], seen, teller(seen, BASE + "/"))
    sent = [arguments(line) for line in failure.curl]
    assert [(line[1], line[2].removeprefix(BASE), json.loads(line[-1])) for line in sent] == [
        ("PUT", "/conformance/campaign-groups/101/732", json.loads(sent[0][-1])),
        ("POST", "/load-campaign", {"data": {"campaignId": 101, "groupId": 732, "requestProperties": []}}),
        ("POST", "/start-dialing", {"data": {"campaignId": 101, "groupId": 732, "dialMode": 2}}),
        (
            "POST",
            "/conformance/automatic",
            {"data": {"campaignId": 101, "groupId": 732}, "request": "stop-dialing", "cause": "schedule"},
        ),
    ]
    configured = json.loads(sent[0][-1])
    assert configured["name"] == NASTY
    assert configured["campaignName"] is None
    assert all(line.isprintable() for line in failure.curl)


def test_the_options_that_held_are_set_first_where_the_emitter_lets_them_be_set() -> None:
    settings = (
        Setting(0.1, 0.2, enabled=True, uri="http://h/a?token=hunter2", interval=3600),
        Setting(0.5, 0.6, enabled=False, uri="http://h/b", default_interval=True),
        Setting(7.0, 7.1, enabled=True),
    )
    acts = (act(1, Action.LOAD),)
    seen = replace(evidence(acts=acts, hooks=frozenset({"options"})), settings=settings)
    (failure,) = failures([broken(acts=(1,))], seen, teller(seen, BASE))
    first, second = (arguments(line) for line in failure.curl)
    assert first[1:3] == ["PUT", f"{BASE}/conformance/options"]
    assert json.loads(first[-1]) == {"send-campaigngroup-states": False, "campaigngroup-states-uri": "http://h/b"}
    assert second[2] == f"{BASE}/load-campaign"


def test_without_a_control_api_the_message_can_be_judged_again() -> None:
    seen = evidence(Exchange(1, b"{'"))
    (failure,) = failures([broken(1)], seen, teller(seen, None))
    assert failure.curl == check_again(b"{'")
    assert failure.curl[0].endswith("| cgstate check -")


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"",
        b"-n",
        b'{"a": "%s\\n$HOME `id` \'"}',
        b"\xff\x00\x1b[31m\n\r",
        "企业 \u202e".encode(),
        bytes(range(256)),
    ],
)
def test_a_printf_line_writes_the_same_bytes_and_is_printable(body: bytes) -> None:
    command = printf(body)
    assert command.isprintable()
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=True, timeout=10)
    assert done.stdout == body


def test_json_for_a_command_line_is_printable_and_means_the_same() -> None:
    text = as_json({"name": NASTY + "\ud800"})
    assert text.isprintable()
    assert json.loads(text) == {"name": NASTY + "\ud800"}
    assert "企业" in shlex.quote(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://me:pass@word@host:1/p?x=1", "https://***@host:1/p?x=1"),
        ("/notify?tenant=a&api_key=SECRET&x=1", "/notify?tenant=a&api_key=***&x=1"),
        ("see http://h/?access_token=SECRET, then", "see http://h/?access_token=*** then"),
        (
            "POST / HTTP/1.1\r\nAuthorization: Basic SECRET\r\nHost: h",
            "POST / HTTP/1.1\r\nAuthorization: ***\r\nHost: h",
        ),
        ("b'POST /\\r\\nCookie: SECRET\\r\\nHost: h'", "b'POST /\\r\\nCookie: ***\\r\\nHost: h'"),
        ("sales@office, 100 % design=a", "sales@office, 100 % design=a"),
        ('{"GSW_CAMPAIGN_GROUP_NAME": "a@b"}', '{"GSW_CAMPAIGN_GROUP_NAME": "a@b"}'),
    ],
)
def test_secrets_are_hidden_and_the_rest_is_kept(text: str, shown: str) -> None:
    assert redact(text) == shown


def test_secret_headers_are_hidden() -> None:
    headers = (("Authorization", "s"), ("COOKIE", "s"), ("x-api-key", "s"), ("Proxy-Authorization", "s"), ("Host", "h"))
    assert redact_headers(headers) == (
        ("Authorization", "***"),
        ("COOKIE", "***"),
        ("x-api-key", "***"),
        ("Proxy-Authorization", "***"),
        ("Host", "h"),
    )


def test_secrets_of_evidence_do_not_reach_a_failure() -> None:
    seen = evidence(Exchange(1, b"GET / HTTP/9\r\nAuthorization: Bearer hunter2\r\n"))
    fault = Fault("the target is another", "/a?token=hunter2", "http://hunter2@h/")
    (failure,) = failures([Ruling("a.b", (1,), fault=fault)], seen)
    assert "hunter2" not in repr(failure)
