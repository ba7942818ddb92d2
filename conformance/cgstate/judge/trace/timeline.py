"""Which options the emitter had when: the settings of a run on one line of time."""

from collections.abc import Iterable
from dataclasses import dataclass

from cgstate.evidence import Setting, Window
from cgstate.judge.trace.neighbours import with_next

GRACE = 1.0
"""What is on its way when an option changes may follow either setting for this long, in seconds."""
LONG = 1000.0
"""With an interval of this many seconds or more no periodic message can come within a run."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The settings in the order of their changes, and the windows."""

    settings: tuple[Setting, ...]
    windows: tuple[Window, ...] = ()

    def at(self, moment: float) -> Setting | None:
        """Return the setting in force at that moment, or None before the first."""
        in_force = None
        for setting in self.settings:
            if setting.asked > moment:
                break
            in_force = setting
        return in_force

    def possible(self, arrival: float) -> list[Setting]:
        """Return every setting that a message arriving then may follow."""
        return [
            setting
            for setting, until in with_next(self.settings)
            if setting.asked <= arrival and (until is None or arrival <= until.answered + GRACE)
        ]

    def between(self, began: float, ended: float) -> list[Setting]:
        """Return every setting that was in force at some time from `began` to `ended`."""
        return [
            s for s, until in with_next(self.settings) if s.asked <= ended and (not until or began < until.answered)
        ]

    def may_be_periodic(self, arrival: float, loaded: float) -> bool:
        """Whether a periodic message of a group loaded at that time may come then; so it may where nothing is known.

        What is on its way when the interval changes is only of groups that were loaded before.
        """
        if not self.settings:
            return True
        return any(
            not s.known or (_reports(s) and 0 < s.interval < LONG)
            for s in self.possible(arrival)
            if s in self.between(loaded, arrival)
        )

    def samples(self, arrival: float) -> bool:
        """Whether some setting that a message arriving then may follow asks for periodic messages, however seldom."""
        return any(_reports(s) and s.interval > 0 for s in self.possible(arrival))

    def changed_before(self, moment: float) -> float:
        """Return when the options changed last before that moment; 0 where they did not."""
        return max((s.answered for s in self.settings if s.asked <= moment), default=0.0)

    def interval_is_zero(self, arrival: float) -> bool:
        """Whether the interval may be zero or less then: that it means no periodic message is inferred only."""
        return any(_reports(s) and s.interval <= 0 for s in self.possible(arrival))

    def was_periodic_before(self, arrival: float) -> bool:
        """Whether an earlier setting asked for periodic messages that a run could see."""
        return any(0 < s.interval < LONG and _reports(s) for s in self.settings if s.answered < arrival)

    def may_report(self, arrival: float) -> bool:
        """Whether the options let any message arrive then; so they do where nothing is known."""
        if not self.settings:
            return True
        return any(_reports(setting) for setting in self.possible(arrival))

    def reports_all(self, asked: float, answered: float) -> bool | None:
        """Whether what is done in that time is to be reported; None where the options change about then.

        What is on its way when they change may follow either setting, so they must stay so for a second.
        """
        now = {_reports(setting) for setting in self.between(asked, answered)} or {True}
        if now == {False}:
            return False
        soon = {_reports(setting) for setting in self.between(asked, answered + GRACE)} or {True}
        return True if now | soon == {True} else None

    def turned_on(self, moment: float) -> float | None:
        """Return when the first setting after that moment was asked for that lets messages be sent."""
        return next((s.asked for s in self.settings if s.asked > moment and _reports(s)), None)

    def window(self, rule: str, moment: float) -> Window | None:
        """Return the window of that rule that holds the moment."""
        return next((w for w in self.windows if w.rule == rule and w.began <= moment <= w.ended), None)

    def named(self, rules: Iterable[str]) -> list[Window]:
        """Return the windows of those rules."""
        wanted = frozenset(rules)
        return [w for w in self.windows if w.rule in wanted]


def _reports(setting: Setting) -> bool:
    return not setting.known or (setting.enabled and setting.uri is not None)
