import json
import signal
import socket
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

import cgstate
from selftest.command.conftest import Cgstate

SCHEMA = json.loads((Path(cgstate.__file__).parents[2] / "schemas" / "report.schema.json").read_text(encoding="utf-8"))
SHORT = ("-r", "option.no-uri", "--quiet", "0.2")
HOSTILE = {"PYTEST_ADDOPTS": "--no-such-option", "PYTEST_PLUGINS": "no_such_plugin", "PYTHONWARNINGS": "error"}


def test_the_users_own_pytest_does_not_touch_a_run(cgstate_command: Cgstate) -> None:
    (cgstate_command.folder / "pytest.ini").write_text("[pytest]\naddopts = --nonsense\nfilterwarnings = error\n")
    (cgstate_command.folder / "conftest.py").write_text("raise RuntimeError('not yours')\n")
    files = ("--report-json", "r.json", "--report-junit", "r.xml")
    done = cgstate_command("run", *SHORT, "--seed", "7", *files, **HOSTILE)
    assert (done.status, done.err) == (0, "")
    assert done.last.endswith(" left out; 1 of 133 exercised (exit 0)")
    assert "seed: 7" in done.out
    report = json.loads((cgstate_command.folder / "r.json").read_bytes())
    jsonschema.validate(report, SCHEMA)
    assert (report["exitStatus"], report["seed"], report["exercised"]["n"]) == (0, 7, 1)
    names = {
        (case.get("classname"), case.get("name"))
        for case in ET.parse(cgstate_command.folder / "r.xml").iter("testcase")  # noqa: S314 - our own output
    }
    assert names == {(each["role"], each["id"]) for each in report["requirements"]}


def test_a_wrong_emitter_fails_for_its_fault_and_the_block_repeats_it(cgstate_command: Cgstate) -> None:
    done = cgstate_command("run", "-r", "option.off", "--broken", "ignores-off", "--quiet", "0.5")
    assert done.status == 1
    assert "-- failed: option.off ---" in done.out
    assert "/load-campaign -H 'Content-Type: application/json' -d '" in done.out


def test_an_emitter_that_is_not_there_is_neither_pass_nor_fail(cgstate_command: Cgstate) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        uri = f"http://me:hunter2@127.0.0.1:{held.getsockname()[1]}/ocs/v3/servers/1"
        done = cgstate_command("run", "--emitter", uri, "--report-json", "r.json", "--report-junit", "r.xml")
    assert done.status == 6
    assert done.last.startswith("unreachable: 0 failed; 0 of ")
    written = [(cgstate_command.folder / name).read_text() for name in ("r.json", "r.xml")]
    assert not any("hunter2" in text for text in (done.out, done.err, *written))
    assert json.loads(written[0])["exitStatus"] == 6


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_with_a_report_and_status_2(cgstate_command: Cgstate, number: int) -> None:
    process = cgstate_command.start("run", "--report-json", "r.json")
    with process:
        assert process.stdout is not None
        while b"life cycles" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (2, b"")
    assert out.decode().splitlines()[-1].startswith("interrupted: ")
    report = json.loads((cgstate_command.folder / "r.json").read_bytes())
    jsonschema.validate(report, SCHEMA)
    assert report["exitStatus"] == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--driver", "no_such_module:make"], "driver 'no_such_module:make': "),
        (["--advertise", "nonsense"], "--advertise: "),
    ],
)
def test_what_only_the_run_can_find_wrong_is_one_line_too(
    cgstate_command: Cgstate, arguments: list[str], said: str
) -> None:
    done = cgstate_command("run", *arguments, "--report-json", "r.json")
    assert (done.status, done.out) == (4, "")
    assert said in done.errors[0]
    assert len(done.errors) == 2
    assert not (cgstate_command.folder / "r.json").exists()
