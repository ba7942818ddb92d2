"""A life of one Campaign Group as parcels: each message follows lawfully from the one before."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from cgstate.evidence import Dialing
from cgstate.generate.group import GroupChoice
from cgstate.generate.kinds import STATISTICS, Message, dialing_of, naming_of
from cgstate.generate.traffic.marks import MARKS, marks_of
from cgstate.generate.traffic.scope import Scope
from cgstate.sending import Expect, Parcel
from cgstate.specification.codes import Action, GroupState

LIFE_CYCLE: Final = "accepts.life-cycle"
PREDICT: Final = Dialing(1, 1, 80)
PROGRESS: Final = Dialing(2)
ORDINARY: Final[Message] = dict(zip(STATISTICS, (0.85, 0.03, 0.425, 1234.5), strict=True))
"""Statistics as they usually are."""


def encoded(message: Message) -> bytes:
    """Return the body as it is mostly written."""
    return json.dumps(message, ensure_ascii=False).encode()


class Life:
    """Makes the parcels of one Campaign Group, one after another, and remembers where it stands."""

    def __init__(
        self,
        scope: Scope,
        tag: str,
        theme: str = "",
        group: GroupChoice | None = None,
        *,
        always: bool = False,
        lane: int = 0,
    ) -> None:
        """Begin with a group that is not loaded.

        `tag` ends its GUID. A message is sent for `theme` if one of its marks is covered by that requirement, else for
        the requirement that covers one of its marks, else for `accepts.life-cycle`; `always`: for `theme` whatever
        it is. `group` of None: the plainest one.
        """
        self.scope, self.guid, self.theme, self.lane = scope, scope.guid_prefix + tag, theme, lane
        self._always = always
        self.group = scope.group() if group is None else group
        self.parcels: list[Parcel] = []
        self.message: Message = {}
        """The last one."""
        self.state = GroupState.NOT_LOADED
        self.action = Action.UNLOAD
        self.dialing: Dialing | None = None
        self.actor = 1
        """Of the messages to come."""

    def load(self, state: GroupState = GroupState.ACTIVE, **more: Any) -> Parcel:  # noqa: ANN401 - as of `say`
        """Load it."""
        return self.say(state, Action.LOAD, **more)

    def start(self, dialing: Dialing | None = PREDICT, **more: Any) -> Parcel:  # noqa: ANN401 - as of `say`
        """Start it."""
        self.dialing = dialing
        return self.say(GroupState.RUNNING, Action.START, **more)

    def set(self, dialing: Dialing | None, **more: Any) -> Parcel:  # noqa: ANN401 - as of `say`
        """Set its dialing mode."""
        self.dialing = dialing
        return self.say(GroupState.RUNNING, Action.SET_DIALING_MODE, **more)

    def stop(self, state: GroupState = GroupState.ACTIVE, **more: Any) -> Parcel:  # noqa: ANN401 - as of `say`
        """Stop it."""
        return self.say(state, Action.STOP, **more)

    def unload(self, *, drains: bool = False, **more: Any) -> Parcel:  # noqa: ANN401 - as of `say`
        """Unload it, by way of states 1 and 2 if it drains; return the end's parcel."""
        if drains:
            self.say(GroupState.WAITING_UNLOAD, Action.UNLOAD, **more)
            self.say(GroupState.UNLOAD_IN_PROGRESS, Action.UNLOAD, **more)
        return self.say(GroupState.NOT_LOADED, Action.UNLOAD, **more)

    def periodic(self, statistics: Mapping[str, Any] = ORDINARY, action: Action | None = None, **more: Any) -> Parcel:  # noqa: ANN401 - as of `say`
        """Report where it stands; `action` of None: the last one."""
        return self.say(self.state, self.action if action is None else action, statistics, remember=False, **more)

    def say(
        self,
        state: GroupState,
        action: Action,
        statistics: Mapping[str, Any] | None = None,
        *,
        more: Mapping[str, Any] | None = None,
        without: Collection[str] = (),
        marks: Iterable[str] = (),
        remember: bool = True,
        parcel: Mapping[str, Any] | None = None,
    ) -> Parcel:
        """Report a state and an action.

        `more`: unknown attributes, and values in place of the usual ones; `without`: attributes left out; `marks`: what
        is special beside the values; `parcel`: fields of the parcel that are otherwise than usual.
        """
        number = self.scope.number()
        message = naming_of(self.group, self.guid)
        if state is GroupState.RUNNING and self.dialing is not None:
            message |= dialing_of(self.dialing)
        message["GSW_CAMPAIGN_GROUP_STATE"] = int(state)
        message["GSW_CAMPAIGN_GROUP_ACTION"] = int(action)
        message["GSW_CAMPAIGN_GROUP_ACTOR"] = self.actor
        message["GSW_DATE_TIME"] = self.scope.date_time(number)
        message |= statistics or {}
        message |= more or {}
        for attribute in without:
            del message[attribute]
        if remember:
            self.state, self.action = state, action
        self.message = message
        found = marks_of(message) | frozenset(marks)
        made = Parcel(
            number, self._requirement(found), Expect.TAKEN, encoded(message), self.guid, found, lane=self.lane
        )
        if parcel:
            made = replace(made, **parcel)
        self.parcels.append(made)
        return made

    def _requirement(self, marks: frozenset[str]) -> str:
        covering = {MARKS[mark] for mark in marks}
        if self._always or self.theme in covering:
            return self.theme
        return min(covering, default=LIFE_CYCLE)
