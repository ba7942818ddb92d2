"""What a recording contradicts by itself, whatever is missing from it: a gap is lawful, a contradiction is not."""

from collections.abc import Collection, Iterable, Iterator

from cgstate.evidence import Exchange
from cgstate.judge.checks import check
from cgstate.judge.faults import named_code
from cgstate.judge.message import Message
from cgstate.judge.ruling import Ruling, broken, met
from cgstate.judge.shown import shown
from cgstate.judge.trace import reading
from cgstate.specification.codes import Action, GroupState


@check("trace.not-loaded-action", "trace.not-loaded-once")
def rule_on_not_loaded(messages: Iterable[Message], events: Collection[int] = ()) -> Iterator[Ruling]:
    """State 0 is said once for each unload, and by an unload only.

    `events`: numbers of messages that are known to be events of one unload each; coarse clocks may give two of
    them the same time.
    """
    ends: dict[tuple[str, str, str], Exchange] = {}
    for message in messages:
        if reading.code(message, reading.STATE) != GroupState.NOT_LOADED:
            continue
        number, action = message.exchange.number, reading.code(message, reading.ACTION)
        if action == Action.UNLOAD:
            yield met("trace.not-loaded-action", [number])
        elif action is not None:
            yield broken(
                "trace.not-loaded-action",
                "a message with state NotLoaded names another ACTION than the unload",
                expected=named_code(reading.ACTION, Action.UNLOAD),
                seen=shown(action),
                exchanges=[number],
            )
        named = tuple(
            reading.text(message, attribute)
            for attribute in ("GSW_CAMPAIGN_GROUP_NAME", reading.GUID, reading.DATE_TIME)
        )
        if None in named:
            continue
        first = ends.setdefault((str(named[0]), str(named[1]), str(named[2])), message.exchange)
        if first.number == number:
            yield met("trace.not-loaded-once", [number])
        elif not _is_redirected(first, message.exchange) and not (number in events and first.number in events):
            yield broken(
                "trace.not-loaded-once",
                "the end of one unload is reported twice",
                expected="one message with state 0 for each unload",
                seen="another one with the same GUID and the same GSW_DATE_TIME",
                exchanges=[number, first.number],
            )


def _is_redirected(first: Exchange, second: Exchange) -> bool:
    """Whether the first was answered by a redirect and the second went elsewhere: it may be followed once."""
    redirected = first.answer is not None and first.answer.startswith("3")
    return redirected and second.target is not None and second.target != first.target
