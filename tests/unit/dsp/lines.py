"""Telephone lines for the tones' tests: level, noise, G.711 and lost packets, all from one seed."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tests.unit.dsp.sounds import Pcm

Floats = NDArray[np.float64]
Codec = Literal["a-law", "mu-law"]
CODECS: tuple[Codec, ...] = ("a-law", "mu-law")
PACKET = 160


def at_level(sound: Floats, dbm0: float) -> Floats:
    """Scale a tone of amplitude 1 to ``dbm0`` (0 dBm0 is 3.14 dB below a full-scale sine)."""
    return np.asarray(sound * 10 ** ((dbm0 - 3.14) / 20))


def through(
    sound: Floats, *, noise_dbfs: float = -70.0, codec: Codec = "a-law", loss: float = 0.0, seed: int = 0
) -> Pcm:
    """What comes out at the other end; a lost packet is silence or the one before it, as a box may do it."""
    rng = np.random.default_rng(seed)
    noisy = sound + rng.normal(size=len(sound)) * 10 ** (noise_dbfs / 20)
    pcm = np.clip(np.round(noisy * 32767), -32768, 32767).astype(np.int32)
    heard = (_a_law if codec == "a-law" else _mu_law)(pcm)
    for start in np.flatnonzero(rng.random(len(heard) // PACKET) < loss) * PACKET:
        repeat = start >= PACKET and rng.random() < 0.5
        heard[start : start + PACKET] = heard[start - PACKET : start] if repeat else 0
    return heard


def _a_law(pcm: NDArray[np.int32]) -> Pcm:
    """There and back (ITU-T G.711): 13 bits in eight segments of sixteen steps."""
    size = np.minimum(np.abs(pcm), 32635)
    step = np.left_shift(8, np.maximum(np.floor(np.log2(np.maximum(size, 1))).astype(np.int32) - 7, 1))
    return np.asarray(np.where(pcm < 0, -1, 1) * (size // step * step + step // 2), dtype=np.int16)


def _mu_law(pcm: NDArray[np.int32]) -> Pcm:
    size = np.minimum(np.abs(pcm), 32635) + 132
    step = np.left_shift(8, np.floor(np.log2(size)).astype(np.int32) - 7)
    return np.asarray(
        np.where(pcm < 0, -1, 1) * np.maximum(size // step * step + step // 2 - 132, 0), dtype=np.int16
    )
