"""Duplex voice of the simulated modem: samples to the computer, samples from it, words between them (V.253 §9).

The sample clock is the line's: 160 samples a tick each way. What the computer sends waits in a short buffer; when that
is empty the modem says underrun and plays silence, when it is full it says overrun and drops. A link too slow for the
format loses samples towards the computer.
"""

from __future__ import annotations

import numpy as np

from board.sim import g711
from board.sim.line.port import FRAME_SAMPLES, SAMPLE_RATE, Samples
from board.sim.modem_kinds import ALAW, LIN8S, LIN8U, LIN16, ULAW, Kind

_BUFFER_BYTES = 4096
_ESCAPE = 0x10
_CODECS = {ALAW: "PCMA", ULAW: "PCMU"}


class Voice:
    """One stay in duplex voice."""

    def __init__(self, kind: Kind, form: str, stalls_after_s: float = 0.0) -> None:
        self._kind = kind
        self._form = form
        self._width = 2 if form == LIN16 else 1
        self._buffer = bytearray()
        self._escapes = 0
        self._words = bytearray()
        self._stall_ticks = round(stalls_after_s * SAMPLE_RATE / FRAME_SAMPLES) if stalls_after_s else 0
        self._ticks = 0
        self.starved = False
        self.received = bytearray()
        """Audio bytes from the computer, unshielded, when `keep` is set."""
        self.keep = False

    def hear(self, samples: Samples) -> bytes:
        """20 ms of line as they go to the computer."""
        self._ticks += 1
        if self._stall_ticks and self._ticks > self._stall_ticks:
            return b""
        raw = self._encode(samples)
        share = self._kind.link_bytes_s / (2 * SAMPLE_RATE * self._width)
        raw = raw if share >= 1 else raw[: int(len(raw) * share) // self._width * self._width]
        words, self._words = bytes(self._words), bytearray()
        middle = len(raw) // 2
        return _shielded(raw[:middle]) + words + _shielded(raw[middle:])

    def speak(self) -> Samples:
        """The next 20 ms for the line."""
        wanted = FRAME_SAMPLES * self._width
        piece, self._buffer = bytes(self._buffer[:wanted]), self._buffer[wanted:]
        if len(piece) < wanted and self._ticks > 2:
            if not self.starved:
                self.word_due("u")
            self.starved = True
        else:
            self.starved = False
        piece = piece[: len(piece) // self._width * self._width]
        return np.concatenate((self._decode(piece), np.zeros(FRAME_SAMPLES, np.int16)))[:FRAME_SAMPLES]

    @property
    def hungry(self) -> bool:
        """Whether the next 20 ms would find less than a frame from the computer."""
        return self._ticks > 2 and len(self._buffer) < FRAME_SAMPLES * self._width

    def word(self, code: str) -> bytes:
        """A word to the computer, now; nothing if this make does not know it."""
        return bytes((_ESCAPE, ord(code))) if code in self._kind.stream_words else b""

    def word_due(self, code: str) -> None:
        """A word for the middle of the next 20 ms."""
        self._words += self.word(code)

    def take(self, raw: bytes) -> bytes | None:
        """Bytes from the computer; what follows the word that ended voice, `None` while it goes on."""
        for at, byte in enumerate(raw):
            if byte == _ESCAPE:
                self._escapes += 1
                continue
            if self._escapes:
                if self._escaped(byte):
                    return raw[at + 1 :]
            else:
                self._store(byte)
        return None

    def _escaped(self, byte: int) -> bool:
        """A run of escapes has ended with `byte`: pairs of them are audio, an odd one makes a word."""
        escapes, self._escapes = self._escapes, 0
        for _ in range(escapes // 2):
            self._store(_ESCAPE)
        if escapes % 2 == 0:
            self._store(byte)
            return False
        if byte == 0x18:
            self._buffer.clear()
        return chr(byte) in self._kind.leave_words and escapes >= self._kind.leave_escapes

    def _store(self, byte: int) -> None:
        if self.keep:
            self.received.append(byte)
        if len(self._buffer) < _BUFFER_BYTES:
            self._buffer.append(byte)
        elif not self._words.endswith(b"o"):
            self.word_due("o")

    def _encode(self, samples: Samples) -> bytes:
        if self._form in _CODECS:
            return g711.encode(samples, _CODECS[self._form])
        if self._form == LIN16:
            return samples.astype("<i2").tobytes()
        offset = 128 if self._form == LIN8U else 0
        return bytes(((samples.astype(np.int32) >> 8) + offset).astype(np.uint8).tobytes())

    def _decode(self, raw: bytes) -> Samples:
        if self._form in _CODECS:
            return g711.decode(raw, _CODECS[self._form])
        if self._form == LIN16:
            return np.frombuffer(raw, "<i2").astype(np.int16)
        kind = np.int8 if self._form == LIN8S else np.uint8
        values = np.frombuffer(raw, kind).astype(np.int16) - (128 if self._form == LIN8U else 0)
        return (values * 256).astype(np.int16)


def _shielded(raw: bytes) -> bytes:
    return raw.replace(b"\x10", b"\x10\x10")
