"""The verdict as JSON, under ``schemas/report.schema.json``."""

import json
from datetime import UTC, datetime
from typing import Any

from cgstate import __version__
from cgstate.faces.console import WORDS
from cgstate.faces.text import printable
from cgstate.verdict.verdict import Failure, Outcome, Result, Verdict

SCHEMA_VERSION = "1.0.0"
"""The version in the schema's ``$id``. The first number rises when a reader of the former could not read it."""


def as_report(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as a JSON object: the same values as on the console, nothing coloured, wrapped or cut."""
    exercised, of = verdict.exercised
    report = {
        "schemaVersion": SCHEMA_VERSION,
        "tool": {"name": "cgstate", "version": __version__},
        "subject": verdict.subject,
        "driver": verdict.driver,
        "verdict": WORDS[verdict.status],
        "exitStatus": int(verdict.status),
        "why": verdict.why,
        "strict": verdict.strict,
        "seed": verdict.seed,
        "started": rfc3339(verdict.started),
        "seconds": round(verdict.seconds, 3),
        "counts": {outcome.value: verdict.count(outcome) for outcome in Outcome},
        "exercised": {"n": exercised, "m": of},
        "requirements": [_requirement(result) for result in sorted(verdict.results, key=lambda r: r.requirement.id)],
        "coverage": {
            title: {row: dict(columns) for row, columns in matrix.items()} for title, matrix in verdict.coverage.items()
        },
        "notes": list(verdict.notes),
    }
    return {key: _sound(value) for key, value in report.items()}


def as_text(verdict: Verdict) -> str:
    """Return the report as the text of a file; ends with a line feed."""
    return json.dumps(as_report(verdict), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def rfc3339(seconds: float) -> str:
    """Return Unix seconds as RFC 3339 in UTC, with milliseconds."""
    moment = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return moment.replace("+00:00", "Z")


def _requirement(result: Result) -> dict[str, Any]:
    rule = result.requirement
    return {
        "id": rule.id,
        "role": rule.role.value,
        "level": rule.level.value,
        "core": rule.core,
        "outcome": result.outcome.value,
        "times": result.times,
        "reason": result.reason,
        "statement": rule.statement,
        "source": rule.source,
        "confidence": rule.confidence.value,
        "failures": [_failure(failure) for failure in result.failures],
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "sentence": failure.sentence,
        "expected": failure.expected,
        "seen": failure.seen,
        "message": failure.message,
        "case": failure.case,
        "repeat": list(failure.curl),
        "replay": failure.replay,
        "times": failure.times,
        "unstable": failure.unstable,
    }


def _sound(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Escape in every text what a terminal would obey and JSON does not escape by itself; keep line ends and tabs."""
    if isinstance(value, str):
        return value if value.isprintable() else "".join(c if c in "\n\r\t" else printable(c) for c in value)
    if isinstance(value, list):
        return [_sound(item) for item in value]
    if isinstance(value, dict):
        return {_sound(key): _sound(item) for key, item in value.items()}
    return value
