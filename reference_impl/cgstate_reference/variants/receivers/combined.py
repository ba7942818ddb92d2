"""Several freedoms at once."""

from cgstate_reference.variants.receivers import variant
from cgstate_reference.variants.receivers.answering import AnyRefusal, KnowsLives, RefusesWhatItMay, Slow
from cgstate_reference.variants.receivers.connections import FewRequestsEach
from cgstate_reference.variants.receivers.storing import AddsFields, StoresLater


class _LateWithMore(AddsFields, StoresLater):
    """Stores later, with fields of its own."""


@variant("awkward", _LateWithMore, KnowsLives)
class Awkward(AnyRefusal, RefusesWhatItMay, Slow, FewRequestsEach):
    """Is slow, refuses what it may with any 4xx, ends its connections early, and stores late and more."""
