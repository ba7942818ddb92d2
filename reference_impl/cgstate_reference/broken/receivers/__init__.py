"""Receivers that are wrong in one named way each: ``python -m cgstate_reference.receiver --broken list``."""

from cgstate_reference.broken.deviation import Deviations
from cgstate_reference.taking import Parts

deviation = Deviations(Parts(), __name__, ("answering", "coming", "storing", "taking_less", "taking_more"))
deviations = deviation.found
