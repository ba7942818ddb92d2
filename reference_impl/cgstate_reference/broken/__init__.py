"""Emitters that are wrong in one named way each: ``python -m cgstate_reference.emitter --broken list``."""

from collections.abc import Mapping
from importlib import import_module

from cgstate_reference.broken.deviation import DEVIATIONS, Deviation

THEMES = ("content", "delivery", "life", "settings", "timing")


def deviations() -> Mapping[str, Deviation]:
    """Return all deviations by name, in the order of their names."""
    for theme in THEMES:
        import_module(f"{__name__}.{theme}")
    return dict(sorted(DEVIATIONS.items()))
