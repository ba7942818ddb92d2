"""The command lines that repeat what was seen: which act and which message they are about, what they set first."""

import json
import shlex
from dataclasses import replace
from typing import Any

import pytest

from cgstate.evidence import Act, Cause, Emitter, Evidence, Exchange, GroupConfiguration, Reply, Setting, Traits
from cgstate.sending import Delivery, Expect, Parcel, ReceiverEvidence, Sending, Trouble
from cgstate.specification.codes import Action
from cgstate.verdict import sent
from cgstate.verdict.scene import check_again, printf, teller
from cgstate.verdict.tally import Scene, no_scene

KEY = (101, 732)
GROUP = GroupConfiguration(101, 732, "a@b", "g", None, None, "q", None, "c", 1, 1, 80)
NAMED = b'{"GSW_CAMPAIGN_GROUP_NAME": "a@b"}'
HOOKS = Emitter("it", capabilities=frozenset({"options", "groups"}))


def act(number: int, action: Action = Action.LOAD, **changes: Any) -> Act:  # noqa: ANN401 - any field
    made = Act(number, KEY, action, float(number), number + 0.5, Reply.ACCEPTED, Cause.CLIENT, case=f"case {number}")
    return replace(made, **changes)


def evidence(*acts: Act, **more: Any) -> Evidence:  # noqa: ANN401 - any field
    return Evidence(Traits("test"), acts=acts, **({"groups": {KEY: GROUP}} | more))


LOAD, START, STOP = act(1), act(2, Action.START), act(3, Action.STOP)


@pytest.mark.parametrize(
    ("body", "arrival", "case"),
    [
        (NAMED, 2.0, "case 2"),
        (NAMED, 1.9, "case 1"),
        (NAMED, 0.9, ""),
        (NAMED, None, "case 3"),
        (b'{"GSW_CAMPAIGN_GROUP_NAME": "another"}', None, ""),
        (b"{}", None, ""),
        (b"[1]", None, ""),
        (b"\xff", None, ""),
        (b"[" * 100_000, None, ""),
    ],
)
def test_a_message_belongs_to_the_last_act_on_its_group_before_it(
    body: bytes, arrival: float | None, case: str
) -> None:
    seen = evidence(STOP, LOAD, START)
    assert teller(seen, None)(Exchange(1, body, arrival), None).case == case


def test_a_group_without_a_known_name_has_no_messages() -> None:
    seen = evidence(LOAD, groups={KEY: replace(GROUP, unknown=frozenset({"name"}))})
    assert teller(seen, None)(Exchange(1, NAMED), None).case == ""


def test_without_a_message_and_an_act_there_is_nothing_to_repeat() -> None:
    for base in (None, "http://h"):
        scene = teller(evidence(LOAD), base)(None, None)
        assert (scene.case, scene.commands) == ("", ())
    scene = teller(evidence(LOAD), "http://h")(Exchange(1, b"{}"), None)
    assert scene.commands == check_again(b"{}")


def requests(seen: Evidence, about: Act, base: str = "http://h/x") -> list[tuple[str, str, Any]]:
    lines = [shlex.split(line) for line in teller(seen, base)(None, about).commands]
    assert all(
        line[:2] == ["curl", "-X"] and line[4:7] == ["-H", "Content-Type: application/json", "-d"] for line in lines
    )
    return [(line[2], line[3], json.loads(line[7])) for line in lines]


def test_a_refused_load_does_not_begin_the_way_anew_and_other_groups_are_left_out() -> None:
    acts = (
        act(5, Action.STOP),
        act(3, Action.LOAD, reply=Reply.REFUSED),
        act(2, Action.START, key=(1, 2)),
        act(1),
        act(4, Action.START),
    )
    paths = [uri for _, uri, _ in requests(evidence(*acts), acts[4], "http://h/x//")]
    assert paths == ["http://h/x/load-campaign", "http://h/x/load-campaign", "http://h/x/start-dialing"]


