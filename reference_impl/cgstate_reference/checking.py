"""What the reference receiver takes for a notification: its own reading of the specification, shared with nobody.

Everything that is legal by a MUST is taken; what only should be otherwise (an empty GUID, a goal above 100) is no
reason to lose a message that nobody sends again.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import NoReturn

GUID = "GSW_CAMPAIGN_GROUP_GUID"
STATE = "GSW_CAMPAIGN_GROUP_STATE"
DIAL_MODE = "GSW_DIAL_MODE"
OPTIMIZATION = ("GSW_OPTIMIZE_BY", "GSW_OPTIMIZE_GOAL")
TIME = "GSW_DATE_TIME"
STATISTICS = (
    "GSW_STAT_BUSY_FACTOR",
    "GSW_STAT_OVERDIAL_RATE",
    "GSW_STAT_HIT_RATIO",
    "GSW_STAT_TIME_TO_COMPLETE",
)
RUNNING = 5
PREDICTIVE = frozenset({1, 5, 10})
"""Dial modes that take an optimisation method and goal: Predict, PredictAndSeize, PredictGVP."""

_TIME = re.compile(r"[0-9]+\.[0-9]{3}", re.ASCII)
_NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?", re.ASCII)
_LONG = 18
"""Digits up to which a number is worth computing; no code is that long."""

Message = dict[str, object]


class Refused(ValueError):  # noqa: N818 - named for the fact
    """It is no notification; the text names the attribute and the reason, in one line."""


class Unreadable(Refused):
    """It is not even a JSON object in UTF-8."""


class Written(str):
    """A number that is kept as it was written: with a fraction, an exponent, or very many digits."""

    __slots__ = ()

    @property
    def negative(self) -> bool:
        """Whether it is less than 0, however little."""
        return self.startswith("-") and self._parts()[0] != ""

    @property
    def whole(self) -> bool:
        """Whether it is an integer in value: JSON does not tell 5.0 from 5."""
        digits, exponent = self._parts()
        return not digits or exponent >= 0

    @property
    def value(self) -> int | None:
        """The integer, where it is one and not a long one."""
        digits, exponent = self._parts()
        if not self.whole or len(digits) + exponent > _LONG:
            return None
        size = int(digits + "0" * exponent) if digits else 0
        return -size if self.startswith("-") else size

    def _parts(self) -> tuple[str, int]:
        """Return the digits that count (none: it is 0) and the power of ten they are multiplied by."""
        match = _NUMBER.fullmatch(self)
        assert match is not None, "the parser takes no other numbers"
        fraction, exponent = match[3] or "", match[4] or "0"
        digits = (match[2] + fraction).lstrip("0")
        significant = digits.rstrip("0")
        far = len(exponent) > _LONG
        power = (-(10**_LONG) if exponent.startswith("-") else 10**_LONG) if far else int(exponent)
        return significant, power - len(fraction) + len(digits) - len(significant)


class Checker:
    """Reads a body and says whether it is a notification."""

    required: Sequence[str] = (
        "GSW_TENANT_NAME",
        "GSW_TENANT_CCID",
        "GSW_CAMPAIGN_GROUP_NAME",
        GUID,
        "GSW_GROUP_NAME",
        "GSW_QUEUE_NAME",
        STATE,
        "GSW_CAMPAIGN_GROUP_ACTION",
        "GSW_CAMPAIGN_GROUP_ACTOR",
        TIME,
    )
    longest: Mapping[str, int | None] = {
        "GSW_TENANT_NAME": None,
        "GSW_TENANT_CCID": None,
        "GSW_CAMPAIGN_GROUP_NAME": 255,
        GUID: None,
        "GSW_GROUP_NAME": 255,
        "GSW_CAMPAIGN_NAME": 255,
        "GSW_CAMPAIGN_TEMPLATE_NAME": 255,
        "GSW_QUEUE_NAME": 255,
    }
    """Attributes that are text, with the number of characters they may have (None: any)."""
    codes: Mapping[str, range | None] = {
        STATE: range(-1, 6),
        "GSW_CAMPAIGN_GROUP_ACTION": range(7, 12),
        "GSW_CAMPAIGN_GROUP_ACTOR": None,
        DIAL_MODE: range(12),
        "GSW_OPTIMIZE_BY": range(5),
        "GSW_OPTIMIZE_GOAL": None,
    }
    """Attributes that are integers, with the codes they may have (None: any)."""

    def read(self, body: bytes) -> Message:
        """Return the JSON object that `body` is, numbers with a fraction or an exponent as `Written`.

        Raises `Unreadable`; `Refused` where an object has a key twice (what is meant then is anybody's guess), or is
        nested too deep.
        """
        try:
            data = read_json(body.decode())
        except UnicodeDecodeError as error:
            raise Unreadable(f"the body is no UTF-8: byte {error.start}") from None
        except RecursionError:
            raise Refused("the body is nested too deep") from None
        except Refused:
            raise
        except ValueError as error:
            raise Unreadable(f"the body is no JSON: {error}") from None
        if not isinstance(data, dict):
            raise Unreadable("the body is no JSON object")
        return data

    def check(self, message: Message) -> None:
        """Raise `Refused` where `message` is no notification."""
        for name in self.required:
            if name not in message:
                raise Refused(f"{name} is missing")
        for name, longest in self.longest.items():
            if name in message:
                self.text(name, message[name], longest)
        for name, codes in self.codes.items():
            if name in message:
                self.code(name, message[name], codes)
        if TIME in message:
            self.time(TIME, message[TIME])
        for name in STATISTICS:
            if name in message:
                self.statistic(name, message[name])
        self.together(message)

    def text(self, name: str, value: object, longest: int | None) -> None:
        """Raise `Refused` unless `value` is a text of at most `longest` characters."""
        if type(value) is not str:
            raise Refused(f"{name}: {shown(value)} is no string")
        if longest is not None and len(value) > longest:
            raise Refused(f"{name}: {len(value)} characters are more than {longest}")

    def code(self, name: str, value: object, codes: range | None) -> None:
        """Raise `Refused` unless `value` is an integer of `codes`."""
        if type(value) is not int and not (isinstance(value, Written) and value.whole):
            raise Refused(f"{name}: {shown(value)} is no integer")
        if codes is not None and integer(value) not in codes:
            raise Refused(f"{name}: {shown(value)} is not one of {codes[0]} to {codes[-1]}")

    def time(self, name: str, value: object) -> None:
        """Raise `Refused` unless `value` is a text of seconds with three decimals."""
        if type(value) is not str or not _TIME.fullmatch(value):
            raise Refused(f"{name}: {shown(value)} is no string of seconds with three decimals")

    def statistic(self, name: str, value: object) -> None:
        """Raise `Refused` unless `value` is null or a number that is not negative."""
        if value is None:
            return
        if type(value) is not int and not isinstance(value, Written):
            raise Refused(f"{name}: {shown(value)} is neither a number nor null")
        if value.negative if isinstance(value, Written) else value < 0:
            raise Refused(f"{name}: {shown(value)} is negative")

    def together(self, message: Message) -> None:
        """Raise `Refused` where attributes contradict each other."""
        running = STATE not in message or integer(message[STATE]) == RUNNING
        if DIAL_MODE in message and not running:
            raise Refused(f"{DIAL_MODE} is there, and the state is {shown(message[STATE])}: it does not run")
        for name in OPTIMIZATION:
            if name not in message:
                continue
            if not running:
                raise Refused(f"{name} is there, and the state is {shown(message[STATE])}: it does not run")
            if DIAL_MODE in message and integer(message[DIAL_MODE]) not in PREDICTIVE:
                raise Refused(f"{name} is there, and dial mode {shown(message[DIAL_MODE])} is not predictive")


def integer(value: object) -> int | None:
    """Return the integer that `value` is, 5.0 included; None where it is none, or too long for a code."""
    if type(value) is int:
        return value
    return value.value if isinstance(value, Written) else None


def read_json(text: str) -> object:
    """Return the JSON value in `text`, numbers that do not fit a small integer as `Written`; raises `ValueError`."""
    return _DECODER.decode(text)


def written(value: object) -> bytes:
    """Return a value that was read as JSON, its numbers as they were written."""
    if isinstance(value, Written):
        return value.encode()
    if isinstance(value, dict):
        return b"{" + b",".join(written(key) + b":" + written(each) for key, each in value.items()) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(map(written, value)) + b"]"
    return json.dumps(value).encode()


def shown(value: object) -> str:
    """Return a value as JSON in one line, cut where it is long."""
    text = str(value) if isinstance(value, Written) else json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:60]}..."  # noqa: PLR2004 - fits a line


def _integer(text: str) -> int | Written:
    return int(text) if len(text) <= _LONG else Written(text)


def _object(pairs: list[tuple[str, object]]) -> Message:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(f"{shown(twice)} is there twice")
    return made


def _no_constant(text: str) -> NoReturn:
    raise Unreadable(f"the body is no JSON: {text}")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=Written, parse_int=_integer, parse_constant=_no_constant
)
