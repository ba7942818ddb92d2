"""Each event is reported, once, soon, and says what was asked for."""

from collections.abc import Iterator

from cgstate.judge.checks import check
from cgstate.judge.faults import named_code
from cgstate.judge.message import Message
from cgstate.judge.ruling import Ruling, broken, met
from cgstate.judge.shown import shown
from cgstate.judge.trace import reading
from cgstate.judge.trace.reading import arrival_of
from cgstate.judge.trace.scene import Scene
from cgstate.judge.trace.story import Standing, Step, Story
from cgstate.specification.codes import Action, GroupState

REPORTED = {action: f"event.{action.words}.reported" for action in Action}


def deadline(scene: Scene, story: Story, step: Step) -> float:
    """Return within how many seconds the event of this request must have come."""
    bounds = scene.evidence.bounds
    if step.act.action is Action.UNLOAD and step.started:
        if "drain_seconds" in story.group.unknown:
            return max(bounds.deadline, bounds.drain_deadline)
        return story.group.drain_seconds + bounds.deadline
    return bounds.deadline


def watched(scene: Scene, until: float) -> bool:
    """Whether what did not come by then can be called missing."""
    evidence = scene.evidence
    return evidence.ended is None or evidence.ended >= until or evidence.died is not None


@check(*REPORTED.values())
def rule_on_reported(scene: Scene) -> Iterator[Ruling]:
    """Each action that changes the group must be reported within the deadline."""
    for story in scene.stories:
        for step in story.steps:
            act, within = step.act, deadline(scene, story, step)
            requirement, event = REPORTED[act.action], story.events.get(act.number)
            if not step.binds or (event is None and step.standing is Standing.UNSURE):
                continue
            if event is not None:
                took = arrival_of(event) - act.asked
                if took <= within or scene.timeline.window("stall", act.asked):
                    yield met(requirement, [event.exchange.number], [act.number])
                    continue
            elif not watched(scene, act.asked + within):
                continue
            yield broken(
                requirement,
                f"the event of {act.action.request} is not reported"
                if event is None
                else f"the event of {act.action.request} comes after the deadline",
                expected=f"a notification with ACTION {named_code(reading.ACTION, act.action)} within {within:g} s",
                seen="none came" if event is None else f"it came after {took:.1f} s",
                exchanges=[event.exchange.number] if event else (),
                acts=[act.number],
            )


@check("event.soon")
def rule_on_soon(scene: Scene) -> Iterator[Ruling]:
    """An event should follow its action soon."""
    soon = scene.evidence.bounds.soon
    for story, step, event in scene.prompt_events():
        if step.act.action is Action.UNLOAD and step.started and _may_drain(scene, story):
            continue
        took = arrival_of(event) - step.act.asked
        if took > deadline(scene, story, step):
            continue  # Then it counts as not reported.
        numbers = {"exchanges": [event.exchange.number], "acts": [step.act.number]}
        if took <= soon:
            yield met("event.soon", **numbers)
        else:
            yield broken(
                "event.soon",
                "an event comes late",
                expected=f"within {soon:g} s of the request",
                seen=f"after {took:.1f} s",
                **numbers,
            )


def _may_drain(scene: Scene, story: Story) -> bool:
    """Whether calls may drain: where the emitter cannot be told for how long, nobody knows."""
    emitter = scene.evidence.emitter
    told = emitter is not None and "drain" in emitter.capabilities
    return not told or bool(story.group.drain_seconds) or "drain_seconds" in story.group.unknown


@check("event.once")
def rule_on_once(scene: Scene) -> Iterator[Ruling]:
    """Say where exactly one message came for an event; the strays' own module accuses the second."""
    for story, step, event in scene.events():
        if not step.binds or step.act.number in story.misfits:
            continue
        arrival = arrival_of(event)
        final = step.act.action is Action.UNLOAD
        if (final or not story.may_be_periodic(event, scene.timeline)) and scene.alive_after(arrival):
            yield met("event.once", [event.exchange.number], [step.act.number])


@check("action.as-requested")
def rule_on_action(scene: Scene) -> Iterator[Ruling]:
    """ACTION names the request that caused the message."""
    for _, step, event in _told(scene):
        said, asked = reading.code(event, reading.ACTION), step.act.action
        if said is None:
            continue
        evidence = {"exchanges": [event.exchange.number], "acts": [step.act.number]}
        if said == asked:
            yield met("action.as-requested", **evidence)
        else:
            yield broken(
                "action.as-requested",
                f"the ACTION of an event is not the request's ({asked.request})",
                expected=named_code(reading.ACTION, asked),
                seen=shown(said),
                **evidence,
            )


_STATE_RULES = {
    Action.LOAD: ("state.after-load", "loaded and not running: neither 0 nor 5"),
    Action.START: ("state.after-start", "5 (Running)"),
    Action.STOP: ("state.after-stop", "loaded and not running: neither 0 nor 5"),
    Action.UNLOAD: ("state.after-unload", "0 (NotLoaded)"),
    Action.SET_DIALING_MODE: ("state.after-set-dialing-mode", "5 (Running), as before"),
}


