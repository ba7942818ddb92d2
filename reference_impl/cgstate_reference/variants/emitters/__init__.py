"""Emitters that are right and otherwise than expected: ``python -m cgstate_reference.emitter --variant list``."""

from dataclasses import dataclass

from cgstate_reference.control import ControlApi
from cgstate_reference.core import Parts
from cgstate_reference.variants.variant import Variants


@dataclass(frozen=True, slots=True)
class ServedParts(Parts):
    """The classes that the emitter's process is made of: its own parts and its control API."""

    control: type[ControlApi] = ControlApi


variant = Variants(
    ServedParts(), __name__, ("timing", "carrying", "writing", "life", "periodic", "options", "combined")
)
variants = variant.found
