"""Whole runs against real servers: they conform, with the template and without."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from selftest.elasticsearch.servers import Place, Say
from selftest.runs.running import Done, environment

PATIENCE = 240.0


def judge(folder: Path, *arguments: str) -> Done:
    """Run the command in a process of its own."""
    process = subprocess.run(
        [sys.executable, "-m", "cgstate.command.main", "run", "--report-json", "report.json", *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    return Done(process.returncode, process.stdout.decode(), process.stderr.decode(), folder)


def assert_conforms(done: Done) -> None:
    """All that was judged was met, but for what Elasticsearch takes though it is no notification."""
    assert done.status == 0, done.out + done.err
    assert done.having("failed") == set()
    assert all(name.startswith("rejects.") for name in done.having("warned")), done.out
    stored = {name for name in done.outcomes if name.startswith("stored.")}
    assert len(stored) == 8
    assert stored <= done.having("passed"), done.out


def test_a_short_run(place: Place, says: Say, tmp_path: Path) -> None:
    assert_conforms(judge(tmp_path, "--receiver", f"{place.uri}/_doc", "--readback", place.uri, "--fast"))
    assert len(place.search({"match_all": {}})) > 0
    cleaned = says("clean", place.uri)
    assert (cleaned.status, cleaned.out.splitlines()[-1].partition("; ")[2]) == (0, "0 stay")


def test_a_whole_run_loses_nothing_of_ten_thousand_messages(typed_place: Place, tmp_path: Path) -> None:
    assert_conforms(judge(tmp_path, "--receiver", f"{typed_place.uri}/_doc", "--readback", typed_place.uri))


def test_an_index_with_data_of_others_is_left_alone(bare_place: Place, tmp_path: Path) -> None:
    others = {"GSW_CAMPAIGN_GROUP_GUID": "3f0c2a54"}
    assert bare_place.post(others).status_code == 201
    run = ("--receiver", f"{bare_place.uri}/_doc", "--readback", bare_place.uri, "--fast")
    refused = judge(tmp_path, *run)
    assert refused.status == 4
    assert "--allow-existing-data" in refused.err
    assert [hit["_source"] for hit in bare_place.search({"match_all": {}})] == [others]


@pytest.fixture
def storing_receiver(place: Place, tmp_path: Path) -> Iterator[str]:
    """The reference receiver, which stores into the index; the URI to send to."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cgstate_reference.receiver", "--store", place.uri],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        yield process.stdout.readline().strip().removeprefix("listening on ")
        process.terminate()


def test_the_reference_receiver_storing_into_it_conforms_in_everything(
    place: Place, storing_receiver: str, tmp_path: Path
) -> None:
    done = judge(tmp_path, "--receiver", storing_receiver, "--readback", place.uri, "--fast", "--strict")
    assert_conforms(done)
    assert done.having("warned") == set()
