"""Calls, agents and their tables of states."""
