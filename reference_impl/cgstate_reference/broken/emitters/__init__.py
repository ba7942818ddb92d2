"""Emitters that are wrong in one named way each: ``python -m cgstate_reference.emitter --broken list``."""

from cgstate_reference.broken.deviation import Deviations
from cgstate_reference.core import Parts

deviation = Deviations(Parts(), __name__, ("content", "delivery", "life", "settings", "timing"))
deviations = deviation.found
