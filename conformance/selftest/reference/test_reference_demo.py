from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from cgstate_reference.demo import demonstrate, main
from cgstate_reference.scenes import group

if TYPE_CHECKING:
    from selftest.reference.conftest import Capture


def test_it_plays_lives_from_load_to_unload_and_says_each_notification(capture: Capture) -> None:
    said: list[str] = []
    tally = demonstrate(capture.uri, groups=3, seconds=0.9, interval=0.2, pause=0.1, say=said.append)
    received = list(capture.received)
    assert (tally.delivered, tally.failed) == (len(received), 0)
    assert len([line for line in said if " -> " in line]) == len(received)
    run = re.search(r"cgstate-[0-9a-f]+-", said[0])
    assert run is not None
    assert all(one.data["GSW_CAMPAIGN_GROUP_GUID"].startswith(run[0]) for one in received)
    for number in range(3):
        of_group = [one.data for one in capture.of(group(number).name)]
        assert of_group[0]["GSW_CAMPAIGN_GROUP_ACTION"] == 7
        assert of_group[-1]["GSW_CAMPAIGN_GROUP_STATE"] == 0
        assert 9 in {data["GSW_CAMPAIGN_GROUP_ACTION"] for data in of_group}
    assert any("GSW_STAT_BUSY_FACTOR" in one.data for one in received)


def test_a_dead_receiver_is_said_once_and_is_no_traceback(capture: Capture) -> None:
    capture.close()
    said: list[str] = []
    tally = demonstrate(capture.uri, groups=2, seconds=0.8, interval=0.2, pause=5, say=said.append)
    assert tally.delivered == 0
    assert tally.failed > 2
    assert len([line for line in said if "connection refused" in line]) == 1


def test_a_receiver_that_comes_back_is_said_once(capture: Capture) -> None:
    answers = iter(["500", "500", "200"])
    capture.answer = lambda _: next(answers, "200")
    said: list[str] = []
    demonstrate(capture.uri, groups=1, seconds=0.6, interval=0.1, pause=5, say=said.append)
    states = [line for line in said if "gets through" in line or "takes notifications again" in line]
    assert [("500" in line, "again" in line) for line in states] == [(True, True), (False, True)]


def test_every_group_has_a_name_of_its_own() -> None:
    assert len({group(number).name for number in range(500)}) == 500
    assert len({group(number).key for number in range(500)}) == 500


@pytest.mark.parametrize("arguments", [[], ["--to", "somewhere"], ["--to", "http://127.0.0.1/", "--groups", "0"]])
def test_a_bad_option_is_one_line_and_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    out, err = capsys.readouterr()
    assert (ended.value.code, out, err.count("\n")) == (2, "", 1)
