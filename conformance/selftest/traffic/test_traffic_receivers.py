"""Proves that the fast traffic tells ten receivers, wrong in one way each, from a right one, for any seed.

A receiver is a function here: what it answers to a parcel and what it stores of it.
"""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from cgstate.sending import Delivery, Expect, Parcel

if TYPE_CHECKING:
    from selftest.traffic.carriage import all_of, broken_by, flat, is_legal, scope
else:
    from carriage import all_of, broken_by, flat, is_legal, scope

SEEDS = 100
HANGS = 0
Message = dict[str, Any]
Done = tuple[int, Message | None]
"""Status (0: none comes), and the message that is stored."""


class Right:
    """Takes what is legal, and of the rest nothing."""

    def __init__(self) -> None:
        self.taken = 0

    def receive(self, parcel: Parcel) -> Done:
        if parcel.method != "POST":
            return 405, None
        try:
            message = json.loads(parcel.body.decode())
        except (ValueError, RecursionError):
            return 400, None
        return self.judge(message, parcel) if isinstance(message, dict) else (400, None)

    def judge(self, message: Message, parcel: Parcel) -> Done:
        if self.refuses(parcel, message):
            return 400, None
        self.taken += 1
        return 204, self.store(message)

    def refuses(self, parcel: Parcel, _: Message) -> bool:
        return not is_legal(parcel)

    def store(self, message: Message) -> Message | None:
        return message


class StateAsString(Right):
    def refuses(self, parcel: Parcel, message: Message) -> bool:
        state = message.get("GSW_CAMPAIGN_GROUP_STATE")
        if isinstance(state, str) and state.lstrip("-").isdecimal():
            return _still_refused(message | {"GSW_CAMPAIGN_GROUP_STATE": int(state)})
        return super().refuses(parcel, message)


class GuidNotRequired(Right):
    def refuses(self, parcel: Parcel, message: Message) -> bool:
        if "GSW_CAMPAIGN_GROUP_GUID" not in message:
            return _still_refused(message | {"GSW_CAMPAIGN_GROUP_GUID": "x"})
        return super().refuses(parcel, message)


class ActorZeroRefused(Right):
    def refuses(self, parcel: Parcel, message: Message) -> bool:
        return message.get("GSW_CAMPAIGN_GROUP_ACTOR") == 0 or super().refuses(parcel, message)


class DialModeEightRefused(Right):
    def refuses(self, parcel: Parcel, message: Message) -> bool:
        return message.get("GSW_DIAL_MODE") == 8 or super().refuses(parcel, message)


class NonAscii500(Right):
    def judge(self, message: Message, parcel: Parcel) -> Done:
        return (500, None) if not json.dumps(message, ensure_ascii=False).isascii() else super().judge(message, parcel)


class DialModeWhenStopped(Right):
    def refuses(self, parcel: Parcel, message: Message) -> bool:
        if message.get("GSW_CAMPAIGN_GROUP_STATE") != 5 and "GSW_DIAL_MODE" in message:
            return _still_refused({k: v for k, v in message.items() if k != "GSW_DIAL_MODE"})
        return super().refuses(parcel, message)


class OptionalKeyLost(Right):
    def store(self, message: Message) -> Message:
        return {key: value for key, value in message.items() if key != "GSW_CAMPAIGN_TEMPLATE_NAME"}


class EveryHundredthLost(Right):
    def store(self, message: Message) -> Message | None:
        return None if self.taken % 100 == 0 else message


class IntegerStoredAsString(Right):
    def store(self, message: Message) -> Message:
        return message | {"GSW_CAMPAIGN_GROUP_STATE": str(message["GSW_CAMPAIGN_GROUP_STATE"])}


class HangsOnUnreadable(Right):
    def receive(self, parcel: Parcel) -> Done:
        try:
            json.loads(parcel.body.decode("utf-8", "replace"))
        except RecursionError:
            return 400, None
        except ValueError:
            return (HANGS, None) if parcel.method == "POST" else super().receive(parcel)
        return super().receive(parcel)


def _still_refused(mended: Message) -> bool:
    body = json.dumps(mended).encode()
    return bool(broken_by(Parcel(1, "", Expect.TAKEN, body)))


def accused(parcel: Parcel, done: Done) -> str:
    """The simplest judge there is: the requirement that an answer, or what is stored, breaks; empty: none."""
    status, stored = done
    if parcel.delivery in {Delivery.CUT, Delivery.DROPPED} or (parcel.expect is Expect.EITHER and status != HANGS):
        return ""
    if is_legal(parcel):
        if status != 204:
            return parcel.requirement
        return (
            "" if stored == json.loads(parcel.body) and _types(stored) == _types(json.loads(parcel.body)) else "stored"
        )
    return "" if status in {400, 405} else parcel.requirement


def _types(message: Message | None) -> list[type]:
    return [type(value) for value in (message or {}).values()]


@pytest.fixture(scope="module")
def traffic_of_all_seeds() -> list[list[Parcel]]:
    return [[p for p in flat(all_of(scope(seed))) if len(p.body) < 10**6] for seed in range(SEEDS)]


@pytest.mark.parametrize(
    ("broken", "requirements"),
    [
        (StateAsString, {"rejects.wrong-type"}),
        (GuidNotRequired, {"rejects.missing-attribute"}),
        (ActorZeroRefused, {"accepts.actors"}),
        (DialModeEightRefused, {"accepts.dial-modes"}),
        (NonAscii500, {"accepts.names", "accepts.forms"}),
        (DialModeWhenStopped, {"rejects.contradiction"}),
        (OptionalKeyLost, {"stored"}),
        (EveryHundredthLost, {"stored"}),
        (IntegerStoredAsString, {"stored"}),
        (HangsOnUnreadable, {"rejects.unreadable"}),
    ],
)
def test_fast_traffic_tells_it_from_a_right_one(
    broken: Callable[[], Right], requirements: set[str], traffic_of_all_seeds: list[list[Parcel]]
) -> None:
    for parcels in traffic_of_all_seeds:
        receiver = broken()
        found = {accused(parcel, receiver.receive(parcel)) for parcel in parcels} - {""}
        assert found
        assert found <= requirements


def test_a_right_one_is_accused_of_nothing(traffic_of_all_seeds: list[list[Parcel]]) -> None:
    for parcels in traffic_of_all_seeds:
        receiver = Right()
        assert {accused(parcel, receiver.receive(parcel)) for parcel in parcels} == {""}
