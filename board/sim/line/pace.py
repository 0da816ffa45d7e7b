"""Wall-clock pacing for a simulated line: how many frames are due. For a demonstration or a pty; tests need none."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from board.sim.line.port import FRAME_MS

_MOST = 10


class Pace:
    """Counts frames of 20 ms against a clock in seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._began_s = clock()
        self._given = 0
        self.skipped = 0
        """Frames given up on because nobody asked for 200 ms or more."""

    def due(self) -> int:
        """Frames to run now to be in step, at most ten; what is more is skipped, for sound cannot be caught up."""
        behind = int((self._clock() - self._began_s) * 1000 / FRAME_MS) - self._given
        run = min(behind, _MOST)
        self.skipped += behind - run
        self._given += behind
        return run

    def until_next_s(self) -> float:
        """How long to wait for the next frame."""
        return max(0.0, self._began_s + (self._given + 1) * FRAME_MS / 1000 - self._clock())
