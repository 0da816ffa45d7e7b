"""Signalling on an analog line: what is heard and measured in, what it means out. Pure steps; see README.md."""
