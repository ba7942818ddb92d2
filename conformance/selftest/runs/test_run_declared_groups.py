"""An emitter without test hooks: only the groups that are marked for it are played with, and all end unloaded."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import pytest

from selftest.runs.proxies import ControlProxy
from selftest.runs.running import Reference, free_port, killed_at_the_end, run, start_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CAMPAIGN = 101
MINE, MINE_TOO, SOMEBODYS, UNMARKED, UNMARKED_IDLE = range(1, 6)
MARKED = (MINE, MINE_TOO, SOMEBODYS)
PATH = "/cgstate/notifications?source=cgstate&step=1%2C2"
DURATION = ("--fast", "--deadline", "4", "--drain-deadline", "5")


def _configuration(group: int) -> dict[str, object]:
    return {
        "name": f"Renewals@{group}",
        "groupName": f"Agents {group}",
        "campaignName": "Renewals",
        "campaignTemplateName": None,
        "queueName": "8001",
        "tenantName": "Environment",
        "tenantCcid": "1",
        "dialMode": 3,
        "optimizeBy": 0,
        "optimizeGoal": 0,
    }


def _file(*groups: int) -> str:
    tables = ["dialModes = [2, 3]\nautomatic = false\n"]
    for group in groups:
        values = {key: value for key, value in _configuration(group).items() if value is not None}
        lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
        test = "test = true" if group in MARKED else "test = false"
        head = [f"campaignId = {CAMPAIGN}", f"groupId = {group}", test, 'unset = ["campaignTemplateName"]']
        tables.append("\n".join(["[[group]]", *head, *lines, ""]))
    return "\n".join(tables)


@pytest.fixture
def real() -> Iterator[tuple[Reference, ControlProxy, tuple[str, ...]]]:
    """Stand for a real server: options set by hand, groups that exist, two of them in somebody's use."""
    port = free_port()
    with Reference() as emitter, ControlProxy(emitter.base, hooks=False) as proxy:
        for group in (*MARKED, UNMARKED, UNMARKED_IDLE):
            path = f"/conformance/campaign-groups/{CAMPAIGN}/{group}"
            assert emitter.ask("PUT", path, _configuration(group))[0] == 200
        for group in (SOMEBODYS, UNMARKED):
            body = {"data": {"campaignId": CAMPAIGN, "groupId": group, "requestProperties": []}}
            assert emitter.ask("POST", "/load-campaign", body)[0] == 200
        options = {
            "send-campaigngroup-states": True,
            "campaigngroup-states-uri": f"http://127.0.0.1:{port}{PATH}",
            "campaigngroup-states-interval": 3600,
        }
        assert emitter.ask("PUT", "/conformance/options", options)[0] == 200
        arguments = ("--emitter", proxy.base, "--groups", "groups.toml", "--listen", f"127.0.0.1:{port}", *DURATION)
        yield emitter, proxy, (*arguments, "--allow-dialing")


def _touched(proxy: ControlProxy, *requests: str) -> set[int]:
    """Return the groups that were asked for with these requests (none: any)."""
    return {
        json.loads(body)["data"]["groupId"]
        for (method, path), body in zip(proxy.asked, proxy.bodies, strict=True)
        if method == "POST" and (not requests or path.removeprefix("/") in requests)
    }


def _states(emitter: Reference) -> dict[int, int | None]:
    return {group: emitter.state(CAMPAIGN, group) for group in (*MARKED, UNMARKED, UNMARKED_IDLE)}


AS_BEFORE = {MINE: 0, MINE_TOO: 0, SOMEBODYS: 4, UNMARKED: 4, UNMARKED_IDLE: 0}


@pytest.mark.parametrize(
    "order",
    [(MINE, MINE_TOO, SOMEBODYS, UNMARKED, UNMARKED_IDLE), (SOMEBODYS, UNMARKED, MINE)],
    ids=["somebody's is the last", "somebody's is the first"],
)
def test_only_marked_groups_are_played_with(
    tmp_path: Path, real: tuple[Reference, ControlProxy, tuple[str, ...]], order: tuple[int, ...]
) -> None:
    emitter, proxy, arguments = real
    (tmp_path / "groups.toml").write_text(_file(*order))
    done = run(tmp_path, *arguments)
    done.assert_no_traceback()
    assert done.accused == set(), done.told
    assert done.status in (0, 5), done.told
    assert _touched(proxy) == set(order) & set(MARKED)
    assert _touched(proxy, "unload-campaign", "start-dialing", "stop-dialing") == set(order) & {MINE, MINE_TOO}
    assert _states(emitter) == AS_BEFORE
    modes = {json.loads(body)["data"].get("dialMode", 3) for body in proxy.bodies if b"dialMode" in body}
    assert modes <= {2, 3}, "the groups file says which dial modes it has"
    assert done.outcomes["event.start.reported"] == "passed"
    assert "no hook to set its options" in done.requirements["option.off"]["reason"]
    assert done.outcomes["automatic.reported"] == "not applicable"
    assert any(f"'Renewals@{SOMEBODYS}' cannot be loaded and is left alone" in n for n in done.report["notes"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_unloads_what_was_loaded(
    tmp_path: Path, real: tuple[Reference, ControlProxy, tuple[str, ...]], number: signal.Signals
) -> None:
    emitter, proxy, arguments = real
    (tmp_path / "groups.toml").write_text(_file(MINE, MINE_TOO))
    with killed_at_the_end(start_run(tmp_path, *arguments)) as running:
        proxy.wait_for("start-dialing", 1)
        running.send(number)
        done = running.done(8)
    done.assert_no_traceback()
    assert (done.status, done.report["exitStatus"]) == (2, 2)
    assert _states(emitter) == AS_BEFORE
