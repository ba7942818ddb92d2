"""Reading back from real servers: all that a run stored, as it was sent, and nothing else."""

import json

import pytest
import requests
from pytest_httpserver import HTTPServer

from cgstate.peer import read_peer
from cgstate.sources.elasticsearch import Index
from cgstate.sources.readback import BadReadBack, read_back
from selftest.elasticsearch.servers import Place

GUID, NAME = "GSW_CAMPAIGN_GROUP_GUID", "GSW_CAMPAIGN_GROUP_NAME"


def test_an_index_that_does_not_exist_yet_holds_nothing(server_place: Place) -> None:
    back = read_back(server_place.uri, server_place.peer, run_id="abc123")
    stored = back.read(["cgstate-abc123-1"])
    assert (back.existing(), stored.trouble, stored.messages) == (0, "", {"cgstate-abc123-1": ()})


@pytest.fixture
def server_place(bare_place: Place) -> Place:
    return bare_place


def test_more_than_ten_thousand_documents_come_back_in_their_order(place: Place) -> None:
    sent = [{GUID: f"cgstate-abc123-{number % 7}", NAME: "East", "n": number} for number in range(10_500)]
    place.fill(list(sent))
    stored = read_back(place.uri, place.peer, run_id="abc123").read([f"cgstate-abc123-{each}" for each in range(7)])
    assert (stored.trouble, stored.ordered) == ("", True)
    for each in range(7):
        found = stored.messages[f"cgstate-abc123-{each}"]
        assert [message["n"] for message in found] == list(range(each, 10_500, 7))


def test_several_shards_are_read_whole_without_an_order(bare_place: Place) -> None:
    requests.put(bare_place.uri, json={"settings": {"number_of_shards": 3}}, timeout=30).raise_for_status()
    bare_place.fill([{GUID: "cgstate-abc123-1", "n": number} for number in range(2_500)])
    stored = read_back(bare_place.uri, bare_place.peer, run_id="abc123").read(["cgstate-abc123-1"])
    assert (stored.trouble, stored.ordered) == ("", False)
    assert sorted(str(message["n"]) for message in stored.messages["cgstate-abc123-1"]) == sorted(
        str(number) for number in range(2_500)
    )


def test_what_others_stored_is_counted_and_not_read(place: Place) -> None:
    others = [{GUID: "3f0c2a54", NAME: "cgstate abc123 lookalike"}, {GUID: "cgstate-toolong123-1"}, {"x": 1}]
    own = [
        {GUID: "cgstate-abc123-1", NAME: "a"},
        {NAME: "cgstate-abc123-2"},
        {GUID: [5], NAME: "cgstate-abc123-3"},
        {GUID: "else", NAME: "cgstate-abc123-4"},
        {GUID: "cgstate-abc123-5"},
    ]
    other_run = [{GUID: "cgstate-zzz999-1"}]
    for message in [*own, *others, *other_run]:
        assert place.post(message).status_code == 201
    back = read_back(place.uri, place.peer, run_id="abc123")
    stored = back.read(["cgstate-abc123-1"])
    assert back.existing() == len(others)
    assert stored.messages == {"cgstate-abc123-1": (own[0],), "": tuple(own[1:4])}


def test_documents_come_back_as_they_were_written(place: Place) -> None:
    texts = [
        '{"GSW_CAMPAIGN_GROUP_GUID": "cgstate-abc123-1", "a": 5.0, "b": 1E2, "c": 12345678901234567, "s": "5"}',
        '{"GSW_CAMPAIGN_GROUP_GUID": "cgstate-abc123-1", "a": 0.1, "n": null, "u": "\\ud83d\\ude00 \\u0000"}',
    ]
    for text in texts:
        assert place.post(text.encode()).status_code == 201
    stored = read_back(place.uri, place.peer, run_id="abc123").read(["cgstate-abc123-1"])
    assert [json.dumps(m) for m in stored.messages["cgstate-abc123-1"]] == [json.dumps(json.loads(t)) for t in texts]


