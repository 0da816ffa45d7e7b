"""WAV files (RIFF, RF64) as arrays: PCM of 8 to 32 bits, float, A-law and µ-law.

Python's ``wave`` knows neither float nor G.711 nor a recording still under way, whose header promises nothing or
too much: here a file is read as far as it goes. Leaves mixing down and the sample rate to ``audio``.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

_EXTENSIBLE = 0xFFFE
_HEADER = 12


class WavError(Exception):
    """The bytes are no WAV file we can read; the message says why, without the file's name."""


@dataclass(frozen=True, slots=True)
class Format:
    """The ``fmt`` chunk. ``tag``: 1 PCM, 3 float, 6 A-law, 7 µ-law."""

    tag: int
    channels: int
    rate_hz: int
    bits: int


def parse(content: bytes) -> tuple[Format, NDArray[np.generic]]:
    """The format and the samples as stored, shape (frames, channels). Raises ``WavError``."""
    if content[:4] not in (b"RIFF", b"RF64") or content[8:12] != b"WAVE":
        raise WavError("not a WAV file")
    form: Format | None = None
    at = _HEADER
    while at + 8 <= len(content):
        name, size = content[at : at + 4], struct.unpack("<I", content[at + 4 : at + 8])[0]
        body = memoryview(content)[at + 8 : at + 8 + size]
        if name == b"fmt ":
            form = _format(bytes(body))
        if name == b"data":
            if form is None:
                raise WavError("the format is missing before the samples")
            if size == 0:  # a recording under way: its length is written at its end
                body = memoryview(content)[at + 8 :]
            return form, _samples(body, form)
        at += 8 + size + size % 2
    raise WavError("the file ends before its samples begin")


def to_float(samples: NDArray[np.generic], form: Format) -> Array:
    """Stored samples (any shape) in the range -1..1; PCM up to 24 bits exactly."""
    return _DECODERS[form.tag, form.bits](samples)


def _format(body: bytes) -> Format:
    if len(body) < 16:
        raise WavError("its format chunk is cut off")
    tag, channels, rate_hz, _, _, bits = struct.unpack("<HHIIHH", body[:16])
    if tag == _EXTENSIBLE and len(body) >= 26:
        tag = struct.unpack("<H", body[24:26])[0]
    if (tag, bits) not in _DECODERS:
        raise WavError(f"samples of {bits} bits in format {tag} are not supported")
    if not 1 <= channels <= 64:
        raise WavError(f"{channels} channels make no sense")
    return Format(tag, channels, rate_hz, bits)


def _samples(body: memoryview, form: Format) -> NDArray[np.generic]:
    """Whole frames only: what is left of a frame at the end is dropped."""
    width = form.bits // 8
    frames = len(body) // (width * form.channels)
    body = body[: frames * width * form.channels]
    if (form.tag, form.bits) == (1, 24):
        return np.frombuffer(body, dtype=np.uint8).reshape(frames, form.channels, 3)
    kinds = {
        (1, 8): "u1",
        (1, 16): "<i2",
        (1, 32): "<i4",
        (3, 32): "<f4",
        (3, 64): "<f8",
        (6, 8): "u1",
        (7, 8): "u1",
    }
    return np.frombuffer(body, dtype=kinds[form.tag, form.bits]).reshape(frames, form.channels)


def _from_24_bits(stored: NDArray[np.generic]) -> Array:
    bytes_ = stored.astype(np.int32)
    value = bytes_[..., 0] | bytes_[..., 1] << 8 | bytes_[..., 2] << 16
    return np.asarray((value << 8 >> 8) / np.float32(1 << 23), dtype=np.float32)


def _a_law() -> Array:
    """ITU-T G.711 A-law, decoded."""
    code = np.arange(256) ^ 0x55
    exponent, mantissa = code >> 4 & 7, code & 15
    magnitude = np.where(
        exponent == 0, mantissa * 16 + 8, (mantissa * 16 + 264) << np.maximum(exponent - 1, 0)
    )
    return (np.where(code & 0x80, magnitude, -magnitude) / 32768).astype(np.float32)


def _mu_law() -> Array:
    """ITU-T G.711 µ-law, decoded."""
    code = ~np.arange(256) & 0xFF
    magnitude = (((code & 15) << 3) + 132 << (code >> 4 & 7)) - 132
    return (np.where(code & 0x80, -magnitude, magnitude) / 32768).astype(np.float32)


def _table(values: Array) -> Callable[[NDArray[np.generic]], Array]:
    return lambda stored: values[stored.astype(np.uint8)]


def _integer(full_scale: float, middle: float = 0.0) -> Callable[[NDArray[np.generic]], Array]:
    def decode(stored: NDArray[np.generic]) -> Array:
        return (stored.astype(np.float32) - np.float32(middle)) / np.float32(full_scale)

    return decode


_DECODERS: dict[tuple[int, int], Callable[[NDArray[np.generic]], Array]] = {
    (1, 8): _integer(128.0, 128.0),
    (1, 16): _integer(32768.0),
    (1, 24): _from_24_bits,
    (1, 32): _integer(2147483648.0),
    (3, 32): lambda stored: stored.astype(np.float32),
    (3, 64): lambda stored: stored.astype(np.float32),
    (6, 8): _table(_a_law()),
    (7, 8): _table(_mu_law()),
}
