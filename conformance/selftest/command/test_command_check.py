import json
import os
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

import cgstate
from cgstate.evidence import Evidence, Exchange
from cgstate.judge.judge import judge
from cgstate.judge.ruling import Ruling
from cgstate.judge.stream import judge_stream
from cgstate.sources.recordings import traits_of
from selftest.command.conftest import Cgstate, Write, legal

SCHEMA = json.loads((Path(cgstate.__file__).parents[2] / "schemas" / "report.schema.json").read_text(encoding="utf-8"))
STOPPED = legal(GSW_CAMPAIGN_GROUP_ACTION=10, GSW_DIAL_MODE=1)


def test_a_legal_message_conforms_and_says_how_much_it_showed(cgstate_command: Cgstate) -> None:
    done = cgstate_command("check", "-", stdin=legal())
    assert (done.status, done.err) == (0, "")
    assert done.last.startswith("conforms: 0 failed; ")
    assert done.last.endswith(" exercised (exit 0)")


def test_a_pretty_printed_message_is_one_message(cgstate_command: Cgstate) -> None:
    done = cgstate_command("check", "-", stdin=json.dumps(json.loads(legal()), indent=4))
    assert done.status == 0
    assert "1 message in standard input" in done.out


def test_a_fault_is_explained_with_its_place_and_can_be_repeated(cgstate_command: Cgstate, write: Write) -> None:
    write("it's a file.ndjson", f"{legal()}\n\n{STOPPED}\n{legal()}\n")
    done = cgstate_command("check", "it's a file.ndjson")
    assert done.status == 1
    assert done.last.startswith("does not conform: 1 failed; ")
    assert "-- failed: dial-mode.only-when-running ---" in done.out
    assert "case      it's a file.ndjson line 3\n" in done.out
    command = next(line for line in done.out.splitlines() if "| cgstate check -" in line)
    repeated = command.partition("repeat")[2].strip().removesuffix("| cgstate check -")
    again = subprocess.run(["/bin/sh", "-c", repeated], cwd=cgstate_command.folder, capture_output=True, check=True)
    assert again.stdout.decode().strip() == STOPPED


def test_a_message_from_standard_input_can_be_repeated(cgstate_command: Cgstate) -> None:
    done = cgstate_command("check", "-", stdin=STOPPED)
    command = next(line for line in done.out.splitlines() if "| cgstate check -" in line)
    repeated = command.partition("repeat")[2].strip().removesuffix("| cgstate check -")
    again = subprocess.run(["/bin/sh", "-c", repeated], capture_output=True, check=True)
    assert again.stdout.decode() == STOPPED


def test_the_same_fault_in_many_messages_is_one_block(cgstate_command: Cgstate) -> None:
    done = cgstate_command("check", "-", stdin="\n".join([STOPPED] * 50))
    assert done.out.count("-- failed: ") == 1
    assert "(seen 50 times)" in " ".join(done.out.split())


def test_contradictions_within_a_file_are_found_and_files_are_apart(cgstate_command: Cgstate, write: Write) -> None:
    end = legal(GSW_CAMPAIGN_GROUP_STATE=0, GSW_CAMPAIGN_GROUP_ACTION=8)
    write("a", f"{end}\n")
    write("b", f"{end}\n")
    write("both", f"{end}\n{end}\n")
    assert cgstate_command("check", "a", "b").status == 0
    done = cgstate_command("check", "both")
    assert done.status == 1
    assert "-- failed: trace.not-loaded-once ---" in done.out
    assert "repeat    cgstate check both\n" in done.out


def test_a_should_warns_and_gates_only_when_strict(cgstate_command: Cgstate) -> None:
    empty = legal(GSW_GROUP_NAME="")
    assert cgstate_command("check", "-", stdin=empty).status == 0
    done = cgstate_command("check", "--strict", "-", stdin=empty)
    assert done.status == 1
    assert "why: strict" in done.out


def test_must_exercise_makes_a_gate_that_silence_does_not_pass(cgstate_command: Cgstate) -> None:
    done = cgstate_command("check", "--must-exercise", "dial-mode.known-code", "-", stdin=legal())
    assert done.status == 5
    assert "why: must be exercised and was not: dial-mode.known-code" in done.out
    running = legal(GSW_CAMPAIGN_GROUP_STATE=5, GSW_DIAL_MODE=2, GSW_CAMPAIGN_GROUP_ACTION=9)
    assert cgstate_command("check", "--must-exercise", "dial-mode.known-code", "-", stdin=running).status == 0


def test_only_the_chosen_requirements_are_judged(cgstate_command: Cgstate) -> None:
    assert cgstate_command("check", "-r", "guid", "-", stdin=STOPPED).status == 0
    done = cgstate_command("check", "-r", "guid", "-r", "dial-mode.only-when-running", "-", stdin=STOPPED)
    assert done.status == 1
    assert " left out;" in done.last


