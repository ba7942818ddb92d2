"""Whatever is sent and however much of it: the judge neither raises nor takes long."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from cgstate.evidence import Evidence, Exchange, Traits
from cgstate.judge.judge import judge, read_all
from cgstate.judge.trace import attribution, reading
from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from cgstate.judge.ruling import Ruling
    from selftest.judge_trace.right_run import whole_run
    from selftest.judge_trace.telling import BEGIN, URI, Tale, untimed
else:
    from right_run import whole_run
    from telling import BEGIN, URI, Tale, untimed

VALUES: list[Any] = [
    None,
    True,
    [],
    {},
    {"a": [1]},
    "",
    "nan",
    "1e999",
    "-infinity",
    "9" * 5000,
    "\udcff",
    "x" * 100_000,
    10**4000,
    -1,
    1.5,
    1e308,
    "1e308",
    "0.000",
    "-1.000",
    5.0,
    "5",
]
ATTRIBUTES = sorted(
    {
        "GSW_CAMPAIGN_GROUP_NAME",
        "GSW_GROUP_NAME",
        "GSW_CAMPAIGN_NAME",
        "GSW_TENANT_NAME",
        "GSW_DIAL_MODE",
        "GSW_OPTIMIZE_GOAL",
        reading.STATE,
        reading.ACTION,
        reading.ACTOR,
        reading.GUID,
        reading.DATE_TIME,
    }
)


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_no_value_makes_it_raise(attribute: str) -> None:
    for value in VALUES:
        tale = whole_run()
        tale.named["22.load"] = tale.say(55.7, 22, Action.LOAD, GroupState.ACTIVE)
        for name in ("1.start", "7.start", "11.periodic", "2.unload", "22.load"):
            tale.named[name].said[attribute] = value
        assert _printable(tale.judged())


def _printable(rulings: list[Ruling]) -> bool:
    seen = [f"{r.fault.sentence}{r.fault.expected}{r.fault.seen}".encode() for r in rulings if r.fault is not None]
    return all(len(text) < 1000 for text in seen)


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"\x00" * 100, b"[" * 100_000, b"cgstate-test-1-" * 10_000, b'"\\ud800"', b"{}", b"null"]
)
def test_no_body_makes_it_raise(body: bytes) -> None:
    tale = whole_run()
    tale.named["1.start"].body = body
    tale.drafts[3].body = body
    assert _printable(tale.judged())


@pytest.mark.parametrize("target", ["", "*", "http://[", "//a", "/x\ud7ff", "http://[::1]:99999/\udcff", "?"])
def test_no_target_makes_it_raise(target: str) -> None:
    tale = whole_run()
    tale.named["1.start"].target = target
    assert "http.configured-uri" in tale.faults()


def test_nothing_at_all_is_no_evidence() -> None:
    assert judge(Evidence(Traits("nothing"))) == []
    assert judge(replace(whole_run().evidence(), exchanges=(), ended=None, acts=(), windows=())) == []
    assert judge(replace(whole_run().evidence(), exchanges=(), groups={})) == []


def test_without_settings_nothing_is_wrong_with_a_right_run() -> None:
    tale = untimed()
    tale.settings = []
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.UNLOAD)
    tale.fence()
    assert tale.faults() == {}


def test_an_answer_of_an_unknown_kind_is_a_failure_like_any_other() -> None:
    for answer in ("", "closed"):
        tale = whole_run()
        tale.named["4.load"].answer = answer
        tale.again(tale.named["4.load"], 0.1)
        assert list(tale.faults()) == ["failure.no-retry"]


def _took(evidence: Evidence) -> float:
    messages = read_all(evidence.exchanges, evidence.traits)
    began = time.process_time()
    assert judge(evidence, messages)
    return time.process_time() - began


def test_a_burst_of_10_000_messages_is_judged_in_seconds() -> None:
    tale = whole_run()
    for number in range(5_000):
        tale.again(tale.named["1.stop"], 0.001 + number / 1e5)
        tale.say(55.5 + number / 1e5, 21, Action.LOAD, GroupState.ACTIVE, statistics=True)
    assert _took(tale.evidence()) < 8


def test_ten_times_the_messages_take_no_hundred_times_as_long() -> None:
    def tale_of(count: int) -> Tale:
        tale = whole_run()
        for number in range(count):
            tale.say(45 + number / count, 11, Action.START, GroupState.RUNNING, statistics=True)
        return tale

    few, many = (min(_took(tale_of(count).evidence()) for _ in range(2)) for count in (300, 3_000))
    assert many < 40 * few


def test_many_groups_are_judged_in_seconds() -> None:
    tale = untimed()
    for number in range(200):
        for at, action in ((0, Action.LOAD), (1, Action.START), (2, Action.STOP), (3, Action.UNLOAD)) * 2:
            tale.do(1 + at + number / 100 + (10 if tale.lives.get(number, 0) > 1 else 0), number, action)
    assert _took(tale.evidence()) < 5


def test_two_unloads_of_a_recording_with_a_redirect_between_them_are_one() -> None:
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.UNLOAD)
    tale.named["1.unload"].answer = "307"
    tale.again(tale.named["1.unload"], 0.1).target = "/moved"
    recording = replace(tale.evidence(), acts=(), settings=(), windows=())
    assert [r.requirement for r in judge(recording) if r.fault] == []
    kept = tuple(replace(e, target="/moved") for e in recording.exchanges)
    assert [r.requirement for r in judge(replace(recording, exchanges=kept)) if r.fault] == ["trace.not-loaded-once"]


def test_a_token_is_found_in_wide_letters() -> None:
    tale = untimed()
    tale.know(1)
    body = '{"GSW_CAMPAIGN_GROUP_NAME": "cgstate-test-1-x"}'.encode("utf-16-le")
    message = read_all([Exchange(1, body, arrival=BEGIN, target=URI)], Traits("wide"))[0]
    assert attribution.Attribution({g.key: g for g in tale.groups.values()}).of(message) == (101, 1)
