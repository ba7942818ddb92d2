"""Between pytest and the run: which tests are played, what a test's outcome is, what pytest's exit status becomes."""

import io
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cgstate.drivers.driver import DriverTrouble, Unreachable
from cgstate.faces.deliver import UnwritableReport, deliver
from cgstate.faces.progress import Progress
from cgstate.plugin import SESSION, SUITE, VERDICT
from cgstate.sources.capture import CannotListen, CaptureServer
from cgstate.suite.case import Case
from cgstate.suite.choice import chosen
from cgstate.suite.phases import phases
from cgstate.suite.session import Session
from cgstate.suite.settings import check_groups, make_driver, read_settings
from cgstate.verdict.verdict import ExitStatus, Verdict

CAPTURE: pytest.StashKey[CaptureServer] = pytest.StashKey()


_ONE_PROCESS = "cgstate.suite cannot be spread over processes: the emitter's options are one. Leave out -n"


class Findings(Exception):  # noqa: N818 - what a test of the suite fails with
    """What the emitter did wrong, as the blocks of the report."""


def case_of(item: pytest.Item) -> Case | None:
    """Return the case a test plays, or None for one that plays none."""
    callspec = getattr(item, "callspec", None)
    case = callspec.params.get("case") if callspec else None
    return case if isinstance(case, Case) else None


def prepare(config: pytest.Config, items: list[pytest.Item], ours: Sequence[pytest.Item]) -> None:
    """Read the options, connect, and deselect; `pytest.UsageError` before anything is done to the emitter."""
    if config.option.collectonly:
        return
    if hasattr(config, "workerinput") or getattr(config.option, "numprocesses", None):
        raise pytest.UsageError(_ONE_PROCESS)
    settings = read_settings(config)
    everything = tuple(case for phase in phases() for case in phase.cases)
    names = {
        case.name
        for case in chosen(everything, settings.wanted, fast=settings.fast, replay=settings.replay is not None)
    }
    selected = {case.name for case in map(case_of, ours) if case is not None}
    deselected = [item for item in ours if (case := case_of(item)) is not None and case.name not in names]
    if deselected:
        config.hook.pytest_deselected(items=deselected)
        items[:] = [item for item in items if item not in deselected]
    session = Session(settings, everything, frozenset(names & selected))
    progress = _progress(config, session)
    session.phase, session.step, session.end = progress.phase, progress.step, progress.end
    terminal: pytest.TerminalReporter | None = config.pluginmanager.get_plugin("terminalreporter")
    session.say = terminal.write_line if terminal else progress.say
    session.told_by_case = terminal is not None
    try:
        session.driver = make_driver(settings, config)
        check_groups(settings, session.driver)
        capture = CaptureServer(settings.host, settings.port)
        capture.start()
        config.stash[CAPTURE] = capture
    except CannotListen as error:
        session.close()
        raise pytest.UsageError(f"--listen: {error}") from error
    except Unreachable as gone:
        session.unreachable = str(gone)
    except DriverTrouble as trouble:
        session.stopped = str(trouble)
    except pytest.UsageError:
        session.close()
        raise
    config.stash[SESSION] = session
    _end_cleanly_when_told(config)


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


def _progress(config: pytest.Config, session: Session) -> Progress:
    """Show progress only where pytest shows none."""
    quiet = config.pluginmanager.has_plugin("terminalreporter")
    out = io.StringIO() if quiet else (sys.stderr if session.settings.reports.json == "-" else sys.stdout)
    return Progress(out, live=False if quiet else None)


def opened(config: pytest.Config) -> Iterator[Session]:
    """Open the run for the first test that needs it; closing is left to `finish`, which judges before."""
    session = config.stash[SESSION]
    if session.driver is not None and not session.unreachable and session.stage is None:
        session.open(session.driver, config.stash[CAPTURE])
    yield session


def note_error(config: pytest.Config, call: "pytest.CallInfo[Any]") -> None:
    """Take down what is the suite's own failure."""
    raised = call.excinfo
    if raised is None or isinstance(
        raised.value, (Findings, pytest.skip.Exception, KeyboardInterrupt, pytest.exit.Exception)
    ):
        return
    config.stash[SESSION].suite_error = f"{type(raised.value).__name__}: {raised.value}"


def finish(session: pytest.Session, exitstatus: int, *, others: bool) -> None:
    """Judge for the last time, put everything back, and give pytest the verdict's exit status."""
    config, run = session.config, session.config.stash[SESSION]
    if exitstatus == pytest.ExitCode.INTERRUPTED:
        run.interrupted = "the run was interrupted"
        if run.stage is not None:
            run.stage.interrupt()
    elif exitstatus == pytest.ExitCode.INTERNAL_ERROR:
        run.suite_error = run.suite_error or "pytest failed"
    try:
        run.judge()
    finally:
        run.close()
        if CAPTURE in config.stash:
            config.stash[CAPTURE].stop()
    run.end()
    verdict = run.verdict()
    config.stash[VERDICT] = verdict
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
    settings, verdict = config.stash[SESSION].settings, config.stash[VERDICT]
    try:
        deliver(verdict, settings.reports, verbose=settings.verbose)
    except UnwritableReport as error:
        sys.stderr.write(f"cgstate: {error}\n")
        config.stash[VERDICT] = replace(verdict, status=ExitStatus.SUITE_FAILED, why=str(error))
