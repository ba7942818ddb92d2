import io
import json
import os
import stat
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

import cgstate
from cgstate.faces.deliver import Reports, UnwritableReport, deliver, replace_file
from cgstate.faces.junit import as_junit
from cgstate.faces.progress import Progress
from cgstate.faces.report_json import SCHEMA_VERSION, as_report, as_text
from cgstate.verdict.verdict import ExitStatus, Outcome, Verdict

SCHEMA = json.loads((Path(cgstate.__file__).parents[2] / "schemas" / "report.schema.json").read_text(encoding="utf-8"))


def test_the_schema_is_one_and_carries_the_version_the_report_names() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert f":{SCHEMA_VERSION}:" in SCHEMA["$id"]


@pytest.mark.parametrize("status", [status for status in ExitStatus if status is not ExitStatus.USAGE])
def test_a_report_is_valid_under_its_schema(verdict: Verdict, status: ExitStatus) -> None:
    report = json.loads(as_text(replace(verdict, status=status)))
    jsonschema.validate(report, SCHEMA)
    assert report["exitStatus"] == status


def test_the_schema_takes_no_report_that_lacks_or_garbles_something(verdict: Verdict) -> None:
    report = as_report(verdict)
    garbled = [
        {**report, "verdict": "usage"},
        {**report, "started": "yesterday"},
        {**report, "counts": {"passed": 1}},
        {**report, "requirements": [{**report["requirements"][1], "failures": []}]},
        *({key: value for key, value in report.items() if key != missing} for missing in report),
    ]
    for each in garbled:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(each, SCHEMA)


def test_a_report_says_what_the_verdict_says(verdict: Verdict) -> None:
    report = as_report(replace(verdict, results=tuple(reversed(verdict.results))))
    ids = [each["id"] for each in report["requirements"]]
    assert ids == sorted(ids)
    assert len(ids) == len(verdict.results)
    assert report["started"] == "2026-05-28T20:26:40.125Z"
    assert report["exercised"] == {"n": 5, "m": 10}
    assert sum(report["counts"].values()) == len(verdict.results)
    failed = next(each for each in report["requirements"] if each["outcome"] == "failed")
    assert failed["failures"][0]["repeat"] == list(verdict.results[1].failures[0].curl)
    assert failed["failures"][0]["case"].endswith("\nsecond line")


def test_a_report_can_be_written_to_a_terminal(verdict: Verdict) -> None:
    assert all(line.isprintable() for line in as_text(verdict).split("\n"))


def cases(verdict: Verdict) -> dict[tuple[str | None, str | None], ET.Element]:
    found = list(ET.fromstring(as_junit(verdict)).iter("testcase"))  # noqa: S314 - our own output
    by_name = {(case.get("classname"), case.get("name")): case for case in found}
    assert len(by_name) == len(found)
    return by_name


def test_junit_names_every_requirement_once_by_role_and_id(verdict: Verdict) -> None:
    assert set(cases(verdict)) == {(r.requirement.role.value, r.requirement.id) for r in verdict.results}
    other = replace(verdict, seed=43, subject="another", started=0)
    assert set(cases(other)) == set(cases(verdict))


def test_junit_tells_each_outcome_as_consumers_know_it(verdict: Verdict) -> None:
    found = cases(verdict)
    children: dict[Outcome, list[list[str]]] = {result.outcome: [] for result in verdict.results}
    for result in verdict.results:
        case = found[(result.requirement.role.value, result.requirement.id)]
        children[result.outcome].append([child.tag for child in case])
    assert children == {
        Outcome.NOT_EXERCISED: [["skipped"]] * 3,
        Outcome.FAILED: [["failure"]],
        Outcome.PASSED: [[], []],
        Outcome.NOT_APPLICABLE: [["skipped"]],
        Outcome.LEFT_OUT: [["skipped"]],
        Outcome.WARNED: [["system-out"]],
        Outcome.EXCLUDED: [["skipped"]],
        Outcome.WAIVED: [["skipped"]],
    }
    skipped = found[("emitter", "option.off")].find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "not exercised: the driver has no hook `options`"
    failure = found[("message", "dial-mode.only-when-running")].find("failure")
    assert failure is not None
    assert "curl -X POST" in (failure.text or "")
    assert "\\x1b[31m[red]evil[/red]\\u202e \\x00\\ud800\\ufffe ]]> <&\"'" in (failure.text or "")


