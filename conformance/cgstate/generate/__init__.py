"""Hypothesis strategies for Campaign Groups, messages and life cycles; yours to import.

    from cgstate.generate import messages

    @given(messages())
    def test_my_receiver_takes_it(message): ...

- `names`: any legal name.
- `group_configurations` (also as `groups`): Campaign Groups with every combination of configured and missing names.
- `messages`: legal messages, as dicts; `discouraged_messages` and `broken_messages`: with one fault each.
- `life_cycles`: lawful lives of one Campaign Group, from load to unload.
- `exhaustive_life_cycles`: no strategy but a list, the small product enumerated.

Hypothesis is imported when the first strategy is asked for, not before.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cgstate.generate.exhaustive import exhaustive_life_cycles
    from cgstate.generate.faulty import broken_messages, discouraged_messages
    from cgstate.generate.group import GroupChoice
    from cgstate.generate.life import LifeCycle, Step
    from cgstate.generate.strategies import group_choices, group_configurations, life_cycles
    from cgstate.generate.strategies import group_configurations as groups
    from cgstate.generate.text import names
    from cgstate.generate.wire import messages

__all__ = [
    "GroupChoice",
    "LifeCycle",
    "Step",
    "broken_messages",
    "discouraged_messages",
    "exhaustive_life_cycles",
    "group_choices",
    "group_configurations",
    "groups",
    "life_cycles",
    "messages",
    "names",
]

_HOMES = {
    "GroupChoice": "group",
    "LifeCycle": "life",
    "Step": "life",
    "broken_messages": "faulty",
    "discouraged_messages": "faulty",
    "exhaustive_life_cycles": "exhaustive",
    "group_choices": "strategies",
    "group_configurations": "strategies",
    "life_cycles": "strategies",
    "messages": "wire",
    "names": "text",
}


def __getattr__(name: str) -> object:
    """Import what is asked for from the module it lives in."""
    wanted = "group_configurations" if name == "groups" else name
    if wanted not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[wanted]}"), wanted)
    globals()[name] = value
    return value
