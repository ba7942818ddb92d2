"""Emitters that are wrong in one named way each: ``python -m cgstate_reference.emitter --broken list``."""

from cgstate_reference.broken.deviation import Deviations
from cgstate_reference.core import Parts

THEMES = (
    "clocks",
    "codes",
    "delivery",
    "dialing",
    "figures",
    "framing",
    "identity",
    "life",
    "names",
    "neighbours",
    "optimizing",
    "periodic",
    "presence",
    "reports",
    "settings",
    "states",
    "texts",
    "timing",
    "types",
    "writing",
)
"""The modules that hold them."""

deviation = Deviations(Parts(), __name__, THEMES)
deviations = deviation.found
