"""``cgstate selfcheck --variants``: right ones are clean, and what is not right does not pass for a variant."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cgstate.proof.machine import on, processors
from cgstate.proof.subjects import Machine, variants
from selftest.proof.test_proof_command import descendants, lives, rows, selfcheck

if TYPE_CHECKING:
    from selftest.runs.running import Done

PLANTED = Path(__file__).with_name("planted_variants.py")


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Done:
    names = ("planted-*", "coarse-clock", "created")
    folder = tmp_path_factory.mktemp("variants")
    options = ("--variants", "--brief", "--plant", str(PLANTED), "--report-json", "report.json")
    return selfcheck(folder, *options, *names)


@pytest.mark.parametrize(
    ("role", "name", "fate", "why"),
    [
        ("emitter", "coarse-clock", "clean", ""),
        ("receiver", "created", "clean", ""),
        ("emitter", "planted-right", "clean", ""),
        ("emitter", "planted-late", "clean", ""),
        ("emitter", "planted-late-and-silent-about-it", "accused", "accused of event.soon: "),
        ("emitter", "planted-wrong", "accused", "accused of dial-mode.only-when-running: "),
    ],
)
def test_each_comes_to_what_it_deserves(tried: Done, role: str, name: str, fate: str, why: str) -> None:
    row = rows(tried)[role, name]
    assert (row["fate"], row["variant"], row["broken"]) == (fate, True, False)
    assert [line.startswith(why) for line in row["why"]] == ([True] if why else []), row


def test_an_accusation_of_a_right_one_makes_it_fail_and_is_tried_once(tried: Done) -> None:
    tried.assert_no_traceback()
    assert tried.status == 1
    assert tried.last.startswith("does not hold: 4 of 6 runs against right ones clean in ")
    assert all(len(row["runs"]) == 1 for row in rows(tried).values())


def test_an_unlucky_machine_is_as_it_was_afterwards() -> None:
    others = set(descendants(os.getpid()))
    with on(Machine.BUSY):
        busy = [pid for pid in descendants(os.getpid()) if pid not in others and lives(pid)]
        assert len(busy) >= processors()
    assert not any(lives(pid) for pid in busy)


def test_every_role_has_variants_and_unlucky_machines() -> None:
    found = variants()
    for program, least in (("emitter", 20), ("receiver", 10)):
        assert sum(each.program == program and each.machine is Machine.SOUND for each in found) >= least
        assert {each.machine for each in found if each.program == program} == set(Machine)
