"""Rules over several messages: what was asked of an emitter, what it reported, and when."""
