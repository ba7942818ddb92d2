"""A notification that fails is left alone: no second attempt, and life goes on."""

from collections.abc import Iterator

from cgstate.evidence import Reply
from cgstate.judge.checks import check
from cgstate.judge.ruling import Ruling, broken, met
from cgstate.judge.shown import counted
from cgstate.judge.trace.events import deadline, watched
from cgstate.judge.trace.reading import arrival_of
from cgstate.judge.trace.scene import Scene, answered_badly
from cgstate.judge.trace.story import Standing, Step

PROMPT = 1.0
"""A request that takes so many seconds longer than any other while the receiver stalls waits for the receiver."""


@check("failure.no-retry")
def rule_on_no_retry(scene: Scene) -> Iterator[Ruling]:
    """Say where a failed notification was left alone, and accuse what came late after a refused connection."""
    for story, step, event in scene.events():
        arrival = arrival_of(event)
        numbers = {"exchanges": [event.exchange.number], "acts": [step.act.number]}
        if step.standing is Standing.UNSEEN:
            if not _was_tried(scene, step):
                continue
            yield broken(
                "failure.no-retry",
                "a notification is sent again after a refused connection",
                expected="one attempt, whatever becomes of it",
                seen=f"it came {arrival - step.act.asked:.2f} s after the action, when the receiver was back",
                **numbers,
            )
        elif (
            answered_badly(event.exchange)
            and not story.may_be_periodic(event, scene.timeline)
            and scene.alive_after(arrival)
        ):
            yield met("failure.no-retry", **numbers)
    for story in scene.stories:
        for step in story.steps:
            closed = scene.timeline.window("closed", step.act.asked)
            unseen = step.standing is Standing.UNSEEN and step.act.number not in story.events
            if unseen and closed and scene.alive_after(closed.ended):
                yield met("failure.no-retry", acts=[step.act.number])


def _was_tried(scene: Scene, step: Step) -> bool:
    """Whether connections were refused for longer than any event of this emitter took: the attempt was made then."""
    closed = scene.timeline.window("closed", step.act.asked)
    return closed is not None and closed.ended - step.act.asked >= max(scene.delays, default=0.0)


@check("failure.no-retry")
def rule_on_redirects(scene: Scene) -> Iterator[Ruling]:
    """A redirect may be followed once; each further request to its target is another attempt."""
    exchanges = scene.evidence.exchanges
    redirected = sum(1 for e in exchanges if e.answer is not None and len(e.answer) == 3 and e.answer[0] == "3")  # noqa: PLR2004
    followed = [e.number for e in exchanges if e.target in scene.evidence.redirects]
    if len(followed) > redirected:
        yield broken(
            "failure.no-retry",
            "a redirect is followed more than once",
            expected=f"at most {counted(redirected, 'request')}, one for each redirect",
            seen=f"{counted(len(followed), 'request')} to where they lead",
            exchanges=followed[redirected:],
        )


@check("failure.next-event")
def rule_on_next_event(scene: Scene) -> Iterator[Ruling]:
    """After a POST that failed the next event is reported all the same."""
    seen_at_all = {step.act.action for _, step, _ in scene.prompt_events()}
    for story in scene.stories:
        failed = False
        for step in story.steps:
            event = story.events.get(step.act.number)
            if failed and step.binds:
                failed = False
                if event is not None:
                    yield met("failure.next-event", [event.exchange.number], [step.act.number])
                elif (
                    step.standing is Standing.OWED
                    and step.act.action in seen_at_all
                    and watched(scene, step.act.asked + deadline(scene, story, step))
                ):
                    yield broken(
                        "failure.next-event",
                        "the event after a failed notification is not reported",
                        expected=f"the event of {step.act.action.request}, whatever became of the one before",
                        seen="none came",
                        acts=[step.act.number],
                    )
            if step.standing is Standing.UNSEEN or (event is not None and answered_badly(event.exchange)):
                failed = True


@check("failure.group-goes-on")
def rule_on_group_goes_on(scene: Scene) -> Iterator[Ruling]:
    """While the receiver holds an answer back, requests are still taken."""
    prompt = PROMPT + _usual(scene)
    for story in scene.stories:
        for step in story.steps:
            stall = scene.timeline.window("stall", step.act.asked)
            died = scene.evidence.died is not None and step.act.answered >= scene.evidence.died
            if stall is None or died or step.act.reply is Reply.REFUSED:
                continue
            took = step.act.answered - step.act.asked
            if took <= prompt and step.act.reply is Reply.ACCEPTED:
                yield met("failure.group-goes-on", acts=[step.act.number])
            else:
                yield broken(
                    "failure.group-goes-on",
                    "a stalled receiver holds up the Campaign Group",
                    expected=f"{step.act.action.request} taken within {prompt:.1f} s",
                    seen=f"{step.act.reply.value} after {took:.1f} s",
                    acts=[step.act.number],
                )


def _usual(scene: Scene) -> float:
    """Return the longest time that a request took while nothing was held back, in seconds."""
    acts = (step.act for story in scene.stories for step in story.steps if step.act.reply is Reply.ACCEPTED)
    return max((a.answered - a.asked for a in acts if not scene.timeline.window("stall", a.asked)), default=0.0)
