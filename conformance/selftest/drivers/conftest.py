"""A small fake of the control API: what it answers is scripted, what it was asked is kept."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

Answer = tuple[int, bytes, dict[str, str]]


@dataclass
class FakeControl:
    """Answers by (method, path below the base); everything else is accepted."""

    base: str = ""
    answers: dict[tuple[str, str], Answer | Callable[[], Answer | None]] = field(default_factory=dict)
    asked: list[tuple[str, str, Any, dict[str, str]]] = field(default_factory=list)

    def answer(self, method: str, path: str, status: int, document: object = None, **headers: str) -> None:
        body = document if isinstance(document, bytes) else b"" if document is None else json.dumps(document).encode()
        self.answers[method, path] = (status, body, headers)


@pytest.fixture
def control() -> Iterator[FakeControl]:
    fake = FakeControl()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def reply(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            path = self.path.removeprefix("/ocs/v3/servers/156")
            fake.asked.append((self.command, path, json.loads(body) if body else None, dict(self.headers)))
            default = 404 if path == "/conformance" else 200
            answer = fake.answers.get((self.command, path), (default, b'{"status": {"code": 0}}', {}))
            if callable(answer):
                chosen = answer()
                if chosen is None:
                    self.close_connection = True
                    return
                answer = chosen
            status, text, headers = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_DELETE = reply  # noqa: N815 - the standard library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the same
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    fake.base = f"http://127.0.0.1:{server.server_address[1]}/ocs/v3/servers/156"
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()
