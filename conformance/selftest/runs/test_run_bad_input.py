"""What a user can get wrong: one clear line on standard error, status 4, and nothing asked of the emitter."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from selftest.runs.fake_emitter import GROUPS, FakeEmitter
from selftest.runs.running import Done, run, start_pytest

if TYPE_CHECKING:
    from pathlib import Path

DRIVER = "def make(:\n"
NO_TEST = GROUPS.replace("test = true\n", "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in {
        "groups.toml": GROUPS,
        "no-test.toml": NO_TEST,
        "wrong.toml": GROUPS.replace("queueName", "queuename"),
        "no.toml": "[[group]\n",
        "driver.py": DRIVER,
    }.items():
        (tmp_path / name).write_text(content)
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9\n")
    return tmp_path


def assert_usage(done: Done, said: str) -> None:
    done.assert_no_traceback()
    assert (done.status, done.out) == (4, ""), (done.out, done.err)
    assert said in done.errors[0], done.err
    assert len(done.errors) == 2, done.err
    assert done.errors[1] == "Try 'cgstate run --help'."
    assert not (done.folder / "report.json").exists()
    assert not (done.folder / "report.xml").exists()


BEFORE_ANYTHING = {
    "near miss": (["-r", "dial-mode.only-when-runing"], "did you mean dial-mode.only-when-running"),
    "no such prefix": (["-r", "nonsense."], "--requirement: no requirement "),
    "no file": (["--groups", "nowhere.toml"], "--groups: nowhere.toml: No such file or directory"),
    "a folder": (["--groups", "."], "--groups: .: Is a directory"),
    "no TOML": (["--groups", "no.toml"], "no.toml: not readable as TOML"),
    "no UTF-8": (["--groups", "latin.toml"], "latin.toml: not UTF-8 text"),
    "unknown key": (["--groups", "wrong.toml"], "unknown key 'queuename'"),
    "two emitters": (["--driver", "driver.py:make"], "--emitter and --driver name two emitters"),
    "unwritable JSON": (["--report-json", "nowhere/r.json"], "cannot write 'nowhere/r.json'"),
    "unwritable JUnit": (["--report-junit", "."], "cannot write '.'"),
    "no address": (["--listen", "127.0.0.1"], "--listen"),
    "no seconds": (["--deadline", "0"], "--deadline"),
    "hm": (["--fasst"], "--fasst"),
}


@pytest.mark.parametrize("wrong", sorted(BEFORE_ANYTHING))
def test_a_wrong_option_is_one_line_and_asks_nothing_of_the_emitter(folder: Path, wrong: str) -> None:
    arguments, said = BEFORE_ANYTHING[wrong]
    with FakeEmitter() as emitter:
        assert_usage(run(folder, "--emitter", emitter.base, *arguments), said)
        assert emitter.asked == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--groups", "groups.toml"], "say --allow-dialing if that is meant"),
        (["--groups", "no-test.toml", "--allow-dialing"], "mark them test = true"),
        ([], "declare some of its own with --groups FILE"),
    ],
    ids=["without --allow-dialing", "no group to test with", "no groups"],
)
def test_without_leave_to_dial_an_emitter_is_asked_only_what_it_can_do(
    folder: Path, arguments: list[str], said: str
) -> None:
    with FakeEmitter() as emitter:
        assert_usage(run(folder, "--emitter", emitter.base, *arguments), said)
        assert emitter.asked == [("GET", "/conformance")]


def test_a_port_in_use_is_one_line_and_changes_nothing(folder: Path) -> None:
    with FakeEmitter() as emitter, socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        listen = f"127.0.0.1:{held.getsockname()[1]}"
        done = run(folder, "--emitter", emitter.base, "--groups", "groups.toml", "--allow-dialing", "--listen", listen)
        assert_usage(done, "the port is in use")
        assert listen in done.err
        assert all(method == "GET" for method, _ in emitter.asked)


def test_a_driver_with_a_syntax_error_is_one_line(folder: Path) -> None:
    done = run(folder, "--driver", "driver.py:make")
    assert_usage(done, "driver 'driver.py:make'")
    assert "line 1" in done.errors[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--cgstate-requirement=dial-mode.only-when-runing"], "did you mean dial-mode.only-when-running"),
        (["--cgstate-groups=no.toml"], "no.toml: not readable as TOML"),
        (["--cgstate-driver=driver.py:make"], "driver 'driver.py:make'"),
        (["--cgstate-emitter=nonsense"], "is no http or https URI"),
        (["--cgstate-groups=groups.toml"], "say --allow-dialing"),
    ],
)
def test_pytest_says_the_same_in_one_line(folder: Path, arguments: list[str], said: str) -> None:
    with FakeEmitter() as emitter:
        named = any("emitter" in each or "driver" in each for each in arguments)
        done = start_pytest(folder, *([] if named else [f"--cgstate-emitter={emitter.base}"]), *arguments).done()
    assert done.status == 4, (done.out, done.err)
    done.assert_no_traceback()
    (line,) = [each for each in done.errors if each.startswith("ERROR: ")]
    assert said in line
