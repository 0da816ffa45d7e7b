"""1200 Bd frequency-shift keying as caller ID uses it: Bell 202 (1200/2200 Hz) and V.23 (1300/2100 Hz).

Bits and bytes to sound, with what lines do to it: level, twist between the two pitches, a clock that is off. Whole
messages at a time, vectorised.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from board.sim.line.port import SAMPLE_RATE
from board.sim.line.tones import amplitude

BAUD = 1200.0


@dataclass(frozen=True, slots=True)
class Modulation:
    """How it is sent. `twist_db`: the space pitch is that much louder than the mark."""

    mark_hz: float = 1300.0
    space_hz: float = 2100.0
    dbm0: float = -13.5
    twist_db: float = 0.0
    baud: float = BAUD
    seizure_bits: int = 300
    mark_bits: int = 180
    stuffing_bits: int = 0
    """Extra marks between two bytes; ten are allowed (EN 300 659-1)."""
    tail_bits: int = 8


V23 = Modulation()
BELL_202 = Modulation(mark_hz=1200.0, space_hz=2200.0)


def framed(message: bytes, modulation: Modulation) -> NDArray[np.uint8]:
    """Seizure, marks, start-stop bytes (8 bits, least significant first), marks."""
    data = np.frombuffer(message, np.uint8)
    bits = np.unpackbits(data[:, None], axis=1, bitorder="little")
    ones = np.ones((len(data), 1 + modulation.stuffing_bits), np.uint8)
    bytes_ = np.concatenate((np.zeros((len(data), 1), np.uint8), bits, ones), axis=1).ravel()
    seizure = np.arange(modulation.seizure_bits, dtype=np.uint8) % 2
    return np.concatenate(
        (seizure, np.ones(modulation.mark_bits, np.uint8), bytes_, np.ones(modulation.tail_bits, np.uint8))
    )


def modulate(message: bytes, modulation: Modulation = V23) -> NDArray[np.float32]:
    """The message as sound in int16 steps, phase unbroken."""
    bits = framed(message, modulation)
    count = int(len(bits) * SAMPLE_RATE / modulation.baud)
    now = bits[np.minimum((np.arange(count) * modulation.baud / SAMPLE_RATE).astype(np.int64), len(bits) - 1)]
    hz = np.where(now, modulation.mark_hz, modulation.space_hz)
    size = np.where(now, 1.0, 10 ** (modulation.twist_db / 20)) * amplitude(modulation.dbm0)
    return np.asarray(np.sin(np.cumsum(hz) * (2 * np.pi / SAMPLE_RATE)) * size, np.float32)


_ROWS, _COLUMNS = (697.0, 770.0, 852.0, 941.0), (1209.0, 1336.0, 1477.0, 1633.0)
_KEYS = "123A456B789C*0#D"
KEY_HZ = {key: (_ROWS[i // 4], _COLUMNS[i % 4]) for i, key in enumerate(_KEYS)}


def keys(digits: str, on_ms: int = 70, off_ms: int = 70, dbm0: float = -11.0) -> NDArray[np.float32]:
    """DTMF keys one after another (Q.23). KeyError for what is no key."""
    at_s = np.arange(on_ms * SAMPLE_RATE // 1000) / SAMPLE_RATE
    rest = np.zeros(off_ms * SAMPLE_RATE // 1000, np.float32)
    size = amplitude(dbm0)
    pressed = [sum(np.sin(2 * np.pi * hz * at_s) for hz in KEY_HZ[key]) * size for key in digits]
    return np.concatenate(list(chain.from_iterable((one, rest) for one in pressed)), dtype=np.float32)
