"""The far side: what the box meets at the other end of its wires, simulated well enough to be dialled.

Start at `exchange` (the telephone network) and `phone` (agents' desk phones); the README has the map.
"""
