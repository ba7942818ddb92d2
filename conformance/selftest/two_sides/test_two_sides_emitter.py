"""What the reference emitter sends is legal, taken by the reference receiver, and read back as it was sent.

Both are processes of their own; what passes between them is seen on the way.
"""

from __future__ import annotations

import json
import signal
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from cgstate.drivers.driver import Options
from cgstate.drivers.http_control import HttpControl
from cgstate.evidence import Cause, Dialing, Evidence, Exchange, GroupConfiguration, Traits
from cgstate.generate.coverage import reachable
from cgstate.generate.exhaustive import exhaustive_life_cycles
from cgstate.generate.group import GroupChoice
from cgstate.generate.kinds import STATISTICS
from cgstate.generate.life import LifeCycle, Step
from cgstate.generate.samples import NAMES
from cgstate.judge.judge import judge
from cgstate.peer import read_peer
from cgstate.sources.readback import UriReadBack
from cgstate.specification.codes import Action, DialMode, GroupState, OptimizationMethod
from selftest.runs.proxies import NotificationProxy
from selftest.runs.running import Reference, killed_at_the_end, start
from selftest.runs.test_run_receiver import reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

STATE, GUID = "GSW_CAMPAIGN_GROUP_STATE", "GSW_CAMPAIGN_GROUP_GUID"
INTERVAL = 0.2
PERIODS = 3
"""How many periodic messages of each group that is watched."""
WATCHED: tuple[Dialing | None, ...] = (None, Dialing(1, 3, 45), Dialing(3))
"""Groups that are left alone for a while: one that does not run, and two that do."""


@dataclass(frozen=True)
class Between:
    """What came of it."""

    passed: tuple[tuple[bytes, int], ...]
    stored: Mapping[str, tuple[Mapping[str, object], ...]]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body, _ in self.passed]


@pytest.fixture(scope="module")
def between() -> Iterator[Between]:
    with reference() as (uri, read_back), NotificationProxy(urlsplit(uri).port or 0) as proxy, Reference() as emitter:
        driver = HttpControl(emitter.base)
        try:
            driver.set_options(Options(enabled=True, uri=proxy.base + urlsplit(uri).path, interval=INTERVAL))
            unloads = _watched(driver, proxy) + sum(
                _live(driver, life, number) for number, life in enumerate(_lives(), 1)
            )
            proxy.wait_for(lambda passed: sum(_says(body, STATE) == 0 for body, _ in passed) == unloads)
        finally:
            driver.close()
        passed = tuple(proxy.passed)
        guids = sorted({str(_says(body, GUID)) for body, _ in passed})
        source = UriReadBack(read_peer("--readback", read_back))
        stored = source.read(guids)
        source.close()
        assert not stored.trouble
        yield Between(passed, stored.messages)


def _says(body: bytes, attribute: str) -> object:
    return json.loads(body).get(attribute)


def _lives() -> Iterator[LifeCycle]:
    """Every reachable combination, and every strange name in every place."""
    yield from exhaustive_life_cycles(causes=frozenset(Cause), drain=True)
    names = iter([*NAMES, *NAMES[:5]])
    while places := tuple(islice(names, 6)):
        a, b, c, d, e, f = (*places, *NAMES)[:6]
        yield LifeCycle((Step(Action.LOAD), Step(Action.UNLOAD)), GroupChoice(a, b, c, d, e, f))


def _live(driver: HttpControl, life: LifeCycle, number: int) -> int:
    """Play a life; return how many unloads it has."""
    group = life.group.configuration(number, 1, "")
    driver.create_group(group)
    for step in life.steps:
        _ask(driver, group, step)
        if step.action is Action.UNLOAD:
            _await_end(driver, group)
    return sum(step.action is Action.UNLOAD for step in life.steps)


def _ask(driver: HttpControl, group: GroupConfiguration, step: Step) -> None:
    if step.cause is not Cause.CLIENT:
        driver.automatic(group, step.action, step.cause)
    elif step.dialing is not None:
        (driver.start if step.action is Action.START else driver.set_dialing_mode)(group, step.dialing)
    else:
        {Action.LOAD: driver.load, Action.STOP: driver.stop, Action.UNLOAD: driver.unload}[step.action](group)


def _await_end(driver: HttpControl, group: GroupConfiguration) -> None:
    """Wait until its calls are drained; the control API tells nobody, so it is asked."""
    until = time.monotonic() + 20
    while driver.group_state(group) != GroupState.NOT_LOADED:
        assert time.monotonic() < until
        time.sleep(0.01)


