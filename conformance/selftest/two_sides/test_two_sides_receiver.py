"""What the suite's sender sends, given to the reference receiver: it takes and refuses what the suite's judge says.

Legal messages are taken, those that break a MUST refused, and nothing is stored but what was taken, as it was sent.
"""

from __future__ import annotations

import http.client
import json
from collections import defaultdict
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest

from cgstate.judge.nesting import is_deep
from cgstate.specification.registry import Level, registry
from selftest.runs.test_run_receiver import reference

if TYPE_CHECKING:
    from cgstate.evidence import Exchange
    from selftest.two_sides.sending_side import Sent

REFUSED_ALTHOUGH_LEGAL = {"body.unique-keys"}
"""What is meant by a key that stands twice is anybody's guess: a SHOULD, and the receiver takes no guesses."""
TAKEN_ALTHOUGH_ILLEGAL = {"trace.not-loaded-action"}
"""No message shows it by itself: each is legal."""
Answered = list[tuple["Exchange", int]]


@pytest.fixture(scope="module")
def answered(sent: Sent) -> Any:  # noqa: ANN401 - of a generator
    """Each request with the receiver's status, and what it has stored of each GUID in the end."""
    with reference() as (uri, _):
        parts = urlsplit(uri)
        statuses = []
        with closing(http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)) as connection:

            def ask(method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
                connection.request(method, path, body, headers)
                response = connection.getresponse()
                return response.status, response.read()

            for exchange in sent.whole:
                kept = {name: value for name, value in exchange.headers if name.lower() == "content-type"}
                statuses.append((exchange, ask(exchange.method or "", parts.path, exchange.body, kept)[0]))
            stored = {
                guid: json.loads(ask("GET", f"{parts.path}/{quote(guid, safe='')}", b"", {})[1])
                for guid in sorted({parcel.guid for parcel in sent.parcels if parcel.guid})
            }
    return statuses, stored


def test_it_takes_what_is_legal_and_refuses_what_is_not(sent: Sent, answered: tuple[Answered, Any]) -> None:
    found = sent.accusations()
    differing = [
        (status, found[exchange.number], exchange.headers, exchange.body[:400])
        for exchange, status in answered[0]
        if status != 204 and not (400 <= status < 500 and _is_to_be_refused(exchange, found[exchange.number]))
    ]
    assert differing == []
    taken = [
        (found[exchange.number], exchange.headers, exchange.body[:400])
        for exchange, status in answered[0]
        if status == 204 and _is_to_be_refused(exchange, found[exchange.number])
    ]
    assert taken == []


def _is_to_be_refused(exchange: Exchange, broken: set[str]) -> bool:
    must = {each for each in broken if registry().requirements[each].level is Level.MUST} - TAKEN_ALTHOUGH_ILLEGAL
    another_type = "http.content-type" in broken and exchange.header("Content-Type") is not None
    too_deep = is_deep(exchange.body.decode(errors="replace"))
    return bool(must or broken & REFUSED_ALTHOUGH_LEGAL or another_type or too_deep)


def test_it_has_stored_what_it_took_and_nothing_else(answered: tuple[Answered, Any]) -> None:
    statuses, stored = answered
    sent: dict[str, list[str]] = defaultdict(list)
    for exchange, status in statuses:
        if status == 204:
            message = json.loads(exchange.body)
            sent[message["GSW_CAMPAIGN_GROUP_GUID"]].append(json.dumps(message, sort_keys=True))
    # In order, too: all of it went over one connection.
    found = {guid: [json.dumps(each, sort_keys=True) for each in of] for guid, of in stored.items() if of}
    missing = {guid: of for guid, of in sent.items() if guid not in found}
    assert all(not guid.startswith("cgstate-") for guid in missing), list(missing)  # only read back by its GUID
    assert found == {guid: of for guid, of in sent.items() if guid not in missing}


def test_both_answers_are_there(answered: tuple[Answered, Any]) -> None:
    statuses = {status for _, status in answered[0]}
    assert {204, 400, 405, 415} == statuses
