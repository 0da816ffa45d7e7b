"""On and off times of one tone, told by level alone in steps of 20 ms: for dial tones with a rhythm, and for learning.

Which tone it is, the caller knows; ringback and busy of known countries are ``dsp.cadence``'s.
"""

from __future__ import annotations

import numpy as np

from dsp.frames import Floats

STEP_MS = 20
_STEP = 160
_QUIETEST_DB, _DROP_DB = -46.0, 8.0
_SLACK_MS = 45
_MEMORY = 9
_ODD_BLOCKS = 2
"""One block may hold only the beginning of a burst, too little to know its pitch."""

Spans = list[tuple[bool, int]]
"""On or off, milliseconds; oldest first."""


def levels_db(sound: Floats) -> list[float]:
    """RMS of every 20 ms, dB below full scale; what is left over at the end is not counted."""
    pieces = sound[: len(sound) // _STEP * _STEP].reshape(-1, _STEP)
    power = np.mean(np.square(pieces, dtype=np.float64), axis=1)
    return [float(one) for one in 10 * np.log10(power + 1e-10)]


def spans_of(levels: list[float], peak_db: float) -> Spans:
    """Stretches of on and off by level."""
    spans: Spans = []
    for level in levels:
        on = level > max(_QUIETEST_DB, peak_db - _DROP_DB)
        if spans and spans[-1][0] == on:
            spans[-1] = (on, spans[-1][1] + STEP_MS)
        else:
            spans.append((on, STEP_MS))
    return spans


def joined(spans: Spans, more: Spans) -> Spans:
    """Two rows one after the other."""
    if spans and more and spans[-1][0] == more[0][0]:
        return [*spans[:-1], (more[0][0], spans[-1][1] + more[0][1]), *more[1:]]
    return spans + more


def fits(spans: Spans, pattern: tuple[int, ...]) -> bool:
    """Whether the finished spans end with one round of the pattern (on, off, ...), its last pause still going on."""
    if len(spans) < len(pattern) or spans[-1][0] or not spans[-len(pattern)][0]:
        return False
    *whole, pause_ms = pattern
    row = spans[-len(pattern) :]
    close = all(abs(ms - want) <= _SLACK_MS for (_, ms), want in zip(row, whole, strict=False))
    return close and row[-1][1] <= pause_ms + _SLACK_MS


class Rhythm:
    """Follows a tone; says for how long it has been in one of the patterns."""

    def __init__(self) -> None:
        self._spans: Spans = []
        self._peak_db = -100.0
        self._fitting_ms = 0
        self._odd = 0

    def block(self, block: Floats, *, tonal: bool, patterns: tuple[tuple[int, ...], ...]) -> int:
        """Take 100 ms; ``tonal``: the right pitch is in it. 0 unless in rhythm."""
        if not patterns:
            return 0
        levels = levels_db(block)
        loudest = max(levels)
        self._odd = self._odd + 1 if not tonal and loudest > _QUIETEST_DB else 0
        if self._odd >= _ODD_BLOCKS:
            self._spans, self._fitting_ms, self._peak_db = [], 0, -100.0
            return 0
        self._peak_db = max(loudest, self._peak_db)
        self._spans = joined(self._spans, spans_of(levels, self._peak_db))[-_MEMORY:]
        within = any(self._within(pattern) for pattern in patterns)
        self._fitting_ms = self._fitting_ms + len(levels) * STEP_MS if within else 0
        return self._fitting_ms

    def _within(self, pattern: tuple[int, ...]) -> bool:
        """One whole round has been heard, and what follows is not longer than the next may be."""
        spans = self._spans
        if spans[-1][0]:
            if spans[-1][1] > max(pattern[::2]) + _SLACK_MS:
                return False
            spans = spans[:-1]
        return any(fits(spans[: len(spans) - back], pattern) for back in range(0, len(pattern), 2))
