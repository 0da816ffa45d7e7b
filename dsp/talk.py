"""Who is talking and for how long: speech by level, and the runs and pauses since the answer.

Two sets of runs are kept per call. Those of ``Loudness`` are an input of the model. Those of the model's own
speech output, which also works beside a running tap, are the explainable half of the verdict ("spoke 4.1 s
without a pause").
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dsp.frames import Floats

_ABOVE_FLOOR_DB = 9.0
_HIGHEST_FLOOR_DB = -42.0
"""Speech may begin with the first sample: until a gap is heard the floor is not believed to be louder than
this.
"""
_QUIETEST_DB = -52.0
_BELOW_PEAK_DB = 30.0
_FLOOR_BLOCKS = 15
_CLICK_FRAMES = 4
"""A click fills up to three of the overlapping windows; only what fills a fourth is speech."""
FRAME_MS = 10
BRIDGE_MS = 250
"""A shorter gap belongs to the run: stops and breaths inside a phrase."""
TIMING = 9
"""Length of the vector ``Talk.timing`` returns."""


class Loudness:
    """Speech by level alone: which 10 ms frames stand out from the line's own noise. Fails in loud rooms."""

    def __init__(self) -> None:
        self._minima: deque[float] = deque(maxlen=_FLOOR_BLOCKS)
        self._peak_db = -100.0
        self._lasted = 0

    def step(self, voice_db: NDArray[np.float64]) -> list[bool]:
        """Take the levels of ten frames; which of them are speech."""
        self._minima.append(float(voice_db.min()))
        self._peak_db = max(self._peak_db - 0.5, float(voice_db.max()))
        floor_db = min(min(self._minima), _HIGHEST_FLOOR_DB)
        threshold_db = max(floor_db + _ABOVE_FLOOR_DB, _QUIETEST_DB, self._peak_db - _BELOW_PEAK_DB)
        return [self._outlasts_click(loud) for loud in (voice_db >= threshold_db).tolist()]

    def _outlasts_click(self, loud: bool) -> bool:
        self._lasted = self._lasted + 1 if loud else 0
        return self._lasted >= _CLICK_FRAMES


class Talk:
    """Runs of speech in one call, whoever detects it. All times in milliseconds since the answer."""

    def __init__(self) -> None:
        self.at_ms = 0
        self.onset_ms: int | None = None
        self.last_ms = 0
        """End of the latest speech."""
        self.speech_ms = 0
        self.runs = 0
        self.run_start_ms = 0
        self.first_run_ms = 0
        self.longest_run_ms = 0
        self.longest_pause_ms = 0
        self.active = 0.0
        """Share of the latest step that was speech."""

    @property
    def quiet_ms(self) -> int:
        """Silence up to now: since the latest speech, or since the answer if there was none."""
        return self.at_ms - self.last_ms

    @property
    def run_ms(self) -> int:
        """Length of the latest run of speech, gaps up to 250 ms included."""
        return self.last_ms - self.run_start_ms if self.runs else 0

    def step(self, speech: Sequence[bool]) -> None:
        """Take ten frames of 10 ms."""
        for frame in speech:
            self.at_ms += FRAME_MS
            if frame:
                self._speech()
        self.active = sum(speech) / len(speech)

    def _speech(self) -> None:
        start_ms = self.at_ms - FRAME_MS
        if self.onset_ms is None:
            self.onset_ms = start_ms
        if self.runs == 0 or start_ms - self.last_ms > BRIDGE_MS:
            if self.runs:
                self.longest_pause_ms = max(self.longest_pause_ms, start_ms - self.last_ms)
            self.runs += 1
            self.run_start_ms = start_ms
        self.speech_ms += FRAME_MS
        self.last_ms = self.at_ms
        self.longest_run_ms = max(self.longest_run_ms, self.run_ms)
        if self.runs == 1:
            self.first_run_ms = self.run_ms

    def timing(self) -> Floats:
        """The nine timing inputs of the model, each 0..1."""
        onset_ms = self.at_ms if self.onset_ms is None else self.onset_ms
        values = (
            self.at_ms / 5000,
            self.quiet_ms / 1500,
            self.run_ms / 4000,
            self.first_run_ms / 4000,
            self.speech_ms / 4000,
            self.runs / 5,
            self.longest_pause_ms / 1500,
            onset_ms / 3000,
            self.active,
        )
        return np.clip(np.array(values, dtype=np.float32), 0.0, 1.0)
