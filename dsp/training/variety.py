"""More rooms and recordings than the pool has, for the harder mix of calls: walls, hiss, a microphone's colour.

A person and a machine get them alike.
"""

from __future__ import annotations

import numpy as np

from dsp.frames import Floats
from dsp.training.channel import Rng


def room(sound: Floats, rng: Rng) -> Floats:
    """The walls around the speaker: a tail of noise that dies away within 0.1 to 0.7 s."""
    count = int(rng.uniform(0.1, 0.7) * 8000)
    tail = rng.normal(size=count) * 10 ** (-3 * np.arange(count) / count)
    tail *= 10 ** (-rng.uniform(-2, 16) / 20) / np.sqrt(np.sum(tail**2))
    tail[: int(rng.uniform(8, 80))] = 0.0
    size = len(sound) + count
    wet = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)[: len(sound)]
    return np.asarray(sound + wet, dtype=np.float32)


def recorded(samples: Floats, rng: Rng) -> Floats:
    """A clip as another microphone would have taken it: its own band and tilt, and a hiss that comes and goes with
    it."""
    hz = np.fft.rfftfreq(len(samples), 1 / 8000)
    low, high = rng.uniform(20, 300), rng.uniform(2800, 4200)
    gain = 1 / (1 + (low / np.maximum(hz, 1.0)) ** 4) / (1 + (hz / high) ** rng.uniform(6, 20))
    gain *= 10 ** (rng.uniform(-5, 5) * np.log2(np.maximum(hz, 100) / 1000) / 60)
    coloured = np.fft.irfft(np.fft.rfft(samples) * gain, len(samples))
    hiss = rng.normal(size=len(samples)) * 0.1 * 10 ** (-rng.uniform(16, 50) / 20)
    if rng.random() < 0.6:
        hiss = np.convolve(hiss, np.full(4, 0.5), mode="same")
    edge = min(400, len(hiss) // 2)
    ramp = np.linspace(0.0, 1.0, edge)
    hiss[:edge] *= ramp
    hiss[len(hiss) - edge :] *= ramp[::-1]
    return np.asarray(coloured + hiss, dtype=np.float32)
