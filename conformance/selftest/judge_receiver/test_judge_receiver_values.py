"""Values that were sent beside values that are stored, and answers in words."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cgstate.judge.receiver.values import MISSING, became, key_of
from cgstate.judge.receiver.words import may_be_chance, seen
from cgstate.sending import Trouble

if TYPE_CHECKING:
    from selftest.judge_receiver.stories import legal, ruled, story
else:
    from stories import legal, ruled, story

STATE, OTHER = "GSW_CAMPAIGN_GROUP_STATE", "GSW_STAT_BUSY_FACTOR"


def deep(levels: int, value: object = 1, key: str = "") -> object:
    for _ in range(levels):
        value = {key: value} if key else [value]
    return value


@pytest.mark.parametrize(
    ("name", "sent", "kept", "change"),
    [
        (STATE, 4, 4, ""),
        (STATE, 4, 5, "is altered"),
        (STATE, 4, 4.0, "is stored as a number with a fraction"),
        (STATE, 4.0, 4.0, ""),
        (STATE, 4.0, 4, "is stored as a number"),
        (STATE, 4, "4", "is stored as a string"),
        (STATE, 1, True, "is stored as a boolean"),
        (STATE, 0, False, "is stored as a boolean"),
        (STATE, 4, None, "is stored as null"),
        (STATE, 4, [4], "is stored as an array"),
        (STATE, 4, {"value": 4}, "is stored as an object"),
        (STATE, 4, MISSING, "is lost"),
        (STATE, None, MISSING, "is lost"),
        (OTHER, 1, 1.0, ""),
        (OTHER, 0.5, 0.5, ""),
        (OTHER, 0.5, 0.25, "is altered"),
        (OTHER, 1.5, "1.5", "is stored as a string"),
        (OTHER, None, None, ""),
        (OTHER, None, 0, "is stored as a number"),
        (OTHER, None, False, "is stored as a boolean"),
        (OTHER, True, True, ""),
        (OTHER, True, False, "is altered"),
        (OTHER, "null", None, "is stored as null"),
        (OTHER, "é", "e\u0301", "is altered"),
        ("x", [1, "1"], [1, "1"], ""),
        ("x", [1, "1"], ["1", 1], "is altered"),
        ("x", [1], (1.0,), ""),
        ("x", [], {}, "is stored as an object"),
        ("x", {}, [], "is stored as an array"),
        ("x", {"a": 1, "b": [None]}, {"b": [None], "a": 1}, ""),
        ("x", {"a": 1}, {"a": 2}, "is altered"),
        ("x", {"a": 1}, {"b": 1}, "is altered"),
        ("x", {"a": [1]}, {"a": {"1": 1}}, "is altered"),
        ("x", deep(199), deep(199, 2), "is altered"),
        ("x", deep(200), deep(200, 2), ""),
        ("x", deep(199, 1, "a"), deep(199, 2, "a"), "is altered"),
        ("x", deep(200, 1, "a"), deep(200, 2, "a"), ""),
        ("x", deep(100_000), deep(100_000), ""),
        ("x", "literal", True, "is stored as a boolean"),
    ],
)
def test_what_became_of_a_value(name: str, sent: object, kept: object, change: str) -> None:
    assert became(name, sent, kept) == change


def test_messages_are_the_same_where_every_attribute_is() -> None:
    one = {STATE: 4, OTHER: 1, "x": [{"a": None}]}
    assert key_of(one) == key_of({"x": [{"a": None}], OTHER: 1.0, STATE: 4})
    for name, value in [(STATE, 4.0), (OTHER, True), ("x", [{"a": 0}]), ("y", 1)]:
        assert key_of(one) != key_of(one | {name: value})


@pytest.mark.parametrize(
    ("sent_for", "words"),
    [
        ("accepts.repetition", "whose values were all sent before"),
        ("accepts.forms", "that is written otherwise"),
        ("accepts.kept-alive", "over a connection that is kept"),
        ("accepts.connections", "over one of several connections at once"),
        ("accepts.flood", "in a flood"),
        ("accepts.after-dropped", "after a connection that was dropped"),
        ("accepts.after-fault", "after something that is no notification"),
        ("accepts.chunked", "in chunked transfer coding"),
        ("accepts.nul", "with U+0000 in a name"),
    ],
)
def test_what_is_special_about_a_message_whatever_it_says(sent_for: str, words: str) -> None:
    """A mark that the same requirement covers says more; another one stands beside it, unless only this is a SHOULD."""
    alone = story(legal(), legal(sent_for=sent_for, answer=400), legal())
    assert ruled(alone, sent_for).splitlines()[0] == f"{sent_for}: a message {words} is refused"
    beside = story(legal(), legal("a tail", sent_for=sent_for, answer=400), legal())
    assert ruled(beside, sent_for).splitlines()[0] == f"{sent_for}: a message with a tail is refused"
    both = ruled(story(legal(), legal("dial mode 8", sent_for=sent_for, answer=400), legal()), "accepts.")
    alone_suspect = sent_for in {"accepts.nul", "accepts.chunked"}
    assert (f"{words} or with dial mode 8" in both) is not alone_suspect


BROKEN = "the receiver itself, or what stands in front of it, fails"


@pytest.mark.parametrize(
    ("answer", "did", "shown"),
    [
        (204, "", "204 after 2 ms"),
        (199, "is answered by 199", "199 after 2 ms"),
        (300, "is answered by a redirect", "300 after 2 ms (an emitter need not follow a redirect)"),
        (399, "is answered by a redirect", "399 after 2 ms (an emitter need not follow a redirect)"),
        (400, "is refused", "400 after 2 ms"),
        (401, "is refused", "401 after 2 ms (the login is refused)"),
        (403, "is refused", "403 after 2 ms (it is forbidden)"),
        (404, "is refused", "404 after 2 ms (is the URI right?)"),
        (405, "is refused", "405 after 2 ms (is this the URI that takes POST?)"),
        (407, "is refused", "407 after 2 ms (the proxy refuses the login)"),
        (411, "is refused", "411 after 2 ms (a length is asked for)"),
        (413, "is refused", "413 after 2 ms (the message is called too large)"),
        (415, "is refused", "415 after 2 ms (the messages are JSON, as their Content-Type says)"),
        (429, "is refused", "429 after 2 ms (there are too many for it)"),
        (499, "is refused", "499 after 2 ms"),
        (500, "is answered by 500", f"500 after 2 ms ({BROKEN})"),
        (600, "is answered by 600", f"600 after 2 ms ({BROKEN})"),
        (Trouble.UNREACHED, "finds no connection", "unreached, after 0.00 s"),
        (Trouble.CLOSED, "is cut off: the connection ends without an answer", "closed, after 0.00 s"),
        (Trouble.SILENCE, "gets no answer", "silence, after 0.00 s"),
        (Trouble.GARBAGE, "is answered by something that is no HTTP", "garbage, after 0.00 s"),
    ],
)
def test_answers_in_words(answer: int | Trouble, did: str, shown: str) -> None:
    sent = story(legal(), legal("actor 0", answer=answer), legal())
    assert seen(sent.sendings[1]) == shown
    told = ruled(sent, "accepts.actors").splitlines()
    assert told[0] == (f"accepts.actors: a message with actor 0 {did}" if did else "met accepts.actors: 2")


def test_the_beginning_of_an_answer_is_shown_and_how_trouble_came() -> None:
    (one,) = story(legal(answer=400, seconds=1.2346)).sendings
    assert seen(replace(one, answer=b" no \xff such\n")) == "400 after 1235 ms: no \\xff such"
    assert seen(replace(one, answer=b"x" * 201)) == f"400 after 1235 ms: {'x' * 200}"
    assert seen(replace(one, answer=b" \n")) == "400 after 1235 ms"
    assert seen(replace(one, status=401, answer=b"no")) == "401 after 1235 ms: no (the login is refused)"
    assert seen(replace(one, status=None, trouble=Trouble.CLOSED, detail="reset")) == "closed, after 1.23 s: reset"


@pytest.mark.parametrize(
    ("answer", "chance"),
    [(408, True), (425, True), (429, True), (500, True), (599, True), *[(trouble, True) for trouble in Trouble],
     (400, False), (404, False), (302, False), (499, False), (None, False)],
)  # fmt: skip
def test_what_may_have_come_by_chance(answer: int | Trouble | None, *, chance: bool) -> None:
    assert may_be_chance(answer) is chance
