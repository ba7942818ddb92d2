"""One exchange judged by itself: the layers in their order, each on what the one before could read."""

from collections.abc import Iterator
from dataclasses import dataclass

from cgstate.evidence import Exchange, Traits
from cgstate.judge import bytes as bytes_layer
from cgstate.judge import http as http_layer
from cgstate.judge import json as json_layer
from cgstate.judge import schema as schema_layer
from cgstate.judge.checks import CHECKS
from cgstate.judge.reading import Reading
from cgstate.judge.ruling import Ruling

__all__ = ["CHECKS", "Message", "read_message"]


@dataclass(frozen=True, slots=True)
class Message:
    """An exchange, what its body says, and the rulings that it shows all by itself."""

    exchange: Exchange
    value: dict[str, object] | None
    """The body's JSON object; None where there is none. Keys that stand twice: the last one. What lies more than
    200 levels deep is None."""
    rulings: tuple[Ruling, ...]
    """All of them, not yet cleared of those whose prerequisite failed too."""


def read_message(exchange: Exchange, traits: Traits) -> Message:
    """Judge one exchange. What cannot be read is not judged by the next layer; nothing sent makes this raise.

    A request that is no readable HTTP is judged for that alone; its body is still read, where that is possible, so
    that who waits for the message finds it.
    """
    text = bytes_layer.decode(exchange.body)
    reading = Reading(text) if text is not None else None
    value = reading.value if reading is not None and isinstance(reading.value, dict) else None
    return Message(exchange, value, tuple(_rulings(exchange, traits, reading)))


def _rulings(exchange: Exchange, traits: Traits, reading: Reading | None) -> Iterator[Ruling]:
    number = exchange.number
    if traits.has_request:
        yield from http_layer.rule_on_well_formed(exchange)
        if exchange.malformed is not None:
            return
        yield from http_layer.rule_on_post(exchange)
        if exchange.method != "POST" and not exchange.body:
            return  # nothing is there that a Content-Type or a schema could be about
        yield from http_layer.rule_on_content_type(exchange)
    if traits.has_bytes:
        yield from bytes_layer.rule_on_utf8(exchange.body, number)
        if reading is None:
            return
        yield from bytes_layer.rule_on_byte_order_mark(exchange.body, number)
        yield from json_layer.rule_on_json(reading, number)
    if reading is None or reading.error is not None:
        return
    value = reading.value
    yield from json_layer.rule_on_object(value, number)
    if not isinstance(value, dict):
        return
    if traits.has_bytes:  # elsewhere whoever wrote the source may have written these anew
        yield from json_layer.rule_on_unique_keys(reading, number)
        yield from json_layer.rule_on_lone_surrogates(reading, number)
        yield from json_layer.rule_on_safe_integers(reading, number)
        yield from json_layer.rule_on_integer_form(value, number)
    yield from schema_layer.rule_on_schema(value, number)
