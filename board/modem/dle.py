"""Byte shielding of a voice stream (V.253 §9.1, TIA IS-101): what a modem says between and inside its samples.

A stream is bytes; 0x10 (DLE) announces a second byte. Two DLEs are one byte of audio, DLE and SUB are two of them,
DLE and anything else is a word to us. All of it happens per byte, before samples of 16 bits are put together, and a
read may end between the two: ``Unshielder`` keeps the first one for the next time. What the words mean is left to
``words``, what the audio is to ``formats``.
"""

from __future__ import annotations

from collections.abc import Iterator

DLE = 0x10
SUB = 0x1A
ETX = 0x03
_DLE = bytes((DLE,))


def shield(audio: bytes) -> bytes:
    """Audio as it goes to the modem."""
    return audio.replace(_DLE, _DLE * 2)


def word(code: int | str) -> bytes:
    """One word to the modem: DLE and its code."""
    return bytes((DLE, ord(code) if isinstance(code, str) else code))


class Unshielder:
    """Takes a stream apart, however it is cut: runs of audio (``bytes``) and words (``int``), in their order."""

    def __init__(self) -> None:
        self._open = False
        """The last byte was a DLE whose second half is still to come."""

    def feed(self, raw: bytes) -> Iterator[bytes | int]:
        """What became whole with ``raw``. A consumer may stop early; ``rest`` has what it left."""
        self.rest = raw
        while self.rest:
            item = self._next()
            if item != b"":
                yield item

    def _next(self) -> bytes | int:
        raw = self.rest
        if self._open:
            self._open, self.rest = False, raw[1:]
            return {DLE: _DLE, SUB: _DLE * 2}.get(raw[0], raw[0])
        at = raw.find(DLE)
        if at < 0:
            self.rest = b""
            return raw
        self._open, self.rest = True, raw[at + 1 :]
        return raw[:at]
