"""Each variant of the emitter does what it says, and the reference emitter as it is does not; all play one scene."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from cgstate.specification.registry import Level, registry
from cgstate_reference.variants.chance import CHANCE
from cgstate_reference.variants.emitters import variants
from selftest.reference.hurrying import hurry
from selftest.reference.variant_scene import Message, Seen, play

if TYPE_CHECKING:
    from collections.abc import Callable

    Shows = Callable[[Seen], object]

STATISTICS = ("BUSY_FACTOR", "OVERDIAL_RATE", "HIT_RATIO", "TIME_TO_COMPLETE")
TIME = ("event.soon", "periodic.no-drift", "date-time.clock", "answers.promptly")
"""The requirements about time that are not mandatory."""


@cache
def played(name: str) -> Seen:
    CHANCE.seed(3)
    return hurry(play(name))


def every(condition: Callable[[Message], object]) -> Shows:
    return lambda seen: all(condition(message) for message in seen.messages)


def some(condition: Callable[[Message], object]) -> Shows:
    return lambda seen: any(condition(message) for message in seen.messages)


def header(name: str, value: str) -> Shows:
    return every(lambda message: message.header(name) == value)


def delays(seen: Seen) -> list[float]:
    """Return how long after its own time each event of the plain lives came, in seconds."""
    return [m.arrival - m.moment for phase in ("same", "change", "second life") for m in seen.events(phase)]


def status(phase: str, request: str, seen: Seen) -> int:
    return seen.asked[f"{phase} {request}"][1]


def paced(seen: Seen) -> list[Message]:
    return [m for phase in ("paced", "running") for m in seen.samples(phase) if m not in beside(seen)]


def beside(seen: Seen) -> list[Message]:
    return [m for m in seen.samples() if m.value("CAMPAIGN_GROUP_NAME") == "Beside it"]


def gaps(seen: Seen) -> list[float]:
    moments = [m.moment for m in paced(seen)]
    return [later - earlier for earlier, later in pairwise(moments)]


def out_of_order(seen: Seen) -> bool:
    names = [m.value("CAMPAIGN_GROUP_NAME") for m in sorted(seen.of("burst"), key=lambda m: m.moment)]
    return names != [m.value("CAMPAIGN_GROUP_NAME") for m in seen.of("burst")] and len(names) > 1


def after_request(seen: Seen) -> float:
    return seen.events("second life", 7)[0].moment - seen.asked["second life load-campaign"][0]


def states_of_end(seen: Seen) -> list[int]:
    return [m.event[1] for m in seen.events("ending", 8)]


def statistics(seen: Seen) -> list[object]:
    return [m.data.get(f"GSW_STAT_{name}") for m in (*paced(seen), *beside(seen)) for name in STATISTICS]


def raw_text(message: Message) -> str:
    return message.body.decode()


AWKWARD = ("chunked", "content-type-forms", "follows-redirects", "odd-headers", "shuffled-keys", "small-segments")

SHOWS: dict[str, Shows] = {
    "absolute-form": every(lambda m: m.head.startswith("POST http://127.0.0.1")),
    "acts-later": lambda seen: after_request(seen) >= 0.05 and seen.asked["second life load-campaign"][2] < 0.04,
    "any-action": lambda seen: len({m.event[0] for m in seen.samples("running")}) > 1,
    "any-actor": lambda seen: len({m.value("CAMPAIGN_GROUP_ACTOR") for m in seen.samples("running")}) > 1,
    "awkward": lambda seen: all(SHOWS[name](seen) for name in AWKWARD) and b'{"\\u' in seen.messages[0].body,
    "chunked": header("Transfer-Encoding", "chunked"),
    "clock-ahead": lambda seen: all(abs(delay + 3) < 0.1 for delay in delays(seen)),
    "clock-behind": lambda seen: all(abs(delay - 3) < 0.1 for delay in delays(seen)),
    "coarse-clock": every(lambda m: abs(m.moment * 64 - round(m.moment * 64)) < 0.04),
    "common-tick": lambda seen: min(abs(a.arrival - b.arrival) for a in paced(seen) for b in beside(seen)) < 0.02,
    "connection-per-message": lambda seen: seen.connections == len(seen.messages),
    "content-type-forms": lambda seen: len({m.header("Content-Type") for m in seen.messages}) >= 5,
    "documented-changes-only": lambda seen: (
        [status(phase, "set-dialing-mode", seen) for phase in ("same", "change", "other")] == [200, 200, 409]
    ),
    "drains-for-seconds": lambda seen: (
        "drain" not in seen.declared["capabilities"]
        and states_of_end(seen) == [1, 2, 0]
        and seen.events("ending", 8)[-1].arrival - seen.events("ending", 8)[0].arrival >= 1
    ),
    "drains-silently": lambda seen: states_of_end(seen) == [0],
    "escapes-everything": every(
        lambda m: not re.search(r"[A-Za-z]", re.sub(r"\\u[0-9a-fA-F]{4}|null|e[+-]|true|false", "", raw_text(m)))
    ),
    "escapes-non-ascii": every(lambda m: r"\u00d6" in raw_text(m) and m.body.isascii()),
    "expects-continue": header("Expect", "100-continue"),
    "few-hooks": lambda seen: seen.declared == {"capabilities": ["options", "groups"], "dialModes": [2, 3]},
    "follows-redirects": lambda seen: [m.head.split()[0] for m in seen.of("moved")] == ["POST", "GET"],
    "half-closes": every(lambda m: m.ended),
    "http-1.0": every(lambda m: "HTTP/1.0\r\n" in m.head),
    "impatient": lambda seen: all(m.ended for m in seen.of("stalled") if b"stalled" in m.body),
    "jitters": lambda seen: 0.01 < max(delays(seen)) <= 0.35 and max(gaps(seen)) - min(gaps(seen)) > 0.05,
    "keeps-old-options": lambda seen: bool(seen.events("off", 9)),
    "large-bodies": some(lambda m: len(m.body) > 900_000),
    "mode-at-any-time": lambda seen: status("life", "set-dialing-mode", seen) == 200 and (11, 4) in seen.states(),
    "mode-at-any-time-silently": lambda seen: (
        status("life", "set-dialing-mode", seen) == 200 and (11, 4) not in seen.states()
    ),
    "more-attributes": every(lambda m: m.data.get("GSW_CALLING_LISTS", [0])[0] == ["list", 1]),
    "nothing-to-go-by": lambda seen: all(
        SHOWS[name](seen) for name in ("any-action", "statistics-in-events", "out-of-order")
    ),
    "odd-headers": lambda seen: len({re.search(r"(?im)^(content-type):", m.head)[1] for m in seen.messages}) > 2,  # type: ignore[index] # it is there
    "odd-statistics": lambda seen: (
        None in statistics(seen)
        and any(type(v) is int for v in statistics(seen))
        and any(isinstance(v, float) and v > 1 for v in statistics(seen))
    ),
    "one-connection": lambda seen: seen.connections == 1,
    "only-unloads": lambda seen: states_of_end(seen) == [2, 0],
    "only-waits": lambda seen: states_of_end(seen) == [1, 0],
    "opaque-guids": lambda seen: (
        len({m.value("CAMPAIGN_GROUP_GUID") for phase in ("life", "second life") for m in seen.of(phase)}) == 1
        and len(seen.of("life")[0].value("CAMPAIGN_GROUP_GUID")) == 64
    ),
    "other-actors": lambda seen: (
        seen.declared["actors"]["client"] == 2**31 - 1 and seen.of("life")[0].value("CAMPAIGN_GROUP_ACTOR") == 2**31 - 1
    ),
    "out-of-order": out_of_order,
    "pretty-printed": every(lambda m: m.body.startswith(b"\r\n \t{") and m.body.endswith(b"}\n\n")),
    "reads-no-answer": every(lambda m: m.ended),
    "reports-everything": lambda seen: seen.states("again") == [(9, 5)],
    "restarts-interval": lambda seen: any(abs(gap - 2) > 0.1 for gap in gaps(seen)),
    "samples-at-once": lambda seen: seen.samples()[0].arrival - seen.events("paced", 7)[0].arrival < 0.4,
    "samples-while-draining": lambda seen: {1, 2} & {m.event[1] for m in seen.samples("draining")},
    "shuffled-keys": lambda seen: len({tuple(m.data) for m in seen.messages}) > len(seen.messages) / 2,
    "silent-about-same-mode": lambda seen: not seen.of("same") and seen.of("change"),
    "slow": lambda seen: (
        all(0.05 <= delay <= 0.6 for delay in delays(seen))
        and all(0.05 <= took <= 0.6 for _, _, took in seen.asked.values())
    ),
    "slow-behind-terse": lambda seen: all(3.05 <= delay <= 3.6 for delay in delays(seen)) and not seen.of("same"),
    "slow-draining-out-of-order": lambda seen: (
        out_of_order(seen)
        and "drain" not in seen.declared["capabilities"]
        and min(took for _, _, took in seen.asked.values()) >= 0.05
    ),
    "small-segments": every(lambda m: m.reads > 3),
    "spare-connections": lambda seen: seen.silent == len(seen.messages),
    "starts-as-configured": lambda seen: seen.of("by itself")[-1].value("DIAL_MODE") == 1,
    "statistics-in-events": lambda seen: len(seen.samples("life")) == len(seen.of("life")),
    "stops-before-unload": lambda seen: seen.states("ending")[0] == (10, 4),
    "takes-everything": lambda seen: (
        [status("again", r, seen) for r in ("load-campaign", "start-dialing")] == [200, 200] and not seen.of("again")
    ),
    "time-of-last-action": lambda seen: len({m.moment for m in seen.samples("running")}) == 1,
    "unknown-actor": lambda seen: (
        {m.value("CAMPAIGN_GROUP_ACTOR") for m in seen.messages} == {0} and "actors" not in seen.declared
    ),
}
"""How each variant shows in what it sent and answered."""


def test_every_variant_is_proven_here_and_says_what_it_does_otherwise() -> None:
    assert set(SHOWS) == set(variants())
    for each in variants().values():
        assert re.fullmatch(r"[A-Z].*\.", each.sentence), each.name
        assert "\n" not in each.sentence


@pytest.mark.parametrize("name", sorted(SHOWS))
def test_a_variant_does_what_it_says_and_the_reference_emitter_does_not(name: str) -> None:
    assert SHOWS[name](played(name))
    assert not SHOWS[name](played(""))


def test_what_a_variant_may_be_warned_for_is_about_time_and_not_mandatory() -> None:
    known = registry().requirements
    for each in variants().values():
        assert each.may_warn <= set(TIME)
        assert each.leaves <= set(known)
    assert all(known[name].level is Level.SHOULD for name in TIME)


def test_the_command_line_lists_them_and_serves_one() -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cgstate_reference.emitter", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, input="")

    listed = run("--variant", "list").stdout.splitlines()
    assert [line.split()[0] for line in listed] == list(variants())
    assert run("--variant", "slow", "--seed", "5", "--exit-with-stdin").stdout.startswith("http://127.0.0.1:")
    wrong = run("--variant", "quick")
    assert (wrong.returncode, wrong.stderr) == (
        2,
        "cgstate_reference.emitter: no variant is called 'quick'; 'list' shows all\n",
    )
    both = run("--variant", "slow", "--broken", "drifts")
    assert (both.returncode, len(both.stderr.splitlines())) == (2, 1)
