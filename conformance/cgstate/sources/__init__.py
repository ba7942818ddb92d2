"""Where exchanges come from: the capture server and recordings."""
