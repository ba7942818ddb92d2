"""The reference emitter as a process: ``python -m cgstate_reference.emitter``.

Prints one line on standard output, the base URI of its control API, and serves until SIGTERM or SIGINT, or until
whoever started it is gone (``--parent-pid``, ``--exit-with-stdin``).
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from cgstate_reference.group import Unreadable
from cgstate_reference.options import ENABLED, INTERVAL, URI, Options, read_options
from cgstate_reference.serving import CannotListen, Parser, end_when_told, listening, port


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = Parser(prog="cgstate_reference.emitter", description="The reference emitter of Campaign Group states.")
    made.add_argument("--host", default="127.0.0.1", help="what the control API binds (%(default)s)")
    made.add_argument("--port", type=port, default=0, help="0: any free one")
    made.add_argument("--server-id", type=int, default=156, help="as in the control API's base URI (%(default)s)")
    made.add_argument("--uri", help="campaigngroup-states-uri")
    made.add_argument("--enabled", action="store_true", help="send-campaigngroup-states")
    made.add_argument("--interval", type=float, default=10, help="campaigngroup-states-interval in seconds")
    made.add_argument("--log-level", choices=("trace", "info", "warning", "error"), default="warning")
    made.add_argument("--parent-pid", type=int, metavar="PID", help="exit when this process is gone")
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
        from cgstate_reference.broken.emitters import deviation  # noqa: PLC0415 - only who asks needs it

        sys.stdout.write(deviation.listed())
        return 0
    if asked.variant == "list":
        from cgstate_reference.variants.emitters import variant  # noqa: PLC0415 - as above

        sys.stdout.write(variant.listed())
        return 0
    if asked.broken is not None and asked.variant is not None:
        read.error("--broken and --variant name two emitters; give one of them")
    try:
        options = read_options({ENABLED: asked.enabled, URI: asked.uri, INTERVAL: asked.interval})
    except Unreadable as fact:
        read.error(str(fact))
    try:
        return asyncio.run(_serve(asked, options))
    except KeyboardInterrupt:
        return 0


async def _serve(asked: argparse.Namespace, options: Options) -> int:
    # Late, so that a wrong option is answered at once.
    from aiohttp import web  # noqa: PLC0415

    from cgstate_reference.control import ControlApi  # noqa: PLC0415
    from cgstate_reference.core import Parts, build  # noqa: PLC0415
    from cgstate_reference.log import set_up  # noqa: PLC0415

    parts, control = Parts(), ControlApi
    if asked.variant is not None:
        from cgstate_reference.variants.chance import CHANCE  # noqa: PLC0415
        from cgstate_reference.variants.emitters import variants  # noqa: PLC0415

        if asked.variant not in variants():
            sys.stderr.write(f"cgstate_reference.emitter: no variant is called {asked.variant!r}; 'list' shows all\n")
            return 2
        CHANCE.seed(asked.seed)
        served = variants()[asked.variant].parts()
        parts, control = served, served.control
    if asked.broken is not None:
        from cgstate_reference.broken.emitters import deviations  # noqa: PLC0415

        if asked.broken not in deviations():
            sys.stderr.write(f"cgstate_reference.emitter: no deviation is called {asked.broken!r}; 'list' shows all\n")
            return 2
        parts = deviations()[asked.broken].parts()
    set_up(asked.log_level)
    end = asyncio.Event()
    end_when_told(end, parent=asked.parent_pid, with_stdin=asked.exit_with_stdin)
    emitter = build(parts)
    server = web.Server(control(emitter, asked.server_id).handle, access_log=None)
    try:
        async with listening(server, asked.host, asked.port) as base:
            emitter.set_options(options)
            sys.stdout.write(f"{base}/ocs/v3/servers/{asked.server_id}\n")
            sys.stdout.flush()
            await end.wait()
    except CannotListen as fact:
        sys.stderr.write(f"cgstate_reference.emitter: {fact}\n")
        return 1
    finally:
        await emitter.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
