"""Does the service keep crashing? Then it goes on without campaigns, so that callers and emergency calls get through.

systemd starts a service that ended without being asked to again for ever; what made it crash is often what it dials, or
how much of it. Each start is noted in a file that does not outlast a boot, an orderly stop takes its note back. More
than ``[dialling] most_crashes`` starts without a stop within ``WINDOW_S`` are a loop. It is over by itself once the
notes have grown old, that is after a quarter of an hour without a crash. What follows from it is ``health``'s word: no
dialling.
"""

from __future__ import annotations

import json
from pathlib import Path

from firmware.clock import Clock

WINDOW_S = 900.0


class Crashes:
    """The notes in one file. Times are the monotonic clock's, which goes on as long as the machine is up."""

    def __init__(self, clock: Clock, file: Path, most: int) -> None:
        self._clock, self._file, self._most = clock, file, most
        self._before: list[float] = []
        self._started_s: float | None = None

    def begin(self) -> int:
        """Note a start; how many of those before it ended in a crash."""
        self._before = self._read()
        self._started_s = self._clock.monotonic()
        self._write([*self._before, self._started_s])
        return self.count

    def end(self) -> None:
        """An orderly stop: this start was none that counts."""
        if self._started_s is not None:
            self._started_s = None
            self._write(self._before)

    @property
    def count(self) -> int:
        """Crashes within the last quarter of an hour."""
        now_s = self._clock.monotonic()
        return sum(0 <= now_s - at_s < WINDOW_S for at_s in self._before)

    @property
    def looping(self) -> bool:
        """Whether it is time for the safe state."""
        return self.count > self._most

    def _read(self) -> list[float]:
        try:
            noted = json.loads(self._file.read_text("ascii"))
        except (OSError, ValueError):
            return []
        now_s = self._clock.monotonic()
        kept = [at_s for at_s in noted if isinstance(at_s, float)] if isinstance(noted, list) else []
        return [at_s for at_s in kept if 0 <= now_s - at_s < WINDOW_S]

    def _write(self, noted: list[float]) -> None:
        made = self._file.with_suffix(".new")
        made.write_text(json.dumps(noted), "ascii")
        made.replace(self._file)
