"""Every way to break one rule that a schema can hold, as tables; no Hypothesis.

Faults of bytes and of JSON (a byte order mark, duplicate keys, lone surrogates) cannot be said in a
dict and are not here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cgstate.generate.kinds import KINDS, STATISTICS, Kind
from cgstate.specification.codes import PREDICTIVE, DialMode, GroupState


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to break one requirement: in a legal message of `kinds`, `attribute` becomes one of `values`."""

    requirement: str
    attribute: str
    values: tuple[Any, ...] = ()
    """Empty: the attribute is left out."""
    kinds: tuple[Kind, ...] = KINDS
    first: Mapping[str, Any] | None = None
    """What else the message has to say, so that nothing but the fault is wrong with it."""


_SLUGS = {
    "tenant-name": "GSW_TENANT_NAME",
    "tenant-ccid": "GSW_TENANT_CCID",
    "campaign-group-name": "GSW_CAMPAIGN_GROUP_NAME",
    "guid": "GSW_CAMPAIGN_GROUP_GUID",
    "group-name": "GSW_GROUP_NAME",
    "campaign-name": "GSW_CAMPAIGN_NAME",
    "campaign-template-name": "GSW_CAMPAIGN_TEMPLATE_NAME",
    "queue-name": "GSW_QUEUE_NAME",
    "dial-mode": "GSW_DIAL_MODE",
    "optimize-by": "GSW_OPTIMIZE_BY",
    "optimize-goal": "GSW_OPTIMIZE_GOAL",
    "state": "GSW_CAMPAIGN_GROUP_STATE",
    "action": "GSW_CAMPAIGN_GROUP_ACTION",
    "actor": "GSW_CAMPAIGN_GROUP_ACTOR",
    "date-time": "GSW_DATE_TIME",
    **{name.removeprefix("GSW_").lower().replace("_", "-"): name for name in STATISTICS},
}
_REQUIRED = (
    "tenant-name", "tenant-ccid", "campaign-group-name", "guid", "group-name", "queue-name",
    "state", "action", "actor", "date-time",
)  # fmt: skip
_STRINGS = (*_REQUIRED[:6], "campaign-name", "campaign-template-name", "date-time")
_LIMITED = ("campaign-group-name", "group-name", "campaign-name", "campaign-template-name", "queue-name")
_NOT_EMPTY = (*_REQUIRED[:5], "campaign-name", "campaign-template-name")
_TOO_LONG = ("x" * 256, "春" * 256, "😀" * 256, "x" * 5000)
_NO_STRINGS: tuple[Any, ...] = (5, 0, 1.5, True, None, [], ["x"], {"name": "x"})
_NO_INTEGERS: tuple[Any, ...] = ("5", "", 1.5, True, False, None, [5], {"value": 5})
_NO_NUMBERS: tuple[Any, ...] = ("0.85", "", True, [0.85], {"value": 0.85})
_NO_DATE_TIMES = (
    "1527516447", "1527516447.", "1527516447.2", "1527516447.25", "1527516447.2500", ".250", "1527516447,250",
    "-1527516447.250", "+1527516447.250", " 1527516447.250", "1527516447.250 ", "1527516447.250\n", "1,527,516,447.250",
    "1.527516447e9", "0x5b0c.250", "2018-05-28T14:07:27.250Z", "١٥٢٧٥١٦٤٤٧.٢٥٠", "1527516447.٢٥٠", "now", "",
)  # fmt: skip

_PREDICTIVE = tuple(kind for kind in KINDS if kind.modes & PREDICTIVE)
_OTHER_MODES = tuple(kind for kind in KINDS if kind.modes and not kind.modes & PREDICTIVE)
_RUNNING = _PREDICTIVE + _OTHER_MODES
_NOT_RUNNING = tuple(kind for kind in KINDS if not kind.modes)
_LOADED = tuple(kind for kind in KINDS if kind.state is not GroupState.NOT_LOADED)
_MODES = tuple(int(mode) for mode in DialMode)

