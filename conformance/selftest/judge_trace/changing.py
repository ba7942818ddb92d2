"""Changes to a right run that make it wrong in one way each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cgstate.specification.codes import Action, GroupState

if TYPE_CHECKING:
    from collections.abc import Callable

    from selftest.judge_trace.telling import BEGIN, STATISTICS, Tale

    Change = Callable[[Tale], object]
else:
    from telling import BEGIN, STATISTICS

RUNNING: dict[str, Any] = {
    "GSW_CAMPAIGN_GROUP_STATE": 5,
    "GSW_DIAL_MODE": 1,
    "GSW_OPTIMIZE_BY": 1,
    "GSW_OPTIMIZE_GOAL": 80,
}


def says(name: str, **changes: object) -> Change:
    """One message says something else."""
    return lambda tale: tale.named[name].said.update({f"GSW_{key}": value for key, value in changes.items()})


def stopped(name: str, state: int = 4) -> Change:
    """One message says another state, and so nothing of the dialing."""

    def change(tale: Tale) -> None:
        said = tale.named[name].said
        for attribute in ("GSW_DIAL_MODE", "GSW_OPTIMIZE_BY", "GSW_OPTIMIZE_GOAL"):
            said.pop(attribute, None)
        said["GSW_CAMPAIGN_GROUP_STATE"] = state

    return change


def lacks(name: str, *attributes: str) -> Change:
    def change(tale: Tale) -> None:
        for attribute in attributes:
            del tale.named[name].said[attribute]

    return change


def lost(*names: str) -> Change:
    return lambda tale: tale.lose(*(tale.named[name] for name in names))


def late(name: str, seconds: float) -> Change:
    def change(tale: Tale) -> None:
        tale.named[name].arrival += seconds

    return change


def again(name: str, seconds: float, *, at: float | None = None) -> Change:
    """One message comes a second time; `at`: with that time of its own."""
    changes = {} if at is None else {"GSW_DATE_TIME": f"{BEGIN + at:.3f}"}
    return lambda tale: tale.again(tale.named[name], seconds, **changes)


def sent(name: str, body: bytes) -> Change:
    def change(tale: Tale) -> None:
        tale.named[name].body = body

    return change


def cut(name: str, encoding: str = "utf-8", end: int | None = None) -> Change:
    def change(tale: Tale) -> None:
        draft = tale.named[name]
        draft.body = draft.raw.decode().encode(encoding)[:end]

    return change


def dated(name: str, at: float) -> Change:
    return says(name, DATE_TIME=f"{BEGIN + at:.3f}")


def everything(attribute: str, made: Callable[[Any], Any]) -> Change:
    def change(tale: Tale) -> None:
        for draft in tale.drafts:
            draft.said[attribute] = made(draft.said[attribute])

    return change


def moved(name: str, target: str) -> Change:
    def change(tale: Tale) -> None:
        tale.named[name].target = target

    return change


def followed(name: str, times: int) -> Change:
    """The redirect of one message is followed so often."""

    def change(tale: Tale) -> None:
        tale.redirects = frozenset({"/moved"})
        for number in range(times):
            tale.again(tale.named[name], 0.1 + number).target = "/moved"

    return change


def comes(at: float, number: int, action: Action, state: GroupState, *, statistics: bool = False) -> Change:
    return lambda tale: tale.say(at, number, action, state, statistics=statistics)


def periods(number: int, *times: float) -> Change:
    """Let the periodic messages of a group come at other times."""

    def change(tale: Tale) -> None:
        own = [d for d in tale.drafts if d.said["GSW_GROUP_NAME"] == tale.groups[number].group_name]
        tale.lose(*(d for d in own if set(STATISTICS) & set(d.said)))
        tale.last[number] = Action.START if "GSW_DIAL_MODE" in own[-2].said else Action.LOAD
        tale.periodic(times, number, GroupState.RUNNING if tale.last[number] is Action.START else GroupState.ACTIVE)

    return change


def held_up(tale: Tale) -> None:
    start = next(n for n, act in enumerate(tale.acts) if act.key == tale.groups[7].key and act.action is Action.START)
    tale.acts[start] = replace(tale.acts[start], answered=BEGIN + 18.85)


def one_guid(tale: Tale) -> None:
    for draft in tale.drafts:
        if draft.said["GSW_CAMPAIGN_GROUP_NAME"] == tale.groups[2].name:
            draft.said["GSW_CAMPAIGN_GROUP_GUID"] = "guid-1-1"
