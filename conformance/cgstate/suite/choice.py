"""Which cases are played, and what that means for requirements that are then not judged; pure."""

from collections.abc import Collection, Iterable, Mapping

from cgstate.evidence import Emitter
from cgstate.specification.codes import MODE_CHANGES, PREDICTIVE
from cgstate.specification.registry import Requirement
from cgstate.suite.case import Case
from cgstate.suite.cases.generated import REPLAYED

HOOKS = {
    "options": "the emitter has no hook to set its options (options)",
    "groups": "the emitter has no hook to make groups (groups)",
    "automatic": "the emitter has no hook to act by itself (automatic)",
    "drain": "the emitter has no hook to drain calls (drain)",
    "actors": "the emitter does not declare its actors",
}


def playable(case: Case, emitter: Emitter) -> bool:
    """Whether the emitter has what the case needs."""
    return case.needs <= emitter.capabilities


def chosen(cases: Iterable[Case], wanted: Collection[str] | None, *, fast: bool, replay: bool = False) -> list[Case]:
    """Return the cases that exercise one of the wanted requirements (None: all), without the slow ones if `fast`.

    With `replay` it is the recorded case alone, and else all but that.
    """
    return [
        case
        for case in cases
        if (case.name == REPLAYED) is replay
        and (wanted is None or case.requirements & set(wanted))
        and not (fast and case.slow)
    ]


def left_out(
    requirements: Iterable[Requirement], cases: Collection[Case], played: Collection[str], emitter: Emitter, why: str
) -> dict[str, str]:
    """Return the requirements all of whose playable cases were deselected, with the reason."""
    told = {}
    for requirement in requirements:
        candidates = [c for c in cases if requirement.id in c.requirements and playable(c, emitter)]
        if candidates and not any(c.name in played for c in candidates):
            told[requirement.id] = why
    return told


def not_applicable(emitter: Emitter, *, automatic: bool) -> dict[str, str]:
    """Return what the emitter declares away, with the reason."""
    told = {}
    if not automatic:
        told["automatic.reported"] = "declared: the emitter never acts by itself"
    modes = emitter.dial_modes
    if modes is not None:
        listed = ", ".join(str(mode) for mode in sorted(modes))
        if not any({before, after} <= modes for before, after in MODE_CHANGES):
            told["event.set-dialing-mode.reported"] = (
                f"declared: dial modes {listed}, none of which a running group changes into another"
            )
            told["state.after-set-dialing-mode"] = told["event.set-dialing-mode.reported"]
        if not modes & PREDICTIVE:
            for slug in ("optimize-by", "optimize-goal"):
                for rule in ("integer", "as-requested", "present-when-predictive"):
                    told[f"{slug}.{rule}"] = f"declared: dial modes {listed}, none of them predictive"
            for rule in ("optimize-by.known-code", "optimize-by.distribution-time-mode", "optimize-goal.percentage"):
                told[rule] = told["optimize-by.integer"]
            told["optimize-goal.seconds"] = told["optimize-by.integer"]
    return told


def reasons(
    requirements: Iterable[Requirement], cases: Collection[Case], emitter: Emitter, ended: Mapping[str, str]
) -> dict[str, str]:
    """Return why a requirement can have no evidence in this run."""
    told = {}
    has = emitter.capabilities | ({"actors"} if emitter.actors is not None else set())
    for requirement in requirements:
        lacking = [hook for hook in requirement.needs if hook not in has]
        candidates = [case for case in cases if requirement.id in case.requirements]
        if not lacking and candidates and not any(playable(case, emitter) for case in candidates):
            lacking = sorted(candidates[0].needs - has)
        if lacking:
            told[requirement.id] = "; ".join(HOOKS[hook] for hook in lacking)
            continue
        why = [ended[case.name] for case in candidates if case.name in ended]
        if why:
            told[requirement.id] = f"its case could not go on: {why[0]}"
    return told
