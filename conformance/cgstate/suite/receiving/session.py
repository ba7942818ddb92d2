"""A run against a receiver from its first message to its verdict."""

import secrets
import string
from collections.abc import Collection
from dataclasses import dataclass, field, replace

import pytest

from cgstate import clock
from cgstate.drivers.driver import DriverTrouble
from cgstate.drivers.process import Started
from cgstate.generate.traffic import Names, Scope
from cgstate.judge.receiver import disagreeing, judge_receiver
from cgstate.judge.ruling import Ruling
from cgstate.peer import read_peer
from cgstate.sending import Parcel, ReceiverEvidence, Sending, Stored
from cgstate.sources.fetching import FetchTrouble
from cgstate.sources.readback import BadReadBack, ReadBack, read_back
from cgstate.sources.sender import Sender
from cgstate.specification.registry import Role, registry
from cgstate.suite.receiving.bundled import start_bundled
from cgstate.suite.receiving.cases import Case
from cgstate.suite.receiving.post import Post
from cgstate.suite.receiving.reading_back import read_until_agreed
from cgstate.suite.run import Run
from cgstate.verdict.conclude import Judged, conclude
from cgstate.verdict.decide import Facts
from cgstate.verdict.failure import failures
from cgstate.verdict.sent import notes, teller
from cgstate.verdict.verdict import Failure, Verdict

ROLES = frozenset({Role.RECEIVER})

_LOGIN = frozenset({401, 403, 407})
_READBACK_LAYER = "readback"
_NAMED = frozenset(
    {"accepts.names", "accepts.undefined-tenant", "accepts.absent-attributes", "accepts.nul", "stored.nul"}
)
"""What the names and tenants of declared groups may not show."""