def test_a_choice_of_which_nothing_was_seen_is_incomplete(cgstate_command: Cgstate) -> None:
    done = cgstate_command("check", "-r", "stat-hit-ratio", "-", stdin=legal())
    assert done.status == 5
    assert "why: nothing was exercised" in done.out


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe{}",
        b"\xef\xbb\xbf{}",
        b'{"a":1,"a":2}',
        b"[" * 100_000,
        b'{"a":' * 3000 + b"1" + b"}" * 3000,
        b"NaN",
        b'{"GSW_CAMPAIGN_GROUP_STATE": 1e999}',
        b'{"GSW_CAMPAIGN_GROUP_STATE": ' + b"9" * 5000 + b"}",
        b'{"GSW_GROUP_NAME": "\\ud800"}',
        b'{"GSW_GROUP_NAME": "\x1b[31m"}',
        b"\x00",
    ],
)
def test_no_body_is_too_broken_to_be_judged(cgstate_command: Cgstate, body: bytes) -> None:
    done = cgstate_command("check", "--report-json", "r.json", "--report-junit", "r.xml", "-", stdin=body)
    assert (done.status, done.err) == (1, "")
    assert all(line.isprintable() for line in done.out.splitlines())
    jsonschema.validate(json.loads((cgstate_command.folder / "r.json").read_bytes()), SCHEMA)
    assert ET.parse(cgstate_command.folder / "r.xml").getroot().tag == "testsuites"  # noqa: S314 - our own output


def test_hostile_names_reach_no_terminal(cgstate_command: Cgstate) -> None:
    evil = "\x1b]0;x\x07[red]\u202e\n企业"
    done = cgstate_command("check", "-", stdin=legal(GSW_CAMPAIGN_GROUP_NAME=evil, GSW_DIAL_MODE=1))
    assert done.status == 1
    assert all(line.isprintable() for line in done.out.splitlines())
    assert "企业" in done.out


def test_a_terminal_without_unicode_is_no_trouble(cgstate_command: Cgstate) -> None:
    message = legal(GSW_CAMPAIGN_GROUP_NAME="企业", GSW_DIAL_MODE=1)
    done = cgstate_command("check", "-", stdin=message, PYTHONIOENCODING="ascii")
    assert (done.status, done.err) == (1, "")
    assert "\\u4f01" in done.out


def test_the_json_report_can_have_standard_output_for_itself(cgstate_command: Cgstate) -> None:
    done = cgstate_command("check", "--report-json", "-", "-", stdin=STOPPED)
    report = json.loads(done.out)
    jsonschema.validate(report, SCHEMA)
    assert (done.status, report["exitStatus"], report["verdict"]) == (1, 1, "does not conform")
    assert done.err.splitlines()[-1].endswith("(exit 1)")


def test_no_report_is_written_where_nothing_is_judged(cgstate_command: Cgstate) -> None:
    assert cgstate_command("check", "--report-json", "r.json", "absent").status == 4
    assert list(cgstate_command.folder.iterdir()) == []


def test_a_full_disk_is_told_and_is_no_judgement(cgstate_command: Cgstate) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no device that is always full")
    done = cgstate_command("check", "--report-json", "/dev/full", "-", stdin=legal())
    assert done.status == 3
    assert done.errors == ["cgstate: cannot write '/dev/full': No space left on device"]


def test_thousands_of_lines_are_judged_in_seconds_and_counted(cgstate_command: Cgstate, write: Write) -> None:
    write("many", "\n".join([legal()] * 5000 + [STOPPED]))
    before = os.times()
    done = cgstate_command("check", "many")
    after = os.times()
    assert done.status == 1
    assert "5001 messages in many" in done.out
    assert "case      many line 5001\n" in done.out
    assert after.children_user - before.children_user < 5


def test_a_recording_too_large_to_be_read_whole_is_judged_line_by_line(cgstate_command: Cgstate, write: Write) -> None:
    padding = "x" * 1_000_000
    lines = [legal(extra=padding)] * 17
    write("large", "\n".join([*lines, STOPPED]))
    done = cgstate_command("check", "large")
    assert done.status == 1
    assert "18 messages in large" in done.out
    assert "case      large line 18\n" in done.out


BODIES = [
    legal(),
    STOPPED,
    "nonsense",
    '{"a": 1, "a": 2}',
    legal(GSW_CAMPAIGN_GROUP_STATE=0, GSW_CAMPAIGN_GROUP_ACTION=8),
    legal(GSW_CAMPAIGN_GROUP_STATE=0, GSW_CAMPAIGN_GROUP_ACTION=8),
    legal(GSW_CAMPAIGN_GROUP_STATE=0, GSW_CAMPAIGN_GROUP_ACTION=7),
    legal(GSW_CAMPAIGN_GROUP_STATE=0, GSW_CAMPAIGN_GROUP_ACTION=8, GSW_CAMPAIGN_GROUP_GUID=None),
    legal(GSW_CAMPAIGN_GROUP_STATE="0"),
    legal(GSW_CAMPAIGN_GROUP_STATE=0, GSW_CAMPAIGN_GROUP_ACTION=29),
]


def test_judging_one_after_another_gives_the_rulings_of_judging_all_at_once() -> None:
    exchanges = tuple(Exchange(number, body.encode()) for number, body in enumerate(BODIES, start=1))
    taken: list[Ruling] = []

    def take(ruling: Ruling, exchange: Exchange) -> None:
        assert ruling.exchanges[0] == exchange.number
        taken.append(ruling)

    assert judge_stream(exchanges, traits_of("x"), take) == len(BODIES)
    whole = judge(Evidence(traits_of("x"), exchanges))
    assert sorted(map(repr, taken)) == sorted(map(repr, whole))
    assert any(ruling.requirement == "trace.not-loaded-once" and ruling.fault for ruling in taken)
