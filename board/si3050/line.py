"""A telephone line on a Si3050: chip, wires and sound together; one caller, time from outside.

``tick`` once every ``LOOK_MS``: it looks at the wires and, every 20 ms, moves one frame of sound each way. Between two
rings, and after a reversal, the open wires are listened to, so whoever decodes caller ID gets it in ``heard``; decoding
and deciding are done elsewhere, as with a modem's line. Whatever ends it, ``close`` puts the line on-hook first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from board.si3050.chip import Chip
from board.si3050.pcm import FRAME_SAMPLES, Pcm, Samples
from board.si3050.wires import LOOK_MS, Happened, Wires

FRAME_MS = 20
_SILENCE = np.zeros(FRAME_SAMPLES, np.int16)
Hears = Callable[[Samples], None]
Says = Callable[[int], Samples]


def _deaf(_: Samples) -> None:
    """Nobody listens."""


def _mute(samples: int) -> Samples:
    return np.zeros(samples, np.int16)


class Line:
    """Not thread-safe. ``hears`` gets what came from the wires, ``says`` is asked for what goes onto them."""

    def __init__(self, chip: Chip, pcm: Pcm, hears: Hears = _deaf, says: Says = _mute) -> None:
        self.chip, self.pcm, self.wires = chip, pcm, Wires()
        self.hears, self.says = hears, says
        self.off_hook = False
        self.flashing_until_ms: int | None = None
        self.underruns = self.overruns = 0
        """Frames the highway did not take, or did not bring."""
        self._at_ms = 0
        self._frame_at_ms = 0

    def open(self, country: str, slot: int = 0, rx_tenths_db: int = 0, tx_tenths_db: int = 0) -> None:
        """The clock first, then the chip. :raises ChipTrouble: there is no line"""
        self.pcm.start()
        self.chip.bring_up(country, slot, rx_tenths_db, tx_tenths_db)

    def close(self) -> None:
        """On-hook, then let the clock stop."""
        try:
            self.on_hook()
        finally:
            self.pcm.stop()

    # -- hook --------------------------------------------------------------------------------------------------

    def seize(self) -> None:
        """Close the loop."""
        self.chip.off_hook()
        self.off_hook, self.flashing_until_ms = True, None
        self.wires.hook(True, self._at_ms)

    def on_hook(self) -> None:
        """Open it."""
        self.chip.on_hook()
        self.off_hook, self.flashing_until_ms = False, None
        self.wires.hook(False, self._at_ms)

    def flash(self, ms: int) -> None:
        """Open the loop for so long, then close it again; the loop is not judged meanwhile."""
        if self.off_hook:
            self.chip.on_hook()
            self.flashing_until_ms = self._at_ms + ms

    # -- time --------------------------------------------------------------------------------------------------

    def tick(self) -> Iterator[Happened]:
        """Let ``LOOK_MS`` pass."""
        self._at_ms += LOOK_MS
        if self.flashing_until_ms is not None:
            if self._at_ms >= self.flashing_until_ms:
                self.seize()
        else:
            yield from self.wires.look(self.chip.look(), self._at_ms)
        if self._at_ms - self._frame_at_ms >= FRAME_MS:
            self._frame_at_ms = self._at_ms
            self._sound()

    def _sound(self) -> None:
        said = self.says(FRAME_SAMPLES) if self.off_hook else _SILENCE
        if not self.pcm.write(said):
            self.underruns += 1
        heard = self.pcm.read()
        if heard is None:
            self.overruns += 1
        else:
            self.hears(heard)
