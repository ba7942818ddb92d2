"""A message that nothing asked for breaks one rule; which one depends on what came before it."""

from collections.abc import Iterator

from cgstate.judge.checks import check
from cgstate.judge.message import Message
from cgstate.judge.ruling import Ruling, broken
from cgstate.judge.trace import reading
from cgstate.judge.trace.pairing import says_the_same
from cgstate.judge.trace.reading import arrival_of, has_statistics
from cgstate.judge.trace.scene import Scene, answered_badly
from cgstate.judge.trace.story import Standing, Step, Story, Stray
from cgstate.judge.trace.timeline import GRACE


@check(
    "event.once",
    "event.none-after-refusal",
    "event.none-while-not-loaded",
    "failure.no-retry",
    "periodic.interval",
    "option.interval-change",
)
def rule_on_strays(scene: Scene) -> Iterator[Ruling]:
    """Accuse each message that no request accounts for of the one rule it breaks."""
    for story in scene.stories:
        for stray in story.strays:
            arrival = arrival_of(stray.message)
            # What comes while nothing may be reported, the options' own rule accuses.
            if scene.timeline.may_report(arrival) and not _may_be_others_doing(scene, stray):
                yield _accuse(scene, story, stray, arrival)


def _may_be_others_doing(scene: Scene, stray: Stray) -> bool:
    """Whether it may tell what somebody else did: groups that the suite did not make have schedules and users."""
    emitter = scene.evidence.emitter
    return emitter is not None and "groups" not in emitter.capabilities and stray.repeats is None


def _accuse(scene: Scene, story: Story, stray: Stray, arrival: float) -> Ruling:
    repeats = stray.repeats
    step, gone = story.step_at(arrival), story.unloaded_at(arrival)
    periodic = has_statistics(stray.message) and not (repeats and has_statistics(repeats))
    if repeats is not None and answered_badly(repeats.exchange) and not periodic:
        return _again(stray, repeats, arrival, step)
    refused = next((s for s in reversed(story.steps) if s.act.asked <= arrival and _reports_refused(s, stray)), None)
    if refused is not None and not periodic:
        why = refused.act.detail
        return broken(
            "event.none-after-refusal",
            "a refused request is reported",
            expected=f"nothing: {refused.act.action.request} was refused" + (f" ({why})" if why else ""),
            seen="a notification of it",
            exchanges=[stray.message.exchange.number],
            acts=[refused.act.number],
        )
    if step is None or (gone is not None and (repeats is None or periodic or arrival > gone + GRACE)):
        return broken(
            "event.none-while-not-loaded",
            "a group is reported before its load" if step is None else "a group is reported after its unload",
            expected="nothing while the group is not loaded",
            seen="a notification" if gone is None else f"a notification {arrival - gone:.2f} s after the unload's",
            exchanges=[stray.message.exchange.number],
            acts=_acts(step),
        )
    if periodic:
        changed = scene.timeline.was_periodic_before(arrival)
        return broken(
            "option.interval-change" if changed else "periodic.interval",
            f"periodic messages come at {'an earlier' if changed else 'another'} interval than the one that is set",
            expected="none: the interval that is set is longer than the run",
            seen="a message with statistics",
            exchanges=[stray.message.exchange.number],
            acts=_acts(step),
        )
    return broken(
        "event.once",
        "an event is reported more than once" if repeats else "a message comes that no request accounts for",
        expected="one notification for each action",
        seen="the same event again" if repeats else "a further notification",
        exchanges=_numbers(stray),
        acts=_acts(step),
    )


def _again(stray: Stray, repeats: Message, arrival: float, step: Step | None) -> Ruling:
    return broken(
        "failure.no-retry",
        f"a notification is sent again after {_in_words(str(repeats.exchange.answer))}",
        expected="one attempt, whatever becomes of it",
        seen=f"again {arrival - arrival_of(repeats):.2f} s later",
        exchanges=_numbers(stray),
        acts=_acts(step),
    )


def _numbers(stray: Stray) -> list[int]:
    """Return the message to show first, then the one it repeats."""
    return [m.exchange.number for m in (stray.message, stray.repeats) if m is not None]


def _acts(step: Step | None) -> list[int]:
    return [step.act.number] if step else []


def _reports_refused(step: Step, stray: Stray) -> bool:
    """Whether it names a request that was refused, and is not the event of an accepted one said again."""
    if step.standing is not Standing.REFUSED or reading.action(stray.message) is not step.act.action:
        return False
    if stray.repeats is None:
        return True
    return arrival_of(stray.repeats) < step.act.asked and not says_the_same(stray.message, stray.repeats)


def _in_words(answer: str) -> str:
    match answer:
        case "reset":
            return "a connection reset"
        case "silence":
            return "no answer"
        case _:
            return f"a {answer[:1]}xx answer"