BROKEN: tuple[Fault, ...] = (
    *(Fault(f"{slug}.present", _SLUGS[slug]) for slug in _REQUIRED),
    *(Fault(f"{slug}.string", _SLUGS[slug], _NO_STRINGS) for slug in _STRINGS),
    *(Fault(f"{slug}.length", _SLUGS[slug], _TOO_LONG) for slug in _LIMITED),
    *(Fault(f"{slug}.integer", _SLUGS[slug], _NO_INTEGERS) for slug in ("state", "action", "actor")),
    Fault("dial-mode.integer", "GSW_DIAL_MODE", _NO_INTEGERS, _RUNNING),
    Fault("optimize-by.integer", "GSW_OPTIMIZE_BY", _NO_INTEGERS, _PREDICTIVE),
    Fault("optimize-goal.integer", "GSW_OPTIMIZE_GOAL", _NO_INTEGERS, _PREDICTIVE),
    *(Fault(f"{slug}.number", name, _NO_NUMBERS) for slug, name in _SLUGS.items() if name in STATISTICS),
    *(Fault(f"{slug}.not-negative", name, (-1, -0.001)) for slug, name in _SLUGS.items() if name in STATISTICS),
    Fault("state.known-code", "GSW_CAMPAIGN_GROUP_STATE", (-2, 6, 99)),
    # State 0 with another action than Unload would be a second fault, one of the trace.
    Fault("action.known-code", "GSW_CAMPAIGN_GROUP_ACTION", (-1, 0, 6, 12, 29), _LOADED),
    Fault("dial-mode.known-code", "GSW_DIAL_MODE", (-1, 12, 99), _RUNNING),
    Fault("optimize-by.known-code", "GSW_OPTIMIZE_BY", (-1, 5, 99), _PREDICTIVE),
    Fault("dial-mode.only-when-running", "GSW_DIAL_MODE", (None, *_MODES), _NOT_RUNNING),
    Fault("optimize-by.only-when-predictive", "GSW_OPTIMIZE_BY", (0, 1, 2, 3), _NOT_RUNNING + _OTHER_MODES),
    Fault("optimize-goal.only-when-predictive", "GSW_OPTIMIZE_GOAL", (0, 80), _NOT_RUNNING + _OTHER_MODES),
    Fault("date-time.form", "GSW_DATE_TIME", _NO_DATE_TIMES),
)
"""Each breaks a MUST and nothing else that is mandatory."""

DISCOURAGED: tuple[Fault, ...] = (
    *(Fault(f"{slug}.not-empty", _SLUGS[slug], ("",)) for slug in _NOT_EMPTY),
    Fault("tenant-name.length", "GSW_TENANT_NAME", _TOO_LONG),
    Fault("guid.length", "GSW_CAMPAIGN_GROUP_GUID", ("x" * 65, "春" * 65, "0123456789abcdef" * 16)),
    Fault("actor.not-negative", "GSW_CAMPAIGN_GROUP_ACTOR", (-1, -(2**31))),
    Fault("dial-mode.present-when-running", "GSW_DIAL_MODE", (), _RUNNING),
    Fault("optimize-by.present-when-predictive", "GSW_OPTIMIZE_BY", (), _PREDICTIVE),
    Fault("optimize-goal.present-when-predictive", "GSW_OPTIMIZE_GOAL", (), _PREDICTIVE),
    *(
        Fault(
            "optimize-by.distribution-time-mode",
            "GSW_OPTIMIZE_BY",
            (4,),
            _PREDICTIVE,
            {"GSW_DIAL_MODE": mode, "GSW_OPTIMIZE_GOAL": 5},
        )
        for mode in (1, 5)
    ),
    *(
        Fault("optimize-goal.percentage", "GSW_OPTIMIZE_GOAL", (-1, 101), _PREDICTIVE, {"GSW_OPTIMIZE_BY": method})
        for method in (1, 2)
    ),
    *(
        Fault("optimize-goal.seconds", "GSW_OPTIMIZE_GOAL", (-1,), _PREDICTIVE, first)
        for first in ({"GSW_OPTIMIZE_BY": 3}, {"GSW_DIAL_MODE": 10, "GSW_OPTIMIZE_BY": 4})
    ),
)
"""Each breaks a SHOULD and no MUST."""
