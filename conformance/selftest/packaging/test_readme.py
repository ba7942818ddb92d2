"""README.md is true: each of its commands runs, each output it shows comes, its driver drives."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from cgstate.verdict.verdict import ExitStatus
from selftest.packaging.conftest import TOP, Done, Installed, OwnEmitter, clean_environment, reference_process, run

README = (TOP / "README.md").read_text(encoding="utf-8")
SETS_UP_AND_JUDGES = "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/cgstate run"
SETS_UP_AND_TESTS = (
    "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]' && .venv/bin/python -m pytest -n auto"
)
THEIR_EMITTER = "http://127.0.0.1:7003/ocs/v3/servers/156"
THEIR_RECEIVER = "http://127.0.0.1:8080/states"
THEIR_PORT = "127.0.0.1:8099"


@dataclass(frozen=True)
class Block:
    """A fenced block of the README."""

    language: str
    text: str


BLOCKS = [Block(*found) for found in re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)]
COMMANDS = [line for block in BLOCKS if block.language == "sh" for line in block.text.splitlines()]
SESSIONS = [block.text for block in BLOCKS if block.language == "console"]
SHOWN = [block.text for block in BLOCKS if block.language == "text"]
DRIVER, HOOK = (block.text for block in BLOCKS if block.language == "python")
AGAINST_A_URI, AGAINST_A_RECEIVER, *WITH_ELASTICSEARCH, WITH_THE_DRIVER, IN_PYTEST, IN_A_PIPELINE = COMMANDS[2:]

VOLATILE = (
    (re.compile(r"seed: \d+"), "seed: N"),
    (re.compile(r" +\d+\.\d s\b"), " N s"),
    (re.compile(r"127\.0\.0\.1:\d+"), "HOST:PORT"),
)


def masked(line: str) -> str:
    for pattern, instead in VOLATILE:
        line = pattern.sub(instead, line)
    return line


def assert_shows(output: str, shown: str) -> None:
    """See that the shown lines stand in the output, in order; ``...`` is for any lines, else they follow each other."""
    lines, at, gap = [masked(line) for line in output.splitlines()], 0, False
    for line in shown.splitlines():
        if line == "...":
            gap = True
            continue
        rest = lines[at:] if gap else lines[at : at + 1]
        assert masked(line) in rest, f"not shown{'' if gap else ' at once'}: {line}\n--- by ---\n{output}"
        at, gap = at + rest.index(masked(line)) + 1, False
    assert gap or at == len(lines), f"more is shown:\n{output}"


def shell(installed: Installed, command: str, folder: Path, **environment: str) -> Done:
    """Run a command of the README where ``cgstate`` and ``pytest`` are those of the venv."""
    path = f"{installed.bin}:{clean_environment()['PATH']}"
    return run("/bin/sh", "-c", command, folder=folder, environment={"PATH": path, **environment})


@pytest.fixture
def reference_emitter(installed: Installed, tmp_path: Path) -> Iterator[str]:
    """Return the base URI of an emitter that has all hooks and belongs to nobody's run."""
    with reference_process(installed, "emitter", tmp_path, "--log-level", "error") as uri:
        yield uri


def test_the_readme_is_short_and_says_nothing_that_no_test_runs() -> None:
    assert len(README.splitlines()) < 210
    assert COMMANDS[:2] == [SETS_UP_AND_JUDGES, SETS_UP_AND_TESTS]
    assert {block.language for block in BLOCKS} == {"sh", "console", "text", "python"}
    # Those with Elasticsearch run in selftest/elasticsearch, where there is one.
    assert (len(COMMANDS), len(WITH_ELASTICSEARCH), len(SESSIONS), len(SHOWN)) == (12, 5, 2, 1)


def test_ci_runs_the_first_two_commands_as_they_stand() -> None:
    """They set up an environment each, so they run in `.ci/run` and not within themselves."""
    script = (TOP / ".ci" / "run").read_text(encoding="utf-8")
    assert "readme_command 1" in script
    assert "readme_command 2" in script
    found = script[script.index("readme_command() {") :]
    definition = found[: found.index("\n}\n") + 3]
    for number, command in enumerate((SETS_UP_AND_JUDGES, SETS_UP_AND_TESTS), start=1):
        done = run("bash", "-c", f"{definition}\nreadme_command {number}", folder=TOP)
        assert done.out == f"{command}\n"


def test_judging_what_is_bundled_shows_what_the_readme_shows(installed: Installed, tmp_path: Path) -> None:
    done = shell(installed, "cgstate run", tmp_path)
    assert (done.status, done.err) == (0, "")
    progress_ends = done.out.index("cgstate 0.")
    assert_shows(done.out[progress_ends:], SHOWN[0])


@pytest.mark.parametrize(("session", "status"), list(zip(SESSIONS, (1, 0), strict=True)))
def test_the_console_session_is_as_shown(installed: Installed, tmp_path: Path, session: str, status: int) -> None:
    command, _, shown = session.partition("\n")
    done = shell(installed, command.removeprefix("$ "), tmp_path)
    assert (done.status, done.err) == (status, "")
    assert_shows(done.out, shown)


