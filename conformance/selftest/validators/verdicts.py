"""What validators say of bodies: jsonschema and jsonschema-rs here, ajv and networknt's as processes of their own.

Each is given all bodies at once, and the files of the schemas as they are.
"""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import jsonschema_rs
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

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
class Answer:
    """What a validator says of one body."""

    unread: str = ""
    """Why the parser of the language refuses it; then there is no verdict."""
    failing: tuple[tuple[str | None, ...], ...] = ()
    """For each schema the requirement that each failing keyword names; None where it names none. Empty: it passes."""


Validate = Callable[[Sequence[bytes]], list[Answer]]


def by_jsonschema(bodies: Sequence[bytes]) -> list[Answer]:
    """Ask Python's jsonschema."""
    resources = [(of["$id"], Resource.from_contents(of)) for of in SCHEMAS]
    registry: Any = Registry().with_resources(resources)
    validators = [Draft202012Validator(of, registry=registry) for of in SCHEMAS]

    def failing(validator: Draft202012Validator, value: object) -> Iterator[str | None]:
        for error in validator.iter_errors(value):
            keyword, rules = str(error.validator), error.schema
            missing = (
                [name for name in rules["required"] if name not in error.instance] if keyword == "required" else [None]
            )
            yield from (_named(rules, keyword, attribute) for attribute in missing)

    return _by_python(bodies, [partial(failing, of) for of in validators])


def by_jsonschema_rs(bodies: Sequence[bytes]) -> list[Answer]:
    """Ask the jsonschema of Rust, by its binding for Python."""
    registry = jsonschema_rs.Registry([(of["$id"], of) for of in SCHEMAS])
    validators = [jsonschema_rs.Draft202012Validator(of, registry=registry) for of in SCHEMAS]

    def failing(number: int, value: object) -> Iterator[str | None]:
        for error in validators[number].iter_errors(value):
            missing = getattr(error.kind, "property", None)
            yield _named_at(str(error.absolute_keyword_location), number, missing)

    return _by_python(bodies, [partial(failing, number) for number in range(len(SCHEMAS))])


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


def _by_python(bodies: Sequence[bytes], validators: Sequence[Callable[[object], Iterator[str | None]]]) -> list[Answer]:
    answers = []
    for body in bodies:
        try:
            value = json.loads(body.decode("utf-8"))
            answers.append(Answer(failing=tuple(tuple(failing(value)) for failing in validators)))
        except ValueError as error:  # no text, no JSON, or a text that Rust cannot hold
            answers.append(Answer(unread=type(error).__name__))
    return answers


def _answer(told: Mapping[str, Any]) -> Answer:
    if "unread" in told:
        return Answer(unread=told["unread"])
    return Answer(
        failing=tuple(
            tuple(_named_at(each["location"], number, each["missing"]) for each in failing)
            for number, failing in enumerate(told["verdicts"])
        )
    )


def _named_at(location: str, asked: int, missing: str | None) -> str | None:
    """Return the requirement named beside a keyword: ``$id#/pointer``, ajv's ``$id/pointer``, or ``#/pointer``.

    The last one is in the schema that was `asked`.
    """
    written, _, pointer = location.partition("#" if "#" in location else "/")
    rules: Any = _BY_ID[written] if written else SCHEMAS[asked]
    *way, keyword = pointer.removeprefix("/").split("/")
    for step in way:
        rules = rules[int(step) if isinstance(rules, list) else step]
    return _named(rules, keyword, missing)


def _named(rules: Mapping[str, Any], keyword: str, missing: str | None) -> str | None:
    named = rules.get("x-requirement", {}).get(keyword)
    return named.get(missing) if isinstance(named, dict) else named
