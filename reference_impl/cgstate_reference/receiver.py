"""The reference receiver as a process: ``python -m cgstate_reference.receiver``.

Prints two lines on standard output when it listens, where to send notifications and where to read them back, and
one when it ends, what it has taken. Ends at SIGTERM or SIGINT, or with standard input (``--exit-with-stdin``).
"""

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Sequence

from cgstate_reference.serving import CannotListen, Parser, end_when_told, listening, port

PROGRAM = "cgstate_reference.receiver"


def parser(program: str = PROGRAM) -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = Parser(prog=program, description="The reference receiver of Campaign Group states.")
    made.add_argument("--host", default="127.0.0.1", help="what it binds (%(default)s)")
    made.add_argument("--port", type=port, default=0, help="0: any free one")
    made.add_argument(
        "--store", metavar="FILE|URL", help="a file of SQLite, or http://host:9200/index; default: none that stays"
    )
    made.add_argument("--broken", metavar="NAME", help="be wrong in one named way; 'list' shows all")
    made.add_argument("--exit-with-stdin", action="store_true", help="exit at the end of standard input")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status: 0, 1 (cannot serve) or 2 (usage)."""
    asked = parser().parse_args(arguments)
    if asked.broken == "list":
        from cgstate_reference.broken.receivers import deviation  # noqa: PLC0415 - only who asks needs it

        sys.stdout.write(deviation.listed())
        return 0
    try:
        return asyncio.run(_serve(asked))
    except KeyboardInterrupt:
        return 0


async def _serve(asked: argparse.Namespace) -> int:
    # Late, so that a wrong option is answered at once.
    from cgstate_reference.store import StoreTrouble, open_store  # noqa: PLC0415
    from cgstate_reference.taking import PATH, Parts, build, read_back_uri  # noqa: PLC0415

    parts = Parts()
    if asked.broken is not None:
        from cgstate_reference.broken.receivers import deviations  # noqa: PLC0415

        if asked.broken not in deviations():
            return _complain(f"no deviation is called {asked.broken!r}; 'list' shows all", status=2)
        parts = deviations()[asked.broken].parts()
    end = asyncio.Event()
    end_when_told(end, with_stdin=asked.exit_with_stdin)
    try:
        store = await open_store(asked.store)
    except StoreTrouble as fact:
        return _complain(f"--store: {fact}", status=1)
    receiver = build(parts, store)
    try:
        async with listening(receiver.server(), asked.host, asked.port) as base:
            uri = base + PATH
            sys.stdout.write(f"listening on {uri}\nread back at {read_back_uri(uri)}\n")
            sys.stdout.flush()
            await end.wait()
    except CannotListen as fact:
        return _complain(str(fact), status=1)
    finally:
        await store.close()
    with contextlib.suppress(OSError):  # nobody may read any more
        sys.stdout.write(receiver.summary + "\n")
        sys.stdout.flush()
    return 0


def _complain(sentence: str, *, status: int) -> int:
    sys.stderr.write(f"{PROGRAM}: {sentence}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
