"""What is said of messages that are lost after a fault, each time or for good."""

from typing import TYPE_CHECKING

import pytest

from cgstate.sending import Trouble

if TYPE_CHECKING:
    from selftest.judge_receiver.stories import Story, Told, dropped, either, fault, legal, ruled, story, text
else:
    from stories import Story, Told, dropped, either, fault, legal, ruled, story, text

NUL, EMOJI = "U+0000 in a name", "an emoji in a name"
CLOSED, SILENCE, UNREACHED, GARBAGE = Trouble.CLOSED, Trouble.SILENCE, Trouble.UNREACHED, Trouble.GARBAGE


def ends(times: int, answer: int | Trouble = 503) -> list[Told]:
    return [legal(answer=answer)] * times


STORIES: list[Story] = [
    (
        "an end after a fault",
        story(legal(), fault(answer=CLOSED), *ends(3, UNREACHED), fault("XML", UNREACHED)),
        """
        accepts.after-fault: after something that is no notification (a bare word), no message is taken any
                more: the first finds no connection
            expected a 2xx for every legal message
            seen unreached, after 0.00 s; nothing was taken from then on (3 messages) [2 3]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "an end after a fault without words, from a special message on",
        story(legal(), fault("", SILENCE), legal(EMOJI, answer=CLOSED), *ends(3, UNREACHED)),
        """
        accepts.after-fault: after something that is no notification, no message is taken any more: the
                first is cut off: the connection ends without an answer
            expected a 2xx for every legal message
            seen closed, after 0.00 s; nothing was taken from then on (4 messages) [2 3]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "an end after a fault that was answered, from a special message on",
        story(legal(), fault(answer=500), legal(EMOJI, answer=CLOSED), *ends(3, UNREACHED)),
        """
        accepts.names: from a message with an emoji in a name on, no message is taken any more: the first is
                cut off: the connection ends without an answer
            expected a 2xx for every legal message
            seen closed, after 0.00 s; nothing was taken from then on (4 messages) [3]
        rejects.unreadable: what is no notification is answered by 500: a bare word
            expected a 4xx
            seen a bare word: 500 after 2 ms (the receiver itself, or what stands in front of it, fails) [2]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "an end after a fault that was answered",
        story(legal(), fault("XML"), fault(answer=500), *ends(3, UNREACHED)),
        """
        accepts.after-fault: after something that is no notification (a bare word), no message is taken any
                more: the first finds no connection
            expected a 2xx for every legal message
            seen unreached, after 0.00 s; nothing was taken from then on (3 messages) [3 4]
        met accepts.life-cycle: 1
        met rejects.unreadable: 2
        """,
    ),
    (
        "an end after the first of several faults that is not answered well",
        story(legal(), fault("XML"), fault("null"), fault("a number", CLOSED), fault("true", 500), *ends(3)),
        """
        accepts.after-fault: after something that is no notification (a number), no message is taken any
                more: the first is answered by 503
            expected a 2xx for every legal message
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails); nothing was
                taken from then on (3 messages) [4 6]
        met accepts.life-cycle: 1
        met rejects.unreadable: 2, 3
        """,
    ),
    (
        "an end after faults of which the later ones were answered well",
        story(legal(), fault("XML", CLOSED), fault("null"), *ends(3)),
        """
        accepts.after-fault: after something that is no notification (null), no message is taken any more:
                the first is answered by 503
            expected a 2xx for every legal message
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails); nothing was
                taken from then on (3 messages) [3 4]
        rejects.unreadable: what is no notification is cut off: the connection ends without an answer: XML
            expected a 4xx
            seen XML: closed, after 0.00 s [2]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "an end after faults of which none could be sent",
        story(legal(), fault("XML", UNREACHED), fault("null", UNREACHED), *ends(3, UNREACHED)),
        """
        accepts.after-fault: after something that is no notification (null), no message is taken any more:
                the first finds no connection
            expected a 2xx for every legal message
            seen unreached, after 0.00 s; nothing was taken from then on (3 messages) [3 4]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "an end after a large body that ended the connection",
        story(legal(), either("a large body", CLOSED), either("another", CLOSED), *ends(3, UNREACHED)),
        """
        accepts.after-fault: after something that is no notification (another), no message is taken any
                more: the first finds no connection
            expected a 2xx for every legal message
            seen unreached, after 0.00 s; nothing was taken from then on (3 messages) [3 4]
        met accepts.life-cycle: 1
        met survives.large-body: 2
        """,
    ),
    (
        "an end after a dropped connection",
        story(legal(), dropped(), legal(sent_for="accepts.after-dropped", answer=UNREACHED), *ends(3, UNREACHED)),
        """
        accepts.after-dropped: after a connection that was dropped in the middle of a request, no message is
                taken any more: the first finds no connection
            expected a 2xx for every legal message
            seen unreached, after 0.00 s; nothing was taken from then on (4 messages) [2 3]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "a message that is lost after a fault, one after another, one after none",
        story(legal(), fault(answer=500), legal(answer=CLOSED), legal(), fault("XML", SILENCE), legal(answer=503),
              legal(),
              fault("null"), legal(), legal(answer=SILENCE), legal()),
        """
        accepts.after-fault: after something that is no notification (a bare word) the next message is cut
                off: the connection ends without an answer
            expected a 2xx: the receiver is still there
            seen closed, after 0.00 s [3]
        accepts.after-fault: after something that is no notification (XML) the next message is answered by
                503
            expected a 2xx: the receiver is still there
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [6]
        accepts.life-cycle: a message gets no answer, though others like it are taken
            expected a 2xx, as the others got
            seen silence, after 0.00 s [10]
        met accepts.life-cycle: 1, 4, 7, 9, 11
        met rejects.unreadable: 8
        """,
    ),
    (
        "messages that are lost after the same fault",
        story(legal(), fault(answer=500), legal(answer=CLOSED), legal(), fault("XML", CLOSED), fault(answer=CLOSED),
              fault("XML", UNREACHED), legal(answer=SILENCE), legal(), fault(answer=CLOSED), legal(EMOJI,
              answer=UNREACHED),
              legal()),
        """
        accepts.after-fault: after something that is no notification (a bare word) the next message is not
                taken
            expected a 2xx: the receiver is still there
            seen closed, after 0.00 s [3]
            seen unreached, after 0.00 s [11]
        accepts.after-fault: after something that is no notification (XML) the next message gets no answer
            expected a 2xx: the receiver is still there
            seen silence, after 0.00 s [8]
        met accepts.life-cycle: 1, 4, 9, 12
        """,
    ),
    (
        "a message that is refused after a fault, and a special one that is lost",
        story(legal(), fault(), legal(answer=400), legal(), fault(), legal(EMOJI, answer=CLOSED), legal()),
        """
        accepts.names: a message with an emoji in a name is cut off: the connection ends without an answer
            expected a 2xx
            seen closed, after 0.00 s [6]
        accepts.life-cycle: a message is refused, though others like it are taken
            expected a 2xx, as the others got
            seen 400 after 2 ms [3]
        met accepts.life-cycle: 1, 4, 7
        met rejects.unreadable: 2, 5
        """,
    ),
    (
        "a message that is lost after a dropped connection",
        story(legal(), dropped(), legal(sent_for="accepts.after-dropped"), dropped(),
              legal(sent_for="accepts.after-dropped", answer=CLOSED), legal()),
        """
        accepts.after-dropped: after a connection that was dropped in the middle of a request the next
                message is cut off: the connection ends without an answer
            expected a 2xx: the receiver is still there
            seen closed, after 0.00 s [5]
        met accepts.after-dropped: 3
        met accepts.life-cycle: 1, 6
        """,
    ),
    (
        "any 2xx after a fault will do",
        story(legal(answer=200), fault(), legal(answer=201), fault(answer=500), legal(answer=202)),
        """
        rejects.unreadable: what is no notification is answered by 500: a bare word
            expected a 4xx
            seen a bare word: 500 after 2 ms (the receiver itself, or what stands in front of it, fails) [4]
        met accepts.life-cycle: 1, 3, 5
        met rejects.unreadable: 2
        """,
    ),
    (
        "a message that is lost after one that was lost and a fault",
        story(legal(), legal(answer=503), fault(answer=500), legal(answer=CLOSED), legal()),
        """
        accepts.after-fault: after something that is no notification (a bare word) the next message is cut
                off: the connection ends without an answer
            expected a 2xx: the receiver is still there
            seen closed, after 0.00 s [4]
        accepts.life-cycle: a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [2]
        met accepts.life-cycle: 1, 5
        """,
    ),
    (
        "a message that is lost after a fault as another is after none",
        story(legal(), legal(answer=503), legal(), fault(), legal(answer=503), legal()),
        """
        accepts.life-cycle: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [2, 5]
        met accepts.life-cycle: 1, 3, 6
        met rejects.unreadable: 4
        """,
    ),
]  # fmt: skip


def play(told: Story) -> str:
    return ruled(told[1], "accepts.,rejects.,survives.")


@pytest.mark.parametrize("told", STORIES, ids=[name for name, _, _ in STORIES])
def test_losses_after_faults_are_told_in_these_words(told: Story) -> None:
    assert play(told) == text(told[2])
