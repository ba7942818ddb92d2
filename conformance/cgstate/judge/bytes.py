"""The bytes layer: the body is UTF-8, without a byte order mark."""

from codecs import BOM_UTF8
from collections.abc import Iterator

from cgstate.judge.checks import check
from cgstate.judge.ruling import Ruling, broken


def decode(body: bytes) -> str | None:
    """Return the body as text without its byte order mark, or None where it is not UTF-8."""
    try:
        return body.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        return None


@check("body.utf8")
def rule_on_utf8(body: bytes, number: int) -> Iterator[Ruling]:
    """Every byte belongs to a character of UTF-8 (RFC 3629: no surrogates, no overlong forms)."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        at = body[error.start : error.start + 4].hex(" ")
        yield broken(
            "body.utf8",
            "the body is not UTF-8",
            expected="a body in UTF-8",
            seen=f"the bytes {at} at position {error.start}: {error.reason}",
            exchanges=(number,),
        )
        return
    yield Ruling("body.utf8", (number,))


@check("body.no-byte-order-mark")
def rule_on_byte_order_mark(body: bytes, number: int) -> Iterator[Ruling]:
    """No byte order mark stands before the text (RFC 8259, section 8.1)."""
    if not body.startswith(BOM_UTF8):
        yield Ruling("body.no-byte-order-mark", (number,))
        return
    yield broken(
        "body.no-byte-order-mark",
        "the body begins with a byte order mark",
        expected="a body whose first byte belongs to the JSON",
        seen="ef bb bf",
        exchanges=(number,),
    )
