"""The enumerations the specification refers to, with the names of their codes.

Values: seen in public code of the same product family (facts, "Enumerations").
The schemas repeat them as data; a selftest holds both equal.
"""

from enum import IntEnum


class GroupState(IntEnum):
    """CM_GrpCampState: the value of GSW_CAMPAIGN_GROUP_STATE."""

    UNKNOWN = -1
    NOT_LOADED = 0
    WAITING_UNLOAD = 1
    UNLOAD_IN_PROGRESS = 2
    INACTIVE = 3
    ACTIVE = 4
    RUNNING = 5


class Action(IntEnum):
    """CMMessageType: the five values of GSW_CAMPAIGN_GROUP_ACTION that the specification names."""

    LOAD = 7
    UNLOAD = 8
    START = 9
    STOP = 10
    SET_DIALING_MODE = 11

    @property
    def request(self) -> str:
        """The client request of the control API, for example ``load-campaign``."""
        return _REQUESTS[self]

    @property
    def words(self) -> str:
        """The word in requirement ids and sentences, for example ``set-dialing-mode``."""
        return self.name.lower().replace("_", "-")


_REQUESTS = {
    Action.LOAD: "load-campaign",
    Action.UNLOAD: "unload-campaign",
    Action.START: "start-dialing",
    Action.STOP: "stop-dialing",
    Action.SET_DIALING_MODE: "set-dialing-mode",
}


class DialMode(IntEnum):
    """CfgDialMode: the value of GSW_DIAL_MODE."""

    NO_DIAL_MODE = 0
    PREDICT = 1
    PROGRESS = 2
    PREVIEW = 3
    PROGRESS_AND_SEIZE = 4
    PREDICT_AND_SEIZE = 5
    POWER = 6
    POWER_AND_SEIZE = 7
    PUSH_PREVIEW = 8
    PROGRESS_GVP = 9
    PREDICT_GVP = 10
    POWER_GVP = 11


class OptimizationMethod(IntEnum):
    """CfgOptimizationMethod: the value of GSW_OPTIMIZE_BY."""

    NO_OPTIMIZATION_METHOD = 0
    BUSY_FACTOR = 1
    OVERDIAL_RATE = 2
    WAIT_TIME = 3
    DISTRIBUTION_TIME = 4


PREDICTIVE = frozenset({DialMode.PREDICT, DialMode.PREDICT_AND_SEIZE, DialMode.PREDICT_GVP})
"""The modes for which GSW_OPTIMIZE_BY and GSW_OPTIMIZE_GOAL are available."""

MODE_CHANGES = frozenset({(1, 2), (2, 1), (4, 5), (5, 4)})
"""Dial modes that a running group may change into each other (documented); other pairs are undetermined."""
