"""The emitter and the receiver in Node conform: the suite judges them as anybody's, by the commands of their README."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from selftest.independent.conftest import FOLDER, PATIENCE, TOP, started
from selftest.runs.running import run

if TYPE_CHECKING:
    from pathlib import Path

README = (FOLDER / "README.md").read_text(encoding="utf-8")
STARTING, JUDGING = (
    [shlex.split(line) for line in block.splitlines()]
    for block in re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
)
SIDES = {"emitter": "periodic.default-interval", "receiver": "accepts.flood"}
"""What is judged, and what ``--fast`` leaves out."""


def test_the_readme_starts_both_and_judges_both() -> None:
    assert [command[:2] for command in STARTING] == [["node", f"reference_impl/independent/{s}.mjs"] for s in SIDES]
    assert [command[:3] for command in JUDGING] == [["cgstate", "run", f"--{side}"] for side in SIDES]


@pytest.mark.parametrize(
    ("side", "starting", "judging"),
    [pytest.param(*each, id=each[0]) for each in zip(SIDES, STARTING, JUDGING, strict=True)],
)
def test_it_conforms_without_an_accusation_and_exercises_all_that_is_judged(
    node: str, tmp_path: Path, side: str, starting: list[str], judging: list[str]
) -> None:
    program, option, port = starting[1:]
    with started(node, program, option, "0") as (uri, _):
        assert urlsplit(uri).path == urlsplit(judging[3]).path, "the README names the path that is printed"
        arguments = [each.replace(f"127.0.0.1:{port}", urlsplit(uri).netloc) for each in judging[2:]]
        done = run(tmp_path, *arguments, "--fast", "--seed", "5", patience=300)
    assert (done.status, done.err, done.accused) == (0, "", set()), done.told
    assert done.having("left out") == {SIDES[side]}
    assert done.having("passed") == set(done.requirements) - {SIDES[side]}


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_told_to(node: str, side: str, number: signal.Signals) -> None:
    with started(node, str(FOLDER / f"{side}.mjs")) as (uri, process):
        assert uri.startswith("http://127.0.0.1:")
        process.send_signal(number)
        assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize("side", SIDES)
def test_what_it_cannot_do_is_said_in_one_line(node: str, side: str) -> None:
    program = str(FOLDER / f"{side}.mjs")
    with started(node, program) as (uri, _):
        taken = str(urlsplit(uri).port)
        for arguments, status in (
            (("--port", "70000"), 2),
            (("--port", "x"), 2),
            (("--colour",), 2),
            (("word",), 2),
            (("--port", taken), 1),
        ):
            done = subprocess.run([node, program, *arguments], capture_output=True, timeout=PATIENCE, check=False)
            assert (done.returncode, done.stdout) == (status, b"")
            assert done.stderr.count(b"\n") == 1, done.stderr


def test_its_sources_are_readable_short_and_need_nothing_but_node(node: str) -> None:
    sources = sorted(FOLDER.rglob("*.mjs"))
    assert len(sources) > len(SIDES)
    for source in sources:
        subprocess.run([node, "--check", source], cwd=TOP, check=True, timeout=PATIENCE)
        lines = source.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 300, source
        assert max(map(len, lines)) <= 120, source
        imported = [name for line in lines if (name := line.partition(' from "')[2].rstrip('";'))]
        assert all(name.startswith(("node:", "./", "../")) for name in imported), imported
