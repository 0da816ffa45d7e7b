"""How loud a line is, both ways: gain in tenths of a decibel, meters, and a count of what did not fit.

A ``Sound`` in front of another one, used in the thread of its line; whoever looks reads the latest second.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from board.modem.companding import Samples
from board.modem.sounds import Sound
from dsp.line.levels import Gain, Level, level

_SECOND = 8000
QUIET = Level(-100.0, -100.0)


@dataclass(slots=True)
class Meter:
    """One direction."""

    gain: Gain = field(default_factory=Gain)
    clipped: int = 0
    latest: Level = QUIET
    """Of the latest whole second."""
    _second: list[Samples] = field(default_factory=list)
    _held: int = 0

    def pass_on(self, samples: bytes) -> bytes:
        """Louder or softer, and measured."""
        louder, clipped = self.gain.apply(np.frombuffer(samples, dtype=np.int16))
        self.clipped += clipped
        self._second.append(louder)
        self._held += len(louder)
        if self._held >= _SECOND:
            self.latest = level(np.concatenate(self._second))
            self._second.clear()
            self._held = 0
        return louder.tobytes()


class LevelSound:
    """Between the line and what lies behind it."""

    def __init__(self, behind: Sound, heard: Meter, said: Meter) -> None:
        self._behind, self._heard, self._said = behind, heard, said

    def write(self, samples: bytes) -> int:
        """Heard on the line."""
        return self._behind.write(self._heard.pass_on(samples))

    def read(self, max_samples: int) -> bytes:
        """To be said on the line."""
        return self._said.pass_on(self._behind.read(max_samples))


def plain(heard: Meter, said: Meter) -> dict[str, object]:
    """As the control socket shows it."""
    return {
        "heard": {"peak_db": heard.latest.peak_db, "rms_db": heard.latest.rms_db},
        "said": {"peak_db": said.latest.peak_db, "rms_db": said.latest.rms_db},
        "clipped": heard.clipped + said.clipped,
    }
