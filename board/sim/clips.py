"""Pieces of sound, cut and coded once for all calls.

A clip is int16 samples at 8 kHz; its G.711 frames are made at first use for each codec and kept with it.
Where clips come from: `voices` (recordings), `tones` (generated).
"""

from __future__ import annotations

import numpy as np

from board.sim import g711
from board.sim.g711 import SAMPLE_RATE, Samples
from board.sim.rtp import FRAME_SAMPLES

FULL_SCALE_DBM0 = 3.17  # a full-scale sine in µ-law, ITU-T G.711
_NOISE_S = 4.0


class Clip:
    """A named piece of sound."""

    __slots__ = ("_frames", "duration_s", "name", "samples")

    def __init__(self, name: str, samples: Samples) -> None:
        """Take 8 kHz int16 samples; they are not copied and must not change."""
        self.name = name
        self.samples = samples
        self.duration_s = len(samples) / SAMPLE_RATE
        self._frames: dict[str, list[bytes]] = {}

    def frames(self, codec: str) -> list[bytes]:
        """Return the payloads, 20 ms each; the last one is filled up with silence."""
        if codec not in self._frames:
            coded = g711.encode(self.samples, codec)
            coded += bytes([g711.SILENCE[codec]]) * (-len(coded) % FRAME_SAMPLES)
            self._frames[codec] = [coded[i : i + FRAME_SAMPLES] for i in range(0, len(coded), FRAME_SAMPLES)]
        return self._frames[codec]


def amplitude(dbm0: float) -> float:
    """Return the peak of a sine of this level, in int16 steps."""
    return float(32124 * 10 ** ((dbm0 - FULL_SCALE_DBM0) / 20))


def line_noise(dbm0: float = -62.0, seed: int = 1) -> Clip:
    """Return a loop of the faint noise a real line never is without."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(0.0, amplitude(dbm0) / np.sqrt(2), int(_NOISE_S * SAMPLE_RATE))
    return Clip("line noise", np.round(noise).astype(np.int16))


def silence(seconds: float = 0.02) -> Clip:
    """Return digital silence."""
    return Clip("silence", np.zeros(int(seconds * SAMPLE_RATE), np.int16))
