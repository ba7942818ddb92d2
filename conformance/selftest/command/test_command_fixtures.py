"""``cgstate fixtures``: what there is, and a copy of it."""

import os
from pathlib import Path

import pytest

from cgstate.sources.corpus import KINDS, cases
from cgstate.specification.data import checkout
from selftest.command.conftest import Cgstate


def test_it_counts_each_kind(cgstate_command: Cgstate) -> None:
    done = cgstate_command("fixtures")
    assert (done.status, done.err) == (0, "")
    told = dict(line.split() for line in done.out.splitlines())
    assert told == {kind: str(len(cases(kind))) for kind in KINDS}


def test_it_copies_every_file_as_it_is(cgstate_command: Cgstate, tmp_path: Path) -> None:
    done = cgstate_command("fixtures", "--copy", "new/corpus")
    assert (done.status, done.err) == (0, "")
    top = checkout()
    assert top is not None
    there, here = top / "fixtures", tmp_path / "new" / "corpus"
    names = sorted(path.relative_to(there) for path in there.rglob("*") if path.is_file())
    assert sorted(path.relative_to(here) for path in here.rglob("*") if path.is_file()) == names
    assert [name for name in names if (here / name).read_bytes() != (there / name).read_bytes()] == []
    assert done.out == f"{len(names)} files copied to new/corpus; begin with new/corpus/README.md\n"


def test_it_copies_into_an_empty_folder(cgstate_command: Cgstate, tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    assert cgstate_command("fixtures", "--copy", "corpus").status == 0
    assert (tmp_path / "corpus" / "README.md").is_file()


def test_it_leaves_a_folder_alone_that_holds_something(cgstate_command: Cgstate, tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "mine").write_text("mine", encoding="utf-8")
    done = cgstate_command("fixtures", "--copy", "corpus")
    assert (done.status, done.out) == (4, "")
    assert done.errors == ["cgstate: nothing is copied: corpus is not empty"]
    assert [path.name for path in (tmp_path / "corpus").iterdir()] == ["mine"]


@pytest.mark.parametrize("to", ["file", "file/corpus", "/proc/cgstate", "n\N{NULL}ul", ""])
def test_where_nothing_can_be_written_one_line_says_so(to: str, cgstate_command: Cgstate, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file", encoding="utf-8")
    if "\0" in to:
        to = "x" * 300  # longer than any name may be: no argument of a process holds a NUL
    done = cgstate_command("fixtures", "--copy", to)
    assert (done.status, done.out) == (4, "")
    assert len(done.errors) == 1
    assert done.errors[0].startswith("cgstate: nothing ")


def test_a_folder_that_cannot_be_written_is_refused(cgstate_command: Cgstate, tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o500)
    # Root may write anywhere but where the kernel writes.
    shut, why = ("/sys", "Operation not permitted") if os.geteuid() == 0 else ("shut", "Permission denied")
    done = cgstate_command("fixtures", "--copy", f"{shut}/corpus")
    assert (done.status, done.errors) == (4, [f"cgstate: nothing can be copied to {shut}/corpus: {why}"])
