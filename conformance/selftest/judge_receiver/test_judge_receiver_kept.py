"""What is said of what was read back, word for word: what is lost, doubled or strange."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cgstate.judge.receiver import disagreeing
from cgstate.sending import ReceiverEvidence, Stored, Trouble

if TYPE_CHECKING:
    from selftest.judge_receiver.stories import Story, fault, keeping, legal, ruled, story, text
else:
    from stories import Story, fault, keeping, legal, ruled, story, text

NUL = "U+0000 in a name"
CLOSED, SILENCE = Trouble.CLOSED, Trouble.SILENCE
GUID = "GSW_CAMPAIGN_GROUP_GUID"
BARE = {GUID: "g", "GSW_DATE_TIME": "2.000", "x": 1}
STRANGER = {GUID: "g", "GSW_DATE_TIME": "77.000"}

STORIES: list[Story] = [
    (
        "everything is there",
        keeping(story(legal(), legal(), legal(guid="h"), legal(connection=2), legal(guid="")), ordered=True),
        """
        met stored.every: 1, 2, 4, 3
        met stored.once: 1, 2, 4, 3
        met stored.order: 2 1
        met stored.unaltered: 1, 2, 4, 3
        """,
    ),
    (
        "a store without an order",
        keeping(story(legal(), legal()), lambda m: m[::-1]),
        """
        met stored.every: 2, 1
        met stored.once: 2, 1
        met stored.unaltered: 2, 1
        """,
    ),
    (
        "nothing was read back",
        story(legal(), legal()),
        """

        """,
    ),
    (
        "one is lost",
        keeping(story(legal(), legal("actor 0"), legal()), lambda m: [m[0], m[2]]),
        """
        stored.every: a message that was taken is not stored
            expected every message that was answered 2xx
            seen none with GSW_DATE_TIME "2.000"; 1 is lost in all [2]
        met stored.every: 1, 3
        met stored.once: 1, 3
        met stored.unaltered: 1, 3
        """,
    ),
    (
        "one is lost whose GSW_DATE_TIME is no text",
        keeping(story(legal(), legal(time=None), legal()), lambda m: [m[0], m[2]]),
        """
        stored.every: a message that was taken is not stored
            expected every message that was answered 2xx
            seen none with GSW_DATE_TIME null; 1 is lost in all [2]
        met stored.every: 1, 3
        met stored.once: 1, 3
        met stored.unaltered: 1, 3
        """,
    ),
    (
        "all that have a mark are lost",
        keeping(story(legal(), *[legal("actor 0", "goal 0")] * 2, legal("goal 0", guid="h")), lambda m: [m[0], m[3]]),
        """
        stored.every: a message with actor 0 that was taken is not stored
            expected every message that was answered 2xx
            seen none with GSW_DATE_TIME "2.000"; 2 are lost in all [2]
            seen none with GSW_DATE_TIME "3.000"; 2 are lost in all [3]
        met stored.every: 1, 4
        met stored.once: 1, 4
        met stored.unaltered: 1, 4
        """,
    ),
    (
        "all that have two marks are lost",
        keeping(story(legal(), legal("goal 0", "actor 0"), legal("goal 0", "actor 0", "actor 2")), lambda m: m[:1]),
        """
        stored.every: a message with actor 0 that was taken is not stored
            expected every message that was answered 2xx
            seen none with GSW_DATE_TIME "2.000"; 2 are lost in all [2]
            seen none with GSW_DATE_TIME "3.000"; 2 are lost in all [3]
        met stored.every: 1
        met stored.once: 1
        met stored.unaltered: 1
        """,
    ),
    (
        "some with a mark and some without are lost",
        keeping(story(legal(), legal("actor 0"), legal("actor 0"), legal(), legal()), lambda m: [m[0], m[2], m[4]]),
        """
        stored.every: a message that was taken is not stored
            expected every message that was answered 2xx
            seen none with GSW_DATE_TIME "2.000"; 2 are lost in all [2]
            seen none with GSW_DATE_TIME "4.000"; 2 are lost in all [4]
        met stored.every: 1, 3, 5
        met stored.once: 1, 3, 5
        met stored.unaltered: 1, 3, 5
        """,
    ),
    (
        "nothing is there",
        keeping(story(legal(), legal(NUL), legal(guid="h")), lambda _: []),
        """
        stored.every: nothing that was taken is stored
            expected every message that was answered 2xx
            seen not one message: is --readback the place where this receiver stores? [1, 2, 3]
        """,
    ),
    (
        "what is lost has U+0000 in a name",
        keeping(story(legal(), legal(NUL), legal(sent_for="accepts.nul")), lambda m: m[:1]),
        """
        stored.nul: a message with U+0000 in a name is taken and not stored
            expected every message that was answered 2xx
            seen none with GSW_DATE_TIME "2.000"; 2 are lost in all [2]
            seen none with GSW_DATE_TIME "3.000"; 2 are lost in all [3]
        met stored.every: 1
        met stored.once: 1
        met stored.unaltered: 1
        """,
    ),
    (
        "what is lost has U+0000 in a name, and another has not",
        keeping(story(legal(), legal(NUL), legal(), legal()), lambda m: [m[0], m[3]]),
        """
        stored.every: a message that was taken is not stored
            expected every message that was answered 2xx
            seen none with GSW_DATE_TIME "2.000"; 2 are lost in all [2]
            seen none with GSW_DATE_TIME "3.000"; 2 are lost in all [3]
        met stored.every: 1, 4
        met stored.once: 1, 4
        met stored.unaltered: 1, 4
        """,
    ),
    (
        "three messages whose values are all the same",
        keeping(story(*[legal(time="5.000")] * 3, legal())),
        """
        met stored.every: 1-4
        met stored.once: 1-4
        met stored.repetition: 1-3
        met stored.unaltered: 1-4
        """,
    ),
    (
        "two of three messages whose values are all the same",
        keeping(story(legal(), *[legal(time="5.000")] * 3), lambda m: m[:3]),
        """
        stored.repetition: of messages whose values are all the same not all are stored
            expected 3 of them
            seen 2 of them [4]
        met stored.every: 1-3
        met stored.once: 1-3
        met stored.unaltered: 1-3
        """,
    ),
    (
        "none of two messages whose values are all the same",
        keeping(story(legal(), *[legal(time="5.000")] * 2), lambda m: m[:1]),
        """
        stored.every: a message that was taken is not stored
            expected every message that was answered 2xx
            seen none with GSW_DATE_TIME "5.000"; 2 are lost in all [2, 3]
        met stored.every: 1
        met stored.once: 1
        met stored.unaltered: 1
        """,
    ),
    (
        "one is there twice, with a field of the store's own",
        keeping(story(legal(), legal(), legal(guid="h")), lambda m: [*m, m[1] | {"_id": 7}]),
        """
        stored.once: a message is stored more than once
            expected once, as it was sent
            seen another one with GSW_DATE_TIME "2.000" [2]
        met stored.every: 1-3
        met stored.once: 1, 3
        met stored.unaltered: 1-3
        """,
    ),
    (
        "one is there three times, altered",
        keeping(story(legal(), legal()), lambda m: [*m, *[m[1] | {"GSW_CAMPAIGN_GROUP_STATE": "4"}] * 2]),
        """
        stored.once: a message is stored more than once
            expected once, as it was sent
            seen another one with GSW_DATE_TIME "2.000" [2, 2]
        met stored.every: 1, 2
        met stored.once: 1
        met stored.unaltered: 1, 2
        """,
    ),
    (
        "one is there that nobody sent",
        keeping(story(legal(), legal()), lambda m: [*m, STRANGER]),
        """
        stored.once: a message is stored that was not sent
            expected the messages that were sent
            seen GSW_DATE_TIME "77.000", beside 2 that were sent [1]
        met stored.every: 1, 2
        met stored.once: 1, 2
        met stored.unaltered: 1, 2
        """,
    ),
    (
        "one is there that nobody sent, of a group that has nothing there",
        keeping(story(legal(guid="h"), legal("actor 0", guid="g", answer=SILENCE), legal(guid="h")),
                lambda m: [*m, STRANGER, {GUID: "g"}]),
        """
        stored.once: a message is stored that was not sent
            expected the messages that were sent
            seen GSW_DATE_TIME "77.000", beside 0 that were sent [2]
            seen GSW_DATE_TIME null, beside 0 that were sent [2]
        met stored.every: 1, 3
        met stored.once: 1, 3
        met stored.unaltered: 1, 3
        """,
    ),
]  # fmt: skip


def play(told: Story) -> str:
    return ruled(told[1], "stored.")


@pytest.mark.parametrize("told", STORIES, ids=[name for name, _, _ in STORIES])
def test_what_is_there_is_told_in_these_words(told: Story) -> None:
    assert play(told) == text(told[2])


def guids(evidence: ReceiverEvidence) -> list[str]:
    return sorted(disagreeing(evidence))


def test_what_is_lost_or_altered_is_read_again_and_nothing_else() -> None:
    sent = story(legal(), legal(guid="h"), legal(guid="i", answer=SILENCE), legal(guid="j"), fault(guid="k"))
    assert guids(sent) == []
    assert guids(keeping(sent)) == []
    assert guids(keeping(sent, lambda m: m[1:])) == ["g"]
    assert guids(keeping(sent, lambda m: [m[0] | {"GSW_CAMPAIGN_GROUP_STATE": "4"}, m[1]])) == ["g", "j"]
    assert guids(keeping(sent, lambda m: [*m, m[0] | {"GSW_DATE_TIME": "9"}])) == []
    assert guids(replace(sent, stored=Stored({}, trouble="404"))) == []


def test_an_altered_message_that_need_not_be_there_is_no_reason_to_read_again() -> None:
    sent = story(legal(), legal(more={"ignored": True}), legal("actor 0", answer=400))
    everything = keeping(story(legal(), legal(), legal()))
    assert everything.stored is not None
    altered = [dict(m) for m in everything.stored.messages["g"]]
    altered[1]["GSW_CAMPAIGN_GROUP_STATE"] = altered[2]["GSW_CAMPAIGN_GROUP_STATE"] = "4"
    assert guids(replace(sent, stored=Stored({"g": tuple(altered)}))) == []
