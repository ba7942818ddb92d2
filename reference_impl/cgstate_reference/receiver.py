"""The reference receiver as a process: ``python -m cgstate_reference.receiver``.

Prints two lines on standard output when it listens, where to send notifications and where to read them back, and
one when it ends, what it has taken. Ends at SIGTERM or SIGINT, or with standard input (``--exit-with-stdin``).
"""

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cgstate_reference.serving import CannotListen, Parser, end_when_told, listening, port

if TYPE_CHECKING:
    from cgstate_reference.taking import Parts


class CannotServe(Exception):  # noqa: N818 - named for the fact
    """It cannot serve as it was asked to; the text says why, in one line."""

    def __init__(self, text: str, status: int = 1) -> None:
        """Know the exit status too: 1, or 2 where what was asked for makes no sense."""
        super().__init__(text)
        self.status = status


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = Parser(prog="cgstate_reference.receiver", description="The reference receiver of Campaign Group states.")
    made.add_argument("--host", default="127.0.0.1", help="what it binds (%(default)s)")
    made.add_argument("--port", type=port, default=0, help="0: any free one")
    made.add_argument(
        "--store", metavar="FILE|URL", help="a file of SQLite, or http://host:9200/index; default: none that stays"
    )
    made.add_argument("--broken", metavar="NAME", help="be wrong in one named way; 'list' shows all")
    made.add_argument("--variant", metavar="NAME", help="be right otherwise, in one named way; 'list' shows all")
    made.add_argument("--seed", type=int, default=0, help="of what a variant leaves to chance (%(default)s)")
    made.add_argument("--exit-with-stdin", action="store_true", help="exit at the end of standard input")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status: 0, 1 (cannot serve) or 2 (usage)."""
    read = parser()
    asked = read.parse_args(arguments)
    if asked.broken == "list":
        from cgstate_reference.broken.receivers import deviation  # noqa: PLC0415 - only who asks needs it

        sys.stdout.write(deviation.listed())
        return 0
    if asked.variant == "list":
        from cgstate_reference.variants.receivers import variant  # noqa: PLC0415 - as above

        sys.stdout.write(variant.listed())
        return 0
    if asked.broken is not None and asked.variant is not None:
        read.error("--broken and --variant name two receivers; give one of them")
    try:
        serve(
            asked.host,
            asked.port,
            store=asked.store,
            broken=asked.broken,
            variant=asked.variant,
            seed=asked.seed,
            with_stdin=asked.exit_with_stdin,
            say=_say,
        )
    except CannotServe as fact:
        sys.stderr.write(f"cgstate_reference.receiver: {fact}\n")
        return fact.status
    return 0


def serve(
    host: str,
    port: int,
    *,
    say: Callable[[str], object],
    store: str | None = None,
    broken: str | None = None,
    variant: str | None = None,
    seed: int = 0,
    with_stdin: bool = False,
) -> None:
    """Serve until it is told to end, and `say` line by line what there is to say; raises `CannotServe`.

    `store` as in `open_store`; `broken` is the name of a deviation, `variant` that of a variant and `seed` what it
    leaves to chance; `with_stdin`: standard input's end ends it.
    """
    parts = _parts(broken, variant, seed)
    with contextlib.suppress(KeyboardInterrupt):  # where there are no signal handlers
        asyncio.run(_serve(parts, host, port, say, store, with_stdin=with_stdin))


def _parts(broken: str | None, variant: str | None, seed: int) -> "Parts":
    # Late, so that a wrong option is answered at once.
    from cgstate_reference.taking import Parts  # noqa: PLC0415

    if variant is not None:
        from cgstate_reference.variants.chance import CHANCE  # noqa: PLC0415
        from cgstate_reference.variants.receivers import variants  # noqa: PLC0415

        if variant not in variants():
            raise CannotServe(f"no variant is called {variant!r}; 'list' shows all", status=2)
        CHANCE.seed(seed)
        return variants()[variant].parts()
    if broken is not None:
        from cgstate_reference.broken.receivers import deviations  # noqa: PLC0415

        if broken not in deviations():
            raise CannotServe(f"no deviation is called {broken!r}; 'list' shows all", status=2)
        return deviations()[broken].parts()
    return Parts()


async def _serve(
    parts: "Parts", host: str, port: int, say: Callable[[str], object], where: str | None, *, with_stdin: bool
) -> None:
    from cgstate_reference.log import set_up  # noqa: PLC0415 - as above
    from cgstate_reference.store import StoreTrouble, open_store  # noqa: PLC0415
    from cgstate_reference.taking import PATH, build, read_back_uri  # noqa: PLC0415

    set_up("warning")
    end = asyncio.Event()
    end_when_told(end, with_stdin=with_stdin)
    try:
        store = await open_store(where)
    except StoreTrouble as fact:
        raise CannotServe(f"--store: {fact}") from fact
    receiver = build(parts, store)
    try:
        async with listening(receiver.server(), host, port) as base:
            say(f"listening on {base}{PATH}")
            say(f"read back at {read_back_uri(base + PATH)}")
            await end.wait()
    except CannotListen as fact:
        raise CannotServe(str(fact)) from fact
    finally:
        await store.close()
    say(receiver.summary)


def _say(line: str) -> None:
    with contextlib.suppress(OSError):  # nobody may read any more
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