@dataclass(kw_only=True)
class ReceivingSession(Run):
    """One run against one receiver."""

    cases: tuple[Case, ...]
    """All there are; the first one is always sent."""
    chosen: frozenset[str]
    """Names of those to send."""
    name: str = "a receiver that was not reached"
    post: Post | None = None
    stored: Stored | None = None
    _uri: str = ""
    _source: ReadBack | None = None
    _process: Started | None = None
    _opened: bool = False
    _read_after: int = 0
    """How many messages had been sent when it was read back last."""
    _played: set[str] = field(default_factory=set)
    _parcels: dict[str, tuple[Parcel, ...]] = field(default_factory=dict)

    def connect(self) -> None:
        """Find the receiver and where it can be read back.

        Raises `pytest.UsageError` where nothing must be sent: other people's data are there already.
        """
        receiving = self.settings.receiving
        peer, readback, readback_peer = receiving.peer, receiving.readback, receiving.readback_peer
        if peer is None:
            self.name = "bundled receiver"
            if receiving.broken:
                self.name += f", broken on purpose ({receiving.broken})"
            try:
                self._process, uri, readback = start_bundled(receiving.broken)
            except DriverTrouble as trouble:
                if receiving.broken is not None:
                    raise pytest.UsageError(f"--broken-receiver {receiving.broken}: {trouble}") from trouble
                self.unreachable = str(trouble)
                return
            peer = read_peer("bundled receiver", uri)
            readback_peer = read_peer("bundled receiver", readback)
        else:
            self.name = peer.shown
        self._uri = peer.shown
        declared = self.settings.groups.known
        run_id = "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(6))
        scope = Scope(
            run_id,
            self.settings.seed,
            fast=self.settings.fast,
            names=Names(declared) if declared else None,
            now=clock.now(),
        )
        self.post = Post(Sender(peer, timeout=receiving.timeout), scope)
        if readback is not None and readback_peer is not None:
            try:
                self._source = read_back(readback, readback_peer, run_id=run_id, timeout=receiving.timeout)
            except BadReadBack as error:
                raise pytest.UsageError(f"--readback: {error}") from error
            if not receiving.allow_existing_data:
                self._refuse_existing_data(self._source)

    def _refuse_existing_data(self, source: ReadBack) -> None:
        try:
            others = source.existing()
        except FetchTrouble as trouble:
            # Whether somebody's data are there cannot be told, so nothing is sent.
            self.unreachable = f"--readback: {trouble}"
            return
        if others:
            raise pytest.UsageError(
                f"--readback: {others} documents there are not the suite's own: say --allow-existing-data if the "
                "suite may add its messages to them (`cgstate clean` takes them out again)"
            )

    def open(self) -> None:
        """Send the first message: whether anything answers, and lets us in, shows in it."""
        if self._opened or self.unreachable or self.post is None:
            return
        self._opened = True
        self.phase("receiver: first message")
        self.post.await_start(self.settings.receiving.wait_for)
        first = self.cases[0]
        sent = self.post.send(first.name, self._of(first)[:1])
        self.unreachable = self._why_unreachable(sent[0]) if sent else "nothing could be sent"
        self._parcels[first.name] = self._of(first)[1:]

    def _why_unreachable(self, first: Sending) -> str:
        """Say why the first message shows that there is nothing to judge; empty: there is."""
        if first.trouble is not None:
            return f"{self.name} does not answer: {first.detail or first.trouble.value}"
        peer = self.settings.receiving.peer
        if first.status in _LOGIN and peer is not None:
            return f"{self.name}: {peer.login_hint(first.status)}"
        return ""

    def _of(self, case: Case) -> tuple[Parcel, ...]:
        if case.name not in self._parcels and self.post is not None:
            self._parcels[case.name] = case.parcels(self.post.scope)
        return self._parcels[case.name]

    def play(self, upto: Case) -> None:
        """Send the parcels of a case, and before it those of all cases before it: whatever order the tests come in."""
        for case in self.cases:
            self._play(case)
            if case.name == upto.name:
                break

    def _play(self, case: Case) -> None:
        post = self.post
        if post is None or self.unreachable or post.over or case.name in self._played or case.name not in self.chosen:
            return
        self._played.add(case.name)
        self.phase(f"receiver: {case.name}")
        parcels = self._of(case)
        if case.hostile:
            post.send_watchfully(case.name, parcels)
        elif any(sending.trouble is not None for sending in post.send(case.name, parcels)) and not post.over:
            post.ask_whether_alive(case.name)
        if self.told_by_case:
            self.judge()

    def read_back(self) -> None:
        """Read back what is stored, until it agrees with what was sent or the time is over."""
        post, receiving = self.post, self.settings.receiving
        if self._source is None or post is None or self.unreachable or self._read_after == len(post.sendings):
            return
        if self.settings.wanted is not None and not any(self._reads_back(each) for each in self.settings.wanted):
            return
        self.phase("receiver: reading back")
        self._read_after = len(post.sendings)
        guids = sorted({sending.parcel.guid for sending in post.sendings if sending.parcel.guid})
        # What is broken on purpose stores at once, or never.
        within = 0.0 if receiving.broken is not None else receiving.readback_within
        self.stored = read_until_agreed(
            self._source, guids, lambda stored: disagreeing(replace(self.evidence(), stored=stored)), within
        )
        if self.told_by_case:
            self.judge()

    @staticmethod
    def _reads_back(requirement: str) -> bool:
        return registry().requirements[requirement].layer == _READBACK_LAYER

    def evidence(self) -> ReceiverEvidence:
        """Return all that is known so far."""
        receiving, post = self.settings.receiving, self.post
        return ReceiverEvidence(
            name=self.name,
            uri=self._uri,
            sendings=tuple(post.sendings) if post else (),
            cases=dict(post.cases) if post else {},
            stored=self.stored,
            answer_within=receiving.answer_within,
            timeout=receiving.timeout,
            died=post is not None and post.died,
        )

    def judge(self) -> None:
        """Judge everything so far."""
        if self.post is not None and not self.unreachable:
            self.rulings = judge_receiver(self.evidence())

    def finish(self) -> None:
        """Read back, where no test has, and judge for the last time."""
        if not self.interrupted:
            self.read_back()
        self.judge()

    def why_not(self, case: Case) -> str:
        """Return why a case was not sent; empty where it was."""
        if self.unreachable or case.name in self._played:
            return self.unreachable
        return "the receiver did not answer any more"

    def blocks(self, rulings: Collection[Ruling]) -> tuple[Failure, ...]:
        """Return the blocks that show these rulings."""
        evidence = self.evidence()
        return failures(rulings, evidence, teller(evidence))

    def shows(self, ruling: Ruling, case: str) -> bool:
        """Whether a fault shows in a message of that case."""
        return self.post is not None and any(self.post.cases.get(number) == case for number in ruling.exchanges[:1])

    def verdict(self) -> Verdict:
        """Conclude from what was judged last."""
        settings, evidence = self.settings, self.evidence()
        requirements = [r for r in registry().requirements.values() if r.role in ROLES]
        return conclude(
            registry(),
            evidence,
            self.rulings,
            Judged(
                subject=self.name,
                driver="messages of the suite's own",
                started=self.started,
                seconds=clock.now() - self.began,
                seed=settings.seed,
            ),
            Facts(
                interrupted=self.interrupted,
                suite_error=self.suite_error,
                unreachable=self.unreachable,
                strict=settings.strict,
                allow_incomplete=settings.allow_incomplete,
                must_exercise=settings.must_exercise & {r.id for r in requirements},
            ),
            roles=ROLES,
            tell=teller(evidence),
            left_out=self._left_out(),
            reasons=self._reasons(),
            notes=notes(evidence),
        )

    def _left_out(self) -> dict[str, str]:
        settings = self.settings
        told = {}
        for requirement in registry().requirements.values():
            candidates = [case for case in self.cases if requirement.id in case.requirements]
            if requirement.role in ROLES and candidates and not any(case.name in self.chosen for case in candidates):
                gentle = settings.receiving.gentle and all(case.harsh for case in candidates)
                fast = settings.fast and all(case.slow for case in candidates)
                why = "--gentle leaves it out" if gentle else "--fast leaves it out" if fast else ""
                told[requirement.id] = why or "its cases were deselected"
            if settings.groups.known and requirement.id in _NAMED - {ruling.requirement for ruling in self.rulings}:
                told[requirement.id] = "--groups declares no group that shows it"
            wanted = settings.wanted
            if requirement.role in ROLES and wanted is not None and requirement.id not in wanted:
                told[requirement.id] = "--requirement names others"
        return told

    def _reasons(self) -> dict[str, str]:
        """Return why a requirement can have no evidence in this run."""
        told = {}
        for requirement in registry().requirements.values():
            if requirement.role not in ROLES:
                continue
            if self.unreachable:
                told[requirement.id] = self.unreachable
            elif requirement.layer == _READBACK_LAYER and self._source is None:
                told[requirement.id] = "nothing says where to read back what is stored (--readback)"
            elif requirement.layer == _READBACK_LAYER and self.stored is not None and self.stored.trouble:
                told[requirement.id] = f"reading back failed: {self.stored.trouble}"
            elif self.post is not None and self.post.died:
                told[requirement.id] = "the receiver did not answer any more"
        return told

    def interrupt(self) -> None:
        """Send nothing more."""
        if self.post is not None:
            self.post.interrupt()

    def close(self) -> None:
        """Close the connections; end the bundled receiver."""
        if self.post is not None:
            self.post.close()
        if self._source is not None:
            self._source.close()
        if self._process is not None:
            self._process.end()


def chosen(cases: tuple[Case, ...], wanted: Collection[str] | None, *, fast: bool, gentle: bool) -> list[Case]:
    """Return the cases that exercise one of the wanted requirements (None: all), and the first one in any case."""
    return [
        case
        for number, case in enumerate(cases)
        if number == 0
        or (
            not (fast and case.slow)
            and not (gentle and case.harsh)
            and (wanted is None or bool(case.requirements & set(wanted)))
        )
    ]
