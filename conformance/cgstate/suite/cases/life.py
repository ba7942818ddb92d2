"""Life cycles: every state, action and actor that can be reached, with every mode, method and set of names.

The names of the enumerated ones are those that have broken programs before (`cgstate.generate.samples`).
"""

from collections.abc import Iterator
from functools import partial

from cgstate.evidence import Cause, GroupConfiguration, Reply
from cgstate.generate.group import GroupChoice
from cgstate.generate.life import LifeCycle
from cgstate.specification.codes import MODE_CHANGES, Action
from cgstate.suite.case import Case, case, every_message
from cgstate.suite.played import Played, playing
from cgstate.suite.stage import Stage

REPORTED = ("event.load.reported", "event.start.reported", "event.stop.reported", "event.unload.reported")
TOLD = (
    "event.once",
    "event.soon",
    "action.as-requested",
    "state.",
    "actor.as-declared",
    "date-time.utc",
    "date-time.clock",
    "guid.",
)
DIALED = (
    "event.set-dialing-mode.reported",
    "dial-mode.as-requested",
    "optimize-by.as-requested",
    "optimize-goal.as-requested",
)
CONFIGURED = (
    "campaign-group-name.as-configured",
    "group-name.as-configured",
    "campaign-name.",
    "campaign-template-name.",
    "queue-name.as-configured",
    "tenant-name.",
    "tenant-ccid.as-configured",
)
SHARES = 6
"""In how many cases, which run side by side, the enumerated life cycles are played."""


def play_life(stage: Stage, name: str, life: LifeCycle) -> GroupConfiguration:
    """Ask for one step after the other, each when the event of the one before has come; return the group."""
    with playing(stage, f"{name}: {life.words}", life.group) as group:
        for step in life.steps:
            group.do(step.action, step.dialing, step.cause)
    return group.group


def causes_of(stage: Stage) -> frozenset[Cause]:
    """Return on whose behalf the emitter can be made to act."""
    return frozenset(Cause) if "automatic" in stage.capabilities else frozenset({Cause.CLIENT})


def _share(stage: Stage, name: str, number: int) -> None:
    """Play one share of all enumerated life cycles that this emitter can live."""
    from cgstate.generate.exhaustive import exhaustive_life_cycles  # noqa: PLC0415 - built when it is played

    drain = "drain" in stage.capabilities
    lives = exhaustive_life_cycles(dial_modes=stage.dial_modes, causes=causes_of(stage), drain=drain)
    for life in lives[number::SHARES]:
        play_life(stage, name, life)


def _five_requests(stage: Stage, name: str) -> None:
    """Play what an emitter can be asked for without any hook, mode after mode.

    Where groups can be made, the enumerated life cycles have all the modes, and two are enough here.
    """
    modes = sorted(stage.dial_modes)
    with playing(stage, name) as group:
        for mode in modes[:2] if "groups" in stage.capabilities else modes:
            group.load()
            group.start(stage.dialing(mode))
            for changed in stage.dial_modes:
                if (mode, changed) in MODE_CHANGES:
                    group.do(Action.SET_DIALING_MODE, stage.dialing(changed))
            if mode % 2:
                group.stop()
            group.unload()


def _loaded_again(stage: Stage, name: str) -> None:
    with playing(stage, name) as group:
        for _ in range(2):
            group.load()
            group.unload()


def _in_quick_succession(stage: Stage, name: str) -> None:
    """Ask for a whole life without waiting for any event: each comes all the same."""
    with playing(stage, name) as group:
        acts = [group.ask(action) for action in (Action.LOAD, Action.START, Action.STOP, Action.UNLOAD)]
        for act in acts:
            stage.event(act)


