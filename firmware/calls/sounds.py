"""The tone that tells an agent that a supervisor takes part: three short notes, made by the box. Arithmetic only."""

from __future__ import annotations

import math
import wave
from array import array
from pathlib import Path

RATE_HZ = 8000
_NOTES_HZ = (880.0, 660.0, 880.0)
_NOTE_S = 0.18
_LEVEL = 5000


def monitor_tone(path: Path) -> None:
    """Write it: mono, 8 kHz, 16 bits. Raises ``OSError``."""
    count = int(_NOTE_S * RATE_HZ)
    notes = [
        int(_LEVEL * min(1.0, i / 80, (count - i) / 80) * math.sin(2 * math.pi * hertz * i / RATE_HZ))
        for hertz in _NOTES_HZ
        for i in range(count)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_suffix(".new.wav")
    with wave.open(str(made), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(array("h", notes).tobytes())
    made.replace(path)
