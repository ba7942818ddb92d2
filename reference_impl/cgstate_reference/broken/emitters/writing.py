"""Wrong about how an object is written as JSON."""

import json

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.broken.emitters.rewriting import rewrites
from cgstate_reference.life_cycle import Event
from cgstate_reference.writer import Attributes, Writer


@deviation("comma-at-the-end", primary="body.json", shows="the body is not JSON")
class CommaAtTheEnd(Writer):
    """Writes a comma after the last attribute of periodic messages."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return an object in which a comma follows each of the statistics."""
        body = super().encoded(attributes)
        return body[:-1] + b",}" if b'"GSW_STAT_' in body else body


@deviation(
    "names-as-they-are",
    primary="body.json",
    shows="the body is not JSON",
    consequences={"queue-name.as-configured": "a backslash and what follows may be the escape of another character"},
)
class NamesAsTheyAre(Writer):
    """Writes the queue's name between quotes without escaping what stands in it."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return an object that no parser reads where the name has a quote or a control character."""
        name = str(attributes["GSW_QUEUE_NAME"])
        escaped = json.dumps(name, ensure_ascii=False)
        return super().encoded(attributes).replace(escaped.encode(), f'"{name}"'.encode())


@deviation("python-literal", primary="body.json", shows="the body is not JSON")
class PythonLiteral(Writer):
    """Writes each message as Python shows a dictionary, with single quotes and None."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return what is no JSON."""
        return repr(attributes).encode()


@deviation("bulk-lines", primary="body.json", shows="something stands after the JSON value")
class BulkLines(Writer):
    """Writes a line with an action for Elasticsearch's bulk interface before each object."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return two lines."""
        return b'{"index":{}}\n' + super().encoded(attributes) + b"\n"


@deviation("nothing-after-unload", primary="body.json", shows="the body is empty")
class NothingAfterUnload(Writer):
    """Sends a POST without a body when a Campaign Group is not loaded any more."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return nothing in place of the last message."""
        return b"" if attributes["GSW_CAMPAIGN_GROUP_STATE"] == 0 else super().encoded(attributes)


@deviation(
    "integers-as-doubles",
    primary="body.integer-form",
    shows="GSW_CAMPAIGN_GROUP_STATE is written with a fraction or an exponent",
)
class IntegersAsDoubles(Writer):
    """Writes every number as a double: 5.0."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return an object without an integer."""
        return super().encoded({k: float(v) if isinstance(v, int) else v for k, v in attributes.items()})


@rewrites(
    "goal-of-a-division",
    primary="body.integer-form",
    shows="GSW_OPTIMIZE_GOAL is written with a fraction or an exponent",
)
def _goal_of_a_division(attributes: Attributes, event: Event) -> None:
    """Writes a goal that was divided by a hundred and multiplied again as the double it is: 80.0."""
    if "GSW_OPTIMIZE_GOAL" in attributes:
        attributes["GSW_OPTIMIZE_GOAL"] = round(event.dialing.optimize_goal / 100 * 100, 6)


@rewrites("adds-64-bit-id", primary="body.safe-integers", shows="an integer is beyond 2**53 - 1")
def _adds_64_bit_id(attributes: Attributes, event: Event) -> None:
    """Adds the first 64 bits of the GUID as an integer."""
    attributes["GSW_CAMPAIGN_GROUP_ID"] = int(event.guid.replace("-", "")[:16], 16) | 1 << 63


@deviation(
    "array-of-one",
    primary="body.object",
    shows="the body is not a JSON object",
)
class ArrayOfOne(Writer):
    """Sends an array that holds the object."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return an array."""
        return b"[" + super().encoded(attributes) + b"]"


@deviation("duplicate-keys", primary="body.unique-keys", shows="a key stands more than once in one object")
class DuplicateKeys(Writer):
    """Writes GSW_GROUP_NAME into the body twice."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return an object that ends with a key it had already."""
        again = json.dumps({"GSW_GROUP_NAME": attributes["GSW_GROUP_NAME"]}, ensure_ascii=False)
        return super().encoded(attributes)[:-1] + b"," + again[1:].encode()


@deviation("byte-order-mark", primary="body.no-byte-order-mark", shows="the body begins with a byte order mark")
class ByteOrderMark(Writer):
    """Begins each body with a byte order mark."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return the body after a mark."""
        return b"\xef\xbb\xbf" + super().encoded(attributes)


@deviation("utf-16", primary="body.utf8", shows="the body is not UTF-8")
class Utf16(Writer):
    """Encodes bodies that hold more than ASCII in UTF-16, as its strings are in memory."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return bytes with a byte order mark, by which they can be told."""
        body = super().encoded(attributes)
        return body if body.isascii() else body.decode().encode("utf-16")


@deviation("windows-1252", primary="body.utf8", shows="the body is not UTF-8")
class Windows1252(Writer):
    """Encodes bodies in Windows-1252 where it can."""

    def encoded(self, attributes: Attributes) -> bytes:
        """Return bytes that are UTF-8 only as long as names are ASCII."""
        body = super().encoded(attributes)
        try:
            return body.decode().encode("cp1252")
        except UnicodeEncodeError:
            return body
