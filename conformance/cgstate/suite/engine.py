"""Between pytest and the run: which tests are played, what a test's outcome is, what pytest's exit status becomes."""

import io
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cgstate.drivers.driver import Driver, DriverTrouble, Unreachable
from cgstate.faces.deliver import UnwritableReport, deliver
from cgstate.faces.progress import Progress
from cgstate.plugin import SIDES, SUITE, VERDICT
from cgstate.sources.capture import CannotListen, CaptureServer
from cgstate.suite.case import Case
from cgstate.suite.choice import chosen
from cgstate.suite.findings import Findings
from cgstate.suite.phases import phases
from cgstate.suite.receiving.cases import Case as ReceivingCase
from cgstate.suite.receiving.cases import cases as receiving_cases
from cgstate.suite.receiving.session import ReceivingSession
from cgstate.suite.receiving.session import chosen as receiving_chosen
from cgstate.suite.session import Session
from cgstate.suite.settings import Settings, bundled_driver, check_groups, named_driver, read_settings
from cgstate.suite.sides import Sides, judged
from cgstate.verdict.verdict import ExitStatus, Verdict

PROGRESS: pytest.StashKey[Progress] = pytest.StashKey()

_ONE_PROCESS = "cgstate.suite cannot be spread over processes: the emitter's options are one. Leave out -n"


def case_of(item: pytest.Item) -> Case | ReceivingCase | None:
    """Return the case a test plays, or None for one that plays none."""
    callspec = getattr(item, "callspec", None)
    case = callspec.params.get("case") if callspec else None
    return case if isinstance(case, Case | ReceivingCase) else None


def prepare(config: pytest.Config, items: list[pytest.Item], ours: Sequence[pytest.Item]) -> None:
    """Read the options, connect, and deselect; `pytest.UsageError` before anything is done to anybody."""
    if config.option.collectonly:
        return
    if hasattr(config, "workerinput") or getattr(config.option, "numprocesses", None):
        raise pytest.UsageError(_ONE_PROCESS)
    settings = read_settings(config)
    with ExitStack() as undo:
        sides = _sides(config, settings, ours, undo)
        for run in sides.runs:
            undo.callback(run.close)
        _connect(sides)
        undo.pop_all()
    config.stash[SIDES] = sides
    _deselect(config, items, ours, sides)
    _tell(config, settings, sides)
    _end_cleanly_when_told(config)


def _sides(config: pytest.Config, settings: Settings, ours: Sequence[pytest.Item], undo: ExitStack) -> Sides:
    """Return the runs of the sides that are named, or of both where none is."""
    driver: Driver | None = None
    unreachable = stopped = ""
    try:
        driver = named_driver(settings, config)
    except Unreachable as gone:
        unreachable = str(gone)
    except DriverTrouble as trouble:
        stopped = str(trouble)
    if driver is not None:
        undo.callback(driver.close)
    sides = judged(
        emitter_named=settings.named or driver is not None,
        receiver_named=settings.receiving.named,
        wanted=settings.wanted,
    )
    driven, receiving = _selected(ours, Case), _selected(ours, ReceivingCase)
    emitter = _driven(settings, driven, driver) if sides.emitter and driven else None
    if emitter is not None:
        emitter.unreachable, emitter.stopped = unreachable, stopped
    receiver = _receiving(settings, receiving) if sides.receiver and receiving else None
    if emitter is None and receiver is None:
        raise pytest.UsageError("nothing is left to judge: what --requirement names is not judged on this side")
    return Sides(emitter, receiver)


def _driven(settings: Settings, selected: frozenset[str], driver: Driver | None) -> Session:
    everything = tuple(case for phase in phases() for case in phase.cases)
    wanted, replay = settings.wanted, settings.replay is not None
    names = {case.name for case in chosen(everything, wanted, fast=settings.fast, replay=replay)}
    return Session(settings=settings, cases=everything, chosen=frozenset(names & selected), driver=driver)


def _receiving(settings: Settings, selected: frozenset[str]) -> ReceivingSession:
    everything = receiving_cases()
    gentle = settings.receiving.gentle
    names = {case.name for case in receiving_chosen(everything, settings.wanted, fast=settings.fast, gentle=gentle)}
    return ReceivingSession(settings=settings, cases=everything, chosen=frozenset(names & selected))


def _selected(ours: Sequence[pytest.Item], kind: type[Case] | type[ReceivingCase]) -> frozenset[str]:
    """Return the names of the cases that the user has not deselected."""
    return frozenset(case.name for case in map(case_of, ours) if isinstance(case, kind))


def _connect(sides: Sides) -> None:
    """Reach both sides, and listen; `pytest.UsageError` where something must not or cannot be done."""
    emitter = sides.emitter
    if sides.receiver is not None:
        sides.receiver.connect()
    if emitter is None:
        return
    settings = emitter.settings
    try:
        if not emitter.unreachable and not emitter.stopped:
            emitter.driver = emitter.driver or bundled_driver(settings.broken)
            check_groups(settings, emitter.driver)
        emitter.capture = CaptureServer(settings.host, settings.port)
        emitter.capture.start()
    except CannotListen as error:
        emitter.capture = None
        raise pytest.UsageError(f"--listen: {error}") from error
    except Unreachable as gone:
        emitter.unreachable = str(gone)
    except DriverTrouble as trouble:
        emitter.stopped = str(trouble)


