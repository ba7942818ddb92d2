"""Refuse what is legal."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from cgstate_reference.broken.receivers import deviation
from cgstate_reference.checking import DIAL_MODE, STATE, STATISTICS, Checker, Message, Refused, Written, integer

_ACTION = "GSW_CAMPAIGN_GROUP_ACTION"
_ACTOR = "GSW_CAMPAIGN_GROUP_ACTOR"
_METHOD, _GOAL = "GSW_OPTIMIZE_BY", "GSW_OPTIMIZE_GOAL"
_LARGEST_GOAL = 100
_PREDICT_GVP = 10
_DISTRIBUTION_TIME = 4
_LARGEST_ACTOR = 3
_SIGNED_32 = 2**31
_FOUR_KILOBYTES = 4096


class _Strict(Checker):
    """Refuses what is legal, where `fault` finds something."""

    def check(self, message: Message) -> None:
        """Check it, and more than that."""
        super().check(message)
        fault = self.fault(message)
        if fault:
            raise Refused(fault)

    def fault(self, message: Message) -> str:
        """Return what is wrong with a legal message; empty: nothing."""
        raise NotImplementedError


def _texts(message: Message) -> Iterator[str]:
    return (value for value in message.values() if type(value) is str)


@deviation(
    "unload-refused",
    primary="accepts.life-cycle",
    shows="a plain message with state 0 is refused",
    consequences={"accepts.states": "state 0 is what an unload reports"},
)
class UnloadRefused(_Strict):
    """Refuses the message of an unload."""

    def fault(self, message: Message) -> str:
        """Find state 0."""
        return "no such group is loaded" if integer(message[STATE]) == 0 else ""


@deviation("inactive-refused", primary="accepts.states", shows="a message with state 3 is refused")
class InactiveRefused(_Strict):
    """Refuses state 3."""

    def fault(self, message: Message) -> str:
        """Find state 3."""
        return "state 3 is unknown" if integer(message[STATE]) == 3 else ""  # noqa: PLR2004 - the code


@deviation("unknown-state-refused", primary="accepts.states", shows="a message with state -1 is refused")
class UnknownStateRefused(_Strict):
    """Refuses state -1."""

    def fault(self, message: Message) -> str:
        """Find state -1."""
        return "a state is not negative" if integer(message[STATE]) == -1 else ""


@deviation("periodic-action-refused", primary="accepts.actions", shows="in state 4 is refused")
class PeriodicActionRefused(_Strict):
    """Refuses a message whose action does not lead to its state, as in periodic messages."""

    def fault(self, message: Message) -> str:
        """Compare action and state; a drain leads to states 1 and 2, and what is never explained to any."""
        leads = {7: {4}, 8: {0, 1, 2}, 9: {5}, 10: {4, 1, 2}, 11: {4, 5}}
        state, action = integer(message[STATE]), integer(message[_ACTION])
        if action is None or state in {-1, 3} or state in leads[action]:
            return ""
        return f"action {action} does not lead to state {state}"


@deviation(
    "dial-mode-change-refused",
    primary="accepts.life-cycle",
    shows="a plain message with action 11 is refused",
    consequences={"accepts.actions": "action 11 is what a change of the dial mode reports"},
)
class DialModeChangeRefused(_Strict):
    """Refuses action 11, which is not beside the others in its list."""

    def fault(self, message: Message) -> str:
        """Find action 11."""
        return "action 11 is unknown" if integer(message[_ACTION]) == 11 else ""  # noqa: PLR2004 - the code


@deviation("actor-zero-refused", primary="accepts.actors", shows="a message with actor 0 is refused")
class ActorZeroRefused(_Strict):
    """Refuses actor 0."""

    def fault(self, message: Message) -> str:
        """Find actor 0."""
        return "actor 0 is unknown" if integer(message[_ACTOR]) == 0 else ""


@deviation("actor-above-three-refused", primary="accepts.actors", shows="a message with an actor above 3 is refused")
class ActorAboveThreeRefused(_Strict):
    """Refuses an actor above 3."""

    def fault(self, message: Message) -> str:
        """Find an actor above 3."""
        actor = integer(message[_ACTOR])
        return "" if actor is not None and actor <= _LARGEST_ACTOR else "actors go up to 3"


@deviation("dial-mode-eight-refused", primary="accepts.dial-modes", shows="a message with dial mode 8 is refused")
class DialModeEightRefused(_Strict):
    """Refuses dial mode 8."""

    def fault(self, message: Message) -> str:
        """Find dial mode 8."""
        return "dial mode 8 is unknown" if integer(message.get(DIAL_MODE)) == 8 else ""  # noqa: PLR2004 - the code


@deviation("method-zero-refused", primary="accepts.methods", shows="a message with method 0 is refused")
class MethodZeroRefused(_Strict):
    """Refuses optimisation method 0."""

    def fault(self, message: Message) -> str:
        """Find method 0."""
        return "optimisation needs a method" if integer(message.get(_METHOD)) == 0 else ""


@deviation("method-in-mode-ten-refused", primary="accepts.dial-modes", shows="a message with dial mode 10 is refused")
class MethodInModeTenRefused(_Strict):
    """Refuses a method in dial mode 10, which it does not take for a predictive one."""

    def fault(self, message: Message) -> str:
        """Find a method in mode 10."""
        optimizes = integer(message.get(DIAL_MODE)) == _PREDICT_GVP and _METHOD in message
        return "a method needs a predictive mode" if optimizes else ""


@deviation("method-four-refused", primary="accepts.methods", shows="a message with method 4 is refused")
class MethodFourRefused(_Strict):
    """Refuses optimisation method 4, which only some releases have."""

    def fault(self, message: Message) -> str:
        """Find method 4."""
        return "no such method" if integer(message.get(_METHOD)) == _DISTRIBUTION_TIME else ""


@deviation("goal-above-hundred-refused", primary="accepts.methods", shows="a message with a goal above 100 is refused")
class GoalAboveHundredRefused(_Strict):
    """Takes every goal for a percentage."""

    def fault(self, message: Message) -> str:
        """Find a goal above 100."""
        goal = integer(message.get(_GOAL, 0))
        return "a goal is a percentage" if goal is None or goal > _LARGEST_GOAL else ""


@deviation("emoji-refused", primary="accepts.names", shows="a message with an emoji in a name is refused")
class EmojiRefused(_Strict):
    """Refuses characters beyond the first 65,536, as a database with three bytes a character does."""

    def fault(self, message: Message) -> str:
        """Find a character of four bytes."""
        return (
            "illegal character" if any(character > "\uffff" for text in _texts(message) for character in text) else ""
        )


@deviation(
    "control-characters-refused",
    primary="accepts.names",
    shows="a message with a control character in a name is refused",
)
class ControlCharactersRefused(_Strict):
    """Refuses control characters in names; U+0000 it takes."""

    def fault(self, message: Message) -> str:
        """Find a control character."""
        controls = (
            one for text in _texts(message) for one in text if one != "\0" and unicodedata.category(one) == "Cc"
        )
        return "illegal character" if next(controls, "") else ""


@deviation(
    "names-limited-by-bytes", primary="accepts.names", shows="a message with a name of more than 255 bytes is refused"
)
class NamesLimitedByBytes(_Strict):
    """Refuses names of more than 255 bytes, however few their characters."""

    def fault(self, message: Message) -> str:
        """Count bytes."""
        names = (message.get(name, "") for name, longest in self.longest.items() if longest)
        return "a name is too long" if any(len(str(name).encode("utf-8", "replace")) > 255 for name in names) else ""  # noqa: PLR2004


@deviation(
    "right-to-left-refused", primary="accepts.names", shows="a message with right-to-left text in a name is refused"
)
class RightToLeftRefused(_Strict):
    """Refuses letters that are written from right to left."""

    def fault(self, message: Message) -> str:
        """Find one."""
        letters = (unicodedata.bidirectional(one) for text in _texts(message) for one in text)
        return "illegal character" if any(kind in {"R", "AL"} for kind in letters) else ""


@deviation("empty-queue-refused", primary="accepts.names", shows="a message with an empty queue name is refused")
class EmptyQueueRefused(_Strict):
    """Refuses an empty queue name."""

    def fault(self, message: Message) -> str:
        """Find an empty queue name."""
        return "" if message.get("GSW_QUEUE_NAME") else "the queue has no name"


@deviation(
    "undefined-refused", primary="accepts.undefined-tenant", shows="a message with the tenant name undefined is refused"
)
class UndefinedRefused(_Strict):
    """Refuses the tenant `undefined`."""

    def fault(self, message: Message) -> str:
        """Find `undefined`."""
        return "the tenant is undefined" if message["GSW_TENANT_NAME"] == "undefined" else ""


@deviation(
    "campaign-name-required", primary="accepts.absent-attributes", shows="a message with no campaign name is refused"
)
class CampaignNameRequired(_Strict):
    """Refuses a message without GSW_CAMPAIGN_NAME."""

    def fault(self, message: Message) -> str:
        """Find that it is missing."""
        return "" if "GSW_CAMPAIGN_NAME" in message else "GSW_CAMPAIGN_NAME is missing"


@deviation(
    "dial-mode-required",
    primary="accepts.absent-attributes",
    shows="a message with no dial mode in a running group is refused",
)
class DialModeRequired(_Strict):
    """Refuses a running group's message without GSW_DIAL_MODE."""

    def fault(self, message: Message) -> str:
        """Find that it is missing."""
        running = integer(message[STATE]) == 5  # noqa: PLR2004 - the code
        return f"{DIAL_MODE} is missing" if running and DIAL_MODE not in message else ""


