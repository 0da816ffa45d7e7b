"""Gain in tenths of a decibel with a count of what was clipped, and level meters, for whole frames of int16."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dsp.frames import FULL_SCALE, Samples

FULL_SCALE_DBM0 = 3.14
"""A full-scale sine (A-law, ITU-T G.711)."""
LEAST_TENTHS, MOST_TENTHS = -300, 120
_FLOOR_DB = -100.0


@dataclass(frozen=True, slots=True)
class Gain:
    """``tenths`` of a decibel, -300 to 120; ValueError beyond."""

    tenths: int = 0

    def __post_init__(self) -> None:
        if not LEAST_TENTHS <= self.tenths <= MOST_TENTHS:
            raise ValueError(
                f"a gain is {LEAST_TENTHS / 10} to {MOST_TENTHS / 10} dB, not {self.tenths / 10}"
            )

    def apply(self, samples: Samples) -> tuple[Samples, int]:
        """Louder or softer, and how many samples did not fit and were cut off."""
        if not self.tenths:
            return samples, 0
        louder = np.round(samples * 10 ** (self.tenths / 200))
        clipped = int(np.count_nonzero((louder > 32767) | (louder < -32768)))
        return np.asarray(np.clip(louder, -32768, 32767), np.int16), clipped


@dataclass(frozen=True, slots=True)
class Level:
    """One stretch of sound, in dB below full scale (0 is the loudest there is), to a tenth."""

    peak_db: float
    rms_db: float

    @property
    def dbm0(self) -> float:
        """RMS as a sine of that power would be named: full scale is 3.14 dBm0, and 3.01 dB over its own RMS."""
        return round(self.rms_db + 3.01 + FULL_SCALE_DBM0, 1)


def level(samples: Samples) -> Level:
    """Of any number of samples; silence and nothing at all are -100 dB."""
    if not len(samples):
        return Level(_FLOOR_DB, _FLOOR_DB)
    sound = samples.astype(np.float64) / FULL_SCALE
    return Level(_db(float(np.abs(sound).max()) ** 2), _db(float(np.mean(sound**2))))


def _db(power: float) -> float:
    return round(max(_FLOOR_DB, 10 * float(np.log10(power))), 1) if power > 0 else _FLOOR_DB
