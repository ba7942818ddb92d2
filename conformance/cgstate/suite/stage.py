"""Where a run plays: it asks the emitter for something, awaits the event, and takes everything down.

All that a case does goes through here, so that the judge sees what was asked and when.
"""

import secrets
import string
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cgstate import clock
from cgstate.drivers.driver import Driver, DriverTrouble, LoginRefused, Options, Refused, Unreachable
from cgstate.drivers.wire import DEFAULT_INTERVAL
from cgstate.evidence import (
    Act,
    Bounds,
    Cause,
    Dialing,
    Emitter,
    Evidence,
    GroupConfiguration,
    Reply,
    Setting,
)
from cgstate.generate.group import GroupChoice
from cgstate.judge.judge import judge
from cgstate.judge.message import Message
from cgstate.judge.ruling import Ruling
from cgstate.sources.answers import Answer
from cgstate.sources.capture import CaptureServer
from cgstate.specification.codes import PREDICTIVE, Action
from cgstate.suite.events import Events
from cgstate.suite.feed import Feed
from cgstate.suite.groups import Groups
from cgstate.suite.ledger import Ledger
from cgstate.suite.plan import AnswerPlan
from cgstate.suite.putting_back import PuttingBack

if TYPE_CHECKING:
    from cgstate.generate.life import LifeCycle

UNTIMED = 3600
"""An interval in seconds with which no periodic message comes within a run."""
PATH = "/cgstate/notifications?source=cgstate&step=1%2C2"
"""Where the emitter is told to report to: path and query must come back unchanged."""


class CaseEnded(Exception):  # noqa: N818 - named for the fact
    """The case cannot go on; what it showed so far counts. The text says why."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A generated case that was made as small as it would go."""

    document: str
    """The life cycle as JSON: what ``--replay`` takes."""
    key: tuple[int, int] | None
    """The group it was played with once more; None where the failure did not come back."""