@pytest.mark.parametrize(
    ("setting", "body"),
    [
        (Setting(0.0, 0.1), {"send-campaigngroup-states": False, "campaigngroup-states-interval": 10.0}),
        (Setting(0.0, 0.1, enabled=True, default_interval=True), {"send-campaigngroup-states": True}),
        (
            Setting(1.0, 1.1, enabled=True, uri="http://r", interval=5),
            {
                "send-campaigngroup-states": True,
                "campaigngroup-states-uri": "http://r",
                "campaigngroup-states-interval": 5,
            },
        ),
    ],
)
def test_options_and_group_are_set_first(setting: Setting, body: dict[str, object]) -> None:
    later, unknown = Setting(1.5, 1.6, enabled=True), Setting(0.5, 0.6, known=False)
    seen = evidence(LOAD, settings=(later, setting, unknown), emitter=HOOKS)
    first, second, third = requests(seen, LOAD)
    assert first == ("PUT", "http://h/x/conformance/options", body)
    assert second[:2] == ("PUT", "http://h/x/conformance/campaign-groups/101/732")
    assert second[2]["name"] == "a@b"
    assert third[1] == "http://h/x/load-campaign"


def test_what_the_emitter_has_no_hooks_for_is_not_set() -> None:
    setting = Setting(0.0, 0.1)
    for emitter in (None, Emitter("it")):
        assert len(requests(evidence(LOAD, settings=(setting,), emitter=emitter), LOAD)) == 1
    assert len(requests(evidence(LOAD, settings=(replace(setting, known=False),), emitter=HOOKS), LOAD)) == 2
    assert len(requests(evidence(LOAD, settings=(setting,), groups={}, emitter=HOOKS), LOAD)) == 2


def test_a_message_is_judged_again_as_long_as_it_fits_a_command_line() -> None:
    assert check_again(b"x" * 4000) == (f"printf %s {'x' * 4000} | cgstate check -",)
    assert check_again(b"x" * 4001) == ()
    assert printf(b"X\x7f") == "printf 'X\\177'"
    assert printf(b"a b~\x7f%-\\") == "printf 'a b~\\177\\045\\055\\134'"


URI = "http://receiver.test:9/states?a=b"


def parcel(number: int = 1, body: bytes = b"{}", **more: Any) -> Parcel:  # noqa: ANN401 - any field
    return Parcel(number, more.pop("requirement", "accepts.life-cycle"), more.pop("expect", Expect.TAKEN), body, **more)


def sending(each: Parcel, status: int | None = 204, seconds: float = 0.002, **more: Any) -> Sending:  # noqa: ANN401
    exchange = Exchange(each.number, each.body)
    return Sending(each, exchange, float(each.number), each.number + seconds, status, **more)


@pytest.mark.parametrize(
    ("of", "line"),
    [
        (parcel(), "curl -i -X POST URI JSON --data-binary '{}'"),
        (parcel(headers=()), "curl -i -X POST URI -H Content-Type: --data-binary '{}'"),
        (
            parcel(headers=(("x", "y"), ("CONTENT-TYPE", "z"))),
            "curl -i -X POST URI -H 'x: y' -H 'CONTENT-TYPE: z' --data-binary '{}'",
        ),
        (parcel(body=b"", headers=()), "curl -i -X POST URI --data-binary ''"),
        (parcel(body=b"", method="PUT", headers=()), "curl -i -X PUT URI --data-binary ''"),
        (parcel(body=b"", method="GET", headers=()), "curl -i -X GET URI"),
        (parcel(body=b"", method="HEAD", headers=()), "curl --head URI"),
        (parcel(method="GET"), "curl -i -X GET URI JSON --data-binary '{}'"),
        (
            parcel(delivery=Delivery.CHUNKED),
            "curl -i -X POST URI JSON -H 'Transfer-Encoding: chunked' --data-binary '{}'",
        ),
        (parcel(body=b"@x"), "printf %s @x | curl -i -X POST URI JSON --data-binary @-"),
        (parcel(body=b"\xff"), "printf '\\377' | curl -i -X POST URI JSON --data-binary @-"),
        (parcel(body=b"\n"), "printf '\\012' | curl -i -X POST URI JSON --data-binary @-"),
        (parcel(body=b"x" * 16_000, headers=()), f"curl -i -X POST URI -H Content-Type: --data-binary {'x' * 16_000}"),
    ],
    ids=range(13),
)
def test_a_parcel_is_sent_again_by_this_line(of: Parcel, line: str) -> None:
    whole = line.replace("URI", shlex.quote(URI)).replace("JSON", "-H 'Content-Type: application/json'")
    assert sent.command(of, URI) == (whole,)


