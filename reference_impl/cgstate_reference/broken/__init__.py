"""Implementations that are wrong in one named way each: ``--broken list`` of the emitter and of the receiver."""
