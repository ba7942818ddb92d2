"""One exchange judged by itself: what each layer sees, what it says, and that nothing sent makes it raise."""

import json
import subprocess
import sys
import time
import tracemalloc
from dataclasses import replace
from typing import Any

import pytest

from cgstate.evidence import Exchange, Traits
from cgstate.judge.message import CHECKS, Message, read_message
from cgstate.judge.ruling import Ruling
from cgstate.judge.schema import REQUIREMENTS, plain
from cgstate.specification.registry import Role, registry
from cgstate.specification.schemas import schema

WHOLE = Traits("capture", has_bytes=True, has_request=True)
BYTES = Traits("recording", has_bytes=True)
STORE = Traits("store")
RUNNING: dict[str, Any] = schema()["examples"][1]
LOADED: dict[str, Any] = schema()["examples"][0]
Headers = tuple[tuple[str, str], ...]
JSON: Headers = (("content-type", "application/json; charset=utf-8"),)


ACTIONS = (
    "7 CM_ReqLoadCampaign, 8 CM_ReqUnloadCampaign, 9 CM_ReqStartDialing, 10 CM_ReqStopDialing, 11 CM_ReqSetDialingMode"
)


def read(
    body: object,
    traits: Traits = BYTES,
    *,
    method: str | None = "POST",
    headers: Headers = JSON,
    malformed: str | None = None,
) -> Message:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_message(Exchange(7, data, method=method, headers=headers, malformed=malformed), traits)


def faults(message: Message) -> dict[str, Ruling]:
    return {ruling.requirement: ruling for ruling in message.rulings if ruling.fault is not None}


def met(message: Message) -> set[str]:
    return {ruling.requirement for ruling in message.rulings if ruling.fault is None}


def said(message: Message, requirement: str) -> tuple[str, str, str]:
    fault = faults(message)[requirement].fault
    assert fault is not None
    return fault.sentence, fault.expected, fault.seen


def test_a_legal_message_meets_what_it_exercises_once_each() -> None:
    message = read(RUNNING, WHOLE)
    assert faults(message) == {}
    assert len(met(message)) == len(message.rulings)
    assert {ruling.exchanges for ruling in message.rulings} == {(7,)}
    assert message.value == RUNNING
    assert {"http.well-formed", "http.post", "http.content-type", "body.utf8", "body.unique-keys"} <= met(message)
    assert {"dial-mode.known-code", "optimize-by.present-when-predictive", "optimize-goal.percentage"} <= met(message)
    assert not {"dial-mode.only-when-running", "campaign-template-name.string", "optimize-goal.seconds"} & met(message)


@pytest.mark.parametrize(
    ("changes", "requirement", "exercised"),
    [
        ({}, "dial-mode.only-when-running", True),
        ({}, "dial-mode.present-when-running", False),
        ({"GSW_CAMPAIGN_GROUP_STATE": 5, "GSW_DIAL_MODE": 2}, "optimize-by.only-when-predictive", True),
        ({"GSW_CAMPAIGN_GROUP_STATE": 5, "GSW_DIAL_MODE": 2}, "optimize-by.present-when-predictive", False),
        ({"GSW_CAMPAIGN_GROUP_STATE": 5}, "optimize-by.only-when-predictive", False),
        ({"GSW_STAT_HIT_RATIO": 0.5}, "stat-hit-ratio.not-negative", True),
        ({"GSW_STAT_HIT_RATIO": None}, "stat-hit-ratio.not-negative", False),
        ({"GSW_STAT_HIT_RATIO": None}, "stat-hit-ratio.number", True),
        ({}, "stat-hit-ratio.number", False),
    ],
)
def test_a_rule_is_met_only_where_the_message_exercises_it(
    changes: dict[str, Any], requirement: str, *, exercised: bool
) -> None:
    assert (requirement in met(read(LOADED | changes))) is exercised


def test_each_rule_of_the_schemas_names_a_requirement_and_each_requirement_of_a_message_has_a_check() -> None:
    layers = {"http", "bytes", "json", "schema"}
    own = {r.id for r in registry().requirements.values() if r.layer in layers and r.role is not Role.RECEIVER}
    assert set(REQUIREMENTS) <= own
    assert own <= CHECKS.keys()


