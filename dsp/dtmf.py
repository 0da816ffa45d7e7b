"""Keys pressed in band (ITU-T Q.23): a pair of tones, one of each group, long enough to be meant.

Digits normally arrive as RFC 4733 events; this is for lines without them. A key must last about 60 ms, a
little more than Q.24's 40 ms, which keeps speech from dialling.
"""

from __future__ import annotations

from dsp.spectrum import Look

_ROWS = (697.0, 770.0, 852.0, 941.0)
_COLUMNS = (1209.0, 1336.0, 1477.0, 1633.0)
_KEYS = ("123A", "456B", "789C", "*0#D")
_TOLERANCE = 0.02
_PURITY = 0.85
_TWIST = 6.3
"""Largest power ratio between the two tones (8 dB, the looser side of Q.24)."""
_QUIETEST_DB = -40.0
_HOLD = 2
"""Frames a pair must stand, and must be gone again before the same key counts anew."""


class Keypad:
    """Follows the frames of one leg and reports each key once."""

    def __init__(self) -> None:
        self._candidate = ""
        self._count = 0
        self._down = ""
        self._gone = 0

    def frame(self, look: Look) -> str:
        """The key whose press is certain with this frame, or an empty string."""
        key = key_of(look)
        self._count = self._count + 1 if key and key == self._candidate else 1
        self._candidate = key
        self._gone = 0 if key == self._down else self._gone + 1
        if self._gone >= _HOLD:
            self._down = ""
        if not key or self._count < _HOLD or key == self._down:
            return ""
        self._down, self._gone = key, 0
        return key


def key_of(look: Look) -> str:
    """The key that this frame's two peaks spell, or an empty string."""
    if look.level_db < _QUIETEST_DB or look.first_share + look.second_share < _PURITY:
        return ""
    if look.second_share * _TWIST < look.first_share:
        return ""
    low, high = sorted((look.first_hz, look.second_hz))
    row, column = _nearest(low, _ROWS), _nearest(high, _COLUMNS)
    return _KEYS[row][column] if row >= 0 and column >= 0 else ""


def _nearest(hz: float, group: tuple[float, ...]) -> int:
    for index, nominal in enumerate(group):
        if abs(hz - nominal) <= nominal * _TOLERANCE:
            return index
    return -1
