"""Emitters that are wrong on purpose: accused of what they do, for the stated reason, and of nothing else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from cgstate_reference.broken.emitters import deviations
from selftest.runs.running import BRIEF, Done, run, start_pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SENTENCES = {
    "keeps-dial-mode-after-stop": "GSW_DIAL_MODE is sent though the group is not running",
    "local-time": "GSW_DATE_TIME is local time",
    "byte-order-mark": "the body begins with a byte order mark",
    "array-of-one": "the body is not a JSON object",
    "drops-query": "a message goes to another URI than the configured one",
    "text-plain": "the Content-Type is not application/json",
    "one-guid-for-all-groups": "two groups that are loaded at the same time have one GUID",
    "reports-start-twice": "an event is reported more than once",
    "says-nothing-of-a-stop": "the event of stop-dialing is not reported",
    "drains-backwards": "the states on the way of an unload come in another order than 1, 2, 0",
    "reports-refused-request": "a refused request is reported",
    "waits-for-receiver": "a stalled receiver holds up the Campaign Group",
    "ignores-off": "an event is reported though the feature is off",
}
"""A broken emitter, and what the failure of its primary requirement has to say."""


@pytest.fixture(scope="module")
def play(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Done]]:
    """Play against all that the selected tests want, a few at once, and return the run against each."""
    wanted = {
        str(item.callspec.params["name"])
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.path == request.path and hasattr(item, "callspec")
    }
    folders = tmp_path_factory.mktemp("broken")

    def one(name: str) -> Done:
        (folders / name).mkdir()
        return start_pytest(folders / name, *BRIEF, f"--cgstate-broken={name}", "--cgstate-deadline=3").done()

    with ThreadPoolExecutor(4) as pool:
        futures = {name: pool.submit(one, name) for name in sorted(wanted)}
        yield lambda name: futures[name].result(240)


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_a_broken_emitter_is_accused_of_what_it_does_and_of_nothing_else(
    play: Callable[[str], Done], name: str
) -> None:
    deviation, done = deviations()[name], play(name)
    done.assert_no_traceback()
    assert SENTENCES[name] in done.sentences(deviation.primary), done.told
    assert done.accused - {deviation.primary} <= set(deviation.consequences), done.told
    must = done.requirements[deviation.primary]["level"] == "MUST"
    assert done.outcomes[deviation.primary] == ("failed" if must else "warned")
    assert done.status == (1 if done.having("failed") else 0)
    assert done.report["subject"] == f"bundled emitter, broken on purpose ({name})"
    assert deviation.primary in done.out


def test_no_more_is_judged_than_was_asked_for(tmp_path: Path) -> None:
    done = run(tmp_path, "--broken", "retries-once", "-r", "failure.no-retry")
    done.assert_no_traceback()
    assert (done.status, done.accused) == (1, {"failure.no-retry"}), done.told
    assert "a notification is sent again after a 5xx answer" in done.sentences("failure.no-retry")
    assert len(done.having("left out")) == len(done.outcomes) - 1


def test_strict_lets_a_warning_fail(tmp_path: Path) -> None:
    done = run(tmp_path, "--broken", "drains-backwards", "-r", "drain.order", "--strict")
    assert (done.status, done.accused) == (1, {"drain.order"}), done.told
    assert done.outcomes["drain.order"] == "warned"
    assert "strict" in done.report["why"]
