"""``cgstate check --trace``: judge one trace, with all that it tells of what was asked of the emitter."""

import shlex
import time
from typing import TYPE_CHECKING, Final

from cgstate import clock
from cgstate.command.check import STDIN, name_of, opened
from cgstate.command.errors import Stopped
from cgstate.command.options import Judging
from cgstate.faces.deliver import deliver
from cgstate.judge.judge import judge
from cgstate.sources.corpus import read_trace
from cgstate.sources.recordings import UnreadableRecording
from cgstate.specification.registry import Role, registry
from cgstate.verdict.conclude import Judged, conclude
from cgstate.verdict.tally import Scene
from cgstate.verdict.verdict import ExitStatus

if TYPE_CHECKING:
    from cgstate.evidence import Act, Exchange

ROLES: Final = frozenset({Role.MESSAGE, Role.TRACE, Role.EMITTER})


def check_trace(path: str, judging: Judging) -> ExitStatus:
    """Judge the trace, tell the verdict and return the exit status."""
    chosen = judging.chosen(registry(), ROLES)
    began, started = clock.now(), time.time()
    try:
        with opened(path) as file:
            evidence = read_trace(file, name_of(path)).evidence
    except UnreadableRecording as error:
        raise Stopped(str(error)) from error
    name, count = evidence.traits.name, len(evidence.exchanges)
    # A name that begins with a hyphen is no option; what came by standard input is gone.
    file_again = f"{'-- ' if path.startswith('-') else ''}{shlex.quote(path)}"
    again = () if path == STDIN else (f"cgstate check --trace {file_again}",)

    def tell(exchange: "Exchange | None", act: "Act | None") -> Scene:
        if exchange is not None:
            return Scene(f"{name} message {exchange.number}", again)
        return Scene(f"{name} request {act.number}" if act is not None else name, again)

    verdict = conclude(
        registry(),
        evidence,
        judge(evidence),
        Judged(f"{'1 message' if count == 1 else f'{count} messages'} in {name}", "none", started, clock.now() - began),
        judging.facts(chosen),
        roles=ROLES,
        tell=tell,
        left_out=chosen.left_out,
    )
    deliver(verdict, judging.reports, verbose=judging.verbose)
    return verdict.status
