"""The tests that run against an implementation, and the stage they play on."""
