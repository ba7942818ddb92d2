"""fixtures/README.md is true: each of its commands and its program run, on a copy out of the installed package."""

import json
import re
from pathlib import Path

import pytest

from selftest.packaging.conftest import TOP, Done, Installed, clean_environment, must, reference_process, run

README = (TOP / "fixtures" / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COPY, EXPLAIN, CHECK_ONE, VIOLATING, CONFORMING = [
    line for language, text in BLOCKS if language == "sh" for line in text.splitlines()
]
(PROGRAM,) = (text for language, text in BLOCKS if language == "python")
THEIR_RECEIVER = "http://127.0.0.1:8080/states"


def shell(installed: Installed, command: str, folder: Path) -> Done:
    path = f"{installed.bin}:{clean_environment()['PATH']}"
    return run("/bin/sh", "-c", command, folder=folder, environment={"PATH": path})


@pytest.fixture(scope="module")
def place(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder into which the corpus was copied, as the README says."""
    folder = tmp_path_factory.mktemp("place")
    must(shell(installed, COPY, folder))
    return folder


def test_the_copy_is_what_the_checkout_has(place: Path) -> None:
    there = TOP / "fixtures"
    names = sorted(path.relative_to(there) for path in there.rglob("*") if path.is_file())
    copied = place / "corpus"
    assert sorted(path.relative_to(copied) for path in copied.rglob("*") if path.is_file()) == names
    assert [name for name in names if (copied / name).read_bytes() != (there / name).read_bytes()] == []


def test_a_requirement_is_explained(installed: Installed, place: Path) -> None:
    done = shell(installed, EXPLAIN, place)
    assert (done.status, done.err) == (0, "")
    assert "dial-mode.only-when-running" in done.out


def test_one_message_is_judged(installed: Installed, place: Path) -> None:
    done = shell(installed, CHECK_ONE, place)
    assert (done.status, done.err) == (1, "")
    assert "-- failed: state.known-code ---" in done.out
    assert "1 failed" in done.last


def test_traces_are_judged(installed: Installed, place: Path) -> None:
    violating, conforming = (shell(installed, command, place) for command in (VIOLATING, CONFORMING))
    assert (violating.status, conforming.status) == (1, 0)
    assert "-- failed: trace.not-loaded-once ---" in violating.out
    assert violating.last.startswith("does not conform: 1 failed;")


def told_of(installed: Installed, place: Path, *broken: str) -> list[str]:
    """Return the lines that the README's program writes about the reference receiver, or a broken one."""
    with reference_process(installed, "receiver", place, *broken) as uri:
        done = run(installed.python, "-c", PROGRAM.replace(THEIR_RECEIVER, uri), folder=place)
    assert THEIR_RECEIVER in PROGRAM
    assert (done.status, done.err) == (0, "")
    return done.out.splitlines()


def test_the_program_finds_nothing_wrong_with_the_reference_receiver(installed: Installed, place: Path) -> None:
    assert told_of(installed, place) == []


@pytest.mark.parametrize(
    ("broken", "answer"),
    [
        ("true-for-integer", "corpus/messages/invalid/state-true.json 204"),
        ("any-length", "corpus/messages/invalid/queue-name-of-256-characters.json 204"),
        ("emoji-refused", "corpus/messages/valid/names-of-255-emoji.json 400"),
    ],
)
def test_the_program_tells_of_a_broken_receiver(broken: str, answer: str, installed: Installed, place: Path) -> None:
    assert answer in told_of(installed, place, "--broken", broken)


def test_it_holds_no_link_that_a_copy_breaks() -> None:
    assert re.findall(r"\]\(([^)]+)\)", README) == []


def test_it_names_the_files_of_the_schemas_as_they_are_called() -> None:
    for name in re.findall(r"`([a-z.-]+\.schema\.json)`", README):
        assert (TOP / "schemas" / name).is_file()


def test_it_names_every_key_of_a_case() -> None:
    told = set(re.findall(r"`([a-zA-Z]+)`", README))
    for form in ("message", "trace"):
        schema = json.loads((TOP / "schemas" / f"{form}-case.schema.json").read_bytes())
        assert set(schema["properties"]) - told == set()
    assert set(schema["$defs"]["arrival"]["properties"]) - told == set()
