"""The reference emitter as a process: ``python -m cgstate_reference.emitter``.

Prints one line on standard output, the base URI of its control API, and serves until SIGTERM or SIGINT, or until
whoever started it is gone (``--parent-pid``, ``--exit-with-stdin``).
"""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Sequence
from typing import NoReturn

from cgstate_reference.group import Unreadable
from cgstate_reference.options import ENABLED, INTERVAL, URI, Options, read_options

_LOOK_FOR_PARENT = 0.5


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = _Parser(prog="cgstate_reference.emitter", description="The reference emitter of Campaign Group states.")
    made.add_argument("--host", default="127.0.0.1", help="what the control API binds (%(default)s)")
    made.add_argument("--port", type=_port, default=0, help="0: any free one")
    made.add_argument("--server-id", type=int, default=156, help="as in the control API's base URI (%(default)s)")
    made.add_argument("--uri", help="campaigngroup-states-uri")
    made.add_argument("--enabled", action="store_true", help="send-campaigngroup-states")
    made.add_argument("--interval", type=float, default=10, help="campaigngroup-states-interval in seconds")
    made.add_argument("--log-level", choices=("trace", "info", "warning", "error"), default="warning")
    made.add_argument("--parent-pid", type=int, metavar="PID", help="exit when this process is gone")
    made.add_argument("--broken", metavar="NAME", help="be wrong in one named way; 'list' shows all")
    made.add_argument("--exit-with-stdin", action="store_true", help="exit at the end of standard input")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status: 0, 1 (cannot serve) or 2 (usage)."""
    read = parser()
    asked = read.parse_args(arguments)
    if asked.broken == "list":
        return _list_broken()
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

    parts = Parts()
    if asked.broken is not None:
        from cgstate_reference.broken import deviations  # noqa: PLC0415

        if asked.broken not in deviations():
            sys.stderr.write(f"cgstate_reference.emitter: no deviation is called {asked.broken!r}; 'list' shows all\n")
            return 2
        parts = deviations()[asked.broken].parts()
    set_up(asked.log_level)
    end = asyncio.Event()
    _end_when_told(asked, end)
    emitter = build(parts)
    runner = web.ServerRunner(web.Server(ControlApi(emitter, asked.server_id).handle, access_log=None))
    await runner.setup()
    try:
        site = web.TCPSite(runner, asked.host, asked.port, shutdown_timeout=0.5, backlog=1024)
        try:
            await site.start()
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
            sys.stderr.write(f"cgstate_reference.emitter: cannot listen on {asked.host}:{asked.port}: {reason}\n")
            return 1
        emitter.set_options(options)
        host, port = runner.addresses[0][:2]
        shown = f"[{host}]" if ":" in host else host
        sys.stdout.write(f"http://{shown}:{port}/ocs/v3/servers/{asked.server_id}\n")
        sys.stdout.flush()
        await end.wait()
    finally:
        await runner.cleanup()
        await emitter.close()
    return 0


def _list_broken() -> int:
    from cgstate_reference.broken import deviations  # noqa: PLC0415

    for name, deviation in deviations().items():
        sys.stdout.write(f"{name:28} {deviation.primary:36} {deviation.sentence}\n")
    return 0


def _end_when_told(asked: argparse.Namespace, end: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Windows has no signal handlers in its event loop; there the process just ends.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, end.set)
    if asked.parent_pid is not None:
        _end_without(asked.parent_pid, end)
    if asked.exit_with_stdin:

        def wait_for_end() -> None:
            while os.read(0, 4096):
                pass
            with contextlib.suppress(RuntimeError):  # the loop is closed: we are ending anyway
                loop.call_soon_threadsafe(end.set)

        threading.Thread(target=wait_for_end, daemon=True).start()


def _end_without(parent: int, end: asyncio.Event) -> None:
    if _alive(parent):
        asyncio.get_running_loop().call_later(_LOOK_FOR_PARENT, _end_without, parent, end)
    else:
        end.set()


def _alive(pid: int) -> bool:
    # A parent that ended and was not waited for yet still answers signal 0; but its children see another parent.
    if pid == _PARENT:
        return os.getppid() == pid
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


_PARENT = os.getppid()


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) not in range(65536):
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
