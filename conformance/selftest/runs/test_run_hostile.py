"""Emitters that misbehave: a finding or one clear line, never a traceback, and never a run that hangs."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from selftest.runs.fake_emitter import GROUPS, HOSTILE, FakeEmitter
from selftest.runs.running import Done, environment, free_port, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

DECLARED = ("--groups", "groups.toml", "--allow-dialing")
SHORT = (*DECLARED, "--deadline", "4", "-r", "event.start.reported", "-r", "event.stop", "-r", "body", "-r", "http")
WHOLE = (*DECLARED, "--deadline", "1", "--fast")
ARGUMENTS = {
    **dict.fromkeys(sorted(HOSTILE), SHORT),
    "a burst": (*SHORT, "-r", "event.once", "--deadline", "30"),
    "slow": (*SHORT,),
}
"""How a run against each emitter is told to be short; those that end early play the whole suite."""


@dataclass(frozen=True)
class Seen:
    """A run and the emitter it was played against."""

    done: Done
    emitter: FakeEmitter


@pytest.fixture(scope="module")
def play(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Seen]]:
    """Play against all fakes that the selected tests want, a few at once, and return the run against each."""
    wanted = {
        str(item.callspec.params["how"])
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.path == request.path and hasattr(item, "callspec")
    }

    folders = tmp_path_factory.mktemp("hostile")

    def one(how: str) -> Seen:
        folder = folders / how.replace(" ", "-")
        folder.mkdir()
        (folder / "groups.toml").write_text(GROUPS)
        with FakeEmitter(how) as emitter:
            return Seen(run(folder, "--emitter", emitter.base, *ARGUMENTS.get(how, WHOLE)), emitter)

    with ThreadPoolExecutor(3) as pool:
        futures: dict[str, Future[Seen]] = {how: pool.submit(one, how) for how in sorted(wanted)}
        yield lambda how: futures[how].result(120)


def test_every_way_to_be_hostile_is_tested() -> None:
    assert {how for how, *_ in ACCUSED} | set(LEGAL) == HOSTILE


ACCUSED = [
    ("unreadable JSON", "body.json", "the body is not JSON"),
    ("no UTF-8", "body.utf8", "the body is not UTF-8"),
    ("duplicate keys", "body.unique-keys", "a key stands more than once in one object"),
    ("no HTTP", "http.well-formed", "a request is no readable HTTP"),
    ("half a request", "http.well-formed", "a request is no readable HTTP"),
    ("chunked nonsense", "http.well-formed", "a request is no readable HTTP"),
    ("a burst", "event.once", "an event is reported more than once"),
]
UNATTRIBUTABLE = {"event.start.reported"}
"""Of a message that names no group nobody can say whose it is: that group's event is missing then."""
LEGAL = ["a huge body", "deep nesting"]


@pytest.mark.parametrize(("how", "requirement", "sentence"), ACCUSED)
def test_what_is_wrong_with_a_message_is_a_finding_and_the_run_goes_on(
    play: Callable[[str], Seen], how: str, requirement: str, sentence: str
) -> None:
    done = play(how).done
    done.assert_no_traceback()
    assert done.err == ""
    assert requirement in done.accused, done.told
    assert done.sentences(requirement) == [sentence]
    assert done.accused <= {requirement} | UNATTRIBUTABLE, done.told
    assert done.status == (0 if done.outcomes[requirement] == "warned" else 1)
    assert done.outcomes["event.stop.reported"] == "passed", "the run went on"


@pytest.mark.parametrize("how", LEGAL)
def test_a_huge_or_deeply_nested_extra_key_is_legal(play: Callable[[str], Seen], how: str) -> None:
    done = play(how).done
    assert (done.status, done.err, done.accused) == (0, "", set()), done.told


@pytest.mark.parametrize("how", ["a burst"])
def test_a_burst_is_one_failure_and_does_not_hold_up_the_run(play: Callable[[str], Seen], how: str) -> None:
    seen = play(how)
    (failure,) = seen.done.requirements["event.once"]["failures"]
    assert failure["times"] > 100, "what came while the run went on was seen"
    assert seen.emitter.state == 0


