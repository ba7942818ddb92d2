"""Lenient readings of a message's values, only to tell what a message is about; the other layers judge its form."""

import math
from typing import Final

from cgstate.judge.message import Message
from cgstate.specification.codes import Action

STATE = "GSW_CAMPAIGN_GROUP_STATE"
ACTION = "GSW_CAMPAIGN_GROUP_ACTION"
ACTOR = "GSW_CAMPAIGN_GROUP_ACTOR"
GUID = "GSW_CAMPAIGN_GROUP_GUID"
DATE_TIME = "GSW_DATE_TIME"

_ACTIONS: Final = frozenset(int(action) for action in Action)

STATISTICS = ("GSW_STAT_BUSY_FACTOR", "GSW_STAT_OVERDIAL_RATE", "GSW_STAT_HIT_RATIO", "GSW_STAT_TIME_TO_COMPLETE")


def code(message: Message, attribute: str) -> int | None:
    """Return the attribute as an integer, read from ``5``, ``5.0`` or ``"5"`` alike; None where there is none."""
    value = (message.value or {}).get(attribute)
    if isinstance(value, str):
        try:
            return int(value.strip())
        except ValueError:
            return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return None


def action(message: Message) -> Action | None:
    """Return the ACTION as one of the five, or None."""
    value = code(message, ACTION)
    return Action(value) if value is not None and value in _ACTIONS else None


def date_time(message: Message) -> float | None:
    """Return GSW_DATE_TIME as Unix seconds, or None where it cannot be read as a finite number."""
    value = (message.value or {}).get(DATE_TIME)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        moment = float(value)
    except (ValueError, OverflowError):
        return None
    return moment if math.isfinite(moment) else None


def arrival_of(message: Message) -> float:
    """Return when it came, in Unix seconds: rules over several messages are asked only where that is known of each."""
    assert message.exchange.arrival is not None
    return message.exchange.arrival


def text(message: Message, attribute: str) -> str | None:
    """Return the attribute if it is a string, else None."""
    value = (message.value or {}).get(attribute)
    return value if isinstance(value, str) else None


def has_statistics(message: Message) -> bool:
    """Whether any of the four statistics stands in the message."""
    return any(name in (message.value or {}) for name in STATISTICS)
