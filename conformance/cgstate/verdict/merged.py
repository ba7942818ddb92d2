"""Two verdicts as one: a run that judges an emitter and a receiver has one last line and one exit status."""

from collections.abc import Iterable

from cgstate.verdict.verdict import PRECEDENCE, Verdict


def merged(first: Verdict, second: Verdict) -> Verdict:
    """Return the verdict on both; each requirement is in one of them only. What they say is told one after another."""
    status = min(first.status, second.status, key=PRECEDENCE.index)
    return Verdict(
        subject=_joined([first.subject, second.subject]),
        driver=_joined(each for each in (first.driver, second.driver) if each != "none") or "none",
        status=status,
        results=tuple(sorted((*first.results, *second.results), key=lambda result: result.requirement.id)),
        why=_why(first, second),
        seed=first.seed if first.seed is not None else second.seed,
        seconds=first.seconds + second.seconds,
        started=min((each.started for each in (first, second) if each.started), default=0.0),
        coverage={**first.coverage, **second.coverage},
        notes=tuple(dict.fromkeys((*first.notes, *second.notes))),
        strict=first.strict or second.strict,
    )


def _why(first: Verdict, second: Verdict) -> str:
    """Return why, of both: what is said of one alone names it."""
    if first.why == second.why:
        return first.why
    return _joined(f"{each.subject}: {each.why}" for each in (first, second) if each.why)


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))
