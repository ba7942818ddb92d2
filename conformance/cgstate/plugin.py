"""The pytest plugin: options, fixtures, the requirement marker, the verdict.

Inert until a test of `cgstate.suite` is collected: everything that costs time is imported only then.
"""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cgstate.sources.capture import CaptureServer
    from cgstate.suite.receiving.session import ReceivingSession
    from cgstate.suite.session import Session
    from cgstate.suite.sides import Sides
    from cgstate.verdict.verdict import Verdict

VERDICT: "pytest.StashKey[Verdict]" = pytest.StashKey()
"""Where the verdict of a run stands in ``config.stash`` when the session is over."""
SIDES: "pytest.StashKey[Sides]" = pytest.StashKey()
"""The run against an emitter, the run against a receiver, or both."""
SUITE = "cgstate.suite"
_OTHERS: "pytest.StashKey[bool]" = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the options; all of them begin with ``--cgstate-``: short names belong to pytest."""
    group = parser.getgroup("cgstate", "conformance of Campaign Group Status Reporting (pytest --pyargs cgstate.suite)")

    def option(name: str, help_: str, **more: Any) -> None:  # noqa: ANN401 - argparse's keywords
        group.addoption(f"--cgstate-{name}", help=help_, **more)

    option("emitter", "base URI of the control API of the emitter to judge", metavar="URI")
    option("receiver", "URI of the receiver to judge: legal notifications, and others, are sent there", metavar="URI")
    option("readback", "where to read back: an Elasticsearch index URL, or a URI with {guid} in it", metavar="URI")
    for side in ("emitter", "receiver", "readback"):
        header = "a header to send, 'Name: value'; value, or all of it, may be @FILE or env:NAME"
        option(f"{side}-header", f"{side}: {header}", metavar="HEADER", action="append", default=[])
        option(f"{side}-cacert", f"{side}: certificate authorities to trust (PEM)", metavar="FILE")
        option(f"{side}-cert", f"{side}: client certificate with its key (PEM), or CERT,KEY", metavar="FILE")
        option(f"{side}-insecure", f"{side}: do not check its certificate", action="store_true")
    option("driver", "a driver of your own: module:factory or path.py:factory", metavar="SPEC")
    option("broken", "judge a bundled emitter that is wrong in this way", metavar="NAME")
    option("broken-receiver", "judge a bundled receiver that is wrong in this way", metavar="NAME")
    option("listen", "where the suite listens for notifications", metavar="HOST:PORT", default="127.0.0.1:0")
    option("advertise", "base URI the emitter is told to report to, where it differs", metavar="URI")
    option("groups", "Campaign Groups that exist, for emitters without the hook to make some", metavar="FILE")
    option("allow-dialing", "start declared groups, which dials people", action="store_true")
    option("requirement", "judge only this requirement, or those whose id begins so", action="append", default=[])
    option("fast", "leave out the observation of the default period, and floods", action="store_true")
    option("gentle", "send a receiver no floods and nothing that is no notification", action="store_true")
    option("allow-existing-data", "send although the index to read back holds other data", action="store_true")
    option("wait-for", "seconds for which a receiver that is still starting is awaited", type=float, default=0.0)
    option("timeout", "seconds after which an answer is not awaited any longer", type=float, default=10.0)
    option("answer-within", "seconds within which a receiver should answer", type=float, default=1.0)
    option("readback-within", "seconds within which what is read back has to agree", type=float, default=10.0)
    option("strict", "a warning fails, too", action="store_true")
    option("allow-incomplete", "a core requirement without evidence does not matter", action="store_true")
    option("must-exercise", "exit 5 unless this was exercised", action="append", default=[])
    option("deadline", "seconds until an event is missing", type=float, default=10.0)
    option("drain-deadline", "the same for unloads of declared groups", type=float, default=300.0)
    option("quiet", "seconds for which a silence is watched", type=float, default=1.0)
    option("seed", "seed of the generated cases", type=int)
    option("replay", "play this recorded life cycle alone: JSON, or a file that holds it", metavar="JSON|FILE")
    option("report-json", "write the verdict as JSON (- is standard output)", metavar="FILE|-")
    option("report-junit", "write the verdict as JUnit XML", metavar="FILE")
    option("verbose", "list what passed, too", action="store_true")


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Offer the hook for a driver of the user's own."""
    from cgstate import hookspecs  # noqa: PLC0415 - late, as everything here

    pluginmanager.add_hookspecs(hookspecs)


def pytest_configure(config: pytest.Config) -> None:
    """Know the marker."""
    config.addinivalue_line("markers", "requirement(*ids): the requirements of the specification that a test exercises")
    # Where pytest-xdist spreads tests over processes, only they collect: too late to refuse in one line.
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        from cgstate.suite.engine import refuse_many_processes  # noqa: PLC0415 - late, as everything here

        refuse_many_processes(config)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where tests of the suite were collected: read the options, leave out what they leave out."""
    ours = [item for item in items if _is_ours(item)]
    if not ours:
        return
    from cgstate.suite.engine import prepare  # noqa: PLC0415 - late, as everything here

    config.stash[_OTHERS] = len(ours) < len(items)
    prepare(config, items, ours)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Conclude: the verdict's status becomes pytest's."""
    if SIDES in session.config.stash:
        from cgstate.suite.engine import finish  # noqa: PLC0415 - late, as everything here

        finish(session, exitstatus, others=session.config.stash[_OTHERS])


def pytest_terminal_summary(config: pytest.Config) -> None:
    """Show the verdict under pytest's own report."""
    if VERDICT in config.stash:
        from cgstate.suite.engine import show  # noqa: PLC0415 - late, as everything here

        show(config)


def pytest_exception_interact(node: pytest.Item | pytest.Collector, call: "pytest.CallInfo[Any]") -> None:
    """Remember that a test of the suite failed for another reason than a finding."""
    if SIDES in node.config.stash and isinstance(node, pytest.Item) and _is_ours(node):
        from cgstate.suite.engine import note_error  # noqa: PLC0415 - late, as everything here

        note_error(node, call)


def _is_ours(item: pytest.Item) -> bool:
    module = getattr(item, "module", None)
    return getattr(module, "__name__", "").startswith(SUITE + ".")


@pytest.fixture(scope="session")
def cgstate_session(request: pytest.FixtureRequest) -> "Iterator[Session]":
    """Return the run: its driver, its capture server, its stage."""
    from cgstate.suite.engine import opened  # noqa: PLC0415 - late, as everything here

    yield from opened(request.config)


@pytest.fixture(scope="session")
def cgstate_receiving(request: pytest.FixtureRequest) -> "Iterator[ReceivingSession]":
    """Return the run against the receiver."""
    from cgstate.suite.engine import opened_receiving  # noqa: PLC0415 - late, as everything here

    yield from opened_receiving(request.config)


@pytest.fixture
def cgstate_capture() -> "Iterator[CaptureServer]":
    """Return a capture server of the test's own, listening on loopback: see `cgstate.sources.capture`."""
    from cgstate.sources.capture import CaptureServer  # noqa: PLC0415 - late, as everything here

    with CaptureServer() as capture:
        yield capture


@pytest.fixture(scope="session")
def cgstate_check() -> "Callable[[bytes | Mapping[str, object]], list[str]]":
    """Return a function that judges one message, as bytes or as a dict, and returns a line for each fault."""
    from cgstate.suite.check import faults_of  # noqa: PLC0415 - late, as everything here

    return faults_of