def _watched(driver: HttpControl, proxy: NotificationProxy) -> int:
    groups = [GroupChoice(f"watched {n}").configuration(9000 + n, 1, "") for n in range(len(WATCHED))]
    for group, dialing in zip(groups, WATCHED, strict=True):
        driver.create_group(group)
        driver.load(group)
        if dialing is not None:
            driver.start(group, dialing)

    def enough(passed: list[tuple[bytes, int]]) -> bool:
        periodic = Counter(_says(body, "GSW_CAMPAIGN_GROUP_NAME") for body, _ in passed if b"GSW_STAT_" in body)
        return all(periodic[group.name] >= PERIODS for group in groups)

    proxy.wait_for(enough)
    for group in groups:
        driver.unload(group)
        _await_end(driver, group)
    return len(groups)


def test_everything_is_taken(between: Between) -> None:
    assert {status for _, status in between.passed} == {204}


def test_no_rule_is_broken(between: Between) -> None:
    exchanges = tuple(Exchange(number, body) for number, (body, _) in enumerate(between.passed, 1))
    rulings = judge(Evidence(Traits("on the way", complete_from_start=True, has_bytes=True), exchanges))
    assert [ruling for ruling in rulings if ruling.fault is not None] == []
    assert {"trace.not-loaded-action", "trace.not-loaded-once"} <= {ruling.requirement for ruling in rulings}


def test_what_is_read_back_is_what_was_sent(between: Between) -> None:
    sent: dict[str, list[str]] = defaultdict(list)
    for body, _ in between.passed:
        sent[str(_says(body, GUID))].append(_as_written(json.loads(body)))
    stored = {guid: [_as_written(message) for message in messages] for guid, messages in between.stored.items()}
    assert {guid: sorted(messages) for guid, messages in stored.items()} == {
        guid: sorted(messages) for guid, messages in sent.items()
    }


def _as_written(message: Mapping[str, object]) -> str:
    """Return it as text: 5 is not 5.0 there, and 1 is not true."""
    return json.dumps(message, sort_keys=True)


def test_all_that_it_can_send_was_sent(between: Between) -> None:
    actors = {1: Cause.CLIENT, 2: Cause.SCHEDULE, 3: Cause.CONDITION}
    shown = {
        (
            GroupState(message[STATE]),
            Action(message["GSW_CAMPAIGN_GROUP_ACTION"]),
            actors[message["GSW_CAMPAIGN_GROUP_ACTOR"]],
        )
        for message in between.messages
    }
    assert reachable(frozenset(Cause), drain=True) <= shown
    assert {m.get("GSW_DIAL_MODE") for m in between.messages} == {None, *(int(mode) for mode in DialMode if mode)}
    assert {m.get("GSW_OPTIMIZE_BY") for m in between.messages} == {None, *map(int, OptimizationMethod)}
    for attribute in ("GSW_CAMPAIGN_GROUP_NAME", "GSW_GROUP_NAME", "GSW_CAMPAIGN_NAME", "GSW_TENANT_NAME"):
        assert len({message.get(attribute) for message in between.messages} & set(NAMES)) > 5, attribute
    used = {value for message in between.messages for value in message.values() if isinstance(value, str)}
    assert set(NAMES) <= used
    periodic = [message for message in between.messages if set(STATISTICS) & message.keys()]
    assert {message[STATE] for message in periodic} == {GroupState.ACTIVE, GroupState.RUNNING}


def test_the_demonstration_is_taken_to_the_last_message(tmp_path: Path) -> None:
    command = ("-m", "cgstate.command.main")
    with killed_at_the_end(start(tmp_path, *command, "serve")) as serving:
        uri = serving.until("listening on ").split()[-1]
        shown = start(
            tmp_path, *command, "emit", "--to", uri, "--for", "2", "--groups", "9", "--interval", "0.3"
        ).done()
        serving.send(signal.SIGTERM)
        said = serving.done()
    assert (shown.status, said.status) == (0, 0), (shown.out, shown.err, said.err)
    number = shown.last.split()[0]
    assert shown.last == f"{number} notifications delivered, 0 failed"
    assert said.last == f"{number} notifications taken, 0 refused"
    assert int(number) >= 18  # at least a load and an unload of each
