"""What is said of receivers that take nothing, or nothing any more."""

from typing import TYPE_CHECKING

import pytest

from cgstate.sending import Trouble

if TYPE_CHECKING:
    from selftest.judge_receiver.stories import Story, Told, dropped, fault, legal, ruled, story, text
else:
    from stories import Story, Told, dropped, fault, legal, ruled, story, text

NUL, EMOJI = "U+0000 in a name", "an emoji in a name"
FLOOD = "accepts.flood"
CLOSED, SILENCE, UNREACHED, GARBAGE = Trouble.CLOSED, Trouble.SILENCE, Trouble.UNREACHED, Trouble.GARBAGE


def ends(times: int, answer: int | Trouble = 503) -> list[Told]:
    return [legal(answer=answer)] * times


STORIES: list[Story] = [
    (
        "nothing is taken: one message",
        story(legal(answer=UNREACHED), legal(answer=404)),
        """
        accepts.life-cycle: no message is taken: each is refused
            expected a 2xx
            seen 404 after 2 ms (is the URI right?) [2]
        """,
    ),
    (
        "nothing is taken: many messages, the three most frequent answers",
        story(legal(answer=404, more={"answer": b"no such index"}), *ends(3), *ends(2, 405), *ends(5, CLOSED), fault(),
              legal(answer=UNREACHED)),
        """
        accepts.life-cycle: no message is taken
            expected a 2xx
            seen 404 after 2 ms: no such index (is the URI right?); in all, closed: 5 times, 503: 3 times,
                405: 2 times [1 2 3 4 5 6 7 8 9 10]
        """,
    ),
    (
        "never reached",
        story(legal(answer=UNREACHED), legal(answer=UNREACHED)),
        """

        """,
    ),
    (
        "an end without a reason",
        story(legal(), *ends(3)),
        """
        accepts.life-cycle: from some moment on, no message is taken any more: the first is answered by 503
            expected a 2xx for every legal message
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails); nothing was
                taken from then on (3 messages) [2]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "two messages at the end are no end",
        story(legal(), *ends(2)),
        """
        accepts.life-cycle: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [2, 3]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "one is, where it was seen to die",
        story(legal(), legal(answer=UNREACHED, more={"detail": "connection refused"}), died=True),
        """
        accepts.life-cycle: from some moment on, no message is taken any more: the first finds no connection
            expected a 2xx for every legal message
            seen unreached, after 0.00 s: connection refused; nothing was taken from then on [2]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "messages that went out with the last that was taken are no end",
        story(legal(), legal(at=5.0), legal(at=5.0, connection=2, answer=503),
              legal(at=6.0, connection=2, answer=503), legal(at=7.0, connection=2, answer=503)),
        """
        accepts.life-cycle: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [3, 4, 5]
        met accepts.life-cycle: 1, 2
        """,
    ),
    (
        "an end in which suspects stand",
        story(legal(), legal("actor 0", answer=503), legal("actor 2", answer=503), legal("actor 3", answer=503)),
        """
        accepts.actors: a message with actor 0 is answered by 503 (the same with actor 2; with actor 3)
            expected a 2xx
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [2, 3, 4]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "an end that hints at its reason",
        story(legal(), *ends(3, 401)),
        """
        accepts.life-cycle: from some moment on (the login is refused), no message is taken any more: the
                first is refused
            expected a 2xx for every legal message
            seen 401 after 2 ms (the login is refused); nothing was taken from then on (3 messages) [2]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "an end from a connection that is kept on",
        story(legal(), *[legal(sent_for="accepts.kept-alive", answer=500)] * 3, legal("actor 0", answer=500),
              died=True),
        """
        accepts.kept-alive: from a message over a connection that is kept on, no message is taken any more:
                the first is answered by 500
            expected a 2xx for every legal message
            seen 500 after 2 ms (the receiver itself, or what stands in front of it, fails); nothing was
                taken from then on (4 messages) [2]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "an end in the middle of kept connections, refused with a reason",
        story(legal(), legal(sent_for="accepts.kept-alive"), *[legal(sent_for="accepts.kept-alive", answer=413)] * 3),
        """
        accepts.life-cycle: from some moment on (the message is called too large), no message is taken any
                more: the first is refused
            expected a 2xx for every legal message
            seen 413 after 2 ms (the message is called too large); nothing was taken from then on (3
                messages) [3]
        met accepts.kept-alive: 2
        met accepts.life-cycle: 1
        """,
    ),
    (
        "an end in the middle of a flood, refused as too many",
        story(legal(), legal(sent_for=FLOOD), *[legal(sent_for=FLOOD, answer=429)] * 3),
        """
        accepts.flood: from a message in a flood on, no message is taken any more: the first is refused
            expected a 2xx for every legal message
            seen 429 after 2 ms (there are too many for it); nothing was taken from then on (3 messages) [3]
        met accepts.flood: 2
        met accepts.life-cycle: 1
        """,
    ),
    (
        "an end in the middle of a flood, refused for another reason",
        story(legal(), legal(sent_for=FLOOD), *[legal(sent_for=FLOOD, answer=401)] * 3),
        """
        accepts.life-cycle: from some moment on (the login is refused), no message is taken any more: the
                first is refused
            expected a 2xx for every legal message
            seen 401 after 2 ms (the login is refused); nothing was taken from then on (3 messages) [3]
        met accepts.flood: 2
        met accepts.life-cycle: 1
        """,
    ),
    (
        "an end of kept connections, refused as too many",
        story(legal(), legal(sent_for="accepts.kept-alive"), *[legal(sent_for="accepts.kept-alive", answer=429)] * 3),
        """
        accepts.life-cycle: from some moment on (there are too many for it), no message is taken any more:
                the first is refused
            expected a 2xx for every legal message
            seen 429 after 2 ms (there are too many for it); nothing was taken from then on (3 messages) [3]
        met accepts.kept-alive: 2
        met accepts.life-cycle: 1
        """,
    ),
    (
        "an end in the middle of kept connections",
        story(legal(), legal(sent_for="accepts.kept-alive"), *[legal(sent_for="accepts.kept-alive", answer=400)] * 3),
        """
        accepts.kept-alive: from a message over a connection that is kept on, no message is taken any more:
                the first is refused
            expected a 2xx for every legal message
            seen 400 after 2 ms; nothing was taken from then on (3 messages) [3]
        met accepts.kept-alive: 2
        met accepts.life-cycle: 1
        """,
    ),
    (
        "an end in the middle of kept connections, never reached",
        story(legal(), legal(sent_for="accepts.kept-alive"), *[legal(sent_for="accepts.kept-alive",
              answer=UNREACHED)] * 3),
        """
        accepts.life-cycle: from some moment on, no message is taken any more: the first finds no connection
            expected a 2xx for every legal message
            seen unreached, after 0.00 s; nothing was taken from then on (3 messages) [3]
        met accepts.kept-alive: 2
        met accepts.life-cycle: 1
        """,
    ),
    (
        "an end from chunks on: that these need not be taken is no leave to die of them",
        story(legal(), legal(sent_for="accepts.chunked"), legal(sent_for="accepts.chunked", answer=CLOSED), *ends(3,
              UNREACHED)),
        """
        accepts.life-cycle: from some moment on, no message is taken any more: the first is cut off: the
                connection ends without an answer
            expected a 2xx for every legal message
            seen closed, after 0.00 s; nothing was taken from then on (4 messages) [3]
        met accepts.chunked: 2
        met accepts.life-cycle: 1
        """,
    ),
    (
        "an end from a mark on",
        story(legal(), legal(EMOJI, answer=CLOSED), *ends(3, UNREACHED)),
        """
        accepts.names: from a message with an emoji in a name on, no message is taken any more: the first is
                cut off: the connection ends without an answer
            expected a 2xx for every legal message
            seen closed, after 0.00 s; nothing was taken from then on (4 messages) [2]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "an end from a mark on that need not be taken",
        story(legal(), legal(NUL, answer=CLOSED), *ends(3, UNREACHED)),
        """
        accepts.life-cycle: from a message with U+0000 in a name on, no message is taken any more: the first
                is cut off: the connection ends without an answer
            expected a 2xx for every legal message
            seen closed, after 0.00 s; nothing was taken from then on (4 messages) [2]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "an end from marks on of which any may be the reason",
        story(legal(), legal("goal 0", "actor 0", answer=CLOSED), *ends(3, UNREACHED)),
        """
        accepts.actors: from a message with actor 0 or a message with goal 0 on, no message is taken any
                more: the first is cut off: the connection ends without an answer
            expected a 2xx for every legal message
            seen closed, after 0.00 s; nothing was taken from then on (4 messages) [2]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "an end before a special message could be sent",
        story(legal(), legal(EMOJI, answer=UNREACHED), *ends(2, UNREACHED)),
        """
        accepts.life-cycle: from some moment on, no message is taken any more: the first finds no connection
            expected a 2xx for every legal message
            seen unreached, after 0.00 s; nothing was taken from then on (3 messages) [2]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "nothing is taken: two messages",
        story(legal(answer=404), legal(answer=404)),
        """
        accepts.life-cycle: no message is taken: each is refused
            expected a 2xx
            seen 404 after 2 ms (is the URI right?); in all, 404: 2 times [1 2]
        """,
    ),
    (
        "two are, where it was seen to die",
        story(legal(), *ends(2, UNREACHED), died=True),
        """
        accepts.life-cycle: from some moment on, no message is taken any more: the first finds no connection
            expected a 2xx for every legal message
            seen unreached, after 0.00 s; nothing was taken from then on (2 messages) [2]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "what was dropped before a fault does no harm",
        story(legal(), dropped(), fault("XML", SILENCE), *ends(3, UNREACHED)),
        """
        accepts.after-fault: after something that is no notification (XML), no message is taken any more:
                the first finds no connection
            expected a 2xx for every legal message
            seen unreached, after 0.00 s; nothing was taken from then on (3 messages) [3 4]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "of several faults that were refused the last one did the harm",
        story(legal(), fault("XML"), fault("YAML"), fault("TOML"), *ends(3, SILENCE)),
        """
        accepts.after-fault: after something that is no notification (TOML), no message is taken any more:
                the first gets no answer
            expected a 2xx for every legal message
            seen silence, after 0.00 s; nothing was taken from then on (3 messages) [4 5]
        met accepts.life-cycle: 1
        met rejects.unreadable: 2, 3
        """,
    ),
    (
        "a fault with the answer that a special message got",
        story(legal(), legal("actor 0", answer=503), fault("XML", 503), legal()),
        """
        accepts.actors: a message with actor 0 is answered by 503
            expected a 2xx
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [2]
        rejects.unreadable: what is no notification is answered by 503: XML
            expected a 4xx
            seen XML: 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [3]
        met accepts.life-cycle: 1, 4
        """,
    ),
]  # fmt: skip


def play(told: Story) -> str:
    return ruled(told[1], "accepts.,rejects.,survives.")


@pytest.mark.parametrize("told", STORIES, ids=[name for name, _, _ in STORIES])
def test_ends_are_told_in_these_words(told: Story) -> None:
    assert play(told) == text(told[2])
