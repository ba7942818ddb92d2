"""``cgstate selfcheck``: who is killed, who is missed and why, and what it leaves behind."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cgstate.specification.data import read
from selftest.runs.running import Done, killed_at_the_end, start

PLANTED = Path(__file__).with_name("planted.py")
SCHEMA = json.loads(read("selfcheck.schema.json"))


def selfcheck(folder: Path, *arguments: str, patience: float = 240) -> Done:
    return start(folder, "-m", "cgstate.command.main", "selfcheck", "--jobs", "4", *arguments).done(patience)


def rows(done: Done) -> dict[tuple[str, str], dict[str, Any]]:
    report = json.loads((done.folder / "report.json").read_bytes())
    jsonschema.validate(report, SCHEMA)
    assert report["exitStatus"] == done.status
    assert report["holds"] is (done.status == 0)
    return {(each["role"], each["name"]): each for each in report["implementations"]}


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Those of `planted`, and real ones, all at once."""
    names = ("planted-*", "local-time", "null-dial-mode", "charset-refused")
    folder = tmp_path_factory.mktemp("tried")
    return selfcheck(folder, "--plant", str(PLANTED), "--report-json", "report.json", *names)


def test_what_is_not_killed_makes_it_fail(tried: Done) -> None:
    tried.assert_no_traceback()
    assert (tried.status, tried.err) == (1, "")
    assert tried.last.startswith("does not hold: 4 of 11 broken implementations killed; 6 missed; 1 undeclared in ")
    assert tried.last.endswith("(exit 1)")


@pytest.mark.parametrize(
    ("role", "name", "fate", "why"),
    [
        ("emitter", "local-time", "killed", ""),
        ("emitter", "null-dial-mode", "killed", ""),
        ("emitter", "planted-killed", "killed", ""),
        ("emitter", "planted-harmless", "missed", "dial-mode.only-when-running was met"),
        ("emitter", "planted-two-faults", "undeclared", "accused of queue-name.as-configured: "),
        ("emitter", "planted-other-reason", "missed", "dial-mode.only-when-running fails for another reason than"),
        ("emitter", "planted-stumbles", "missed", "shows nothing: it stumbled: LookupError: no template for starts"),
        ("emitter", "planted-refuses", "missed", "shows nothing: it stumbled: LookupError: no way to stop"),
        ("emitter", "planted-never-up", "missed", "shows nothing: it stumbled: LookupError: no configuration"),
        ("receiver", "charset-refused", "killed", ""),
        ("receiver", "planted-stumbles", "missed", "shows nothing: it stumbled: LookupError: no name for actor 0"),
    ],
)
def test_each_comes_to_what_it_deserves(tried: Done, role: str, name: str, fate: str, why: str) -> None:
    row = rows(tried)[role, name]
    assert row["fate"] == fate, row
    assert any(line.startswith(why) for line in row["why"]) if why else row["why"] == [], row
    shown = [line for line in tried.out.splitlines() if name in line.split() and fate in line.split()]
    assert len(shown) >= 1, tried.out


@pytest.mark.parametrize(
    ("name", "runs"),
    [
        ("planted-harmless", [(True, False)]),
        ("planted-two-faults", [(False, False), (False, True)]),
        ("planted-stumbles", [(False, False)]),
    ],
)
def test_what_does_not_show_is_looked_for_in_everything_and_what_should_not_show_alone(
    tried: Done, name: str, runs: list[tuple[bool, bool]]
) -> None:
    played = rows(tried)["emitter", name]["runs"]
    assert [(run["whole"], run["alone"]) for run in played] == runs


def test_a_requirement_is_guarded_by_those_that_are_made_to_break_it(tmp_path: Path) -> None:
    done = selfcheck(tmp_path, "-r", "date-time.utc", "--report-json", "report.json")
    assert done.status == 0, done.out
    assert {row["primary"] for row in rows(done).values()} == {"date-time.utc"}
    guarded = json.loads((tmp_path / "report.json").read_bytes())["requirements"]
    assert [each["id"] for each in guarded] == ["date-time.utc"]
    assert guarded[0]["killed"] == guarded[0]["killers"] == len(rows(done))


