"""Each broken emitter is wrong in the way it says, and the right one is not; all play one scene side by side."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from cgstate_reference.broken.emitters import deviations
from selftest.reference import (
    wrong_attributes,
    wrong_behaviour,
    wrong_content,
    wrong_names,
    wrong_reports,
    wrong_states,
    wrong_writing,
)
from selftest.reference.broken_scene import play_all
from selftest.reference.hurrying import hurry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selftest.reference.broken_seen import Seen, Wrong

WRONG: Wrong = {
    **wrong_attributes.WRONG,
    **wrong_behaviour.WRONG,
    **wrong_content.WRONG,
    **wrong_names.WRONG,
    **wrong_reports.WRONG,
    **wrong_states.WRONG,
    **wrong_writing.WRONG,
}
"""How each deviation shows: true of what that emitter sent, false of the right one."""


@pytest.fixture(scope="module")
def played() -> Mapping[str, Seen]:
    return hurry(play_all())


def test_every_deviation_is_proven_here_and_says_how_it_is_wrong() -> None:
    assert set(WRONG) == set(deviations())
    for each in deviations().values():
        assert re.fullmatch(r"[A-Z].*\.", each.sentence), each.name
        assert "\n" not in each.sentence
        assert re.fullmatch(r"[a-z0-9.-]+\.[a-z0-9-]+", each.primary), each.name
        assert each.primary not in each.consequences
        assert all(each.consequences.values())


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_broken_emitter_is_wrong_in_the_way_it_says_and_the_right_one_is_not(
    played: Mapping[str, Seen], name: str
) -> None:
    assert WRONG[name](played[name])
    assert not WRONG[name](played["right"])


def test_the_right_emitter_reports_the_scene_as_it_was(played: Mapping[str, Seen]) -> None:
    seen = played["right"]
    assert seen.of("off") == seen.of("off again") == []
    assert Counter(seen.values("GSW_CAMPAIGN_GROUP_ACTION")) == {7: 2, 9: 4, 10: 2, 11: 1, 8: 4}
    assert seen.gaps("unloaded") == []
    assert [one.target for one in seen.of("elsewhere")] == ["/other?key=1%2C2"] * 2
