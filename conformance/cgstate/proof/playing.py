"""Plays the suite against one implementation: the same cases and judge as in ``cgstate run``.

In brief it is every phase and every kind of message, without the hundreds of enumerated and generated lives. The long
waits and floods are for right ones, and for those whose fault shows nowhere else.
"""

import os
import time
from collections.abc import Callable, Collection
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from importlib import import_module

import pytest

from cgstate.drivers.bundled import Bundled
from cgstate.drivers.driver import DriverTrouble
from cgstate.drivers.groups_file import DeclaredGroups
from cgstate.drivers.process import hand_over
from cgstate.evidence import Bounds, Reply
from cgstate.faces.deliver import Reports
from cgstate.proof.forked import Forked
from cgstate.proof.machine import on
from cgstate.proof.seen import Seen, accused, not_exercised
from cgstate.proof.subjects import Subject
from cgstate.sources.capture import CaptureServer
from cgstate.specification.registry import Role
from cgstate.suite.cases import generated
from cgstate.suite.choice import chosen
from cgstate.suite.phases import Phase, phases
from cgstate.suite.receiving.cases import cases as receiving_cases
from cgstate.suite.receiving.session import ROLES as RECEIVING_ROLES
from cgstate.suite.receiving.session import ReceivingSession
from cgstate.suite.receiving.session import chosen as receiving_chosen
from cgstate.suite.receiving.settings import Receiving
from cgstate.suite.run import Run
from cgstate.suite.session import ROLES as DRIVEN_ROLES
from cgstate.suite.session import Session
from cgstate.suite.settings import Settings

DEADLINE = 3.0
"""Seconds until an event of what is broken is missing: what comes at all comes within a few hundredths."""
READBACK_WITHIN = 10.0
"""Seconds in which what right ones have stored, however late, has to show."""
TIMEOUT = 10.0
"""Seconds until an answer is missing: 10 MB, looked at character by character, take a while."""

_WHAT_RUNS_IMPORT_LATE = (
    "hypothesis.stateful",
    "cgstate.generate.strategies",
    "cgstate.generate.exhaustive",
    "cgstate.suite.walk",
    "cgstate_reference.control",
    "cgstate_reference.taking",
    "cgstate_reference.variants.emitters",
    "cgstate_reference.variants.receivers",
    "cgstate.peer_session",
    "encodings.idna",
)


@cache
def warm_up() -> tuple[Phase, ...]:
    """Import and build, before anything is forked, what every run needs; return the phases."""
    for module in _WHAT_RUNS_IMPORT_LATE:
        import_module(module)
    generated.keep_out_of_sight()
    receiving_cases()
    return phases()


def play(subject: Subject, seed: int, *, whole: bool = False, ready: Callable[[], object]) -> Seen:
    """Play against the subject and return what it shows; needs a process without threads, and leaves some.

    `ready` is called when everything is forked that is to be forked.
    """
    began = time.perf_counter()
    process = Forked(subject.program, subject.arguments(seed))
    hand_over(subject.program, subject.deviation, process)
    one = _emitter if subject.program == "emitter" else _receiver
    with ExitStack() as closing:
        closing.callback(process.end)
        closing.enter_context(on(subject.machine))
        ready()
        seen = one(subject, seed, process, closing, whole=whole)
    if process.stumbled:
        seen = replace(seen, stumbled=True, trouble=f"it stumbled: {process.stumbled}")
    return replace(seen, seed=seed, seconds=time.perf_counter() - began, processor=_processor_seconds())


def _emitter(subject: Subject, seed: int, process: Forked, closing: ExitStack, *, whole: bool) -> Seen:
    everything = tuple(case for phase in warm_up() for case in phase.cases)
    brief = [case for case in everything if not case.slow and not case.thorough]
    wanted = chosen(everything if whole else brief, None, fast=subject.broken)
    # What does not show is waited for, and what few lives show is looked for in more and more of them, the enumerated
    # before the generated.
    slow = [case for case in everything if case.slow and subject.primary in case.requirements]
    more = [slow, *([case for case in phase.cases if case.thorough] for phase in warm_up())]
    steps = [wanted] if whole else [wanted, *filter(None, more)]
    try:
        driver = Bundled(subject.deviation)
    except DriverTrouble as trouble:
        return Seen(trouble=str(trouble), whole=whole)
    closing.callback(driver.close)
    session = Session(
        settings=_settings(subject, seed, fast=False),
        cases=everything,
        chosen=frozenset(),
        driver=driver,
        capture=closing.enter_context(CaptureServer()),
        told_by_case=False,
    )
    closing.callback(session.close)
    session.open()
    for cases in steps:
        session.chosen |= {case.name for case in cases}
        for phase in warm_up():
            session.play(phase)
        session.finish()
        if not subject.broken or process.stumbled or subject.primary in accused(session.rulings):
            break
    acts = session.stage.ledger.acts if session.stage else ()
    failed = next((f"its control API failed: {act.detail}" for act in acts if act.reply is Reply.TROUBLE), "")
    return _seen(session, DRIVEN_ROLES, session.unreachable or failed, whole=cases is steps[-1])


def _receiver(subject: Subject, seed: int, _: Forked, closing: ExitStack, *, whole: bool) -> Seen:
    everything = receiving_cases()
    wanted = receiving_chosen(everything, None, fast=subject.broken or not whole, gentle=False)
    if not any(subject.primary in case.requirements for case in wanted):
        wanted += [case for case in everything if case.slow and subject.primary in case.requirements]
    session = ReceivingSession(
        settings=_settings(subject, seed, fast=not whole),
        cases=everything,
        chosen=frozenset(case.name for case in wanted),
        told_by_case=False,
    )
    closing.callback(session.close)
    try:
        session.connect()
    except pytest.UsageError as trouble:
        return Seen(trouble=str(trouble), whole=whole)
    session.open()
    session.play(everything[-1])
    session.finish()
    return _seen(session, RECEIVING_ROLES, session.unreachable, whole=whole)


def _seen(run: Run, roles: Collection[Role], trouble: str, *, whole: bool) -> Seen:
    # The verdict itself would leave out what no case was played for: in brief that is half of the requirements.
    return Seen(accused(run.rulings), not_exercised(run.rulings, roles), trouble, whole=whole)


def _settings(subject: Subject, seed: int, *, fast: bool) -> Settings:
    """Return the options of ``cgstate run`` with shorter deadlines."""
    return Settings(
        emitter=None,
        driver=None,
        broken=subject.deviation,
        host="127.0.0.1",
        port=0,
        advertise=None,
        groups=DeclaredGroups(),
        allow_dialing=False,
        requirement=(),
        fast=fast,
        strict=False,
        allow_incomplete=False,
        must_exercise=frozenset(),
        bounds=Bounds(deadline=DEADLINE) if subject.broken else Bounds(),
        seed=seed,
        named=True,
        replay=None,
        reports=Reports(),
        verbose=False,
        emitter_peer=None,
        receiving=Receiving(
            peer=None,
            broken=subject.deviation,
            readback=None,
            readback_peer=None,
            readback_within=READBACK_WITHIN if subject.variant else 0.0,
            gentle=False,
            answer_within=1.0,
            timeout=TIMEOUT,
            wait_for=0.0,
            allow_existing_data=False,
        ),
    )


def _processor_seconds() -> float:
    """Return what this process and those it has waited for have used."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system