@pytest.mark.parametrize(
    ("changes", "requirement", "sentence", "expected", "seen"),
    [
        (
            {"GSW_DIAL_MODE": None},
            "dial-mode.only-when-running",
            "GSW_DIAL_MODE is sent though the group is not running",
            "no GSW_DIAL_MODE",
            "null with GSW_CAMPAIGN_GROUP_STATE 4",
        ),
        (
            {"GSW_CAMPAIGN_GROUP_STATE": 5},
            "dial-mode.present-when-running",
            "GSW_DIAL_MODE is missing though the group is running",
            "GSW_DIAL_MODE",
            "no GSW_DIAL_MODE with GSW_CAMPAIGN_GROUP_STATE 5",
        ),
        (
            {"GSW_CAMPAIGN_GROUP_ACTION": 29},
            "action.known-code",
            "GSW_CAMPAIGN_GROUP_ACTION is no known code",
            f"one of {ACTIONS}",
            "29",
        ),
        (
            {"GSW_STAT_BUSY_FACTOR": "0.5"},
            "stat-busy-factor.number",
            "GSW_STAT_BUSY_FACTOR is not a number or null",
            "a number or null",
            '"0.5"',
        ),
        (
            {"GSW_GROUP_NAME": "x" * 300},
            "group-name.length",
            "GSW_GROUP_NAME is longer than 255 characters",
            "at most 255 characters",
            f'300 characters: "{"x" * 60}"... (300 characters)',
        ),
        (
            {"GSW_CAMPAIGN_GROUP_ACTOR": {"a": [1]}},
            "actor.integer",
            "GSW_CAMPAIGN_GROUP_ACTOR is not an integer",
            "an integer",
            "an object with 1 key",
        ),
        (
            {"GSW_DATE_TIME": "1527516447.250\n"},
            "date-time.form",
            "GSW_DATE_TIME is not seconds with three decimals",
            'digits, a point, three digits, such as "1527516447.250"',
            '"1527516447.250\\n"',
        ),
        (
            RUNNING | {"GSW_OPTIMIZE_GOAL": -1},
            "optimize-goal.percentage",
            "GSW_OPTIMIZE_GOAL is no percentage though the method's goal is one",
            "0 to 100",
            "-1 with GSW_CAMPAIGN_GROUP_STATE 5, GSW_DIAL_MODE 1, GSW_OPTIMIZE_BY 1",
        ),
        (
            RUNNING | {"GSW_OPTIMIZE_GOAL": 10**60},
            "optimize-goal.percentage",
            "GSW_OPTIMIZE_GOAL is no percentage though the method's goal is one",
            "0 to 100",
            "an integer of more than 40 digits with GSW_CAMPAIGN_GROUP_STATE 5, GSW_DIAL_MODE 1, GSW_OPTIMIZE_BY 1",
        ),
    ],
)
def test_a_fault_is_said_for_people(
    changes: dict[str, Any], requirement: str, sentence: str, expected: str, seen: str
) -> None:
    assert said(read(LOADED | changes), requirement) == (sentence, expected, seen)


def test_all_that_is_missing_is_said() -> None:
    message = read({})
    assert set(faults(message)) == {f"{slug}.present" for slug in (
        "tenant-name", "tenant-ccid", "campaign-group-name", "guid", "group-name", "queue-name",
        "state", "action", "actor", "date-time",
    )}  # fmt: skip
    assert said(message, "state.present")[0] == "GSW_CAMPAIGN_GROUP_STATE is missing"
    assert "body.integer-form" not in met(message)


def test_what_is_met_beside_a_fault_rests_on_the_same_message() -> None:
    message = read(LOADED | {"GSW_CAMPAIGN_GROUP_ACTION": 29})
    assert met(message) > {"state.known-code"}
    assert {ruling.exchanges for ruling in message.rulings} == {(7,)}


@pytest.mark.parametrize(("length", "too_long"), [(255, False), (256, True)])
def test_half_of_a_pair_is_one_character(length: int, *, too_long: bool) -> None:
    found = faults(read(LOADED | {"GSW_GROUP_NAME": "\ud800" * length}))
    assert set(found) == {"body.no-lone-surrogates"} | ({"group-name.length"} if too_long else set())


def test_malformed_http_is_the_one_fault_and_its_body_is_read_where_it_can_be() -> None:
    message = read(LOADED | {"GSW_DIAL_MODE": 1}, WHOLE, malformed="it has no Host header")
    assert list(faults(message)) == ["http.well-formed"]
    assert len(message.rulings) == 1
    assert message.value is not None
    assert said(message, "http.well-formed")[2] == "it has no Host header"
    assert read(b"\x16\x03\x01", WHOLE, malformed="TLS", method=None).value is None


