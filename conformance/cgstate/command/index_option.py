"""The index that a subcommand asks about, from its argument and the options of its peer."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypedDict

import click

from cgstate.command.errors import Stopped
from cgstate.verdict.verdict import ExitStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cgstate.sources.elasticsearch import Index


class PeerOptions(TypedDict):
    """What `peer_options("")` and ``--timeout`` give."""

    header: tuple[str, ...]
    cacert: str | None
    cert: str | None
    insecure: bool
    timeout: float


@contextmanager
def index_at(uri: str, options: PeerOptions) -> "Iterator[Index]":
    """Give the index at a URL; whatever goes wrong with it ends the command with one line and its status."""
    from cgstate.peer import BadPeer, read_peer  # noqa: PLC0415 - late: --help is quick
    from cgstate.sources.elasticsearch import BadIndex, Index, UntypedIndex  # noqa: PLC0415 - the same
    from cgstate.sources.fetching import FetchTrouble  # noqa: PLC0415 - the same

    try:
        peer = read_peer(
            "",
            uri,
            headers=options["header"],
            cacert=options["cacert"],
            cert=options["cert"],
            insecure=options["insecure"],
        )
        index = Index(peer, timeout=options["timeout"])
    except (BadPeer, BadIndex) as bad:
        raise click.UsageError(str(bad)) from bad
    try:
        yield index
    except FetchTrouble as trouble:
        status = ExitStatus.USAGE if isinstance(trouble, UntypedIndex) else ExitStatus.UNREACHABLE
        raise Stopped(str(trouble), status) from trouble
    finally:
        index.close()