def test_junit_counts_what_it_holds(verdict: Verdict) -> None:
    root = ET.fromstring(as_junit(verdict))  # noqa: S314 - our own output
    for suite in [root, *root.iter("testsuite")]:
        assert int(suite.get("tests", "-1")) == len(list(suite.iter("testcase")))
        assert int(suite.get("failures", "-1")) == len(list(suite.iter("failure")))
        assert int(suite.get("errors", "-1")) == len(list(suite.iter("error")))
        assert int(suite.get("skipped", "-1")) == len(list(suite.iter("skipped")))
    assert root.tag == "testsuites"
    assert float(root.get("time", "")) == verdict.seconds


def test_under_strict_a_warning_is_a_failure_for_junit_too(verdict: Verdict) -> None:
    case = cases(replace(verdict, strict=True))[("message", "tenant-ccid.not-empty")]
    assert [child.tag for child in case] == ["failure"]


@pytest.mark.parametrize("status", [2, 3, 5, 6])
def test_a_run_without_a_judgement_is_not_green_in_junit(conforming: Verdict, status: int) -> None:
    found = cases(replace(conforming, status=ExitStatus(status), why="it broke off"))
    error = found[("cgstate", "verdict")].find("error")
    assert error is not None
    assert error.get("message") == "it broke off"
    assert ("cgstate", "verdict") not in cases(conforming)


def test_reports_are_written_whole_and_readable_by_others(verdict: Verdict, tmp_path: Path) -> None:
    reports = Reports(str(tmp_path / "r.json"), str(tmp_path / "r.xml"))
    reports.check()
    assert list(tmp_path.iterdir()) == []
    reports.write(verdict)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.json", "r.xml"]
    jsonschema.validate(json.loads((tmp_path / "r.json").read_text()), SCHEMA)
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "r.xml").stat().st_mode) == 0o666 & ~mask


def test_a_report_replaces_what_was_there_and_follows_a_link(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text("old")
    old.chmod(0o640)
    (tmp_path / "link").symlink_to(old)
    replace_file(str(tmp_path / "link"), b"new")
    assert (old.read_text(), stat.S_IMODE(old.stat().st_mode)) == ("new", 0o640)
    assert (tmp_path / "link").is_symlink()


def test_a_device_is_written_to_and_not_replaced() -> None:
    Reports(json=os.devnull).check()
    replace_file(os.devnull, b"x")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("path", ["no/such/folder/r.json", ".", "", "a\0b"])
def test_a_report_that_cannot_be_written_is_refused_beforehand(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnwritableReport, match="cannot write"):
        Reports(json=path).check()


def test_two_reports_do_not_share_a_file_and_junit_needs_one(tmp_path: Path) -> None:
    with pytest.raises(UnwritableReport, match="both"):
        Reports(json=str(tmp_path / "r"), junit=str(tmp_path / "r")).check()
    with pytest.raises(UnwritableReport, match="file"):
        Reports(junit="-").check()


def test_a_report_on_standard_output_is_alone_there(verdict: Verdict, capsys: pytest.CaptureFixture[str]) -> None:
    deliver(verdict, Reports(json="-"))
    out, err = capsys.readouterr()
    jsonschema.validate(json.loads(out), SCHEMA)
    assert err.splitlines()[-1].endswith("(exit 1)")


def test_progress_in_a_pipe_is_a_line_for_each_phase() -> None:
    out = io.StringIO()
    with Progress(out) as progress:
        progress.phase("life cycles")
        progress.step("case 1")
        progress.phase("failures \x1b[31m")
        progress.say("declared group left alone")
    told = [line.partition(" s  ")[2] or line for line in out.getvalue().splitlines()]
    assert told == ["life cycles", "failures \\x1b[31m", "declared group left alone"]


def test_progress_in_a_terminal_is_one_line_that_goes_away() -> None:
    out = io.StringIO()
    with Progress(out, live=True) as progress:
        progress.phase("life cycles " + "x" * 300)
        progress.step("case 1")
    assert "\n" not in out.getvalue()
    assert max(map(len, out.getvalue().split("\r\x1b[K"))) < 100
    assert out.getvalue().endswith("\r\x1b[K")