def test_the_report_may_go_to_standard_output_and_the_rest_to_standard_error(tmp_path: Path) -> None:
    done = selfcheck(tmp_path, "--role", "receiver", "charset-refused", "--report-json", "-", "-v")
    jsonschema.validate(json.loads(done.out), SCHEMA)
    assert done.errors[-1].startswith("holds: 1 of 1 broken implementations killed")
    assert "accepts.forms: a message with charset=UTF-8 in its Content-Type is refused" in " ".join(done.err.split())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_no_process(tmp_path: Path, number: signal.Signals) -> None:
    with killed_at_the_end(start(tmp_path, "-m", "cgstate.command.main", "selfcheck", "--role", "emitter")) as running:
        running.until("at once")
        while len(descendants(running.process.pid)) < 4:
            time.sleep(0.05)
        children = descendants(running.process.pid)
        running.send(number)
        done = running.done()
    assert (done.status, done.errors) == (2, ["cgstate: interrupted"])
    assert [pid for pid in children if lives(pid)] == []


def test_nothing_lives_longer_than_what_started_it(tmp_path: Path) -> None:
    with killed_at_the_end(start(tmp_path, "-m", "cgstate.command.main", "selfcheck", "--role", "emitter")) as running:
        running.until("at once")
        while len(descendants(running.process.pid)) < 4:
            time.sleep(0.05)
        children = descendants(running.process.pid)
        running.process.kill()
        until = time.monotonic() + 20
        while any(map(lives, children)) and time.monotonic() < until:
            time.sleep(0.05)
    assert [pid for pid in children if lives(pid)] == []


def descendants(pid: int) -> list[int]:
    """Return the processes that this one, and those it has started, have started."""
    try:
        children = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return children + [each for child in children for each in descendants(child)]


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


TWICE = """
from cgstate_reference.broken.emitters import deviation
from cgstate_reference.core import Emitter

@deviation("local-time", primary="date-time.utc", shows="another time")
class Again(Emitter):
    pass
"""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("locl-time",), "no implementation is called 'locl-time' (did you mean local-time?)"),
        (("no-*-such",), "no implementation is called 'no-*-such'"),
        (("-r", "date-tim.utc"), "--requirement: no requirement 'date-tim.utc' (did you mean date-time.utc?)"),
        (("--role", "emitter", "charset-refused"), "none of these is an emitter"),
        (("--role", "emitter", "-r", "accepts.actors"), "none of these is an emitter that is to break accepts.actors"),
        (("null-dial-mode", "-r", "accepts.actors"), "none of these is an implementation that is to break accepts.act"),
        (("--variants", "-r", "accepts.actors"), "none of these is an implementation that is to break accepts.actors"),
        (("awkward",), "awkward is right otherwise than expected: --variants plays it"),
        (("--plant", "leaves.py"), "--plant leaves.py: SystemExit: 7"),
        (("--plant", "twice.py"), "--plant twice.py: ValueError: "),
        (("--plant", "absent.py"), "'absent.py' does not exist"),
        (("--plant", "bad.py"), "--plant bad.py: ZeroDivisionError: division by zero"),
        (("--plant", "bad.py", "--record"), "--record is for what a checkout holds"),
        (("--seeds", "0"), "'--seeds'"),
        (("--jobs", "none"), "'--jobs'"),
        (("--report-json", "no/folder/r"), "cannot write 'no/folder/r'"),
    ],
)
def test_bad_input_gets_one_line_and_exit_4(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("1 / 0\n")
    (tmp_path / "leaves.py").write_text("raise SystemExit(7)\n")
    (tmp_path / "twice.py").write_text(TWICE)
    done = selfcheck(tmp_path, *arguments)
    done.assert_no_traceback()
    assert (done.status, done.out) == (4, "")
    assert says in done.errors[0]
