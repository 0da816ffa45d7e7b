"""Samples as a modem carries them: A-law and μ-law (ITU-T G.711), linear with 8 and 16 bits.

``Codec.decode`` takes bytes and gives int16 samples, ``encode`` the reverse. Every value that ``decode`` can give comes
back from ``encode`` as the byte it came from (μ-law's second zero apart), so audio that only passes through is not
touched. Odd halves of 16-bit samples are the caller's to keep together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]


class Encoding(StrEnum):
    """How one sample is written."""

    ALAW = "A-law"
    ULAW = "u-law"
    LINEAR16 = "16-bit linear"
    UNSIGNED8 = "8-bit unsigned"
    SIGNED8 = "8-bit signed"


@dataclass(frozen=True, slots=True)
class Codec:
    """One encoding with its tables. ``width`` in bytes a sample."""

    encoding: Encoding
    width: int
    _values: Samples
    _codes: NDArray[np.uint8]

    def decode(self, raw: bytes) -> Samples:
        """``len(raw)`` is a multiple of ``width``."""
        if self.width == 2:
            return np.frombuffer(raw, dtype="<i2").astype(np.int16, copy=False)
        return self._values[np.frombuffer(raw, dtype=np.uint8)]

    def encode(self, samples: Samples) -> bytes:
        """The bytes of ``samples``."""
        if self.width == 2:
            return samples.astype("<i2", copy=False).tobytes()
        return bytes(self._codes[samples.astype(np.int32) + 32768].tobytes())


def codec(encoding: Encoding) -> Codec:
    """The codec of an encoding."""
    return _CODECS[encoding]


def _alaw_values() -> Samples:
    """G.711 table 1a: sign, three bits of segment, four of interval; every second bit inverted."""
    code = np.arange(256) ^ 0x55
    segment, interval = (code >> 4) & 7, code & 15
    size = np.where(segment == 0, 2 * interval + 1, (2 * interval + 33) << np.maximum(segment - 1, 0))
    return np.where(code & 0x80, size * 8, -size * 8).astype(np.int16)


def _ulaw_values() -> Samples:
    """G.711 table 2a: all bits inverted, a bias of 33 on a scale of 14 bits."""
    code = ~np.arange(256) & 0xFF
    segment, interval = (code >> 4) & 7, code & 15
    size = ((2 * interval + 33) << segment) - 33
    return np.where(code & 0x80, -size * 4, size * 4).astype(np.int16)


def _nearest(values: Samples) -> NDArray[np.uint8]:
    """For each of the 65536 samples the code whose value is nearest."""
    order = np.argsort(values, kind="stable")
    known = values[order].astype(np.int32)
    limits = (known[1:] + known[:-1]) / 2
    return order[np.searchsorted(limits, np.arange(-32768, 32768), side="left")].astype(np.uint8)


def _made(encoding: Encoding, values: Samples) -> Codec:
    return Codec(encoding, 1, values, _nearest(values))


_BYTES = np.arange(256)
_CODECS = {
    Encoding.ALAW: _made(Encoding.ALAW, _alaw_values()),
    Encoding.ULAW: _made(Encoding.ULAW, _ulaw_values()),
    Encoding.UNSIGNED8: _made(Encoding.UNSIGNED8, ((_BYTES - 128) * 256).astype(np.int16)),
    Encoding.SIGNED8: _made(
        Encoding.SIGNED8, (_BYTES.astype(np.int8).astype(np.int16) * 256).astype(np.int16)
    ),
    Encoding.LINEAR16: Codec(Encoding.LINEAR16, 2, np.zeros(0, np.int16), np.zeros(0, np.uint8)),
}
