"""Hypothesis strategies for Campaign Groups, messages and life cycles."""
