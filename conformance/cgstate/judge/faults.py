"""Faults of the schema layer in words: the fact, what was expected, what was seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cgstate.judge.ruling import Fault
from cgstate.judge.shown import shown
from cgstate.specification.schemas import attributes

_STATE: Final = "GSW_CAMPAIGN_GROUP_STATE"
_MODE: Final = "GSW_DIAL_MODE"
_METHOD: Final = "GSW_OPTIMIZE_BY"
_TYPES: Final = {"string": "a string", "integer": "an integer", "number": "a number", "null": "null"}
_CONDITIONS: Final = {
    "dial-mode.only-when-running": "is sent though the group is not running",
    "dial-mode.present-when-running": "is missing though the group is running",
    "optimize-by.only-when-predictive": "is sent though no predictive mode is running",
    "optimize-goal.only-when-predictive": "is sent though no predictive mode is running",
    "optimize-by.present-when-predictive": "is missing though a predictive mode is running",
    "optimize-goal.present-when-predictive": "is missing though a predictive mode is running",
    "optimize-by.distribution-time-mode": "is method 4 in a mode other than 10",
    "optimize-goal.percentage": "is no percentage though the method's goal is one",
    "optimize-goal.seconds": "is negative though the method's goal is in seconds",
}
"""The fact, behind the attribute's name, for rules that depend on other attributes."""


@dataclass(frozen=True, slots=True)
class Failing:
    """A keyword of the schemas that a message fails."""

    requirement: str
    attribute: str
    keyword: str
    rules: Mapping[str, Any]
    """The schema object the keyword stands in."""


def describe(failing: Failing, message: Mapping[str, object]) -> Fault:
    """Put it in words, with the values of the message."""
    name, keyword, rules = failing.attribute, failing.keyword, failing.rules
    seen = shown(message[name]) if name in message else f"no {name}"
    if keyword == "maxLength":
        seen = f"{len(str(message[name]))} characters: {seen}"
    if failing.requirement in _CONDITIONS:
        fact = _CONDITIONS[failing.requirement]
        seen = f"{seen} with {_circumstances(name, message)}"
    else:
        fact = _fact(keyword, rules)
    return Fault(f"{name} {fact}", _expected(name, keyword, rules), seen)


def _fact(keyword: str, rules: Mapping[str, Any]) -> str:
    """Return the fact that the keyword fails, behind the attribute's name."""
    if keyword == "type":
        return f"is not {_types(rules)}"
    return {
        "required": "is missing",
        "maxLength": f"is longer than {rules.get('maxLength')} characters",
        "minLength": "is empty",
        "minimum": "is negative",
        "enum": "is no known code",
        "pattern": "is not seconds with three decimals",
        "not": "is not seconds with three decimals",
    }[keyword]


def _expected(name: str, keyword: str, rules: Mapping[str, Any]) -> str:
    """Return what the keyword expects, in words."""
    limit = rules[keyword]
    low, high = rules.get("minimum"), rules.get("maximum")
    if keyword == "type":
        return _types(rules)
    if keyword == "enum":
        return f"one of {', '.join(named_code(name, code) for code in limit)}"
    if keyword == "not" and "required" in limit:
        return f"no {name}"
    if keyword == "not" and "const" in limit:
        return f"any other than {limit['const']}"
    digits = 'digits, a point, three digits, such as "1527516447.250"'
    return {
        "required": name,
        "maxLength": f"at most {limit} characters",
        "minLength": "a text that is not empty",
        "minimum": f"{low} or more" if high is None else f"{low} to {high}",
        "maximum": f"{low} to {high}",
        "pattern": digits,
        "not": digits,
    }[keyword]


def _types(rules: Mapping[str, Any]) -> str:
    kinds = rules["type"]
    return " or ".join(_TYPES[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))


def named_code(attribute: str, code: int) -> str:
    """Return a known code of an attribute with its name, for example ``4 Active``."""
    return f"{code} {attributes()[attribute]['x-codes'][str(code)]}"


def _circumstances(name: str, message: Mapping[str, object]) -> str:
    """Return the values of the attributes that the rule depends on: one of them at least is there."""
    others = [other for other in (_STATE, _MODE, _METHOD) if other != name and other in message]
    return ", ".join(f"{other} {shown(message[other])}" for other in others)
