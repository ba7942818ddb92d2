"""The schema layer: the message follows both schemas; a failing keyword names the requirement that is broken.

jsonschema-rs says fast that nothing is wrong; jsonschema, imported only then, says what is. Both are
shown the same plain view of the message: the attributes the schemas know, in values every validator can hold.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import jsonschema_rs

from cgstate.judge.checks import check
from cgstate.judge.exercised import exercised
from cgstate.judge.faults import Failing, describe
from cgstate.judge.ruling import Ruling
from cgstate.specification.schemas import (
    attributes,
    named_requirements,
    recommended_schema,
    requirement_of,
    schema,
)

_LARGEST: Final = 2**53
"""Larger integers are judged as this one: no bound of the schemas lies beyond it, and not every validator is exact."""
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")

REQUIREMENTS: Final = tuple(
    sorted({*named_requirements(schema()), *named_requirements(recommended_schema())} - {"body.object"})
)
"""Every requirement that a rule of the schemas names."""


@check(*REQUIREMENTS)
def rule_on_schema(value: Mapping[str, object], number: int) -> Iterator[Ruling]:
    """Every requirement of the schemas that the message exercises, met or broken."""
    view = plain(value)
    if _fast().is_valid(view):
        for requirement in exercised(view):
            yield Ruling(requirement, (number,))
        return
    faults: dict[str, Ruling] = {}
    for failing in _failing(view):
        if failing.requirement not in faults:
            faults[failing.requirement] = Ruling(failing.requirement, (number,), (), describe(failing, value))
    for requirement in exercised(view):
        if requirement not in faults:
            yield Ruling(requirement, (number,))
    yield from faults.values()


def plain(value: Mapping[str, object]) -> dict[str, object]:
    """Return the message as all validators can hold it, judged alike.

    Unknown attributes are legal and go. No rule looks into an array or an object, so they are emptied. Half
    surrogates, which only Python holds, become U+FFFD, one character for one.
    """
    return {key: _plain(found) for key in attributes() if (found := value.get(key, _MISSING)) is not _MISSING}


_MISSING: Final = object()


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value if value.isascii() else _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {}
    if isinstance(value, list):
        return []
    if isinstance(value, int) and not isinstance(value, bool):
        return min(max(value, -_LARGEST), _LARGEST)
    return value


def _failing(view: Mapping[str, object]) -> Iterator[Failing]:
    """Yield each keyword that fails; ``required`` once for each attribute that is missing."""
    for error in _explaining().iter_errors(view):
        rules, keyword = error.schema, error.validator
        if keyword == "required":
            for attribute in rules["required"]:
                if attribute not in view:
                    yield Failing(requirement_of(rules, keyword, attribute), attribute, keyword, rules)
        else:
            # What fails as a whole is a message with an attribute that must not be there.
            attribute = error.absolute_path[0] if error.absolute_path else rules["not"]["required"][0]
            yield Failing(requirement_of(rules, keyword), attribute, keyword, rules)


@cache
def _fast() -> jsonschema_rs.Draft202012Validator:
    registry = jsonschema_rs.Registry([(schema()["$id"], schema())])
    return jsonschema_rs.Draft202012Validator(recommended_schema(), registry=registry)


@cache
def _explaining() -> Any:  # noqa: ANN401 - jsonschema's types do not fit what its errors hold here
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - 60 ms that a right message does not need
    from referencing import Registry, Resource  # noqa: PLC0415 - the same

    registry: Any = Registry().with_resource(schema()["$id"], Resource.from_contents(schema()))
    return Draft202012Validator(recommended_schema(), registry=registry)
