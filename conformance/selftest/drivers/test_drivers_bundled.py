"""The bundled emitter's process: started, spoken to, ended; what it says when it fails is quoted."""

import os
import socket
import subprocess
import sys
import textwrap
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cgstate.drivers import process
from cgstate.drivers.bundled import Bundled
from cgstate.drivers.driver import DriverTrouble, Refused, Unreachable
from cgstate.evidence import Dialing, GroupConfiguration

GROUP = GroupConfiguration(1, 2, "c@g", "g", "c", None, "8001", None, "1", 1, 1, 80)

LISTENING = """
    import http.server, os, sys, threading
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_error(404)
        def do_POST(self):
            sys.stderr.write("fatal: out of beans\\n")
            sys.stderr.flush()
            os._exit(7)
        def log_message(self, *a):
            pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_address[1]}/ocs/v3/servers/{len(sys.argv)}", flush=True)
    print("x" * 1_000_000, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def emitter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for the reference package: a file to write the emitter's code into."""
    package = tmp_path / "stand_in_reference"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(process, "_PACKAGE", "stand_in_reference")
    return package / "emitter.py"


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_lives_until_it_is_closed(emitter: Path) -> None:
    emitter.write_text(textwrap.dedent(LISTENING))
    driver = Bundled()
    assert driver.base.startswith("http://127.0.0.1:")
    assert driver.name == "bundled emitter"
    assert _lives(driver.pid)
    driver.close()
    assert not _lives(driver.pid)
    driver.close()


def test_the_broken_one_is_passed_through_and_named(emitter: Path) -> None:
    emitter.write_text(textwrap.dedent(LISTENING))
    driver = Bundled(broken="retries-once")
    assert driver.base.endswith("/servers/4")
    assert driver.name == "bundled emitter, broken on purpose (retries-once)"
    driver.close()


def test_one_that_dies_on_the_way_is_quoted(emitter: Path) -> None:
    emitter.write_text(textwrap.dedent(LISTENING))
    driver = Bundled()
    with pytest.raises(DriverTrouble, match="the connection broke"):
        driver.load(GROUP)
    assert isinstance(driver._process, process.Process)
    driver._process._popen.wait(5)
    with pytest.raises(Unreachable, match=r"the emitter's process has ended with status 7: fatal: out of beans$"):
        driver.load(GROUP)
    driver.close()


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("raise RuntimeError('no beans')", "did not come up: .* status 1: RuntimeError: no beans"),
        ("print('hello')\nimport sys\nsys.stdin.read()", "did not say where it listens: 'hello' is no http"),
        ("import sys\nsys.stdin.read()", "did not come up within 0.5 s"),
    ],
)
def test_one_that_does_not_come_up_is_trouble(emitter: Path, code: str, text: str) -> None:
    emitter.write_text(code)
    with pytest.raises(DriverTrouble, match=text):
        Bundled(deadline=0.5 if "within" in text else 10)


def test_one_that_will_not_go_is_killed(emitter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_GRACE", 0.2)
    stubborn = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    emitter.write_text(stubborn + textwrap.dedent(LISTENING) + "\ntime.sleep(60)\n")
    driver = Bundled()
    driver.close()
    assert not _lives(driver.pid)


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_PACKAGE", "no_such_package_at_all")
    with pytest.raises(DriverTrouble, match="the bundled emitter is not installed: there is no package"):
        Bundled()


def test_it_does_not_outlive_a_suite_that_is_killed(emitter: Path) -> None:
    emitter.write_text(textwrap.dedent(LISTENING))
    code = (
        "import sys; from cgstate.drivers import bundled, process; process._PACKAGE = 'stand_in_reference'\n"
        "driver = bundled.Bundled(); print(driver.base, flush=True); sys.stdin.read()"
    )
    path = os.pathsep.join([str(emitter.parent.parent), *filter(None, sys.path)])
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    ) as suite:
        assert suite.stdout is not None
        port = urlsplit(suite.stdout.readline().decode()).port
        with socket.create_connection(("127.0.0.1", port or 0), timeout=10) as connection:
            suite.kill()
            suite.communicate(timeout=10)
            assert connection.recv(1) == b"", "the emitter's end closes what it had open"


def test_a_broken_one_that_does_not_exist_is_named() -> None:
    with pytest.raises(DriverTrouble, match=r"did not come up: .*no deviation is called 'no-such-one'"):
        Bundled(broken="no-such-one")


def test_the_real_one_comes_up_and_takes_a_group_through_its_life() -> None:
    driver = Bundled()
    try:
        driver.create_group(GROUP)
        driver.load(GROUP)
        assert driver.group_state(GROUP) == 4
        driver.start(GROUP, Dialing(3))
        with pytest.raises(Refused, match=r"^409: "):
            driver.load(GROUP)
        driver.unload(GROUP)
        driver.delete_group(GROUP)
    finally:
        driver.close()
    assert driver.capabilities == {"options", "groups", "automatic", "drain"}
