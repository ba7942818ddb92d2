"""Plays the suite against many implementations at once, each in a fork of this process.

A fork has all imported already, and nothing that goes wrong in it touches the others. Most of a run is
waiting, so there are more of them at once than processors; what an implementation is accused of without having
declared it is tried once more with nothing else going on before it is believed.
"""

import gc
import multiprocessing
import os
import signal
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess

from cgstate import clock
from cgstate.proof import playing
from cgstate.proof.matrix import SOUND, judged
from cgstate.proof.seen import Seen
from cgstate.proof.subjects import Machine, Subject
from cgstate.specification.registry import registry

PATIENCE = 300.0
"""Seconds after which a run is given up."""
PATIENCE_WITH_SLOW = 900.0
"""The same for those who may be slow, and on a busy machine."""
MOST_AGAIN = 20
"""So many are tried again at most: where more are not as they should be, it is not the machine that is to blame."""
_ENDINGS = (signal.SIGINT, signal.SIGTERM)
_FREE = 200_000
"""Values between two looks for garbage: a run makes tens of thousands that it keeps to its end."""


@dataclass(frozen=True, slots=True)
class Job:
    """One run to play."""

    subject: Subject
    seed: int
    whole: bool = False


Told = Callable[[Subject, Seen], object]


@dataclass(eq=False, slots=True)
class _Playing:
    job: Job
    process: ForkProcess
    result: Connection
    until: float


@dataclass
class Trial:
    """Plays what is asked for; no thread may run in this process meanwhile."""

    jobs: int
    """Runs at once."""
    brief: bool = False
    """Whether the right ones are played in brief, too."""
    told: Told = lambda *_: None
    """Called with each run as it ends."""
    phase: Callable[[str], object] = lambda _: None
    """Called with what begins."""
    runs: dict[tuple[Subject, int], list[Seen]] = field(default_factory=lambda: defaultdict(list))
    """By subject and seed, in the order in which they ended."""
    _queue: deque[Job] = field(default_factory=deque)
    _playing: list[_Playing] = field(default_factory=list)
    _lifeline: tuple[int, int] = (-1, -1)

    def play(self, subjects: Iterable[Subject], seeds: Sequence[int]) -> None:
        """Play against each subject with each seed: the broken in brief, and as a whole what shows only there.

        Whatever ends it, all processes end with it.
        """
        with self._forking():
            # What takes longest comes first.
            everyone = sorted(subjects, key=lambda subject: subject.broken)
            jobs = [Job(each, seed, whole=not (each.broken or self.brief)) for each in everyone for seed in seeds]
            self._play([job for job in jobs if job.subject.machine is Machine.SOUND], self.jobs)
            self._play([job for job in jobs if job.subject.machine is not Machine.SOUND], 1)
            # What is held against them in a crowd may be the crowd's doing.
            doubtful = [key for key, runs in self.runs.items() if _doubtful(key[0], runs[-1])]
            for subject, seed in doubtful if len(doubtful) <= MOST_AGAIN else ():
                self.phase(f"{subject.name}, once more and alone")
                self._play([Job(subject, seed, whole=self.runs[subject, seed][-1].whole)], 1)

    def _play(self, jobs: Iterable[Job], at_once: int) -> None:
        self._queue.extend(jobs)
        while self._queue or self._playing:
            while self._queue and len(self._playing) < at_once:
                self._start(self._queue.popleft())
            ready = wait([each.result for each in self._playing], timeout=1.0)
            for each in [e for e in self._playing if e.result in ready or clock.now() > e.until]:
                seen = replace(self._end(each), alone=at_once == 1)
                self.runs[each.job.subject, each.job.seed].append(seen)
                self.told(each.job.subject, seen)
                if _to_be_played_as_a_whole(each.job, seen):
                    self._queue.appendleft(replace(each.job, whole=True))

    def _start(self, job: Job) -> None:
        ours, theirs = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.get_context("fork").Process(target=self._work, args=(job, ours, theirs))
        # Ctrl-C in between would find a fork that nobody knows of yet, or that takes it for its own.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
        try:
            process.start()
            theirs.close()
            patience = PATIENCE_WITH_SLOW if job.subject.variant else PATIENCE
            self._playing.append(_Playing(job, process, ours, clock.now() + patience))
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _work(self, job: Job, ours: Connection, theirs: Connection) -> None:
        """Play one job: the fork's whole life."""
        # A group of its own, so that it can be ended together with what it has started. Ctrl-C is its parent's.
        os.setpgid(0, 0)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDINGS)
        ours.close()
        os.close(self._lifeline[1])
        try:
            seen = playing.play(job.subject, job.seed, whole=job.whole, ready=self._die_with_parent)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is one row of the matrix
            seen = Seen(trouble=f"the suite failed: {type(error).__name__}: {error}", seed=job.seed, whole=job.whole)
        with suppress(BrokenPipeError):  # nobody wants to know any more
            theirs.send(seen)

    def _die_with_parent(self) -> None:
        """End this fork, and what it has started, when the process that forked it is gone."""

        def watch() -> None:
            os.read(self._lifeline[0], 1)
            os.killpg(0, signal.SIGKILL)

        threading.Thread(target=watch, daemon=True).start()

    def _end(self, each: _Playing) -> Seen:
        """Take what a fork has to say and see that nothing is left of it."""
        seen = Seen(trouble="the run was given up: it took too long", seed=each.job.seed, whole=each.job.whole)
        try:
            if each.result.poll():
                seen = each.result.recv()
        except EOFError:
            each.process.join()
            seen = replace(seen, trouble=f"the run's process has ended with status {each.process.exitcode}")
        self._kill(each)
        return seen

    def _kill(self, each: _Playing) -> None:
        self._playing.remove(each)
        assert each.process.pid is not None, "it was started"
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(each.process.pid, signal.SIGKILL)
        each.process.kill()
        each.process.join()
        each.process.close()
        each.result.close()

    @contextmanager
    def _forking(self) -> Iterator[None]:
        playing.warm_up()
        self._lifeline = os.pipe()
        threshold = gc.get_threshold()
        # What is here already is looked at by no fork's collector: it stays shared, and costs no time.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_FREE)
        try:
            yield
        finally:
            for each in list(self._playing):
                self._kill(each)
            gc.unfreeze()
            gc.set_threshold(*threshold)
            for end in self._lifeline:
                os.close(end)


def _doubtful(subject: Subject, seen: Seen) -> bool:
    """Whether a run shows what may be the crowd's doing: not so where nothing showed twice, or it stumbled.

    Nor with those that are right, however unlucky the machine is: there is nothing that a crowd may do to them.
    """
    missed = seen.whole and subject.primary not in seen.accused and not seen.trouble
    sound = judged(subject, seen, registry().requirements)[0] in SOUND
    return subject.broken and not (sound or missed or seen.stumbled)


def _to_be_played_as_a_whole(job: Job, seen: Seen) -> bool:
    return job.subject.broken and not seen.whole and not seen.trouble and job.subject.primary not in seen.accused
