"""The two ends of a line's audio, as the driver uses them: 8 kHz, 16 bit, mono, native byte order.

``Sound`` is anything with a reading and a writing end that never waits: the SIP library's ``AudioRing``, or
``SoundRing`` here, which needs nothing. What is heard on the line is written, what is to be said on it is read.
"""

from __future__ import annotations

import threading
from typing import Protocol


class Sound(Protocol):
    """Where a line's audio goes to and comes from."""

    def write(self, samples: bytes) -> int:
        """Take samples heard on the line; how many found room."""

    def read(self, max_samples: int) -> bytes:
        """Samples to be said on the line, as many as there are."""


class SoundRing:
    """A bounded queue of samples between two threads, oldest first out. Counts what it had to refuse."""

    def __init__(self, room_ms: int = 2000) -> None:
        self._room = room_ms * 8
        self._samples = bytearray()
        self._lock = threading.Lock()
        self.overruns = 0
        """Samples that found no room."""

    def write(self, samples: bytes) -> int:
        """Append; how many samples found room."""
        with self._lock:
            room = self._room - len(self._samples) // 2
            taken = min(room, len(samples) // 2)
            self._samples += samples[: 2 * taken]
            self.overruns += len(samples) // 2 - taken
            return taken

    def read(self, max_samples: int) -> bytes:
        """Take up to so many."""
        with self._lock:
            block = bytes(self._samples[: 2 * max_samples])
            del self._samples[: 2 * max_samples]
            return block

    def held(self) -> int:
        """Samples waiting."""
        return len(self._samples) // 2


class Duplex:
    """Two rings as one ``Sound``: ``heard`` fills up from the line, ``said`` is emptied onto it."""

    def __init__(self, room_ms: int = 2000) -> None:
        self.heard = SoundRing(room_ms)
        self.said = SoundRing(room_ms)

    def write(self, samples: bytes) -> int:
        """Heard on the line."""
        return self.heard.write(samples)

    def read(self, max_samples: int) -> bytes:
        """To be said on it."""
        return self.said.read(max_samples)


class Nobody:
    """Nothing to say, and nobody listens."""

    def write(self, samples: bytes) -> int:
        """Gone."""
        return len(samples) // 2

    def read(self, max_samples: int) -> bytes:
        """Nothing, whatever was asked for."""
        del max_samples
        return b""
