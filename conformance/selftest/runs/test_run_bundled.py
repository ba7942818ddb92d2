"""The bundled implementations conform, and every way to start a run says the same of the emitter."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

import cgstate
from selftest.runs.running import Done, Reference, run, start_pytest

SCHEMA = json.loads((Path(cgstate.__file__).parents[2] / "schemas" / "report.schema.json").read_text(encoding="utf-8"))
OPTIONS = {
    "send-campaigngroup-states": True,
    "campaigngroup-states-uri": "http://127.0.0.1:9/before",
    "campaigngroup-states-interval": 77,
}
FAST = ("--fast", "--seed", "11")


@dataclass(frozen=True)
class Three:
    """One emitter judged three ways, and what the emitter was like before and after."""

    bundled: Done
    by_uri: Done
    by_pytest: Done
    base: str
    before: dict[str, object]
    after: dict[str, object]


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Three:
    folder = tmp_path_factory.mktemp("by-pytest")
    with Reference() as emitter:
        assert emitter.ask("PUT", "/conformance/options", OPTIONS)[0] == 200
        before = emitter.options()
        by_uri = run(tmp_path_factory.mktemp("by-uri"), "--emitter", emitter.base, *FAST)
        reports = ("--cgstate-report-json=report.json", "--cgstate-report-junit=report.xml")
        arguments = ("--cgstate-fast", "--cgstate-seed=11", *reports)
        by_pytest = start_pytest(folder, f"--cgstate-emitter={emitter.base}", *arguments).done()
        after = emitter.options()
    return Three(run(tmp_path_factory.mktemp("bundled"), *FAST), by_uri, by_pytest, emitter.base, before, after)


def test_the_bundled_implementations_conform_and_the_report_says_so(three: Three) -> None:
    done = three.bundled
    assert (done.status, done.err, done.accused) == (0, "", set()), done.told
    jsonschema.validate(done.report, SCHEMA)
    assert (done.report["subject"], done.report["driver"]) == (
        "bundled emitter; bundled receiver",
        "control API of the bundled emitter; messages of the suite's own",
    )
    assert "\ncgstate 0.1.0: bundled emitter; bundled receiver\n" in f"\n{done.out}"
    assert done.having("left out") == {"periodic.default-interval", "accepts.flood"}
    assert done.having("not exercised", "not applicable", "waived", "excluded") == set()


def test_the_junit_report_names_each_requirement_once(three: Three) -> None:
    done = three.bundled
    assert len(done.junit) == len(set(done.junit))
    assert {name for _, name in done.junit} == set(done.requirements)
    assert ET.parse(done.folder / "report.xml").getroot().tag == "testsuites"  # noqa: S314 - our own output


def test_a_uri_and_pytest_give_the_same_outcome_for_every_requirement(three: Three) -> None:
    of_emitters = {
        name: each["outcome"] for name, each in three.bundled.requirements.items() if each["role"] != "receiver"
    }
    for done in (three.by_uri, three.by_pytest):
        assert done.status == 0, done.told
        assert done.outcomes == of_emitters
        jsonschema.validate(done.report, SCHEMA)
        assert (done.report["subject"], done.report["driver"]) == (three.base, "control API")
        assert three.base in done.out
    assert three.by_uri.err == ""


def test_the_options_are_what_they_were(three: Three) -> None:
    assert three.before == OPTIONS
    assert three.after == three.before
