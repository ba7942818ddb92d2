"""The json layer: the body is one JSON object, written so that every parser reads the same from it."""

from collections.abc import Iterator, Mapping
from typing import Final

from cgstate.judge.checks import check
from cgstate.judge.reading import Reading
from cgstate.judge.ruling import Ruling, broken
from cgstate.judge.shown import excerpt, names, shown
from cgstate.specification.schemas import attributes

INTEGERS: Final = tuple(name for name, rules in attributes().items() if rules["type"] == "integer")
"""The attributes whose values are integers."""

_EXTRA: Final = "Extra data"


@check("body.json")
def rule_on_json(reading: Reading, number: int) -> Iterator[Ruling]:
    """The body is one JSON value by RFC 8259. No depth of nesting and no size of a number is a fault."""
    if reading.error is None:
        yield Ruling("body.json", (number,))
        return
    text = reading.text
    if not text.strip():
        sentence, seen = "the body is empty", f"{len(text)} characters of white space" if text else "no byte"
    elif reading.error == _EXTRA:
        sentence = "something stands after the JSON value"
        seen = f"at character {reading.position}: {excerpt(text, reading.position)}"
    else:
        sentence = "the body is not JSON"
        seen = f"{reading.error}, at character {reading.position}: {excerpt(text, reading.position)}"
    yield broken("body.json", sentence, expected="one JSON object (RFC 8259)", seen=seen, exchanges=(number,))


@check("body.object")
def rule_on_object(value: object, number: int) -> Iterator[Ruling]:
    """The JSON value is an object: one notification."""
    if isinstance(value, dict):
        yield Ruling("body.object", (number,))
        return
    yield broken(
        "body.object", "the body is not a JSON object", expected="one object", seen=shown(value), exchanges=(number,)
    )


@check("body.unique-keys")
def rule_on_unique_keys(reading: Reading, number: int) -> Iterator[Ruling]:
    """No object has a key twice, at any depth that is read."""
    if not reading.doubled:
        yield Ruling("body.unique-keys", (number,))
        return
    yield broken(
        "body.unique-keys",
        "a key stands more than once in one object",
        expected="each key once",
        seen=f"more than once: {names(reading.doubled)}",
        exchanges=(number,),
    )


@check("body.no-lone-surrogates")
def rule_on_lone_surrogates(reading: Reading, number: int) -> Iterator[Ruling]:
    r"""No text escapes half of a surrogate pair (``\ud83d`` alone)."""
    if not reading.lone_surrogates:
        yield Ruling("body.no-lone-surrogates", (number,))
        return
    yield broken(
        "body.no-lone-surrogates",
        "a text has half of a surrogate pair",
        expected="characters beyond U+FFFF as themselves or as a whole pair of escapes",
        seen=names(reading.lone_surrogates),
        exchanges=(number,),
    )


@check("body.safe-integers")
def rule_on_safe_integers(reading: Reading, number: int) -> Iterator[Ruling]:
    """No integer is so large that receivers which hold numbers as doubles change it."""
    if not reading.unsafe:
        yield Ruling("body.safe-integers", (number,))
        return
    yield broken(
        "body.safe-integers",
        "an integer is beyond 2**53 - 1",
        expected="integers from -9007199254740991 to 9007199254740991",
        seen=shown(reading.unsafe[0]),
        exchanges=(number,),
    )


@check("body.integer-form")
def rule_on_integer_form(value: Mapping[str, object], number: int) -> Iterator[Ruling]:
    """Integer attributes are written without a fraction and without an exponent."""
    sent = [name for name in INTEGERS if name in value]
    # A value that is no integer at all is the schema's fault alone.
    floats = [name for name in sent if isinstance(found := value[name], float) and found.is_integer()]
    for name in floats:
        yield broken(
            "body.integer-form",
            f"{name} is written with a fraction or an exponent",
            expected="an integer as digits alone",
            seen=shown(value[name]),
            exchanges=(number,),
        )
    if sent and not floats:
        yield Ruling("body.integer-form", (number,))
