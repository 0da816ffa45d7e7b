"""Between a line's sample clock and the bridge's: two clocks never agree, and neither may wait for the other.

Each direction is a queue whose length is the delay people hear. Too long a queue loses a few samples in every portion,
which nobody hears, until it is short again; one that is far too long (somebody did not come round for a while) is cut.
A queue that runs dry needs nothing: the reader has silence. Pure.
"""

from __future__ import annotations

from typing import Protocol

_SAMPLES_PER_MS = 8
AIM = 40 * _SAMPLES_PER_MS
"""A queue longer than this is shortened, a few samples in every portion ..."""
SLIP = 3
MOST = 120 * _SAMPLES_PER_MS
"""... and one longer than this at once."""


class BridgePort(Protocol):
    """``pjsua2.AudioRing``, seen from the line."""

    def write(self, samples: bytes) -> int:
        """Towards the bridge."""

    def read(self, max_samples: int) -> bytes:
        """From the bridge."""

    def pending(self) -> int:
        """Samples the bridge has not taken yet."""

    def available(self) -> int:
        """Samples from the bridge not yet read."""


class BridgeSound:
    """A ``board.modem.sounds.Sound`` whose other end is the bridge."""

    def __init__(self, port: BridgePort) -> None:
        self._port = port
        self._primed = False
        self.slipped = 0
        """Samples left out to keep the delay short."""

    def write(self, samples: bytes) -> int:
        """Heard on the line."""
        queued = self._port.pending()
        if queued > MOST:
            self.slipped += len(samples) // 2
            return len(samples) // 2
        slip = min(SLIP, len(samples) // 2) if queued > AIM else 0
        self.slipped += slip
        return self._port.write(samples[2 * slip :]) + slip

    def read(self, max_samples: int) -> bytes:
        """To be said on the line."""
        queued = self._port.available()
        if not self._primed:
            self._primed = True
            self._skip(queued)
            return b""
        if queued > max_samples + MOST:
            self._skip(queued - max_samples - AIM // 2)
        elif queued > max_samples + AIM:
            self._skip(SLIP)
        return self._port.read(max_samples)

    def _skip(self, count: int) -> None:
        self._port.read(count)
        self.slipped += count


class LateSound:
    """A line is seized while the bridge still makes room for it: until ``join`` nobody speaks and nobody hears."""

    def __init__(self) -> None:
        self._sound: BridgeSound | None = None

    def join(self, sound: BridgeSound) -> None:
        """From now on this is the other end."""
        self._sound = sound

    def write(self, samples: bytes) -> int:
        """Heard on the line."""
        return len(samples) // 2 if self._sound is None else self._sound.write(samples)

    def read(self, max_samples: int) -> bytes:
        """To be said on the line."""
        return b"" if self._sound is None else self._sound.read(max_samples)
