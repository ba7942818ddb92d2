"""A fault that only a generated case shows: found, made small, played again alone."""

from pathlib import Path

import pytest

from selftest.runs.running import Done, run


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Done:
    wanted = "--requirement=optimize-goal.as-requested"
    return run(tmp_path_factory.mktemp("found"), "--broken=rounds-goal", wanted, "--seed=1", "--fast")


def replay_of(found: Done) -> str:
    (document,) = {f["replay"] for f in found.requirements["optimize-goal.as-requested"]["failures"] if f["replay"]}
    assert isinstance(document, str)
    return document


def test_a_goal_that_nobody_enumerates_is_found_and_made_small(found: Done) -> None:
    assert found.status == 1, found.told
    document = replay_of(found)
    shown = next(f for f in found.requirements["optimize-goal.as-requested"]["failures"] if f["replay"])
    assert not shown["unstable"]
    assert int(shown["expected"]) % 5 != 0
    assert f'"optimizeGoal": {shown["expected"]}' in document


def test_the_recorded_case_fails_again_and_passes_where_the_emitter_is_right(found: Done, tmp_path: Path) -> None:
    recorded = tmp_path / "case.json"
    recorded.write_text(replay_of(found), encoding="utf-8")
    wrong = run(tmp_path, "--broken=rounds-goal", f"--replay={recorded}")
    assert wrong.status == 1, wrong.told
    assert "optimize-goal.as-requested" in wrong.accused
    right = run(tmp_path, f"--replay={recorded}")
    assert right.status == 0, right.told
    assert right.accused == set()


@pytest.mark.parametrize("given", ['{"steps": 5}', '{"steps"', "no-such-file.json"])
def test_what_is_no_recorded_case_is_told_in_one_line(given: str, tmp_path: Path) -> None:
    done = run(tmp_path, f"--replay={given}")
    assert done.status == 4
    assert done.errors[0].startswith("cgstate run: --replay: ")
    done.assert_no_traceback()
