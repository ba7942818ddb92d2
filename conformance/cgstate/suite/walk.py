"""One group on a random walk: asked for whatever its state allows next."""

from cgstate.evidence import Dialing
from cgstate.specification.codes import MODE_CHANGES, Action, GroupState
from cgstate.specification.life_cycle import step
from cgstate.suite.played import Played


class Walker:
    """Follows the model, never the emitter's answers: no draw may depend on one."""

    def __init__(self, played: Played) -> None:
        """Begin not loaded."""
        self.played = played
        self._state = GroupState.NOT_LOADED
        self._mode: int | None = None

    def load(self) -> None:
        """Load the group."""
        self._do(Action.LOAD)

    def go_on(self, dialing: Dialing) -> None:
        """Ask for what comes next: load, start, a change of the dial mode where it is documented, or stop."""
        if self._state is GroupState.NOT_LOADED:
            self._do(Action.LOAD)
        elif self._state is GroupState.ACTIVE:
            self._do(Action.START, dialing)
        elif (self._mode, dialing.dial_mode) in MODE_CHANGES:
            self._do(Action.SET_DIALING_MODE, dialing)
        else:
            self._do(Action.STOP)

    def unload(self) -> None:
        """Unload the group in any state but not loaded."""
        if self._state is not GroupState.NOT_LOADED:
            self._do(Action.UNLOAD)

    def end(self) -> None:
        """Leave nothing loaded."""
        self.unload()
        self.played.stage.give_back(self.played.group)

    def _do(self, action: Action, dialing: Dialing | None = None) -> None:
        after = step(self._state, action).expected
        self._state = self._state if after is None else after
        self._mode = dialing.dial_mode if dialing else self._mode
        self.played.do(action, dialing)
