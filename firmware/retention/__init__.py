"""Forgetting: every night what is over its time, and a person when asked. See README.md."""
