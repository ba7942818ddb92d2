"""Emitters that are wrong on purpose, as a user meets them; ``cgstate selfcheck`` proves all there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cgstate_reference.broken.emitters import deviations
from selftest.runs.running import BRIEF, run, start_pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "outcome", "status"), [("local-time", "failed", 1), ("drains-backwards", "warned", 0)]
)
def test_a_broken_emitter_is_accused_of_what_it_does_and_of_nothing_else(
    name: str, outcome: str, status: int, tmp_path: Path
) -> None:
    deviation = deviations()[name]
    done = start_pytest(tmp_path, *BRIEF, f"--cgstate-broken={name}", "--cgstate-deadline=3").done()
    done.assert_no_traceback()
    assert deviation.shows in done.sentences(deviation.primary), done.told
    assert done.accused - {deviation.primary} <= set(deviation.consequences), done.told
    assert (done.outcomes[deviation.primary], done.status) == (outcome, status)
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
