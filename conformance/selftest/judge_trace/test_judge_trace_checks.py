"""No requirement without a check, no check without a requirement, and no rule that is never asked."""

from __future__ import annotations

import importlib
import pkgutil

import cgstate.judge.trace
from cgstate.judge import judge
from cgstate.judge.checks import CHECKS
from cgstate.judge.trace import recorded
from cgstate.specification.registry import Role, registry


def test_every_requirement_of_what_is_sent_has_a_check() -> None:
    wanted = {r.id for r in registry().requirements.values() if r.role is not Role.RECEIVER and r.replaced_by is None}
    assert wanted - CHECKS.keys() == set()


def test_every_check_names_requirements_that_exist() -> None:
    assert CHECKS.keys() - registry().requirements.keys() == set()


def test_every_check_of_the_trace_layer_is_asked() -> None:
    for module in pkgutil.iter_modules(cgstate.judge.trace.__path__, "cgstate.judge.trace."):
        importlib.import_module(module.name)
    asked = {f"{rule.__module__}.{rule.__qualname__}" for rule in (*judge.RULES, recorded.rule_on_not_loaded)}
    registered = {name for names in CHECKS.values() for name in names if name.startswith("cgstate.judge.trace.")}
    assert asked == registered
    assert len(set(judge.RULES)) == len(judge.RULES)


def test_each_rule_speaks_only_of_the_requirements_it_is_registered_for() -> None:
    layers = {r.layer for r in registry().requirements.values()}
    of_the_trace = {
        requirement
        for requirement, names in CHECKS.items()
        if any(name.startswith("cgstate.judge.trace.") for name in names)
    }
    assert "trace" in layers
    assert {r.id for r in registry().requirements.values() if r.layer == "trace"} == of_the_trace