@pytest.mark.parametrize("method", ["PUT", "post", "GET"])
def test_only_post_is_post(method: str) -> None:
    assert said(read(LOADED, WHOLE, method=method), "http.post")[2] == f'"{method}"'
    assert list(faults(read(b"", WHOLE, method=method))) == ["http.post"]


def test_an_empty_notification_is_judged_whole() -> None:
    message = read(b"", WHOLE, headers=())
    assert list(faults(message)) == ["http.content-type", "body.json"]
    assert met(message) == {"http.well-formed", "http.post", "body.utf8", "body.no-byte-order-mark"}


@pytest.mark.parametrize(
    ("headers", "right"),
    [
        ((("Content-Type", "application/json"),), True),
        ((("CONTENT-TYPE", "Application/JSON ; x=y"),), True),
        ((("Content-Type", "application/jsonlines"),), False),
        ((("Content-Type", "text/plain; application/json"),), False),
        ((("Content-Type", "application/json"), ("Content-Type", "application/json")), False),
        ((), False),
    ],
)
def test_the_content_type_is_json(headers: tuple[tuple[str, str], ...], *, right: bool) -> None:
    assert ("http.content-type" in met(read(LOADED, WHOLE, headers=headers))) is right


def test_a_byte_order_mark_is_one_fault_and_what_follows_is_judged() -> None:
    message = read(b"\xef\xbb\xbf" + json.dumps(LOADED).encode())
    assert list(faults(message)) == ["body.no-byte-order-mark"]
    assert message.value == LOADED


def test_what_a_source_does_not_show_is_not_judged() -> None:
    requirements = {ruling.requirement for ruling in read(LOADED, STORE).rulings}
    assert {r for r in requirements if r.startswith(("http.", "body."))} == {"body.object"}
    assert "state.known-code" in requirements
    assert read(b"{", STORE).rulings == ()


@pytest.mark.parametrize(
    ("body", "sentence", "seen"),
    [
        (b"", "the body is empty", "no byte"),
        (b" \n", "the body is empty", "2 characters of white space"),
        (b"{} {}", "something stands after the JSON value", 'at character 3: "{} {}"'),
        (b'{"a": NaN}', "the body is not JSON", 'NaN is no JSON value, at character 6: "{\\"a\\": NaN}"'),
    ],
)
def test_unreadable_json_is_said_for_people(body: bytes, sentence: str, seen: str) -> None:
    message = read(body)
    assert said(message, "body.json") == (sentence, "one JSON object (RFC 8259)", seen)
    assert message.value is None


def test_true_is_no_integer_and_5_0_is_one_in_another_form() -> None:
    assert list(faults(read(LOADED | {"GSW_CAMPAIGN_GROUP_ACTOR": True}))) == ["actor.integer"]
    assert list(faults(read(LOADED | {"GSW_CAMPAIGN_GROUP_STATE": 4.0}))) == ["body.integer-form"]
    assert list(faults(read(LOADED | {"GSW_CAMPAIGN_GROUP_STATE": 4.0, "GSW_DIAL_MODE": 1}))) == [
        "body.integer-form",
        "dial-mode.only-when-running",
    ]


def number(text: bytes) -> Message:
    return read(json.dumps(RUNNING).encode().replace(b": 80", b": " + text))


def test_numbers_are_kept_exactly_and_never_too_large() -> None:
    exact = number(b"9223372036854775809").value
    assert exact is not None
    assert exact["GSW_OPTIMIZE_GOAL"] == 2**63 + 1
    for text in (b"9007199254740993", b"18446744073709551616", b"-" + b"9" * 5000):
        assert set(faults(number(text))) == {"body.safe-integers", "optimize-goal.percentage"}
    assert set(faults(number(b"1e400"))) == {"body.integer-form", "optimize-goal.percentage"}


DEEP = 100_000


