"""The README's commands with Elasticsearch work as they stand."""

import os
import re
import subprocess
import sys
from pathlib import Path

from selftest.elasticsearch.servers import Server
from selftest.runs.running import CONFORMANCE, environment

README = (CONFORMANCE.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = [
    line for block in BLOCKS for line in block.splitlines() if "elasticsearch" in line or "127.0.0.1:9200" in line
]


def test_each_command_of_the_readme_works(server: Server, tmp_path: Path) -> None:
    shim = tmp_path / "bin" / "cgstate"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m cgstate.command.main "$@"\n')
    shim.chmod(0o755)
    here = environment(PATH=f"{shim.parent}:{os.environ['PATH']}")
    assert len(COMMANDS) == 5
    said = []
    for command in COMMANDS:
        line = command.replace("http://127.0.0.1:9200", server.uri)
        line += " --fast" if line.startswith("cgstate run") else ""
        done = subprocess.run(
            ["/bin/sh", "-c", line], cwd=tmp_path, env=here, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        said.append(done.stdout)
    assert '"acknowledged":true' in said[1]
    assert "conforms: 0 failed" in said[2]
    assert "0 stay" in said[4]