@deviation(
    "unknown-attributes-refused",
    primary="accepts.unknown-attributes",
    shows="a message with an unknown attribute is refused",
)
class UnknownAttributesRefused(_Strict):
    """Refuses attributes that it does not know."""

    known = frozenset({*Checker.required, *Checker.longest, *Checker.codes, *STATISTICS})

    def fault(self, message: Message) -> str:
        """Find one."""
        return next((f"{name!a} is unknown" for name in message if name not in self.known), "")


@deviation(
    "null-statistic-refused", primary="accepts.statistics", shows="a message with a statistic that is null is refused"
)
class NullStatisticRefused(_Strict):
    """Refuses a statistic that is null."""

    def fault(self, message: Message) -> str:
        """Find null."""
        return next((f"{name} is null" for name in STATISTICS if name in message and message[name] is None), "")


@deviation(
    "statistic-above-one-refused", primary="accepts.statistics", shows="a message with a large statistic is refused"
)
class StatisticAboveOneRefused(_Strict):
    """Refuses a busy factor above 1."""

    def fault(self, message: Message) -> str:
        """Find a busy factor above 1."""
        value = message.get("GSW_STAT_BUSY_FACTOR")
        number = float(value) if isinstance(value, int | Written) else 0
        return "a busy factor is at most 1" if number > 1 else ""


