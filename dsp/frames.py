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


def check(samples: Samples) -> None:
    """Raise ``TypeError`` for anything but a one-dimensional int16 array: floats would become silence."""
    if samples.dtype != np.int16 or samples.ndim != 1:
        raise TypeError(f"expected a one-dimensional int16 array, got {samples.dtype} {samples.shape}")


class Blocks:
    """Collects samples and hands them out as float blocks in the range -1..1."""

    def __init__(self) -> None:
        self._held = np.zeros(BLOCK, dtype=np.float32)
        self._count = 0

    @property
    def room(self) -> int:
        """Samples that are missing until the next block is full; 1 to 800."""
        return BLOCK - self._count

    def push(self, samples: Samples) -> Iterator[Floats]:
        """Take any number of int16 samples; yield each block of 800 that is now complete."""
        while len(samples):
            piece = samples[: self.room]
            self._held[self._count : self._count + len(piece)] = piece
            self._count += len(piece)
            samples = samples[len(piece) :]
            if self._count == BLOCK:
                self._count = 0
                yield self._held / np.float32(FULL_SCALE)
