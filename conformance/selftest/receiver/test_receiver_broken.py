"""Each broken receiver is wrong in the way it says and right otherwise, in one scene that all of them play."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cgstate.specification.registry import Role, registry
from cgstate_reference.broken.receivers import deviations
from cgstate_reference.broken.receivers.coming import (
    FifthConnectionRefused,
    FullAtFiveThousand,
    RateLimited,
    SlowAnswers,
)
from cgstate_reference.receiver import main
from cgstate_reference.taking import Parts
from selftest.receiver.scene import REFUSED, STEPS, TAKEN, play

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from selftest.receiver.conftest import Running

    Start = Callable[..., AbstractContextManager[Running]]
    Make = Callable[..., dict[str, Any]]

TOOK = (204, "stored")
REJECTED = (400, "lost")
ALTERED = (204, "altered")
LET_IN = (204, "stored")
KEEPING = {*TAKEN, "order", "150 in a row", "the same twice", "side by side"}
"""Steps that look at what is stored."""

WRONG: Mapping[str, Mapping[str, object]] = {
    # Takes less.
    "unload-refused": {"state 0": REJECTED},
    "inactive-refused": {"state 3": REJECTED},
    "unknown-state-refused": {"state -1": REJECTED},
    "periodic-action-refused": {"any action": REJECTED},
    "dial-mode-change-refused": {"life": [204, 204, 400, 400, 204]},
    "actor-zero-refused": {"actor 0": REJECTED},
    "actor-above-three-refused": {"actor 4": REJECTED},
    "dial-mode-eight-refused": {"mode 8": REJECTED},
    "method-zero-refused": {"method 0": REJECTED},
    "method-in-mode-ten-refused": {"method in mode 10": REJECTED, "method 4": REJECTED},
    "method-four-refused": {"method 4": REJECTED},
    "body-limited": {"two megabytes": 400},
    "goal-zero-refused": {"goal 0": REJECTED},
    "at-sign-required": {"no at sign": REJECTED},
    "exponents-refused": {"exponent": REJECTED},
    "goal-above-hundred-refused": {"goal in seconds": REJECTED},
    "emoji-refused": {"emoji": REJECTED},
    "control-characters-refused": {"control characters": REJECTED},
    "names-limited-by-bytes": {"255 accents": REJECTED},
    "right-to-left-refused": {"Hebrew": REJECTED},
    "empty-queue-refused": {"no queue name": REJECTED},
    "undefined-refused": {"undefined": REJECTED},
    "campaign-name-required": {"no campaign": REJECTED},
    "dial-mode-required": {"no mode": REJECTED},
    "unknown-attributes-refused": {"more attributes": REJECTED, "two megabytes": 400, "deep": 400},
    "null-statistic-refused": {"null": REJECTED},
    "statistic-above-one-refused": {"a factor of 2": REJECTED},
    "long-statistic-refused": {"long": REJECTED},
    "statistics-all-or-none": {"one statistic": REJECTED, "exponent": REJECTED},
    "repetition-refused": {"the same twice": ([204, 400], 1)},
    "nul-refused": {"U+0000": REJECTED},
    # Takes more.
    "state-as-string": {"state in quotes": LET_IN},
    "float-for-integer": {"actor 1.5": LET_IN},
    "true-for-integer": {"actor true": LET_IN},
    "null-for-text": {"null for a name": LET_IN},
    "guid-not-required": {"no GUID": (204, "not stored")},
    "queue-not-required": {"queue missing": LET_IN},
    "state-six-taken": {"state 6": LET_IN},
    "dial-mode-when-stopped": {"mode while stopped": LET_IN},
    "method-in-any-mode": {"method in mode 2": LET_IN},
    "any-time": {"time in words": LET_IN, "two decimals": LET_IN},
    "any-decimals": {"two decimals": LET_IN},
    "any-dial-mode": {"mode 99": LET_IN},
    "any-action": {"action 12": LET_IN},
    "any-length": {"256 characters": LET_IN, "queue of 256": LET_IN},
    "long-queue-name": {"queue of 256": LET_IN},
    "negative-statistic": {"below 0": LET_IN, "over already": LET_IN},
    "time-to-complete-below-zero": {"over already": LET_IN},
    "takes-the-unreadable": {"no JSON": 204, "empty": 204, "not a number": 204},
    "not-a-number-taken": {"not a number": 204},
    # Stores something else.
    "optional-key-lost": dict.fromkeys(TAKEN.keys() - {"no template"}, ALTERED),
    "integer-stored-as-string": dict.fromkeys(TAKEN, ALTERED),
    "drops-unknown-attributes": {"more attributes": ALTERED},
    "unknown-as-text": {"more attributes": ALTERED},
    "names-cut-in-storage": {"255 characters": ALTERED, "255 accents": ALTERED},
    "names-trimmed": {"white space around": ALTERED},
    "fractions-rounded": {"fractions": ALTERED},
    "null-statistic-lost": {"null": ALTERED},
    "loses-nul": {"U+0000": ALTERED},
    "ends-at-nul": {"U+0000": ALTERED},
    "every-hundredth-lost": {"150 in a row": ({204}, 149, 149)},
    "answers-before-storing": {"state 3": (204, "lost"), "150 in a row": ({204}, 0, 0)},
    "stores-by-the-dozen": {"state 3": (204, "lost")},
    "stores-twice": {"150 in a row": ({204}, 165, 150)},
    "keeps-the-last": {
        "order": ([204, 204, 204], ["2.000"]),
        "150 in a row": ({204}, 1, 1),
        "the same twice": ([204, 204], 1),
        "side by side": ({204}, 1),
    },
    "keyed-by-time": {"the same twice": ([204, 204], 1)},
    "order-reversed": {"order": ([204, 204, 204], ["2.000", "1.000", "0.000"])},
    "ordered-by-digest": {"order": ([204, 204, 204], ["1.000", "0.000", "2.000"])},
    "repetition-lost": {"the same twice": ([204, 204], 1)},
    "keeps-the-refused": dict.fromkeys(REFUSED.keys() - {"no GUID"}, (400, "stored")),
    # Answers in another way.
    "non-ascii-500": {
        **dict.fromkeys(["accents", "emoji", "Hebrew", "255 accents"], (500, "lost")),
        "raw accents": 500,
    },
    "raw-utf-8-refused": {"raw accents": 400},
    "key-order-required": {"keys sorted": 400},
    "white-space-refused": {"spaced": 400},
    "escaped-solidus-refused": {"escaped solidus": 400},
    "header-case-required": {"small headers": 415},
    "charset-refused": {"charset": 415},
    "chunked-refused": {"chunked": 411},
    "kept-connection-refused": {"150 in a row": ({204, 503}, 60, 60)},
    "drop-remembered": {"after a drop": ("dropped", {204, 503})},
    "sulks-after-a-fault": {"after no JSON": 503},
    "get-200": {"GET": [200, 200]},
    "head-200": {"GET": [405, 200]},
    "hangs-on-unreadable": {"no JSON": "silence", "empty": "silence", "not a number": "silence"},
    "hangs-on-cut-body": {"body cut short": "silence"},
    "takes-cut-body": {"body cut short": "HTTP/1.1 204 No Content"},
    "empty-body-500": {"empty": 500},
    "large-body-500": {"two megabytes": 500},
    "large-body-hangs": {"two megabytes": "silence"},
    "deep-nesting-500": {"deep": 500},
    "duplicate-keys-500": {"a key twice": 500},
    "content-type-500": {"text/plain": 500},
    "dial-mode-zero-500": {"mode 0": (500, "lost")},
}
"""What is seen otherwise than of the right receiver, by deviation and step."""

COUNTING = {"every-hundredth-lost", "answers-before-storing", "stores-by-the-dozen", "stores-twice"}
"""Deviations that meet whichever message comes at their number."""
BY_THEMSELVES = {
    "loses-side-by-side",
    "second-connection-refused",
    "slow-answers",
    "full-at-five-thousand",
    "rate-limited",
    "fifth-connection-refused",
    "dies-of-deep-nesting",
}


@pytest.fixture(scope="module")
def right() -> dict[str, object]:
    return play(Parts())


def test_the_right_receiver_is_right(right: dict[str, object]) -> None:
    assert {step: right[step] for step in TAKEN} == dict.fromkeys(TAKEN, TOOK)
    assert {step: right[step] for step in REFUSED} == dict.fromkeys(REFUSED, (400, "not stored"))
    assert {step: seen for step, seen in right.items() if step not in {*TAKEN, *REFUSED}} == {
        "life": [204] * 5,
        "order": ([204] * 3, ["0.000", "1.000", "2.000"]),
        "150 in a row": ({204}, 150, 150),
        "the same twice": ([204, 204], 2),
        "raw accents": 204,
        "keys sorted": 204,
        "spaced": 204,
        "escaped solidus": 204,
        "small headers": 204,
        "charset": 204,
        "text/plain": 415,
        "chunked": 204,
        "side by side": ({204}, 20),
        "body cut short": "closed",
        "after a drop": ("dropped", {204}),
        "GET": [405, 405],
        "two megabytes": 204,
        "deep": 204,
        "a key twice": 400,
        "prompt": "prompt",
        "no JSON": 400,
        "not a number": 400,
        "after no JSON": 204,
        "empty": 400,
    }


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_broken_receiver_is_wrong_in_its_way_and_in_no_other(name: str, right: dict[str, object]) -> None:
    seen = play(deviations()[name].parts())
    otherwise = {step: what for step, what in seen.items() if what != right[step]}
    if name in COUNTING:
        assert otherwise.keys() <= KEEPING
        otherwise = {step: what for step, what in otherwise.items() if step in WRONG[name]}
    assert otherwise == WRONG[name]


@pytest.mark.parametrize(
    ("name", "answers"), [("loses-side-by-side", {204}), ("second-connection-refused", {204, 503})]
)
def test_of_what_comes_side_by_side_the_first_is_kept(name: str, answers: set[int], right: dict[str, object]) -> None:
    seen = play(deviations()[name].parts())
    assert {step for step, what in seen.items() if what != right[step]} == {"side by side"}
    # Four at a time, five times: how many of the four meet each other is chance.
    assert seen["side by side"] in [(answers, kept) for kept in range(5, 20)]


def test_slow_answers_are_slow_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SlowAnswers, "seconds", 1.0)
    seen = play(deviations()["slow-answers"].parts(), ["life", "prompt", "order", "no JSON"])
    assert seen.pop("prompt") == "slow"
    assert seen == {"life": [204] * 5, "order": ([204] * 3, ["0.000", "1.000", "2.000"]), "no JSON": 400}


@pytest.mark.parametrize(
    ("name", "broken", "status"),
    [("full-at-five-thousand", FullAtFiveThousand, 503), ("rate-limited", RateLimited, 429)],
)
def test_one_takes_no_more_than_so_many_messages(
    name: str, broken: type[FullAtFiveThousand | RateLimited], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broken, "most", 100)
    seen = play(deviations()[name].parts(), ["life", "150 in a row", "GET", "order"])
    assert seen == {
        "life": [204] * 5,
        "150 in a row": ({204, status}, 95, 95),
        "GET": [405, 405],
        "order": ([status] * 3, []),
    }


def test_one_forgets_how_many_came_when_it_is_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RateLimited, "most", 1)
    monkeypatch.setattr(RateLimited, "seconds", 0.0)
    assert play(deviations()["rate-limited"].parts(), ["order"])["order"] == ([204] * 3, ["0.000", "1.000", "2.000"])


def test_one_serves_only_so_many_connections_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FifthConnectionRefused, "most", 2)
    seen = play(deviations()["fifth-connection-refused"].parts(), ["order", "side by side", "150 in a row"])
    # Two lanes of four are served; the others not before one of these has ended.
    assert seen.pop("side by side") in [({204, 503}, kept) for kept in range(10, 13)]
    assert seen == {"order": ([204] * 3, ["0.000", "1.000", "2.000"]), "150 in a row": ({204}, 150, 150)}


def test_one_really_dies_of_deep_nesting(start: Start, message: Make) -> None:
    with start("--broken", "dies-of-deep-nesting") as running:
        assert running.post(message())[0] == 204
        assert running.post(b"[" * 99)[0] == 400
        with pytest.raises(ConnectionError):
            running.post(b"[" * 100)
        assert running.process.wait(10) == 139


def test_every_deviation_is_played() -> None:
    assert WRONG.keys() | BY_THEMSELVES == deviations().keys()
    assert all(steps.keys() <= STEPS.keys() for steps in WRONG.values())


def test_every_requirement_of_receivers_is_broken_by_one() -> None:
    ids = {one.id for one in registry().requirements.values() if one.role is Role.RECEIVER}
    assert {each.primary for each in deviations().values()} == ids
    for each in deviations().values():
        assert each.consequences.keys() <= ids - {each.primary}


def test_the_list_has_a_line_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--broken", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [[name, each.primary] for name, each in deviations().items()]
    assert all(line.endswith(".") and len(line.split()) > 3 for line in lines)
