"""What a right emitter could send to a receiver, and what is no notification, as parcels; pure, no Hypothesis.

Each function returns all that its case needs, in the order of sending; what it makes depends on the scope alone:
run id, seed, fast or not, names, time. `MARKS` says what can be special about a legal message.
"""

from cgstate.generate.traffic.attributes import absent, statistics, unknown
from cgstate.generate.traffic.connections import chunked, dropped, flood, kept_alive, side_by_side
from cgstate.generate.traffic.faults import one_fault
from cgstate.generate.traffic.forms import forms, repetition
from cgstate.generate.traffic.hostile import cut_short, either, other_methods, probe, unreadable
from cgstate.generate.traffic.lives import actors, combinations, impossible, whole_lives
from cgstate.generate.traffic.marks import MARKS
from cgstate.generate.traffic.names import names, nul
from cgstate.generate.traffic.scope import Names, Scope

__all__ = [
    "MARKS",
    "Names",
    "Scope",
    "absent",
    "actors",
    "chunked",
    "combinations",
    "cut_short",
    "dropped",
    "either",
    "flood",
    "forms",
    "impossible",
    "kept_alive",
    "names",
    "nul",
    "one_fault",
    "other_methods",
    "probe",
    "repetition",
    "side_by_side",
    "statistics",
    "unknown",
    "unreadable",
    "whole_lives",
]
