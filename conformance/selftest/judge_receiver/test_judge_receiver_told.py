"""What is said of refusals, word for word, with the messages that it rests on."""

from typing import TYPE_CHECKING

import pytest

from cgstate.sending import Delivery

if TYPE_CHECKING:
    from selftest.judge_receiver.stories import Story, Told, legal, ruled, story, text
else:
    from stories import Story, Told, legal, ruled, story, text

EMOJI, CODE, WIDE = "an emoji in a name", "code or markup in a name", "a name that is not ASCII"
KEPT, SIDE, FLOOD = "accepts.kept-alive", "accepts.connections", "accepts.flood"


def taken(times: int) -> list[Told]:
    return [legal()] * times


STORIES: list[Story] = [
    (
        "what is taken shows what it was sent for and what is special about it",
        story(legal(), legal("actor 0", sent_for="accepts.actors"), legal(EMOJI, "dial mode 8",
              sent_for="accepts.names"),
              legal(sent_for=KEPT)),
        """
        met accepts.actors: 2
        met accepts.dial-modes: 3
        met accepts.kept-alive: 4
        met accepts.life-cycle: 1
        met accepts.names: 3
        """,
    ),
    (
        "a mark that nobody has heard of is covered by what its message was sent for",
        story(legal(), legal("a tail"), legal("a tooth", sent_for="accepts.actors", answer=422)),
        """
        accepts.actors: a message with a tooth is refused
            expected a 2xx
            seen 422 after 2 ms [3]
        met accepts.life-cycle: 1, 2
        """,
    ),
    (
        "a mark",
        story(legal(), legal("dial mode 8", answer=400), legal("actor 0")),
        """
        accepts.dial-modes: a message with dial mode 8 is refused
            expected a 2xx
            seen 400 after 2 ms [2]
        met accepts.actors: 3
        met accepts.life-cycle: 1, 3
        """,
    ),
    (
        "marks of one requirement with one effect, and one with another",
        story(legal(), legal("method 4", answer=400), legal("method 3", answer=422), legal("goal 0", answer=500),
              legal("method 2", answer=400), legal("method 0", answer=400), legal("goal 100", answer=400)),
        """
        accepts.methods: a message with method 4 is refused (the same with method 3; with method 2; with
                method 0; 1 more)
            expected a 2xx
            seen 400 after 2 ms [2, 5, 6, 7]
            seen 422 after 2 ms [3]
        accepts.methods: a message with goal 0 is answered by 500
            expected a 2xx
            seen 500 after 2 ms (the receiver itself, or what stands in front of it, fails) [4]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "a mark with several effects",
        story(legal(), legal("dial mode 8", answer=400), legal("dial mode 8", answer=500)),
        """
        accepts.dial-modes: a message with dial mode 8 is not taken
            expected a 2xx
            seen 400 after 2 ms [2]
            seen 500 after 2 ms (the receiver itself, or what stands in front of it, fails) [3]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "a mark that is the only suspect somewhere explains what stands beside it",
        story(legal(), legal("dial mode 8", "actor 0", answer=400), legal("dial mode 8", answer=400)),
        """
        accepts.dial-modes: a message with dial mode 8 is refused
            expected a 2xx
            seen 400 after 2 ms [2, 3]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "of several suspects the one in most messages",
        story(legal(), legal("dial mode 8", "actor 0", answer=400), legal("dial mode 8", "goal 0", answer=400)),
        """
        accepts.dial-modes: a message with dial mode 8 is refused
            expected a 2xx
            seen 400 after 2 ms [2, 3]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "suspects that always stand together: first the one that the message was sent for",
        story(legal(), legal("actor 2", "dial mode 8", sent_for="accepts.dial-modes", answer=400),
              legal("actor 2", "dial mode 8", "goal 0", sent_for="accepts.dial-modes", answer=400)),
        """
        accepts.dial-modes: a message with dial mode 8 or with actor 2 is refused
            expected a 2xx
            seen 400 after 2 ms [2, 3]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "who may refuse one of the marks may refuse the message",
        story(legal(), legal("U+0000 in a name", "actor 2", sent_for="accepts.actors", answer=400)),
        """
        accepts.nul: a message with U+0000 in a name is refused
            expected a 2xx
            seen 400 after 2 ms [2]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "what a message was sent for is a mark of its own, if nothing of it is marked",
        story(legal(), legal(sent_for="accepts.nul", answer=400), legal(sent_for="accepts.chunked", answer=411,
              delivery=Delivery.CHUNKED)),
        """
        accepts.nul: a message with U+0000 in a name is refused
            expected a 2xx
            seen 400 after 2 ms [2]
        accepts.chunked: a message in chunked transfer coding is refused
            expected a 2xx
            seen 411 after 2 ms (a length is asked for) [3]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "a code in a plain message",
        story(legal(), legal(state=0, answer=400), legal(state=0, actor=3, answer=400), legal(), legal(actor=3)),
        """
        accepts.life-cycle: a plain message with state 0 is refused
            expected a 2xx
            seen 400 after 2 ms [2, 3]
        met accepts.life-cycle: 1, 4, 5
        """,
    ),
    (
        "codes in a plain message, and in a special one beside it",
        story(legal(), legal(state=0, action=8, answer=400), legal("actor 0", state=0, action=8, answer=400)),
        """
        accepts.life-cycle: a plain message with action 8 and state 0 is refused
            expected a 2xx
            seen 400 after 2 ms [2]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "a code in several special messages whose marks are taken elsewhere",
        story(legal(), legal("actor 0"), legal("actor 0", mode=3, sent_for="accepts.actors", answer=400),
              legal("actor 0", mode=3, sent_for="accepts.actors", answer=500), legal("actor 0", mode=3, answer=400),
              legal()),
        """
        accepts.actors: a message with dial mode 3 is not taken
            expected a 2xx
            seen 400 after 2 ms [3, 5]
            seen 500 after 2 ms (the receiver itself, or what stands in front of it, fails) [4]
        met accepts.actors: 2
        met accepts.life-cycle: 1, 2, 6
        """,
    ),
    (
        "a code in one special message is not enough",
        story(legal(), legal("actor 0"), legal("actor 0", mode=3, sent_for="accepts.actors", answer=400)),
        """
        accepts.actors: a message is refused, though others like it are taken
            expected a 2xx, as the others got
            seen 400 after 2 ms [3]
        met accepts.actors: 2
        met accepts.life-cycle: 1, 2
        """,
    ),
    (
        "a code in a message that is plain but was sent for something",
        story(legal(), legal(method=2, sent_for="accepts.methods", answer=400)),
        """
        accepts.methods: a plain message with method 2 is refused
            expected a 2xx
            seen 400 after 2 ms [2]
        met accepts.life-cycle: 1
        """,
    ),
    (
        "a code in a plain message of a life, and in more that were sent for something",
        story(legal(), legal(state=0, answer=400), *[legal(state=0, sent_for="accepts.actors", answer=400)] * 2,
              legal()),
        """
        accepts.life-cycle: a plain message with state 0 is refused
            expected a 2xx
            seen 400 after 2 ms [2, 3, 4]
        met accepts.life-cycle: 1, 5
        """,
    ),
    (
        "a plain message whose every code is unheard of",
        story(legal(), legal(state=0, action=8, actor=3, answer=400), legal()),
        """
        accepts.life-cycle: a plain message with action 8 and actor 3 and state 0 is refused
            expected a 2xx
            seen 400 after 2 ms [2]
        met accepts.life-cycle: 1, 3
        """,
    ),
    (
        "bytes beyond ASCII, where escapes of the same are taken",
        story(legal(), legal(WIDE, sent_for="accepts.names"), legal(WIDE, tenant="é", sent_for="accepts.names",
              answer=400),
              legal(WIDE, tenant="ü", sent_for="accepts.names", answer=400)),
        """
        accepts.forms: a message with bytes beyond ASCII is refused
            expected a 2xx
            seen 400 after 2 ms [3, 4]
        met accepts.life-cycle: 1
        met accepts.names: 2
        """,
    ),
    (
        "a body whose codes cannot be read has none",
        story(legal(), legal(body=b"[]", answer=400), legal(body=b"{", answer=400), legal(body=b"[" * 10**5,
              answer=400),
              legal()),
        """
        accepts.life-cycle: now and then a message is refused, though others like it are taken
            expected a 2xx, as the others got
            seen 400 after 2 ms [2, 3, 4]
        met accepts.life-cycle: 1, 5
        """,
    ),
]  # fmt: skip


def play(told: Story) -> str:
    return ruled(told[1], "accepts.")


@pytest.mark.parametrize("told", STORIES, ids=[name for name, _, _ in STORIES])
def test_refusals_are_told_in_these_words(told: Story) -> None:
    assert play(told) == text(told[2])
