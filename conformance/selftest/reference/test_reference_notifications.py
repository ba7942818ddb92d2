"""What the reference emitter sends, when, and what it does about receivers that fail.

Silence is watched for as long as a fence takes: a drain, or the periods of another group, by the emitter's own clock.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from selftest.reference.conftest import Capture, Control, Received

NAME = "Ä\u202e'\"\\\x01😀" + "中" * 246


def story(received: list[Received]) -> list[tuple[int, int, int]]:
    data = [one.data for one in received]
    return [
        (d["GSW_CAMPAIGN_GROUP_ACTION"], d["GSW_CAMPAIGN_GROUP_STATE"], d["GSW_CAMPAIGN_GROUP_ACTOR"]) for d in data
    ]


def events(received: list[Received]) -> list[Received]:
    return [one for one in received if "GSW_STAT_HIT_RATIO" not in one.data]


def test_every_request_is_reported_once_with_action_state_and_actor(emitter: Control, capture: Capture) -> None:
    emitter.options(capture.uri)
    group = emitter.group(drainSeconds=0.1)
    group.ask("load-campaign")
    group.automatic("start-dialing", "schedule")
    group.ask("set-dialing-mode", dialMode=1, optimizeBy=1, optimizeGoal=80)
    group.automatic("stop-dialing", "condition")
    group.ask("start-dialing")
    group.ask("unload-campaign")
    received = capture.wait(8)
    assert story(received) == [(7, 4, 1), (9, 5, 2), (11, 5, 1), (10, 4, 3), (9, 5, 1), (8, 1, 1), (8, 2, 1), (8, 0, 1)]
    assert len({one.data["GSW_CAMPAIGN_GROUP_GUID"] for one in received}) == 1
    assert {one.method for one in received} == {"POST"}
    assert {one.headers["Content-Type"] for one in received} == {"application/json"}
    times = [float(one.data["GSW_DATE_TIME"]) for one in received]
    assert times == sorted(times)
    assert all(re.fullmatch(r"[0-9]+\.[0-9]{3}", one.data["GSW_DATE_TIME"]) for one in received)
    assert abs(times[0] - received[0].arrival) < 1


@pytest.mark.parametrize("configured", [True, False])
def test_names_are_sent_as_configured_and_left_out_otherwise(
    emitter: Control, capture: Capture, *, configured: bool
) -> None:
    emitter.options(capture.uri)
    optional = {"campaignName": NAME, "campaignTemplateName": NAME, "tenantName": NAME} if configured else {}
    group = emitter.group(name=NAME, groupName=NAME, queueName="" if configured else NAME, **optional)
    group.ask("load-campaign")
    data = capture.wait(1)[0].data
    guid, at = data.pop("GSW_CAMPAIGN_GROUP_GUID"), data.pop("GSW_DATE_TIME")
    assert isinstance(at, str)
    assert 0 < len(guid) <= 64
    expected: dict[str, Any] = {
        "GSW_TENANT_NAME": NAME if configured else "undefined",
        "GSW_TENANT_CCID": "ccid",
        "GSW_CAMPAIGN_GROUP_NAME": NAME,
        "GSW_GROUP_NAME": NAME,
        "GSW_QUEUE_NAME": "" if configured else NAME,
        "GSW_CAMPAIGN_GROUP_STATE": 4,
        "GSW_CAMPAIGN_GROUP_ACTION": 7,
        "GSW_CAMPAIGN_GROUP_ACTOR": 1,
    }
    if configured:
        expected |= {"GSW_CAMPAIGN_NAME": NAME, "GSW_CAMPAIGN_TEMPLATE_NAME": NAME}
    assert data == expected
    group.ask("unload-campaign")


@pytest.mark.parametrize("mode", range(12))
def test_dialing_is_sent_of_running_groups_and_optimisation_in_predictive_modes(
    emitter: Control, capture: Capture, mode: int
) -> None:
    emitter.options(capture.uri)
    group = emitter.group(dialMode=2, optimizeBy=2, optimizeGoal=5)
    group.ask("load-campaign")
    group.ask("start-dialing", dialMode=mode, optimizeBy=1, optimizeGoal=85)
    group.ask("stop-dialing")
    keys = ("GSW_DIAL_MODE", "GSW_OPTIMIZE_BY", "GSW_OPTIMIZE_GOAL")
    sent = [{key: one.data[key] for key in keys if key in one.data} for one in capture.wait(3)]
    running = dict(zip(keys, (mode, 1, 85), strict=True)) if mode in {1, 5, 10} else {"GSW_DIAL_MODE": mode}
    assert sent == [{}, running, {}]


@pytest.mark.parametrize("target", ["/", "//a//b", "/a%2Fb/%41?q=%7e&r=a+b&&s", "/_doc/../x;y=1?z=?"])
def test_the_target_is_path_and_query_exactly_as_configured(emitter: Control, capture: Capture, target: str) -> None:
    emitter.options(f"http://127.0.0.1:{capture.port}{target}")
    group = emitter.group()
    group.ask("load-campaign")
    assert capture.wait(1)[0].target == target


@pytest.mark.parametrize("off", ["no URI", "disabled"])
def test_nothing_is_sent_unless_enabled_and_with_a_uri(emitter: Control, capture: Capture, off: str) -> None:
    emitter.options(capture.uri if off == "disabled" else None, enabled=off != "disabled", interval=0.05)
    groups = [emitter.group(drainSeconds=0.15) for _ in range(2)]
    for request in ("load-campaign", "start-dialing", "unload-campaign"):
        groups[0].ask(request)
    groups[1].ask("load-campaign")
    groups[0].until_unloaded()
    groups[1].ask("unload-campaign")
    emitter.options(capture.uri)
    fence = emitter.group()
    fence.ask("load-campaign")
    assert [one.name for one in capture.wait(1)] == [fence.name]


def test_a_changed_uri_is_used_at_once(emitter: Control, capture: Capture) -> None:
    emitter.options(capture.uri + "/1")
    group = emitter.group()
    group.ask("load-campaign")
    capture.wait(1)
    emitter.options(capture.uri + "/2")
    group.ask("start-dialing")
    assert [one.target for one in capture.wait(2)] == ["/states/1", "/states/2"]


@pytest.mark.parametrize("how", ["302", "307", "404", "500", "503", "reset"])
def test_a_failed_post_is_not_repeated_and_the_next_event_is_sent(emitter: Control, capture: Capture, how: str) -> None:
    emitter.options(capture.uri)
    group = emitter.group()
    capture.answer = lambda one: how if one.data["GSW_CAMPAIGN_GROUP_ACTION"] == 9 else "200"
    for request in ("load-campaign", "start-dialing", "stop-dialing", "unload-campaign"):
        group.ask(request)
    assert [action for action, _, _ in story(capture.wait(4))] == [7, 9, 10, 8]
    fence = emitter.group()
    fence.ask("load-campaign")
    capture.wait(1, fence.name)
    assert len(capture.of(group.name)) == 4
    assert {one.target for one in capture.received} == {"/states"}


def test_what_a_dead_receiver_missed_is_gone_and_the_next_event_is_sent(
    emitter: Control, capture: Capture, other_capture: Capture
) -> None:
    emitter.options(capture.uri)
    group = emitter.group()
    group.ask("load-campaign")
    capture.wait(1)
    capture.close()
    group.ask("start-dialing")
    assert group.state == 5
    # The attempt needs a moment to be refused: the group's next one, to another receiver, is made after it.
    emitter.options(other_capture.uri)
    group.ask("stop-dialing")
    assert [action for action, _, _ in story(other_capture.wait(1))] == [10]
    capture.open()
    emitter.options(capture.uri)
    group.ask("unload-campaign")
    assert [action for action, _, _ in story(capture.wait(2))] == [7, 8]


def test_a_stalled_receiver_holds_up_neither_the_group_nor_others_and_order_and_times_are_kept(
    emitter: Control, capture: Capture
) -> None:
    emitter.options(capture.uri)
    group, other, fence = emitter.group(), emitter.group(), emitter.group(drainSeconds=0.3)
    capture.answer = lambda one: "stall" if one.name == group.name else "200"
    group.ask("load-campaign")
    capture.wait(1)
    asked = time.time()
    group.ask("start-dialing")
    group.ask("stop-dialing")
    assert group.state == 4
    other.ask("load-campaign")
    capture.wait(1, other.name)
    assert time.time() - asked < 1
    fence.drain(capture)
    assert len(capture.of(group.name)) == 1
    capture.released.set()
    received = capture.wait(3, group.name)
    assert story(received) == [(7, 4, 1), (9, 5, 1), (10, 4, 1)]
    for one in received[1:]:
        assert one.arrival - asked > 0.3
        assert abs(float(one.data["GSW_DATE_TIME"]) - asked) < 0.25


def test_connections_are_kept_and_one_closed_while_idle_costs_nothing(emitter: Control, capture: Capture) -> None:
    emitter.options(capture.uri)
    group = emitter.group()
    for number in range(3):
        group.ask("load-campaign")
        group.ask("unload-campaign")
        capture.wait(2 * number + 2)
    assert len({one.connection for one in capture.received}) == 1
    capture.answer = lambda _: "close-after"
    for number in range(6, 26):
        group.ask("unload-campaign" if number % 2 else "load-campaign")
        capture.wait(number + 1)
        capture.wait_closed(number - 5)  # before the next notification, not while it is sent


def test_periodic_messages_carry_state_and_statistics_of_active_groups_only(emitter: Control, capture: Capture) -> None:
    emitter.options(capture.uri, interval=0.1)
    group, idle = emitter.group(drainSeconds=0.3), emitter.group()
    group.ask("load-campaign")
    capture.wait(3, group.name)
    group.automatic("start-dialing", "schedule")
    count = len(capture.of(group.name))
    capture.wait(count + 3, group.name)
    group.ask("unload-campaign")
    ended = capture.wait_for(8, 0, group.name)[-1].arrival
    fence = emitter.group()
    fence.ask("load-campaign")
    capture.wait(4, fence.name)
    received = capture.of(group.name)
    samples = [one for one in received if one not in events(received)]
    assert {s[1] for s in story(samples)} == {4, 5}
    assert {s for s in story(samples) if s[1] == 5} == {(9, 5, 2)}
    assert all(one.arrival < ended for one in samples)
    assert [s[1] for s in story(events(received))] == [4, 5, 1, 2, 0]
    assert story(received)[-1] == (8, 0, 1)
    assert capture.of(idle.name) == []
    for one in samples:
        statistics = {key: value for key, value in one.data.items() if key.startswith("GSW_STAT_")}
        assert len(statistics) == 4
        assert all(value is None or value >= 0 for value in statistics.values())
        assert any(value is not None for value in statistics.values())
        assert abs(float(one.data["GSW_DATE_TIME"]) - one.arrival) < 0.5


def test_periods_are_kept_and_a_changed_interval_holds_at_once(emitter: Control, capture: Capture) -> None:
    emitter.options(capture.uri)
    group = emitter.group()
    group.ask("load-campaign")
    capture.wait(1)
    emitter.options(capture.uri, interval=0.15)
    changed = time.time()
    arrivals = [one.arrival for one in capture.wait(7)[1:]]
    assert arrivals[0] - changed < 0.4
    # From the first to the last of six: single gaps may wobble on a busy machine, their sum may not drift.
    assert arrivals[-1] - arrivals[0] == pytest.approx(5 * 0.15, abs=0.1)
    emitter.options(capture.uri, interval=0)
    # Nothing of the group is on its way any more when its next event has come.
    group.ask("start-dialing")
    count = len(capture.wait_for(9, 5, group.name))
    emitter.group(drainSeconds=0.5).drain(capture)
    assert len(capture.of(group.name)) == count


def test_a_stalled_receiver_is_not_flooded_with_samples_later(emitter: Control, capture: Capture) -> None:
    emitter.options(capture.uri, interval=0.05)
    group, other = emitter.group(), emitter.group()
    capture.answer = lambda one: "stall" if one.name == group.name else "200"
    group.ask("load-campaign")
    capture.wait(1, group.name)
    other.ask("load-campaign")
    capture.wait(10, other.name)
    emitter.options(capture.uri, interval=0)
    capture.released.set()
    group.ask("unload-campaign")
    received = capture.wait(3, group.name)
    assert [s[0] for s in story(events(received))] == [7, 8]
    assert len(received) == 3
