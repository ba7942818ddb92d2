"""The command line as a user meets it: processes of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import cgstate

LEGAL: dict[str, object] = {
    "GSW_TENANT_NAME": "undefined",
    "GSW_TENANT_CCID": "1",
    "GSW_CAMPAIGN_GROUP_NAME": "Sales@East",
    "GSW_CAMPAIGN_GROUP_GUID": "0001",
    "GSW_GROUP_NAME": "East",
    "GSW_QUEUE_NAME": "8001",
    "GSW_CAMPAIGN_GROUP_STATE": 4,
    "GSW_CAMPAIGN_GROUP_ACTION": 7,
    "GSW_CAMPAIGN_GROUP_ACTOR": 0,
    "GSW_DATE_TIME": "1527516447.250",
}


def legal(**changes: object) -> str:
    """Return a legal message as one line of JSON; a change to None takes the attribute away."""
    message = LEGAL | changes
    return json.dumps({key: value for key, value in message.items() if value is not None}, ensure_ascii=False)


@dataclass(frozen=True)
class Done:
    """What a finished command left."""

    status: int
    out: str
    err: str

    @property
    def last(self) -> str:
        return self.out.splitlines()[-1]

    @property
    def errors(self) -> list[str]:
        return self.err.splitlines()


@dataclass(frozen=True)
class Cgstate:
    """Starts the command in a folder of the test's own."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def start(self, *arguments: str, stdin: int = subprocess.DEVNULL, **environment: str) -> "subprocess.Popen[bytes]":
        package = Path(cgstate.__file__).parents[1]
        path = os.pathsep.join([str(package), str(package.parent / "reference_impl")])
        return subprocess.Popen(
            [sys.executable, "-m", "cgstate.command.main", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", **environment},
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def __call__(self, *arguments: str, stdin: bytes | str = b"", **environment: str) -> Done:
        process = self.start(*arguments, stdin=subprocess.PIPE, **environment)
        given = stdin.encode() if isinstance(stdin, str) else stdin
        try:
            out, err = process.communicate(given, timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
        return Done(process.returncode, out.decode(), err.decode())


@pytest.fixture
def cgstate_command(tmp_path: Path) -> Cgstate:
    return Cgstate(tmp_path)


Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, content: str) -> Path:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write
