"""A receiver behind TLS that asks for a client certificate is judged with it; without, it is unreachable."""

from __future__ import annotations

import ssl
import threading
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

import trustme

from selftest.runs.running import run
from selftest.runs.test_run_receiver import Counting

if TYPE_CHECKING:
    from pathlib import Path


class Handler(Counting):
    """Counts by itself."""

    seen: ClassVar[list[tuple[str, bytes, dict[str, str]]]] = []


def test_a_receiver_that_asks_for_a_certificate(tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    authority.issue_cert("suite@example.test").private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "us.pem"))
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        uri = f"https://localhost:{server.server_port}/states"
        trusted = ("--receiver", uri, "--fast", "--receiver-cacert", "ca.pem")
        shown = run(tmp_path, *trusted, "--receiver-cert", "us.pem")
        assert (shown.status, shown.accused & {"accepts.life-cycle"}) == (0, set()), shown.told
        assert len(Handler.seen) > 100
        hidden = run(tmp_path, *trusted)
        assert hidden.status == 6, hidden.told
        assert "--receiver-cert" in hidden.out
        strange = run(tmp_path, "--receiver", uri, "--fast")
        assert strange.status == 6, strange.told
        assert "--receiver-cacert" in strange.out
        server.shutdown()
        thread.join(10)
