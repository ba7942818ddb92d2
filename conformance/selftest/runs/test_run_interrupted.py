"""Whatever ends a run: what it loaded is unloaded, options are put back, and the report is written."""

from __future__ import annotations

import re
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from selftest.runs.proxies import ControlProxy
from selftest.runs.running import Reference, killed_at_the_end, start_pytest, start_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selftest.runs.running import Done, Running

OPTIONS = {
    "send-campaigngroup-states": True,
    "campaigngroup-states-uri": "http://127.0.0.1:9/before",
    "campaigngroup-states-interval": 77,
}
SOON = 6.0
"""Within so many seconds a run has to end after a signal."""
CREATE = "/conformance/campaign-groups/"


@dataclass
class Watched:
    """The reference emitter, with a proxy before its control API that sees what the suite asks for."""

    emitter: Reference
    proxy: ControlProxy

    def assert_as_before(self) -> None:
        created = {path for method, path in self.proxy.asked if method == "PUT" and path.startswith(CREATE)}
        assert created
        for path in created:
            status, _ = self.emitter.ask("GET", path)
            assert status == 404, f"{path} is still configured"
        assert self.emitter.options() == OPTIONS


@pytest.fixture
def watched() -> Iterator[Watched]:
    with Reference() as emitter, ControlProxy(emitter.base) as proxy:
        assert emitter.ask("PUT", "/conformance/options", OPTIONS)[0] == 200
        yield Watched(emitter, proxy)


def assert_interrupted(done: Done) -> None:
    done.assert_no_traceback()
    assert done.status == 2, (done.out, done.err)
    assert done.report["exitStatus"] == 2
    assert done.report["verdict"] == "interrupted"
    assert {name for _, name in done.junit} == {*done.requirements, "verdict"}


def end(running: Running, number: signal.Signals) -> Done:
    running.send(number)
    began = time.monotonic()
    done = running.done()
    assert time.monotonic() - began < SOON
    return done


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("during", ["life cycles", "a receiver that is away, or stalls", "a set interval"])
def test_a_signal_ends_a_run_and_leaves_nothing(
    tmp_path: Path, watched: Watched, number: signal.Signals, during: str
) -> None:
    cases = {
        "life cycles": [],
        "a receiver that is away, or stalls": ["-r", "failure.group"],
        "a set interval": ["-r", "periodic.int"],
    }
    with killed_at_the_end(start_run(tmp_path, "--emitter", watched.proxy.base, "--fast", *cases[during])) as running:
        running.until(during)
        loads = watched.proxy.count("load-campaign")
        watched.proxy.wait_for("load-campaign", loads + 1)
        done = end(running, number)
    assert_interrupted(done)
    assert done.err == ""
    watched.assert_as_before()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_pytest_and_leaves_nothing(tmp_path: Path, watched: Watched, number: signal.Signals) -> None:
    reports = ("--cgstate-report-json=report.json", "--cgstate-report-junit=report.xml")
    with killed_at_the_end(start_pytest(tmp_path, f"--cgstate-emitter={watched.proxy.base}", *reports)) as running:
        watched.proxy.wait_for("load-campaign", 12)
        done = end(running, number)
    assert_interrupted(done)
    watched.assert_as_before()


def test_a_second_signal_does_not_break_off_the_clean_up(tmp_path: Path, watched: Watched) -> None:
    with killed_at_the_end(start_run(tmp_path, "--emitter", watched.proxy.base, "--fast")) as running:
        watched.proxy.wait_for("load-campaign", 12)
        watched.proxy.delay = 0.02
        running.send(signal.SIGINT)
        watched.proxy.wait_for_method("DELETE", 1)
        done = end(running, signal.SIGINT)
    assert_interrupted(done)
    assert done.errors == ["cgstate: stopping and unloading the groups; once more to leave them as they are"]
    watched.assert_as_before()


