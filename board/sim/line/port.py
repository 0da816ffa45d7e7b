"""`LinePort`: what a line card sees of its pair of wires, and all it can do to them.

A modem emulator and a chip model are built on this protocol; `board.sim.line.LineSim` is the telephone network behind
it. Time is counted in audio frames: whoever holds the port calls `frame` once every 20 ms of *line* time, as fast as
it likes (a virtual clock) or paced by a clock of its own (`board.sim.line.pace`). Nothing here sleeps, starts threads
or asks what time it is. Not thread-safe: one caller.

    port.set_hook(Hook.OFF)
    rx = port.frame(tx)  # int16[160] in, int16[160] out: 8 kHz, 0 dBm0 is 3.14 dB below a full-scale sine (G.711)
    if port.state.volts < 3: ...
    for change in port.changes(): ...
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
SAMPLE_RATE = 8000
FRAME_SAMPLES = 160
FRAME_MS = 20


class Hook(StrEnum):
    """What we do to the line: `ON` leaves it open, `OFF` closes the loop."""

    ON = "on-hook"
    OFF = "off-hook"


class Polarity(StrEnum):
    """Which of the two wires is the more negative; `NORMAL` is how the line idles."""

    NORMAL = "normal"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Electrical:
    """The wires at the end of the latest frame, as an ideal meter would read them."""

    at_ms: int = 0
    """Line time: 20 ms for each frame so far."""
    hook: Hook = Hook.ON
    volts: float = 0.0
    """DC between the wires: positive in normal polarity, negative reversed, 0 without battery. Ring is not in it."""
    milliamps: float = 0.0
    """Loop current through us; 0 on-hook."""
    polarity: Polarity = Polarity.NORMAL
    ringing: bool = False
    """Ring voltage is on the wires now (a burst, not the whole ringing)."""
    ring_hz: float = 0.0
    """Of the burst that is on; 0 without one."""
    ring_vrms: float = 0.0


class ChangeKind(StrEnum):
    """What can happen on the wires."""

    RING_ON = "ring_on"
    RING_OFF = "ring_off"
    REVERSAL = "reversal"
    """Polarity swapped, either way; `state.polarity` says to which."""
    BATTERY_OFF = "battery_off"
    """The exchange has opened the loop (calling party control, a dead line)."""
    BATTERY_ON = "battery_on"
    METERING = "metering"
    """One pulse of 12 or 16 kHz has passed; only a chip can see it."""
    EXTENSION_OFF = "extension_off_hook"
    """Another telephone on the same wires was picked up."""
    EXTENSION_ON = "extension_on_hook"
    CALLER_ID = "caller_id"
    """A caller-ID message was sent in full; `data` is it as sent: type to checksum, or the DTMF keys as ASCII."""


@dataclass(frozen=True, slots=True)
class Change:
    """One happening, with the line time at which it happened (to 1 ms where the exchange is that precise)."""

    kind: ChangeKind
    at_ms: int
    data: bytes = b""


class LinePort(Protocol):
    """A pair of wires with a telephone network at the other end."""

    @property
    def country(self) -> str:
        """ISO 3166 code of the network's profile."""

    @property
    def state(self) -> Electrical:
        """The wires after the latest `frame` (before the first one: as they idle)."""

    def set_hook(self, hook: Hook, *, offset_ms: int = 0) -> None:
        """Close or open the loop `offset_ms` (0 to 19) into the next frame; for pulses and flash call it repeatedly.

        Raises ValueError for another offset.
        """

    def frame(self, tx: Samples) -> Samples:
        """Let 20 ms pass: what we send goes in, what is heard on the wires comes out (with our own echo in it).

        On-hook, `tx` is not heard by anybody and `rx` is what a high-impedance tap hears: noise, caller ID.
        `tx` must be int16 of 160 samples, else ValueError. The returned array is the caller's to keep.
        """

    def changes(self) -> list[Change]:
        """Take what has happened on the wires since the last call, oldest first."""
