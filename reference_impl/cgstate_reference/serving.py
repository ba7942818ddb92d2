"""What the programs of this package have in common: their command line's manners, where they listen, when they end."""

import argparse
import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from aiohttp import web

_LOOK_FOR_PARENT = 0.5


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """End the process with status 2."""
        self.exit(2, f"{self.prog}: {message}\n")


class CannotListen(Exception):  # noqa: N818 - named for the fact
    """The address cannot be listened on; the text says why, in one line."""


def port(text: str) -> int:
    """Read a port number of the command line."""
    if not (text.isascii() and text.isdigit()) or int(text) not in range(65536):
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


@contextlib.asynccontextmanager
async def listening(server: "web.Server", host: str, port: int) -> AsyncIterator[str]:
    """Let `server` listen for the length of the block, and give its address as ``http://host:port``.

    Port 0 is any free one. Raises `CannotListen`.
    """
    from aiohttp import web  # noqa: PLC0415 - late, so that a wrong option is answered at once

    runner = web.ServerRunner(server, shutdown_timeout=0.5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, backlog=1024)
        try:
            await site.start()
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
            raise CannotListen(f"cannot listen on {host}:{port}: {reason}") from error
        bound, bound_port = runner.addresses[0][:2]
        yield f"http://[{bound}]:{bound_port}" if ":" in bound else f"http://{bound}:{bound_port}"
    finally:
        await runner.cleanup()


def end_when_told(end: asyncio.Event, *, parent: int | None = None, with_stdin: bool = False) -> None:
    """Set `end` at SIGTERM and SIGINT, when the process `parent` is gone, and at the end of standard input."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Windows has no signal handlers in its event loop; there the process just ends.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, end.set)
    if parent is not None:
        _end_without(parent, end)
    if with_stdin:

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
