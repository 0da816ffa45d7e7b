"""Sounds the box makes itself: music for who waits, and the tone that tells an agent of a call.

Arithmetic only, so that no recording and nobody's rights are needed: a slow round of four chords, and two short notes
again and again. Mono, 8 kHz, 16 bits, as everything that is played.
"""

from __future__ import annotations

import math
import wave
from array import array
from collections.abc import Iterator
from pathlib import Path

RATE_HZ = 8000
_NOTE_S = 0.6
_CHORDS = ((196.0, 246.9, 293.7, 392.0), (164.8, 246.9, 329.6, 392.0), (130.8, 261.6, 329.6, 392.0),
           (146.8, 220.0, 293.7, 370.0))  # fmt: skip
"""G, E minor, C, D: each played upwards and down again."""
_LEVEL = 4200
OFFER_TONE_S = 15
"""How long an agent's phone sounds for one call."""


def music(path: Path) -> None:
    """Write half a minute of music for who waits. Raises ``OSError``."""
    notes = [
        hz for chord in _CHORDS for hz in (*chord, *reversed(chord[1:-1]), *chord, *reversed(chord[1:-1]))
    ]
    sound = {hz: list(_plucked(hz, _NOTE_S)) for hz in set(notes)}
    _write(path, (sample for hz in notes for sample in sound[hz]))


def waiting_tone(path: Path) -> None:
    """Write a soft tone every six seconds, for who waits and wants no music. Raises ``OSError``."""
    once = [*_plucked(440.0, 0.5), *([0] * int(5.5 * RATE_HZ))]
    _write(path, iter(once * 5))


def offer_tone(path: Path) -> None:
    """Write the tone that tells an agent of a call. Raises ``OSError``."""
    second = [*_plucked(587.3, 0.15), *_plucked(784.0, 0.35), *([0] * (RATE_HZ // 2))]
    _write(path, iter(second * OFFER_TONE_S))


def _plucked(hertz: float, seconds: float) -> Iterator[int]:
    """A note that begins softly and dies away."""
    count = int(seconds * RATE_HZ)
    for i in range(count):
        at = i / RATE_HZ
        swell = min(1.0, at / 0.02, (count - i) / (0.02 * RATE_HZ)) * math.exp(-2.5 * at)
        tone = math.sin(2 * math.pi * hertz * at) + 0.3 * math.sin(4 * math.pi * hertz * at)
        yield int(_LEVEL * swell * tone)


def _write(path: Path, samples: Iterator[int]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_suffix(".new.wav")
    with wave.open(str(made), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(array("h", samples).tobytes())
    made.replace(path)
