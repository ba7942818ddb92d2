"""What the corpus's README says of parsers is what they do."""

import json
import re
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable

import orjson
import pytest

from cgstate.sources.corpus import body_of, cases
from cgstate.specification.data import folder

README = (folder("fixtures") / "README.md").read_text(encoding="utf-8")
COLUMNS = (("invalid", "bytes"), ("invalid", "json"), ("discouraged", "json"))
IN_JAVASCRIPT = """
const bodies = JSON.parse(require("fs").readFileSync(0, "utf8"));
const reads = body => { try { JSON.parse(Buffer.from(body, "base64")); return true; } catch { return false; } };
console.log(JSON.stringify(bodies.map(reads)));
"""


def bodies(kind: str, layer: str) -> list[bytes]:
    return [body_of(case) for case in cases(f"messages/{kind}").values() if case["layer"] == layer]


def told(parser: str) -> list[str]:
    row = next(line for line in README.splitlines() if line.startswith(f"| {parser} |"))
    return re.findall(r"\d+ of \d+", row)


def reads(parse: Callable[[bytes], object], body: bytes) -> bool:
    try:
        parse(body)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("parser", "parse"),
    [("Python, `json.loads`", json.loads), ("Python, `orjson.loads`", orjson.loads)],
    ids=["json", "orjson"],
)
def test_the_table_is_true_of_python(parser: str, parse: Callable[[bytes], object]) -> None:
    found = [[reads(parse, body) for body in bodies(*column)] for column in COLUMNS]
    assert told(parser) == [f"{sum(each)} of {len(each)}" for each in found]


def test_the_table_is_true_of_javascript() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node")
    found = []
    for column in COLUMNS:
        given = json.dumps([b64encode(body).decode() for body in bodies(*column)])
        done = subprocess.run(
            [node, "-e", IN_JAVASCRIPT], input=given, capture_output=True, encoding="utf-8", check=True
        )
        found.append(json.loads(done.stdout))
    assert told("JavaScript, `JSON.parse` of a `Buffer`") == [f"{sum(each)} of {len(each)}" for each in found]


@pytest.mark.parametrize("parse", [json.loads, orjson.loads])
def test_every_parser_reads_what_is_valid(parse: Callable[[bytes], object]) -> None:
    for name, case in cases("messages/valid").items():
        assert isinstance(parse(body_of(case)), dict), name
