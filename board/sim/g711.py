"""G.711 µ-law and A-law as tables (ITU-T G.711), one look-up a sample, whole arrays at a time.

Linear samples are int16 with full scale as G.711 has it: the loudest µ-law sample is ±32124, the loudest A-law
sample ±32256. Besides the samples there is a table of squares, which is all that level measuring needs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
SAMPLE_RATE = 8000
_BIAS = 33  # of the 14-bit µ-law curve


def _decode_ulaw() -> Samples:
    """Return code → sample: 14-bit values of G.711 Table 2a, left-aligned to 16 bits."""
    code = ~np.arange(256) & 0xFF
    magnitude = (((code & 0x0F) * 2 + _BIAS) << ((code >> 4) & 7)) - _BIAS
    return (np.where(code & 0x80, -magnitude, magnitude) * 4).astype(np.int16)


def _decode_alaw() -> Samples:
    """Return code → sample: 13-bit values of G.711 Table 1a, left-aligned to 16 bits."""
    code = np.arange(256) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 0x0F
    magnitude = np.where(exponent == 0, mantissa * 2 + 1, (mantissa * 2 + 33) << np.maximum(exponent - 1, 0))
    return (np.where(code & 0x80, magnitude, -magnitude) * 8).astype(np.int16)


def _magnitudes() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return sign bit (0x80 for positive) and magnitude of every sample, negatives in one's complement.

    A negative sample on a decision value so belongs to the inner interval, as in ITU-T G.191's coder.
    """
    sample = np.arange(-32768, 32768)
    return np.where(sample < 0, 0, 0x80), np.where(sample < 0, ~sample, sample)


def _encode_ulaw() -> NDArray[np.uint8]:
    """Return (sample + 32768) → code by the decision values of Table 2a."""
    sign, magnitude = _magnitudes()
    biased = np.minimum((magnitude >> 2) + _BIAS, 0x1FFF)
    exponent = np.floor(np.log2(biased)).astype(np.int64) - 5
    code = sign | (exponent << 4 | (biased >> (exponent + 1)) & 0x0F) ^ 0x7F
    return np.asarray(code, np.uint8)


def _encode_alaw() -> NDArray[np.uint8]:
    """Return (sample + 32768) → code by the decision values of Table 1a, even bits inverted."""
    sign, magnitude = _magnitudes()
    value = magnitude >> 4
    exponent = np.maximum(np.floor(np.log2(np.maximum(value, 1))).astype(np.int64) - 3, 0)
    mantissa = (value >> np.maximum(exponent - 1, 0)) & 0x0F
    return np.asarray((sign | exponent << 4 | mantissa) ^ 0x55, np.uint8)


ULAW_TO_LINEAR = _decode_ulaw()
ALAW_TO_LINEAR = _decode_alaw()
TO_LINEAR = {"PCMU": ULAW_TO_LINEAR, "PCMA": ALAW_TO_LINEAR}
_FROM_LINEAR = {"PCMU": _encode_ulaw(), "PCMA": _encode_alaw()}
SQUARES = {name: table.astype(np.float32) ** 2 for name, table in TO_LINEAR.items()}
SILENCE = {"PCMU": 0xFF, "PCMA": 0xD5}


def encode(samples: Samples, codec: str) -> bytes:
    """Return one byte a sample. `codec` is PCMU or PCMA."""
    return bytes(_FROM_LINEAR[codec][samples.astype(np.int32) + 32768])


def decode(payload: bytes, codec: str) -> Samples:
    """Return one int16 sample a byte. `codec` is PCMU or PCMA."""
    return TO_LINEAR[codec][np.frombuffer(payload, np.uint8)]
