"""cgstate: the conformance suite for Campaign Group Status Reporting."""

__version__ = "0.1.0"