@pytest.mark.parametrize("how", ["silent"])
def test_an_emitter_that_never_reports_is_one_failure_with_a_hint(play: Callable[[str], Seen], how: str) -> None:
    done = play(how).done
    assert (done.status, done.err, done.accused) == (1, "", {"event.load.reported"}), done.told
    assert not done.having("passed")
    reason = done.requirements["event.start.reported"]["reason"]
    assert "can the emitter reach that address?" in reason
    assert "--advertise" in reason
    assert "--advertise" in done.out
    seen = play(how).emitter
    assert seen.requests()[0] == "load-campaign"
    assert "start-dialing" not in seen.requests(), "nobody is dialed in vain"
    assert seen.state == 0
    assert seen.options["send-campaigngroup-states"] is False


TROUBLE = {
    "failing": "answered 500: down",
    "garbage": "capabilities is no array of strings",
    "no HTTP for an answer": "the connection broke before a readable answer came",
    "failing requests": "no declared group is left to play with",
    "garbage for an answer": "no declared group is left to play with",
}


@pytest.mark.parametrize("how", sorted(TROUBLE))
def test_a_failing_control_api_is_the_drivers_trouble(play: Callable[[str], Seen], how: str) -> None:
    done = play(how).done
    done.assert_no_traceback()
    assert (done.status, done.err, done.accused) == (5, "", set()), done.told
    assert done.outcomes["event.start.reported"] == "not exercised"
    assert TROUBLE[how] in done.requirements["event.start.reported"]["reason"]
    assert "\x1b" not in done.out


@pytest.mark.parametrize("how", ["failing requests", "garbage for an answer"])
def test_what_cannot_be_unloaded_is_tried_again_and_said(play: Callable[[str], Seen], how: str) -> None:
    seen = play(how)
    assert seen.emitter.requests()[-1] == "unload-campaign"
    assert any("'Renewals@North' is still loaded" in note for note in seen.done.report["notes"])
    assert "is still loaded" in seen.done.out


@pytest.mark.parametrize("how", ["slow"])
def test_a_slow_control_api_is_waited_for(play: Callable[[str], Seen], how: str) -> None:
    done = play(how).done
    assert (done.status, done.err, done.accused) == (0, "", set()), done.told


@pytest.mark.parametrize("how", ["login"])
def test_a_refused_login_is_neither_pass_nor_fail(play: Callable[[str], Seen], how: str) -> None:
    done = play(how).done
    assert (done.status, done.err, done.accused) == (6, "", set()), done.told
    assert "refused the login (401)" in done.out
    assert len(play(how).emitter.asked) == 1


@pytest.mark.parametrize("how", ["login for requests"])
def test_a_login_that_only_the_first_load_needs_is_unreachable_too(play: Callable[[str], Seen], how: str) -> None:
    seen = play(how)
    assert (seen.done.status, seen.done.err, seen.done.accused) == (6, "", set()), seen.done.told
    told = " ".join(seen.done.out.split())
    assert "refused the login (401): give its credentials" in told
    assert "--emitter-header 'Authorization: ...', or --emitter-cert" in told
    assert seen.emitter.requests() == ["load-campaign"], "what was never loaded is not unloaded"


@pytest.mark.parametrize("how", ["loaded by somebody"])
def test_a_group_that_somebody_else_has_loaded_is_left_alone(play: Callable[[str], Seen], how: str) -> None:
    seen = play(how)
    assert seen.emitter.requests() == ["load-campaign"]
    assert (seen.done.status, seen.done.err, seen.done.accused) == (5, "", set()), seen.done.told
    assert any("cannot be loaded and is left alone" in note for note in seen.done.report["notes"])


def test_what_a_dead_emitter_owed_is_judged_and_the_rest_is_not_exercised(tmp_path: Path) -> None:
    (tmp_path / "groups.toml").write_text(GROUPS)
    fake = [sys.executable, "-m", "selftest.runs.fake_emitter", "dies"]
    with subprocess.Popen(fake, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as emitter:
        assert emitter.stdout is not None
        done = run(tmp_path, "--emitter", emitter.stdout.readline().decode().strip(), *WHOLE)
        assert emitter.wait(10) == 9
    done.assert_no_traceback()
    assert (done.status, done.err) == (5, ""), done.told
    assert done.outcomes["event.load.reported"] == "passed"
    assert done.outcomes["state.after-start"] == "not exercised"
    assert any("the emitter stopped answering" in note for note in done.report["notes"])


def test_an_emitter_that_refuses_connections_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "groups.toml").write_text(GROUPS)
    done = run(tmp_path, "--emitter", f"http://127.0.0.1:{free_port()}/ocs/v3/servers/1", *WHOLE)
    assert (done.status, done.err, done.accused) == (6, "", set())
    assert "connection refused" in done.out
