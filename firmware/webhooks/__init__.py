"""Telling other programs what happened, signed and repeated until they have heard it."""
