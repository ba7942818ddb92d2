"""A run from its first request to its verdict: phases are played when their first test asks, and judged once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from cgstate import clock
from cgstate.drivers.bundled import Bundled
from cgstate.drivers.driver import Driver
from cgstate.drivers.http_control import HttpControl
from cgstate.evidence import Cause, Emitter, Evidence, Reply, Traits
from cgstate.generate.coverage import Cell, Matrices, matrices
from cgstate.judge.ruling import Ruling
from cgstate.judge.trace import reading
from cgstate.judge.trace.scene import Scene
from cgstate.judge.trace.timing import offset
from cgstate.redact import redact
from cgstate.sources.capture import CaptureServer
from cgstate.specification.codes import Action, GroupState
from cgstate.specification.registry import Role, registry
from cgstate.suite.case import Case
from cgstate.suite.cases.generated import DRAWN
from cgstate.suite.cases.timed import BYSTANDERS
from cgstate.suite.choice import HOOKS, left_out, not_applicable, playable, reasons
from cgstate.suite.phases import Phase, play
from cgstate.suite.run import Run
from cgstate.suite.stage import PATH, UNTIMED, CaseEnded, Stage
from cgstate.verdict.conclude import Judged, conclude
from cgstate.verdict.decide import Facts
from cgstate.verdict.failure import Teller, failures
from cgstate.verdict.scene import teller
from cgstate.verdict.verdict import ExitStatus, Failure, Verdict

PREFLIGHT = "preflight"
ROLES = frozenset({Role.MESSAGE, Role.EMITTER, Role.TRACE})


@dataclass(kw_only=True)
class Session(Run):
    """One run against one emitter."""

    cases: tuple[Case, ...]
    """All there are."""
    chosen: frozenset[str]
    """Names of those to play."""
    driver: Driver | None = None
    capture: CaptureServer | None = None
    """Listens from the beginning of the run."""
    stage: Stage | None = None
    ended: dict[str, str] = field(default_factory=dict)
    played: set[str] = field(default_factory=set)

    def open(self) -> None:
        """Take the stage, if it was not taken before, and see that a first load is reported."""
        driver, settings = self.driver, self.settings
        if driver is None or self.capture is None or self.stage is not None:
            return
        self.stage = Stage(
            driver,
            self.capture,
            bounds=settings.bounds,
            declared=settings.groups.drivable,
            advertise=settings.advertise,
            automatic=self._acts_by_itself,
            dial_modes=settings.groups.dial_modes,
            seed=settings.seed,
        )
        self.stage.recorded = settings.replay
        if "options" not in self.stage.capabilities:
            self.say("this emitter's options cannot be set from here; it must have")
            self.say("  send-campaigngroup-states: true")
            self.say(f"  campaigngroup-states-uri: {redact(self.stage.base + PATH)}")
            self.say("  campaigngroup-states-interval: left at its default")
        self.phase("preflight")
        try:
            self.stopped = self._preflight(self.stage)
        except CaseEnded as ended:
            self.stopped = str(ended)
        self.unreachable = self.stage.locked_out
        self.judge()

    @property
    def _acts_by_itself(self) -> bool:
        declared_away = self.driver is not None and not self.driver.acts_by_itself
        return self.settings.groups.automatic is not False and not declared_away

    def _preflight(self, stage: Stage) -> str:
        """Load one group; return why going on is of no use, or an empty text.

        Where groups can be made it stays loaded to the end, a bystander: it shows what comes of a group that nobody
        asks for anything, whatever the options are.
        """
        bystander = {"groups", "options"} <= stage.capabilities
        stage.options(interval=BYSTANDERS if bystander else UNTIMED)
        group = stage.group(PREFLIGHT)
        act = stage.act(group, Action.LOAD)
        while act.reply is Reply.REFUSED and stage.declared_left:
            # Somebody else has loaded that one: it is left alone.
            stage.give_back(group)
            group = stage.group(PREFLIGHT)
            act = stage.act(group, Action.LOAD)
        if act.detail:
            return f"load-campaign was not accepted: {act.detail}"
        silent = stage.event(act) is None and not stage.feed.messages
        if silent:
            # It is unloaded at the end of the run: a second missing event would say nothing new.
            return (
                f"no notification of the first load came to {stage.base}: can the emitter reach that address? "
                "--listen says where the suite listens, --advertise what the emitter is told"
            )
        if not bystander:
            stage.give_back(group)
        return ""

    @property
    def emitter(self) -> Emitter:
        """What is judged."""
        return self.stage.emitter if self.stage else Emitter("an emitter that was not reached")

    def play(self, phase: Phase) -> None:
        """Play the phase's chosen cases and judge everything so far; what was played is not played again."""
        chosen = [case for case in phase.cases if case.name in self.chosen and case.name not in self.played]
        stage = self.stage
        if not chosen or stage is None or self.stopped:
            return
        self.played.update(case.name for case in chosen)
        able = [case for case in chosen if playable(case, self.emitter)]
        if DRAWN not in self.chosen:
            phase = replace(phase, meanwhile=None)  # nobody plays what would be drawn
        self.phase(phase.title)
        try:
            self.ended.update(play(phase, stage, able, self.step).ended)
        finally:
            if self.told_by_case:
                self.judge()

    def why_not(self, case: Case) -> str:
        """Return why a case was not played to its end; empty where it was."""
        if self.unreachable or self.stopped:
            return self.unreachable or self.stopped
        lacking = sorted(case.needs - self.emitter.capabilities)
        return HOOKS[lacking[0]] if lacking else self.ended.get(case.name, "")

    def judge(self) -> None:
        """Judge everything so far."""
        if self.stage is not None:
            self.rulings = self.stage.rulings()

    def blocks(self, rulings: Collection[Ruling]) -> tuple[Failure, ...]:
        """Return the blocks that show these rulings."""
        if self.stage is None:
            return ()
        evidence = self.stage.evidence()
        return failures(rulings, evidence, self._teller(evidence))

    def shows(self, ruling: Ruling, case: str) -> bool:
        """Whether a fault shows in that case."""
        return self.stage is not None and self.stage.belongs(ruling, case)

    def verdict(self) -> Verdict:
        """Conclude from what was judged last."""
        settings, stage = self.settings, self.stage
        evidence = stage.evidence() if stage else Evidence(Traits("run that never began", True, True, True, True, True))
        scene = Scene.of(evidence, stage.feed.messages) if stage else None
        requirements = [r for r in registry().requirements.values() if r.role in ROLES]
        facts = Facts(
            interrupted=self.interrupted,
            suite_error=self.suite_error,
            unreachable=self.unreachable,
            strict=settings.strict,
            allow_incomplete=settings.allow_incomplete or settings.replay is not None,
            must_exercise=settings.must_exercise & {r.id for r in requirements},
        )
        why = "--fast leaves it out" if settings.fast else "its cases were deselected"
        why = "--replay plays one case" if settings.replay else why
        # What was seen to be broken is told, though no case was played for it.
        broken = {ruling.requirement for ruling in self.rulings if ruling.fault}
        unbroken = [r for r in requirements if r.id not in broken]
        deselected = left_out(unbroken, self.cases, self.chosen, self.emitter, why)
        if settings.wanted is not None:
            deselected |= {r.id: "--requirement names others" for r in requirements if r.id not in settings.wanted}
        told = reasons(requirements, self.cases, self.emitter, self.ended)
        if self.stopped or self.unreachable:
            told = {r.id: self.stopped or self.unreachable for r in requirements}
        verdict = conclude(
            registry(),
            evidence,
            self.rulings,
            Judged(
                subject=self._subject(),
                driver=self._driver_in_words(),
                started=self.started,
                seconds=clock.now() - self.began,
                seed=settings.seed,
            ),
            facts,
            roles=ROLES,
            tell=self._teller(evidence),
            failures=self._shrunk(evidence),
            left_out=deselected,
            not_applicable=not_applicable(self.emitter, automatic=self._acts_by_itself),
            reasons=told,
            coverage=self._coverage(scene, stage.dial_modes) if scene and stage else {},
            notes=self._notes(evidence, scene),
        )
        if self.stopped and verdict.status is ExitStatus.INCOMPLETE:
            return replace(verdict, why=f"{verdict.why}: {self.stopped}")
        return verdict

    def _subject(self) -> str:
        if self.driver is not None:
            return self.driver.name
        return redact(self.settings.emitter or self.settings.driver or "bundled emitter")

    def _driver_in_words(self) -> str:
        settings = self.settings
        if settings.driver:
            return settings.driver
        if settings.emitter:
            return "control API"
        return "control API of the bundled emitter" if isinstance(self.driver, Bundled) else "pytest_cgstate_driver"

    def _teller(self, evidence: Evidence) -> Teller:
        driver = self.driver
        return teller(evidence, driver.base if isinstance(driver, HttpControl) else None)

    def _notes(self, evidence: Evidence, scene: Scene | None) -> tuple[str, ...]:
        if self.stage is None or scene is None:
            return ()
        cases: dict[str, list[str]] = {}
        for name, why in sorted(self.ended.items()):
            cases.setdefault(why, []).append(name)
        notes = [f"could not go on: {why} ({_some(names)})" for why, names in cases.items()]
        off = offset(scene)
        if off is not None:
            notes.insert(0, f"the emitter's clock is {abs(off):.3f} s {'behind' if off >= 0 else 'ahead'}")
        notes.insert(0, f"{len(evidence.exchanges)} requests received, {len(evidence.acts)} made")
        return (*notes, *self.stage.notes)

    def _coverage(self, scene: Scene, dial_modes: frozenset[int]) -> Matrices:
        """Count what the events showed."""
        shown = []
        drained = ((story, step, m) for story in scene.stories for step, m in story.drains)
        for story, step, message in (*scene.events(), *drained):
            state = reading.code(message, reading.STATE)
            if state is None or state not in set(GroupState):
                continue
            names = (story.group.campaign_name, story.group.campaign_template_name, story.group.tenant_name)
            campaign, template, tenant = (name is not None for name in names)
            cell = Cell(
                GroupState(state), step.act.action, step.act.cause, step.act.dialing, (campaign, template, tenant)
            )
            shown.append(cell)
        causes = frozenset(Cause) if "automatic" in self.emitter.capabilities else frozenset({Cause.CLIENT})
        return matrices(
            shown,
            dial_modes=dial_modes,
            causes=causes,
            drain="drain" in self.emitter.capabilities,
        )

    def _shrunk(self, evidence: Evidence) -> list[Failure]:
        """Return the blocks of the shrunk cases; they are shown instead of what was seen on the way to them."""
        shown = []
        for requirement, replay in (self.stage.replays if self.stage else {}).items():
            broken = [r for r in self.rulings if r.fault and r.requirement == requirement]
            of_group = [r for r in broken if self.stage and replay.key and self.stage.concerns(r, replay.key)]
            blocks = failures(of_group or broken, evidence, self._teller(evidence))[:1]
            # Its times are counted with all the others.
            unstable = not of_group
            shown += [replace(block, replay=replay.document, unstable=unstable, times=0) for block in blocks]
        return shown

    def interrupt(self) -> None:
        """Await nothing any more; groups are still stopped and unloaded."""
        if self.stage is not None:
            self.stage.interrupt()

    def close(self) -> None:
        """Put everything back, whatever happened."""
        if self.stage is not None:
            self.stage.close()
        elif self.driver is not None:
            self.driver.close()
        if self.capture is not None:
            self.capture.stop()


def _some(names: Sequence[str], most: int = 3) -> str:
    """Name the first few cases."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
