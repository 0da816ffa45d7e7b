"""Tones of a local exchange as data, and the loop that plays them 20 ms at a time.

A tone is a list of segments (pitches and milliseconds; no pitch is a pause), repeated for ever or played once. Which
country has which is in `profile`. Written apart from the ears' table on purpose: a slip would have to be made twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from board.sim.line.port import SAMPLE_RATE, Samples

FULL_SCALE_DBM0 = 3.14
"""A full-scale sine in A-law (ITU-T G.711)."""
_EDGE_S = 0.002
_STEADY_MS = 1000
"""A loop of whole hertz is whole after a second."""

Segment = tuple[tuple[float, ...], int]
"""Hz, milliseconds."""


@dataclass(frozen=True, slots=True)
class Tone:
    """One tone of the network; `dbm0` is the level of each of its pitches."""

    segments: tuple[Segment, ...]
    dbm0: float = -13.0
    repeats: bool = True


def amplitude(dbm0: float) -> float:
    """Peak of a sine of this level, in int16 steps."""
    return float(32767 * 10 ** ((dbm0 - FULL_SCALE_DBM0) / 20))


def steady(*hz: float, dbm0: float = -13.0) -> Tone:
    """A tone without a rhythm; its pitches are whole hertz."""
    return Tone(((hz, _STEADY_MS),), dbm0)


def beat(hz: tuple[float, ...], *on_off_ms: int, dbm0: float = -13.0) -> Tone:
    """A tone switched on, off, on, off ..."""
    return Tone(tuple((() if i % 2 else hz, ms) for i, ms in enumerate(on_off_ms)), dbm0)


@lru_cache(maxsize=256)
def render(tone: Tone) -> NDArray[np.float32]:
    """One round of the tone, as floats in int16 steps. Do not write into it."""
    if len(tone.segments) == 1:
        return _burst(*tone.segments[0], tone.dbm0, edge_s=0.0)
    return np.concatenate([_burst(hz, ms, tone.dbm0, _EDGE_S) for hz, ms in tone.segments])


def _burst(hz: tuple[float, ...], ms: int, dbm0: float, edge_s: float) -> NDArray[np.float32]:
    at_s = np.arange(ms * SAMPLE_RATE // 1000) / SAMPLE_RATE
    if not hz:
        return np.zeros(len(at_s), np.float32)
    wave = sum((np.sin(2 * np.pi * one * at_s) for one in hz), np.zeros(len(at_s))) * amplitude(dbm0)
    if edge_s:
        wave *= np.minimum(1.0, np.minimum(at_s, at_s[::-1]) / edge_s)
    return np.asarray(wave, np.float32)


class Loop:
    """Plays a tone or a recording piece by piece."""

    def __init__(self, wave: NDArray[np.float32], *, repeats: bool) -> None:
        self._wave = wave
        self._repeats = repeats
        self._at = 0

    @classmethod
    def of(cls, tone: Tone) -> Loop:
        """From its beginning."""
        return cls(render(tone), repeats=tone.repeats)

    @classmethod
    def of_recording(cls, samples: Samples, *, repeats: bool = False) -> Loop:
        """Whatever somebody says."""
        return cls(samples.astype(np.float32), repeats=repeats)

    @property
    def over(self) -> bool:
        """It was played once and does not repeat."""
        return not self._repeats and self._at >= len(self._wave)

    def take(self, count: int) -> NDArray[np.float32]:
        """The next samples; silence once it is over."""
        at = np.arange(self._at, self._at + count)
        self._at += count
        if self._repeats:
            return np.asarray(self._wave[at % len(self._wave)])
        piece = self._wave[at[0] : at[0] + count]
        return np.concatenate((piece, np.zeros(count - len(piece), np.float32)))
