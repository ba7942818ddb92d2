"""What a run was told to do, read from pytest's options and checked before anything happens."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from cgstate.drivers.bundled import Bundled
from cgstate.drivers.custom import BadDriver, load_driver, usable
from cgstate.drivers.driver import Driver, DriverTrouble, Unreachable
from cgstate.drivers.groups_file import BadGroups, DeclaredGroups, read_groups
from cgstate.drivers.http_control import HttpControl
from cgstate.drivers.nearest import nearest
from cgstate.evidence import Bounds
from cgstate.faces.deliver import Reports, UnwritableReport
from cgstate.generate.life import LifeCycle
from cgstate.peer import Peer
from cgstate.specification.registry import registry
from cgstate.suite.receiving.settings import Receiving, read_receiving, read_side


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of one run."""

    emitter: str | None
    driver: str | None
    broken: str | None
    host: str
    port: int
    advertise: str | None
    groups: DeclaredGroups
    allow_dialing: bool
    requirement: tuple[str, ...]
    fast: bool
    strict: bool
    allow_incomplete: bool
    must_exercise: frozenset[str]
    bounds: Bounds
    seed: int
    named: bool
    """Whether the options say which emitter to judge, or how: a hook in a conftest.py may do so, too."""
    replay: LifeCycle | None
    """A recorded life cycle to play alone."""
    reports: Reports
    verbose: bool
    emitter_peer: Peer | None
    receiving: Receiving

    @property
    def wanted(self) -> frozenset[str] | None:
        """Ids of the requirements to judge; None: all."""
        return _ids("--cgstate-requirement", self.requirement) if self.requirement else None


def read_settings(config: pytest.Config) -> Settings:
    """Read and check the options; `pytest.UsageError` in one line where they cannot be used."""

    def value(name: str) -> Any:  # noqa: ANN401 - options are of many types
        return config.getoption(f"cgstate_{name}")

    if value("emitter") and value("driver"):
        raise pytest.UsageError("--emitter and --driver name two emitters; give one of them")
    host, port = _address(value("listen"))
    reports = Reports(value("report_json"), value("report_junit"))
    try:
        reports.check()
        groups = read_groups(Path(value("groups"))) if value("groups") else DeclaredGroups()
    except (UnwritableReport, BadGroups) as error:
        raise pytest.UsageError(str(error)) from error
    settings = Settings(
        emitter=value("emitter"),
        driver=value("driver"),
        broken=value("broken"),
        host=host,
        port=port,
        advertise=_advertised(value("advertise")),
        groups=groups,
        allow_dialing=value("allow_dialing"),
        requirement=tuple(value("requirement")),
        fast=value("fast"),
        strict=value("strict"),
        allow_incomplete=value("allow_incomplete"),
        must_exercise=_ids("--cgstate-must-exercise", value("must_exercise")),
        bounds=Bounds(deadline=value("deadline"), drain_deadline=value("drain_deadline"), quiet=value("quiet")),
        seed=secrets.randbelow(2**31) if value("seed") is None else value("seed"),
        named=any(value(name) is not None for name in ("emitter", "driver", "broken", "replay")),
        replay=_recorded(value("replay")),
        reports=reports,
        verbose=value("verbose"),
        emitter_peer=read_side("emitter", value),
        receiving=read_receiving(value),
    )
    _ = settings.wanted
    return settings


def named_driver(settings: Settings, config: pytest.Config) -> Driver | None:
    """Return the driver that the options, or the hook in a conftest.py, name; None where they name none.

    Raises `pytest.UsageError` where a driver of the user's own cannot be used, `Unreachable` where nothing answers,
    `DriverTrouble` where something answers that cannot be driven.
    """
    try:
        if settings.driver:
            return load_driver(settings.driver)
        if settings.emitter_peer is not None:
            return _control(settings.emitter_peer, settings.receiving.timeout)
        made = config.hook.pytest_cgstate_driver(config=config)
        if made is not None:
            return usable(made, "pytest_cgstate_driver")
    except BadDriver as error:
        raise pytest.UsageError(str(error)) from error
    except ValueError as error:
        raise pytest.UsageError(f"--emitter: {error}") from error
    return None


def _control(peer: Peer, timeout: float) -> Driver:
    return HttpControl(
        peer.uri,
        timeout=timeout,
        headers=dict(peer.headers),
        verify=peer.verify,
        cert=peer.cert_files,
    )


def bundled_driver(broken: str | None) -> Driver:
    """Return the driver of the bundled emitter, which it starts; raises as `named_driver`."""
    try:
        return Bundled(broken)
    except DriverTrouble as trouble:
        if broken is not None:
            raise pytest.UsageError(f"--broken {broken}: {trouble}") from trouble
        raise Unreachable(str(trouble)) from trouble


def check_groups(settings: Settings, driver: Driver) -> None:
    """Refuse to begin where there is no group to play with, or where playing would dial people unasked."""
    if "groups" in driver.capabilities:
        return
    if not settings.groups.drivable:
        raise pytest.UsageError(
            f"{driver.name} has no hook to make Campaign Groups: declare some of its own with --groups FILE and mark "
            "them test = true (`cgstate groups --example` prints one)"
        )
    if not settings.allow_dialing:
        raise pytest.UsageError(
            "the declared Campaign Groups would be started, which dials people: say --allow-dialing if that is meant"
        )


def _address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not (port.isascii() and port.isdigit()) or int(port) > 65535:  # noqa: PLR2004 - the last port
        raise pytest.UsageError(f"--listen: {listen!r} is not HOST:PORT with a port from 0 to 65535")
    return host.strip("[]") or "127.0.0.1", int(port)


def _advertised(uri: str | None) -> str | None:
    if uri is None:
        return None
    try:
        parts = urlsplit(uri)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or urlsplit(uri).query or urlsplit(uri).fragment:
        raise pytest.UsageError(f"--advertise: {uri!r} is no http URI like http://host:port")
    return uri


def _ids(option: str, given: list[str] | tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    for each in given:
        named = {r.id for r in registry().by_prefix(each)} if each else set()
        if not named:
            raise pytest.UsageError(f"{option}: no requirement {nearest(each, registry().requirements)}")
        found |= named
    return frozenset(found)


def _recorded(given: str | None) -> LifeCycle | None:
    """Read the life cycle of ``--replay``: JSON, or the name of a file that holds it."""
    if given is None:
        return None
    try:
        text = given if given.lstrip().startswith("{") else Path(given).read_text(encoding="utf-8")
        return LifeCycle.from_json(json.loads(text))
    except OSError as error:
        raise pytest.UsageError(f"--replay: {given}: {error.strerror}") from error
    except ValueError as error:
        raise pytest.UsageError(f"--replay: no recorded life cycle: {error}") from error