def test_an_emitter_is_judged_by_its_uri_and_the_reports_are_written(
    installed: Installed, reference_emitter: str, tmp_path: Path
) -> None:
    assert IN_A_PIPELINE.startswith(f"{AGAINST_A_URI} --report-json")
    done = shell(installed, IN_A_PIPELINE.replace(THEIR_EMITTER, reference_emitter) + " --fast", tmp_path)
    assert (done.status, done.err) == (0, "")
    assert reference_emitter in done.out
    assert json.loads((tmp_path / "verdict.json").read_bytes())["verdict"] == "conforms"
    assert (tmp_path / "verdict.xml").read_bytes().startswith(b"<?xml")


def test_a_receiver_is_judged_by_its_uri_and_read_back(installed: Installed, tmp_path: Path) -> None:
    with reference_process(installed, "receiver", tmp_path) as uri:
        done = shell(installed, AGAINST_A_RECEIVER.replace(THEIR_RECEIVER, uri) + " --fast", tmp_path)
    assert (done.status, done.err) == (0, "")
    assert done.last.startswith("conforms: 0 failed, 1 left out; 43 of 44 exercised")


@pytest.fixture
def own_folder(own_emitter: OwnEmitter, tmp_path: Path) -> Path:
    """Return a folder as the README has it: a driver, a groups file, and nothing else."""
    (tmp_path / "my_driver.py").write_text(DRIVER, encoding="utf-8")
    (tmp_path / "groups.toml").write_text(own_emitter.groups, encoding="utf-8")
    return tmp_path


def test_the_driver_is_short() -> None:
    assert len(DRIVER.splitlines()) < 25


def test_the_driver_of_the_readme_drives(installed: Installed, own_emitter: OwnEmitter, own_folder: Path) -> None:
    command = WITH_THE_DRIVER.replace(THEIR_PORT, own_emitter.listen)
    done = shell(installed, f"{command} --fast", own_folder, MY_EMITTER=own_emitter.base)
    assert (done.status, done.err) == (0, "")
    assert "cgstate 0.1.0: my emitter\ndriver: my_driver.py:MyEmitter, " in done.out
    assert done.last.startswith("conforms: 0 failed")


def test_the_driver_of_the_readme_drives_in_pytest(
    installed: Installed, own_emitter: OwnEmitter, own_folder: Path
) -> None:
    (own_folder / "conftest.py").write_text(HOOK, encoding="utf-8")
    command = IN_PYTEST.replace(THEIR_PORT, own_emitter.listen)
    done = shell(installed, f"{command} --cgstate-fast", own_folder, MY_EMITTER=own_emitter.base)
    assert (done.status, done.err) == (0, "")
    assert "cgstate 0.1.0: my emitter\ndriver: pytest_cgstate_driver, " in done.out
    assert "\nconforms: 0 failed" in done.out


def test_the_uri_that_the_readme_says_to_configure_is_the_one_that_is_judged() -> None:
    from cgstate.suite.stage import PATH  # noqa: PLC0415 - heavy

    assert f"`http://{THEIR_PORT}{PATH}`" in README


def test_without_leave_to_dial_nothing_is_done(installed: Installed, own_emitter: OwnEmitter, own_folder: Path) -> None:
    command = WITH_THE_DRIVER.replace(THEIR_PORT, own_emitter.listen).replace(" --allow-dialing", "")
    done = shell(installed, command, own_folder, MY_EMITTER=own_emitter.base)
    assert (done.status, done.out) == (4, "")
    assert "--allow-dialing" in done.err


def table(heading: str) -> Sequence[tuple[str, str]]:
    rows = README[README.index(heading) :].partition("\n\n")[0].splitlines()[2:]
    return [(first.strip(), second.strip()) for _, first, second, _ in (row.split("|") for row in rows)]


def test_the_exit_statuses_are_those_of_the_code() -> None:
    told = {int(code): words for code, words in table("| Exit status |")}
    assert set(told) == {status.value for status in ExitStatus}
    for status in ExitStatus:
        assert told[status.value].startswith(status.name.replace("_", " ").lower())


@pytest.mark.parametrize("inline", sorted(set(re.findall(r"`(cgstate [^`]*[^`A-Z])`", README))))
def test_a_command_named_in_passing_is_one(installed: Installed, tmp_path: Path, inline: str) -> None:
    help_or_short = inline if inline.startswith(("cgstate explain", "cgstate groups", "cgstate requ")) else None
    done = shell(installed, help_or_short or f"{' '.join(inline.split()[:2])} --help", tmp_path)
    assert (done.status, done.out == "") == (0, False)
    options = re.findall(r"--[a-z-]+", inline)
    known = shell(installed, f"{' '.join(inline.split()[:2])} --help", tmp_path).out
    assert [option for option in options if option not in known] == []


@pytest.mark.parametrize("option", sorted(set(re.findall(r"`(--[a-z-]+)", README))))
def test_an_option_named_in_passing_is_one(installed: Installed, tmp_path: Path, option: str) -> None:
    assert f" {option} " in shell(installed, "cgstate run --help", tmp_path).out.replace("\n", " ")


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)]+)\)", README))))
def test_what_it_links_to_is_there(link: str) -> None:
    path, _, anchor = link.partition("#")
    assert (TOP / path).is_file() or ((TOP / path).is_dir() and path.endswith("/"))
    headings = re.findall(r"^#+ (.+)$", (TOP / path).read_text(), re.MULTILINE) if anchor else []
    assert anchor in {"", *(heading.lower().replace(" ", "-") for heading in headings)}
