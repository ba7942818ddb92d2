"""``cgstate clean`` on real servers: only the suite's own documents go, none where others are at risk."""

import pytest

from selftest.elasticsearch.servers import Place, Say

GUID, NAME = "GSW_CAMPAIGN_GROUP_GUID", "GSW_CAMPAIGN_GROUP_NAME"
OWN = [{GUID: "cgstate-abc123-1", NAME: "East"}, {NAME: "cgstate-abc123-no-guid"}, {GUID: "cgstate-zzz999-1"}]
OTHERS = [{GUID: "3f0c2a54", NAME: "cgstate abc123 lookalike"}, {GUID: "cgstate-abc1234-1"}, {"cgstate-abc123-": 1}]


def left(place: Place) -> list[object]:
    return [hit["_source"] for hit in place.search({"match_all": {}})]


def test_only_the_suites_own_documents_go(place: Place, says: Say) -> None:
    place.fill([*OWN, *OTHERS])
    said = says("clean", place.uri, "--allow-existing-data")
    assert said.status == 0
    assert "deleted 3 documents; 3 stay" in said.out
    assert left(place) == OTHERS


def test_an_index_that_holds_anything_else_is_refused(place: Place, says: Say) -> None:
    place.fill([*OWN, *OTHERS])
    said = says("clean", place.uri)
    assert said.status == 4
    assert "--allow-existing-data" in said.err
    assert left(place) == [*OWN, *OTHERS]


def test_an_index_of_the_suites_own_is_emptied_page_by_page(place: Place, says: Say) -> None:
    place.fill([{GUID: f"cgstate-abc123-{number}"} for number in range(2_300)])
    said = says("clean", place.uri)
    assert (said.status, left(place)) == (0, [])
    assert "in 1 run: abc123 (2300)" in said.out
    assert "deleted 2300 documents; 0 stay" in said.out


def test_bytes_that_are_no_utf_8_go_too(place: Place, says: Say) -> None:
    place.post(b'{"GSW_CAMPAIGN_GROUP_GUID": "cgstate-abc123-1", "GSW_QUEUE_NAME": "\xed\xa0\x80800"}')
    place.fill(list(OWN))
    assert says("clean", place.uri).status == 0
    assert left(place) == []


def test_one_run_goes_and_others_stay(place: Place, says: Say) -> None:
    place.fill(list(OWN))
    assert says("clean", place.uri, "--run", "zzz999").status == 0
    assert left(place) == OWN[:2]


def test_a_dry_run_deletes_nothing(place: Place, says: Say) -> None:
    place.fill(list(OWN))
    said = says("clean", place.uri, "--dry-run")
    assert (said.status, left(place)) == (0, OWN)
    assert "would delete 3 documents; 0 would stay" in said.out


def test_no_index_is_nothing_to_delete(bare_place: Place, says: Say) -> None:
    said = says("clean", bare_place.uri)
    assert (said.status, said.err) == (0, "")
    assert "deleted 0 documents; 0 stay" in said.out


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["http://127.0.0.1:9/x"], 6, "connection refused"),
        (["http://127.0.0.1:9/"], 4, "no URL of an index"),
        (["ftp://127.0.0.1/x"], 4, "no http or https URI"),
        (["http://127.0.0.1:9/x", "--run", "no id"], 4, "no run id"),
        (["http://127.0.0.1:9/x", "--header", "nonsense"], 4, "--header"),
    ],
)
def test_bad_input_is_one_line(says: Say, arguments: list[str], status: int, said: str) -> None:
    result = says("clean", *arguments)
    assert (result.status, result.out) == (status, "")
    assert said in result.err.splitlines()[0]
