"""What is said of what should not be in the store, may be there or not, or is there in another order, word for word."""

from typing import TYPE_CHECKING

import pytest

from cgstate.sending import Delivery, Trouble

if TYPE_CHECKING:
    from selftest.judge_receiver.stories import Story, dropped, either, fault, keeping, legal, ruled, story, text
else:
    from stories import Story, dropped, either, fault, keeping, legal, ruled, story, text

NUL = "U+0000 in a name"
CLOSED, SILENCE = Trouble.CLOSED, Trouble.SILENCE
GUID = "GSW_CAMPAIGN_GROUP_GUID"
BARE = {GUID: "g", "GSW_DATE_TIME": "2.000", "x": 1}
STRANGER = {GUID: "g", "GSW_DATE_TIME": "77.000"}

STORIES: list[Story] = [
    (
        "what was refused is there, and what was cut",
        keeping(story(legal(), fault("state 9", 400, guid="g", says={"GSW_CAMPAIGN_GROUP_STATE": 9}),
                      fault("half a body", 204, guid="g", says={"x": 1}, delivery=Delivery.CUT),
                      dropped(guid="g", says={"x": 2}), legal("actor 0", answer=422)),
                lambda m: [m[0], {GUID: "g", "GSW_DATE_TIME": "2.000", "GSW_CAMPAIGN_GROUP_STATE": 9},
                           BARE | {"GSW_DATE_TIME": "3.000"}, BARE | {"GSW_DATE_TIME": "4.000"},
                           m[0] | {"GSW_DATE_TIME": "5.000"}]),
        """
        stored.only-accepted: what was refused is stored
            expected nothing of it in the store
            seen it is there (answered 400): state 9 [2]
            seen it is there (answered 422) [5]
        stored.only-accepted: what was cut off is stored
            expected nothing of it in the store
            seen it is there (half of it was sent): half a body [3]
            seen it is there (half of it was sent): a request that is dropped [4]
        met stored.every: 1
        met stored.once: 1
        met stored.unaltered: 1
        """,
    ),
    (
        "what was refused, cut or dropped is not there",
        keeping(story(legal(), fault(answer=400, guid="g", says={"x": 1}), dropped(guid="g", says={"x": 2}),
                      fault(answer=400)), lambda m: m[:1]),
        """
        met stored.every: 1
        met stored.once: 1
        met stored.only-accepted: 2, 3
        met stored.unaltered: 1
        """,
    ),
    (
        "what was refused as no UTF-8 is not there",
        keeping(story(legal(), fault(guid="g", body=b'{"GSW_CAMPAIGN_GROUP_GUID": "g", "x": "\xff"}')), lambda m: m),
        """
        met stored.every: 1
        met stored.once: 1
        met stored.only-accepted: 2
        met stored.unaltered: 1
        """,
    ),
    (
        "what may be there: taken though it is none, without an answer, met by a closed connection",
        keeping(story(legal(), fault(answer=204, guid="g", says={"x": 1}), legal(answer=SILENCE), legal(answer=503),
                      either("deep", 204, guid="g", says={"x": 5}), legal(more={"ignored": True}),
                      legal(answer=400, more={"ignored": True})), lambda m: [*m[:1], m[2]]),
        """
        met stored.every: 1
        met stored.once: 1
        met stored.unaltered: 1
        """,
    ),
    (
        "what was stored of a message without GSW_DATE_TIME that may be there in any form",
        keeping(story(legal(),
                      fault(answer=204, guid="g", body=b'{"GSW_CAMPAIGN_GROUP_GUID": "g", "a": {}, "e": 2, "f": 3}'),
                      fault(answer=204, guid="g", body=b"[]"), legal()),
                lambda _: [{GUID: "g", "GSW_DATE_TIME": f"{n}.000", "GSW_CAMPAIGN_GROUP_STATE": 4,
                            "GSW_CAMPAIGN_GROUP_ACTION": 7, "GSW_CAMPAIGN_GROUP_ACTOR": 1} for n in (1, 4)]
                + [{GUID: "g", "b": 1}, {GUID: "g", "c": 1}, {GUID: "g", "d": 1}]),
        """
        stored.once: a message is stored that was not sent
            expected the messages that were sent
            seen GSW_DATE_TIME null, beside 4 that were sent [1]
        met stored.every: 1, 4
        met stored.once: 1, 4
        met stored.unaltered: 1, 4
        """,
    ),
    (
        "another order",
        keeping(story(legal(), legal(), legal(), legal(connection=2), legal(guid="h")),
                lambda m: [m[3], m[0], m[2], m[1], m[4]], ordered=True),
        """
        stored.order: messages of one group that came over one connection are stored in another order
            expected the order in which they came
            seen number 3 stands before number 2 [3 2]
        met stored.every: 4, 1, 3, 2, 5
        met stored.once: 4, 1, 3, 2, 5
        met stored.order: 2 1
        met stored.unaltered: 4, 1, 3, 2, 5
        """,
    ),
    (
        "messages that went out at once have the order of their numbers",
        keeping(story(legal(at=5.0), legal(at=5.0), legal(at=4.0)), lambda m: [m[2], m[0], m[1]], ordered=True),
        """
        met stored.every: 3, 1, 2
        met stored.once: 3, 1, 2
        met stored.order: 1 3, 2 1
        met stored.unaltered: 3, 1, 2
        """,
    ),
    (
        "the order says nothing of messages that need not be there",
        keeping(story(legal(), legal(more={"ignored": True}), legal()), lambda m: [m[1], m[0], m[2]], ordered=True),
        """
        met stored.every: 1, 3
        met stored.once: 1, 3
        met stored.order: 3 1
        met stored.unaltered: 1, 3
        """,
    ),
]  # fmt: skip


def play(told: Story) -> str:
    return ruled(told[1], "stored.")


@pytest.mark.parametrize("told", STORIES, ids=[name for name, _, _ in STORIES])
def test_what_need_not_be_there_is_told_in_these_words(told: Story) -> None:
    assert play(told) == text(told[2])
