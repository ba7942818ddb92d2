"""Receivers that are right and otherwise than expected: ``python -m cgstate_reference.receiver --variant list``."""

from cgstate_reference.taking import Parts
from cgstate_reference.variants.variant import Variants

variant = Variants(Parts(), __name__, ("answering", "connections", "storing", "combined"))
variants = variant.found
