"""Deviations that are one change to a right message, written as a function of its attributes."""

from collections.abc import Callable, Mapping

from cgstate_reference.broken.emitters import deviation
from cgstate_reference.life_cycle import Event
from cgstate_reference.statistics import Statistics
from cgstate_reference.writer import Attributes, Writer

Rewrite = Callable[[Attributes, Event], None]
"""Changes the attributes of a right message of the event."""


def rewrites(
    name: str, *, primary: str, consequences: Mapping[str, str] | None = None, shows: str = ""
) -> Callable[[Rewrite], Rewrite]:
    """Register an emitter whose messages the function below has changed; its docstring says how they are wrong."""

    def register(rewrite: Rewrite) -> Rewrite:
        class Rewriting(Writer):
            __doc__ = rewrite.__doc__

            def attributes(self, event: Event, statistics: Statistics | None) -> Attributes:
                attributes = super().attributes(event, statistics)
                rewrite(attributes, event)
                return attributes

        deviation(name, primary=primary, consequences=consequences, shows=shows)(Rewriting)
        return rewrite

    return register


def is_periodic(attributes: Attributes) -> bool:
    """Whether these are the attributes of a periodic message: no event has statistics."""
    return any(attribute.startswith("GSW_STAT_") for attribute in attributes)
