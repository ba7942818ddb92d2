"""Otherwise in JSON: the same values, written as nobody else writes them, and more than is asked for."""

import json
from collections.abc import Mapping

from cgstate_reference.life_cycle import Event, LifeCycle
from cgstate_reference.statistics import Statistics
from cgstate_reference.statistics import statistics as sampled
from cgstate_reference.variants.chance import CHANCE
from cgstate_reference.variants.emitters import variant
from cgstate_reference.writer import Attributes, Writer

_LARGE = 1_000_000
"""Bytes."""


@variant("shuffled-keys")
class ShuffledKeys(Writer):
    """Writes the attributes in another order each time."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return the object in some order."""
        names = list(attributes)
        CHANCE.shuffle(names)
        return super().encoded({name: attributes[name] for name in names})


@variant("escapes-non-ascii")
class EscapesNonAscii(Writer):
    """Escapes what is not ASCII."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return ASCII."""
        return json.dumps(attributes).encode()


@variant("escapes-everything")
class EscapesEverything(Writer):
    """Escapes every character of every text and key."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return an object without a letter that is not escaped."""
        pairs = (f"{_escaped(name)}:{_written(value)}" for name, value in attributes.items())
        return f"{{{','.join(pairs)}}}".encode()


def _written(value: object) -> str:
    return _escaped(value) if isinstance(value, str) else json.dumps(value)


def _escaped(text: str) -> str:
    units = text.encode("utf-16-be").hex()
    form = CHANCE.choice((str.lower, str.upper))
    return '"' + "".join(f"\\u{form(units[at : at + 4])}" for at in range(0, len(units), 4)) + '"'


@variant("pretty-printed")
class PrettyPrinted(Writer):
    """Indents the body, ends lines with CR and LF, and puts white space around it."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return the object for a reader."""
        lines = json.dumps(
            attributes, ensure_ascii=False, indent=CHANCE.choice(("\t", 1, 4)), separators=(" , ", " : ")
        )
        return b"\r\n \t" + lines.replace("\n", "\r\n").encode() + b"\n\n"


MORE: Attributes = {
    "GSW_CAMPAIGN_GROUP_DBID": 732,
    "GSW_STAT_CALLS": {"GSW_CAMPAIGN_GROUP_STATE": 9, "GSW_CAMPAIGN_GROUP_ACTION": "none", "lists": [{"id": 1}, None]},
    "GSW_CALLING_LISTS": [["list", 1], {"GSW_STAT_HIT_RATIO": -1.5, "nested": {"deeper": [[[[True]]]]}}],
    "gsw_dial_mode": "none",
    "GSW_DIAL_MODES": [1, 2.5, -3e-2, True, False, None, ""],
    "attribute with spaces \u00e4\U0001f600": "cgstate-value",
    "": None,
    "true": True,
    "false": False,
    "fraction": 0.1,
    "exponent": 1e-7,
    "largest": 2**53 - 1,
    "smallest": -(2**53) + 1,
    "empty": {},
    "none": [],
}
"""Attributes that the specification does not know: it has no say in them."""


@variant("more-attributes")
class MoreAttributes(Writer):
    """Sends further attributes of every type, nested ones among them, some called almost like known ones."""

    def attributes(self, event: Event, statistics: Statistics | None) -> Attributes:
        """Return the attributes among others."""
        names = list(MORE)
        CHANCE.shuffle(names)
        return {**MORE, **super().attributes(event, statistics), **{name: MORE[name] for name in names[:3]}}


@variant("large-bodies")
class LargeBodies(Writer):
    """Sends a further attribute of a megabyte now and then."""

    def attributes(self, event: Event, statistics: Statistics | None) -> Attributes:
        """Return much."""
        attributes = super().attributes(event, statistics)
        return {"REMARK": "\u00e9" * (_LARGE // 2), **attributes} if CHANCE.random() < 0.1 else attributes  # noqa: PLR2004 - one in ten


@variant("statistics-in-events")
class StatisticsInEvents(Writer):
    """Sends statistics with every message, also when a state changes."""

    def attributes(self, event: Event, statistics: Statistics | None) -> Attributes:
        """Return the attributes with statistics."""
        return super().attributes(event, statistics or sampled(event))


NUMBERS = (None, 0, 1, 3, 17, 0.0, 0.85, 1.0, 3.75, 1e-7, 1e21, 12345678901)


@variant("odd-statistics")
class OddStatistics(Writer):
    """Sends statistics that are null, whole, fractional, above 1 or very large or small, as it comes."""

    def statistics(self, statistics: Statistics | None) -> Mapping[str, object]:
        """Return any lawful values."""
        return {name: CHANCE.choice(NUMBERS) for name in super().statistics(statistics)}


@variant("opaque-guids")
class OpaqueGuids(LifeCycle):
    """Has GUIDs of 64 characters of any script, and keeps a group's when it is loaded again."""

    def new_guid(self) -> str:
        """Return the group's GUID."""
        return self.guid or "".join(chr(CHANCE.choice((0x22, 0x2F, 0x41, 0xE4, 0x5D0, 0x1F600))) for _ in range(64))
