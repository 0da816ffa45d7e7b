"""Keys as sound, for a line that is dialled through its audio (ITU-T Q.23, levels as ES 201 235-2 §4.2 asks for)."""

from __future__ import annotations

import numpy as np

from board.modem.companding import Samples

_ROWS, _COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
_KEYS = "123A456B789C*0#D"
_LOW_DBM, _HIGH_DBM = -11.0, -9.0
_OVERLOAD_DBM = 3.14
"""G.711: a full-scale sine is 3.14 dBm0."""
_RATE_HZ = 8000
_EDGE_MS = 2


def dial_sounds(digits: str, on_ms: int = 100, off_ms: int = 100) -> Samples:
    """The sound of ``digits``, each followed by its pause. Raises ``ValueError`` for what is no key."""
    parts = [part for digit in digits for part in (_key(digit, on_ms), np.zeros(off_ms * 8, np.int16))]
    return np.concatenate(parts) if parts else np.zeros(0, np.int16)


def _key(digit: str, on_ms: int) -> Samples:
    row, column = divmod(_KEYS.index(digit), 4)
    at = np.arange(on_ms * 8) / _RATE_HZ
    low = np.sin(2 * np.pi * _ROWS[row] * at) * _amplitude(_LOW_DBM)
    high = np.sin(2 * np.pi * _COLUMNS[column] * at) * _amplitude(_HIGH_DBM)
    edge = np.minimum(1.0, np.minimum(at, at[::-1]) * 1000 / _EDGE_MS)
    return np.asarray(np.round((low + high) * edge), dtype=np.int16)


def _amplitude(dbm: float) -> float:
    return float(32767 * 10 ** ((dbm - _OVERLOAD_DBM) / 20))
