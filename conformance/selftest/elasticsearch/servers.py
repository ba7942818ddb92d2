"""Real servers of Elasticsearch and OpenSearch as processes of the tests' own, and indexes on them."""

import json
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import requests

from cgstate.peer import Peer, read_peer

_COMES_UP_WITHIN = 300.0
_AN_ORDINARY_USER = "nobody"
_JVM_LINES = re.compile(r"(?m)^.*(-Xlog:gc|--add-modules=jdk\.incubator\.vector).*$")


@dataclass(frozen=True)
class Kind:
    """A server that the tests know: the variables that name its distribution and the Java it runs on."""

    name: str
    program: str
    home: str
    java: str
    always: bool = False
    """Whether it must be there where `CGSTATE_REQUIRE_ELASTICSEARCH` is 1."""


KINDS = (
    Kind("elasticsearch-8", "elasticsearch", "CGSTATE_ELASTICSEARCH_HOME_8", "CGSTATE_JAVA_17", always=True),
    Kind("elasticsearch-9", "elasticsearch", "CGSTATE_ELASTICSEARCH_HOME_9", "CGSTATE_JAVA_21"),
    Kind("opensearch-3", "opensearch", "CGSTATE_OPENSEARCH_HOME_3", "CGSTATE_JAVA_21"),
)


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    uri: str
    pid: int


@dataclass(frozen=True)
class Place:
    """An index, at first without a document."""

    uri: str

    @property
    def peer(self) -> Peer:
        return read_peer("--readback", self.uri)

    def post(self, document: object) -> requests.Response:
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return requests.post(f"{self.uri}/_doc", data=body, headers={"Content-Type": "application/json"}, timeout=30)

    def fill(self, documents: list[object]) -> None:
        lines = "".join(f'{{"create":{{}}}}\n{json.dumps(document)}\n' for document in documents)
        answer = requests.post(
            f"{self.uri}/_bulk", data=lines.encode(), headers={"Content-Type": "application/x-ndjson"}, timeout=60
        )
        assert answer.json()["errors"] is False

    def search(self, query: object) -> list[dict[str, object]]:
        """Return the hits that there are now."""
        requests.post(f"{self.uri}/_refresh", timeout=30).raise_for_status()
        answer = requests.post(f"{self.uri}/_search", json={"query": query, "size": 100}, timeout=30)
        hits: list[dict[str, object]] = answer.json()["hits"]["hits"]
        return hits


@dataclass(frozen=True)
class Said:
    """What the command said."""

    status: int
    out: str
    err: str


Say = Callable[..., Said]


class Running:
    """One server, from a distribution that stays as it is, with data and configuration of its own."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._home = Path(os.environ[kind.home])
        self._folder = Path(tempfile.mkdtemp(prefix="cgstate-server-"))

    def __enter__(self) -> Self:
        ports = _free_ports()
        uri = f"http://127.0.0.1:{ports[0]}"
        log = self._folder / "said"
        self._prepare()
        with log.open("wb") as said:
            self._process = subprocess.Popen(
                self._command(*ports), env=self._environment(), cwd="/", stdout=said, stderr=subprocess.STDOUT
            )
        try:
            _await(uri, self._process)
        except BaseException as error:
            told = log.read_text(errors="replace")[-2000:]
            self.__exit__()
            if isinstance(error, NoServer):
                raise NoServer(f"{self._kind.name} did not come up: {error}\n{told}") from error
            raise
        self.server = Server(uri, self._process.pid)
        return self

    def __exit__(self, *_: object) -> None:
        # runuser passes the signal on to the server, and ends after it.
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _prepare(self) -> None:
        for name in ("data", "logs", "tmp"):
            (self._folder / name).mkdir()
        shutil.copytree(self._home / "config", self._folder / "config")
        options = self._folder / "config" / "jvm.options"
        # The log is relative to the distribution, which may be nobody's to write; a trimmed Java lacks the module.
        options.write_text(_JVM_LINES.sub("", options.read_text()))
        if os.geteuid() == 0:
            owner = pwd.getpwnam(_AN_ORDINARY_USER)
            for path in (self._folder, *self._folder.rglob("*")):
                os.chown(path, owner.pw_uid, owner.pw_gid)

    def _command(self, http: int, transport: int) -> list[str]:
        settings = {
            "discovery.type": "single-node",
            "network.host": "127.0.0.1",
            "http.port": http,
            "transport.port": transport,
            "path.data": self._folder / "data",
            "path.logs": self._folder / "logs",
            "cluster.routing.allocation.disk.threshold_enabled": "false",
        }
        if self._kind.program == "elasticsearch":
            settings["xpack.security.enabled"] = "false"
        program = [str(self._home / "bin" / self._kind.program), *(f"-E{key}={of}" for key, of in settings.items())]
        # The servers refuse root.
        return [*(["runuser", "-u", _AN_ORDINARY_USER, "--"] if os.geteuid() == 0 else []), *program]

    def _environment(self) -> dict[str, str]:
        begin = "ES" if self._kind.program == "elasticsearch" else "OPENSEARCH"
        own = {
            # It does not live long: compiled in a hurry, it is up in half the time.
            f"{begin}_JAVA_OPTS": "-Xms512m -Xmx512m -XX:TieredStopAtLevel=1",
            f"{begin}_PATH_CONF": str(self._folder / "config"),
            f"{begin}_TMPDIR": str(self._folder / "tmp"),
        }
        java = os.environ.get(self._kind.java) or os.environ.get("JAVA_HOME")
        return {**os.environ, **own, **({f"{begin}_JAVA_HOME": java} if java else {})}


class NoServer(Exception):  # noqa: N818 - named for the fact
    """A server did not come up."""


def _await(uri: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _COMES_UP_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            raise NoServer(f"it ended with {process.returncode}")
        try:
            answer = requests.get(f"{uri}/_cluster/health?wait_for_status=yellow&timeout=30s", timeout=40)
        except requests.ConnectionError:
            # Nothing tells when a port opens: ask again.
            time.sleep(0.2)
            continue
        if answer.ok:
            return
    raise NoServer(f"no health within {_COMES_UP_WITHIN:g} s")


def _free_ports() -> list[int]:
    with socket.socket() as one, socket.socket() as other:
        for each in (one, other):
            each.bind(("127.0.0.1", 0))
        return [one.getsockname()[1], other.getsockname()[1]]
