"""A run against a receiver: its options, its cases, its session."""