def _deselect(config: pytest.Config, items: list[pytest.Item], ours: Sequence[pytest.Item], sides: Sides) -> None:
    """Take away what is not played, and the side that is not judged."""

    def played(item: pytest.Item) -> bool:
        run = sides.receiver if "cgstate_receiving" in getattr(item, "fixturenames", ()) else sides.emitter
        case = case_of(item)
        return run is not None and (case is None or case.name in run.chosen)

    deselected = [item for item in ours if not played(item)]
    if deselected:
        config.hook.pytest_deselected(items=deselected)
        items[:] = [item for item in items if item not in deselected]


def _tell(config: pytest.Config, settings: Settings, sides: Sides) -> None:
    """Show progress: in pytest's own report, or where pytest shows none, in lines of our own."""
    terminal: pytest.TerminalReporter | None = config.pluginmanager.get_plugin("terminalreporter")
    out = io.StringIO() if terminal else (sys.stderr if settings.reports.json == "-" else sys.stdout)
    progress = Progress(out, live=False if terminal else None)
    config.stash[PROGRESS] = progress
    for run in sides.runs:
        run.phase, run.step = progress.phase, progress.step
        run.say = terminal.write_line if terminal else progress.say
        run.told_by_case = terminal is not None


def refuse_many_processes(config: pytest.Config) -> None:
    """Raise `pytest.UsageError` where the command line names the suite, by its package or a folder of a checkout."""
    suite = Path(__file__).parent
    installed = "site-packages" in suite.parts
    for argument in config.args:
        name = argument.partition("::")[0]
        path = (config.invocation_params.dir / name).resolve()
        if (
            name.partition("[")[0].split(".")[:2] == SUITE.split(".")
            or path.is_relative_to(suite)
            or (suite.is_relative_to(path) and not installed)
        ):
            raise pytest.UsageError(_ONE_PROCESS)


def _end_cleanly_when_told(config: pytest.Config) -> None:
    """Let SIGTERM end the run like Ctrl-C, where nobody else handles it: groups are unloaded, options put back."""

    def end(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, end)
        config.add_cleanup(lambda: _forget(signal.SIGTERM))


def _forget(number: signal.Signals) -> None:
    signal.signal(number, signal.SIG_DFL)


def opened(config: pytest.Config) -> Iterator[Session]:
    """Open the run for the first test that needs it; closing is left to `finish`, which judges before."""
    run = config.stash[SIDES].emitter
    assert run is not None, "tests of a side that is not judged are deselected"
    if not run.unreachable and not run.stopped:
        run.open()
    yield run


def opened_receiving(config: pytest.Config) -> Iterator[ReceivingSession]:
    """Send the first message for the first test that needs the receiver."""
    run = config.stash[SIDES].receiver
    assert run is not None, "tests of a side that is not judged are deselected"
    run.open()
    yield run


def note_error(item: pytest.Item, call: "pytest.CallInfo[Any]") -> None:
    """Take down what is the suite's own failure."""
    raised = call.excinfo
    if raised is None or isinstance(
        raised.value, (Findings, pytest.skip.Exception, KeyboardInterrupt, pytest.exit.Exception)
    ):
        return
    sides = item.config.stash[SIDES]
    run = sides.receiver if "cgstate_receiving" in getattr(item, "fixturenames", ()) else sides.emitter
    (run or sides.runs[0]).suite_error = f"{type(raised.value).__name__}: {raised.value}"


def finish(session: pytest.Session, exitstatus: int, *, others: bool) -> None:
    """Judge for the last time, put everything back, and give pytest the verdict's exit status."""
    config = session.config
    sides = config.stash[SIDES]
    for run in sides.runs:
        if exitstatus == pytest.ExitCode.INTERRUPTED:
            run.interrupted = "the run was interrupted"
            run.interrupt()
        elif exitstatus == pytest.ExitCode.INTERNAL_ERROR:
            run.suite_error = run.suite_error or "pytest failed"
    with ExitStack() as closing:
        for run in sides.runs:
            closing.callback(run.close)
        for run in sides.runs:
            run.finish()
    config.stash[PROGRESS].end()
    config.stash[VERDICT] = sides.verdict()
    if not config.pluginmanager.has_plugin("terminalreporter"):
        show(config)
    if exitstatus not in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = _status(config.stash[VERDICT], exitstatus, others=others)


def _status(verdict: Verdict, exitstatus: int, *, others: bool) -> int:
    """Combine with pytest's own status, where tests of the user's own ran too."""
    failed_elsewhere = others and exitstatus == pytest.ExitCode.TESTS_FAILED
    harmless = (ExitStatus.CONFORMS, ExitStatus.INCOMPLETE, ExitStatus.UNREACHABLE)
    return int(ExitStatus.DOES_NOT_CONFORM if failed_elsewhere and verdict.status in harmless else verdict.status)


def show(config: pytest.Config) -> None:
    """Hand the verdict to those who asked for it."""
    settings, verdict = config.stash[SIDES].runs[0].settings, config.stash[VERDICT]
    try:
        deliver(verdict, settings.reports, verbose=settings.verbose)
    except UnwritableReport as error:
        sys.stderr.write(f"cgstate: {error}\n")
        config.stash[VERDICT] = replace(verdict, status=ExitStatus.SUITE_FAILED, why=str(error))
