"""Dial mode, method and goal are those of the request, and stay so until the next."""

from collections.abc import Iterator

from cgstate.evidence import Cause, Dialing
from cgstate.judge.checks import check
from cgstate.judge.message import Message
from cgstate.judge.ruling import Ruling, broken, met
from cgstate.judge.shown import shown
from cgstate.judge.trace import reading
from cgstate.judge.trace.reading import arrival_of
from cgstate.judge.trace.scene import Scene
from cgstate.judge.trace.story import Story
from cgstate.judge.trace.timeline import GRACE
from cgstate.specification.codes import PREDICTIVE, Action, GroupState

_ATTRIBUTES = {
    "dial-mode": ("GSW_DIAL_MODE", "dial_mode"),
    "optimize-by": ("GSW_OPTIMIZE_BY", "optimize_by"),
    "optimize-goal": ("GSW_OPTIMIZE_GOAL", "optimize_goal"),
}


def _asked(dialing: Dialing, message: Message) -> Iterator[tuple[str, str, int, int]]:
    """Yield slug, attribute, what was asked for and what is said, where both are there to compare."""
    for slug, (attribute, field) in _ATTRIBUTES.items():
        if slug != "dial-mode" and dialing.dial_mode not in PREDICTIVE:
            continue
        wanted, said = getattr(dialing, field), reading.code(message, attribute)
        if wanted is not None and said is not None:
            yield slug, attribute, wanted, said


@check(*(f"{slug}.as-requested" for slug in _ATTRIBUTES))
def rule_on_requested(scene: Scene) -> Iterator[Ruling]:
    """The event of a start or a change of the dial mode carries what was asked for."""
    for _, step, event in scene.events():
        asked_for = step.act.cause is Cause.CLIENT and step.act.action in (Action.START, Action.SET_DIALING_MODE)
        if step.dialing is None or not asked_for:
            continue
        numbers = {"exchanges": [event.exchange.number], "acts": [step.act.number]}
        for slug, attribute, wanted, said in _asked(step.dialing, event):
            if said == wanted:
                yield met(f"{slug}.as-requested", **numbers)
            else:
                yield broken(
                    f"{slug}.as-requested",
                    f"{attribute} is not what {step.act.action.request} asked for",
                    expected=shown(wanted),
                    seen=shown(said),
                    **numbers,
                )


@check("dialing.kept")
def rule_on_kept(scene: Scene) -> Iterator[Ruling]:
    """Later messages of the running group, and starts that nobody asked for, say the same until the next request."""
    for story in scene.stories:
        by_itself = [
            (story.events[step.act.number], step.dialing, "a start by itself")
            for step in story.steps
            if step.act.action is Action.START
            and step.act.cause is not Cause.CLIENT
            and step.act.number in story.events
        ]
        later = [(message, _in_force(story, message), "a later message") for message in story.periodic]
        for message, dialing, what in (*by_itself, *later):
            if dialing is None:
                continue
            compared = list(_asked(dialing, message))
            wrong = [(attribute, wanted, said) for _, attribute, wanted, said in compared if wanted != said]
            if wrong:
                attribute, wanted, said = wrong[0]
                yield broken(
                    "dialing.kept",
                    f"{attribute} of {what} is not the one in force",
                    expected=shown(wanted),
                    seen=shown(said),
                    exchanges=[message.exchange.number],
                )
            elif compared:
                yield met("dialing.kept", [message.exchange.number])


def _in_force(story: Story, message: Message) -> Dialing | None:
    """Return what a running group dials by when the message comes; None about the time of a change."""
    arrival = arrival_of(message)
    step = story.step_at(arrival)
    if step is None or step.after is not GroupState.RUNNING or arrival < step.act.answered + GRACE:
        return None
    return step.dialing
