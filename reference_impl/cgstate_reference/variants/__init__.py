"""Emitters and receivers that are right and otherwise than expected: slow, strange or unlucky."""
