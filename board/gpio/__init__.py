"""Lamps, one button, the life-line's relay and a ring detector on GPIO lines."""
