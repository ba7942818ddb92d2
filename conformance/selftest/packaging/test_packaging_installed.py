import json
import re
from pathlib import Path

import pytest

import cgstate
from selftest.packaging.conftest import TOP, Installed, run

VALID = json.loads((TOP / "fixtures/messages/valid/loaded.json").read_text(encoding="utf-8"))["message"]


def test_the_command_tells_its_version(installed: Installed, tmp_path: Path) -> None:
    done = run(installed.cgstate, "--version", folder=tmp_path)
    assert (done.status, done.out, done.err) == (0, f"cgstate {cgstate.__version__}\n", "")


def test_a_message_is_judged(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "message.json").write_text(json.dumps(VALID), encoding="utf-8")
    done = run(installed.cgstate, "check", "message.json", folder=tmp_path)
    assert (done.status, done.err) == (0, "")
    assert done.last.startswith("conforms: 0 failed; ")


def test_docs_are_written_in_a_checkout_only(installed: Installed, tmp_path: Path) -> None:
    done = run(installed.cgstate, "docs", "--check", folder=tmp_path)
    assert (done.status, done.out) == (4, "")


HOSTILE_INI = """\
[pytest]
addopts = -n 2 -p no:terminal --no-such-option
filterwarnings = error
python_files = *.nothing
"""
HOSTILE_ENVIRONMENT = {
    "PYTEST_ADDOPTS": "-n 2 --nonsense",
    "PYTEST_PLUGINS": "no_such_plugin",
    "PYTHONWARNINGS": "error",
}


def test_settings_and_folders_of_the_users_own_do_not_change_the_verdict(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(HOSTILE_INI, encoding="utf-8")
    raising = "raise RuntimeError('this must not be imported')\n"
    (tmp_path / "conftest.py").write_text(raising, encoding="utf-8")
    for name in ("cgstate", "cgstate_reference", "conformance", "schemas", "requests", "pytest"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(raising, encoding="utf-8")
    done = run(
        installed.cgstate,
        "run",
        "--fast",
        "--report-json",
        "verdict.json",
        folder=tmp_path,
        environment=HOSTILE_ENVIRONMENT,
    )
    assert (done.status, done.err) == (0, "")
    assert done.last == "conforms: 0 failed, 2 left out; 175 of 177 exercised (exit 0)"
    report = json.loads((tmp_path / "verdict.json").read_bytes())
    assert (report["verdict"], report["exitStatus"]) == ("conforms", 0)


OTHER_TEST = """\
import sys

def test_of_something_else() -> None:
    print("imported:", *sorted(name for name in sys.modules if name.startswith("cgstate")))
    assert not {"hypothesis", "jsonschema", "requests", "rich", "aiohttp", "click"} & set(sys.modules)
"""


def test_pytest_without_the_suite_imports_nothing_but_the_plugin(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text(OTHER_TEST, encoding="utf-8")
    done = run(installed.python, "-m", "pytest", "-s", "-p", "no:cacheprovider", folder=tmp_path)
    assert done.status == 0, done.out
    (imported,) = re.findall(r"imported: (.*)", done.out)
    # The hook has to be known before a conftest.py is read; its module imports nothing but pytest.
    assert imported.split() == ["cgstate", "cgstate.hookspecs", "cgstate.plugin"]


@pytest.mark.parametrize("arguments", [["--help"], ["--markers"], ["--collect-only", "test_other.py"]])
def test_pytest_with_the_plugin_still_answers(installed: Installed, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "test_other.py").write_text(OTHER_TEST, encoding="utf-8")
    done = run(installed.python, "-W", "error", "-m", "pytest", *arguments, folder=tmp_path)
    assert (done.status, done.err) == (0, "")
