"""What is made of a module, how it is counted, and that each explanation is still about something that is there."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from selftest.mutation.choice import modules_like
    from selftest.mutation.mutants import Key, Mutant, functions, mutants
    from selftest.mutation.playing import Outcome
    from selftest.mutation.score import Score, explained, place
else:
    from choice import modules_like
    from mutants import Key, Mutant, functions, mutants
    from playing import Outcome
    from score import Score, explained, place

SOURCE = '''"""A module."""
from typing import TYPE_CHECKING

__all__ = ["rule"]
LIMIT: int = 7  # of something


@check("a.b")
def rule(size: int, least: int = 1) -> str:
    """The rule of ``a.b``."""
    return "low" if (
        size < least
    ) else str(size)


class Shape:
    @property
    def area(self) -> int:
        return self.a * self.b
'''


@pytest.fixture
def made(tmp_path: Path) -> list[Mutant]:
    path = tmp_path / "module.py"
    path.write_text(SOURCE, encoding="utf-8")
    return mutants("m", path)


def test_decorated_functions_methods_and_constants_are_mutated_and_types_are_not(made: list[Mutant]) -> None:
    changes = {(m.key.function, m.key.line, m.key.mutant, m.swaps) for m in made}
    assert ("<module>", "LIMIT: int = 7", "LIMIT: int = 8", False) in changes
    assert ("rule", "size < least", "size <= least", True) in changes
    assert ("Shape.area", "return self.a * self.b", "return self.a / self.b", True) in changes
    assert (
        "rule",
        "def rule(size: int, least: int = 1) -> str:",
        "def rule(size: int, least: int = 2) -> str:",
        False,
    ) in (changes)
    assert {function for function, *_ in changes} == {"<module>", "rule", "Shape.area"}
    assert not any("a.b" in m.key.line or "__all__" in m.key.line or "import" in m.key.line for m in made)


def test_each_mutant_is_the_module_with_one_change(made: list[Mutant]) -> None:
    assert len({m.source for m in made}) == len(made) == len({m.key for m in made})
    for mutant in made:
        compile(mutant.source, "m", "exec")
        assert mutant.source.count("\n") >= SOURCE.count("\n") - 2


def test_functions_are_those_a_test_can_call() -> None:
    assert functions(SOURCE) == ["rule", "Shape.area"]


def test_what_is_explained_does_not_count_as_killed() -> None:
    keys = [Key("m", "f", "a", f"b{n}") for n in range(4)]
    score = Score({("m", "f", "a", "b2"): "equivalent", ("m", "f", "a", "gone"): "equivalent"})
    for key, state in zip(keys, ("killed", "timeout", "survived", "no test"), strict=True):
        score.add(Mutant(key, 1, "", swaps=True), Outcome(state))
    score.add(Mutant(Key("m", "f", "a", "="), 1, "", swaps=True), Outcome("not code"))
    total = score.total()
    assert (total.mutants, total.killed, total.explained) == (4, 2, 1)
    assert (total.score, round(total.beside, 1)) == (50.0, 66.7)
    assert score.stale(["m"]) == [("m", "f", "a", "gone")]
    assert score.stale(["another"]) == []


def test_what_was_killed_or_is_explained_is_not_played_again(tmp_path: Path) -> None:
    name, function = "cgstate.judge.shown", "_quoted"
    keys = [mutant.key for mutant in mutants(name, modules_like([name])[name]) if mutant.key.function == function]
    entries = [asdict(key) | asdict(Outcome("survived" if place(key) in explained() else "killed")) for key in keys]
    kept = tmp_path / "results"
    kept.write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")
    options = ("--function", function, "--rooms", "corpus", "--results", kept, "--resume", "--at-least", "50")
    done = subprocess.run(
        (sys.executable, Path(__file__).parent, name, *options), capture_output=True, text=True, check=False
    )
    survived = sum(entry["state"] == "survived" for entry in entries)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 mutants played" in done.stdout
    assert f"{len(keys) - survived} killed of {len(keys)} mutants" in done.stdout
    assert f"of the others {survived} are explained, 0 are not" in done.stdout
    assert survived


def test_each_explanation_is_about_lines_that_are_there() -> None:
    for (module, function, line, mutant), reason in explained().items():
        (path,) = modules_like([module]).values()
        lines = {part.partition("  # ")[0].strip() for part in path.read_text(encoding="utf-8").splitlines()}
        assert lines.issuperset(line.split(" | ") if line not in lines else [line]), line
        assert function == "<module>" or function.rpartition(".")[2] in path.read_text(encoding="utf-8")
        assert mutant != line
        assert reason


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("cgstate.verdict.merged", "--function", "nosuch", "--rooms", "corpus"), 1, "0 killed of 0 mutants"),
        (("cgstate.verdict.nosuch",), 2, "no module of judge or verdict fits cgstate.verdict.nosuch"),
        (("--rooms", "nosuch"), 2, "selftest has no folder nosuch"),
        (("--results", "no/folder/r"), 2, "no/folder/r cannot keep results: FileNotFoundError: "),
        (("--results", "junk"), 2, "junk cannot keep results: JSONDecodeError: "),
    ],
)
def test_nothing_is_proved_by_nothing_and_bad_input_gets_one_line(
    arguments: tuple[str, ...], status: int, says: str, tmp_path: Path
) -> None:
    (tmp_path / "junk").write_text("{", encoding="utf-8")
    command = (sys.executable, str(Path(__file__).parent), *arguments)
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
