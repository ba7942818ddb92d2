import importlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from cgstate.command import main as command_main
from cgstate.command.errors import explain
from cgstate.command.main import SUBCOMMANDS, main
from cgstate.verdict.verdict import ExitStatus

if TYPE_CHECKING:
    from selftest.command.conftest import Cgstate


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_subcommand_is_there_and_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = name.replace("-", "_")
    assert isinstance(getattr(importlib.import_module(f"cgstate.command.{module}"), module), click.Command)
    assert main([name, "--help"]) == 0
    assert f"Usage: cgstate {name}" in capsys.readouterr().out


def test_help_lists_every_subcommand_and_the_exit_statuses(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"  {name} " in shown for name in SUBCOMMANDS)
    assert "0 conforms, 1 does not" in " ".join(shown.split())


def test_no_command_is_a_usage_error_that_shows_the_help(cgstate_command: "Cgstate") -> None:
    done = cgstate_command()
    assert (done.status, done.out) == (4, "")
    assert "Commands:" in done.err


def test_the_version_is_told(cgstate_command: "Cgstate") -> None:
    done = cgstate_command("--version")
    assert (done.status, done.out) == (0, "cgstate 0.1.0\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chekc"], "cgstate: there is no command 'chekc' (did you mean check?)"),
        (["check"], "cgstate check: Missing argument 'FILE|-...'."),
        (["check", "--nonsense", "-"], "cgstate check: No such option '--nonsense'"),
        (["check", "-r", "dial-mod.integer", "-"], "cgstate check: --requirement: no requirement 'dial-mod.integer'"),
        (["check", "-r", "bdy", "-"], "cgstate check: --requirement: no requirement 'bdy' (did you mean body?)"),
        (["check", "--must-exercise", "event.once", "-"], "cgstate check: --must-exercise event.once: not judged here"),
        (["check", "--report-json", "no/folder/r", "-"], "cgstate check: cannot write 'no/folder/r'"),
        (["check", "--report-junit", "-", "-"], "cgstate check: the JUnit report needs a file"),
        (["check", "-", "-"], "cgstate check: standard input (-) can be read only once"),
        (["check", "absent.json"], "cgstate: there is no file absent.json"),
        (["check", "."], "cgstate: . is a folder, not a file of messages"),
        (["check", "-"], "cgstate: standard input is empty: there is no message in it"),
        (["check", "a\x1b[31m\nb"], "cgstate: there is no file a\\x1b[31m\\nb"),
        (["watch", "--listen", "nonsense"], "cgstate watch: Invalid value for '--listen': 'nonsense' is not HOST:PORT"),
        (["watch", "--for", "nan"], "cgstate watch: Invalid value for '--for': nan is no number of seconds above 0"),
        (["watch", "--listen", "::1:80"], "cgstate watch: Invalid value for '--listen': '::1:80': an IPv6 address"),
        (["watch", "--answer", "100"], "cgstate watch: Invalid value for '--answer'"),
        (["run", "--emitter", "x", "--driver", "y:z"], "cgstate run: --emitter and --driver name two emitters"),
        (["run", "--emitter", "ftp://me:hunter2@h/"], "cgstate run: --emitter: 'ftp://***@h/' is no http or https URI"),
        (["run", "--groups", "absent.toml"], "cgstate run: --groups: "),
        (["run", "--deadline", "-1"], "cgstate run: Invalid value for '--deadline': -1.0 is no number of seconds"),
        (["run", "-r", "nonsense"], "cgstate run: --requirement: no requirement 'nonsense'"),
    ],
)
def test_bad_usage_is_one_clear_line_and_exit_4(cgstate_command: "Cgstate", arguments: list[str], said: str) -> None:
    done = cgstate_command(*arguments)
    assert (done.status, done.out) == (4, "")
    assert done.errors[0].startswith(said)
    assert [line for line in done.errors[1:] if not line.startswith("Try 'cgstate")] == []
    assert "hunter2" not in done.err


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (click.UsageError("x"), ExitStatus.USAGE),
        (click.FileError("x"), ExitStatus.USAGE),
        (click.Abort(), ExitStatus.INTERRUPTED),
        (KeyboardInterrupt(), ExitStatus.INTERRUPTED),
        (RuntimeError("x"), ExitStatus.SUITE_FAILED),
        (AssertionError(), ExitStatus.SUITE_FAILED),
        (OSError(28, "No space left on device"), ExitStatus.SUITE_FAILED),
    ],
)
def test_nothing_but_a_judgement_is_1(
    error: BaseException, status: ExitStatus, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(error) is status
    said = capsys.readouterr().err.splitlines()
    assert [line for line in said[1:] if line != "Try 'cgstate --help'."] == []
    assert said[0].startswith("cgstate: ")


def test_an_unexpected_error_is_one_line_and_its_traceback_on_demand(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_arguments: list[str]) -> int:
        raise RuntimeError("first line \x1b[31m\nsecond line")

    monkeypatch.setattr(command_main, "_invoke", fail)
    assert main([]) == 3
    said = capsys.readouterr().err
    told = "the suite itself failed: RuntimeError: first line \\x1b[31m (CGSTATE_TRACEBACK=1 shows the traceback)"
    assert said == f"cgstate: {told}\n"
    monkeypatch.setenv("CGSTATE_TRACEBACK", "1")
    assert main([]) == 3
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_a_reader_that_goes_away_gets_no_traceback(cgstate_command: "Cgstate") -> None:
    process = cgstate_command.start("requirements")
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(20) != 1


@pytest.mark.parametrize("arguments", [["--help"], ["check", "ok.json"]])
def test_the_command_answers_at_once(cgstate_command: "Cgstate", tmp_path: Path, arguments: list[str]) -> None:
    """Measured as processor time, which other work on the machine does not stretch much; the bound is the issue's."""
    from selftest.command.conftest import legal  # noqa: PLC0415 - the fixtures' own folder

    (tmp_path / "ok.json").write_text(legal(), encoding="utf-8")
    cgstate_command(*arguments)  # compiled once
    spent = []
    for _ in range(3):
        before = os.times()
        assert cgstate_command(*arguments).status == 0
        after = os.times()
        spent.append(after.children_user + after.children_system - before.children_user - before.children_system)
    assert min(spent) < 0.3


def test_help_imports_none_of_the_heavy_libraries() -> None:
    script = (
        "import sys; from cgstate.command.main import main; main(['--help'])\n"
        "heavy = {'pytest', 'rich', 'jsonschema', 'jsonschema_rs', 'requests', 'hypothesis', 'aiohttp', 'jinja2'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True, timeout=20)
    assert done.stderr == "[]\n"
    assert time.perf_counter() - began < 5
