"""What the judge says of each trace and of each story, word for word: reports are read by people.

`words_*.txt` hold it; `retelling.py` says how to read them. They are written anew, to be read before they are kept, by
`python conformance/selftest/judge_trace/test_judge_trace_words.py`
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cgstate.judge.judge import judge, read_all
from cgstate.sources.corpus import cases, trace_from

if TYPE_CHECKING:
    from cgstate.judge.ruling import Ruling
    from selftest.judge_trace.retelling import broken, keep, kept, met
    from selftest.judge_trace.right_run import whole_run
    from selftest.judge_trace.test_judge_trace_broken import BROKEN, OWN
    from selftest.judge_trace.test_judge_trace_right import STORIES as IN_GENERAL
    from selftest.judge_trace.test_judge_trace_right_requests import STORIES as OVER_REQUESTS
    from selftest.judge_trace.test_judge_trace_right_trouble import STORIES as IN_TROUBLE
    from selftest.judge_trace.test_judge_trace_unlucky import STORIES as UNLUCKY
else:
    from retelling import broken, keep, kept, met
    from right_run import whole_run
    from test_judge_trace_broken import BROKEN, OWN
    from test_judge_trace_right import STORIES as IN_GENERAL
    from test_judge_trace_right_requests import STORIES as OVER_REQUESTS
    from test_judge_trace_right_trouble import STORIES as IN_TROUBLE
    from test_judge_trace_unlucky import STORIES as UNLUCKY

HERE = Path(__file__).parent
VIOLATING, CONFORMING, WRONG, RIGHT = (HERE / f"words_{of}.txt" for of in ("violating", "conforming", "wrong", "right"))
TRACES = {
    f"{kind}/{name}": trace_from(case, name).evidence
    for kind in ("conforming", "violating")
    for name, case in cases(f"traces/{kind}").items()
}
MESSAGES = {name: read_all(evidence.exchanges, evidence.traits) for name, evidence in TRACES.items()}
CHANGES = {f"{requirement}: {title}": change for requirement, title, change in BROKEN}
OWN_STORIES = {f"{requirement}, {title}": tale for requirement, title, tale in OWN}
RIGHT_STORIES = {**IN_GENERAL, **OVER_REQUESTS, **IN_TROUBLE, **UNLUCKY}
WHOLE = "the whole run"


def _of_the_corpus(name: str) -> list[Ruling]:
    return judge(TRACES[name], MESSAGES[name])


def violating(name: str) -> str:
    return broken(_of_the_corpus(f"violating/{name}"))


def conforming(name: str) -> str:
    return met(_of_the_corpus(f"conforming/{name}"))


def wrong(title: str) -> str:
    if title in OWN_STORIES:
        return broken(OWN_STORIES[title].judged())
    tale = whole_run()
    CHANGES[title](tale)
    return broken(tale.judged())


@cache
def _of_a_right_story(title: str) -> str:
    return met(RIGHT_STORIES[title]().judged())


def right(title: str) -> str:
    told = _of_a_right_story(title)
    same = title != WHOLE and told == _of_a_right_story(WHOLE)
    return f"  the same as of {WHOLE}" if same else told


KEPT = {
    VIOLATING: (cases("traces/violating"), violating),
    CONFORMING: (cases("traces/conforming"), conforming),
    WRONG: ((*CHANGES, *OWN_STORIES), wrong),
    RIGHT: (RIGHT_STORIES, right),
}


@pytest.mark.parametrize(
    ("file", "title"), [pytest.param(file, title, id=title) for file, (titles, _) in KEPT.items() for title in titles]
)
def test_it_is_told_in_these_words(file: Path, title: str) -> None:
    assert KEPT[file][1](title) == kept(file)[title]


@pytest.mark.parametrize("file", KEPT)
def test_nothing_else_is_kept(file: Path) -> None:
    assert list(kept(file)) == list(KEPT[file][0])


if __name__ == "__main__":
    for file, (titles, tell) in KEPT.items():
        keep(file, titles, tell)
