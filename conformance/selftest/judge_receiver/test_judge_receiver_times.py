"""Which stored message is taken for which sent one, by its time however that is written now, or by its place."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from selftest.judge_receiver.stories import Messages, keeping, legal, ruled, story
else:
    from stories import Messages, keeping, legal, ruled, story

GUID, TIME = "GSW_CAMPAIGN_GROUP_GUID", "GSW_DATE_TIME"


def each(message: dict[str, object], convert: object) -> dict[str, object]:
    return {name: value if name in {GUID, TIME} else convert for name, value in message.items()}


def taken_for_the_same(sent: str, kept: object) -> bool:
    """Whether a stored message that has nothing else in common is taken for the one sent at that time."""

    def change(messages: Messages) -> Messages:
        return [messages[0], each(messages[1], "x") | {TIME: kept}]

    return (
        "stored.every:"
        not in ruled(keeping(story(legal(time="0.500"), legal(time=sent)), change), "stored.").splitlines()[0]
    )


@pytest.mark.parametrize(
    ("sent", "kept", "same"),
    [
        ("1700000000.250", "1700000000.250", True),
        ("1700000000.250", "1700000000.2504", True),
        ("1700000000.250", "1700000000.25", True),
        ("1700000000.250", 1700000000.25, True),
        ("1700000000.250", "1700000000.251", False),
        ("1700000000.250", 1700000000250, True),
        ("1700000000.250", "1700000000250", True),
        ("1700000000.250", "2023-11-14T22:13:20.250Z", True),
        ("1700000000.250", "2023-11-14T22:13:20.250+00:00", True),
        ("1700000000.250", "2023-11-14", False),
        ("100000000000.000", 100000000000, True),
        ("100000000000.000", 100000000000000, True),
        ("100000000001.000", 100000000001, True),
        ("1000000000000000.000", 1000000000000000, True),
        ("1.000", True, False),
        ("1.000", [1], False),
        ("x", "x", False),
        ("nan", "nan", False),
        ("inf", "inf", False),
        ("1000000000000001", "1000000000000001", False),
        ("2000000000000000", "2000000000000000", False),
        ("-2000000000000000", "-2000000000000000", False),
        ("1" * 400, int("1" * 400), False),
        ("0001-01-01T00:00", "0001-01-01T00:00", False),
    ],
)
def test_a_time_is_the_same_however_it_is_written_now(sent: str, kept: object, *, same: bool) -> None:
    assert taken_for_the_same(sent, kept) is same


def test_very_many_that_are_all_unlike_are_taken_for_one_another_in_their_order() -> None:
    def strange(messages: Messages) -> Messages:
        return [{GUID: "g", TIME: f"t{number}"} for number, _ in enumerate(messages)]

    assert ruled(keeping(story(*[legal()] * 200), strange), "stored.every").startswith("stored.every: nothing")
    many = ruled(keeping(story(*[legal()] * 201), strange), "stored.every,stored.unaltered")
    assert many.endswith("met stored.every: 1-201")
    assert 'seen GSW_DATE_TIME: "t200" [201]' in many
