"""Updates of the box: what may be installed, RAUC's part of it, and the proof a new version owes."""
