"""What is said of answers to what is no notification, and of late answers, word for word."""

from typing import TYPE_CHECKING

import pytest

from cgstate.sending import Delivery, Trouble

if TYPE_CHECKING:
    from selftest.judge_receiver.stories import Story, dropped, either, fault, legal, ruled, story, text
else:
    from stories import Story, dropped, either, fault, legal, ruled, story, text

CUT = "rejects.cut-short"
CLOSED, SILENCE, UNREACHED, GARBAGE = Trouble.CLOSED, Trouble.SILENCE, Trouble.UNREACHED, Trouble.GARBAGE


STORIES: list[Story] = [
    (
        "refused as it should be",
        story(legal(), fault(twin=1), fault("", 422, "rejects.too-long", twin=1), either("10 MB", 413),
              either("10 MB", 200)),
        """
        met rejects.too-long: 3
        met rejects.unreadable: 2
        met survives.large-body: 4, 5
        """,
    ),
    (
        "taken",
        story(legal(), fault(answer=200), fault("XML", 204), fault("", 204), fault(answer=201), fault("null", 200)),
        """
        rejects.unreadable: what is no notification is taken: a bare word; XML; something that is no
                notification; 1 more
            expected a 4xx
            seen a bare word: 200 after 2 ms [2]
            seen XML: 204 after 2 ms [3]
            seen something that is no notification: 204 after 2 ms [4]
            seen a bare word: 201 after 2 ms [5]
            seen null: 200 after 2 ms [6]
        """,
    ),
    (
        "each effect by itself, each requirement by itself",
        story(legal(), fault(answer=200), fault("XML", 500), fault("state 9", 204, "rejects.unknown-code"),
              fault("null", SILENCE), fault("true", 302), fault("5", GARBAGE), fault("[]", 102)),
        """
        rejects.unreadable: what is no notification is taken: a bare word
            expected a 4xx
            seen a bare word: 200 after 2 ms [2]
        rejects.unreadable: what is no notification is answered by 500: XML
            expected a 4xx
            seen XML: 500 after 2 ms (the receiver itself, or what stands in front of it, fails) [3]
        rejects.unknown-code: what is no notification is taken: state 9
            expected a 4xx
            seen state 9: 204 after 2 ms [4]
        rejects.unreadable: what is no notification gets no answer: null
            expected a 4xx
            seen null: silence, after 0.00 s [5]
        rejects.unreadable: what is no notification is answered by a redirect: true
            expected a 4xx
            seen true: 302 after 2 ms (an emitter need not follow a redirect) [6]
        rejects.unreadable: what is no notification is answered by something that is no HTTP: 5
            expected a 4xx
            seen 5: garbage, after 0.00 s [7]
        rejects.unreadable: what is no notification is answered by 102: []
            expected a 4xx
            seen []: 102 after 2 ms [8]
        """,
    ),
    (
        "what is cut off, and what may be",
        story(legal(), fault(answer=CLOSED), fault("half a body", CLOSED, CUT), either("10 MB", CLOSED),
              either("deep", CLOSED, "survives.deep-nesting"), fault("half a body", 204, CUT), legal()),
        """
        rejects.unreadable: what is no notification is cut off: the connection ends without an answer: a
                bare word
            expected a 4xx
            seen a bare word: closed, after 0.00 s [2]
        survives.deep-nesting: a message is cut off: the connection ends without an answer: deep
            expected a 2xx or a 4xx
            seen deep: closed, after 0.00 s [5]
        rejects.cut-short: what is no notification is taken: half a body
            expected a 4xx, or the end of the connection
            seen half a body: 204 after 2 ms [6]
        met rejects.cut-short: 3
        met survives.large-body: 4
        """,
    ),
    (
        "what may be taken or refused is answered by neither",
        story(legal(), either("10 MB", 503), either("deep", SILENCE, "survives.deep-nesting"), either("deep", 500,
              "survives.deep-nesting"), legal()),
        """
        survives.large-body: a message is answered by 503: 10 MB
            expected a 2xx or a 4xx, or the end of the connection
            seen 10 MB: 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [2]
        survives.deep-nesting: a message gets no answer: deep
            expected a 2xx or a 4xx
            seen deep: silence, after 0.00 s [3]
        survives.deep-nesting: a message is answered by 500: deep
            expected a 2xx or a 4xx
            seen deep: 500 after 2 ms (the receiver itself, or what stands in front of it, fails) [4]
        """,
    ),
    (
        "a rejection counts only beside the same message without its fault that was taken",
        story(legal(), legal("actor 0", answer=400), fault(twin=2), fault("XML", twin=1), fault("null", twin=99),
              fault("true", 204, twin=2)),
        """
        met rejects.unreadable: 4
        """,
    ),
    (
        "what could not be sent, or was dropped, shows nothing",
        story(legal(), dropped(), fault(answer=UNREACHED), fault("cut", CLOSED, CUT, delivery=Delivery.DROPPED),
              legal()),
        """

        """,
    ),
    (
        "what befalls plain messages says nothing of faults",
        story(legal(), legal(answer=503), legal(), fault("XML", 503), fault("null", 500), legal(answer=429), legal(),
              fault("true", 429), legal()),
        """
        rejects.unreadable: what is no notification is answered by 500: null
            expected a 4xx
            seen null: 500 after 2 ms (the receiver itself, or what stands in front of it, fails) [5]
        met rejects.unreadable: 8
        """,
    ),
    (
        "what befalls special messages, or plain ones by no chance, does",
        story(legal(), legal("actor 0", answer=500), legal(), fault("XML", 500), legal(answer=302), legal(),
              fault("null", 302),
              legal()),
        """
        rejects.unreadable: what is no notification is answered by a redirect: null
            expected a 4xx
            seen null: 302 after 2 ms (an emitter need not follow a redirect) [7]
        """,
    ),
    (
        "what is kept after a fault",
        story(legal(), fault(answer=503), legal(answer=CLOSED), legal(), fault("XML", 503), legal()),
        """
        rejects.unreadable: what is no notification is answered by 503: XML
            expected a 4xx
            seen XML: 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [5]
        """,
    ),
    (
        "one late answer",
        story(legal(), legal(seconds=3), *[legal()] * 3),
        """
        met answers.promptly: 1-5
        """,
    ),
    (
        "two late answers of forty are a twentieth",
        story(*[legal(seconds=0.1)] * 38, legal(seconds=1.25), legal(seconds=2)),
        """
        met answers.promptly: 1-40
        """,
    ),
    (
        "two late answers of 39",
        story(*[legal(seconds=0.1)] * 37, legal(seconds=1.25), legal("actor 0", seconds=2)),
        """
        answers.promptly: messages are answered late
            expected an answer within 1 s
            seen it came after 1.25 s; the median is 0.100 s [38]
            seen it came after 2.00 s; the median is 0.100 s [39]
        met answers.promptly: 1-37
        """,
    ),
    (
        "an answer at the bound that is set",
        story(legal(at=1024, seconds=0.5), legal(at=1026, seconds=0.75), legal(at=1028, seconds=0.75), legal(at=1030,
              seconds=0.5),
              answer_within=0.5),
        """
        answers.promptly: messages are answered late
            expected an answer within 0.5 s
            seen it came after 0.75 s; the median is 0.625 s [2, 3]
        met answers.promptly: 1, 4
        """,
    ),
    (
        "one late answer, and one at the bound that is set",
        story(legal(at=1024, seconds=0.5), legal(at=1026, seconds=0.75), legal(at=1028, seconds=0.25),
              answer_within=0.5),
        """
        met answers.promptly: 1-3
        """,
    ),
    (
        "of marks whose messages are all late the one in most, whatever its words",
        story(*[legal(seconds=0.1)] * 80, *[legal("actor 2", "goal 0", seconds=2)] * 2, legal("goal 0", seconds=2)),
        """
        answers.promptly: a message with goal 0 is answered late
            expected an answer within 1 s
            seen it came after 2.00 s; the median is 0.100 s [81, 82, 83]
        met answers.promptly: 1-80
        """,
    ),
    (
        "each message with a mark is late",
        story(*[legal(seconds=0.1)] * 50, legal("actor 0", seconds=2), legal("actor 0", "goal 0", seconds=2)),
        """
        answers.promptly: a message with actor 0 is answered late
            expected an answer within 1 s
            seen it came after 2.00 s; the median is 0.100 s [51, 52]
        met answers.promptly: 1-50
        """,
    ),
    (
        "of marks whose messages are all late the one in most, then the first",
        story(*[legal(seconds=0.1)] * 120, *[legal("actor 2", "goal 0", seconds=2)] * 2, legal("actor 2", "actor 3",
              seconds=2),
              legal("actor 2", "actor 3", "dial mode 8", seconds=2), legal("actor 3", "dial mode 8", "dial mode 9",
              seconds=2),
              legal("dial mode 9", seconds=0.1)),
        """
        answers.promptly: a message with actor 2 is answered late
            expected an answer within 1 s
            seen it came after 2.00 s; the median is 0.100 s [121, 122, 123, 124]
        answers.promptly: a message with actor 3 is answered late
            expected an answer within 1 s
            seen it came after 2.00 s; the median is 0.100 s [125]
        met answers.promptly: 1-120, 126
        """,
    ),
    (
        "under load answers may take their time",
        story(legal(seconds=0.1), *[legal(sent_for="accepts.flood", seconds=2)] * 3,
              *[legal(sent_for="accepts.connections", seconds=2)] * 3),
        """
        met answers.promptly: 1
        """,
    ),
    (
        "nothing but load",
        story(*[legal(sent_for="accepts.flood", seconds=2)] * 3),
        """

        """,
    ),
    (
        "what was refused late is not counted",
        story(legal(seconds=0.1), *[legal("actor 0", seconds=2, answer=400)] * 3, legal(seconds=0.1)),
        """
        met answers.promptly: 1, 5
        """,
    ),
]  # fmt: skip


def play(told: Story) -> str:
    about = "answers." if "late" in told[0] or "load" in told[0] or "bound" in told[0] else "rejects.,survives."
    return ruled(told[1], about)


@pytest.mark.parametrize("told", STORIES, ids=[name for name, _, _ in STORIES])
def test_answers_are_told_in_these_words(told: Story) -> None:
    assert play(told) == text(told[2])
