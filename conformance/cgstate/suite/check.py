"""One message judged by itself, for tests of the user's own (fixture ``cgstate_check``)."""

import json
from collections.abc import Mapping

from cgstate.evidence import Exchange, Traits
from cgstate.judge.message import read_message
from cgstate.judge.ruling import one_fault_one_accusation
from cgstate.specification.registry import registry

_TRAITS = Traits("a message", has_bytes=True)


def faults_of(message: bytes | Mapping[str, object]) -> list[str]:
    """Return a line for each requirement that the message breaks, MUST and SHOULD alike; none for a good one.

    A line is for example ``state.integer (MUST): GSW_CAMPAIGN_GROUP_STATE is no integer: expected ..., seen ...``.
    """
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    known = registry()
    rulings = one_fault_one_accusation(read_message(Exchange(1, body), _TRAITS).rulings, known.prerequisites)
    return [
        f"{ruling.requirement} ({known.requirements[ruling.requirement].level}): {ruling.fault.sentence}: "
        f"expected {ruling.fault.expected}, seen {ruling.fault.seen}"
        for ruling in rulings
        if ruling.fault is not None
    ]
