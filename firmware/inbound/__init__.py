"""Calls that come in: who takes them when, as tables and plain values."""
