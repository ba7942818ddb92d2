"""The index template of Elasticsearch and OpenSearch, made from the schema: a field of the right type per attribute.

Pure: text from data. The same template fits Elasticsearch 8 and 9 and OpenSearch 3.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from cgstate.specification.schemas import attributes, schema

TEMPLATE: Final = "elasticsearch/index-template.json"
"""Where it stands in the folder of schemas."""
PATTERN: Final = "campaign-group-states*"
_PRIORITY: Final = 500
"""Above the templates that the servers bring along (100 to 200)."""
_LONGEST: Final = 8191
"""Characters of a text that are searchable. Its term has at most 32,766 bytes, else the server refuses the message."""
_DEEPEST: Final = 1000
"""Brackets within brackets: what the servers read at most; OpenSearch counts arrays, and stops at 20 if not told."""
_TIME: Final = "GSW_DATE_TIME"
_WHOLE: Final[Mapping[str, Any]] = {"type": "long", "ignore_malformed": True, "coerce": False}
_CODE: Final[Mapping[str, Any]] = {"type": "integer", "ignore_malformed": True, "coerce": False}
_NUMBER: Final[Mapping[str, Any]] = {"type": "double", "ignore_malformed": True, "coerce": False}
_SECONDS: Final[Mapping[str, Any]] = {"type": "date", "format": "epoch_second", "ignore_malformed": True}
_TEXT: Final[Mapping[str, Any]] = {"type": "keyword", "ignore_above": _LONGEST}


def index_template(pattern: str = PATTERN) -> Mapping[str, Any]:
    """Return the body of ``PUT _index_template/NAME`` for indexes whose name fits `pattern`.

    What does not fit its field is kept in ``_source`` and found by ``_ignored``, for nothing is ever sent twice.
    Attributes that the schema does not name are kept whatever they hold, and not indexed.
    """
    about = {
        "schema": schema()["$id"],
        "description": "Notifications of Campaign Group Status Reporting (CampaignGroupState).",
    }
    mapping = {"ignore_malformed": True, "depth": {"limit": _DEEPEST}}
    return {
        "index_patterns": pattern.split(","),
        "priority": _PRIORITY,
        "_meta": {"$id": f"{schema()['$id']}:index-template", **about},
        "template": {
            "settings": {"index": {"number_of_shards": 1, "mapping": mapping}},
            "mappings": {
                "dynamic": False,
                "_meta": about,
                "properties": {name: dict(_field(name, rules)) for name, rules in attributes().items()},
            },
        },
    }


def index_template_text(pattern: str = PATTERN) -> str:
    """Return the template as it stands in its file."""
    return json.dumps(index_template(pattern), indent=2) + "\n"


def _field(name: str, rules: Mapping[str, Any]) -> Mapping[str, Any]:
    if name == _TIME:
        return _SECONDS
    if rules["type"] == "string":
        return _TEXT
    if rules["type"] == "integer":
        # Codes are few; anything else, an actor or a goal, may be any integer.
        return _CODE if "enum" in rules else _WHOLE
    return _NUMBER
