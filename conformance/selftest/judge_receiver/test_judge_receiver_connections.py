"""What is said of connections that come to an end."""

from typing import TYPE_CHECKING

import pytest

from cgstate.sending import Trouble

if TYPE_CHECKING:
    from selftest.judge_receiver.stories import Story, Told, fault, legal, ruled, story, text
else:
    from stories import Story, Told, fault, legal, ruled, story, text

NUL, EMOJI = "U+0000 in a name", "an emoji in a name"
CLOSED, SILENCE, UNREACHED, GARBAGE = Trouble.CLOSED, Trouble.SILENCE, Trouble.UNREACHED, Trouble.GARBAGE


def ends(times: int, answer: int | Trouble = 503) -> list[Told]:
    return [legal(answer=answer)] * times


STORIES: list[Story] = [
    (
        "a connection that serves two and then nothing",
        story(legal(connection=2), legal(connection=2), *[legal(connection=2, answer=503)] * 3, legal(connection=3)),
        """
        accepts.kept-alive: over a connection that has served others, no message is taken any more: the
                first is answered by 503
            expected a 2xx, or the connection closed after an answer
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails); 2 went over
                that connection before [3]
        met accepts.life-cycle: 1, 2, 6
        """,
    ),
    (
        "a connection that loses two at its end",
        story(legal(connection=2), legal(connection=2), *[legal(connection=2, answer=503)] * 2, legal(connection=3)),
        """
        accepts.life-cycle: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [3, 4]
        met accepts.life-cycle: 1, 2, 5
        """,
    ),
    (
        "a connection that loses some at its end as others lose some in the middle",
        story(legal(connection=2), *[legal(connection=2, answer=503)] * 3, legal(connection=3, answer=503),
              legal(connection=3)),
        """
        accepts.life-cycle: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [2, 3, 4, 5]
        met accepts.life-cycle: 1, 6
        """,
    ),
    (
        "a connection whose last messages are lost in several ways",
        story(legal(connection=2), *[legal(connection=2, answer=503)] * 3, legal(connection=2, answer=500),
              legal(connection=3)),
        """
        accepts.life-cycle: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [2, 3, 4]
        accepts.life-cycle: a message is answered by 500, though others like it are taken
            expected a 2xx, as the others got
            seen 500 after 2 ms (the receiver itself, or what stands in front of it, fails) [5]
        met accepts.life-cycle: 1, 6
        """,
    ),
    (
        "a connection that ends with a mark, and with faults between",
        story(legal(connection=2), *[legal(connection=2, answer=CLOSED)] * 3, fault(connection=2),
              legal("actor 0", connection=2, answer=CLOSED), legal(connection=3), fault("XML", 204, connection=3)),
        """
        accepts.kept-alive: over a connection that has served others, no message is taken any more: the
                first is cut off: the connection ends without an answer
            expected a 2xx, or the connection closed after an answer
            seen closed, after 0.00 s; 1 went over that connection before [2]
        rejects.unreadable: what is no notification is taken: XML
            expected a 4xx
            seen XML: 204 after 2 ms [8]
        met accepts.life-cycle: 1, 7
        """,
    ),
    (
        "connections that never served",
        story(legal(connection=3), *[legal(connection=2, answer=503)] * 3, legal(connection=3)),
        """
        accepts.life-cycle: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [2, 3, 4]
        met accepts.life-cycle: 1, 5
        """,
    ),
    (
        "what went out on a closing connection is not looked at",
        story(legal(), *[legal(answer=CLOSED, more={"ignored": True})] * 3),
        """
        met accepts.life-cycle: 1
        """,
    ),
    (
        "two connections that come to an end, one after a connection that loses too few to tell",
        story(legal(connection=2), *[legal(connection=2, answer=500)] * 2,
              legal(connection=3), *[legal(connection=3, answer=503, seconds=s) for s in (0.004, 0.005, 0.006)],
              legal(connection=4), *[legal(connection=4, answer=CLOSED)] * 3, legal(connection=5)),
        """
        accepts.kept-alive: over a connection that has served others, no message is taken any more: the
                first is answered by 503
            expected a 2xx, or the connection closed after an answer
            seen 503 after 4 ms (the receiver itself, or what stands in front of it, fails); 1 went over
                that connection before [5]
        accepts.kept-alive: over a connection that has served others, no message is taken any more: the
                first is cut off: the connection ends without an answer
            expected a 2xx, or the connection closed after an answer
            seen closed, after 0.00 s; 1 went over that connection before [9]
        accepts.life-cycle: now and then a message is answered by 500, though others like it are taken
            expected a 2xx, as the others got
            seen 500 after 2 ms (the receiver itself, or what stands in front of it, fails) [2, 3]
        met accepts.life-cycle: 1, 4, 8, 12
        """,
    ),
    (
        "a connection that never served many",
        story(legal(connection=3), *[legal(connection=2, answer=503)] * 5, legal(connection=3)),
        """
        accepts.life-cycle: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [2, 3, 4, 5, 6]
        met accepts.life-cycle: 1, 7
        """,
    ),
    (
        "a connection that served nothing but a fault",
        story(legal(connection=3), fault(connection=2), *[legal(connection=2, answer=503)] * 4, legal(connection=3)),
        """
        accepts.life-cycle: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [3, 4, 5, 6]
        met accepts.life-cycle: 1, 7
        met rejects.unreadable: 2
        """,
    ),
]  # fmt: skip


def play(told: Story) -> str:
    return ruled(told[1], "accepts.,rejects.,survives.")


@pytest.mark.parametrize("told", STORIES, ids=[name for name, _, _ in STORIES])
def test_ends_of_connections_are_told_in_these_words(told: Story) -> None:
    assert play(told) == text(told[2])
