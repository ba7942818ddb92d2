"""The kill matrix as JSON, under ``schemas/selfcheck.schema.json``."""

import json
from typing import Any

from cgstate import __version__
from cgstate.faces.report_json import rfc3339
from cgstate.proof.matrix import Matrix, Row
from cgstate.proof.seen import Seen

SCHEMA_VERSION = "1.0.0"
"""The version in the schema's ``$id``. The first number rises when a reader of the former could not read it."""


def as_text(matrix: Matrix, started: float) -> str:
    """Return the matrix as the text of a file; `started` in Unix seconds."""
    report = {
        "schemaVersion": SCHEMA_VERSION,
        "tool": {"name": "cgstate", "version": __version__},
        "holds": matrix.holds,
        "exitStatus": int(matrix.status),
        "started": rfc3339(started),
        "seconds": round(matrix.seconds, 3),
        "processorSeconds": round(matrix.processor, 3),
        "jobs": matrix.jobs,
        "implementations": [_implementation(row) for row in matrix.rows],
        "requirements": [
            {"id": score.requirement, "killed": score.killed, "killers": score.killers} for score in matrix.scores
        ],
    }
    return json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _implementation(row: Row) -> dict[str, Any]:
    subject = row.subject
    return {
        "role": subject.program,
        "name": subject.name,
        "broken": subject.broken,
        "variant": subject.variant,
        "mayWarn": sorted(subject.may_warn),
        "sentence": subject.sentence,
        "primary": subject.primary or None,
        "shows": subject.shows or None,
        "consequences": dict(subject.consequences),
        "fate": row.fate.value,
        "why": list(row.why),
        "cameOnce": list(row.came_once),
        "runs": [_run(seen) for seen in row.runs],
    }


def _run(seen: Seen) -> dict[str, Any]:
    return {
        "seed": seen.seed,
        "whole": seen.whole,
        "alone": seen.alone,
        "seconds": round(seen.seconds, 3),
        "processorSeconds": round(seen.processor, 3),
        "trouble": seen.trouble,
        "accused": [
            {"requirement": name, "outcome": each.outcome.value, "sentences": list(each.sentences)}
            for name, each in sorted(seen.accused.items())
        ],
    }
