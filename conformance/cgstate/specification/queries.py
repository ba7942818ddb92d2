"""The documented queries for Elasticsearch and OpenSearch: data, with the parameters put in."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from cgstate.specification.data import folder, read

_FOLDER: Final = "elasticsearch/queries"
_PLACE: Final = re.compile(r"\$\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Query:
    """One documented query."""

    name: str
    title: str
    answers: str
    parameters: Mapping[str, Mapping[str, Any]]
    """Name to description and default."""
    body: Mapping[str, Any]
    """The search, with ``${NAME}`` where a parameter stands."""

    def request(self, **values: str) -> dict[str, Any]:
        """Return the search with its parameters; those that it has not are passed over. KeyError for one missing."""
        filled: dict[str, Any] = _filled(self.body, values)
        return filled


@cache
def queries() -> Mapping[str, Query]:
    """Return the queries by name."""
    names = sorted(file.name.removesuffix(".json") for file in (folder("schemas") / _FOLDER).iterdir())
    return {name: _query(name) for name in names}


def _query(name: str) -> Query:
    found = json.loads(read(f"{_FOLDER}/{name}.json"))
    return Query(name, found["title"], found["answers"], found["parameters"], found["request"])


def _filled(of: Any, values: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(of, dict):
        return {key: _filled(inner, values) for key, inner in of.items()}
    if isinstance(of, list):
        return [_filled(inner, values) for inner in of]
    return _PLACE.sub(lambda place: values[place[1]], of) if isinstance(of, str) else of
