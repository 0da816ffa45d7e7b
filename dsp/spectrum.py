"""What one 10 ms frame sounds like to somebody looking for tones: level, the two strongest peaks, how pure
they are.

The window is 40 ms (the frame and the three before it), long enough to tell 914 Hz from 950 Hz and short enough
to see a beep of 70 ms. A whole 100 ms block is analysed in one go. What the peaks mean is decided in
``segments``, ``cadence`` and ``signals``; keys have windows of their own in ``dtmf``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dsp.frames import BLOCK, SAMPLE_RATE_HZ, Floats

FRAME = 80
FRAME_MS = 10
FRAMES_PER_BLOCK = BLOCK // FRAME
_WINDOW = 320
_FFT = 512
_BIN_HZ = SAMPLE_RATE_HZ / _FFT
_REACH = 4
"""A peak owns this many bins either side: a 40 ms Hann window spreads a pure tone over +-50 Hz."""
_LOWEST_BIN = 16
"""Below 250 Hz is mains hum and what a telephone does not carry."""
_AUDIBLE = 1e-6
"""Mean square below which (-60 dBFS) no tone is looked for."""
_BACK = 4
"""Frames that a drop in level is measured against: as far as the window sees."""


class Look(NamedTuple):
    """One 10 ms frame. Frequencies in Hz, shares as fractions of the power above 250 Hz in the last 40 ms."""

    level_db: float
    """Mean square of the 10 ms, dB below full scale."""
    drop_db: float
    """How far that is below the loudest of the 40 ms before: where a tone has stopped, the window does not know yet."""
    smooth_db: float
    smooth_drop_db: float
    """The same two over 20 ms: a pair 40 Hz apart (ringback) beats, and would seem to stop at every beat."""
    first_hz: float
    first_share: float
    second_hz: float
    second_share: float
    low_share: float
    """Power between 360 and 520 Hz: where every country's single call progress tone lies."""
    low_hz: float
    """Centre of that power."""
    fsk_share: float
    """Power between 1530 and 1970 Hz: where an answering fax talks (V.21, upper channel)."""


_HANN = np.hanning(_WINDOW).astype(np.float32)


def _band(low_hz: float, high_hz: float) -> slice:
    return slice(round(low_hz / _BIN_HZ), round(high_hz / _BIN_HZ) + 1)


_LOW, _FSK = _band(360, 520), _band(1530, 1970)
_LOW_HZ = np.arange(_LOW.start, _LOW.stop) * _BIN_HZ
_AROUND = np.arange(-_REACH, _REACH + 1)


class Spectrum:
    """Turns blocks of 800 samples into ten ``Look`` each; remembers only the last 30 ms."""

    def __init__(self) -> None:
        self._tail = np.zeros(_WINDOW - FRAME, dtype=np.float32)
        self._power = np.full(_BACK + 1, 1e-10)

    def look(self, block: Floats) -> list[Look]:
        """Describe the ten frames of ``block`` (800 float samples in -1..1)."""
        joined = np.concatenate((self._tail, block))
        self._tail = block[FRAME - _WINDOW :]
        power = np.mean(np.square(block.reshape(FRAMES_PER_BLOCK, FRAME), dtype=np.float64), axis=1)
        levels = self._levels(power)
        if power.max() < _AUDIBLE:
            quiet = (0.0,) * (len(Look._fields) - len(levels))
            return [Look(*row, *quiet) for row in zip(*levels, strict=True)]
        windows = np.lib.stride_tricks.sliding_window_view(joined, _WINDOW)[::FRAME]
        spectra = np.fft.rfft(windows * _HANN, _FFT, axis=1)
        return _describe(levels, np.square(spectra.real) + np.square(spectra.imag))

    def _levels(self, power: NDArray[np.float64]) -> tuple[list[float], ...]:
        """The first four columns."""
        joined = np.concatenate((self._power, np.maximum(power, 1e-10)))
        self._power = joined[-_BACK - 1 :]
        both = 10.0 * np.log10(np.stack((joined[1:], (joined[1:] + joined[:-1]) / 2)))
        before = np.lib.stride_tricks.sliding_window_view(both[:, :-1], _BACK, axis=1).max(axis=2)
        now = both[:, _BACK:]
        drops = before - now
        return now[0].tolist(), drops[0].tolist(), now[1].tolist(), drops[1].tolist()


def _describe(levels: tuple[list[float], ...], power: NDArray[np.float64]) -> list[Look]:
    power[:, :_LOWEST_BIN] = 0.0
    total = power.sum(axis=1) + 1e-12
    low = power[:, _LOW]
    low_sum = low.sum(axis=1)
    fsk_share = power[:, _FSK].sum(axis=1) / total
    low_hz = low @ _LOW_HZ / (low_sum + 1e-12)
    first = _take_peak(power, total)
    second = _take_peak(power, total)
    columns = (*first, *second, low_sum / total, low_hz, fsk_share)
    return [Look(*row) for row in zip(*levels, *(column.tolist() for column in columns), strict=True)]


def _take_peak(
    power: NDArray[np.float64], total: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequency and share of each row's strongest peak; the peak's bins are set to zero in ``power``."""
    rows = np.arange(len(power))[:, None]
    peak = np.clip(np.argmax(power, axis=1), _REACH + 1, power.shape[1] - _REACH - 2)
    owned = peak[:, None] + _AROUND
    bins = power[rows, owned]
    around = np.log(bins[:, _REACH - 1 : _REACH + 2] + 1e-20)
    bend = around[:, 0] - 2.0 * around[:, 1] + around[:, 2]
    shift = np.where(bend < -1e-9, 0.5 * (around[:, 0] - around[:, 2]) / np.minimum(bend, -1e-9), 0.0)
    power[rows, owned] = 0.0
    return (peak + np.clip(shift, -1.0, 1.0)) * _BIN_HZ, bins.sum(axis=1) / total
