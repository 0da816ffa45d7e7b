"""What the model hears: 32 log-mel bands every 10 ms, levelled by a running mean that never looks ahead.

A window is 25 ms. The mean of each band over the call so far (starting from a typical telephone line, later
over about three seconds) is taken away, so loudness and the line's own frequency response say nothing. Very
quiet sound is clipped, so that the depth of a line's silence says nothing either. Training uses this very
code.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.frames import BLOCK, SAMPLE_RATE_HZ, Floats

HOP, WINDOW, FFT, BANDS = 80, 200, 256, 32
HOPS_PER_BLOCK = BLOCK // HOP
CONTEXT = 6
"""Mel frames of the block before that go with each step, so that nothing is lost at the seam."""
STEP_FRAMES = HOPS_PER_BLOCK + CONTEXT
_LOWEST_HZ, _HIGHEST_HZ = 100.0, 3800.0
_VOICE_HZ = (200.0, 3400.0)
_FLOOR = 10.0 ** (-68 / 10)
"""Added to every band: about -53 dBFS of white noise over the whole band, below any usable speech."""
_START_DB = -50.0
_START_WEIGHT, _FULL_WEIGHT = 40.0, 300.0
"""Frames that the starting mean counts for, and the most that the past ever counts for (3 s)."""
_SCALE_DB = 15.0


@dataclass(frozen=True, slots=True)
class Step:
    """One 100 ms step: ``mel`` (16 frames, 32 bands; levelled, about -4..4), voice-band level of its ten
    frames.
    """

    mel: Floats
    voice_db: NDArray[np.float64]


def _mel(hz: float) -> float:
    return float(2595.0 * np.log10(1.0 + hz / 700.0))


def _filters() -> Floats:
    """Triangles, equally wide in mel, as a matrix of (FFT bins, bands)."""
    points = np.linspace(_mel(_LOWEST_HZ), _mel(_HIGHEST_HZ), BANDS + 2)
    edges = 700.0 * (10.0 ** (points / 2595.0) - 1.0)
    hz = np.arange(FFT // 2 + 1) * SAMPLE_RATE_HZ / FFT
    rise = (hz[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    fall = (edges[2:] - hz[:, None]) / (edges[2:] - edges[1:-1])
    return np.maximum(0.0, np.minimum(rise, fall)).astype(np.float32)


_HANN = np.hanning(WINDOW).astype(np.float32)
_POWER_SCALE = 2.0 / float(np.sum(np.square(_HANN)) * FFT)
"""Makes the sum over all bins the mean square of the samples."""
_FILTERS = _filters()
_VOICE = slice(round(_VOICE_HZ[0] * FFT / SAMPLE_RATE_HZ), round(_VOICE_HZ[1] * FFT / SAMPLE_RATE_HZ) + 1)


class FrontEnd:
    """One per call, fed from the answer on."""

    def __init__(self) -> None:
        self._tail = np.zeros(WINDOW - HOP, dtype=np.float32)
        self._mean = np.full(BANDS, _START_DB)
        self._weight = _START_WEIGHT
        self._context = np.zeros((CONTEXT, BANDS), dtype=np.float32)

    def step(self, block: Floats) -> Step:
        """Take 800 float samples in -1..1."""
        joined = np.concatenate((self._tail, block))
        self._tail = block[-(WINDOW - HOP) :]
        windows = np.lib.stride_tricks.sliding_window_view(joined, WINDOW)[::HOP]
        power = np.square(np.abs(np.fft.rfft(windows * _HANN, FFT, axis=1))) * _POWER_SCALE
        voice_db = 10.0 * np.log10(power[:, _VOICE].sum(axis=1) + 1e-10)
        levelled = self._level(10.0 * np.log10(power @ _FILTERS + _FLOOR))
        mel = np.concatenate((self._context, levelled))
        self._context = levelled[-CONTEXT:]
        return Step(mel, voice_db)

    def _level(self, bands_db: NDArray[np.float64]) -> Floats:
        """Take away the mean up to and including each frame, and learn from it."""
        count = len(bands_db)
        weights = self._weight + np.arange(1, count + 1)
        means = (self._mean * self._weight + np.cumsum(bands_db, axis=0)) / weights[:, None]
        self._mean = means[-1]
        self._weight = min(_FULL_WEIGHT, float(weights[-1]))
        return ((bands_db - means) / _SCALE_DB).astype(np.float32)
