"""The enumerations of the specification, as this emitter uses them.

They are written down here once more, and not imported from the suite: a code that is wrong in shared code would
be wrong on both sides and never show.
"""

from enum import IntEnum, StrEnum


class State(IntEnum):
    """GSW_CAMPAIGN_GROUP_STATE, as far as this emitter uses it (CM_GrpCampState)."""

    NOT_LOADED = 0
    WAITING_UNLOAD = 1
    UNLOAD_IN_PROGRESS = 2
    ACTIVE = 4
    RUNNING = 5


class Action(IntEnum):
    """GSW_CAMPAIGN_GROUP_ACTION (CMMessageType): the client requests."""

    LOAD = 7
    UNLOAD = 8
    START = 9
    STOP = 10
    SET_DIALING_MODE = 11


REQUESTS = {
    "load-campaign": Action.LOAD,
    "unload-campaign": Action.UNLOAD,
    "start-dialing": Action.START,
    "stop-dialing": Action.STOP,
    "set-dialing-mode": Action.SET_DIALING_MODE,
}
"""The client requests by their name in the control API."""


class Cause(StrEnum):
    """Why an action happens."""

    CLIENT = "client"
    SCHEDULE = "schedule"
    CONDITION = "condition"


ACTORS = {Cause.CLIENT: 1, Cause.SCHEDULE: 2, Cause.CONDITION: 3}
"""GSW_CAMPAIGN_GROUP_ACTOR by cause: this emitter's own choice, which it declares; the manual names only 0, unknown."""

DIAL_MODES = range(12)
"""CfgDialMode: 0 NoDialMode to 11 PowerGVP."""
OPTIMIZATION_METHODS = range(5)
"""CfgOptimizationMethod: 0 NoOptimizationMethod to 4 DistributionTime."""
PREDICTIVE = frozenset({1, 5, 10})
"""Dial modes that take an optimisation method and goal: Predict, PredictAndSeize, PredictGVP."""
ACTIVE_STATES = frozenset({State.ACTIVE, State.RUNNING})
"""States in which periodic messages are sent."""
