"""Real servers, each started once; skipped, and said so, where the distribution is not there."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count

import pytest
import requests

from cgstate.command.main import main
from cgstate.faces.index_template import index_template
from selftest.elasticsearch.servers import KINDS, Kind, NoServer, Place, Running, Said, Say, Server

REQUIRED = os.environ.get("CGSTATE_REQUIRE_ELASTICSEARCH") == "1"
_numbers = count(1)

Start = Callable[[Kind], Server]


@pytest.fixture(scope="session")
def start_server() -> Iterator[Start]:
    running: dict[str, Server | NoServer] = {}
    with ExitStack() as stack:

        def start(kind: Kind) -> Server:
            if kind.name not in running:
                try:
                    running[kind.name] = stack.enter_context(Running(kind)).server
                except NoServer as trouble:
                    running[kind.name] = trouble
            found = running[kind.name]
            if isinstance(found, NoServer):
                # Every test that needs it fails, and none tries again.
                pytest.fail(str(found))
            return found

        yield start


@pytest.fixture(params=[kind for kind in KINDS if kind.always or kind.home in os.environ], ids=lambda kind: kind.name)
def server(request: pytest.FixtureRequest, start_server: Start) -> Server:
    kind: Kind = request.param
    if kind.home not in os.environ:
        missing = f"{kind.home} names no {kind.name}: see .ci/elasticsearch"
        if REQUIRED:
            pytest.fail(missing)
        pytest.skip(missing)
    return start_server(kind)


@pytest.fixture(params=["template", "bare"])
def place(request: pytest.FixtureRequest, server: Server) -> Iterator[Place]:
    """An index with the template, and one that finds its types by itself."""
    yield from _place(server, with_template=request.param == "template")


@pytest.fixture
def typed_place(server: Server) -> Iterator[Place]:
    yield from _place(server, with_template=True)


@pytest.fixture
def bare_place(server: Server) -> Iterator[Place]:
    yield from _place(server, with_template=False)


def _place(server: Server, *, with_template: bool) -> Iterator[Place]:
    name = f"place-{os.getpid()}-{next(_numbers)}"
    template = f"{server.uri}/_index_template/{name}"
    if with_template:
        requests.put(template, json=dict(index_template(name)), timeout=30).raise_for_status()
    yield Place(f"{server.uri}/{name}")
    requests.delete(f"{server.uri}/{name}", timeout=30)
    if with_template:
        requests.delete(template, timeout=30).raise_for_status()


@pytest.fixture
def says(capsys: pytest.CaptureFixture[str]) -> Say:
    def say(*arguments: str) -> Said:
        status = main(arguments)
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return say
