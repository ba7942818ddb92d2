"""Which requirements of the schemas a message puts to the test: those it can be said to meet, or not.

Read from the schemas themselves: a keyword is put to the test by a value of the type it is about, a
condition's consequence by a message that fulfils the condition.
"""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, Final

from cgstate.specification.schemas import recommended_schema, requirement_of, schema

_ABOUT: Final = {
    "maxLength": "string",
    "minLength": "string",
    "pattern": "string",
    "not": "string",
    "minimum": "number",
    "maximum": "number",
}
"""What kind of value a keyword is about; those not here are about any."""


def exercised(view: Mapping[str, object]) -> tuple[str, ...]:
    """Return the ids of the requirements that this message exercises, each once."""
    deciding = tuple(_code(view.get(attribute)) for attribute in _deciding())
    return _exercised(tuple((key, _kind(value)) for key, value in view.items()), deciding)


@cache
def _deciding() -> tuple[str, ...]:
    """Return the attributes whose values the conditions look at."""
    return tuple(sorted({attribute for rules in _conditions() for attribute in rules["if"]["properties"]}))


@cache
def _conditions() -> tuple[Mapping[str, Any], ...]:
    return tuple(rules for of in (schema(), recommended_schema()) for rules in of["allOf"] if "if" in rules)


@lru_cache(maxsize=4096)
def _exercised(kinds: tuple[tuple[str, str], ...], deciding: tuple[int | None, ...]) -> tuple[str, ...]:
    """Work it out once for each shape of message: real ones have few."""
    present = dict(kinds)
    codes = dict(zip(_deciding(), deciding, strict=True))
    found = dict.fromkeys(requirement_of(schema(), "required", name) for name in schema()["required"])
    for of in (schema(), recommended_schema()):
        found |= dict.fromkeys(_of_properties(of["properties"], present))
    for rules in _conditions():
        if _applies(rules["if"], present, codes):
            found |= dict.fromkeys(_of_consequence(rules["then"], present))
    return tuple(found)


def _of_properties(properties: Mapping[str, Any], present: Mapping[str, str]) -> Iterator[str]:
    for attribute, rules in properties.items():
        if attribute in present:
            for keyword in rules["x-requirement"]:
                if _ABOUT.get(keyword, present[attribute]) == present[attribute] or _is_code_rule(rules, keyword):
                    yield requirement_of(rules, keyword)


def _is_code_rule(rules: Mapping[str, Any], keyword: str) -> bool:
    """Whether ``not`` forbids a code and not a character."""
    return keyword == "not" and "const" in rules["not"]


def _of_consequence(then: Mapping[str, Any], present: Mapping[str, str]) -> Iterator[str]:
    for keyword, named in then.get("x-requirement", {}).items():
        if keyword == "required":
            yield from named.values()
        else:
            yield str(named)
    yield from _of_properties(then.get("properties", {}), present)


def _applies(condition: Mapping[str, Any], present: Mapping[str, str], codes: Mapping[str, int | None]) -> bool:
    if not all(attribute in present for attribute in condition["required"]):
        return False
    return all(
        codes[attribute] in (rules["enum"] if "enum" in rules else (rules["const"],))
        for attribute, rules in condition["properties"].items()
        if attribute in present
    )


def _kind(value: object) -> str:
    """Return the kind of value, as far as there are keywords about it alone."""
    if isinstance(value, str):
        return "string"
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else ""


def _code(value: object) -> int | None:
    """Return the integer a condition compares: to JSON Schema 5.0 is 5, and true is not 1."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if isinstance(value, int) or value.is_integer() else None
