"""What is said of refusals of messages whose every peculiarity is taken elsewhere: two things together, or chance."""

from typing import TYPE_CHECKING

import pytest

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
        "two things together",
        story(legal(), legal("actor 0"), legal("dial mode 8"), *[legal("actor 0", "dial mode 8",
              sent_for="accepts.actors",
              answer=400)] * 2),
        """
        accepts.actors: a message with actor 0 and with dial mode 8 is refused, though each of them by
                itself is taken
            expected a 2xx
            seen 400 after 2 ms [4, 5]
        met accepts.actors: 2
        met accepts.dial-modes: 3
        met accepts.life-cycle: 1-3
        """,
    ),
    (
        "two codes together",
        story(legal(), legal(actor=3), legal(mode=8), *[legal(actor=3, mode=8, sent_for="accepts.actors",
              answer=400)] * 2,
              legal(sent_for="accepts.methods", answer=400), legal()),
        """
        accepts.actors: a message with actor 3 and with dial mode 8 is refused, though each of them by
                itself is taken
            expected a 2xx
            seen 400 after 2 ms [4, 5]
        accepts.methods: a message is refused, though others like it are taken
            expected a 2xx, as the others got
            seen 400 after 2 ms [6]
        met accepts.life-cycle: 1-3, 7
        """,
    ),
    (
        "two things together once only are chance",
        story(legal(), legal("actor 0"), legal("dial mode 8"), legal("actor 0", "dial mode 8", answer=400)),
        """
        accepts.life-cycle: a message is refused, though others like it are taken
            expected a 2xx, as the others got
            seen 400 after 2 ms [4]
        met accepts.actors: 2
        met accepts.dial-modes: 3
        met accepts.life-cycle: 1-3
        """,
    ),
    (
        "among failures by chance a pair has to explain nearly all",
        story(legal(), legal("actor 0"), legal("dial mode 8"), *[legal("actor 0", "dial mode 8", answer=503)] * 3,
              legal(answer=503), legal()),
        """
        accepts.life-cycle: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [4, 5, 6, 7]
        met accepts.actors: 2
        met accepts.dial-modes: 3
        met accepts.life-cycle: 1-3, 8
        """,
    ),
    (
        "a pair that explains four of five failures, and the fifth",
        story(legal(), legal("actor 0"), legal("dial mode 8"), *[legal("actor 0", "dial mode 8", answer=503)] * 4,
              legal(answer=503), legal()),
        """
        accepts.life-cycle: a message with actor 0 and with dial mode 8 is answered by 503, though each of
                them by itself is taken
            expected a 2xx
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [4, 5, 6, 7]
        accepts.life-cycle: a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [8]
        met accepts.actors: 2
        met accepts.dial-modes: 3
        met accepts.life-cycle: 1-3, 9
        """,
    ),
    (
        "of pairs that explain both failures the one of marks",
        story(legal(), legal("actor 0"), legal("dial mode 8"), legal(mode=3),
              *[legal("actor 0", "dial mode 8", mode=3, answer=503)] * 2, legal()),
        """
        accepts.life-cycle: a message with actor 0 and with dial mode 8 is answered by 503, though each of
                them by itself is taken
            expected a 2xx
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [5, 6]
        met accepts.actors: 2
        met accepts.dial-modes: 3
        met accepts.life-cycle: 1-4, 7
        """,
    ),
    (
        "now and then, of what most were sent for",
        story(legal(), *[legal(answer=400, sent_for="accepts.methods")] * 4, legal(answer=400), legal()),
        """
        accepts.methods: now and then a message is refused, though others like it are taken
            expected a 2xx, as the others got
            seen 400 after 2 ms [2, 3, 4, 5, 6]
        met accepts.life-cycle: 1, 7
        """,
    ),
    (
        "now and then, of several things",
        story(legal(), *[legal(answer=400, sent_for="accepts.methods")] * 3, legal(answer=400), legal()),
        """
        accepts.life-cycle: now and then a message is refused, though others like it are taken
            expected a 2xx, as the others got
            seen 400 after 2 ms [2, 3, 4, 5]
        met accepts.life-cycle: 1, 6
        """,
    ),
    (
        "each answer by itself",
        story(legal(), legal(answer=400), legal(answer=500), legal(answer=400), legal()),
        """
        accepts.life-cycle: now and then a message is refused, though others like it are taken
            expected a 2xx, as the others got
            seen 400 after 2 ms [2, 4]
        accepts.life-cycle: a message is answered by 500, though others like it are taken
            expected a 2xx, as the others got
            seen 500 after 2 ms (the receiver itself, or what stands in front of it, fails) [3]
        met accepts.life-cycle: 1, 5
        """,
    ),
    (
        "in connections side by side, and in a flood of them",
        story(legal(), legal(sent_for=SIDE), legal(sent_for=FLOOD), legal(sent_for=SIDE, answer=503),
              *[legal(sent_for=FLOOD, answer=503)] * 3, legal(answer=503), legal()),
        """
        accepts.connections: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [4, 5, 6, 7, 8]
        met accepts.connections: 2
        met accepts.flood: 3
        met accepts.life-cycle: 1, 9
        """,
    ),
    (
        "in a flood alone",
        story(legal(), legal(sent_for=SIDE), legal(sent_for=FLOOD), *[legal(sent_for=FLOOD, answer=503)] * 4, legal()),
        """
        accepts.flood: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [4, 5, 6, 7]
        met accepts.connections: 2
        met accepts.flood: 3
        met accepts.life-cycle: 1, 8
        """,
    ),
    (
        "side by side, but mostly elsewhere",
        story(legal(), legal(sent_for=SIDE), legal(sent_for=FLOOD), legal(sent_for=SIDE, answer=503),
              *[legal(sent_for=FLOOD, answer=503)] * 2, legal(answer=503), legal()),
        """
        accepts.life-cycle: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [4, 5, 6, 7]
        met accepts.connections: 2
        met accepts.flood: 3
        met accepts.life-cycle: 1, 8
        """,
    ),
    (
        "a mark whose one message met what half of all meet",
        story(*taken(2), *[legal(answer=503)] * 2, legal("actor 0", answer=503), legal()),
        """
        accepts.life-cycle: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [3, 4, 5]
        met accepts.life-cycle: 1, 2, 6
        """,
    ),
    (
        "a mark met by an answer that plain messages do not get",
        story(*taken(2), *[legal(answer=503)] * 2, legal("actor 0", answer=500), legal()),
        """
        accepts.actors: a message with actor 0 is answered by 500
            expected a 2xx
            seen 500 after 2 ms (the receiver itself, or what stands in front of it, fails) [5]
        accepts.life-cycle: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [3, 4]
        met accepts.life-cycle: 1, 2, 6
        """,
    ),
    (
        "a mark that is refused as three plain messages are",
        story(*taken(2), *[legal(answer=400)] * 3, legal("actor 0", answer=400), legal()),
        """
        accepts.life-cycle: now and then a message is refused, though others like it are taken
            expected a 2xx, as the others got
            seen 400 after 2 ms [3, 4, 5, 6]
        met accepts.life-cycle: 1, 2, 7
        """,
    ),
    (
        "a mark that is refused as two plain messages are",
        story(*taken(2), *[legal(answer=400)] * 2, legal("actor 0", answer=400), legal()),
        """
        accepts.actors: a message with actor 0 is refused
            expected a 2xx
            seen 400 after 2 ms [5]
        accepts.life-cycle: now and then a message is refused, though others like it are taken
            expected a 2xx, as the others got
            seen 400 after 2 ms [3, 4]
        met accepts.life-cycle: 1, 2, 6
        """,
    ),
    (
        "under load says nothing of how often a plain message fails",
        story(legal(), legal(sent_for=SIDE), *[legal(sent_for=SIDE, answer=503)] * 3, legal("actor 0", answer=503),
              legal()),
        """
        accepts.actors: a message with actor 0 is answered by 503
            expected a 2xx
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [6]
        accepts.connections: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [3, 4, 5]
        met accepts.connections: 2
        met accepts.life-cycle: 1, 7
        """,
    ),
    (
        "three messages with a mark met what one of nine meets",
        story(*taken(7), legal(answer=503), *[legal("actor 0", answer=503)] * 3, legal()),
        """
        accepts.life-cycle: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [8, 9, 10, 11]
        met accepts.life-cycle: 1-7, 12
        """,
    ),
    (
        "four messages with a mark met what one of ten meets",
        story(*taken(9), legal(answer=503), *[legal("actor 0", answer=503)] * 4, legal()),
        """
        accepts.actors: a message with actor 0 is answered by 503
            expected a 2xx
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [11, 12, 13, 14]
        accepts.life-cycle: a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [10]
        met accepts.life-cycle: 1-9, 15
        """,
    ),
    (
        "what befalls one of a thousand is no chance for the one message with a mark",
        story(*taken(998), legal(answer=503), legal("actor 0", answer=503), legal()),
        """
        accepts.actors: a message with actor 0 is answered by 503
            expected a 2xx
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [1000]
        accepts.life-cycle: a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [999]
        met accepts.life-cycle: 1-998, 1001
        """,
    ),
    (
        "of the marks of a message the most frequent says how likely chance is",
        story(*taken(9), legal(answer=503), legal("actor 0", "goal 0", answer=503), *[legal("actor 0", answer=503)] * 3,
              legal("goal 0", "actor 2", answer=503), legal()),
        """
        accepts.actors: a message with actor 0 is answered by 503
            expected a 2xx
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [11, 12, 13, 14]
        accepts.life-cycle: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [10, 15]
        met accepts.life-cycle: 1-9, 16
        """,
    ),
    (
        "what is taken under load makes no failure less likely",
        story(legal(), legal(answer=503), *[legal(sent_for=FLOOD)] * 50, *[legal("actor 0", answer=503)] * 4, legal()),
        """
        accepts.life-cycle: now and then a message is answered by 503, though others like it are taken
            expected a 2xx, as the others got
            seen 503 after 2 ms (the receiver itself, or what stands in front of it, fails) [2, 53, 54, 55,
                56]
        met accepts.flood: 3-52
        met accepts.life-cycle: 1, 57
        """,
    ),
    (
        "a plain message beside a faulty one is a message of a life",
        story(legal(), legal(sent_for="rejects.wrong-type", answer=400), legal()),
        """
        accepts.life-cycle: a message is refused, though others like it are taken
            expected a 2xx, as the others got
            seen 400 after 2 ms [2]
        met accepts.life-cycle: 1, 3
        """,
    ),
    (
        "what is refused for a mark alone explains others with it before a mark that stands in more",
        story(legal(), legal("goal 0", answer=400), legal("actor 2", "actor 3", answer=400),
              legal("actor 2", "dial mode 8", answer=400), legal("actor 2", "goal 0", answer=400), legal()),
        """
        accepts.methods: a message with goal 0 is refused
            expected a 2xx
            seen 400 after 2 ms [2, 5]
        accepts.actors: a message with actor 2 is refused
            expected a 2xx
            seen 400 after 2 ms [3, 4]
        met accepts.life-cycle: 1, 6
        """,
    ),
    (
        "of two things together that may be the reason two marks are named before a mark and a code",
        story(legal(), legal("goal 0", "method 2"), legal("goal 0", "method 3"), legal("method 2", state=5, action=9),
              legal("method 3", state=5, action=9),
              *[legal("goal 0", "method 2", "method 3", state=5, action=9, answer=400)] * 2, legal()),
        """
        accepts.life-cycle: a message with method 2 and with method 3 is refused, though each of them by
                itself is taken
            expected a 2xx
            seen 400 after 2 ms [6, 7]
        met accepts.life-cycle: 1-5, 8
        met accepts.methods: 2-5
        """,
    ),
    (
        "two marks with one effect",
        story(legal(), legal("goal 0", answer=400), legal("method 2", answer=400), legal()),
        """
        accepts.methods: a message with goal 0 is refused (the same with method 2)
            expected a 2xx
            seen 400 after 2 ms [2, 3]
        met accepts.life-cycle: 1, 4
        """,
    ),
]  # fmt: skip


def play(told: Story) -> str:
    return ruled(told[1], "accepts.")


@pytest.mark.parametrize("told", STORIES, ids=[name for name, _, _ in STORIES])
def test_what_no_mark_explains_is_told_in_these_words(told: Story) -> None:
    assert play(told) == text(told[2])
