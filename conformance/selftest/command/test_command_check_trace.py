"""``cgstate check --trace``: one trace, judged with all that it tells."""

import json
import shlex
from pathlib import Path

import jsonschema
import pytest

from cgstate.specification import data
from selftest.command.conftest import Cgstate, Write, legal

REPORT = json.loads(data.read("report.schema.json"))


def path_of(kind: str, name: str) -> str:
    top = data.checkout()
    assert top is not None
    return str(top / "fixtures" / "traces" / kind / f"{name}.json")


def test_a_conforming_trace_conforms(cgstate_command: Cgstate) -> None:
    done = cgstate_command("check", "--trace", path_of("conforming", "dial-modes-changed"))
    assert (done.status, done.err) == (0, "")
    assert "10 messages in" in done.out
    assert done.last.startswith("conforms: 0 failed; ")


def test_a_violating_trace_is_accused_of_its_requirement_alone(cgstate_command: Cgstate) -> None:
    path = path_of("violating", "again-after-500")
    done = cgstate_command("check", "--trace", path, "--report-json", "verdict.json")
    assert (done.status, done.err) == (1, "")
    report = json.loads((cgstate_command.folder / "verdict.json").read_bytes())
    jsonschema.validate(report, REPORT)
    outcomes = {requirement["id"]: requirement["outcome"] for requirement in report["requirements"]}
    assert [each for each, outcome in outcomes.items() if outcome in ("failed", "warned")] == ["failure.no-retry"]
    assert "again-after-500.json message 2 " in " ".join(done.out.split())


def test_a_violated_should_warns_and_gates_only_when_strict(cgstate_command: Cgstate) -> None:
    path = path_of("violating", "clock-7-s-ahead")
    done = cgstate_command("check", "--trace", path)
    assert done.status == 0
    assert "warned  date-time.clock" in done.out
    assert cgstate_command("check", "--strict", "--trace", path).status == 1


def test_what_a_bare_recording_does_not_show_is_not_exercised(cgstate_command: Cgstate) -> None:
    done = cgstate_command("check", "--trace", path_of("conforming", "gaps-in-three-lives"), "--must-exercise", "event")
    assert done.status == 5
    assert "nobody asked the emitter for anything" in " ".join(done.out.split())


def test_the_line_that_repeats_it_does(cgstate_command: Cgstate) -> None:
    name = "-it's a trace.json"
    trace = Path(path_of("violating", "load-not-reported")).read_bytes()
    (cgstate_command.folder / name).write_bytes(trace)
    done = cgstate_command("check", "--trace", "--", name)
    assert done.status == 1
    command = next(line for line in done.out.splitlines() if line.strip().startswith("repeat"))
    assert shlex.split(command)[1:] == ["cgstate", "check", "--trace", "--", name]
    assert "case      -it's a trace.json request 1\n" in done.out


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (legal(), "is no trace: $: "),
        ("[]", "is no trace: $: [] is not of type 'object'"),
        ("{", "is not JSON, so no trace"),
        ('{"description": "late", "began": 1e400, "messages": []}', "is no trace: nothing can be counted from 1e400"),
        (
            '{"description": "half a pair", "messages": [{"text": "\\ud800"}]}',
            "is no trace: a text holds half a surrogate pair, which UTF-8 has no bytes for: give bytes",
        ),
        ("", "is not JSON, so no trace"),
        ("[" * 100_000, "is not JSON, so no trace"),
    ],
)
def test_what_is_no_trace_is_refused_in_one_line(
    content: str, reason: str, cgstate_command: Cgstate, write: Write
) -> None:
    write("x.json", content)
    done = cgstate_command("check", "--trace", "x.json")
    assert (done.status, done.out) == (4, "")
    assert len(done.errors) == 1
    assert done.errors[0].startswith(f"cgstate: x.json {reason}")


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (("nowhere.json",), "cgstate: there is no file nowhere.json"),
        ((".",), "cgstate: . is a folder, not a file of messages"),
        (("a", "b"), "cgstate check: --trace takes one FILE: each trace has a verdict of its own"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(
    files: tuple[str, ...], reason: str, cgstate_command: Cgstate
) -> None:
    done = cgstate_command("check", "--trace", *files)
    assert (done.status, done.out, done.errors[0]) == (4, "", reason)


def test_a_trace_may_come_by_standard_input(cgstate_command: Cgstate) -> None:
    trace = Path(path_of("violating", "unload-twice")).read_bytes()
    done = cgstate_command("check", "--trace", "-", stdin=trace)
    assert (done.status, done.err) == (1, "")
    assert "failed: trace.not-loaded-once" in done.out
    assert "case      standard input message " in done.out
    assert "repeat" not in done.out


def test_help_tells_of_traces(cgstate_command: Cgstate) -> None:
    assert "--trace" in cgstate_command("check", "--help").out
