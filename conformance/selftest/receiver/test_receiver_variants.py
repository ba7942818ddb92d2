"""Each variant of the receiver does what it says, and the reference receiver as it is does not; all play one scene."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from cgstate.specification.registry import registry
from cgstate_reference.variants.chance import CHANCE
from cgstate_reference.variants.receivers import variants
from selftest.receiver.variant_scene import MANY, Answer, Seen, play
from selftest.reference.hurrying import hurry

if TYPE_CHECKING:
    from collections.abc import Callable

    Shows = Callable[[Seen], object]


@cache
def played(name: str) -> Seen:
    CHANCE.seed(3)
    return hurry(play(name))


def life(condition: Callable[[Answer], object]) -> Shows:
    """Each answer to a legal message is so."""
    return lambda seen: all(condition(answer) for answer in seen.answers["life"])


def statuses(seen: Seen, step: str = "life") -> list[int]:
    return [answer.status for answer in seen.answers[step]]


def lanes(seen: Seen) -> list[str]:
    """Return over which connection each message came, in the order in which they were read back."""
    return [message["GSW_QUEUE_NAME"] for message in seen.stored["shared"]]


def in_order(seen: Seen) -> bool:
    """Whether those of each connection were read back in theirs."""
    times: dict[str, list[str]] = {}
    for message in seen.stored["shared"]:
        times.setdefault(message["GSW_QUEUE_NAME"], []).append(f"{message['GSW_DATE_TIME']:>8}")
    return all(found == sorted(found) for found in times.values())


def ended(answer: Answer) -> bool:
    return answer.ended_after is not None and answer.ended_after < 0.01


def closed(says: str | None) -> Callable[[Answer], object]:
    return lambda answer: ended(answer) and answer.says("Connection") == says


SHOWS: dict[str, Shows] = {
    "adds-fields": lambda seen: (
        seen.stored["life"][0].get("_id") and seen.stored["life"][0]["GSW_STAT_HIT_RATIO"] is None
    ),
    "any-order": lambda seen: lanes(seen) != ["0", "1", "2"] * 4 and in_order(seen),
    "any-refusal": lambda seen: (
        len(set(statuses(seen, "refused"))) > 4 and all(400 <= status < 500 for status in statuses(seen, "refused"))
    ),
    "any-success": lambda seen: len(set(statuses(seen))) > 4 and all(200 <= status < 300 for status in statuses(seen)),
    "awkward": lambda seen: (
        statuses(seen, "impossible")[0] >= 400
        and SHOWS["any-refusal"](seen)
        and SHOWS["slow"](seen)
        and len(seen.stored["at once"]) < MANY
        and "_id" in seen.stored["life"][0]
    ),
    "chunked-answers": life(lambda a: a.says("Transfer-Encoding") == "chunked" and a.body == b'{"taken": true}'),
    "closes-each": life(closed("close")),
    "closes-late": life(lambda a: a.says("Connection") == "close" and abs((a.ended_after or 0) - 0.3) < 0.05),
    "closes-without-saying": life(closed(None)),
    "created": life(lambda a: a.status == 201 and a.says("Location") and b"GSW_TENANT_NAME" in a.body),
    "ends-idle-connections": life(lambda a: a.ended_after is not None and 0.01 < a.ended_after <= 0.1),
    "ends-the-connection": lambda seen: statuses(seen, "large") == [0] and statuses(seen, "cut") == [0],
    "ends-with-the-connection": life(lambda a: a.says("Content-Length") is None and a.body == b'{"taken": true}'),
    "few-requests-each": lambda seen: (
        [ended(answer) for answer in seen.answers["life"]][:MANY] == [number % 7 == 6 for number in range(MANY)]
    ),
    "http-1.0": life(lambda a: a.heads[0].startswith("HTTP/1.0 ") and closed("close")(a)),
    "http-1.0-keep-alive": life(lambda a: a.heads[0].startswith("HTTP/1.0 ") and a.says("Connection") == "Keep-Alive"),
    "interim-answers": life(lambda a: [head.split()[1] for head in a.heads] == ["100", "102", "103", "204"]),
    "long-answers": lambda seen: any(len(answer.body) == 300_000 for answer in seen.answers["life"]),
    "nothing-is-404": lambda seen: seen.nothing == 404,
    "odd-answers": life(lambda a: len(str(a.says("X-Long"))) == 4000),
    "one-at-a-time": lambda seen: (
        sorted(round(a.took, 3) for a in seen.answers["side by side"][:3]) == [0.001, 0.002, 0.003]
    ),
    "refuses-what-it-may": lambda seen: [statuses(seen, step) for step in ("impossible", "large")] == [[400], [413]],
    "slow": life(lambda a: 0.05 <= a.took <= 0.51),
    "small-segments": life(lambda a: a.reads > 1),
    "stores-later": lambda seen: (
        set(statuses(seen)) == {202}
        and len(seen.stored["at once"]) < MANY
        and len(seen.stored["life"]) == MANY
        and in_order(seen)
    ),
    "takes-what-it-may": lambda seen: [statuses(seen, step) for step in ("doubled", "text")] == [[204], [204]],
    "writes-otherwise": lambda seen: (
        seen.raw["life"].startswith(b"[{ ") and names(seen.stored["life"][0]) != names(seen.stored["life"][1])
    ),
}
"""How each variant shows in what it answered and gave back."""


def names(message: dict[str, Any]) -> list[str]:
    return list(message)


def test_every_variant_is_proven_here_and_says_what_it_does_otherwise() -> None:
    assert set(SHOWS) == set(variants())
    for each in variants().values():
        assert re.fullmatch(r"[A-Z].*\.", each.sentence), each.name
        assert "\n" not in each.sentence
        assert each.leaves <= set(registry().requirements)
        assert each.may_warn <= {"answers.promptly"}


@pytest.mark.parametrize("name", sorted(SHOWS))
def test_a_variant_does_what_it_says_and_the_reference_receiver_does_not(name: str) -> None:
    assert SHOWS[name](played(name))
    assert not SHOWS[name](played(""))


@pytest.mark.parametrize("name", sorted(SHOWS))
def test_a_variant_takes_and_keeps_what_is_legal_and_refuses_what_is_not(name: str) -> None:
    seen = played(name)
    assert len(seen.stored["life"]) == len(seen.stored["shared"]) == MANY
    assert all(200 <= status < 300 for status in (*statuses(seen), *statuses(seen, "side by side")))
    assert all(400 <= status < 500 for status in statuses(seen, "refused"))


def test_the_command_line_lists_them_and_serves_one() -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cgstate_reference.receiver", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, input="")

    listed = run("--variant", "list").stdout.splitlines()
    assert [line.split()[0] for line in listed] == list(variants())
    assert run("--variant", "slow", "--seed", "5", "--exit-with-stdin").stdout.startswith("listening on http://")
    wrong = run("--variant", "quick")
    said = "cgstate_reference.receiver: no variant is called 'quick'; 'list' shows all\n"
    assert (wrong.returncode, wrong.stderr) == (2, said)
    both = run("--variant", "slow", "--broken", "get-200")
    assert (both.returncode, len(both.stderr.splitlines())) == (2, 1)
