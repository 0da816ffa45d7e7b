"""Any sample rate to 8 kHz: a polyphase filter, each phase a windowed sinc.

Whole files at a time; the box itself never resamples in Python. The filter's delay is taken out, so times stay
true.
"""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray

from dsp.frames import SAMPLE_RATE_HZ

Array = NDArray[np.float32]

_HALF_WIDTH = 24
"""Zero crossings of the sinc on either side."""
_KAISER_BETA = 9.0
"""About 90 dB of attenuation."""
_EDGE = 0.94
"""The pass band ends at this share of the lower one of the two half rates (3.6 kHz)."""
_AT_ONCE = 1 << 20
"""Samples under the filter at a time, to keep memory small."""


def to_8khz(samples: Array, rate_hz: int) -> Array:
    """One channel at ``rate_hz`` as 8 kHz samples, of the same duration (rounded up to a sample)."""
    if rate_hz == SAMPLE_RATE_HZ:
        return samples
    common = gcd(rate_hz, SAMPLE_RATE_HZ)
    up, down = SAMPLE_RATE_HZ // common, rate_hz // common
    stretch = max(1.0, down / up)
    reach = int(np.ceil(_HALF_WIDTH * stretch))
    padded = np.pad(samples, (reach, reach + down))
    count = -(-len(samples) * up // down)
    out = np.zeros(count, dtype=np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    for phase in range(min(up, count)):
        place = phase * down
        taps = _taps(place % up / up, reach, stretch)
        out[phase::up] = _filter(windows[place // up :: down], taps, len(out[phase::up]))
    return out


def _taps(fraction: float, reach: int, stretch: float) -> Array:
    """The filter for an output that lies ``fraction`` of an input sample after the middle one."""
    at = np.arange(-reach, reach + 1) - fraction
    window = np.i0(_KAISER_BETA * np.sqrt(np.maximum(0.0, 1 - (at / (reach + 1)) ** 2)))
    taps = np.sinc(at * _EDGE / stretch) * window
    return np.asarray(taps / taps.sum(), dtype=np.float32)


def _filter(windows: Array, taps: Array, count: int) -> Array:
    out = np.empty(count, dtype=np.float32)
    step = max(1, _AT_ONCE // len(taps))
    for start in range(0, count, step):
        out[start : start + step] = windows[start : min(start + step, count)] @ taps
    return out
