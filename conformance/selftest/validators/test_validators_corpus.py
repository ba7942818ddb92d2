"""Validators of four languages agree with the corpus, under both schemas, and name the requirement that is broken."""

from collections.abc import Mapping

from cgstate.specification.registry import registry
from selftest.validators.corpus import CASES, LEFT_OUT, Case
from selftest.validators.verdicts import Answer, accused_by


def test_verdicts_are_those_of_the_corpus(answers: Mapping[Case, Answer]) -> None:
    shown = {case: answer for case, answer in answers.items() if not case.left_out and not answer.unread}
    differing = {
        case.name: answer.failing
        for case, answer in shown.items()
        if tuple(bool(failing) for failing in answer.failing) != case.fails
    }
    assert differing == {}
    # Neither verdict can be had by saying the same of everything.
    assert {case.fails for case in shown} == {(False, False), (False, True), (True, True)}


def test_what_fails_names_the_requirement_that_the_case_names(answers: Mapping[Case, Answer]) -> None:
    differing = {
        case.name: accused
        for case, answer in answers.items()
        if not case.left_out and not answer.unread
        for accused in [tuple(accused_by(failing) for failing in answer.failing)]
        if accused != tuple({case.requirement} if fails else set() for fails in case.fails)
    }
    assert differing == {}


def test_every_message_is_read_but_those_that_a_parser_may_refuse(answers: Mapping[Case, Answer]) -> None:
    refused = {case.name: answer.unread for case, answer in answers.items() if answer.unread}
    assert {case.name for case in CASES if not case.left_out and not case.may_be_unread} & refused.keys() == set()


def test_nothing_is_left_out_but_what_has_no_value() -> None:
    left_out = {case.requirement for case in CASES if case.left_out}
    assert left_out == set(LEFT_OUT)
    assert all(registry().requirements[requirement].layer in {"bytes", "json"} for requirement in left_out)
