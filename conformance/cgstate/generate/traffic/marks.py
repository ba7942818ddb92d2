"""What is special about a legal message, in words: by them the judge finds what a receiver stumbles over.

A mark completes "a message with ...". The plainest messages have none: the states 0, 4 and 5 with the action that leads
to them, actor 1, dial modes 1 and 2, method 1, a goal between 0 and 100, ASCII names, statistics that are fractions.
`marks_of` finds the marks of a message in the message itself, so none is forgotten wherever it stands; how it is
written or sent (key order, chunks) is told by whoever does that.

Where two marks always stand together, the one that says more is the culprit: an emoji is never ASCII either, but
other messages that are not ASCII have no emoji.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Final

from cgstate.generate.group import GroupChoice
from cgstate.generate.kinds import STATISTICS, Message
from cgstate.generate.samples import NAME_LENGTH
from cgstate.specification.codes import PREDICTIVE, Action, DialMode, GroupState
from cgstate.specification.life_cycle import COMBINATIONS, PERIODIC, Reach
from cgstate.specification.schemas import attributes

NAME_ATTRIBUTES: Final = (
    "GSW_TENANT_NAME",
    "GSW_CAMPAIGN_GROUP_NAME",
    "GSW_GROUP_NAME",
    "GSW_CAMPAIGN_NAME",
    "GSW_CAMPAIGN_TEMPLATE_NAME",
    "GSW_QUEUE_NAME",
)

NUL: Final = "U+0000 in a name"
REPEATED: Final = "the same values as a message before"
CHUNKED: Final = "chunked transfer coding"
ORDER: Final = "its keys in another order"
SPACE: Final = "white space between its tokens"
ESCAPES: Final = "characters written as escapes"
EXPONENT: Final = "a number written with an exponent"
SOLIDUS: Final = "an escaped solidus"
CHARSET: Final = "charset=UTF-8 in its Content-Type"
SMALL: Final = "header names in small letters"
SAME_TIME: Final = "the time of the message before"

_ODD_STATES = (GroupState.UNKNOWN, GroupState.WAITING_UNLOAD, GroupState.UNLOAD_IN_PROGRESS, GroupState.INACTIVE)
_UNEXPLAINED = frozenset({GroupState.UNKNOWN, GroupState.INACTIVE})
_PLAIN_ACTOR, _PLAIN_MODES, _PLAIN_METHOD = 1, frozenset({1, 2}), 1
_FEW, _MANY = 3, 65535
_PERCENT = 100
_LARGE = 2**31
_LAST_ASCII_CONTROL, _DELETE, _LAST_CONTROL = 0x1F, 0x7F, 0x9F
_ASTRAL = 0x1F000
_TYPES: Final[Mapping[type, str]] = MappingProxyType(
    {
        str: "an unknown attribute that is a text",
        bool: "an unknown attribute that is a boolean",
        list: "an unknown attribute that is an array",
        dict: "an unknown attribute that is an object",
        type(None): "an unknown attribute that is null",
    }
)
_OTHER_VALUE = re.compile(r"undefined|null|true|false|NaN|-?\d+(\.\d+)?(e\d+)?|\[.*|\{.*")
_CODE = re.compile(r"[<>${}%;`=]|\.\./|:\\")
_ORDINARY = frozenset(asdict(GroupChoice()).values())
"""What most names are: nothing has to be looked for in them."""
_RIGHT_TO_LEFT = frozenset({"R", "AL", "RLE", "RLO", "RLI"})


def is_plain(state: GroupState, action: Action) -> bool:
    """Whether state and action together are nothing special, whatever the state by itself is."""
    if state in _UNEXPLAINED:
        return action in {Action.LOAD, Action.STOP}
    reach = COMBINATIONS[state, action].reach
    return reach is Reach.EXPECTED or (reach is Reach.OPTIONAL and state not in PERIODIC)


_COVERED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "accepts.states": tuple(f"state {int(state)}" for state in _ODD_STATES),
        "accepts.actions": tuple(
            f"action {int(action)} in state {int(state)}"
            for state in GroupState
            for action in Action
            if not is_plain(state, action)
        ),
        "accepts.actors": ("actor 0", "actor 2", "actor 3", f"an actor above {_FEW}", f"an actor above {_MANY}"),
        "accepts.dial-modes": tuple(f"dial mode {int(mode)}" for mode in DialMode if mode not in _PLAIN_MODES),
        "accepts.methods": (
            "method 0",
            "method 2",
            "method 3",
            "method 4",
            "goal 0",
            "goal 100",
            "a goal above 100",
        ),
        "accepts.names": (
            "a name that is not ASCII",
            "an emoji in a name",
            "right-to-left text in a name",
            "a combining character in a name",
            "a noncharacter in a name",
            "quotes or a backslash in a name",
            "a control character in a name",
            "white space at an end of a name",
            "code or markup in a name",
            "a name that reads as another value",
            "a name of 255 characters",
            "a name of more than 255 bytes",
            "an empty queue name",
        ),
        "accepts.undefined-tenant": ("the tenant name undefined",),
        "accepts.nul": (NUL,),
        "accepts.absent-attributes": (
            "no campaign name",
            "no campaign template name",
            "no dial mode in a running group",
            "no method in a predictive mode",
            "no goal in a predictive mode",
        ),
        "accepts.unknown-attributes": ("an unknown attribute", *_TYPES.values()),
        "accepts.statistics": (
            "a statistic that is null",
            "a statistic that is 0",
            "a statistic that is a whole number",
            "a large statistic",
            "some of the statistics alone",
            "statistics in state 0",
        ),
        "accepts.forms": (ORDER, SPACE, ESCAPES, EXPONENT, SOLIDUS, CHARSET, SMALL),
        "accepts.life-cycle": (SAME_TIME,),
        "accepts.repetition": (REPEATED,),
        "accepts.chunked": (CHUNKED,),
    }
)

MARKS: Final[Mapping[str, str]] = MappingProxyType(
    {mark: requirement for requirement, marks in _COVERED.items() for mark in marks}
)
"""Every mark there is, with the requirement of receivers that covers it."""


def marks_of(message: Message) -> frozenset[str]:
    """Return what is special about the values of a legal message."""
    kinds = (_of_codes, _of_dialing, _of_names, _of_statistics, _of_unknown)
    return frozenset(mark for kind in kinds for mark in kind(message))


def _of_codes(message: Message) -> Iterator[str]:
    state, action = GroupState(message["GSW_CAMPAIGN_GROUP_STATE"]), Action(message["GSW_CAMPAIGN_GROUP_ACTION"])
    if state in _ODD_STATES:
        yield f"state {int(state)}"
    if not is_plain(state, action):
        yield f"action {int(action)} in state {int(state)}"
    actor = message["GSW_CAMPAIGN_GROUP_ACTOR"]
    if actor > _FEW:
        yield f"an actor above {_FEW}"
    elif actor != _PLAIN_ACTOR:
        yield f"actor {actor}"
    if actor > _MANY:
        yield f"an actor above {_MANY}"


def _of_dialing(message: Message) -> Iterator[str]:
    if message["GSW_CAMPAIGN_GROUP_STATE"] != GroupState.RUNNING:
        return
    mode = message.get("GSW_DIAL_MODE")
    if mode is None:
        yield "no dial mode in a running group"
    elif mode not in _PLAIN_MODES:
        yield f"dial mode {mode}"
    if mode not in PREDICTIVE:
        return
    method, goal = message.get("GSW_OPTIMIZE_BY"), message.get("GSW_OPTIMIZE_GOAL")
    if method is None:
        yield "no method in a predictive mode"
    elif method != _PLAIN_METHOD:
        yield f"method {method}"
    if goal is None:
        yield "no goal in a predictive mode"
    elif goal > _PERCENT:
        yield "a goal above 100"
    elif goal in {0, _PERCENT}:
        yield f"goal {goal}"


def _of_names(message: Message) -> Iterator[str]:
    if "GSW_CAMPAIGN_NAME" not in message:
        yield "no campaign name"
    if "GSW_CAMPAIGN_TEMPLATE_NAME" not in message:
        yield "no campaign template name"
    if message["GSW_TENANT_NAME"] == "undefined":
        yield "the tenant name undefined"
    if not message["GSW_QUEUE_NAME"]:
        yield "an empty queue name"
    for attribute in NAME_ATTRIBUTES:
        name = message.get(attribute, "")
        if name not in _ORDINARY:
            exempt = (attribute, name) == ("GSW_TENANT_NAME", "undefined") or attribute == "GSW_QUEUE_NAME"
            yield from _of_name(name, exempt=exempt)
        if len(name) >= NAME_LENGTH:
            yield "a name of 255 characters"
            if not name.isascii():
                yield "a name of more than 255 bytes"


def _of_name(name: str, *, exempt: bool) -> Iterator[str]:
    """`exempt`: that it reads as another value is nothing special: queues are called by digits."""
    if not name.isascii():
        yield from _beyond_ascii(name)
    if any(character in name for character in "\"'\\"):
        yield "quotes or a backslash in a name"
    if "\0" in name:
        yield NUL
    if any(0 < ord(c) <= _LAST_ASCII_CONTROL or _DELETE <= ord(c) <= _LAST_CONTROL for c in name):
        yield "a control character in a name"
    if name != name.strip():
        yield "white space at an end of a name"
    if _CODE.search(name):
        yield "code or markup in a name"
    if _OTHER_VALUE.fullmatch(name) and not exempt:
        yield "a name that reads as another value"


def _beyond_ascii(name: str) -> Iterator[str]:
    yield "a name that is not ASCII"
    for character in set(name):
        code = ord(character)
        if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:  # noqa: PLR2004 - Unicode's noncharacters
            yield "a noncharacter in a name"
        elif code >= _ASTRAL:
            yield "an emoji in a name"
        elif unicodedata.bidirectional(character) in _RIGHT_TO_LEFT:
            yield "right-to-left text in a name"
        elif unicodedata.combining(character):
            yield "a combining character in a name"


def _of_statistics(message: Message) -> Iterator[str]:
    sent = [message[name] for name in STATISTICS if name in message]
    if 0 < len(sent) < len(STATISTICS):
        yield "some of the statistics alone"
    if sent and message["GSW_CAMPAIGN_GROUP_STATE"] == GroupState.NOT_LOADED:
        yield "statistics in state 0"
    for value in sent:
        if value is None:
            yield "a statistic that is null"
        elif value == 0:
            yield "a statistic that is 0"
        elif value >= _LARGE:
            yield "a large statistic"
        elif isinstance(value, int):
            yield "a statistic that is a whole number"
        if isinstance(value, float) and "e" in repr(value):
            yield EXPONENT


def _of_unknown(message: Message) -> Iterator[str]:
    known = attributes()
    for attribute, value in message.items():
        if attribute not in known:
            yield "an unknown attribute"
            if type(value) in _TYPES:
                yield _TYPES[type(value)]
