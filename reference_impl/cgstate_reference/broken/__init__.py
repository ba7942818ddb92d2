"""Emitters that are wrong in one named way each."""
