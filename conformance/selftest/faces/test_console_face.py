import io
import os
import pty
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from cgstate.faces.console import WORDS, last_line, lines, show
from cgstate.verdict.verdict import ExitStatus, Outcome, Verdict


def shown(verdict: Verdict, *, verbose: bool = False) -> str:
    out = io.StringIO()
    show(verdict, out, verbose=verbose)
    return out.getvalue()


def test_nothing_hostile_reaches_a_pipe_and_nothing_is_coloured(verdict: Verdict) -> None:
    text = shown(verdict)
    assert all(line.isprintable() for line in text.split("\n"))
    assert "\\x1b[31m[red]evil[/red]\\u202e" in text


def test_every_requirement_that_did_not_pass_is_named_whole_with_its_reason(verdict: Verdict) -> None:
    text = shown(verdict)
    for result in verdict.results:
        if result.outcome is not Outcome.PASSED:
            assert re.search(rf"(?<![\w.-]){re.escape(result.requirement.id)}(?![\w.-])", text)
    assert "the driver has no hook `options`\n    option.off, option.off-again\n" in text


def test_what_passed_is_counted_and_listed_only_on_demand(verdict: Verdict) -> None:
    assert "event.once" not in shown(verdict)
    assert "emitter: 1 of 5 requirements passed" in shown(verdict)
    assert re.search(r"passed  event\.once +7 times", shown(verdict, verbose=True))


def test_a_block_holds_the_rule_the_fault_and_what_repeats_it(verdict: Verdict) -> None:
    block = shown(verdict).partition("-- failed: dial-mode.only-when-running")[2]
    for part in (
        "MUST (inferred): Statement of dial-mode.only-when-running.",
        "facts, row",
        "the dial mode of a stopped group is sent (seen 12 times; unstable",
        "no GSW_DIAL_MODE in state 4",
        '    "GSW_DIAL_MODE": 1\n',
        "curl -X POST http://127.0.0.1:1/ocs/v3/servers/1/stop-dialing -d '{\"data\": {}}'\n",
        '{"steps": ["load", "stop"]}',
        "seed      42",
    ):
        assert part in block


def test_a_message_that_the_block_above_shows_is_not_shown_again(verdict: Verdict) -> None:
    failed = verdict.results[1]
    other = replace(failed.failures[0], requirement="dial-mode.integer", sentence="another")
    twice = (
        failed,
        replace(failed, requirement=replace(failed.requirement, id="dial-mode.integer"), failures=(other,)),
    )
    text = shown(replace(verdict, results=twice))
    assert text.count('"GSW_DIAL_MODE": 1\n') == 1
    assert "message   the one of dial-mode.only-when-running, above\n" in text


def test_many_ids_with_one_reason_are_told_in_short(verdict: Verdict) -> None:
    hooks = verdict.results[3]
    many = tuple(replace(hooks, requirement=replace(hooks.requirement, id=f"option.n{n}")) for n in range(13))
    text = shown(replace(verdict, results=many))
    assert "    13 requirements (--verbose lists them) on option\n" in text
    assert "option.n12" in shown(replace(verdict, results=many), verbose=True)


def test_failures_stand_nearer_to_the_end_than_warnings(verdict: Verdict) -> None:
    text = shown(verdict)
    assert text.index("-- warned: ") < text.index("-- failed: ")


def test_what_is_not_there_to_be_copied_fits_eighty_columns(verdict: Verdict) -> None:
    copied = ("n" * 255, "curl ", "x" * 70)
    # The last line is one line, however much it has to say.
    long = [each.text for each in list(lines(verdict, width=80))[:-1] if len(each.text) > 80]
    assert [text for text in long if not any(part in text for part in copied)] == []


def test_a_matrix_marks_what_cannot_be_and_loses_no_column(verdict: Verdict) -> None:
    text = shown(verdict)
    assert "                    8     7    10\n               Unload  Load  Stop\n" in text
    assert "(- cannot be reached)" in text
    assert "  4 Active          -    12     0\n" in text
    counts = [number for line in text.splitlines() if line.startswith("  row") for number in line.split()[2:]]
    assert counts == [str(n) for n in range(12)]


@pytest.mark.parametrize("status", [status for status in ExitStatus if status is not ExitStatus.USAGE])
def test_the_last_line_says_the_verdict_the_coverage_and_the_status(verdict: Verdict, status: ExitStatus) -> None:
    text = shown(replace(verdict, status=status, why="because"))
    said = f"{WORDS[status]}: 1 failed, 1 warned, 1 waived, 1 left out, 1 not applicable; 5 of 10 exercised"
    assert text.splitlines()[-1] == f"{said} (exit {int(status)})"
    assert text.splitlines()[-2] == "why: because"


def test_the_last_line_of_a_good_run_is_short(conforming: Verdict) -> None:
    assert last_line(conforming) == "conforms: 0 failed, 1 warned, 1 left out; 3 of 4 exercised (exit 0)"


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 65536)
    except OSError:  # nobody holds the other end any more
        return b""


def in_a_terminal(verdict: Verdict, monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for name in ("NO_COLOR", "TERM", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"TERM": "xterm", "COLUMNS": "80", **environment}.items():
        monkeypatch.setenv(name, value)
    leader, follower = pty.openpty()
    try:
        with os.fdopen(follower, "w", encoding="utf-8") as terminal:
            # Short enough for the terminal's buffer: nobody reads meanwhile.
            show(replace(verdict, results=verdict.results[1:2], coverage={}), terminal)
        return b"".join(iter(lambda: _read(leader), b"")).decode()
    finally:
        os.close(leader)


def test_a_terminal_gets_colours_of_ours_only(verdict: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    text = in_a_terminal(verdict, monkeypatch)
    assert "\x1b[1;31mdoes not conform: 1 failed" in text
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert "\\x1b[31m[red]evil[/red]" in plain
    assert all(line.isprintable() for line in plain.split("\r\n"))


def test_a_terminal_that_wants_no_colours_gets_none(verdict: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in in_a_terminal(verdict, monkeypatch, NO_COLOR="1")


def test_a_reader_that_goes_away_is_no_error() -> None:
    script = (
        "import sys\n"
        "from cgstate.faces.console import write\n"
        "from cgstate.faces.failure import line\n"
        "write((line('x' * 1000) for _ in range(10000)), sys.stdout)\n"
        "sys.exit(5)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(10) == 5
