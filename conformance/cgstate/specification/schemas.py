"""The schemas of one notification, and which requirement a failing keyword of theirs names.

A schema object carries ``x-requirement`` beside its keywords: keyword to requirement id, and for
``required`` attribute to requirement id. All rules are data; nothing here knows one of them.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import orjson

from cgstate.specification.data import read

SCHEMA = "campaign-group-state.schema.json"
RECOMMENDED_SCHEMA = "campaign-group-state.recommended.schema.json"

Schema = dict[str, Any]


@cache
def schema() -> Schema:
    """Return the schema of one notification with the mandatory rules only; not to be changed."""
    return _load(SCHEMA)


@cache
def recommended_schema() -> Schema:
    """Return the schema with the recommended rules too; it refers to the ``$id`` of `schema`; not to be changed."""
    return _load(RECOMMENDED_SCHEMA)


def _load(name: str) -> Schema:
    loaded: Schema = orjson.loads(read(name))
    return loaded


def attributes() -> Mapping[str, Schema]:
    """Return the attributes a notification may have, by name, in the order of the specification's table."""
    properties: Mapping[str, Schema] = schema()["properties"]
    return properties


@cache
def slugs() -> Mapping[str, str]:
    """Return attribute name to the slug that its requirement ids begin with, for example ``dial-mode``."""
    return {name: rules["x-slug"] for name, rules in attributes().items()}


def named_requirements(of: object) -> Iterator[str]:
    """Yield each requirement id that a schema names, once for each place."""
    if isinstance(of, dict):
        for named in of.get("x-requirement", {}).values():
            yield from named.values() if isinstance(named, dict) else (named,)
        for key, inner in of.items():
            if key not in {"x-requirement", "examples", "enum", "const"}:
                yield from named_requirements(inner)
    elif isinstance(of, list):
        for inner in of:
            yield from named_requirements(inner)


def requirement_of(rules: Mapping[str, Any], keyword: str, attribute: str | None = None) -> str:
    """Return the requirement that fails with a keyword of a schema object.

    `attribute` is the missing one where the keyword is ``required``. Raise KeyError where none is named.
    """
    named = rules["x-requirement"][keyword]
    if isinstance(named, str):
        return named
    if attribute is None:
        raise KeyError(keyword)
    return str(named[attribute])
