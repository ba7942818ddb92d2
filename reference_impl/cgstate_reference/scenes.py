"""The groups of the demonstration, and the lives they lead."""

from dataclasses import dataclass

from cgstate_reference.codes import Action, Cause
from cgstate_reference.group import Dialing, DialingRequest, GroupConfiguration

_CAMPAIGNS = ("Collections", "Renewals", "Surveys", "Reminders", "Winback", "Appointments", "Upgrades", "Donations")
_PLACES = ("Boston", "Madrid", "Zürich", "Manila", "Montréal", "Kraków")
_DIALINGS = (
    Dialing(1, 1, 85),
    Dialing(2, 0, 0),
    Dialing(5, 3, 20),
    Dialing(3, 0, 0),
    Dialing(1, 2, 3),
    Dialing(10, 4, 15),
    Dialing(4, 0, 0),
    Dialing(6, 0, 0),
)
_PAIRS = 48
_DRAINS = 1.0
_AS_CONFIGURED = DialingRequest()


@dataclass(frozen=True, slots=True)
class Scene:
    """One thing that happens in a group's life."""

    action: Action
    cause: Cause = Cause.CLIENT
    dialing: DialingRequest = _AS_CONFIGURED


def group(number: int) -> GroupConfiguration:
    """Return the configuration of the demonstration's group of that number, from 0; its name is its own."""
    campaign = _CAMPAIGNS[number % len(_CAMPAIGNS)]
    # Shifted after 24 groups, so that 48 pairs of campaign and place come before the first number is needed.
    place = _PLACES[(number + number // 24) % len(_PLACES)]
    agents = f"Agents_{place}" if number < _PAIRS else f"Agents_{place}_{number // _PAIRS + 1}"
    return GroupConfiguration(
        campaign_id=101 + number % len(_CAMPAIGNS),
        group_id=700 + number,
        name=f"{campaign}@{agents}",
        group_name=agents,
        campaign_name=campaign,
        campaign_template_name=f"{campaign} 2018" if number % 2 else None,
        queue_name="" if number % 5 == 4 else f"VQ_Outbound_{place}",  # noqa: PLR2004 - one group in five has no DN
        tenant_name=None if number % 4 == 3 else "Environment",  # noqa: PLR2004 - one tenant in four has no name
        tenant_ccid="9350e2fc-a1dd-4c65-8d40-1f75a2e080dd",
        dialing=_DIALINGS[number % len(_DIALINGS)],
        drain_seconds=_DRAINS,
    )


def life(configured: GroupConfiguration, turn: int) -> tuple[Scene, ...]:
    """Return what happens to a group in its life of that number, from load to unload."""
    load, start, stop = Scene(Action.LOAD), Scene(Action.START), Scene(Action.STOP)
    lives = (
        (load, start, *_change(configured.dialing.mode), stop, Scene(Action.UNLOAD)),
        # Started by the calendar; the list is dialled through, so it stops and unloads by itself.
        (
            load,
            Scene(Action.START, Cause.SCHEDULE),
            Scene(Action.STOP, Cause.CONDITION),
            Scene(Action.UNLOAD, Cause.CONDITION),
        ),
        # Unloaded while it runs: calls drain.
        (load, start, Scene(Action.UNLOAD)),
        (load, start, stop, Scene(Action.START, dialing=DialingRequest(2)), stop, Scene(Action.UNLOAD)),
    )
    return lives[(configured.group_id + turn) % len(lives)]


def _change(mode: int) -> tuple[Scene, ...]:
    """Return a change of the dial mode that a running group may make, or none."""
    other = {1: DialingRequest(2), 2: DialingRequest(1, 1, 80), 4: DialingRequest(5, 3, 25), 5: DialingRequest(4)}
    return (Scene(Action.SET_DIALING_MODE, dialing=other[mode]),) if mode in other else ()
