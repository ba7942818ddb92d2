"""What validators say of bodies: jsonschema and jsonschema-rs here, ajv and networknt's as processes of their own.

Each is given all bodies at once, and the files of the schemas as they are.
"""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import jsonschema_rs
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from cgstate.judge.ruling import Fault, Ruling, one_fault_one_accusation
from cgstate.specification.registry import registry

_HERE: Final = Path(__file__).parent
_FOLDER: Final = _HERE.parents[2] / "schemas"
_FILES: Final = tuple(_FOLDER / f"campaign-group-state{name}.schema.json" for name in ("", ".recommended"))
SCHEMAS: Final[tuple[dict[str, Any], ...]] = tuple(json.loads(file.read_text(encoding="utf-8")) for file in _FILES)
"""The schema of mandatory rules, and the recommended one, which refers to it."""
_BY_ID: Final = {schema["$id"]: schema for schema in SCHEMAS}
_WITHIN: Final = 300.0
"""Seconds for a process to answer all: a loaded machine takes long to start a Java."""


class Missing(Exception):  # noqa: N818 - named for the fact
    """A validator, or what runs it, is not on this machine."""


@dataclass(frozen=True, slots=True)
class Failing:
    """A keyword that a value fails."""

    requirement: str | None
    """The one named beside it; None: none is."""
    location: str = ""
    """``$id#/pointer`` of the keyword, where the validator says it."""
    missing: str | None = None
    """The attribute that is missing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a validator says of one body."""

    unread: str = ""
    """Why the parser of the language refuses it; then there is no verdict."""
    failing: tuple[tuple[Failing, ...], ...] = ()
    """For each schema the keywords that fail; none: the body passes."""


def accused_by(failing: Iterable[Failing]) -> set[str]:
    """Return the requirements that are broken, one accusation for each fault.

    Keywords that only say that a part of them fails (``if``, ``allOf``) name none.
    """
    faults = [Ruling(each.requirement, (1,), fault=Fault("", "", "")) for each in failing if each.requirement]
    return {ruling.requirement for ruling in one_fault_one_accusation(faults, registry().prerequisites)}


Validate = Callable[[Sequence[bytes]], list[Answer]]


REGISTRY: Final[Any] = Registry().with_resources([(of["$id"], Resource.from_contents(of)) for of in SCHEMAS])
_REGISTRY_RS: Final = jsonschema_rs.Registry([(of["$id"], of) for of in SCHEMAS])
JSONSCHEMA: Final = tuple(Draft202012Validator(of, registry=REGISTRY) for of in SCHEMAS)
JSONSCHEMA_RS: Final = tuple(jsonschema_rs.Draft202012Validator(of, registry=_REGISTRY_RS) for of in SCHEMAS)


def failing_by_jsonschema(number: int, value: object) -> Iterator[Failing]:
    """Yield the keywords of the schema of that number which fail, says Python's jsonschema."""
    for error in JSONSCHEMA[number].iter_errors(value):
        keyword, rules = str(error.validator), error.schema
        if keyword == "required":
            for name in rules["required"]:
                if name not in error.instance:
                    yield Failing(_named(rules, keyword, name), missing=name)
        else:
            yield Failing(_named(rules, keyword, None))


def failing_by_jsonschema_rs(number: int, value: object) -> Iterator[Failing]:
    """Yield the keywords of the schema of that number which fail, says the jsonschema of Rust."""
    for error in JSONSCHEMA_RS[number].iter_errors(value):
        missing = getattr(error.kind, "property", None)
        yield _failing_at(str(error.absolute_keyword_location), number, missing)


def by_jsonschema(bodies: Sequence[bytes]) -> list[Answer]:
    """Ask Python's jsonschema."""
    return _by_python(bodies, failing_by_jsonschema)


def by_jsonschema_rs(bodies: Sequence[bytes]) -> list[Answer]:
    """Ask the jsonschema of Rust, by its binding for Python."""
    return _by_python(bodies, failing_by_jsonschema_rs)


def by_ajv(bodies: Sequence[bytes]) -> list[Answer]:
    """Ask ajv, on Node; `Missing` where CGSTATE_AJV_HOME does not name a folder that has it."""
    home = _home("CGSTATE_AJV_HOME", "node_modules/ajv", "ajv")
    node = _program("node", None)
    lines = _run([node, _HERE / "ajv.mjs", home, *_FILES], bodies)
    return [_answer(json.loads(line)) for line in lines]


