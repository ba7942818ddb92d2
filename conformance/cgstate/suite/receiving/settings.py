"""What a run was told about the receiver, read from pytest's options and checked before anything is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from cgstate.peer import BadPeer, Peer, read_peer

Value = Callable[[str], Any]
"""Returns the value of an option by its name without ``cgstate_``."""


@dataclass(frozen=True, slots=True)
class Receiving:
    """The options about the receiver and what it has stored."""

    peer: Peer | None
    """The receiver to judge; None: the bundled one."""
    broken: str | None
    readback: str | None
    """Where to read back: an Elasticsearch index URL or a URI with ``{guid}``; None: nowhere, or the bundled one's."""
    readback_peer: Peer | None
    readback_within: float
    """Seconds in which what is read back has to agree."""
    gentle: bool
    answer_within: float
    """Seconds."""
    timeout: float
    """Seconds."""
    wait_for: float
    """Seconds for which a receiver that is still starting is awaited."""
    allow_existing_data: bool

    @property
    def named(self) -> bool:
        """Whether the options say which receiver to judge."""
        return self.peer is not None or self.broken is not None


def read_receiving(value: Value) -> Receiving:
    """Read and check the options; `pytest.UsageError` in one line where they cannot be used."""
    readback = value("readback")
    if readback is not None and value("receiver") is None:
        raise pytest.UsageError("--readback needs --receiver: it says where that one's messages can be read")
    return Receiving(
        peer=read_side("receiver", value),
        broken=value("broken_receiver"),
        readback=readback,
        readback_peer=read_side("readback", value),
        readback_within=value("readback_within"),
        gentle=value("gentle"),
        answer_within=value("answer_within"),
        timeout=value("timeout"),
        wait_for=value("wait_for"),
        allow_existing_data=value("allow_existing_data"),
    )


def read_side(side: str, value: Value) -> Peer | None:
    """Return the peer that the options ``--SIDE`` and ``--SIDE-...`` describe, or None where it is not given."""
    uri = value(side)
    more = {name: value(f"{side}_{name}") for name in ("header", "cacert", "cert", "insecure")}
    if uri is None:
        given = next((name for name, content in more.items() if content), None)
        if given is not None:
            raise pytest.UsageError(f"--{side}-{given} needs --{side}: there is no {side} to use it with")
        return None
    try:
        return read_peer(
            f"--{side}",
            uri,
            headers=more["header"],
            cacert=more["cacert"],
            cert=more["cert"],
            insecure=more["insecure"],
        )
    except BadPeer as error:
        raise pytest.UsageError(str(error)) from error
