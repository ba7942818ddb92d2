"""The fixtures that the plugin gives to tests of the user's own."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = """
import json
import urllib.request

MESSAGE = {
    "GSW_TENANT_NAME": "undefined", "GSW_TENANT_CCID": "1", "GSW_CAMPAIGN_GROUP_NAME": "c@g",
    "GSW_CAMPAIGN_GROUP_GUID": "1", "GSW_GROUP_NAME": "g", "GSW_QUEUE_NAME": "8001", "GSW_CAMPAIGN_GROUP_STATE": 4,
    "GSW_CAMPAIGN_GROUP_ACTION": 7, "GSW_CAMPAIGN_GROUP_ACTOR": 1, "GSW_DATE_TIME": "1527516447.250",
}


def test_a_good_message_has_no_faults(cgstate_check):
    assert cgstate_check(MESSAGE) == []


def test_a_bad_one_is_told_by_its_requirement(cgstate_check):
    (fault,) = cgstate_check(MESSAGE | {"GSW_CAMPAIGN_GROUP_STATE": "4"})
    assert fault.startswith("state.integer (MUST): ")


def test_bytes_are_judged_too(cgstate_check):
    (fault,) = cgstate_check(b"{")
    assert fault.startswith("body.json (MUST): ")


def test_what_is_sent_is_captured(cgstate_capture, cgstate_check):
    body = json.dumps(MESSAGE).encode()
    with urllib.request.urlopen(urllib.request.Request(cgstate_capture.uri, body)) as answer:
        assert answer.status == 200
    (exchange,) = cgstate_capture.exchanges
    assert cgstate_check(exchange.body) == []
"""


def test_a_users_tests_can_judge_and_capture(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(TESTS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "cgstate.plugin", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        timeout=60,
        check=False,
    )
    assert "4 passed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0
