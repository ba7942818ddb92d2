"""The whole way from rulings to a `Verdict`, for whoever has evidence and rulings on it; pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from cgstate.evidence import Evidence, Traits
from cgstate.judge.ruling import Ruling
from cgstate.sending import ReceiverEvidence, Stored
from cgstate.specification.registry import Requirement, Role
from cgstate.verdict.decide import Facts, Rules, decide, exit_status, remarks, why
from cgstate.verdict.failure import tally
from cgstate.verdict.tally import Tally, Teller, no_scene
from cgstate.verdict.verdict import Failure, Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """What was judged, and how: the header of the verdict."""

    subject: str
    driver: str = "none"
    started: float = 0.0
    """Unix seconds."""
    seconds: float = 0.0
    seed: int | None = None


def conclude(
    registry: Rules,
    evidence: Evidence | ReceiverEvidence,
    rulings: Iterable[Ruling] | Tally,
    judged: Judged,
    facts: Facts,
    *,
    roles: Collection[Role],
    tell: Teller = no_scene,
    failures: Iterable[Failure] = (),
    left_out: Mapping[str, str] | None = None,
    not_applicable: Mapping[str, str] | None = None,
    reasons: Mapping[str, str] | None = None,
    coverage: Mapping[str, Mapping[str, Mapping[str, int]]] | None = None,
    notes: Iterable[str] = (),
) -> Verdict:
    """Return the verdict on these rulings, with `failures` that were found otherwise (cases that were shrunk).

    `tell` says of each fault where it was seen; see `cgstate.verdict.decide.decide` for the mappings. What the source
    cannot show (`unseen`, `unread`) has its reason already; `reasons` go before that. Rulings that were counted one by
    one need no exchanges in the evidence.
    """
    counted = rulings if isinstance(rulings, Tally) else tally(rulings, evidence)
    requirements = registry.requirements.values()
    if isinstance(evidence, ReceiverEvidence):
        told = unread(requirements, evidence.stored)
    else:
        told = unseen(requirements, evidence.traits, driven=bool(evidence.acts or evidence.settings))
    told |= dict(reasons or {})
    results = decide(
        registry,
        counted,
        roles=roles,
        failures=(*failures, *counted.failures(tell)),
        left_out=left_out,
        not_applicable=not_applicable,
        reasons=told,
    )
    return Verdict(
        subject=judged.subject,
        driver=judged.driver,
        status=exit_status(results, facts),
        results=results,
        why=why(results, facts),
        seed=judged.seed,
        seconds=judged.seconds,
        started=judged.started,
        coverage=coverage or {},
        notes=(*notes, *remarks(results)),
        strict=facts.strict,
    )


def unseen(requirements: Iterable[Requirement], traits: Traits, *, driven: bool) -> dict[str, str]:
    """Return id to reason for what this source cannot show, whatever the implementation does.

    `driven` says whether the suite asked the emitter for anything.
    """
    told = {}
    for requirement in requirements:
        reason = _blind(requirement.layer, traits)
        if not reason and not driven and requirement.role is Role.EMITTER and requirement.layer == "trace":
            reason = "nobody asked the emitter for anything: this takes a driven run (cgstate run)"
        if reason:
            told[requirement.id] = reason
    return told


def unread(requirements: Iterable[Requirement], stored: Stored | None) -> dict[str, str]:
    """Return id to reason for what only reading back can show, where that was not done or failed."""
    if stored is None:
        reason = "nothing was read back: --readback says where"
    elif stored.trouble:
        reason = f"reading back failed: {stored.trouble}"
    else:
        return {}
    return {requirement.id: reason for requirement in requirements if requirement.layer == "readback"}


def _blind(layer: str, traits: Traits) -> str:
    if layer == "http" and not traits.has_request:
        return f"{traits.name} does not show request lines and headers"
    if layer == "bytes" and not traits.has_bytes:
        return f"{traits.name} does not show the bytes that were sent"
    return ""
