"""What is on record about the suite is well-formed, up to date, and shown."""

from __future__ import annotations

import json
import subprocess
import sys

import jsonschema

from cgstate.command.docs import guards
from cgstate.faces.reference import Guard, reference_page
from cgstate.proof.subjects import broken
from cgstate.specification.data import checkout, read
from cgstate.specification.proof import NAME, Figure, Proof, proof
from cgstate.specification.registry import registry
from selftest.runs.running import environment

RECORDED = Proof({"emitter": frozenset({"a", "b"}), "receiver": frozenset()}, ())


def test_the_record_is_as_its_schema_says() -> None:
    document = json.loads(read(NAME))
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.validate(document, json.loads(read("proof.schema.json")), format_checker=checker)
    assert proof().as_text().encode() == read(NAME)


def test_every_requirement_has_something_that_is_made_to_break_it() -> None:
    made = {subject.primary for subject in broken()}
    assert [name for name in registry().requirements if name not in made] == []


def test_everything_that_is_named_is_a_requirement() -> None:
    known = registry().requirements.keys()
    named = {(subject.name, each) for subject in broken() for each in (subject.primary, *subject.consequences)}
    assert [(name, each) for name, each in sorted(named) if each not in known] == []


def test_nothing_is_declared_without_a_reason() -> None:
    assert [subject.name for subject in broken() if not subject.shows] == []
    assert [
        subject.name for subject in broken() if not subject.sentence or not all(subject.consequences.values())
    ] == []
    assert [subject.name for subject in broken() if subject.primary in subject.consequences] == []


def test_everything_that_is_wrong_on_purpose_is_on_record_as_killed() -> None:
    """`cgstate selfcheck NAME --record` puts it there, where it is."""
    recorded = {(role, name) for role, names in proof().killed.items() for name in names}
    assert {(subject.program, subject.name) for subject in broken()} == recorded


def test_a_new_trial_changes_what_was_tried_and_nothing_else() -> None:
    assert RECORDED.updated("emitter", {"b", "c", "d"}, {"c"}).killed == {
        "emitter": {"a", "c"},
        "receiver": frozenset(),
    }
    assert RECORDED.without("emitter", {"b", "z"}).killed["emitter"] == {"b"}


def test_a_figure_takes_the_place_of_the_one_of_its_name() -> None:
    first, second, other = (
        Figure("f", "1", "c", "2026-01-01"),
        Figure("f", "2", "c", "2026-01-02"),
        Figure("e", "3", "c", "2026-01-01"),
    )
    assert RECORDED.measured(first).measured(other).measured(second).figures == (other, second)


def test_the_page_shows_score_and_figures() -> None:
    page = reference_page({}, {**guards(), "date-time.utc": Guard(1, 7)})
    row = next(line for line in page.splitlines() if '<a id="date-time.utc">' in line)
    assert row.endswith("| 1 of 7 |")
    for figure in proof().figures:
        assert f"| {figure.name} | {figure.value} | `{figure.command}` | {figure.date} |" in page


def test_a_figure_that_is_no_line_is_refused() -> None:
    top = checkout()
    assert top is not None
    before = read(NAME)
    for arguments in ([], ["one", "two"], ["name", "", "command"], ["name", "two\nlines", "command"]):
        done = subprocess.run(
            [sys.executable, "conformance/selftest/record.py", *arguments],
            cwd=top,
            env=environment(),
            capture_output=True,
            check=False,
            text=True,
        )
        assert (done.returncode, done.stdout) == (4, "")
        assert done.stderr == "record.py: in a checkout, give NAME VALUE COMMAND, each one line\n"
    assert read(NAME) == before
