"""Chance: what the variants leave to it comes from here, so that a seed repeats it as far as time allows."""

from random import Random

CHANCE = Random()  # noqa: S311 - nothing is kept secret with it
SHORTEST, LONGEST = 0.05, 0.5


def some_time() -> float:
    """Return for how long a slow implementation takes its time, in seconds."""
    return CHANCE.uniform(SHORTEST, LONGEST)