def _related(stage: Stage, name: str) -> None:
    """Have groups loaded together that share the campaign or the agents: each is a Campaign Group of its own."""
    with (
        playing(stage, name) as group,
        playing(stage, name, campaign_of=group.group) as of_the_campaign,
        playing(stage, name, agents_of=group.group) as of_the_agents,
    ):
        related = (group, of_the_campaign, of_the_agents)
        for ask in (Played.load, Played.start, Played.stop, Played.unload):
            for each in related:
                ask(each)


def _unload_while_running(stage: Stage, name: str) -> None:
    with playing(stage, name) as group:
        group.load()
        group.start()
        group.unload()


def _drain(stage: Stage, name: str) -> None:
    choice = GroupChoice(dial_mode=min(stage.dial_modes), drain_seconds=0.2)
    with playing(stage, name, choice) as group:
        group.load()
        group.start()
        group.unload()


def _auto_completion(stage: Stage, name: str) -> None:
    """Let a condition of the group stop and unload it, which is two notifications."""
    with playing(stage, name) as group:
        group.load()
        group.start()
        group.do(Action.STOP, cause=Cause.CONDITION)
        group.do(Action.UNLOAD, cause=Cause.CONDITION)


def _by_schedule(stage: Stage, name: str) -> None:
    with playing(stage, name) as group:
        group.do(Action.LOAD, cause=Cause.SCHEDULE)
        group.do(Action.START, cause=Cause.SCHEDULE)
        group.do(Action.STOP, cause=Cause.SCHEDULE)
        group.do(Action.UNLOAD, cause=Cause.SCHEDULE)


def _refused(stage: Stage, name: str) -> None:
    """Ask for what is not possible in the group's state; an emitter may refuse it, or take it and change nothing."""
    with playing(stage, name) as group:
        for impossible in (Action.START, Action.STOP, Action.SET_DIALING_MODE, Action.UNLOAD):
            if _accepted(stage, group, impossible):
                return
        group.load()
        for impossible in (Action.LOAD, Action.STOP):
            if _accepted(stage, group, impossible):
                return
        group.start()
        for impossible in (Action.LOAD, Action.START):
            if _accepted(stage, group, impossible):
                return
        group.stop()
        group.unload()
        for impossible in (Action.STOP, Action.SET_DIALING_MODE, Action.START):
            if _accepted(stage, group, impossible):
                return


def _accepted(stage: Stage, group: Played, action: Action) -> bool:
    """Ask for it; once something was accepted nobody knows the group's state any more."""
    dialing = stage.dialing() if action in (Action.START, Action.SET_DIALING_MODE) else None
    return stage.act(group.group, action, dialing).reply is not Reply.REFUSED


def cases() -> Iterator[Case]:
    """Yield the cases that run side by side on groups of their own."""
    yield case(
        "the five requests",
        _five_requests,
        [*REPORTED, *TOLD, *DIALED, "event.none-while-not-loaded", *every_message()],
    )
    yield case("loaded again", _loaded_again, ["event.load.reported", "event.unload.reported", "guid."])
    yield case("in quick succession", _in_quick_succession, [*REPORTED, *TOLD])
    yield case("groups that share a campaign or the agents", _related, ["guid.distinct", *CONFIGURED], needs=["groups"])
    yield case("unload while running", _unload_while_running, ["event.unload.reported", "state.after-unload"])
    enumerated = [*REPORTED, *TOLD, *DIALED, *CONFIGURED, *every_message()]
    for number in range(SHARES):
        yield case(
            f"every life cycle, share {number + 1} of {SHARES}",
            partial(_share, number=number),
            enumerated,
            needs=["groups"],
            thorough=True,
        )
    yield case("drain", _drain, ["drain.order", "event.unload.reported"], needs=["groups", "drain"])
    yield case("auto-completion", _auto_completion, ["automatic.reported", "actor.as-declared"], needs=["automatic"])
    yield case("by schedule", _by_schedule, ["automatic.reported", "actor.as-declared"], needs=["automatic"])
    yield case("refused requests", _refused, ["event.none-after-refusal"], needs=["groups"])
