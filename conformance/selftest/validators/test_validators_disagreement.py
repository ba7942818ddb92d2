"""A validator with a planted bug is found out; what it says wrong is shrunk to the fact and written as a fixture."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from cgstate.evidence import Exchange, Traits
from cgstate.judge.message import read_message
from cgstate.judge.ruling import one_fault_one_accusation
from cgstate.specification.registry import registry
from selftest.validators.agreement import OPINIONS, Opinion, compare, numbered
from selftest.validators.disagreement import Disagreement, found
from selftest.validators.mutations import Message, pool
from selftest.validators.verdicts import JSONSCHEMA, REGISTRY, SCHEMAS

SEED, MOST = 5, 4_000

Keyword = Callable[[Any, Any, Any, Any], Iterator[ValidationError] | None]


def _before_a_line_end(validator: Any, pattern: str, value: Any, _: Any) -> Iterator[ValidationError]:  # noqa: ANN401 - as jsonschema calls it
    """Plant: no pattern looks at a final newline."""
    if validator.is_type(value, "string") and not re.search(pattern, value.removesuffix("\n")):
        yield ValidationError("no match")


def _any_digit(validator: Any, pattern: str, value: Any, _: Any) -> Iterator[ValidationError]:  # noqa: ANN401 - as jsonschema calls it
    """Plant: a digit is one of any script."""
    if validator.is_type(value, "string") and not re.search(pattern, re.sub(r"\d", "0", value)):
        yield ValidationError("no match")


def _in_utf_16(validator: Any, limit: int, value: Any, _: Any) -> Iterator[ValidationError]:  # noqa: ANN401 - as jsonschema calls it
    """Plant: the length of a text is that of UTF-16."""
    if validator.is_type(value, "string") and len(value.encode("utf-16-le", "surrogatepass")) // 2 > limit:
        yield ValidationError("too long")


def _without_equal_true(validator: Any, codes: list[int], value: Any, _: Any) -> Iterator[ValidationError]:  # noqa: ANN401, ARG001 - as jsonschema calls it
    """Plant: a code is one of a list by Python's equality alone."""
    if value not in codes:
        yield ValidationError("no known code")


def _is_integer(_: Any, value: object) -> bool:  # noqa: ANN401 - as jsonschema calls it
    """Plant: 5.0 is no integer."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_python_integer(_: Any, value: object) -> bool:  # noqa: ANN401 - as jsonschema calls it
    """Plant: true is an integer."""
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())


def _is_long(_: Any, value: object) -> bool:  # noqa: ANN401 - as jsonschema calls it
    """Plant: an integer has 64 bits."""
    return JSONSCHEMA[0].is_type(value, "integer") and -(2**63) <= value < 2**63  # type: ignore[operator]


def planted(keywords: Mapping[str, Keyword] | None = None, integer: Any = None) -> Opinion:  # noqa: ANN401 - as jsonschema takes it
    """Return the opinion of a validator that is wrong in this, of the message as it was sent."""
    types = Draft202012Validator.TYPE_CHECKER
    kind: Any = extend(  # type: ignore[no-untyped-call] # it has no types
        Draft202012Validator,
        validators=dict(keywords or {}),
        type_checker=types.redefine("integer", integer) if integer else types,
    )
    first, second = (kind(schema, registry=REGISTRY) for schema in SCHEMAS)

    def opinion(message: Message, _: Message) -> tuple[bool, bool]:
        return (True, second.is_valid(message)) if first.is_valid(message) else (False, False)

    return opinion


PLANTED: dict[str, tuple[Opinion, Callable[[Any], bool]]] = {
    "a pattern ends before a newline": (
        planted({"pattern": _before_a_line_end}),
        lambda value: bool(re.fullmatch(r"[0x]\.[0x]{3}\n", value)),
    ),
    "a digit is one of any script": (
        planted({"pattern": _any_digit}),
        lambda value: bool(re.fullmatch(r"\d\.\d{3}", value)) and not value.isascii(),
    ),
    "lengths are those of UTF-16": (
        planted({"maxLength": _in_utf_16}),
        lambda value: len(value) <= 255 and len(value.encode("utf-16-le")) // 2 in {65, 256},
    ),
    "5.0 is no integer": (planted(integer=_is_integer), lambda value: isinstance(value, float) and value.is_integer()),
    "true is an integer": (
        planted({"enum": _without_equal_true}, integer=_is_python_integer),
        lambda value: isinstance(value, bool),
    ),
    "an integer has 64 bits": (planted(integer=_is_long), lambda value: value in {2**63, -(2**63) - 1}),
}
"""A bug, and what the one odd value is that shows it: nothing could be left out of it."""


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    return pool(100, SEED)


@pytest.fixture(scope="module", params=PLANTED)
def case(request: pytest.FixtureRequest, messages: list[Message]) -> tuple[str, Disagreement, int]:
    """The name of the plant, what came of it, and the message's number."""
    asked = {"jsonschema-rs": OPINIONS["jsonschema-rs"], request.param: PLANTED[request.param][0]}
    number = next(n for n in range(MOST) if compare(messages, SEED, [n], asked).odd)
    return request.param, found(numbered(messages, SEED, number), asked), number


def test_a_planted_bug_is_found_and_shrunk_to_the_fact(case: tuple[str, Disagreement, int]) -> None:
    name, disagreement, _ = case
    _, is_the_fact = PLANTED[name]
    (value,) = disagreement.odd.values()
    assert is_the_fact(value), disagreement.odd
    assert len(set(disagreement.said.values())) == 2


def test_it_is_written_as_a_fixture_that_the_judge_takes(case: tuple[str, Disagreement, int], tmp_path: Path) -> None:
    _, disagreement, number = case
    file = disagreement.write(tmp_path)
    written = json.loads(file.read_text())
    text = written["text"] if "text" in written else json.dumps(written["message"], ensure_ascii=False)
    assert json.loads(text) == disagreement.message
    rulings = read_message(Exchange(1, text.encode()), Traits("a fixture", has_bytes=True)).rulings
    kept = one_fault_one_accusation(rulings, registry().prerequisites)
    schema_layer = [r.requirement for r in kept if r.fault and registry().requirements[r.requirement].layer == "schema"]
    assert schema_layer == [each for each in [written.get("requirement")] if each is not None]
    assert file.parent.name == ("valid" if not schema_layer else "invalid")
    told = disagreement.told(file, SEED, number)
    assert str(file) in told
    assert f"CGSTATE_AGREEMENT_SEED={SEED}:{number} " in told