@pytest.mark.parametrize(
    ("uri", "host", "target", "named", "port"),
    [
        (URI, "receiver.test", "/states?a=b", "receiver.test:9", 9),
        ("http://h", "h", "/", "h", 80),
        ("http://[::1]:7/a", "::1", "/a", "[::1]:7", 7),
    ],
)
def test_half_a_body_is_sent_again_as_bytes(uri: str, host: str, target: str, named: str, port: int) -> None:
    head = f"POST {target} HTTP/1.1\r\nHost: {named}\r\nx: y\r\nContent-Length: 5\r\n\r\n"
    for delivery in (Delivery.CUT, Delivery.DROPPED):
        half = parcel(body=b"abcde", headers=(("x", "y"),), delivery=delivery)
        assert sent.command(half, uri) == (f"{printf(head.encode() + b'ab')} | nc -N {host} {port}",)
    for other in ("https://h/", "http:///a"):
        assert sent.command(half, other) == ()


def test_a_parcel_is_sent_again_as_long_as_it_fits_a_command_line() -> None:
    assert sent.command(parcel(body=b"x" * 16_001), URI) == ()


def test_where_nothing_is_known_nothing_is_told() -> None:
    assert no_scene(None, None) == Scene() == Scene("", ())
    assert no_scene(None, LOAD) == Scene("case 1")


def test_what_a_message_came_after_is_shown_where_that_may_be_why() -> None:
    def lines(second: Parcel, first: Parcel) -> list[int]:
        seen = ReceiverEvidence("it", URI, (sending(second), sending(first)), {second.number: "in words"})
        scene = sent.teller(seen)(seen.sendings[0].exchange, None)
        assert scene.case == "in words"
        commands = {sent.command(second, URI)[0]: second.number, sent.command(first, URI)[0]: first.number}
        return [commands[line] for line in scene.commands]

    plain, faulty = parcel(1, b"[1]"), parcel(1, b"[1]", expect=Expect.REFUSED)
    either = parcel(1, b"[1]", expect=Expect.EITHER)
    assert lines(parcel(2), plain) == [2]
    assert lines(parcel(2), faulty) == lines(parcel(2), either) == [1, 2]
    for requirement in ("accepts.after-fault", "accepts.after-dropped"):
        assert lines(parcel(2, requirement=requirement), plain) == [1, 2]
    assert lines(parcel(2, expect=Expect.REFUSED), faulty) == [2]
    assert lines(parcel(2, requirement="accepts.repetition"), faulty) == [2, 2]


def test_a_message_that_was_not_sent_in_this_run_has_no_scene() -> None:
    seen = ReceiverEvidence("it", URI, (sending(parcel()),))
    scene = sent.teller(seen)(Exchange(7, b"{}"), None)
    assert (scene.case, scene.commands) == ("", ())
    assert sent.teller(seen)(seen.sendings[0].exchange, None).case == ""


def test_all_that_became_of_the_messages_is_counted() -> None:
    dropped = parcel(4, delivery=Delivery.DROPPED)
    seen = (
        sending(parcel(1), 200, 0.25),
        sending(parcel(2), 404, 0.5),
        sending(parcel(3), 500, 1.0),
        sending(dropped, None, trouble=Trouble.CLOSED),
        sending(dropped, 204, 0.125),
        sending(parcel(5), None, 60.0, trouble=Trouble.SILENCE),
        sending(parcel(6), None, trouble=Trouble.CLOSED, ignored=True),
    )
    assert sent.notes(ReceiverEvidence("it", URI, seen)) == (
        (
            "7 requests sent: 2 taken, 1 refused, 1 answered otherwise, 1 dropped on purpose,"
            " 1 met a connection that had just been closed, 1 without an answer"
        ),
        "answers took 375.0 ms (median), 1000.0 ms at most",
    )
    assert sent.notes(ReceiverEvidence("it", URI, (seen[5],))) == ("1 requests sent: 0 taken, 1 without an answer",)
