"""Which check verifies which requirement: every function that rules says so itself."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

CHECKS: dict[str, list[str]] = {}
"""Requirement id to the qualified names of the checks that rule on it; filled as the judge's modules are imported."""


def check(*requirements: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a function of the judge as the check of these requirements."""

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        for requirement in requirements:
            CHECKS.setdefault(requirement, []).append(f"{function.__module__}.{function.__qualname__}")
        return function

    return mark
