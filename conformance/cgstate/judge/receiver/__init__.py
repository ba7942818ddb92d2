"""Judges receivers: what became of the messages that were sent, and what was read back; pure."""

from cgstate.judge.receiver.judge import judge_receiver
from cgstate.judge.receiver.stored import disagreeing

__all__ = ["disagreeing", "judge_receiver"]
