"""The same JSON written otherwise, and the same message twice."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random

from cgstate.generate.kinds import Message
from cgstate.generate.traffic.life import Life, encoded
from cgstate.generate.traffic.marks import CHARSET, ESCAPES, EXPONENT, ORDER, REPEATED, SAME_TIME, SMALL, SOLIDUS, SPACE
from cgstate.generate.traffic.scope import Scope
from cgstate.sending import Parcel

_TAG = "forms"
_THEME = "accepts.forms"
_TIME = "GSW_DATE_TIME"
_CHARSETS = ("application/json; charset=UTF-8", "application/json;charset=utf-8")

Writer = Callable[[Message], bytes]


def forms(scope: Scope) -> tuple[Parcel, ...]:
    """Return lives whose messages are written otherwise than usual; each form by itself, and escapes of all planes."""
    draw = scope.random("forms")
    made: list[Parcel] = []
    for turn in range(1 if scope.fast else 6):
        group = scope.group(turn)
        life = Life(scope, _TAG, _THEME, replace(group, queue_name="8001/2") if scope.names is None else group)
        life.load()
        _rewrite(life, partial(_reordered, draw) if turn else _reversed, ORDER)
        life.periodic()
        _rewrite(life, partial(_spaced, draw), SPACE)
        life.start()
        _rewrite(life, partial(_escaped, draw), ESCAPES)
        life.periodic()
        _rewrite(life, _with_exponents, EXPONENT)
        if scope.names is None:
            # Who writes texts for web pages escapes the solidus of an end tag, and with it all others.
            life.periodic()
            _rewrite(life, _escaped_solidus, SOLIDUS)
        life.stop(marks=(SMALL,), parcel={"headers": (("content-type", "application/json"),)})
        life.unload(marks=(CHARSET,), parcel={"headers": (("Content-Type", draw.choice(_CHARSETS)),)})
        made += life.parcels
    if scope.names is None:
        other = Life(scope, _TAG, _THEME, replace(scope.group(), name="línea 春 😀@группа", campaign_name="حملة"))
        other.load()
        _rewrite(other, _ascii, ESCAPES)
        other.unload()
        _rewrite(other, _ascii, ESCAPES)
        made += other.parcels
    return tuple(made)


def repetition(scope: Scope) -> tuple[Parcel, ...]:
    """Return a life with a message that goes out twice, the same byte for byte, and two messages of one time.

    The latter where a group is unloaded at the moment in which it is started.
    """
    life = Life(scope, _TAG, "accepts.repetition")
    life.load()
    for _ in range(1 if scope.fast else 5):
        first = life.periodic()
        life.parcels.append(
            replace(first, number=scope.number(), requirement="accepts.repetition", marks=first.marks | {REPEATED})
        )
    life.start()
    life.unload(more={_TIME: life.message[_TIME]}, marks=(SAME_TIME,))
    return tuple(life.parcels)


def _rewrite(life: Life, write: Writer, mark: str) -> None:
    """Write the last message otherwise."""
    last = life.parcels[-1]
    life.parcels[-1] = replace(last, body=write(life.message), requirement=_THEME, marks=last.marks | {mark})


def _reordered(draw: Random, message: Message) -> bytes:
    keys = list(message)
    while keys == list(message):
        draw.shuffle(keys)
    return encoded({key: message[key] for key in keys})


def _reversed(message: Message) -> bytes:
    """Write the last key first: whoever needs some order misses it."""
    return encoded(dict(reversed(message.items())))


def _spaced(draw: Random, message: Message) -> bytes:
    between = draw.choice((" ", "\t", "\r\n", "\n  "))
    pairs = [f"{json.dumps(k)}{between}:{between}{json.dumps(v, ensure_ascii=False)}" for k, v in message.items()]
    text = f"{{{between}{f'{between},{between}'.join(pairs)}{between}}}"
    return f"{between}{text}{between}".encode()


def _escaped(draw: Random, message: Message) -> bytes:
    """Write letters of values and of keys as escapes, as JSON allows for every character."""
    text = encoded(message).decode()
    letter = draw.choice("GST_")
    return text.replace(letter, f"\\u{ord(letter):04x}").encode()


def _with_exponents(message: Message) -> bytes:
    text = encoded(message).decode()
    for value in (v for v in message.values() if isinstance(v, float)):
        text = text.replace(f": {value!r}", f": {value:.6e}")
    return text.encode()


def _escaped_solidus(message: Message) -> bytes:
    return encoded(message).replace(b"/", rb"\/")


def _ascii(message: Message) -> bytes:
    return json.dumps(message, ensure_ascii=True).encode()