def by_networknt(bodies: Sequence[bytes], *, decimal: bool = False) -> list[Answer]:
    """Ask json-schema-validator, on Java; `Missing` where CGSTATE_NETWORKNT_HOME does not name a folder that has it.

    `decimal`: numbers with a fraction are read as BigDecimal, otherwise as double.
    """
    return [_answer(json.loads(line)[decimal]) for line in _networknt(tuple(bodies))]


@cache
def _networknt(bodies: tuple[bytes, ...]) -> list[str]:
    home = _home("CGSTATE_NETWORKNT_HOME", "json-schema-validator-*.jar", "networknt's json-schema-validator")
    jdk = os.environ.get("CGSTATE_JDK")
    _program("javac", jdk)  # it compiles a program of one file before it runs it
    return _run([_program("java", jdk), "-cp", f"{home}/*", _HERE / "Networknt.java", *_FILES], bodies)


VALIDATORS: Final[Mapping[str, Validate]] = MappingProxyType(
    {
        "jsonschema": by_jsonschema,
        "jsonschema-rs": by_jsonschema_rs,
        "ajv": by_ajv,
        "networknt": by_networknt,
        "networknt with BigDecimal": lambda bodies: by_networknt(bodies, decimal=True),
    }
)


def _home(variable: str, content: str, what: str) -> Path:
    named = os.environ.get(variable)
    if named is None:
        raise Missing(f"{variable} names no folder that has {what}: see .ci/validators")
    home = Path(named)
    if not any(home.glob(content)):
        raise Missing(f"{variable}: {named} has no {content}: see .ci/validators")
    return home


def _program(name: str, home: str | None) -> str:
    found = shutil.which(name, path=f"{home}/bin" if home else None)
    if found is None:
        raise Missing(f"there is no {name} {f'in {home}/bin' if home else 'on the path'}: see .ci/validators")
    return found


def _run(command: Sequence[str | Path], bodies: Sequence[bytes]) -> list[str]:
    asked = b"".join(base64.b64encode(body) + b"\n" for body in bodies)
    done = subprocess.run(command, input=asked, capture_output=True, check=False, timeout=_WITHIN)
    assert (done.returncode, done.stderr) == (0, b""), done.stderr.decode(errors="replace")
    lines = done.stdout.decode().splitlines()
    assert len(lines) == len(bodies)
    return lines


def _by_python(bodies: Sequence[bytes], failing: Callable[[int, object], Iterator[Failing]]) -> list[Answer]:
    answers = []
    for body in bodies:
        try:
            value = json.loads(body.decode("utf-8"))
            answers.append(Answer(failing=tuple(tuple(failing(number, value)) for number in range(len(SCHEMAS)))))
        except ValueError as error:  # no text, no JSON, or a text that Rust cannot hold
            answers.append(Answer(unread=type(error).__name__))
    return answers


def _answer(told: Mapping[str, Any]) -> Answer:
    if "unread" in told:
        return Answer(unread=told["unread"])
    return Answer(
        failing=tuple(
            tuple(_failing_at(each["location"], number, each["missing"]) for each in failing)
            for number, failing in enumerate(told["verdicts"])
        )
    )


def _failing_at(location: str, asked: int, missing: str | None) -> Failing:
    """Return the keyword at ``$id#/pointer``, ajv's ``$id/pointer``, or in the schema `asked` at ``#/pointer``."""
    written, _, pointer = location.partition("#" if "#" in location else "/")
    schema = _BY_ID[written] if written else SCHEMAS[asked]
    *way, keyword = pointer.removeprefix("/").split("/")
    rules: Any = schema
    for step in way:
        rules = rules[int(step) if isinstance(rules, list) else step]
    return Failing(_named(rules, keyword, missing), f"{schema['$id']}#/{'/'.join((*way, keyword))}", missing)


def _named(rules: Mapping[str, Any], keyword: str, missing: str | None) -> str | None:
    named = rules.get("x-requirement", {}).get(keyword)
    return named.get(missing) if isinstance(named, dict) else named


def rules_of(schema: Mapping[str, Any]) -> Iterator[Failing]:
    """Yield every rule of a schema that names a requirement, as it would fail."""

    def inside(of: Any, way: str) -> Iterator[Failing]:  # noqa: ANN401 - any part of a schema
        if isinstance(of, list):
            for number, inner in enumerate(of):
                yield from inside(inner, f"{way}/{number}")
        elif isinstance(of, dict):
            for keyword, named in of.get("x-requirement", {}).items():
                for missing, requirement in named.items() if isinstance(named, dict) else ((None, named),):
                    yield Failing(requirement, f"{way}/{keyword}", missing)
            for key, inner in of.items():
                if key not in {"x-requirement", "examples", "enum", "const"}:
                    yield from inside(inner, f"{way}/{key}")

    return inside(schema, f"{schema['$id']}#")
