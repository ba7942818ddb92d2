"""Real servers are receivers as they are: they conform, with and without the template, and what was sent goes again."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cgstate.command.main import main
from selftest.elasticsearch.conftest import Start
from selftest.elasticsearch.servers import KINDS, Place
from selftest.runs.running import CONFORMANCE, environment, run
from selftest.runs.test_run_receiver import reference

README = (CONFORMANCE.parent / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line for block in re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL) for line in block.splitlines()
]
WITH_ELASTICSEARCH = [line for line in COMMANDS if "elasticsearch" in line or ":9200" in line]


def test_it_conforms_and_all_that_it_took_is_read_back(place: Place, tmp_path: Path) -> None:
    done = run(tmp_path, "--receiver", f"{place.uri}/_doc", "--readback", place.uri, "--fast", "--answer-within", "30s")
    assert done.status == 0, done.told
    assert done.having("not exercised") == set(), done.out
    # It takes any document, so that it is no careful receiver; nothing else is said of it.
    assert all(name.startswith("rejects.") for name in done.accused), done.told
    assert main(["clean", place.uri]) == 0
    assert place.search({"match_all": {}}) == []


def test_an_index_with_other_data_is_refused_before_anything_is_sent(place: Place, tmp_path: Path) -> None:
    place.fill([{"GSW_CAMPAIGN_GROUP_GUID": "somebody's", "GSW_CAMPAIGN_GROUP_STATE": 4}])
    arguments = ("--receiver", f"{place.uri}/_doc", "--readback", place.uri, "--fast")
    done = run(tmp_path, *arguments)
    assert (done.status, len(place.search({"match_all": {}}))) == (4, 1)
    assert "--allow-existing-data" in done.errors[0]
    allowed = run(tmp_path, *arguments, "--allow-existing-data", "--gentle", "--answer-within", "30s")
    assert allowed.status == 0, allowed.told


def test_ten_thousand_messages_over_eight_connections_are_all_there_once(typed_place: Place, tmp_path: Path) -> None:
    wanted = ("accepts.flood", "stored.every", "stored.once", "stored.unaltered")
    options = [part for name in wanted for part in ("--requirement", name)]
    uris = ("--receiver", f"{typed_place.uri}/_doc", "--readback", typed_place.uri)
    done = run(tmp_path, *uris, *options, "--readback-within", "60s", patience=300)
    assert done.status == 0, done.told
    assert done.having("passed") == set(wanted)


def test_the_reference_receiver_stores_into_it(place: Place, tmp_path: Path) -> None:
    with reference("--store", place.uri) as (uri, readback):
        by_uri = run(tmp_path, "--receiver", uri, "--readback", readback, "--fast", "--answer-within", "30s")
        assert (by_uri.status, by_uri.accused) == (0, set()), by_uri.told
        of_store = ("--readback", place.uri, "--allow-existing-data", "--answer-within", "30s")
        by_index = run(tmp_path, "--receiver", uri, *of_store, "--fast")
        assert (by_index.status, by_index.accused) == (0, set()), by_index.told


def test_the_commands_of_the_readme_work_as_they_stand(start_server: Start, tmp_path: Path) -> None:
    kind = KINDS[0]
    if kind.home not in os.environ:
        pytest.skip(f"{kind.home} names no {kind.name}: see .ci/elasticsearch")
    server = start_server(kind)
    shim = tmp_path / "bin" / "cgstate"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m cgstate.command.main "$@"\n')
    shim.chmod(0o755)
    assert len(WITH_ELASTICSEARCH) == 5
    here = environment(PATH=f"{shim.parent}:{os.environ['PATH']}")
    for line in WITH_ELASTICSEARCH:
        short = f"{line} --fast" if "cgstate run" in line else line
        command = ["/bin/sh", "-c", short.replace("http://127.0.0.1:9200", server.uri)]
        done = subprocess.run(command, cwd=tmp_path, env=here, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
    assert "0 stay" in done.stdout
