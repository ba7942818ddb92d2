"""A recording that is judged as it streams by is judged as a whole one is."""

from collections import Counter

import pytest

from cgstate.evidence import Evidence, Exchange, Traits
from cgstate.judge.judge import judge
from cgstate.judge.ruling import Ruling
from cgstate.judge.stream import judge_stream
from cgstate.sources.corpus import KINDS, body_of, cases, trace_from

TRAITS = Traits("recording", has_bytes=True, has_arrival=True, has_request=True)
TRACES = {
    f"{kind}/{name}": trace_from(document, name)
    for kind in KINDS
    if kind.startswith("traces/")
    for name, document in cases(kind).items()
}


def assert_both_agree(exchanges: tuple[Exchange, ...], traits: Traits = TRAITS) -> Counter[Ruling]:
    taken: list[tuple[Ruling, Exchange]] = []
    assert judge_stream(iter(exchanges), traits, lambda ruling, at: taken.append((ruling, at))) == len(exchanges)
    whole = Counter(judge(Evidence(traits, exchanges=exchanges)))
    assert Counter(ruling for ruling, _ in taken) == whole
    assert all(at in exchanges and at.number in ruling.exchanges for ruling, at in taken)
    return whole


@pytest.mark.parametrize("name", TRACES)
def test_traces_are_judged_alike(name: str) -> None:
    evidence = TRACES[name].evidence
    assert assert_both_agree(evidence.exchanges, evidence.traits)


def test_all_messages_of_the_corpus_are_judged_alike() -> None:
    bodies = [body_of(c) for kind in KINDS if kind.startswith("messages/") for c in cases(kind).values()]
    rulings = assert_both_agree(tuple(Exchange(n, body, method="POST") for n, body in enumerate(bodies, 1)))
    assert any(ruling.fault for ruling in rulings)


def test_nothing_is_no_message() -> None:
    assert assert_both_agree(()) == Counter()
