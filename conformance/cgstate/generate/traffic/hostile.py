"""What is no notification at all, what may be taken or refused, and the message that shows who is alive after it."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from cgstate.generate.kinds import Message
from cgstate.generate.traffic.life import Life, encoded
from cgstate.generate.traffic.scope import Scope
from cgstate.sending import Delivery, Expect, Parcel
from cgstate.specification.codes import Action, GroupState

LARGE: Final = 10_000_000
"""Bytes of a large body."""
DEPTH: Final = 10_000
"""Levels of a deep one."""
_TAG = "alive"
_JSON = ("Content-Type", "application/json")

Spoil = Callable[[Message], bytes]


def probe(scope: Scope) -> Parcel:
    """Return a plain legal message: the load of a group, and at the next times a periodic one of the same group."""
    return _legal(scope, "accepts.after-fault").parcels[-1]


def unreadable(scope: Scope) -> tuple[Parcel, ...]:
    """Return a legal message and bodies that hold none: no JSON, no UTF-8, no object, nothing.

    With `Scope.fast` five: JSON that ends too early, and of the others one of a kind.
    """
    life = _legal(scope, "accepts.life-cycle")
    chosen = list(_UNREADABLE)
    if scope.fast:
        draw = scope.random("unreadable")
        broken = [each for each in chosen[1:] if each[1] == "body.json" and each[2] is not _nothing]
        no_object = [each for each in chosen if each[1] == "body.object"]
        no_text = [each for each in chosen if each[1] == "body.utf8"]
        nothing = [each for each in chosen if each[2] is _nothing]
        chosen = [chosen[0], *(draw.choice(kind) for kind in (broken, no_text, no_object)), *nothing]
    for words, breaks, spoil in chosen:
        _spoilt(life, "rejects.unreadable", words, breaks, spoil)
    return tuple(life.parcels)


def other_methods(scope: Scope) -> tuple[Parcel, ...]:
    """Return a legal message, and GET and HEAD of the same URI."""
    (twin,) = _legal(scope, "accepts.life-cycle").parcels
    return (
        twin,
        *(
            Parcel(
                scope.number(),
                "rejects.other-methods",
                Expect.REFUSED,
                b"",
                breaks="http.post",
                fault=f"a {method} request",
                twin=twin.number,
                method=method,
                headers=(),
            )
            for method in ("GET", "HEAD")
        ),
    )


def cut_short(scope: Scope) -> tuple[Parcel, ...]:
    """Return a legal message and the same with a body that ends before its length."""
    life = _legal(scope, "accepts.life-cycle")
    for _ in range(1 if scope.fast else 3):
        _spoilt(life, "rejects.cut-short", "a body that ends before its length", "http.well-formed", encoded)
        life.parcels[-1] = replace(life.parcels[-1], delivery=Delivery.CUT)
    return tuple(life.parcels)


def either(scope: Scope) -> tuple[Parcel, ...]:
    """Return legal messages with something about them that a receiver may refuse: size, depth, doubled keys, type."""
    life = _legal(scope, "accepts.life-cycle")
    _spoilt(life, "survives.large-body", f"a body of {LARGE // 10**6} MB", "", _large)
    _spoilt(life, "survives.deep-nesting", f"an unknown attribute {DEPTH:,} levels deep", "", _deep)
    _spoilt(life, "survives.duplicate-keys", "a key that stands twice with different values", _DOUBLED, _doubled)
    if not scope.fast:
        _spoilt(life, "survives.deep-nesting", f"an unknown attribute of {DEPTH:,} objects", "", _deep_objects)
        _spoilt(life, "survives.duplicate-keys", "a key that stands twice with the same value", _DOUBLED, _same_twice)
        _spoilt(life, "survives.duplicate-keys", "an unknown key that stands twice", _DOUBLED, _unknown_twice)
    types = list(_TYPES)
    if scope.fast:
        types = scope.random("either").sample(types[1:], 1)
    for content_type in types:
        words = f"Content-Type {content_type}" if content_type else "no Content-Type"
        _spoilt(life, "survives.content-type", words, "http.content-type", encoded)
        headers = (("Content-Type", content_type),) if content_type else ()
        life.parcels[-1] = replace(life.parcels[-1], headers=headers)
    return (life.parcels[0], *(replace(parcel, expect=Expect.EITHER) for parcel in life.parcels[1:]))


def _legal(scope: Scope, requirement: str) -> Life:
    """Return the life that goes on as long as the run, with the next message of it."""
    life = Life(scope, _TAG, requirement, always=True)
    if not scope.asked:
        life.load()
    else:
        life.say(GroupState.ACTIVE, Action.LOAD)
    scope.asked += 1
    return life


def _spoilt(life: Life, requirement: str, fault: str, breaks: str, spoil: Spoil) -> None:
    number = life.scope.number()
    body = spoil(life.message | {"GSW_DATE_TIME": life.scope.date_time(number)})
    life.parcels.append(
        Parcel(
            number,
            requirement,
            Expect.REFUSED,
            body,
            life.guid if life.guid.encode() in body else "",
            breaks=breaks,
            fault=fault,
            twin=life.parcels[0].number,
        )
    )


def _text(message: Message) -> str:
    return encoded(message).decode()


def _nothing(_: Message) -> bytes:
    return b""


def _written(text: str) -> Spoil:
    return lambda _: text.encode()


def _with_state(text: str) -> Spoil:
    """Write that in place of the state."""
    return lambda message: _text(message).replace('STATE": 4', f'STATE": {text}').encode()


def _with_name(raw: bytes) -> Spoil:
    """Put these bytes into the name of the queue."""
    return lambda message: encoded(message).replace(b'"GSW_QUEUE_NAME": "', b'"GSW_QUEUE_NAME": "' + raw)


def _large(message: Message) -> bytes:
    start = encoded(message | {"GSW_LOG": ""}).removesuffix(b'"}')
    return start + b"x" * (LARGE - len(start) - 2) + b'"}'


def _nested(message: Message, opened: str, closed: str) -> bytes:
    return f'{_text(message)[:-1]}, "GSW_TREE": {opened * DEPTH}1{closed * DEPTH}}}'.encode()


def _deep(message: Message) -> bytes:
    return _nested(message, "[", "]")


def _deep_objects(message: Message) -> bytes:
    return _nested(message, '{"a": ', "}")


def _doubled(message: Message) -> bytes:
    return f'{_text(message)[:-1]}, "GSW_CAMPAIGN_GROUP_ACTION": 10}}'.encode()


def _same_twice(message: Message) -> bytes:
    return f'{_text(message)[:-1]}, "GSW_CAMPAIGN_GROUP_ACTION": 7}}'.encode()


def _unknown_twice(message: Message) -> bytes:
    return f'{_text(message)[:-1]}, "GSW_SITE_ID": 1, "GSW_SITE_ID": 2}}'.encode()


_DOUBLED = "body.unique-keys"
_TYPES = ("", "text/plain", "application/x-www-form-urlencoded", "image/png")
_UNREADABLE: Final[tuple[tuple[str, str, Spoil], ...]] = (
    ("JSON that ends too early", "body.json", lambda m: encoded(m)[:-20]),
    ("JSON without its last brace", "body.json", lambda m: encoded(m)[:-1]),
    ("something after the JSON", "body.json", lambda m: encoded(m) + b"}"),
    ("two objects after one another", "body.json", lambda m: encoded(m) + b"\n" + encoded(m)),
    ("JSON with a comma too many", "body.json", lambda m: encoded(m)[:-1] + b",}"),
    ("JSON with single quotes", "body.json", lambda m: _text(m).replace('"', "'").encode()),
    (
        "JSON without quotes around its keys",
        "body.json",
        lambda m: _text(m).replace('"GSW_QUEUE_NAME"', "GSW_QUEUE_NAME").encode(),
    ),
    ("JSON with NaN in it", "body.json", _with_state("NaN")),
    (
        "JSON with NaN for a statistic",
        "body.json",
        lambda m: f'{_text(m)[:-1]}, "GSW_STAT_HIT_RATIO": NaN}}'.encode(),
    ),
    ("JSON with Infinity in it", "body.json", _with_state("Infinity")),
    ("JSON with a leading zero", "body.json", _with_state("04")),
    ("JSON with a bare line break in a text", "body.json", _with_name(b"\n")),
    ("a bare word", "body.json", _written("CampaignGroupState")),
    ("a form", "body.json", _written("GSW_CAMPAIGN_GROUP_STATE=4&GSW_CAMPAIGN_GROUP_ACTION=7")),
    ("XML", "body.json", _written('<?xml version="1.0"?><CampaignGroupState/>')),
    ("an empty body", "body.json", _nothing),
    ("nothing but white space", "body.json", _written(" \r\n")),
    ("a byte that is no UTF-8", "body.utf8", _with_name(b"\xff")),
    ("an array of messages", "body.object", lambda m: json.dumps([m], ensure_ascii=False).encode()),
    ("an empty array", "body.object", _written("[]")),
    ("a text with the message in it", "body.object", lambda m: json.dumps(_text(m), ensure_ascii=False).encode()),
    ("null", "body.object", _written("null")),
    ("a number", "body.object", _written("5")),
    ("true", "body.object", _written("true")),
)
"""What is wrong, the rule that it breaks, and how a message becomes so. The first one is always sent.

Not among them: comments, UTF-16, UTF-32, and names that begin like UTF-8 and are not. Elasticsearch stores some of
these as they come, and then fails over every search that finds them: no check is worth anybody's index.
"""
