"""A bare server to measure others by: parses JSON, answers 204. ``python -m cgstate_reference.bare``."""

import argparse
import asyncio
import json
import sys

from aiohttp import web

from cgstate_reference.serving import Parser, end_when_told, listening


async def _serve(*, with_stdin: bool) -> int:
    async def answer(request: web.BaseRequest) -> web.Response:
        json.loads(await request.read())
        return web.Response(status=204)

    end = asyncio.Event()
    end_when_told(end, with_stdin=with_stdin)
    async with listening(web.Server(answer, access_log=None), "127.0.0.1", 0) as base:
        sys.stdout.write(f"{base}/\n")
        sys.stdout.flush()
        await end.wait()
    return 0


def _arguments() -> argparse.Namespace:
    parser = Parser(prog="cgstate_reference.bare", description=__doc__)
    parser.add_argument("--exit-with-stdin", action="store_true", help="exit at the end of standard input")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(asyncio.run(_serve(with_stdin=_arguments().exit_with_stdin)))