@pytest.mark.parametrize(
    ("extra", "faulty"),
    [
        (b"[" * DEEP + b"]" * DEEP, set()),
        (b'{"a":' * DEEP + b"1" + b"}" * DEEP, set()),
        (b'[{"a" : [1 ,-2.5e3, true,false, null,"]}\\"" , {}, [ ]]},\n' * 300 + b"1" + b"]" * 300, set()),
        (b"[" * DEEP, {"body.json"}),
        (b"[" * DEEP + b"}" * DEEP, {"body.json"}),
        (b"[" * DEEP + b"]" * (DEEP + 1), {"body.json"}),
        (b"[" * 300 + b"NaN" + b"]" * 300, {"body.json"}),
        (b"[" * 300 + b"01" + b"]" * 300, {"body.json"}),
        (b"[" * 300 + b'{"a" 1}' + b"]" * 300, {"body.json"}),
        (b"[" * 300 + b"{a:1}" + b"]" * 300, {"body.json"}),
        (b"[" * 300 + b"1,]" + b"]" * 299, {"body.json"}),
        (b'[{"a":1,"a":2},' + b"[" * 300 + b"]" * 300 + b"]", {"body.unique-keys"}),
        (b"[9007199254740992," + b"[" * 300 + b"]" * 300 + b"]", {"body.safe-integers"}),
        (b'["\\ud800",' + b"[" * 300 + b"]" * 300 + b"]", {"body.no-lone-surrogates"}),
    ],
    ids=range(14),
)
def test_depth_is_no_fault_and_hides_none(extra: bytes, faulty: set[str]) -> None:
    message = read(json.dumps(LOADED).encode()[:-1] + b', "later": ' + extra + b"}")
    assert set(faults(message)) == faulty
    if "body.json" not in faulty:
        assert message.value is not None
        assert {key: message.value[key] for key in LOADED} == LOADED


HOSTILE = {
    "brackets": b"[" * 10**7,
    "objects": b'{"a":' * (2 * 10**6),
    "one string": b'{"a":"' + b"x" * 10**7 + b'"}',
    "escapes": b'{"a":"' + b"\\n" * (5 * 10**6) + b'"}',
    "strings without an end": b"[1," * 250 + b'"' + b'\\"' * (5 * 10**6),
    "one integer": b'{"a":' + b"9" * 10**7 + b"}",
    "one fraction": b'{"a":0.' + b"9" * 10**7 + b"}",
    "doubled keys": b"{" + b'"a":1,' * 10**6 + b'"a":1}',
    "lone surrogates": b'["\\ud800"' + b',"\\ud800"' * 200_000 + b"]",
    "no UTF-8": b"\xff" * 10**7,
    "white space": b" " * 10**7,
    "zeros": b"\0" * 10**7,
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_ten_hostile_megabytes_are_judged_soon_and_in_few_words(body: bytes) -> None:
    began = time.process_time()
    message = read(body)
    assert time.process_time() - began < 10
    assert message.rulings
    for ruling in faults(message).values():
        assert ruling.fault is not None
        text = ruling.fault.sentence + ruling.fault.expected + ruling.fault.seen
        assert len(text) < 1000
        text.encode("utf-8")  # half surrogates are shown as escapes


def test_one_message_takes_little_memory() -> None:
    body = b'{"a":' * 40_000
    read(body)
    tracemalloc.start()
    try:
        read(body)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 10 * len(body)


def test_a_message_without_faults_is_judged_without_the_explaining_validator() -> None:
    code = (
        "import sys; from cgstate.judge.message import read_message; from cgstate.evidence import Exchange, Traits; "
        f"m = read_message(Exchange(1, {json.dumps(LOADED).encode()!r}), Traits('t', has_bytes=True)); "
        "assert all(r.fault is None for r in m.rulings); "
        "sys.exit(bool({'jsonschema', 'hypothesis', 'pytest', 'requests', 'rich'} & sys.modules.keys()))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)


def test_the_exchange_is_kept_as_it_is() -> None:
    exchange = Exchange(3, b"{}", method="POST", headers=JSON)
    assert read_message(exchange, WHOLE).exchange is exchange
    assert read_message(replace(exchange, body=b"[]"), WHOLE).value is None


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (2**53, 2**53),
        (2**53 + 1, 2**53),
        (10**400, 2**53),
        (-(2**53) - 1, -(2**53)),
        (107, 107),
        (True, True),
        (1.5, 1.5),
        (None, None),
        ("a\ud800b\udfff", "a\ufffdb\ufffd"),
        ("\U0001f600", "\U0001f600"),
        ([1], []),
        ({"a": 1}, {}),
    ],
)
def test_validators_are_shown_what_all_of_them_can_hold(value: object, seen: object) -> None:
    view = plain({"GSW_GROUP_NAME": value, "UNKNOWN": value})
    assert view == {"GSW_GROUP_NAME": seen}
    assert type(view["GSW_GROUP_NAME"]) is type(seen)


def test_that_it_is_an_object_no_schema_has_to_say() -> None:
    assert "body.object" not in REQUIREMENTS
