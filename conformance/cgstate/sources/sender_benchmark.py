"""What a parcel costs beside other ways to POST the same bytes: ``python -m cgstate.benchmark --sender``.

One kept connection to the same bare asyncio server, which runs in a process of its own; rounds of all clients in turn,
so that whatever else the machine does meets all of them.
"""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from statistics import median

import requests
import urllib3

from cgstate.peer import Peer
from cgstate.sending import Expect, Parcel
from cgstate.sources.sender import Sender

POSTS = 500
"""POSTs of one client in one round."""
ROUNDS = 9

SERVER = r"""
import asyncio
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length))
            writer.write(ANSWER)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""

Client = Callable[[], None]
"""Sends all `POSTS` of one round."""


def measure(body: bytes) -> dict[str, float]:
    """Return the median seconds of one POST of `body`, by client."""
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    try:
        with ExitStack() as stack:
            port = int(server.stdout.readline()) if server.stdout else 0
            clients = {
                "raw socket": _raw(stack, port, body),
                "this sender": _sender(stack, port, body),
                "http.client": _http_client(stack, port, body),
                "urllib3": _urllib3(stack, port, body),
                "requests": _requests(stack, port, body),
            }
            for client in clients.values():
                client()
            rounds = [{name: _seconds(client) for name, client in clients.items()} for _ in range(ROUNDS)]
        return {name: median(times[name] for times in rounds) / POSTS for name in clients}
    finally:
        server.terminate()
        server.wait()
        if server.stdout:
            server.stdout.close()


def _seconds(client: Client) -> float:
    began = time.perf_counter()
    client()
    return time.perf_counter() - began


def _sender(stack: ExitStack, port: int, body: bytes) -> Client:
    sender = Sender(Peer(f"http://127.0.0.1:{port}/x"), timeout=10)
    stack.callback(sender.close)
    parcels = [Parcel(number, "accepts.life-cycle", Expect.TAKEN, body) for number in range(1, POSTS + 1)]
    taken: list[object] = []
    return lambda: sender.send(parcels, taken.append)


def _raw(stack: ExitStack, port: int, body: bytes) -> Client:
    sock = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    head = f"POST /x HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    data = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    def run() -> None:
        for _ in range(POSTS):
            sock.sendall(data)
            sock.recv(4096)

    return run


def _http_client(stack: ExitStack, port: int, body: bytes) -> Client:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    stack.callback(connection.close)

    def run() -> None:
        for _ in range(POSTS):
            connection.request("POST", "/x", body, {"Content-Type": "application/json"})
            connection.getresponse().read()

    return run


def _urllib3(stack: ExitStack, port: int, body: bytes) -> Client:
    pool = urllib3.HTTPConnectionPool("127.0.0.1", port, maxsize=1)
    stack.callback(pool.close)

    def run() -> None:
        for _ in range(POSTS):
            pool.urlopen("POST", "/x", body, {"Content-Type": "application/json"}, retries=False, redirect=False)

    return run


def _requests(stack: ExitStack, port: int, body: bytes) -> Client:
    session = stack.enter_context(requests.Session())
    session.trust_env = False
    uri = f"http://127.0.0.1:{port}/x"

    def run() -> None:
        for _ in range(POSTS):
            session.post(uri, body, headers={"Content-Type": "application/json"}, allow_redirects=False, timeout=10)

    return run
