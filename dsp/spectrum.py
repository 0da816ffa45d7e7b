"""What one 20 ms frame sounds like to somebody looking for tones: level, the two strongest peaks, how pure
they are.

The window is 40 ms (the frame and the one before it), long enough to tell 914 Hz from 950 Hz and short enough
to see the edges of a 200 ms burst. A whole 100 ms block is analysed in one go. What the peaks mean is decided
in ``segments``, ``cadence`` and ``dtmf``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.frames import SAMPLE_RATE_HZ, Floats

FRAME = 160
FRAME_MS = 20
FRAMES_PER_BLOCK = 5
_WINDOW = 320
_FFT = 512
_BIN_HZ = SAMPLE_RATE_HZ / _FFT
_REACH = 4
"""A peak owns this many bins either side: a 40 ms Hann window spreads a pure tone over +-50 Hz."""
_LOWEST_BIN = 5
"""Below 80 Hz is mains hum and handling noise."""
_AUDIBLE = 1e-6
"""Mean square below which (-60 dBFS) no tone is looked for."""


@dataclass(frozen=True, slots=True)
class Look:
    """One 20 ms frame. Frequencies in Hz, shares as fractions of the power above 80 Hz in the last 40 ms."""

    level_db: float
    first_hz: float
    first_share: float
    second_hz: float
    second_share: float
    low_share: float
    """Power between 360 and 520 Hz: where every country's single call progress tone lies."""
    low_hz: float
    """Centre of that power."""


_QUIET = Look(-100.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
_HANN = np.hanning(_WINDOW).astype(np.float32)
_LOW = slice(round(360 / _BIN_HZ), round(520 / _BIN_HZ) + 1)
_LOW_HZ = np.arange(_LOW.start, _LOW.stop) * _BIN_HZ


class Spectrum:
    """Turns blocks of 800 samples into five ``Look`` each; remembers only the last 20 ms."""

    def __init__(self) -> None:
        self._tail = np.zeros(FRAME, dtype=np.float32)

    def look(self, block: Floats) -> list[Look]:
        """Describe the five frames of ``block`` (800 float samples in -1..1)."""
        joined = np.concatenate((self._tail, block))
        self._tail = block[-FRAME:]
        frame_power = np.mean(np.square(block.reshape(FRAMES_PER_BLOCK, FRAME), dtype=np.float64), axis=1)
        if frame_power.max() < _AUDIBLE:
            levels = 10.0 * np.log10(np.maximum(frame_power, 1e-10))
            return [Look(float(level), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0) for level in levels]
        windows = np.lib.stride_tricks.sliding_window_view(joined, _WINDOW)[::FRAME]
        power = np.square(np.abs(np.fft.rfft(windows * _HANN, _FFT, axis=1)))
        power[:, :_LOWEST_BIN] = 0.0
        return _describe(power, frame_power)


def _describe(power: NDArray[np.float64], frame_power: NDArray[np.float64]) -> list[Look]:
    total = power.sum(axis=1) + 1e-12
    low = power[:, _LOW]
    low_sum = low.sum(axis=1)
    low_hz = low @ _LOW_HZ / (low_sum + 1e-12)
    first_hz, first_share = _take_peak(power, total)
    second_hz, second_share = _take_peak(power, total)
    levels = 10.0 * np.log10(np.maximum(frame_power, 1e-10))
    columns = (levels, first_hz, first_share, second_hz, second_share, low_sum / total, low_hz)
    return [Look(*(float(column[row]) for column in columns)) for row in range(len(levels))]


def _take_peak(
    power: NDArray[np.float64], total: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequency and share of each row's strongest peak; the peak's bins are set to zero in ``power``."""
    rows = np.arange(len(power))
    peak = np.clip(np.argmax(power, axis=1), _REACH + 1, power.shape[1] - _REACH - 2)
    around = np.log(power[rows[:, None], peak[:, None] + np.array([-1, 0, 1])] + 1e-20)
    bend = around[:, 0] - 2.0 * around[:, 1] + around[:, 2]
    shift = np.where(bend < -1e-9, 0.5 * (around[:, 0] - around[:, 2]) / np.minimum(bend, -1e-9), 0.0)
    owned = peak[:, None] + np.arange(-_REACH, _REACH + 1)
    share = power[rows[:, None], owned].sum(axis=1) / total
    power[rows[:, None], owned] = 0.0
    return (peak + np.clip(shift, -1.0, 1.0)) * _BIN_HZ, share
