"""What a stranger gets: the wheel in a venv of its own, used from a folder that is no checkout."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

TOP = Path(__file__).parents[3]
"""The checkout."""


def clean_environment() -> dict[str, str]:
    """Return the environment without what would lead a process back to the checkout or to the tests' own pytest."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST_", "COV_"))}
    return kept | {"COLUMNS": "80"}


@dataclass(frozen=True)
class Done:
    """What a finished process left."""

    status: int
    out: str
    err: str

    @property
    def last(self) -> str:
        lines = self.out.splitlines()
        return lines[-1] if lines else ""


def run(*command: str | Path, folder: Path, seconds: float = 90, environment: Mapping[str, str] | None = None) -> Done:
    """Run a process to its end, in a folder."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=clean_environment() | dict(environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def must(done: Done) -> Done:
    """Stop where a process failed that only prepares a test."""
    assert done.status == 0, done.out + done.err
    return done


@dataclass(frozen=True)
class Installed:
    """A venv in which the wheel and what it needs are installed, and nothing else."""

    root: Path

    @property
    def bin(self) -> Path:
        return self.root / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        return self.bin / "python"

    @property
    def cgstate(self) -> Path:
        return self.bin / "cgstate"


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel and the sdist of the checkout."""
    folder = tmp_path_factory.mktemp("distributions")
    must(run(sys.executable, "-m", "hatchling", "build", "-d", folder, folder=TOP))
    return folder


@pytest.fixture(scope="session")
def wheel(distributions: Path) -> Path:
    (found,) = distributions.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    made = Installed(tmp_path_factory.mktemp("venv"))
    must(run(sys.executable, "-m", "venv", made.root, folder=made.root))
    quiet = ("--quiet", "--no-input", "--disable-pip-version-check")
    must(run(made.python, "-m", "pip", "install", *quiet, wheel, folder=made.root, seconds=400))
    return made


@contextmanager
def reference_process(installed: Installed, side: str, folder: Path, *arguments: str) -> Iterator[str]:
    """Start the reference ``emitter`` or ``receiver`` of the wheel, and yield its URI."""
    with subprocess.Popen(
        [installed.python, "-m", f"cgstate_reference.{side}", "--exit-with-stdin", *arguments],
        cwd=folder,
        env=clean_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip().rpartition(" ")[2]
        process.stdin.close()
        process.wait(20)


@dataclass(frozen=True)
class OwnEmitter:
    """An emitter that is there already, with groups of its own and its options set; nobody may set them."""

    base: str
    """Base URI of its control API."""
    listen: str
    """Where it reports to."""
    groups: str
    """Its Campaign Groups, as a groups file."""


@pytest.fixture
def own_emitter(installed: Installed, tmp_path: Path) -> Iterator[OwnEmitter]:
    import requests  # noqa: PLC0415 - heavy, and few tests need it

    from cgstate.suite.stage import PATH  # noqa: PLC0415 - the same

    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{held.getsockname()[1]}"
    arguments = ("--enabled", "--uri", f"http://{listen}{PATH}", "--log-level", "error", "--exit-with-stdin")
    with subprocess.Popen(
        [installed.python, "-P", "-m", "cgstate_reference.emitter", *arguments],
        cwd=tmp_path,
        env=clean_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        base = process.stdout.readline().strip()
        declared = ["automatic = false"]
        for number in range(1, 6):
            names = {"name": f"Renewals {number}@North", "groupName": "North", "campaignName": f"Renewals {number}"}
            others = {"queueName": "8001", "tenantName": "Environment", "tenantCcid": "1", "campaignTemplateName": None}
            dialing = {"dialMode": 1, "optimizeBy": 1, "optimizeGoal": 80}
            uri = f"{base}/conformance/campaign-groups/{number}/732"
            requests.put(uri, json=names | others | dialing, timeout=10).raise_for_status()
            declared.append(f'[[group]]\ncampaignId = {number}\ngroupId = 732\ntest = true\nname = "{names["name"]}"')
        yield OwnEmitter(base, listen, "\n".join(declared) + "\n")
        process.stdin.close()
        process.wait(20)
