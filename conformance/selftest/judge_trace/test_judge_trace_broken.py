"""Each way to be wrong is accused of exactly the requirement that it breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cgstate.evidence import Cause, Dialing
from cgstate.specification.codes import Action, GroupState
from cgstate.specification.registry import Role, registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from selftest.judge_trace.changing import (
        RUNNING,
        Change,
        again,
        comes,
        cut,
        dated,
        everything,
        followed,
        held_up,
        lacks,
        late,
        lost,
        moved,
        one_guid,
        periods,
        says,
        sent,
        stopped,
    )
    from selftest.judge_trace.right_run import whole_run
    from selftest.judge_trace.telling import BEGIN, STATISTICS, TARGET, Tale, untimed
else:
    from changing import (
        RUNNING,
        again,
        comes,
        cut,
        dated,
        everything,
        followed,
        held_up,
        lacks,
        late,
        lost,
        moved,
        one_guid,
        periods,
        says,
        sent,
        stopped,
    )
    from right_run import whole_run
    from telling import BEGIN, STATISTICS, TARGET, Tale, untimed

BROKEN: list[tuple[str, str, Change]] = [
    ("event.load.reported", "lost load", lost("1.load")),
    ("event.start.reported", "lost start", lost("1.start")),
    ("event.set-dialing-mode.reported", "lost change", lost("1.set-dialing-mode")),
    ("event.stop.reported", "lost stop", lost("1.stop")),
    ("event.unload.reported", "lost unload", lost("1.unload")),
    ("event.unload.reported", "lost end of a drain", lost("2.unload")),
    ("event.start.reported", "start after the deadline", late("1.start", 11)),
    ("event.unload.reported", "drain longer than the group's", late("2.unload", 12)),
    ("event.once", "doubled load", again("1.load", 0.2)),
    ("event.once", "doubled start with a time of its own", again("1.start", 0.3, at=2.3)),
    ("event.once", "doubled unload with a time of its own", again("1.unload", 0.3, at=5.3)),
    ("event.once", "doubled stop in the shade of a refused one", again("1.stop", 0.6)),
    ("event.once", "a message that nobody asked for", comes(2.5, 1, Action.STOP, GroupState.INACTIVE)),
    ("event.soon", "start after 3 s", late("1.start", 3)),
    ("event.none-after-refusal", "refused stop reported", comes(4.6, 1, Action.STOP, GroupState.ACTIVE)),
    ("event.none-while-not-loaded", "before the load", comes(0.5, 1, Action.LOAD, GroupState.ACTIVE)),
    ("event.none-while-not-loaded", "after the unload", comes(8, 1, Action.UNLOAD, GroupState.ACTIVE)),
    (
        "event.none-while-not-loaded",
        "periodic after the unload",
        comes(47, 13, Action.LOAD, GroupState.ACTIVE, statistics=True),
    ),
    ("event.none-while-not-loaded", "draining after its end", comes(8, 2, Action.UNLOAD, GroupState.WAITING_UNLOAD)),
    ("state.after-load", "running after load", lambda tale: tale.named["1.load"].said.update(RUNNING)),
    ("state.after-start", "active after start", stopped("1.start")),
    ("state.after-stop", "running after stop", lambda tale: tale.named["1.stop"].said.update(RUNNING)),
    ("state.after-unload", "active after unload", says("1.unload", CAMPAIGN_GROUP_STATE=4)),
    ("state.after-set-dialing-mode", "active after a change", stopped("1.set-dialing-mode")),
    ("state.after-start", "active after start, with periodic messages", stopped("11.start")),
    ("state.active-when-loaded", "inactive after load", says("1.load", CAMPAIGN_GROUP_STATE=3)),
    ("state.active-when-loaded", "inactive after stop", says("1.stop", CAMPAIGN_GROUP_STATE=3)),
    ("action.as-requested", "start called load", says("1.start", CAMPAIGN_GROUP_ACTION=7)),
    ("action.as-requested", "change called start", says("1.set-dialing-mode", CAMPAIGN_GROUP_ACTION=9)),
    ("actor.as-declared", "client's load by schedule", says("1.load", CAMPAIGN_GROUP_ACTOR=2)),
    ("actor.as-declared", "condition's stop by client", says("3.stop", CAMPAIGN_GROUP_ACTOR=1)),
    ("date-time.utc", "local time in one message", dated("1.start", 7202)),
    ("date-time.utc", "local time west of Greenwich", everything("GSW_DATE_TIME", lambda t: f"{float(t) - 12600:.3f}")),
    ("date-time.utc", "milliseconds", everything("GSW_DATE_TIME", lambda t: f"{float(t) * 1000:.3f}")),
    ("date-time.clock", "a clock 7 s ahead", everything("GSW_DATE_TIME", lambda t: f"{float(t) + 7:.3f}")),
    ("date-time.clock", "a clock 20 years behind", everything("GSW_DATE_TIME", lambda t: f"{float(t) - 6.3e8:.3f}")),
    ("date-time.when-it-happened", "time of sending in a stall", dated("7.start", 18.89)),
    ("date-time.when-it-happened", "before the request", dated("1.start", 0.5)),
    ("date-time.when-it-happened", "in the future", dated("1.start", 99)),
    ("campaign-group-name.as-configured", "another name", says("1.load", CAMPAIGN_GROUP_NAME="x")),
    ("campaign-group-name.as-configured", "empty though", says("1.load", CAMPAIGN_GROUP_NAME="cgstate-test-1-")),
    (
        "campaign-group-name.as-configured",
        "another group's name",
        says("1.start", CAMPAIGN_GROUP_NAME="cgstate-test-2-campaign@group"),
    ),
    ("group-name.as-configured", "another group", says("1.load", GROUP_NAME="x")),
    ("campaign-name.as-configured", "another campaign", says("1.load", CAMPAIGN_NAME="x")),
    ("campaign-template-name.as-configured", "another template", says("1.load", CAMPAIGN_TEMPLATE_NAME="x")),
    ("queue-name.as-configured", "another queue", says("1.load", QUEUE_NAME="x")),
    ("tenant-name.as-configured", "undefined though set", says("1.load", TENANT_NAME="undefined")),
    ("tenant-ccid.as-configured", "another id", says("11.periodic", TENANT_CCID="x")),
    ("campaign-name.present-if-configured", "no campaign", lacks("1.load", "GSW_CAMPAIGN_NAME")),
    ("campaign-template-name.present-if-configured", "no template", lacks("1.load", "GSW_CAMPAIGN_TEMPLATE_NAME")),
    ("campaign-name.left-out", "a campaign made up", says("2.load", CAMPAIGN_NAME="x")),
    ("campaign-template-name.left-out", "a template made up", says("2.1", CAMPAIGN_TEMPLATE_NAME="x")),
    ("tenant-name.undefined", "a name made up", says("2.load", TENANT_NAME="none")),
    ("dial-mode.as-requested", "another predictive mode", says("1.start", DIAL_MODE=5)),
    ("dial-mode.as-requested", "the mode before", says("1.set-dialing-mode", DIAL_MODE=3)),
    ("optimize-by.as-requested", "another method", says("1.start", OPTIMIZE_BY=2)),
    ("optimize-goal.as-requested", "another goal", says("1.start", OPTIMIZE_GOAL=81)),
    ("dialing.kept", "another goal later", says("11.periodic", OPTIMIZE_GOAL=81)),
    ("dialing.kept", "another mode than configured when it starts by itself", says("3.start", DIAL_MODE=5)),
    ("guid.constant", "another GUID once", says("1.start", CAMPAIGN_GROUP_GUID="other")),
    ("guid.constant", "another GUID at load", says("1.load", CAMPAIGN_GROUP_GUID="other")),
    ("guid.constant", "another GUID of a periodic message", says("11.periodic", CAMPAIGN_GROUP_GUID="other")),
    ("guid.distinct", "one GUID for two", one_guid),
    ("action.as-requested", "another one in state 1", says("2.1", CAMPAIGN_GROUP_ACTION=9)),
    ("actor.as-declared", "another one in state 1", says("2.1", CAMPAIGN_GROUP_ACTOR=2)),
    ("drain.order", "2 before 1", lambda tale: (dated("2.1", 6.1)(tale), dated("2.2", 5.8)(tale))),
    ("drain.order", "1 twice", again("2.1", 0.1)),
    ("drain.order", "1 after 0", dated("2.1", 6.8)),
    ("failure.no-retry", "again at once after 500", again("4.load", 0.01)),
    ("failure.no-retry", "again after 500, 5 s later", again("4.load", 5)),
    ("failure.no-retry", "again after 500 with a new time", again("4.load", 0.5, at=10.5)),
    ("failure.no-retry", "stop again after a reset", again("4.stop", 0.1)),
    ("failure.no-retry", "unload again after 302", again("4.unload", 0.1)),
    ("failure.no-retry", "unload again after 302, 5 s later, with a new time", again("4.unload", 5, at=18)),
    ("failure.no-retry", "a redirect followed twice", followed("4.unload", 2)),
    ("failure.no-retry", "again after a refused connection", comes(15.2, 5, Action.START, GroupState.RUNNING)),
    ("failure.next-event", "lost after a failed one", lost("4.start")),
    ("failure.group-goes-on", "held up by a stall", held_up),
    ("option.off", "an event while off", comes(55.61, 22, Action.LOAD, GroupState.ACTIVE)),
    ("option.off-again", "an event while off again", comes(55.51, 21, Action.START, GroupState.RUNNING)),
    ("option.off-again", "periodic while off", comes(56.7, 21, Action.LOAD, GroupState.ACTIVE, statistics=True)),
    ("option.off-by-default", "an event while off by default", comes(58.21, 23, Action.LOAD, GroupState.ACTIVE)),
    ("option.no-uri", "an event without a URI", comes(60.21, 24, Action.LOAD, GroupState.ACTIVE)),
    ("option.uri-change", "to the URI before", moved("20.start", TARGET)),
    ("http.configured-uri", "without the query", moved("1.start", "/notifications")),
    ("http.configured-uri", "another query", moved("1.start", "/notifications?source=other")),
    ("option.interval-zero", "periodic", comes(18.5, 6, Action.LOAD, GroupState.ACTIVE, statistics=True)),
    ("periodic.reported", "none", periods(11)),
    ("periodic.interval", "too long", periods(11, 44.4, 47.1, 49.8)),
    ("periodic.interval", "too short", periods(11, 45, 46, 47, 48, 49)),
    ("periodic.interval", "one only", periods(11, 44.5)),
    ("periodic.interval", "though none is due", comes(2.5, 1, Action.START, GroupState.RUNNING, statistics=True)),
    ("periodic.no-drift", "later and later", periods(12, 45.4, 47.75, 50.15)),
    ("periodic.state", "active while running", stopped("11.periodic")),
    ("periodic.statistics", "none", lacks("11.periodic", *STATISTICS)),
    ("periodic.all-statistics", "three", lacks("11.periodic", "GSW_STAT_HIT_RATIO")),
    ("automatic.reported", "start by schedule not reported", lost("3.start")),
    ("trace.not-loaded-action", "unload called stop", says("1.unload", CAMPAIGN_GROUP_ACTION=10)),
    ("trace.not-loaded-once", "doubled unload", again("1.unload", 0.3)),
    ("trace.not-loaded-once", "doubled unload, 3 s later", again("1.unload", 3)),
    # Faults of one message cost no event.
    ("state.integer", "state as string everywhere", everything("GSW_CAMPAIGN_GROUP_STATE", str)),
    ("state.known-code", "an unknown state", says("1.load", CAMPAIGN_GROUP_STATE=9)),
    (
        "state.integer",
        "a state in words",
        lambda tale: (stopped("1.start")(tale), says("1.start", CAMPAIGN_GROUP_STATE="Running")(tale)),
    ),
    ("action.integer", "an action in words", says("1.start", CAMPAIGN_GROUP_ACTION="start")),
    ("action.present", "no action", lacks("1.stop", "GSW_CAMPAIGN_GROUP_ACTION")),
    ("body.json", "unreadable start", sent("1.start", b'{"GSW_CAMPAIGN_GROUP_NAME": "cgstate-test-1-campaign@gr')),
    ("body.json", "unreadable start that names nobody", sent("1.start", b"GSW:")),
    ("body.json", "a body cut short", cut("1.stop", end=-1)),
    ("body.utf8", "UTF-16", cut("1.stop", "utf-16")),
    ("body.object", "an array", sent("1.stop", b"[]")),
    ("date-time.form", "not finite", says("1.stop", DATE_TIME="1e999")),
    ("date-time.form", "no number", says("1.stop", DATE_TIME="nan")),
    ("dial-mode.integer", "an object for a mode", says("1.start", DIAL_MODE={})),
]


@pytest.mark.parametrize(("requirement", "change"), [pytest.param(r, c, id=f"{r}: {t}") for r, t, c in BROKEN])
def test_exactly_one_requirement_is_broken(requirement: str, change: Change) -> None:
    tale = whole_run()
    change(tale)
    assert list(tale.faults()) == [requirement]


def default_period(*times: float) -> Tale:
    tale = untimed()
    tale.options(1, interval=10, default=True)
    tale.do(2, 1, Action.LOAD)
    tale.periodic(times, 1, GroupState.ACTIVE)
    tale.do(80, 1, Action.UNLOAD)
    return tale


def changed_interval(*times: float) -> Tale:
    tale = Tale()
    tale.options(0, interval=4)
    tale.do(1, 1, Action.LOAD)
    tale.periodic([5, 9], 1, GroupState.ACTIVE)
    tale.options(10, interval=2)
    tale.periodic(times, 1, GroupState.ACTIVE)
    tale.do(22.5, 1, Action.UNLOAD)
    return tale


def wrong_just_before_it_is_off(attempt: str) -> Tale:
    """A stop says running less than a second before the feature is turned off: its event need not have come at all."""
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    if attempt == "a start that is lost":
        tale.window("closed", 1.9, 2.2)
        tale.ask(2, 1, Action.START)
    else:
        tale.do(2, 1, Action.START)
    tale.do(2.3, 1, Action.STOP).said.update(RUNNING)
    tale.do(2.4, 1, Action.UNLOAD)
    tale.options(3, enabled=False)
    tale.options(5)
    tale.fence()
    return tale


def held_back_just_before_it_is_off() -> Tale:
    """A stall ends less than a second before the feature is turned off; the event has the time of its sending."""
    tale = untimed()
    for at in range(1, 9, 2):
        tale.do(at, at, Action.LOAD)
        tale.do(at + 1, at, Action.UNLOAD)
    tale.window("stall", 10, 10.8)
    tale.do(10.05, 10, Action.LOAD, answer="silence")
    tale.do(10.1, 10, Action.START, late=0.75).said["GSW_DATE_TIME"] = f"{BEGIN + 10.84:.3f}"
    tale.do(10.85, 10, Action.UNLOAD)
    tale.options(10.9, enabled=False)
    tale.options(13)
    tale.fence()
    return tale


def started_by_itself_after_a_client() -> Tale:
    """The configuration and the client before agree on the mode only; the start has another one."""
    tale = untimed()
    tale.do(1, 1, Action.LOAD)
    tale.do(2, 1, Action.START, Dialing(1, 3, 20))
    tale.do(3, 1, Action.STOP)
    tale.do(4, 1, Action.START, cause=Cause.SCHEDULE).said["GSW_DIAL_MODE"] = 5
    tale.do(5, 1, Action.UNLOAD)
    return tale


def actions_in_words() -> Tale:
    """Requests follow each other faster than their events, one POST fails, and no event names its request by a code."""
    tale = untimed()
    tale.window("stall", 0.9, 1.8)
    tale.do(1, 1, Action.LOAD, answer="silence")
    for at, action in ((1.2, Action.START), (1.4, Action.SET_DIALING_MODE), (1.5, Action.STOP), (1.7, Action.UNLOAD)):
        tale.do(at, 1, action, late=2 - at + at / 100)
    for draft in tale.drafts:
        draft.said["GSW_CAMPAIGN_GROUP_ACTION"] = "a word"
    tale.fence()
    return tale


def twice_within_a_whole_second() -> Tale:
    """A group is loaded and unloaded twice within a second, and all of it has the same GSW_DATE_TIME."""
    tale = untimed()
    for at in (1.0, 1.8):
        tale.do(at, 1, Action.LOAD)
        tale.do(at + 0.1, 1, Action.UNLOAD)
    for draft in tale.drafts:
        draft.said["GSW_DATE_TIME"] = f"{BEGIN + 1:.0f}"
    tale.fence()
    return tale


OWN: list[tuple[str, str, Tale]] = [
    ("date-time.form", "the same twice within a second", twice_within_a_whole_second()),
    ("dialing.kept", "neither as configured nor as asked before", started_by_itself_after_a_client()),
    ("action.integer", "faster than the events come", actions_in_words()),
    ("date-time.when-it-happened", "just before it is turned off", held_back_just_before_it_is_off()),
    ("state.after-stop", "just before it is turned off", wrong_just_before_it_is_off("a start that is seen")),
    ("state.after-stop", "after a start that was lost", wrong_just_before_it_is_off("a start that is lost")),
    ("periodic.default-interval", "1.5 times too long", default_period(17, 32, 47, 62, 77)),
    ("periodic.default-interval", "one only", default_period(12)),
    ("option.interval-change", "still the interval before", changed_interval(13, 17, 21)),
    ("periodic.interval", "a third interval", changed_interval(13, 16, 19, 22)),
]


@pytest.mark.parametrize(("requirement", "tale"), [pytest.param(r, s, id=f"{r}: {t}") for r, t, s in OWN])
def test_exactly_one_requirement_is_broken_in_a_story_of_its_own(requirement: str, tale: Tale) -> None:
    assert list(tale.faults()) == [requirement]


def test_every_requirement_over_several_messages_is_broken_by_a_story() -> None:
    of_the_layer = {
        r.id for r in registry().requirements.values() if r.layer == "trace" and r.role is not Role.RECEIVER
    }
    assert of_the_layer <= {requirement for requirement, _, _ in (*BROKEN, *OWN)}


def test_every_requirement_over_several_messages_is_met_by_a_right_run() -> None:
    of_the_layer = {
        r.id for r in registry().requirements.values() if r.layer == "trace" and r.role is not Role.RECEIVER
    }
    assert of_the_layer <= whole_run().met()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (dated("7.start", 18.89), "GSW_DATE_TIME is when the message was sent"),
        (dated("1.start", 0.5), "GSW_DATE_TIME is earlier than the action"),
        (dated("1.start", 99), "GSW_DATE_TIME is later than the message"),
        (lost("1.load"), "the event of load-campaign is not reported"),
        (late("1.load", 11), "the event of load-campaign comes after the deadline"),
        (again("4.load", 0.01), "a notification is sent again after a 5xx answer"),
        (again("4.stop", 0.01), "a notification is sent again after a connection reset"),
        (comes(15.2, 5, Action.START, GroupState.RUNNING), "a notification is sent again after a refused connection"),
    ],
)
def test_a_fault_is_stated_for_its_reason(change: Callable[[Tale], object], sentence: str) -> None:
    tale = whole_run()
    change(tale)
    assert list(tale.faults().values()) == [sentence]
