"""Cut a stream of 8 kHz samples into blocks of 100 ms, whatever the size of the pieces it arrives in.

Everything in this package works on whole blocks, so that a verdict cannot depend on how the audio happened to
be delivered. What is in a block (tones, speech) is the business of the other modules.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 8000
BLOCK = 800
"""Samples in a block: 100 ms."""
BLOCK_MS = 100
FULL_SCALE = 32768.0

Samples = NDArray[np.int16]
Floats = NDArray[np.float32]


class Blocks:
    """Collects samples and hands them out as float blocks in the range -1..1."""

    def __init__(self) -> None:
        self._held = np.zeros(0, dtype=np.int16)

    def push(self, samples: Samples) -> Iterator[Floats]:
        """Take any number of int16 samples; yield each block of 800 that is now complete.

        Raises ``TypeError`` for anything but a one-dimensional int16 array: a silent conversion would turn
        float audio into silence.
        """
        if samples.dtype != np.int16 or samples.ndim != 1:
            raise TypeError(f"expected a one-dimensional int16 array, got {samples.dtype} {samples.shape}")
        self._held = np.concatenate((self._held, samples)) if len(self._held) else samples.copy()
        whole = len(self._held) // BLOCK * BLOCK
        ready, self._held = self._held[:whole], self._held[whole:]
        for start in range(0, whole, BLOCK):
            yield ready[start : start + BLOCK].astype(np.float32) / np.float32(FULL_SCALE)

    @property
    def pending(self) -> int:
        """Samples held back until their block is full."""
        return len(self._held)


def level_db(power: float) -> float:
    """Mean square of samples in -1..1 as dBFS, where a full-scale square wave is 0 dB; never below -100."""
    return float(10.0 * np.log10(max(power, 1e-10)))