@deviation("long-statistic-refused", primary="accepts.statistics", shows="a message with a large statistic is refused")
class LongStatisticRefused(_Strict):
    """Refuses a statistic that has more than 31 bits."""

    def fault(self, message: Message) -> str:
        """Find a large integer."""
        values = (message.get(name) for name in STATISTICS)
        return "a number is out of range" if any((integer(value) or 0) >= _SIGNED_32 for value in values) else ""


@deviation(
    "statistics-all-or-none",
    primary="accepts.statistics",
    shows="a message with some of the statistics alone is refused",
)
class StatisticsAllOrNone(_Strict):
    """Refuses a message with some of the statistics."""

    def fault(self, message: Message) -> str:
        """Count them."""
        return "a statistic is missing" if sum(name in message for name in STATISTICS) not in {0, 4} else ""


@deviation(
    "repetition-refused",
    primary="accepts.repetition",
    shows="a message with the same values as a message before is refused",
)
class RepetitionRefused(_Strict):
    """Refuses a message with all the same values as one before it."""

    def __init__(self) -> None:
        """Begin with none seen."""
        self._seen: defaultdict[object, set[str]] = defaultdict(set)

    def fault(self, message: Message) -> str:
        """Look it up."""
        seen, text = self._seen[message.get("GSW_CAMPAIGN_GROUP_GUID")], repr(sorted(message.items()))
        if text in seen:
            return "it has been there"
        seen.add(text)
        return ""


@deviation("nul-refused", primary="accepts.nul", shows="a message with U+0000 in a name is refused")
class NulRefused(_Strict):
    """Refuses U+0000."""

    def fault(self, message: Message) -> str:
        """Find U+0000."""
        return "illegal character" if any("\0" in text for text in _texts(message)) else ""


@deviation("goal-zero-refused", primary="accepts.methods", shows="a message with goal 0 is refused")
class GoalZeroRefused(_Strict):
    """Refuses goal 0."""

    def fault(self, message: Message) -> str:
        """Find goal 0."""
        return "a goal is more than 0" if integer(message.get(_GOAL)) == 0 else ""


@deviation(
    "at-sign-required",
    primary="accepts.names",
    shows="in a name is refused",
    consequences={
        "accepts.forms": "a name beyond ASCII is sent without an at sign",
        "accepts.nul": "a name with U+0000 is sent without an at sign",
    },
)
class AtSignRequired(_Strict):
    """Refuses the name of a Campaign Group that is not made of two with an at sign between them."""

    def fault(self, message: Message) -> str:
        """Find no at sign."""
        return "" if "@" in str(message["GSW_CAMPAIGN_GROUP_NAME"]) else "no group is named"


@deviation(
    "exponents-refused", primary="accepts.forms", shows="a message with a number written with an exponent is refused"
)
class ExponentsRefused(_Strict):
    """Refuses numbers that are written with an exponent, as small fractions are."""

    def fault(self, message: Message) -> str:
        """Find an exponent."""
        numbers = (value for value in message.values() if isinstance(value, Written))
        return "a number has an exponent" if any("e" in number.lower() for number in numbers) else ""


@deviation("body-limited", primary="accepts.names", shows="a message with a name of more than 255 bytes is refused")
class BodyLimited(_Strict):
    """Refuses a body of more than four kilobytes: names of 255 characters do not always fit into it."""

    def read(self, body: bytes) -> Message:
        """Measure it."""
        if len(body) > _FOUR_KILOBYTES:
            raise Refused("the body is too large")
        return super().read(body)

    def fault(self, message: Message) -> str:
        """Find nothing else."""
        del message
        return ""
