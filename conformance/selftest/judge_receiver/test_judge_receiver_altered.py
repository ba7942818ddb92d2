"""What is said of stored messages that are not as they were sent, word for word, and which one is taken for which."""

from typing import TYPE_CHECKING

import pytest

from cgstate.sending import Trouble

if TYPE_CHECKING:
    from selftest.judge_receiver.stories import Story, fault, keeping, legal, ruled, story, text
else:
    from stories import Story, fault, keeping, legal, ruled, story, text

NUL = "U+0000 in a name"
GUID, TIME, STATE, ACTION, ACTOR = (
    "GSW_CAMPAIGN_GROUP_GUID", "GSW_DATE_TIME", "GSW_CAMPAIGN_GROUP_STATE", "GSW_CAMPAIGN_GROUP_ACTION",
    "GSW_CAMPAIGN_GROUP_ACTOR",
)  # fmt: skip
TENANT = "GSW_TENANT_NAME"


def without(message: dict[str, object], *names: str) -> dict[str, object]:
    return {name: value for name, value in message.items() if name not in names}


def each(message: dict[str, object], convert: object) -> dict[str, object]:
    return {name: value if name in {GUID, TIME} else convert for name, value in message.items()}


STORIES: list[Story] = [
    (
        "an attribute of one message is lost, of another altered",
        keeping(story(legal(tenant="A"), legal(tenant="B"), legal()),
                lambda m: [without(m[0], TENANT), m[1] | {TENANT: "b"}, m[2] | {TENANT: "c"}]),
        """
        stored.unaltered: GSW_TENANT_NAME is lost
            expected GSW_TENANT_NAME: "A"
            seen no GSW_TENANT_NAME [1]
        stored.unaltered: GSW_TENANT_NAME is altered
            expected GSW_TENANT_NAME: "B"
            seen GSW_TENANT_NAME: "b" [2]
        met stored.every: 1-3
        met stored.once: 1-3
        met stored.unaltered: 3
        """,
    ),
    (
        "attributes that come to the same grief are told together, the rest by itself",
        keeping(story(legal(), legal()), lambda m: [m[0] | {STATE: "4", ACTION: "7"}, m[1] | {ACTOR: "1", STATE: 5}]),
        """
        stored.unaltered: GSW_CAMPAIGN_GROUP_ACTION; GSW_CAMPAIGN_GROUP_ACTOR; GSW_CAMPAIGN_GROUP_STATE is
                stored as a string
            expected GSW_CAMPAIGN_GROUP_STATE: 4
            seen GSW_CAMPAIGN_GROUP_STATE: "4" [1]
        stored.unaltered: GSW_CAMPAIGN_GROUP_STATE is altered
            expected GSW_CAMPAIGN_GROUP_STATE: 4
            seen GSW_CAMPAIGN_GROUP_STATE: 5 [2]
        stored.unaltered: GSW_CAMPAIGN_GROUP_ACTION; GSW_CAMPAIGN_GROUP_ACTOR; GSW_CAMPAIGN_GROUP_STATE is
                stored as a string
            expected GSW_CAMPAIGN_GROUP_ACTOR: 1
            seen GSW_CAMPAIGN_GROUP_ACTOR: "1" [2]
        met stored.every: 1, 2
        met stored.once: 1, 2
        """,
    ),
    (
        "an attribute that the table does not name",
        keeping(story(legal(tail=1), legal(tail=2, tooth=3), legal(tail=4)),
                lambda m: [m[0], m[1] | {"tail": 5, "tooth": "x", STATE: None}, without(m[2], "tail")]),
        """
        stored.unaltered: GSW_CAMPAIGN_GROUP_STATE is stored as null
            expected GSW_CAMPAIGN_GROUP_STATE: 4
            seen GSW_CAMPAIGN_GROUP_STATE: null [2]
        stored.unknown-attributes: tail is lost
            expected tail: 4
            seen no tail [3]
        met stored.every: 1-3
        met stored.once: 1-3
        met stored.unaltered: 1, 3
        met stored.unknown-attributes: 1
        """,
    ),
    (
        "U+0000 cut off",
        keeping(story(legal(NUL, tenant="a\0b"), legal(NUL, tenant="c\0"), legal(tenant="d")),
                lambda m: [m[0] | {TENANT: "a"}, m[1], m[2]]),
        """
        stored.nul: GSW_TENANT_NAME is altered
            expected GSW_TENANT_NAME: "a\\u0000b"
            seen GSW_TENANT_NAME: "a" [1]
        met stored.every: 2, 3, 1
        met stored.nul: 2
        met stored.once: 2, 3, 1
        met stored.unaltered: 2, 3, 1
        """,
    ),
    (
        "U+0000 cut off, and another attribute altered",
        keeping(story(legal(sent_for="accepts.nul", tenant="a\0b"), legal(tenant="d")),
                lambda m: [m[0] | {TENANT: "a", STATE: 5}, m[1]]),
        """
        stored.unaltered: GSW_CAMPAIGN_GROUP_STATE is altered
            expected GSW_CAMPAIGN_GROUP_STATE: 4
            seen GSW_CAMPAIGN_GROUP_STATE: 5 [1]
        met stored.every: 2, 1
        met stored.once: 2, 1
        met stored.unaltered: 2
        """,
    ),
    (
        "what becomes of other texts, too, is not U+0000's doing",
        keeping(story(legal(NUL, tenant="a\0b"), legal(tenant="d")), lambda m: [e | {TENANT: "x"} for e in m]),
        """
        stored.unaltered: GSW_TENANT_NAME is altered
            expected GSW_TENANT_NAME: "a\\u0000b"
            seen GSW_TENANT_NAME: "x" [1]
        stored.unaltered: GSW_TENANT_NAME is altered
            expected GSW_TENANT_NAME: "d"
            seen GSW_TENANT_NAME: "x" [2]
        met stored.every: 1, 2
        met stored.once: 1, 2
        """,
    ),
    (
        "a message whose every attribute but its time is altered",
        keeping(story(legal(), legal()), lambda m: [m[1], each(m[0], "x")]),
        """
        stored.unaltered: GSW_CAMPAIGN_GROUP_ACTION; GSW_CAMPAIGN_GROUP_ACTOR; GSW_CAMPAIGN_GROUP_STATE is
                stored as a string
            expected GSW_CAMPAIGN_GROUP_STATE: 4
            seen GSW_CAMPAIGN_GROUP_STATE: "x" [1]
        met stored.every: 2, 1
        met stored.once: 2, 1
        met stored.unaltered: 2
        """,
    ),
    (
        "a message whose time alone is altered",
        keeping(story(legal(), legal(state=0)), lambda m: [m[0], m[1] | {TIME: "99.000"}]),
        """
        stored.unaltered: GSW_DATE_TIME is altered
            expected GSW_DATE_TIME: "2.000"
            seen GSW_DATE_TIME: "99.000" [2]
        met stored.every: 1, 2
        met stored.once: 1, 2
        met stored.unaltered: 1
        """,
    ),
    (
        "messages whose times are altered are taken for one another in their order",
        keeping(story(legal(), legal(), legal(state=0)),
                lambda m: [m[2] | {TIME: "x"}, m[0] | {TIME: "y"}, m[1] | {TIME: "z"}]),
        """
        stored.unaltered: GSW_DATE_TIME is altered
            expected GSW_DATE_TIME: "3.000"
            seen GSW_DATE_TIME: "x" [3]
        stored.unaltered: GSW_DATE_TIME is altered
            expected GSW_DATE_TIME: "1.000"
            seen GSW_DATE_TIME: "y" [1]
        stored.unaltered: GSW_DATE_TIME is altered
            expected GSW_DATE_TIME: "2.000"
            seen GSW_DATE_TIME: "z" [2]
        met stored.every: 3, 1, 2
        met stored.once: 3, 1, 2
        """,
    ),
    (
        "a message whose time and another attribute are altered is taken for what is least unlike it",
        keeping(story(legal(), legal(tenant="a", queue="q", action=8), legal(tenant="a", queue="q", action=9)),
                lambda m: [m[0], m[2] | {TIME: "x", TENANT: "b"}, m[1] | {TIME: "y", TENANT: "b"}]),
        """
        stored.unaltered: GSW_DATE_TIME; GSW_TENANT_NAME is altered
            expected GSW_DATE_TIME: "2.000"
            seen GSW_DATE_TIME: "y" [2]
        stored.unaltered: GSW_DATE_TIME; GSW_TENANT_NAME is altered
            expected GSW_DATE_TIME: "3.000"
            seen GSW_DATE_TIME: "x" [3]
        met stored.every: 1-3
        met stored.once: 1-3
        met stored.unaltered: 1
        """,
    ),
    (
        "half of it unlike is the same message",
        keeping(story(legal(), legal(tenant="a")), lambda m: [m[0], m[1] | {TIME: "x", TENANT: "b", STATE: 1}]),
        """
        stored.unaltered: GSW_CAMPAIGN_GROUP_STATE; GSW_DATE_TIME; GSW_TENANT_NAME is altered
            expected GSW_DATE_TIME: "2.000"
            seen GSW_DATE_TIME: "x" [2]
        met stored.every: 1, 2
        met stored.once: 1, 2
        met stored.unaltered: 1
        """,
    ),
    (
        "more than half of it unlike is another",
        keeping(story(legal(), legal()), lambda m: [m[0], m[1] | {TIME: "x", ACTOR: 9, STATE: 1}]),
        """
        stored.every: a message that was taken is not stored
            expected every message that was answered 2xx
            seen none with GSW_DATE_TIME "2.000"; 1 is lost in all [2]
        stored.once: a message is stored that was not sent
            expected the messages that were sent
            seen GSW_DATE_TIME "x", beside 1 that were sent [1]
        met stored.every: 1
        met stored.once: 1
        met stored.unaltered: 1
        """,
    ),
    (
        "of what was taken and of what may be there the same is stored",
        keeping(story(legal(time="5.000", answer=Trouble.SILENCE), legal(time="5.000"), legal(time="6.000")),
                lambda m: m),
        """
        met stored.every: 2, 3
        met stored.once: 2, 3
        met stored.unaltered: 2, 3
        """,
    ),
    (
        "what was refused is found where it has its time, or is the same without one, never by likeness",
        keeping(story(legal(), legal(tenant="a", answer=400), fault(answer=400, guid="g", says={TIME: None, "x": 1}),
                      legal("goal 0", tenant="c", answer=400)),
                lambda m: [m[0], each(m[0], 3) | {TIME: "2.000"}, {GUID: "g", TIME: None, "x": 1},
                           m[0] | {TIME: "8.000", TENANT: "c"}]),
        """
        stored.once: a message is stored that was not sent
            expected the messages that were sent
            seen GSW_DATE_TIME "8.000", beside 3 that were sent [1]
        stored.only-accepted: what was refused is stored
            expected nothing of it in the store
            seen it is there (answered 400) [2]
            seen it is there (answered 400): a bare word [3]
        met stored.every: 1
        met stored.once: 1
        met stored.only-accepted: 4
        met stored.unaltered: 1
        """,
    ),
    (
        "what may be there is found by likeness, too, but not in a second copy of what was found",
        keeping(story(legal(tenant="a"), legal(tenant="a", answer=Trouble.SILENCE), legal(tenant="b", state=0, mode=1,
                      answer=Trouble.SILENCE)),
                lambda m: [m[0], m[0] | {TENANT: "x"}, m[0] | {TIME: "y", TENANT: "b", "GSW_DIAL_MODE": 1}]),
        """
        stored.once: a message is stored more than once
            expected once, as it was sent
            seen another one with GSW_DATE_TIME "1.000" [1]
        met stored.every: 1
        met stored.unaltered: 1
        """,
    ),
    (
        "that a number has a fraction now counts among what is unlike",
        keeping(story(legal(), legal()), lambda m: [m[0], m[1] | {TIME: "x", ACTOR: 9, STATE: 4.0}]),
        """
        stored.every: a message that was taken is not stored
            expected every message that was answered 2xx
            seen none with GSW_DATE_TIME "2.000"; 1 is lost in all [2]
        stored.once: a message is stored that was not sent
            expected the messages that were sent
            seen GSW_DATE_TIME "x", beside 1 that were sent [1]
        met stored.every: 1
        met stored.once: 1
        met stored.unaltered: 1
        """,
    ),
    (
        "that null is lost counts among what is unlike",
        keeping(story(legal(), legal(tail=None)),
                lambda m: [m[0], without(m[1], "tail") | {TIME: "x", ACTOR: 9, STATE: 1}]),
        """
        stored.every: a message that was taken is not stored
            expected every message that was answered 2xx
            seen none with GSW_DATE_TIME "2.000"; 1 is lost in all [2]
        stored.once: a message is stored that was not sent
            expected the messages that were sent
            seen GSW_DATE_TIME "x", beside 1 that were sent [1]
        met stored.every: 1
        met stored.once: 1
        met stored.unaltered: 1
        """,
    ),
]  # fmt: skip


def play(told: Story) -> str:
    return ruled(told[1], "stored.")


@pytest.mark.parametrize("told", STORIES, ids=[name for name, _, _ in STORIES])
def test_what_became_of_messages_is_told_in_these_words(told: Story) -> None:
    assert play(told) == text(told[2])