class Stage:
    """One run against one emitter."""

    def __init__(
        self,
        driver: Driver,
        capture: CaptureServer,
        *,
        bounds: Bounds,
        declared: Sequence[GroupConfiguration] = (),
        advertise: str | None = None,
        automatic: bool = True,
        dial_modes: frozenset[int] | None = None,
        seed: int = 0,
    ) -> None:
        """Play with `driver` in front of a running `capture` server.

        `declared` are the groups to play with where the driver cannot make any; `advertise` is the base URI
        the emitter is told, where it differs from what the capture server listens on. `automatic` and `dial_modes`
        (None: all) are what the user declares beside what the driver says of itself.
        """
        self.driver, self.capture, self.bounds = driver, capture, bounds
        self.ledger = Ledger()
        self.feed = Feed(capture)
        self.answers = AnswerPlan()
        capture.answer_with(self.answers)
        self.base = (advertise or capture.uri).rstrip("/")
        self.run_id = "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(6))
        self.redirects: set[str] = set()
        self.seed = seed
        self.replays: dict[str, Replay] = {}
        """Requirement to the shrunk case that breaks it."""
        self.drawn: tuple[LifeCycle, ...] = ()
        """Lives that were made up ahead of the phase that plays them."""
        self.recorded: LifeCycle | None = None
        """The life that ``--replay`` gives."""
        self.died: float | None = None
        self.locked_out = ""
        """How the login was refused, where it was before any request was accepted."""
        self.notes: list[str] = []
        self.capabilities = frozenset(driver.capabilities) - (frozenset() if automatic else {"automatic"})
        said = driver.dial_modes
        self._modes = said if dial_modes is None else dial_modes if said is None else said & dial_modes
        self._groups = Groups(self.run_id, declared)
        self._lock = threading.Lock()
        self._events = Events(self.feed, self.ledger, bounds)
        self._before: Options | None = None

    # --- options ---

    def options(
        self, *, enabled: bool | None = True, path: str | None = PATH, interval: int | None = UNTIMED
    ) -> Setting:
        """Set the emitter's three options; None leaves one to its default. Without the hook: hope that they are so."""
        uri = None if path is None else self.base + path
        if "options" not in self.capabilities:
            setting = Setting(
                clock.now(), clock.now(), enabled=True, uri=self.base + PATH, interval=DEFAULT_INTERVAL, known=False
            )
            self.ledger.set(setting)
            return setting
        with self._driving():
            if self._before is None:
                self._before = self.driver.options()
            asked = clock.now()
            self.driver.set_options(Options(enabled, uri, interval))
        setting = Setting(
            asked,
            clock.now(),
            enabled=enabled is True,
            uri=uri,
            interval=DEFAULT_INTERVAL if interval is None else interval,
            default_interval=interval is None,
        )
        self.ledger.set(setting)
        return setting

    # --- groups ---

    def group(
        self, case: str, choice: GroupChoice | None = None, **relatives: GroupConfiguration | None
    ) -> GroupConfiguration:
        """Return a group for the case: a new one as it is chosen, or a declared one that nobody plays with.

        `relatives` are those of `Groups.configured`; only a new one has any.
        """
        if "groups" not in self.capabilities:
            return self._borrow(case)
        group = self._groups.configured(choice or GroupChoice(dial_mode=min(self.dial_modes)), **relatives)
        self._know(group, case)
        with self._driving():
            self.driver.create_group(group)
        self._groups.created[group.key] = group
        return group

    def _borrow(self, case: str) -> GroupConfiguration:
        group = self._groups.borrow()
        if group is None:
            over = self.feed.interrupted
            raise CaseEnded("the run was interrupted" if over else "no declared group is left to play with")
        self._know(group, case)
        return group

    def _know(self, group: GroupConfiguration, case: str) -> None:
        self.ledger.know(group, case)
        self.feed.know(group)

    def give_back(self, group: GroupConfiguration) -> None:
        """Say that a case is done with the group: it is unloaded if it has to be, and taken away or free again."""
        try:
            if group.key in self._groups.loaded and self.died is None:
                act = self.act(group, Action.UNLOAD)
                if act.reply is Reply.ACCEPTED:
                    self.event(act)
        finally:
            if "groups" not in self.capabilities:
                self._groups.take_back(group)

    @property
    def declared_left(self) -> int:
        """How many declared groups nobody plays with just now; 0 where groups are made."""
        return 0 if "groups" in self.capabilities else self._groups.left

    @property
    def dial_modes(self) -> frozenset[int]:
        """The dial modes the emitter has (0, no mode, is never asked for)."""
        return (self._modes or frozenset(range(1, 12))) - {0} or frozenset({1})

    # --- acts and events ---

    def act(
        self,
        group: GroupConfiguration,
        action: Action,
        dialing: Dialing | None = None,
        cause: Cause = Cause.CLIENT,
    ) -> Act:
        """Ask the emitter, and take down what it answered. Raises `CaseEnded` where it is gone, or the run is over."""
        if self.feed.interrupted:
            raise CaseEnded("the run was interrupted")
        if self.died is not None:
            raise CaseEnded("the emitter does not answer any more")
        number, asked = self.ledger.next_number(), clock.now()
        ours = group.key in self._groups.loaded
        if action is Action.LOAD:
            self._groups.loaded[group.key] = group
        reply, detail = self._ask(group, action, dialing, cause)
        case = self.ledger.cases[group.key]
        act = Act(number, group.key, action, asked, clock.now(), reply, cause, dialing, detail, case)
        self.ledger.enter(act)
        unloaded = reply is Reply.ACCEPTED and action is Action.UNLOAD
        refused_load = reply is Reply.REFUSED and action is Action.LOAD and not ours
        if refused_load and "groups" not in self.capabilities:
            self._groups.leave_alone(group)
            self._note(f"Campaign Group {group.name!r} cannot be loaded and is left alone: {detail}")
        if unloaded or refused_load:
            self._groups.loaded.pop(group.key, None)
        if self.died is not None:
            raise CaseEnded(detail)
        if reply is Reply.TROUBLE:
            self._note(f"{action.request} failed, which is not held against the notifications: {detail}")
        return act

    def _ask(
        self, group: GroupConfiguration, action: Action, dialing: Dialing | None, cause: Cause
    ) -> tuple[Reply, str]:
        try:
            self._request(group, action, dialing, cause)
        except Refused as refusal:
            return Reply.REFUSED, str(refusal)
        except DriverTrouble as trouble:
            return Reply.TROUBLE, str(trouble)
        except Unreachable as gone:
            if self._lock_out(gone):
                self._groups.loaded.pop(group.key, None)
                raise CaseEnded(str(gone)) from gone
            self.died = clock.now()
            self._note(f"the emitter stopped answering: {gone}")
            return Reply.TROUBLE, str(gone)
        return Reply.ACCEPTED, ""

    def _request(self, group: GroupConfiguration, action: Action, dialing: Dialing | None, cause: Cause) -> None:
        if cause is not Cause.CLIENT:
            self.driver.automatic(group, action, cause)
        elif action is Action.LOAD:
            self.driver.load(group)
        elif action is Action.UNLOAD:
            self.driver.unload(group)
        elif action is Action.STOP:
            self.driver.stop(group)
        elif action is Action.START:
            self.driver.start(group, dialing or self.dialing())
        else:
            self.driver.set_dialing_mode(group, dialing or self.dialing())

    def dialing(self, mode: int | None = None) -> Dialing:
        """Return a dialing of that mode (default: the first the emitter has): all that the mode takes."""
        mode = min(self.dial_modes) if mode is None else mode
        return Dialing(mode, 1, 80) if mode in PREDICTIVE else Dialing(mode)

    def event(self, act: Act, within: float | None = None) -> Message | None:
        """Await the event of an accepted request; None where it does not come in time.

        Of a kind of which enough did not come the next ones are hardly waited for.
        """
        return self._events.event(act, within)

    @property
    def slowest(self) -> float:
        """The longest time that an event took so far, from the request to its arrival, in seconds."""
        return self._events.slowest

    # --- evidence ---

    def evidence(self) -> Evidence:
        """Return everything so far as evidence."""
        return self._evidence(self.feed.messages, self.ledger.acts, dict(self.ledger.groups))

    def _evidence(
        self,
        messages: Sequence[Message],
        acts: Iterable[Act],
        groups: dict[tuple[int, int], GroupConfiguration],
    ) -> Evidence:
        return Evidence(
            traits=self.capture.traits,
            exchanges=tuple(message.exchange for message in messages),
            acts=tuple(acts),
            settings=self.ledger.settings,
            windows=self.ledger.windows,
            groups=groups,
            emitter=self.emitter,
            bounds=self.bounds,
            redirects=frozenset(self.redirects),
            ended=clock.now(),
            died=self.died,
        )

    @property
    def emitter(self) -> Emitter:
        """What is judged."""
        return Emitter(self.driver.name, self.capabilities, self.driver.actors, self._modes)

    def rulings(self) -> list[Ruling]:
        """Judge everything so far."""
        messages = self.feed.messages
        return judge(self.evidence(), messages)

    def belongs(self, ruling: Ruling, case: str) -> bool:
        """Whether what the ruling rests on was seen in that case."""
        labels = {self.ledger.cases[key] for key in self._groups_of(ruling)}
        return any(label == case or label.startswith(f"{case}: ") for label in labels)

    def concerns(self, ruling: Ruling, key: tuple[int, int]) -> bool:
        """Whether what the ruling rests on is of that group."""
        return key in self._groups_of(ruling)

    def _groups_of(self, ruling: Ruling) -> set[tuple[int, int]]:
        acts = set(ruling.acts)
        keys = {act.key for act in self.ledger.acts if act.number in acts}
        return keys | {key for key in map(self.feed.group_of, ruling.exchanges) if key is not None}

    def rulings_on(self, keys: Sequence[tuple[int, int]]) -> list[Ruling]:
        """Judge some groups only: what a generated case shows."""
        messages = sorted((m for key in keys for m in self.feed.of(key)), key=lambda m: m.exchange.number)
        acts = sorted((a for key in keys for a in self.ledger.acts_of(key)), key=lambda a: a.number)
        groups = {key: self.ledger.groups[key] for key in keys}
        return judge(self._evidence(messages, acts, groups), messages)

    # --- the receiver's behaviour ---

    def answer(self, group: GroupConfiguration, answers: Sequence[Answer]) -> None:
        """Answer the group's next messages so, one each."""
        self.answers.next_messages(group, answers)

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Refuse connections meanwhile, on the same port."""
        with self.ledger.window("closed"):
            self.capture.close_listener()
            try:
                yield
            finally:
                self.capture.reopen()

    def pause(self, seconds: float) -> None:
        """Let time pass that is itself the evidence: a silence, a stall. Ends early only with the run."""
        self.feed.await_group((0, 0), lambda _: None, seconds)

    # --- the end ---

    def interrupt(self) -> None:
        """End all waits; every case ends at its next act."""
        self.feed.interrupt()
        self._groups.interrupt()

    def close(self) -> None:
        """Put everything back: unload what is loaded, take away what was made, restore the options.

        What cannot be undone is added to `notes`.
        """
        self.capture.release()
        if not self.driver.ends_with_run:
            self._put_back()
        self.feed.close()
        self.driver.close()

    def _put_back(self) -> None:
        undone = PuttingBack(self.driver, self.capabilities, gone=self.died is not None)
        undone.groups(list(self._groups.loaded.values()), list(self._groups.created.values()))
        undone.options(self._before)
        if undone.gone and self.died is None:
            self.died = clock.now()
        for note in undone.notes:
            self._note(note)

    def _note(self, text: str) -> None:
        with self._lock:
            if text not in self.notes:
                self.notes.append(text)

    @contextmanager
    def _driving(self) -> Iterator[None]:
        """Turn what goes wrong with a hook into the end of the case."""
        try:
            yield
        except (Refused, DriverTrouble) as trouble:
            self._note(f"a hook failed, which is not held against the notifications: {trouble}")
            raise CaseEnded(str(trouble)) from trouble
        except Unreachable as gone:
            if not self._lock_out(gone):
                self.died = clock.now()
                self._note(f"the emitter stopped answering: {gone}")
            raise CaseEnded(str(gone)) from gone

    def _lock_out(self, gone: Unreachable) -> bool:
        """Take down that a login is refused; False where it is something else, or requests were accepted before."""
        if not isinstance(gone, LoginRefused) or any(act.reply is Reply.ACCEPTED for act in self.ledger.acts):
            return False
        self.locked_out = str(gone)
        return True