def test_deep_nesting_does_not_stop_the_reading(typed_place: Place) -> None:
    nested = b'{"GSW_CAMPAIGN_GROUP_GUID": "cgstate-abc123-1", "x": ' + b"[" * 900 + b"]" * 900 + b"}"
    assert typed_place.post(nested).status_code == 201
    assert typed_place.post({GUID: "cgstate-abc123-1", "after": 1}).status_code == 201
    stored = read_back(typed_place.uri, typed_place.peer, run_id="abc123").read(["cgstate-abc123-1"])
    assert stored.trouble == ""
    assert stored.messages["cgstate-abc123-1"][1] == {GUID: "cgstate-abc123-1", "after": 1}


def test_bytes_that_are_no_utf_8_do_not_stop_the_reading(place: Place) -> None:
    """Elasticsearch 8 and 9 take some into a keyword; what they answer then is no UTF-8 either."""
    no_utf_8 = b'{"GSW_CAMPAIGN_GROUP_GUID": "cgstate-abc123-1", "GSW_QUEUE_NAME": "\xed\xa0\x80800"}'
    taken = place.post(no_utf_8).status_code == 201
    legal = {GUID: "cgstate-abc123-1", "GSW_QUEUE_NAME": "\u00ed"}
    assert place.post(legal).status_code == 201
    back = read_back(place.uri, place.peer, run_id="abc123")
    stored = back.read(["cgstate-abc123-1"])
    assert (stored.trouble, back.existing()) == ("", 0)
    assert stored.messages["cgstate-abc123-1"][taken:] == (legal,)


NO_ELASTICSEARCH = {
    "a page": (200, "<html>hello</html>", "does not answer like Elasticsearch or OpenSearch"),
    "other JSON": (200, "[1]", "does not answer like Elasticsearch or OpenSearch"),
    "no hits": (200, "{}", "does not answer like Elasticsearch or OpenSearch"),
    "not found": (404, "nothing here", "answers 404: nothing here"),
    "an error": (500, '{"error": {"type": "boom", "reason": "it\\nbroke"}}', "answers 500: boom: it broke"),
    "a login": (401, "", "--readback-header"),
    "no access": (403, "", "--readback-header"),
    "half": (200, '{"_shards": {"total": 2, "failed": 1}, "hits": {"hits": []}}', "not all shards answered"),
}


@pytest.mark.parametrize(("status", "body", "said"), NO_ELASTICSEARCH.values(), ids=NO_ELASTICSEARCH.keys())
def test_what_is_no_elasticsearch_is_told_in_one_line(
    httpserver: HTTPServer, status: int, body: str, said: str
) -> None:
    httpserver.expect_request("/x/_refresh").respond_with_data("{}")
    httpserver.expect_request("/x/_search").respond_with_data(body, status=status)
    uri = httpserver.url_for("/x")
    stored = read_back(uri, read_peer("--readback", uri), run_id="abc123").read(["cgstate-abc123-1"])
    assert said in stored.trouble
    assert "\n" not in stored.trouble
    assert all(request.method in {"POST", "GET"} for request, _ in httpserver.log)


def test_where_a_refresh_is_forbidden_it_is_read_without(httpserver: HTTPServer) -> None:
    found = {"hits": {"hits": [{"_index": "x", "_id": "1", "_source": {GUID: "cgstate-abc123-1"}}]}}
    httpserver.expect_request("/x/_refresh").respond_with_data("", status=403)
    httpserver.expect_request("/x/_search").respond_with_json({"_shards": {"total": 1, "failed": 0}, **found})
    uri = httpserver.url_for("/x")
    stored = read_back(uri, read_peer("--readback", uri), run_id="abc123").read(["cgstate-abc123-1"])
    assert (stored.trouble, stored.messages) == ("", {"cgstate-abc123-1": ({GUID: "cgstate-abc123-1"},)})


@pytest.mark.parametrize("path", ["", "/", "/_all", "/_doc", "/x?routing=1"])
def test_what_is_no_index_is_refused_before_anything_is_asked(path: str) -> None:
    uri = f"http://127.0.0.1:9{path}"
    with pytest.raises(BadReadBack, match="no URL of an index"):
        read_back(uri, read_peer("--readback", uri), run_id="abc123")


def test_the_place_where_notifications_are_sent_names_the_index_too() -> None:
    index = Index(read_peer("", "http://127.0.0.1:9/prefix/x/_doc"))
    assert index.name == "x"
