"""The PCM highway: one frame of 160 samples each way, every 20 ms. The chip lives on its clock.

``AlsaPcm`` is a sound card made of an I2S port and a dummy codec (two slots of 16 bits at 8 kHz: 256 kHz, the least the
chip takes); it keeps both directions open all the time, because the chip answers nothing while its clock stands still.
libasound is found at run time. Samples here are linear; the chip and the card are set to the same law by the overlay.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
FRAME_SAMPLES = 160
RATE_HZ = 8000
_CHANNELS = 2
_PLAYBACK, _CAPTURE = 0, 1
_NON_BLOCK = 1
_S16_LE, _INTERLEAVED = 2, 3
_LATENCY_US = 60_000


class Pcm(Protocol):
    """Where a line's samples come from and go to; never waits."""

    def start(self) -> None:
        """Let the clock run. :raises OSError: there is no such card"""

    def stop(self) -> None:
        """Let it stand still."""

    def read(self) -> Samples | None:
        """The next frame heard; None: it has not come in time."""

    def write(self, samples: Samples) -> bool:
        """The next frame to be said; False: there was no room, or the card had run dry."""


class AlsaPcm:
    """One slot of a card, e.g. ``hw:CARD=fxo``."""

    def __init__(self, device: str, slot: int = 0) -> None:
        self._device, self._slot = device, slot
        self._library: Any = None
        self._play, self._record = ctypes.c_void_p(), ctypes.c_void_p()

    def start(self) -> None:
        """Open both directions."""
        name = ctypes.util.find_library("asound")
        if name is None:
            raise OSError("libasound is not installed")
        self._library = ctypes.CDLL(name)
        for handle, direction in ((self._play, _PLAYBACK), (self._record, _CAPTURE)):
            self._open(handle, direction)

    def _open(self, handle: ctypes.c_void_p, direction: int) -> None:
        found = self._library.snd_pcm_open(ctypes.byref(handle), self._device.encode(), direction, _NON_BLOCK)
        if found < 0:
            raise OSError(-found, f"the sound card {self._device} cannot be opened")
        found = self._library.snd_pcm_set_params(
            handle, _S16_LE, _INTERLEAVED, _CHANNELS, RATE_HZ, 0, _LATENCY_US
        )
        if found < 0:
            raise OSError(-found, f"the sound card {self._device} does not take 8 kHz, 16 bits, two channels")

    def stop(self) -> None:
        """Close both directions."""
        for handle in (self._play, self._record):
            if handle.value:
                self._library.snd_pcm_close(handle)
                handle.value = None

    def read(self) -> Samples | None:
        """One frame of our slot."""
        block = np.zeros((FRAME_SAMPLES, _CHANNELS), np.int16)
        taken = self._library.snd_pcm_readi(
            self._record, block.ctypes.data_as(ctypes.c_void_p), FRAME_SAMPLES
        )
        if taken != FRAME_SAMPLES:
            self._mend(self._record, taken)
            return None
        return block[:, self._slot].copy()

    def write(self, samples: Samples) -> bool:
        """One frame onto our slot; the other one is silent."""
        block = np.zeros((FRAME_SAMPLES, _CHANNELS), np.int16)
        block[:, self._slot] = samples
        taken = self._library.snd_pcm_writei(self._play, block.ctypes.data_as(ctypes.c_void_p), FRAME_SAMPLES)
        if taken != FRAME_SAMPLES:
            self._mend(self._play, taken)
            return False
        return True

    def _mend(self, handle: ctypes.c_void_p, failed: int) -> None:
        if failed < 0:
            self._library.snd_pcm_recover(handle, failed, 1)