@check(*(requirement for requirement, _ in _STATE_RULES.values()))
def rule_on_state(scene: Scene) -> Iterator[Ruling]:
    """STATE fits the action."""
    for _, step, event in _binding_events(scene):
        state = reading.code(event, reading.STATE)
        if state is None:
            continue
        requirement, expected = _STATE_RULES[step.act.action]
        evidence = {"exchanges": [event.exchange.number], "acts": [step.act.number]}
        if _state_may_follow(step.act.action, state):
            yield met(requirement, **evidence)
        else:
            sentence = f"the state after {step.act.action.request} is wrong"
            yield broken(requirement, sentence, expected=expected, seen=shown(state), **evidence)


def _state_may_follow(action: Action, state: int) -> bool:
    match action:
        case Action.LOAD | Action.STOP:
            return state not in (GroupState.NOT_LOADED, GroupState.RUNNING)
        case Action.UNLOAD:
            return state == GroupState.NOT_LOADED
        case Action.START | Action.SET_DIALING_MODE:
            return state == GroupState.RUNNING


@check("state.active-when-loaded")
def rule_on_active(scene: Scene) -> Iterator[Ruling]:
    """A group that is loaded and not running should be Active."""
    for _, step, event in _binding_events(scene):
        state = reading.code(event, reading.STATE)
        if step.act.action not in (Action.LOAD, Action.STOP) or state is None:
            continue
        evidence = {"exchanges": [event.exchange.number], "acts": [step.act.number]}
        if state == GroupState.ACTIVE:
            yield met("state.active-when-loaded", **evidence)
        elif _state_may_follow(step.act.action, state):
            yield broken(
                "state.active-when-loaded",
                "a loaded group is in another state than Active",
                expected="4 (Active)",
                seen=shown(state),
                **evidence,
            )


@check("actor.as-declared")
def rule_on_actor(scene: Scene) -> Iterator[Ruling]:
    """ACTOR tells who acted, in the codes that the emitter declares."""
    emitter = scene.evidence.emitter
    if emitter is None or emitter.actors is None:
        return
    for _, step, event in _told(scene):
        said, declared = reading.code(event, reading.ACTOR), emitter.actors.get(step.act.cause)
        if said is None or declared is None:
            continue
        evidence = {"exchanges": [event.exchange.number], "acts": [step.act.number]}
        if said == declared:
            yield met("actor.as-declared", **evidence)
        else:
            yield broken(
                "actor.as-declared",
                f"the ACTOR of an action by {step.act.cause.value} is not the declared one",
                expected=f"{declared} ({step.act.cause.value})",
                seen=shown(said),
                **evidence,
            )


@check("automatic.reported")
def rule_on_automatic(scene: Scene) -> Iterator[Ruling]:
    """What the emitter does by itself is reported like what a client asks for."""
    for story in scene.stories:
        for step in story.steps:
            if not step.binds or step.act.cause == "client":
                continue
            event = story.events.get(step.act.number)
            if event is not None:
                yield met("automatic.reported", [event.exchange.number], [step.act.number])
            elif step.standing is Standing.OWED and watched(scene, step.act.asked + deadline(scene, story, step)):
                yield broken(
                    "automatic.reported",
                    f"an action by {step.act.cause.value} is not reported",
                    expected=f"a notification with ACTION {named_code(reading.ACTION, step.act.action)}",
                    seen="none came",
                    acts=[step.act.number],
                )


def _told(scene: Scene) -> Iterator[tuple[Story, Step, Message]]:
    """Yield the events, and what else tells of a request: states 1 and 2, where they cannot be periodic messages."""
    yield from _binding_events(scene)
    for story in scene.stories:
        for step, message in story.drains:
            if step.binds and not story.may_be_periodic(message, scene.timeline):
                yield story, step, message


def _binding_events(scene: Scene) -> Iterator[tuple[Story, Step, Message]]:
    """Yield the events that have to say what was asked for; one that need not have come and says it wrongly, too."""
    for story, step, event in scene.events():
        if step.binds or step.act.number in story.misfits:
            yield story, step, event


@check("event.none-after-refusal")
def rule_on_refused(scene: Scene) -> Iterator[Ruling]:
    """Say where a refused request was followed by nothing; the strays' own module accuses what came."""
    for story in scene.stories:
        for step in story.steps:
            if step.standing is Standing.REFUSED and step.certain and scene.alive_after(step.act.answered):
                yield met("event.none-after-refusal", acts=[step.act.number])


@check("event.none-while-not-loaded")
def rule_on_silence_after_unload(scene: Scene) -> Iterator[Ruling]:
    """Say where nothing came after an unload; the strays' own module accuses what did."""
    for story, step, event in scene.prompt_events():
        arrival = arrival_of(event)
        if step.act.action is Action.UNLOAD and step is story.steps[-1] and scene.alive_after(arrival):
            yield met("event.none-while-not-loaded", [event.exchange.number], [step.act.number])