def test_what_an_emitter_that_died_leaves_is_told_in_one_line_for_each_kind(tmp_path: Path) -> None:
    with Reference() as emitter, killed_at_the_end(start_run(tmp_path, "--emitter", emitter.base, "--fast")) as running:
        running.until("generated life cycles")
        emitter.kill()
        done = running.done()
    done.assert_no_traceback()
    left = [note for note in done.report["notes"] if "still configured" in note]
    assert len(left) == 1
    told = re.match(r"(\d+) Campaign Groups are still configured: '[^']+', '[^']+', '[^']+' and (\d+) more", left[0])
    assert told is not None, left
    assert int(told[1]) == int(told[2]) + 3 > 10
    assert len([note for note in done.report["notes"] if "still loaded" in note]) <= 1
    assert len([note for note in done.report["notes"] if "options are not put back" in note]) == 1


def test_exit_first_leaves_nothing(tmp_path: Path, watched: Watched) -> None:
    (tmp_path / "test_own.py").write_text("def test_own():\n    assert False\n")
    reports = ("--cgstate-report-json=report.json", "--cgstate-report-junit=report.xml")
    chosen = ("-k", "again or own", "--cgstate-requirement=guid", "--cgstate-requirement=queue-name")
    arguments = ("--pyargs", "cgstate.suite", "test_own.py", "-x", f"--cgstate-emitter={watched.proxy.base}", *reports)
    done = start_pytest(tmp_path, *arguments, *chosen, suite=False).done()
    done.assert_no_traceback()
    assert done.status == 1, (done.out, done.err)
    assert done.accused == set()
    assert "test_own.py" in done.out
    watched.assert_as_before()


def test_exit_first_stops_at_a_finding(tmp_path: Path) -> None:
    reports = ("--cgstate-report-json=report.json", "--cgstate-report-junit=report.xml")
    arguments = ("-x", "--cgstate-broken=null-dial-mode", "--cgstate-requirement=dial-mode.only-when-running")
    done = start_pytest(tmp_path, *arguments, *reports).done()
    done.assert_no_traceback()
    assert done.status == 1, (done.out, done.err)
    assert done.accused == {"dial-mode.only-when-running"}
    assert "stopping after 1 failures" in done.out


CONFTEST = """\
from cgstate.drivers.http_control import HttpControl


def pytest_cgstate_driver(config):
    driver = HttpControl({base!r})
    driver.name = "a driver of ours"
    return driver
"""


def test_the_hook_in_a_conftest_names_the_driver(tmp_path: Path, watched: Watched) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST.format(base=watched.proxy.base))
    reports = ("--cgstate-report-json=report.json", "--cgstate-report-junit=report.xml")
    done = start_pytest(tmp_path, *reports, "--cgstate-requirement=option.no-uri", "--cgstate-quiet=0.2").done()
    assert done.status == 0, (done.out, done.err)
    assert (done.report["subject"], done.report["driver"]) == ("a driver of ours", "pytest_cgstate_driver")
    assert done.outcomes["option.no-uri"] == "passed"
    watched.assert_as_before()


def test_many_processes_are_refused_in_one_line(tmp_path: Path, watched: Watched) -> None:
    pytest.importorskip("xdist")
    done = start_pytest(tmp_path, "-p", "xdist", "-n", "2", f"--cgstate-emitter={watched.proxy.base}").done()
    done.assert_no_traceback()
    assert done.status == 4, (done.out, done.err)
    said = [line for line in (done.out + done.err).splitlines() if "cannot be spread over processes" in line]
    assert len(said) == 1, (done.out, done.err)
    assert watched.proxy.asked == []


def test_collecting_touches_no_emitter(tmp_path: Path, watched: Watched) -> None:
    done = start_pytest(tmp_path, "--collect-only", "-q", f"--cgstate-emitter={watched.proxy.base}").done()
    assert done.status == 0, (done.out, done.err)
    assert "test_case[the five requests]" in done.out
    assert watched.proxy.asked == []
