"""Single pure tones as stretches with a start, an end and a steady pitch: the raw material of SIT, fax tones
and beeps.

Takes frames from ``spectrum``; what a stretch means is decided in ``tones``.
"""

from __future__ import annotations

from dataclasses import dataclass

from dsp.spectrum import FRAME_MS, Look

_PURITY = 0.85
_QUIETEST_DB = -42.0
_DRIFT_HZ = 20.0
_MISSING = 2
"""Frames a tone may miss: the 40 ms window blurs a phase reversal (ANSam has one every 450 ms) or a lost
packet.
"""
_MEMORY = 4


@dataclass(slots=True)
class Stretch:
    """One pure tone, in milliseconds since the start of the audio; ``sounding`` until it has ended."""

    start_ms: int
    end_ms: int
    hz: float
    level_db: float
    sounding: bool = True
    told: bool = False
    """Set by whoever has reported it."""
    frames: int = 1

    @property
    def ms(self) -> int:
        """Length so far."""
        return self.end_ms - self.start_ms


class PureTones:
    """Keeps the last few stretches of one leg, newest last."""

    def __init__(self) -> None:
        self.recent: list[Stretch] = []
        self._missed = 0

    def frame(self, look: Look, at_ms: int) -> None:
        """Take the frame that ends at ``at_ms``: it continues, ends or opens a stretch."""
        pure = look.first_share >= _PURITY and look.level_db >= _QUIETEST_DB
        last = self.recent[-1] if self.recent and self.recent[-1].sounding else None
        if last is not None and pure and abs(look.first_hz - last.hz) <= _DRIFT_HZ:
            _extend(last, look, at_ms)
            self._missed = 0
            return
        self._missed += 1
        if last is not None and (pure or self._missed > _MISSING):
            last.sounding = False
        if pure:
            self.recent.append(Stretch(at_ms - FRAME_MS, at_ms, look.first_hz, look.level_db))
            del self.recent[:-_MEMORY]
            self._missed = 0


def _extend(stretch: Stretch, look: Look, at_ms: int) -> None:
    stretch.frames += 1
    stretch.hz += (look.first_hz - stretch.hz) / stretch.frames
    stretch.level_db = max(stretch.level_db, look.level_db)
    stretch.end_ms = at_ms
