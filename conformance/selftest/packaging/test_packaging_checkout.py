"""What pytest collects and runs in a checkout."""

import re
import sys
from pathlib import Path

import pytest

from selftest.packaging.conftest import TOP, run

COLLECT = (sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider")


def collected(*arguments: str, folder: Path = TOP) -> set[str]:
    """Return the folders, two names deep below conformance, of what pytest collects."""
    done = run(*COLLECT, *arguments, folder=folder)
    assert done.status == 0, done.out + done.err
    items = [line for line in done.out.splitlines() if "::" in line]
    assert items
    return {"/".join(item.removeprefix("conformance/").split("/")[:2]) for item in items}


AREAS = {f"selftest/{path.parent.name}" for path in (TOP / "conformance" / "selftest").glob("*/test_*.py")}


def test_pytest_alone_runs_the_selftests() -> None:
    assert collected() == AREAS


def test_the_folder_of_selftests_runs_them() -> None:
    assert collected("conformance/selftest") == AREAS


def test_a_part_of_the_selftests_can_be_named() -> None:
    assert collected("conformance/selftest/verdict") == {"selftest/verdict"}
    assert collected("selftest/verdict/test_decide.py", folder=TOP / "conformance") == {"selftest/verdict"}


@pytest.mark.parametrize("arguments", [("conformance",), ("--pyargs", "cgstate.suite"), (".",)])
def test_the_suite_runs_without_the_selftests(arguments: tuple[str, ...]) -> None:
    assert collected(*arguments) == {"cgstate/suite"}


def test_both_run_where_both_are_named() -> None:
    assert collected("conformance", "conformance/selftest/verdict") == {"cgstate/suite", "selftest/verdict"}


VERDICT_LINE = re.compile(r"^(conforms|does not conform|incomplete): .*$", re.MULTILINE)


def test_pytest_conformance_is_the_same_run_as_the_command(tmp_path: Path) -> None:
    by_pytest = run(
        sys.executable, "-m", "pytest", "conformance", "-p", "no:cacheprovider", "--cgstate-fast", folder=TOP
    )
    by_command = run(sys.executable, "-m", "cgstate.command.main", "run", "--fast", folder=tmp_path)
    verdicts = [match.group() for done in (by_pytest, by_command) if (match := VERDICT_LINE.search(done.out))]
    assert (by_pytest.status, by_command.status) == (0, 0), by_pytest.out
    assert len(verdicts) == 2
    assert verdicts[0] == verdicts[1]


def test_pytest_conformance_fails_where_the_command_does(tmp_path: Path) -> None:
    chosen = ("-r", "option.off", "--broken", "ignores-off")
    for_pytest = ("--cgstate-requirement", "option.off", "--cgstate-broken", "ignores-off")
    by_pytest = run(sys.executable, "-m", "pytest", "conformance", "-p", "no:cacheprovider", *for_pytest, folder=TOP)
    by_command = run(sys.executable, "-m", "cgstate.command.main", "run", *chosen, folder=tmp_path)
    assert (by_pytest.status, by_command.status) == (1, 1)
    found = VERDICT_LINE.search(by_pytest.out)
    assert found is not None
    assert found.group() == by_command.last
